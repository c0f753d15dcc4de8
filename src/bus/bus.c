// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The objects' life, the bus name and the hub.

#include "bus/objects.h"

#include "bus/wish.h"
#include "io/error.h"

#define SCAN_MIN 1.0
#define SCAN_MAX 120.0

// ── Hub's methods ──

static gboolean on_scan(Bus *bus, const ExportCall *call, GError **error)
{
    double seconds;
    g_autoptr(GVariant) options = NULL;
    g_variant_get(call->arguments, "(d@a{sv})", &seconds, &options);
    if (!(seconds >= SCAN_MIN && seconds <= SCAN_MAX)) // also catches NaN
        return refuse(error, "a scan takes %d to %d seconds", (int)SCAN_MIN, (int)SCAN_MAX);
    return options_empty(options, error) && bus->handlers.scan(seconds, error, bus->data) &&
           export_answer(call, NULL);
}

static gboolean on_add_sensor(Bus *bus, const ExportCall *call, GError **error)
{
    SensorWish wish;
    const char *address;
    g_autoptr(GVariant) options = NULL;
    g_variant_get(call->arguments, "(&s@a{sv})", &address, &options);
    g_autofree char *parsed = address_parse(address, error);
    if (!parsed || !wish_parse(options, &wish, error) ||
        !bus->handlers.add_sensor(parsed, &wish, error, bus->data))
        return FALSE;
    g_autofree char *path = sensor_path(parsed);
    return export_answer(call, g_variant_new("(o)", path));
}

static gboolean on_set_sound(Bus *bus, const ExportCall *call, GError **error)
{
    SoundWish wish;
    g_autoptr(GVariant) options = g_variant_get_child_value(call->arguments, 0);
    if (!sound_wish_parse(options, &wish, error))
        return FALSE;
    bus->handlers.set_sound(&wish, bus->data);
    return export_answer(call, NULL);
}

static gboolean on_forget_sensor(Bus *bus, const ExportCall *call, GError **error)
{
    const char *address;
    g_variant_get(call->arguments, "(&s)", &address);
    g_autofree char *parsed = address_parse(address, error);
    return parsed && bus->handlers.forget_sensor(parsed, error, bus->data) &&
           export_answer(call, NULL);
}

static gboolean on_say(Bus *bus, const ExportCall *call, GError **error)
{
    static const char *const known[] = {"language", "s", NULL};
    const char *text, *language = NULL;
    g_autoptr(GVariant) options = NULL;
    g_variant_get(call->arguments, "(&s@a{sv})", &text, &options);
    if (!options_check(options, known, error))
        return FALSE;
    g_variant_lookup(options, "language", "&s", &language);
    return bus->handlers.say(text, language, error, bus->data) && export_answer(call, NULL);
}

static gboolean on_hold(Bus *bus, const ExportCall *call, GError **error)
{
    if (claims_take(bus->claims, g_dbus_method_invocation_get_sender(call->invocation)))
        return export_answer(call, NULL);
    g_set_error(error, PACED_ERROR, PACED_ERROR_NOT_READY,
                "%d programs hold the sensors already; close some", CLAIMS_MAX);
    return FALSE;
}

static gboolean on_release(Bus *bus, const ExportCall *call, GError **error)
{
    claims_drop(bus->claims, g_dbus_method_invocation_get_sender(call->invocation));
    return export_answer(call, NULL);
}

static void on_held(gboolean held, gpointer data)
{
    Bus *bus = data;
    bus->handlers.hold(held, bus->data);
}

void bus_publish_hub(Bus *bus, RadioState radio, const char *radio_reason, VoiceState voice,
                     const char *voice_reason, StoreStatus store)
{
    Export *hub = bus->hub;
    export_set_text(hub, "RadioState", radio_state_name(radio));
    export_set_text(hub, "RadioReason", radio_reason);
    export_set_text(hub, "VoiceState", voice_state_name(voice));
    export_set_text(hub, "VoiceReason", voice_reason);
    export_set_text(hub, "StoreState", store.state == STORE_READY ? "ready" : "degraded");
    export_set_text(hub, "StoreReason", store.reason);
    export_set_text(hub, "StorePath", g_utf8_validate(store.path, -1, NULL) ? store.path : "");
}

