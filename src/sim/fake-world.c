// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "sim/fake-world.h"

#include <string.h>

#define CROWD_MAX      65536
#define NAME_MAX_BYTES 248

static void drop_unless_reachable(Device *device)
{
    if (device_connected(device) && !sensor_reachable(device_sensor(device)))
        device_drop(device);
}

static void settle(Sensor *sensor, gpointer self)
{
    FakeWorld *world = self;
    air_each(world->air, sensor, drop_unless_reachable);
}

// BlueZ reads the table anew with the next link.
static void rebuild(Sensor *sensor, gpointer self)
{
    FakeWorld *world = self;
    air_each(world->air, sensor, device_drop);
}

// The next advertisement tells.
static void change_name(Sensor *sensor, gpointer self)
{
}

static gboolean notify(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length,
                       gpointer self)
{
    FakeWorld *world = self;
    return air_packet(world->air, sensor, characteristic, bytes, length);
}

static void stats(Sensor *sensor, WorldStats *ret_stats, gpointer self)
{
    FakeWorld *world = self;
    gboolean linked = air_linked(world->air, sensor) != NULL;
    *ret_stats =
        (WorldStats){.connected = linked, .advertising = !linked && sensor_reachable(sensor)};
    Adapter *adapter;
    for (guint i = 0; (adapter = air_adapter(world->air, i)) != NULL; i++) {
        Device *device = adapter_device(adapter, sensor);
        ret_stats->connects += device_connects(device);
        ret_stats->packets += device_packets(device);
    }
}

// NULL after a refusal.
static Sensor *find(FakeWorld *world, GDBusMethodInvocation *invocation, const char *name)
{
    Sensor *sensor = sensor_find(air_sensors(world->air), name);
    if (!sensor)
        control_refuse(invocation, "UnknownSensor", name);
    return sensor;
}

// NULL after a refusal.
static Adapter *find_adapter(FakeWorld *world, GDBusMethodInvocation *invocation, guint number)
{
    Adapter *adapter = air_adapter(world->air, number);
    if (!adapter)
        control_refuse(invocation, "BadArgument", "there is no such adapter");
    return adapter;
}

// For the methods that take a sensor and nothing else.
static void each(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments,
                 void (*act)(Device *device))
{
    const char *name;
    g_variant_get(arguments, "(&s)", &name);
    Sensor *sensor = find(world, invocation, name);
    if (!sensor)
        return;
    air_each(world->air, sensor, act);
    tree_reply(invocation);
}

// ── adapters ──

static void set_powered(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    gboolean powered;
    g_variant_get(arguments, "(b)", &powered);
    adapter_power(air_adapter(world->air, 0), powered);
    tree_reply(invocation);
}

static void set_present(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    gboolean present;
    g_variant_get(arguments, "(b)", &present);
    adapter_plug(air_adapter(world->air, 0), present);
    tree_reply(invocation);
}

static void power_adapter(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    guint number;
    gboolean powered;
    g_variant_get(arguments, "(ub)", &number, &powered);
    Adapter *adapter = find_adapter(world, invocation, number);
    if (!adapter)
        return;
    adapter_power(adapter, powered);
    tree_reply(invocation);
}

static void plug_adapter(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    guint number;
    gboolean present;
    g_variant_get(arguments, "(ub)", &number, &present);
    Adapter *adapter = find_adapter(world, invocation, number);
    if (!adapter)
        return;
    adapter_plug(adapter, present);
    tree_reply(invocation);
}

static void block_adapters(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    gboolean blocked;
    g_variant_get(arguments, "(b)", &blocked);
    if (world->block)
        block_set(world->block, blocked);
    Adapter *adapter;
    for (guint i = 0; (adapter = air_adapter(world->air, i)) != NULL; i++)
        adapter_block(adapter, blocked);
    tree_reply(invocation);
}

static void adapter_busy(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    guint times;
    g_variant_get(arguments, "(u)", &times);
    adapter_be_busy(air_adapter(world->air, 0), times);
    tree_reply(invocation);
}

static void be_deaf(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    gboolean deaf;
    g_variant_get(arguments, "(b)", &deaf);
    adapter_be_deaf(air_adapter(world->air, 0), deaf);
    tree_reply(invocation);
}

static void play_audio(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    gboolean plays;
    g_variant_get(arguments, "(b)", &plays);
    adapter_play(air_adapter(world->air, 0), plays);
    tree_reply(invocation);
}

static void crowd(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    guint count;
    g_variant_get(arguments, "(u)", &count);
    if (count > CROWD_MAX) {
        control_refuse(invocation, "BadArgument", "at most 65536");
        return;
    }
    adapter_crowd(air_adapter(world->air, 0), count);
    tree_reply(invocation);
}

// ── calls ──

