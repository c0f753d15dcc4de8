// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// org.paced1.Sim. Each method is a few lines on the world it steers; the table below is all the
// dispatch there is.

#include "sim/control.h"

#include <errno.h>
#include <string.h>

#include "sim/bluez-info.h"

struct Control {
    Tree *tree;
    Adapter *adapter;
    Body *body;
    guint id;
};

static void refuse(GDBusMethodInvocation *invocation, const char *name, const char *what)
{
    g_autofree char *full = g_strconcat("org.paced1.Sim.Error.", name, NULL);
    g_dbus_method_invocation_return_dbus_error(invocation, full, what);
}

// NULL after a refusal.
static Device *find(Control *control, GDBusMethodInvocation *invocation, const char *sensor)
{
    Device *device = adapter_device(control->adapter, sensor);
    if (!device)
        refuse(invocation, "UnknownSensor", sensor);
    return device;
}

// For the methods that take a sensor and nothing else.
static Device *find_only(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *sensor;
    g_variant_get(arguments, "(&s)", &sensor);
    return find(control, invocation, sensor);
}

static void misbehave(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *sensor, *name;
    double seconds;
    g_variant_get(arguments, "(&s&sd)", &sensor, &name, &seconds);
    Misbehaviour kind;
    Device *device = find(control, invocation, sensor);
    if (!device)
        return;
    if (!misbehaviour_from_name(name, &kind)) {
        refuse(invocation, "BadArgument", name);
        return;
    }
    worn_misbehave(&device_sensor(device)->worn, kind, seconds > 0 ? seconds : INFINITY);
    if (!sensor_reachable(device_sensor(device)))
        device_drop(device);
    tree_reply(invocation);
}

static void set_speed(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    double speed;
    g_variant_get(arguments, "(d)", &speed);
    body_catch_up(control->body);
    runner_aim(&control->body->runner, speed);
    tree_reply(invocation);
}

static void set_powered(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    gboolean powered;
    g_variant_get(arguments, "(b)", &powered);
    adapter_power(control->adapter, powered);
    tree_reply(invocation);
}

static void set_present(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    gboolean present;
    g_variant_get(arguments, "(b)", &present);
    adapter_plug(control->adapter, present);
    tree_reply(invocation);
}

static void adapter_busy(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    guint times;
    g_variant_get(arguments, "(u)", &times);
    adapter_be_busy(control->adapter, times);
    tree_reply(invocation);
}

static void hide_next_connected(Control *control, GDBusMethodInvocation *invocation,
                                GVariant *arguments)
{
    Device *device = find_only(control, invocation, arguments);
    if (!device)
        return;
    device_hide_connected(device);
    tree_reply(invocation);
}

static void fail_next_connect(Control *control, GDBusMethodInvocation *invocation,
                              GVariant *arguments)
{
    const char *sensor, *error, *message;
    guint times;
    g_variant_get(arguments, "(&s&s&su)", &sensor, &error, &message, &times);
    Device *device = find(control, invocation, sensor);
    if (!device)
        return;
    if (!g_dbus_is_interface_name(error)) {
        refuse(invocation, "BadArgument", error);
        return;
    }
    device_fail_connects(device, error, message, times);
    tree_reply(invocation);
}

static void clear_subscriptions(Control *control, GDBusMethodInvocation *invocation,
                                GVariant *arguments)
{
    Device *device = find_only(control, invocation, arguments);
    if (!device)
        return;
    device_forget_subscribers(device);
    tree_reply(invocation);
}

static void go(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments, bool away)
{
    Device *device = find_only(control, invocation, arguments);
    if (!device)
        return;
    device_sensor(device)->away = away;
    if (away && device_connected(device))
        device_drop(device);
    tree_reply(invocation);
}

static void vanish(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    go(control, invocation, arguments, true);
}

static void come_back(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    go(control, invocation, arguments, false);
}

static void ignore_calls(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *method;
    gboolean ignore;
    g_variant_get(arguments, "(&sb)", &method, &ignore);
    tree_ignore(control->tree, method, ignore);
    tree_reply(invocation);
}

