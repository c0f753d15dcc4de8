// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The objects' life, the bus name, the hub and the sensors. The generated skeletons already send
// one PropertiesChanged for all that differs, from an idle callback; what was hard is order: a
// signal must not overtake the properties it speaks of, so they are flushed before it; and NaN,
// which GObject does not take for a number.

#include "bus/objects.h"

#include "io/error.h"

#include <string.h>

#define SCAN_MIN       1.0
#define SCAN_MAX       120.0
#define NAME_MAX_BYTES 63 // of a sensor; what RadioSensor holds

void bus_export(Bus *bus, const char *path, gpointer skeleton)
{
    bus_flush(skeleton);
    g_autoptr(GDBusObjectSkeleton) object = g_dbus_object_skeleton_new(path);
    g_dbus_object_skeleton_add_interface(object, G_DBUS_INTERFACE_SKELETON(skeleton));
    g_dbus_object_manager_server_export(bus->manager, object);
}

void bus_flush(gpointer skeleton)
{
    g_dbus_interface_skeleton_flush(G_DBUS_INTERFACE_SKELETON(skeleton));
}

// ── arguments ──

// A copy in capitals, or NULL when it is no address.
static char *address_parse(const char *text, GError **error)
{
    gboolean good = strlen(text) == 17;
    for (gsize i = 0; good && i < 17; i++)
        good = i % 3 == 2 ? text[i] == ':' : g_ascii_isxdigit(text[i]);
    if (good)
        return g_ascii_strup(text, -1);
    g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                "“%s” is no Bluetooth address; one looks like A0:9E:1A:11:22:33", text);
    return NULL;
}

static char *sensor_path(const char *address)
{
    return g_strdelimit(g_strconcat(BUS_ROOT "/sensor/", address, NULL), ":", '_');
}

static gboolean sensor_name_check(const char *name, GError **error)
{
    gboolean good = strlen(name) <= NAME_MAX_BYTES;
    for (const char *c = name; good && *c; c = g_utf8_next_char(c))
        good = !g_unichar_iscntrl(g_utf8_get_char(c));
    if (!good)
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "a sensor's name has at most %d bytes and no control characters",
                    NAME_MAX_BYTES);
    return good;
}

// ── Hub's methods ──

static gboolean on_scan(Paced1Hub *hub, GDBusMethodInvocation *invocation, gdouble seconds,
                        GVariant *options, gpointer data)
{
    Bus *bus = data;
    static const char *const known[] = {NULL};
    GError *error = NULL;
    if (!(seconds >= SCAN_MIN && seconds <= SCAN_MAX)) // also catches NaN
        error = g_error_new(PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, "a scan takes %d to %d seconds",
                            (int)SCAN_MIN, (int)SCAN_MAX);
    if (error || !options_check(options, known, &error) ||
        !bus->handlers.scan(seconds, &error, bus->data))
        call_fail(invocation, error);
    else
        paced1_hub_complete_scan(hub, invocation);
    return TRUE;
}

static gboolean on_add_sensor(Paced1Hub *hub, GDBusMethodInvocation *invocation,
                              const gchar *address, GVariant *options, gpointer data)
{
    Bus *bus = data;
    static const char *const known[] = {"name", "s", NULL};
    GError *error = NULL;
    g_autofree char *parsed = address_parse(address, &error);
    const char *name = "";
    if (parsed && options_check(options, known, &error)) {
        g_variant_lookup(options, "name", "&s", &name);
        if (sensor_name_check(name, &error))
            bus->handlers.add_sensor(parsed, name, &error, bus->data);
    }
    if (error) {
        call_fail(invocation, error);
    } else {
        g_autofree char *path = sensor_path(parsed);
        paced1_hub_complete_add_sensor(hub, invocation, path);
    }
    return TRUE;
}

static gboolean on_forget_sensor(Paced1Hub *hub, GDBusMethodInvocation *invocation,
                                 const gchar *address, gpointer data)
{
    Bus *bus = data;
    GError *error = NULL;
    g_autofree char *parsed = address_parse(address, &error);
    if (!parsed || !bus->handlers.forget_sensor(parsed, &error, bus->data))
        call_fail(invocation, error);
    else
        paced1_hub_complete_forget_sensor(hub, invocation);
    return TRUE;
}

void bus_publish_hub(Bus *bus, RadioState radio, const char *radio_reason, VoiceState voice,
                     const char *voice_reason, StoreStatus store)
{
    Paced1Hub *hub = bus->hub;
    paced1_hub_set_radio_state(hub, radio_state_name(radio));
    paced1_hub_set_radio_reason(hub, radio_reason);
    paced1_hub_set_voice_state(hub, voice_state_name(voice));
    paced1_hub_set_voice_reason(hub, voice_reason);
    paced1_hub_set_store_state(hub, store.state == STORE_READY ? "ready" : "degraded");
    paced1_hub_set_store_reason(hub, store.reason);
}