void bus_publish_sound(Bus *bus, const VoiceSound *sound)
{
    export_set_text(bus->hub, "VoiceDevice", sound->device);
    export_set_count(bus->hub, "VoiceVolume", (guint32)sound->volume);
    export_set_count(bus->hub, "ClicksVolume", (guint32)sound->clicks);
    export_set_flag(bus->hub, "VoiceDucks", sound->duck);
}

void bus_signal_adopted(Bus *bus, const char *address, const char *name)
{
    g_autofree char *path = sensor_path(address);
    export_emit(bus->hub, "SensorAdopted", g_variant_new("(os)", path, name));
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

void bus_want_name(Bus *bus, const char *name, gboolean wanted)
{
    g_dbus_connection_call(bus->connection, BUS_DAEMON, BUS_DAEMON_PATH, BUS_DAEMON,
                           wanted ? "RequestName" : "ReleaseName",
                           wanted ? g_variant_new("(su)", name, DO_NOT_QUEUE)
                                  : g_variant_new("(s)", name),
                           NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void name_release(Bus *bus)
{
    name_forget(bus);
    bus_want_name(bus, BUS_NAME, FALSE);
}

// ── life ──

static void hub_export(Bus *bus)
{
    static const ExportMethod methods[] = {
        {"Scan", on_scan},
        {"AddSensor", on_add_sensor},
        {"ForgetSensor", on_forget_sensor},
        {"Hold", on_hold},
        {"Release", on_release},
        {"Record", on_record},
        {"SetSound", on_set_sound},
        {"Say", on_say},
        {NULL, NULL},
    };
    static const char *const told_later[] = {"RadioState",  "RadioReason", "VoiceState",
                                             "VoiceReason", "StoreState",  "StoreReason",
                                             "StorePath"};
    bus->hub = export_new(&org_paced1_hub_interface, methods);
    export_set_text(bus->hub, "Version", PACED_VERSION);
    for (gsize i = 0; i < G_N_ELEMENTS(told_later); i++)
        export_set_text(bus->hub, told_later[i], "");
    bus_publish_sound(bus, &VOICE_SOUND_DEFAULT);
    exports_add(bus->exports, BUS_ROOT "/hub", bus->hub);
}

Bus *bus_new(GDBusConnection *connection, const char *runner, const char *shipped, Store *store,
             const BusHandlers *handlers, gpointer data)
{
    Bus *bus = g_new0(Bus, 1);
    bus->exports = exports_new(BUS_ROOT, bus);
    bus->store = store;
    bus->shipped = g_strdup(shipped);
    bus->runner_name = g_strdup(runner);
    bus->handlers = *handlers;
    bus->data = data;
    bus->calls = calls_new();
    bus->closing = g_cancellable_new();
    bus->claims = claims_new(on_held, bus);
    bus->sensors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bus->asked = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    bus->captures = g_hash_table_new(NULL, NULL);
    hub_export(bus);
    runner_export(bus, runner);
    athlete_export(bus);
    catalog_export(bus);
    bus_serve(bus, connection);
    return bus;
}

void bus_set_keep(Bus *bus, guint days)
{
    bus->keep_days = days;
}

void bus_serve(Bus *bus, GDBusConnection *connection)
{
    if (bus->connection)
        name_forget(bus);
    g_set_object(&bus->connection, connection);
    exports_serve(bus->exports, connection);
    claims_serve(bus->claims, connection);
    player_serve(bus);
    name_request(bus);
}

void bus_free(Bus *bus)
{
    if (!bus)
        return;
    calls_close(bus->calls);
    g_cancellable_cancel(bus->closing);
    g_object_unref(bus->closing);
    claims_free(bus->claims);
    name_release(bus);
    exports_free(bus->exports);
    g_clear_pointer(&bus->players, exports_free);
    g_hash_table_unref(bus->sensors);
    g_hash_table_unref(bus->asked);
    g_hash_table_unref(bus->captures);
    calls_unref(bus->calls);
    g_object_unref(bus->connection);
    g_free(bus->runner_path);
    g_free(bus->session_path);
    g_free(bus->shipped);
    g_free(bus->runner_name);
    g_free(bus);
}
