// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Brings what the sensors do to the adapters. The links of all adapters are in one table, so that a
// sensor cannot have two.

#include "sim/air.h"

struct Air {
    Tree *tree;
    GPtrArray *sensors;
    GHashTable *links; // Sensor → Device
    GPtrArray *adapters;
};

static void on_tick(Sensor *sensor, gpointer data)
{
    Air *air = data;
    Device *linked = air_linked(air, sensor);
    if (linked && !sensor_reachable(sensor))
        device_drop(linked);
    for (guint i = 0; i < air->adapters->len; i++)
        adapter_hear(air->adapters->pdata[i], sensor);
}

static void on_packet(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length,
                      gpointer data)
{
    air_packet(data, sensor, characteristic, bytes, length);
}

Air *air_new(Tree *tree, GPtrArray *sensors, guint adapters, double temporary_s)
{
    static const SensorHandlers handlers = {on_tick, on_packet};
    Air *air = g_new0(Air, 1);
    *air = (Air){.tree = tree, .sensors = sensors};
    air->links = g_hash_table_new(NULL, NULL);
    air->adapters = g_ptr_array_new_with_free_func((GDestroyNotify)adapter_free);
    for (guint i = 0; i < adapters; i++)
        g_ptr_array_add(air->adapters, adapter_new(tree, i, sensors, air->links, temporary_s));
    for (guint i = 0; i < sensors->len; i++)
        sensor_start(sensors->pdata[i], 1 + 1000 * i / sensors->len, &handlers, air);
    return air;
}

void air_free(Air *air)
{
    if (!air)
        return;
    g_ptr_array_unref(air->adapters);
    g_hash_table_unref(air->links);
    g_free(air);
}

Tree *air_tree(Air *air)
{
    return air->tree;
}

GPtrArray *air_sensors(Air *air)
{
    return air->sensors;
}

Adapter *air_adapter(Air *air, guint number)
{
    return number < air->adapters->len ? air->adapters->pdata[number] : NULL;
}

Device *air_linked(Air *air, const Sensor *sensor)
{
    return g_hash_table_lookup(air->links, sensor);
}

void air_each(Air *air, const Sensor *sensor, void (*act)(Device *device))
{
    for (guint i = 0; i < air->adapters->len; i++)
        act(adapter_device(air->adapters->pdata[i], sensor));
}

gboolean air_packet(Air *air, Sensor *sensor, uint16_t characteristic, const uint8_t *bytes,
                    size_t length)
{
    Device *linked = air_linked(air, sensor);
    return linked && device_notify(linked, characteristic, bytes, length);
}