void bus_signal_adopted(Bus *bus, const char *address, const char *name)
{
    g_autofree char *path = sensor_path(address);
    bus_flush(bus->hub);
    paced1_hub_emit_sensor_adopted(bus->hub, path, name);
}

// ── sensors ──

static GVariant *packets_variant(const PacketCounts *counts, const RadioSensor *sensor)
{
    const struct {
        const char *key;
        guint32 count;
    } all[] = {
        {"packets", counts->packets},
        {"truncated", counts->truncated},
        {"extra", counts->extra},
        {"rejected", counts->rejected},
        {"implausible", counts->implausible},
        {"duplicates", counts->duplicates},
        {"cut", sensor->cut},
        {"dropped", sensor->dropped},
    };
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a{su}"));
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].count > 0)
            g_variant_builder_add(&builder, "{su}", all[i].key, all[i].count);
    return g_variant_builder_end(&builder);
}

static void sensor_set_services(Paced1Sensor *skeleton, guint services)
{
    const char *names[4] = {NULL};
    gsize count = 0;
    if (services & SERVICE_HEART)
        names[count++] = "heart";
    if (services & SERVICE_STRIDE)
        names[count++] = "stride";
    if (services & SERVICE_TREADMILL)
        names[count++] = "treadmill";
    paced1_sensor_set_services(skeleton, names);
}

static void sensor_set(Paced1Sensor *skeleton, const RadioSensor *sensor, const SensorView *views)
{
    gboolean enrolled = sensor->slot != SENSOR_NONE;
    paced1_sensor_set_address(skeleton, sensor->address);
    paced1_sensor_set_name(skeleton, sensor->name);
    paced1_sensor_set_enrolled(skeleton, enrolled);
    sensor_set_services(skeleton, sensor->services);
    paced1_sensor_set_state(skeleton, link_state_name(sensor->state));
    paced1_sensor_set_reason(skeleton, sensor->reason);
    paced1_sensor_set_battery(skeleton, sensor->battery < 0 ? NAN : sensor->battery);
    paced1_sensor_set_rssi(skeleton, sensor->rssi == 0 ? NAN : sensor->rssi);
    if (enrolled && sensor->slot < SENSORS_MAX && views)
        paced1_sensor_set_packets(skeleton, packets_variant(&views[sensor->slot].counts, sensor));
    else if (!enrolled || !paced1_sensor_get_packets(skeleton))
        paced1_sensor_set_packets(skeleton, packets_variant(&(PacketCounts){0}, sensor));
}

void bus_publish_sensors(Bus *bus, const GArray *sensors, const SensorView *views)
{
    g_autoptr(GHashTable) gone = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer path;
    g_hash_table_iter_init(&iter, bus->sensors);
    while (g_hash_table_iter_next(&iter, &path, NULL))
        g_hash_table_add(gone, path);

    for (guint i = 0; i < sensors->len; i++) {
        const RadioSensor *sensor = &g_array_index(sensors, RadioSensor, i);
        g_autofree char *own_path = sensor_path(sensor->address);
        g_hash_table_remove(gone, own_path);
        Paced1Sensor *skeleton = g_hash_table_lookup(bus->sensors, own_path);
        if (skeleton) {
            sensor_set(skeleton, sensor, views);
        } else {
            skeleton = paced1_sensor_skeleton_new();
            sensor_set(skeleton, sensor, views);
            bus_export(bus, own_path, skeleton);
            g_hash_table_insert(bus->sensors, g_steal_pointer(&own_path), skeleton);
        }
    }

    g_hash_table_iter_init(&iter, gone);
    while (g_hash_table_iter_next(&iter, &path, NULL)) {
        g_dbus_object_manager_server_unexport(bus->manager, path);
        g_hash_table_remove(bus->sensors, path);
    }
}

// ── the name ── by hand, because g_bus_unown_name() waits for the bus's answer

#define BUS_DAEMON      "org.freedesktop.DBus"
#define BUS_DAEMON_PATH "/org/freedesktop/DBus"
#define DO_NOT_QUEUE    4U
#define PRIMARY_OWNER   1U

static void on_name_requested(GObject *source, GAsyncResult *result, gpointer data)
{
    Bus *bus = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) reply =
        g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
    guint32 outcome = 0;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; // the bus has been freed
    if (reply)
        g_variant_get(reply, "(u)", &outcome);
    if (outcome == PRIMARY_OWNER)
        bus->handlers.name_acquired(bus->data);
    else
        bus->handlers.name_lost(bus->data);
}