static void fail_next_connect(FakeWorld *world, GDBusMethodInvocation *invocation,
                              GVariant *arguments)
{
    const char *name, *error, *message;
    guint times;
    g_variant_get(arguments, "(&s&s&su)", &name, &error, &message, &times);
    Sensor *sensor = find(world, invocation, name);
    if (!sensor)
        return;
    if (!g_dbus_is_interface_name(error)) {
        control_refuse(invocation, "BadArgument", error);
        return;
    }
    Adapter *adapter;
    for (guint i = 0; (adapter = air_adapter(world->air, i)) != NULL; i++)
        device_fail_connects(adapter_device(adapter, sensor), error, message, times);
    tree_reply(invocation);
}

static void fail_calls(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *method, *error, *message;
    guint times;
    g_variant_get(arguments, "(&s&s&su)", &method, &error, &message, &times);
    if (times > 0 && !g_dbus_is_interface_name(error)) {
        control_refuse(invocation, "BadArgument", error);
        return;
    }
    tree_fail(air_tree(world->air), method, error, message, times);
    tree_reply(invocation);
}

static void ignore_calls(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *method;
    gboolean ignore;
    g_variant_get(arguments, "(&sb)", &method, &ignore);
    tree_ignore(air_tree(world->air), method, ignore);
    tree_reply(invocation);
}

// ── devices ──

static void hide_next_connected(FakeWorld *world, GDBusMethodInvocation *invocation,
                                GVariant *arguments)
{
    each(world, invocation, arguments, device_hide_connected);
}

static void resolve_early(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    each(world, invocation, arguments, device_resolve_early);
}

static void keep_bare(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    each(world, invocation, arguments, device_keep_bare);
}

static void clear_subscriptions(FakeWorld *world, GDBusMethodInvocation *invocation,
                                GVariant *arguments)
{
    each(world, invocation, arguments, device_forget_subscribers);
}

static void want_pairing(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name;
    gboolean wanted;
    g_variant_get(arguments, "(&sb)", &name, &wanted);
    Sensor *sensor = find(world, invocation, name);
    if (!sensor)
        return;
    Adapter *adapter;
    for (guint i = 0; (adapter = air_adapter(world->air, i)) != NULL; i++)
        device_want_pairing(adapter_device(adapter, sensor), wanted);
    tree_reply(invocation);
}

static void new_address(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name;
    g_variant_get(arguments, "(&s)", &name);
    Sensor *sensor = find(world, invocation, name);
    if (!sensor)
        return;
    // The object goes while it still has its path.
    air_each(world->air, sensor, device_forget);
    guint number = ++world->addresses;
    g_snprintf(sensor->address, sizeof sensor->address, "C0:AA:01:00:%02X:%02X", number >> 8 & 0xff,
               number & 0xff);
    air_each(world->air, sensor, device_change_address);
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(s)", sensor->address));
}

// As BlueZ makes text of them: what is no UTF-8 loses all that is not ASCII.
static void rename_bytes(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name;
    g_autoptr(GVariant) value = NULL;
    g_variant_get(arguments, "(&s@ay)", &name, &value);
    Sensor *sensor = find(world, invocation, name);
    if (!sensor)
        return;
    gsize length;
    const char *bytes = g_variant_get_fixed_array(value, &length, 1);
    g_autofree char *text = g_strndup(bytes, MIN(length, NAME_MAX_BYTES));
    if (!g_utf8_validate(text, -1, NULL)) {
        for (char *letter = text; *letter; letter++)
            *letter = g_ascii_isprint(*letter) || g_ascii_iscntrl(*letter) ? *letter : ' ';
        g_strstrip(text);
    }
    sensor_rename(sensor, text);
    tree_reply(invocation);
}

static const struct {
    const char *name;
    void (*run)(FakeWorld *world, GDBusMethodInvocation *invocation, GVariant *arguments);
} METHODS[] = {
    {"AdapterPowered", set_powered},
    {"AdapterPresent", set_present},
    {"AdapterBusy", adapter_busy},
    {"AdapterDeaf", be_deaf},
    {"AdapterBlocked", block_adapters},
    {"PowerAdapter", power_adapter},
    {"PlugAdapter", plug_adapter},
    {"PlayAudio", play_audio},
    {"Crowd", crowd},
    {"FailNextConnect", fail_next_connect},
    {"HideNextConnected", hide_next_connected},
    {"ResolveEarly", resolve_early},
    {"KeepBareTable", keep_bare},
    {"ClearSubscriptions", clear_subscriptions},
    {"FailCalls", fail_calls},
    {"IgnoreCalls", ignore_calls},
    {"WantPairing", want_pairing},
    {"NewAddress", new_address},
    {"RenameBytes", rename_bytes},
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
