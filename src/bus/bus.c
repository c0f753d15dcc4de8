// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The objects' life, the bus name and the hub. The generated skeletons already send
// one PropertiesChanged for all that differs, from an idle callback; what was hard is order: a
// signal must not overtake the properties it speaks of, so they are flushed before it; and NaN,
// which GObject does not take for a number.

#include "bus/objects.h"

#include "bus/wish.h"
#include "io/error.h"

#include <string.h>

#define SCAN_MIN 1.0
#define SCAN_MAX 120.0

void bus_export(Bus *bus, const char *path, gpointer skeleton)
{
    bus_flush(skeleton);
    g_autoptr(GDBusObject) there =
        g_dbus_object_manager_get_object(G_DBUS_OBJECT_MANAGER(bus->manager), path);
    if (there) {
        g_dbus_object_skeleton_add_interface(G_DBUS_OBJECT_SKELETON(there),
                                             G_DBUS_INTERFACE_SKELETON(skeleton));
        return;
    }
    g_autoptr(GDBusObjectSkeleton) object = g_dbus_object_skeleton_new(path);
    g_dbus_object_skeleton_add_interface(object, G_DBUS_INTERFACE_SKELETON(skeleton));
    g_dbus_object_manager_server_export(bus->manager, object);
}

gboolean same_number(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

gboolean same_text(const char *a, const char *b)
{
    return g_strcmp0(a, b) == 0;
}

void bus_flush(gpointer skeleton)
{
    g_dbus_interface_skeleton_flush(G_DBUS_INTERFACE_SKELETON(skeleton));
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
    SensorWish wish;
    GError *error = NULL;
    g_autofree char *parsed = address_parse(address, &error);
    if (!parsed || !wish_parse(options, &wish, &error) ||
        !bus->handlers.add_sensor(parsed, &wish, &error, bus->data)) {
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

static gboolean on_hold(Paced1Hub *hub, GDBusMethodInvocation *invocation, gpointer data)
{
    Bus *bus = data;
    if (claims_take(bus->claims, g_dbus_method_invocation_get_sender(invocation)))
        paced1_hub_complete_hold(hub, invocation);
    else
        call_fail(invocation,
                  g_error_new(PACED_ERROR, PACED_ERROR_NOT_READY,
                              "%d programs hold the sensors already; close some", CLAIMS_MAX));
    return TRUE;
}

static gboolean on_release(Paced1Hub *hub, GDBusMethodInvocation *invocation, gpointer data)
{
    Bus *bus = data;
    claims_drop(bus->claims, g_dbus_method_invocation_get_sender(invocation));
    paced1_hub_complete_release(hub, invocation);
    return TRUE;
}

static void on_held(gboolean held, gpointer data)
{
    Bus *bus = data;
    bus->handlers.hold(held, bus->data);
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
    paced1_hub_set_store_path(hub, g_utf8_validate(store.path, -1, NULL) ? store.path : "");
}

void bus_signal_adopted(Bus *bus, const char *address, const char *name)
{
    g_autofree char *path = sensor_path(address);
    bus_flush(bus->hub);
    paced1_hub_emit_sensor_adopted(bus->hub, path, name);
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
    g_signal_connect(bus->hub, "handle-hold", G_CALLBACK(on_hold), bus);
    g_signal_connect(bus->hub, "handle-release", G_CALLBACK(on_release), bus);
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
    bus->claims = claims_new(on_held, bus);
    bus->sensors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref);
    bus->asked = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    allow_nan(PACED1_TYPE_SENSOR);
    allow_nan(PACED1_TYPE_SESSION);
    hub_export(bus);
    runner_export(bus, runner);
    athlete_export(bus);
    catalog_export(bus);
    captures_export(bus);
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
    claims_serve(bus->claims, connection);
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
    claims_free(bus->claims);
    name_release(bus);
    g_dbus_object_manager_server_set_connection(bus->manager, NULL);
    drop(bus, bus->session);
    drop(bus, bus->hub);
    drop(bus, bus->runner);
    drop(bus, bus->athlete);
    drop(bus, bus->library);
    drop(bus, bus->history);
    sensors_close(bus);
    g_hash_table_unref(bus->captures);
    g_object_unref(bus->manager);
    calls_unref(bus->calls);
    g_object_unref(bus->connection);
    g_free(bus->runner_path);
    g_free(bus->session_path);
    g_free(bus->shipped);
    g_free(bus);
}