static void on_closed(GDBusConnection *connection, gboolean vanished, GError *error, gpointer data)
{
    Bus *bus = data;
    bus->handlers.name_lost(bus->data);
}

static void name_request(Bus *bus)
{
    bus->requesting = g_cancellable_new();
    g_dbus_connection_call(bus->connection, BUS_DAEMON, BUS_DAEMON_PATH, BUS_DAEMON, "RequestName",
                           g_variant_new("(su)", BUS_NAME, DO_NOT_QUEUE), G_VARIANT_TYPE("(u)"),
                           G_DBUS_CALL_FLAGS_NONE, -1, bus->requesting, on_name_requested, bus);
    g_signal_connect(bus->connection, "closed", G_CALLBACK(on_closed), bus);
}

static void name_forget(Bus *bus)
{
    g_signal_handlers_disconnect_by_data(bus->connection, bus);
    g_cancellable_cancel(bus->requesting);
    g_clear_object(&bus->requesting);
}

static void name_release(Bus *bus)
{
    name_forget(bus);
    g_dbus_connection_call(bus->connection, BUS_DAEMON, BUS_DAEMON_PATH, BUS_DAEMON, "ReleaseName",
                           g_variant_new("(s)", BUS_NAME), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                           NULL, NULL);
}

// ── life ──

static void hub_export(Bus *bus)
{
    bus->hub = paced1_hub_skeleton_new();
    paced1_hub_set_version(bus->hub, PACED_VERSION);
    g_signal_connect(bus->hub, "handle-scan", G_CALLBACK(on_scan), bus);
    g_signal_connect(bus->hub, "handle-add-sensor", G_CALLBACK(on_add_sensor), bus);
    g_signal_connect(bus->hub, "handle-forget-sensor", G_CALLBACK(on_forget_sensor), bus);
    bus_export(bus, BUS_ROOT "/hub", bus->hub);
}

// GObject refuses NaN for a double with any range, even the whole one, unless its validation is
// lax: then it clamps to the range, which leaves NaN alone. The code generator has no option for
// it.
static void allow_nan(GType interface)
{
    gpointer type = g_type_default_interface_ref(interface);
    guint count;
    g_autofree GParamSpec **specs = g_object_interface_list_properties(type, &count);
    for (guint i = 0; i < count; i++)
        if (G_IS_PARAM_SPEC_DOUBLE(specs[i]))
            specs[i]->flags |= G_PARAM_LAX_VALIDATION;
    g_type_default_interface_unref(type);
}

Bus *bus_new(GDBusConnection *connection, const char *runner, const char *shipped, Store *store,
             const BusHandlers *handlers, gpointer data)
{
    Bus *bus = g_new0(Bus, 1);
    bus->manager = g_dbus_object_manager_server_new(BUS_ROOT);
    bus->store = store;
    bus->shipped = g_strdup(shipped);
    bus->handlers = *handlers;
    bus->data = data;
    bus->calls = calls_new();
    bus->sensors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref);
    allow_nan(PACED1_TYPE_SENSOR);
    allow_nan(PACED1_TYPE_SESSION);
    hub_export(bus);
    runner_export(bus, runner);
    catalog_export(bus);
    bus_serve(bus, connection);
    return bus;
}

void bus_serve(Bus *bus, GDBusConnection *connection)
{
    if (bus->connection)
        name_forget(bus);
    g_dbus_object_manager_server_set_connection(bus->manager, NULL);
    g_set_object(&bus->connection, connection);
    g_dbus_object_manager_server_set_connection(bus->manager, connection);
    name_request(bus);
}

// A method call may still be queued for a skeleton that others hold: it must not reach a freed Bus.
static void drop(Bus *bus, gpointer skeleton)
{
    if (!skeleton)
        return;
    g_signal_handlers_disconnect_by_data(skeleton, bus);
    g_object_unref(skeleton);
}

void bus_free(Bus *bus)
{
    if (!bus)
        return;
    calls_close(bus->calls);
    name_release(bus);
    g_dbus_object_manager_server_set_connection(bus->manager, NULL);
    drop(bus, bus->session);
    drop(bus, bus->hub);
    drop(bus, bus->runner);
    drop(bus, bus->library);
    drop(bus, bus->history);
    g_hash_table_unref(bus->sensors);
    g_object_unref(bus->manager);
    calls_unref(bus->calls);
    g_object_unref(bus->connection);
    g_free(bus->runner_path);
    g_free(bus->session_path);
    g_free(bus->shipped);
    g_free(bus);
}
