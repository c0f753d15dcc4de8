// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// org.paced1.Sim. Each method is a few lines on the sensor or the world it steers; the table below
// is all the dispatch there is.

#include "sim/control.h"

#include <string.h>

#include "sim/bluez-info.h"

#define RATE_MIN_HZ  0.1
#define RATE_MAX_HZ  50.0
#define FLOOD_MAX    512
#define INCLINE_MIN  (-3.0) // %; as its range says
#define INCLINE_MAX  15.0
#define FLOOD_MAX_HZ 5000.0

struct Control {
    GDBusConnection *bus;
    GPtrArray *sensors;
    Body *body;
    const World *world;
    gpointer self;
    guint id;
};

void control_refuse(GDBusMethodInvocation *invocation, const char *name, const char *what)
{
    g_autofree char *full = g_strconcat("org.paced1.Sim.Error.", name, NULL);
    g_dbus_method_invocation_return_dbus_error(invocation, full, what);
}

static void reply(GDBusMethodInvocation *invocation)
{
    g_dbus_method_invocation_return_value(invocation, NULL);
}

// NULL after a refusal.
static Sensor *find(Control *control, GDBusMethodInvocation *invocation, const char *name)
{
    Sensor *sensor = sensor_find(control->sensors, name);
    if (!sensor)
        control_refuse(invocation, "UnknownSensor", name);
    return sensor;
}

static void refuse_argument(GDBusMethodInvocation *invocation, const char *what)
{
    control_refuse(invocation, "BadArgument", what);
}

static void misbehave(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name, *how;
    double seconds;
    g_variant_get(arguments, "(&s&sd)", &name, &how, &seconds);
    Misbehaviour kind;
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    if (!misbehaviour_from_name(how, &kind)) {
        refuse_argument(invocation, how);
        return;
    }
    sensor_misbehave(sensor, kind, seconds > 0 ? seconds : INFINITY);
    control->world->settle(sensor, control->self);
    reply(invocation);
}

static void set_speed(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    double speed;
    g_variant_get(arguments, "(d)", &speed);
    body_catch_up(control->body);
    runner_aim(&control->body->runner, speed);
    reply(invocation);
}

static void go(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments, bool away)
{
    const char *name;
    g_variant_get(arguments, "(&s)", &name);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    sensor->away = away;
    control->world->settle(sensor, control->self);
    reply(invocation);
}

static void vanish(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    go(control, invocation, arguments, true);
}

static void come_back(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    go(control, invocation, arguments, false);
}

static void refuse_links(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name, *how;
    g_variant_get(arguments, "(&s&s)", &name, &how);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    if (!sensor_refusal_from_name(how, &sensor->refusal)) {
        refuse_argument(invocation, how);
        return;
    }
    control->world->settle(sensor, control->self);
    reply(invocation);
}

static void change_table(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name, *kind;
    g_variant_get(arguments, "(&s&s)", &name, &kind);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    if (!sensor_table_from_name(kind, &sensor->table)) {
        refuse_argument(invocation, kind);
        return;
    }
    control->world->rebuild(sensor, control->self);
    reply(invocation);
}

static void set_rate(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name;
    double hz;
    g_variant_get(arguments, "(&sd)", &name, &hz);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    if (!(hz >= RATE_MIN_HZ && hz <= RATE_MAX_HZ)) {
        refuse_argument(invocation, "hz: from 0.1 to 50");
        return;
    }
    sensor_set_rate(sensor, hz);
    reply(invocation);
}

static void set_battery(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name;
    guint8 percent;
    g_variant_get(arguments, "(&sy)", &name, &percent);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    sensor_set_battery(sensor, percent);
    reply(invocation);
}

// A key that is none of these, or a value of another type, changes nothing at all.
static gboolean traits_from(GVariant *options, TreadmillTraits *traits)
{
    const struct {
        const char *key;
        bool *trait;
    } switches[] = {
        {"split", &traits->split},     {"byte-pace", &traits->byte_pace}, {"miles", &traits->miles},
        {"runs-on", &traits->runs_on}, {"grips", &traits->grips},
    };
    GVariantIter iter;
    const char *key;
    GVariant *value;
    gboolean good = TRUE;
    g_variant_iter_init(&iter, options);
    while (g_variant_iter_loop(&iter, "{&sv}", &key, &value)) {
        bool *trait = NULL;
        for (guint i = 0; i < G_N_ELEMENTS(switches); i++)
            if (strcmp(key, switches[i].key) == 0)
                trait = switches[i].trait;
        if (trait && g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN))
            *trait = g_variant_get_boolean(value);
        else if (strcmp(key, "incline") == 0 && g_variant_is_of_type(value, G_VARIANT_TYPE_DOUBLE))
            traits->incline_percent = g_variant_get_double(value);
        else
            good = FALSE;
    }
    return good && traits->incline_percent >= INCLINE_MIN && traits->incline_percent <= INCLINE_MAX;
}