static void notify(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *sensor, *characteristic;
    g_autoptr(GVariant) value = NULL;
    g_variant_get(arguments, "(&s&s@ay)", &sensor, &characteristic, &value);
    Device *device = find(control, invocation, sensor);
    if (!device)
        return;
    guint64 uuid;
    if (!g_ascii_string_to_unsigned(characteristic, 16, 0, UINT16_MAX, &uuid, NULL)) {
        refuse(invocation, "BadArgument", characteristic);
        return;
    }
    gsize length;
    const guint8 *bytes = g_variant_get_fixed_array(value, &length, 1);
    gboolean delivered = device_notify(device, (uint16_t)uuid, bytes, length);
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(b)", delivered));
}

static GVariant *sensor_stats(Device *device)
{
    const Sensor *sensor = device_sensor(device);
    GVariantBuilder stats;
    g_variant_builder_init(&stats, G_VARIANT_TYPE_VARDICT);
    const struct {
        const char *key;
        GVariant *value;
    } all[] = {
        {"address", g_variant_new_string(sensor->address)},
        {"name", g_variant_new_string(sensor->name)},
        {"kind", g_variant_new_string(sensor_kind_name(sensor->kind))},
        {"misbehaviour", g_variant_new_string(misbehaviour_name(sensor->worn.kind))},
        {"connected", g_variant_new_boolean(device_connected(device))},
        {"advertising", g_variant_new_boolean(device_advertises(device))},
        {"connects", g_variant_new_uint32(device_connects(device))},
        {"packets", g_variant_new_uint32(device_packets(device))},
    };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        g_variant_builder_add(&stats, "{sv}", all[i].key, all[i].value);
    return g_variant_builder_end(&stats);
}

static void tell_stats(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    body_catch_up(control->body);
    const Runner *runner = &control->body->runner;
    const struct {
        const char *key;
        double value;
    } all[] = {
        {"target-speed", runner->target_mps}, {"speed", runner->speed_mps},
        {"heart-rate", runner->heart_bpm},    {"cadence", runner->cadence_spm},
        {"distance", runner->distance_m},
    };
    GVariantBuilder body, sensors;
    g_variant_builder_init(&body, G_VARIANT_TYPE_VARDICT);
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        g_variant_builder_add(&body, "{sv}", all[i].key, g_variant_new_double(all[i].value));
    g_variant_builder_init(&sensors, G_VARIANT_TYPE("aa{sv}"));
    for (guint i = 0; i < adapter_devices(control->adapter); i++)
        g_variant_builder_add_value(&sensors, sensor_stats(adapter_device_at(control->adapter, i)));
    g_dbus_method_invocation_return_value(invocation,
                                          g_variant_new("(a{sv}aa{sv})", &body, &sensors));
}

static const struct {
    const char *name;
    void (*run)(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments);
} METHODS[] = {
    {"Misbehave", misbehave},
    {"SetSpeed", set_speed},
    {"AdapterPowered", set_powered},
    {"AdapterPresent", set_present},
    {"AdapterBusy", adapter_busy},
    {"FailNextConnect", fail_next_connect},
    {"HideNextConnected", hide_next_connected},
    {"ClearSubscriptions", clear_subscriptions},
    {"Vanish", vanish},
    {"Return", come_back},
    {"IgnoreCalls", ignore_calls},
    {"Notify", notify},
    {"Stats", tell_stats},
};

static void on_call(GDBusConnection *bus, const char *sender, const char *path,
                    const char *interface, const char *method, GVariant *arguments,
                    GDBusMethodInvocation *invocation, gpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS(METHODS); i++) {
        if (strcmp(method, METHODS[i].name) == 0) {
            METHODS[i].run(data, invocation, arguments);
            return;
        }
    }
    g_assert_not_reached();
}

Control *control_new(Tree *tree, Adapter *adapter, Body *body)
{
    static const GDBusInterfaceVTable table = {on_call, NULL, NULL, {0}};
    Control *control = g_new0(Control, 1);
    *control = (Control){.tree = tree, .adapter = adapter, .body = body};
    control->id = g_dbus_connection_register_object(tree_bus(tree), "/org/paced1/sim",
                                                    (GDBusInterfaceInfo *)&org_paced1_sim_interface,
                                                    &table, control, NULL, NULL);
    g_assert(control->id);
    return control;
}

void control_free(Control *control)
{
    if (!control)
        return;
    g_dbus_connection_unregister_object(tree_bus(control->tree), control->id);
    g_free(control);
}
