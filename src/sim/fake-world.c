// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "sim/fake-world.h"

#include <string.h>

static Device *device_of(FakeWorld *world, Sensor *sensor)
{
    for (guint i = 0; i < adapter_devices(world->adapter); i++) {
        Device *device = adapter_device_at(world->adapter, i);
        if (device_sensor(device) == sensor)
            return device;
    }
    g_assert_not_reached();
}

static void settle(Sensor *sensor, gpointer self)
{
    Device *device = device_of(self, sensor);
    if (!sensor_reachable(sensor) && device_connected(device))
        device_drop(device);
}

// A fake has its objects from the sensor when a client next reads the table.
static void rebuild(Sensor *sensor, gpointer self)
{
    Device *device = device_of(self, sensor);
    if (device_connected(device))
        device_drop(device);
}

static void change_name(Sensor *sensor, gpointer self)
{
}

static gboolean notify(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length,
                       gpointer self)
{
    return device_notify(device_of(self, sensor), characteristic, bytes, length);
}

static void stats(Sensor *sensor, WorldStats *ret_stats, gpointer self)
{
    Device *device = device_of(self, sensor);
    *ret_stats = (WorldStats){
        .connected = device_connected(device),
        .advertising = device_advertises(device),
        .connects = device_connects(device),
        .packets = device_packets(device),
    };
}

// NULL after a refusal.
static Device *find(FakeWorld *world, GDBusMethodInvocation *invocation, const char *sensor)
{
    Device *device = adapter_device(world->adapter, sensor);
    if (!device)
        control_refuse(invocation, "UnknownSensor", sensor);
    return device;
}

// For the methods that take a sensor and nothing else.
static Device *find_only(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *sensor;
    g_variant_get(arguments, "(&s)", &sensor);
    return find(world, invocation, sensor);
}

static void set_powered(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    gboolean powered;
    g_variant_get(arguments, "(b)", &powered);
    adapter_power(world->adapter, powered);
    tree_reply(invocation);
}

static void set_present(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    gboolean present;
    g_variant_get(arguments, "(b)", &present);
    adapter_plug(world->adapter, present);
    tree_reply(invocation);
}

static void adapter_busy(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    guint times;
    g_variant_get(arguments, "(u)", &times);
    adapter_be_busy(world->adapter, times);
    tree_reply(invocation);
}

static void hide_next_connected(FakeWorld *world, GDBusMethodInvocation *invocation,
                                GVariant *arguments)
{
    Device *device = find_only(world, invocation, arguments);
    if (!device)
        return;
    device_hide_connected(device);
    tree_reply(invocation);
}

static void fail_next_connect(FakeWorld *world, GDBusMethodInvocation *invocation,
                              GVariant *arguments)
{
    const char *sensor, *error, *message;
    guint times;
    g_variant_get(arguments, "(&s&s&su)", &sensor, &error, &message, &times);
    Device *device = find(world, invocation, sensor);
    if (!device)
        return;
    if (!g_dbus_is_interface_name(error)) {
        control_refuse(invocation, "BadArgument", error);
        return;
    }
    device_fail_connects(device, error, message, times);
    tree_reply(invocation);
}

static void clear_subscriptions(FakeWorld *world, GDBusMethodInvocation *invocation,
                                GVariant *arguments)
{
    Device *device = find_only(world, invocation, arguments);
    if (!device)
        return;
    device_forget_subscribers(device);
    tree_reply(invocation);
}

static void ignore_calls(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *method;
    gboolean ignore;
    g_variant_get(arguments, "(&sb)", &method, &ignore);
    tree_ignore(world->tree, method, ignore);
    tree_reply(invocation);
}

static const struct {
    const char *name;
    void (*run)(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments);
} METHODS[] = {
    {"AdapterPowered", set_powered},
    {"AdapterPresent", set_present},
    {"AdapterBusy", adapter_busy},
    {"FailNextConnect", fail_next_connect},
    {"HideNextConnected", hide_next_connected},
    {"ClearSubscriptions", clear_subscriptions},
    {"IgnoreCalls", ignore_calls},
};

static gboolean call(const char *method, GVariant *arguments, GDBusMethodInvocation *invocation,
                     gpointer self)
{
    for (guint i = 0; i < G_N_ELEMENTS(METHODS); i++) {
        if (strcmp(method, METHODS[i].name) == 0) {
            METHODS[i].run(self, invocation, arguments);
            return TRUE;
        }
    }
    return FALSE;
}

const World FAKE_WORLD = {
    .settle = settle,
    .rebuild = rebuild,
    .rename = change_name,
    .notify = notify,
    .stats = stats,
    .call = call,
};