static void set_treadmill(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name;
    g_autoptr(GVariant) options = NULL;
    g_variant_get(arguments, "(&s@a{sv})", &name, &options);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    TreadmillTraits traits = sensor->treadmill.traits;
    if (sensor->kind != SENSOR_KIND_TREADMILL || !traits_from(options, &traits)) {
        refuse_argument(invocation, "a treadmill, and options that it has");
        return;
    }
    sensor->treadmill.traits = traits;
    reply(invocation);
}

static void flood(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name;
    guint length;
    double hz, seconds;
    g_variant_get(arguments, "(&sudd)", &name, &length, &hz, &seconds);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    if (length > FLOOD_MAX || !(hz > 0 && hz <= FLOOD_MAX_HZ) || !(seconds >= 0)) {
        refuse_argument(invocation, "at most 512 bytes, 5000 times a second");
        return;
    }
    sensor_flood(sensor, length, hz, seconds);
    reply(invocation);
}

static void give_name(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name, *another;
    g_variant_get(arguments, "(&s&s)", &name, &another);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    sensor_rename(sensor, another);
    control->world->rename(sensor, control->self);
    reply(invocation);
}

static void mute(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name, *characteristic, *until;
    g_variant_get(arguments, "(&s&s&s)", &name, &characteristic, &until);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    guint64 uuid;
    SensorMute end;
    if (!g_ascii_string_to_unsigned(characteristic, 16, 0, UINT16_MAX, &uuid, NULL) ||
        !sensor_mute_from_name(until, &end)) {
        refuse_argument(invocation, "a number, and subscription, link or order");
        return;
    }
    sensor_mute(sensor, (uint16_t)uuid, end);
    reply(invocation);
}

static void notify(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *name, *characteristic;
    g_autoptr(GVariant) value = NULL;
    g_variant_get(arguments, "(&s&s@ay)", &name, &characteristic, &value);
    Sensor *sensor = find(control, invocation, name);
    if (!sensor)
        return;
    guint64 uuid;
    if (!g_ascii_string_to_unsigned(characteristic, 16, 0, UINT16_MAX, &uuid, NULL)) {
        refuse_argument(invocation, characteristic);
        return;
    }
    gsize length;
    const guint8 *bytes = g_variant_get_fixed_array(value, &length, 1);
    gboolean delivered =
        control->world->notify(sensor, (uint16_t)uuid, bytes, length, control->self);
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(b)", delivered));
}

static GVariant *sensor_stats(Control *control, Sensor *sensor)
{
    WorldStats world = {0};
    control->world->stats(sensor, &world, control->self);
    const gboolean subscribed = sensor_subscribed(sensor, sensor_measurement(sensor));
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
        {"connected", g_variant_new_boolean(world.connected)},
        {"advertising", g_variant_new_boolean(world.advertising)},
        {"connects", g_variant_new_uint32(world.connects)},
        {"packets", g_variant_new_uint32(world.packets)},
        {"sent", g_variant_new_uint32(sensor->sent)},
        {"subscribed", g_variant_new_boolean(subscribed)},
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
    for (guint i = 0; i < control->sensors->len; i++)
        g_variant_builder_add_value(&sensors, sensor_stats(control, control->sensors->pdata[i]));
    g_dbus_method_invocation_return_value(invocation,
                                          g_variant_new("(a{sv}aa{sv})", &body, &sensors));
}

static const struct {
    const char *name;
    void (*run)(Control *control, GDBusMethodInvocation *invocation, GVariant *arguments);
} METHODS[] = {
    {"Misbehave", misbehave}, {"SetSpeed", set_speed},       {"Vanish", vanish},
    {"Return", come_back},    {"RefuseLinks", refuse_links}, {"ChangeTable", change_table},
    {"SetRate", set_rate},    {"SetBattery", set_battery},   {"SetTreadmill", set_treadmill},
    {"Flood", flood},         {"Rename", give_name},         {"Mute", mute},
    {"Notify", notify},       {"Stats", tell_stats},
};

static void on_call(GDBusConnection *bus, const char *sender, const char *path,
                    const char *interface, const char *method, GVariant *arguments,
                    GDBusMethodInvocation *invocation, gpointer data)
{
    Control *control = data;
    for (guint i = 0; i < G_N_ELEMENTS(METHODS); i++) {
        if (strcmp(method, METHODS[i].name) == 0) {
            METHODS[i].run(control, invocation, arguments);
            return;
        }
    }
    if (!control->world->call ||
        !control->world->call(method, arguments, invocation, control->self))
        control_refuse(invocation, "NotSupported", method);
}

Control *control_new(GDBusConnection *bus, GPtrArray *sensors, Body *body, const World *world,
                     gpointer self)
{
    static const GDBusInterfaceVTable table = {on_call, NULL, NULL, {0}};
    Control *control = g_new0(Control, 1);
    *control = (Control){
        .bus = g_object_ref(bus), .sensors = sensors, .body = body, .world = world, .self = self};
    control->id = g_dbus_connection_register_object(bus, "/org/paced1/sim",
                                                    (GDBusInterfaceInfo *)&org_paced1_sim_interface,
                                                    &table, control, NULL, NULL);
    g_assert(control->id);
    return control;
}

void control_free(Control *control)
{
    if (!control)
        return;
    g_dbus_connection_unregister_object(control->bus, control->id);
    g_object_unref(control->bus);
    g_free(control);
}
