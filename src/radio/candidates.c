// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The first strap found is often somebody else's: at a start line there are dozens. Nothing is
// adopted while there is a choice.

#include "radio/candidates.h"

#include <stdlib.h>
#include <string.h>

#define LATELY       (120 * USEC_PER_SEC)
#define SETTLE       (5 * USEC_PER_SEC)
#define SETTLE_LIMIT (15 * USEC_PER_SEC)

static bool listed(const GArray *sensors, const char *address)
{
    for (guint i = 0; i < sensors->len; i++)
        if (g_str_equal(g_array_index(sensors, RadioSensor, i).address, address))
            return true;
    return false;
}

static int nearest_first(gconstpointer left, gconstpointer right)
{
    const RadioSensor *a = left, *b = right;
    int near_a = a->rssi ? a->rssi : -128, near_b = b->rssi ? b->rssi : -128;
    return near_a != near_b ? near_b - near_a : strcmp(a->address, b->address);
}

// The list is full: there may be others, and not even the radio knows.
static bool cut_short(const GArray *sensors)
{
    guint strangers = 0;
    for (guint i = 0; i < sensors->len; i++)
        strangers += g_array_index(sensors, RadioSensor, i).slot == SENSOR_NONE;
    return strangers >= CANDIDATES_MAX;
}

bool candidate_only(const GArray *sensors, const RadioSensor *candidate)
{
    if (cut_short(sensors))
        return false;
    for (guint i = 0; i < sensors->len; i++) {
        const RadioSensor *other = &g_array_index(sensors, RadioSensor, i);
        if (other->slot == SENSOR_NONE && (other->services & candidate->services) &&
            !g_str_equal(other->address, candidate->address))
            return false;
    }
    return true;
}

// An advertisement may name but some of the services.
static bool serves_alike(guint one, guint other)
{
    guint shared = one & other;
    return other && (!one || shared == one || shared == other);
}

const RadioSensor *candidate_like(const GArray *sensors, const char *name, guint services)
{
    const RadioSensor *found = NULL;
    for (guint i = 0; i < sensors->len; i++) {
        const RadioSensor *sensor = &g_array_index(sensors, RadioSensor, i);
        if (sensor->slot != SENSOR_NONE || !g_str_equal(sensor->name, name) ||
            !serves_alike(services, sensor->services))
            continue;
        if (found)
            return NULL;
        found = sensor;
    }
    return cut_short(sensors) ? NULL : found;
}

Usec candidates_append(GArray *sensors, const Mirror *mirror, const char *adapter, Usec now)
{
    guint first = sensors->len;
    Usec gone_at = USEC_NEVER;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, mirror->devices);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const MirrorDevice *device = value;
        bool near = device->heard_at && (device->connected || now - device->heard_at < LATELY);
        if (!near || !device->services || g_strcmp0(device->adapter, adapter) != 0 ||
            listed(sensors, device->address))
            continue;
        if (!device->connected)
            gone_at = MIN(gone_at, device->heard_at + LATELY);
        g_array_set_size(sensors, sensors->len + 1); // zeroed: arrays are compared as bytes
        RadioSensor *sensor = &g_array_index(sensors, RadioSensor, sensors->len - 1);
        g_strlcpy(sensor->address, device->address, sizeof sensor->address);
        g_strlcpy(sensor->name, device->name, sizeof sensor->name);
        sensor->services = device->services;
        sensor->slot = SENSOR_NONE;
        sensor->state = LINK_IDLE;
        sensor->since = device->heard_first;
        sensor->next_try = USEC_NEVER;
        sensor->battery = device->battery;
        sensor->rssi = device->rssi;
    }
    if (sensors->len == first)
        return USEC_NEVER;
    qsort(sensors->data + first * sizeof(RadioSensor), sensors->len - first, sizeof(RadioSensor),
          nearest_first);
    g_array_set_size(sensors, MIN(sensors->len, first + CANDIDATES_MAX));
    for (guint i = first; i < sensors->len; i++) {
        RadioSensor *sensor = &g_array_index(sensors, RadioSensor, i);
        g_snprintf(sensor->reason, sizeof sensor->reason, "%s: 'pacectl sensors add %s' takes it",
                   candidate_only(sensors, sensor) ? "not enrolled"
                                                   : "one of several that are near",
                   sensor->address);
    }
    return gone_at;
}

Usec candidates_settle(const GArray *sensors)
{
    Usec first = USEC_NEVER, last = 0;
    for (guint i = 0; i < sensors->len; i++) {
        const RadioSensor *sensor = &g_array_index(sensors, RadioSensor, i);
        if (sensor->slot != SENSOR_NONE)
            continue;
        first = MIN(first, sensor->since);
        last = MAX(last, sensor->since);
    }
    return first == USEC_NEVER ? USEC_NEVER : MIN(last + SETTLE, first + SETTLE_LIMIT);
}
