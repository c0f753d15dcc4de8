// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is the order of things: the signals of one owner are subscribed before its objects are
// asked for, under its unique name, so that neither a gap nor an earlier bluetoothd's last words
// can get into the tree. No proxies: GDBusObjectManagerClient would keep every property of every
// device in the street.

#include "radio/bluez.h"

#include <gio/gunixfdlist.h>

#include "io/clock.h"
#include "io/farewell.h"

#define SERVICE        "org.bluez"
#define OBJECT_MANAGER "org.freedesktop.DBus.ObjectManager"
#define PROPERTIES     "org.freedesktop.DBus.Properties"
#define LOAD_TIMEOUT   (10 * USEC_PER_SEC)
#define SUBSCRIPTIONS  7

struct Bluez {
    const BluezHandlers *handlers;
    gpointer data;
    GDBusConnection *connection;
    bool own; // we made the connection and make it again
    gulong closed_handler;
    guint watch;
    char *owner;
    guint subscriptions[SUBSCRIPTIONS];
    Mirror *mirror;
    BluezState state;
    guint generation;
    guint8 att_error; // of the last call that failed
    guint failures;
    Usec retry_at;
    GCancellable *connecting; // for the life of the object
    GCancellable *loading;    // for the life of an owner
};

static void changed(Bluez *bluez)
{
    bluez->handlers->changed(bluez->data);
}

static void retry_later(Bluez *bluez)
{
    bluez->retry_at = clock_now() + retry_delay(TROUBLE_OTHER, ++bluez->failures);
}

// ── calls ────────────────────────────────────────────────────────────────────────────────────────

typedef struct {
    Bluez *bluez; // lives longer than what is not cancelled
    GCancellable *cancellable;
    BluezReply reply;
    BluezSocket socket; // instead
    gpointer data;
} Call;

static Trouble judge(Bluez *bluez, GError *error)
{
    g_autofree char *name = g_dbus_error_get_remote_error(error);
    g_debug("radio: %s", error->message);
    bluez->att_error = trouble_att_error(error->message);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        return TROUBLE_TIMEOUT;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CLOSED))
        return TROUBLE_NO_SERVICE;
    return trouble_classify(name, error->message);
}

// The descriptor of an answer that is (h…), -1 when there is none.
static int take_socket(GVariant *reply, GUnixFDList *descriptors)
{
    gint32 handle;
    if (!reply || !descriptors || !g_variant_is_of_type(reply, G_VARIANT_TYPE("(hq)")))
        return -1;
    g_variant_get(reply, "(hq)", &handle, NULL);
    return g_unix_fd_list_get(descriptors, handle, NULL);
}

static void call_done(GObject *source, GAsyncResult *result, gpointer data)
{
    Call *call = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GUnixFDList) descriptors = NULL;
    g_autoptr(GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish(
        G_DBUS_CONNECTION(source), &descriptors, result, &error);
    bool cancelled = call->cancellable && g_cancellable_is_cancelled(call->cancellable);
    if (!cancelled && call->reply)
        call->reply(reply, error ? judge(call->bluez, error) : TROUBLE_NONE, call->data);
    if (!cancelled && call->socket) {
        int fd = take_socket(reply, descriptors);
        Trouble trouble = error ? judge(call->bluez, error) : fd < 0 ? TROUBLE_OTHER : TROUBLE_NONE;
        call->socket(fd, trouble, call->data);
    }
    g_clear_object(&call->cancellable);
    g_free(call);
}

static void begin(Bluez *bluez, const char *path, const char *interface, const char *method,
                  GVariant *parameters, Usec timeout, Call call)
{
    g_autoptr(GVariant) held = parameters ? g_variant_ref_sink(parameters) : NULL;
    if (!bluez->owner)
        return; // the caller sees the generation change
    call.bluez = bluez;
    if (call.cancellable)
        g_object_ref(call.cancellable);
    g_debug("radio: %s.%s of %s", interface, method, path);
    g_dbus_connection_call_with_unix_fd_list(bluez->connection, bluez->owner, path, interface,
                                             method, held, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                             (int)(timeout / USEC_PER_MSEC), NULL, call.cancellable,
                                             call_done, g_memdup2(&call, sizeof call));
}

void bluez_call(Bluez *bluez, const char *path, const char *interface, const char *method,
                GVariant *parameters, Usec timeout, GCancellable *cancellable, BluezReply reply,
                gpointer data)
{
    begin(bluez, path, interface, method, parameters, timeout,
          (Call){.cancellable = cancellable, .reply = reply, .data = data});
}

void bluez_acquire(Bluez *bluez, const char *path, Usec timeout, GCancellable *cancellable,
                   BluezSocket reply, gpointer data)
{
    begin(bluez, path, "org.bluez.GattCharacteristic1", "AcquireNotify",
          g_variant_new("(a{sv})", NULL), timeout,
          (Call){.cancellable = cancellable, .socket = reply, .data = data});
}

guint8 bluez_att_error(const Bluez *bluez)
{
    return bluez->att_error;
}

// ── its objects ──────────────────────────────────────────────────────────────────────────────────

static void on_objects(GDBusConnection *connection, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
    Bluez *bluez = data;
    if (g_str_equal(signal, "InterfacesAdded") &&
        g_variant_is_of_type(parameters, G_VARIANT_TYPE("(oa{sa{sv}})"))) {
        const char *object;
        g_autoptr(GVariant) interfaces = NULL;
        g_variant_get(parameters, "(&o@a{sa{sv}})", &object, &interfaces);
        mirror_add(bluez->mirror, object, interfaces, true, clock_now());
    } else if (g_str_equal(signal, "InterfacesRemoved") &&
               g_variant_is_of_type(parameters, G_VARIANT_TYPE("(oas)"))) {
        const char *object;
        g_autofree const char **interfaces = NULL;
        g_variant_get(parameters, "(&o^a&s)", &object, &interfaces);
        mirror_remove(bluez->mirror, object, interfaces);
    }
    changed(bluez);
}

static void on_properties(GDBusConnection *connection, const char *sender, const char *path,
                          const char *interface, const char *signal, GVariant *parameters,
                          gpointer data)
{
    Bluez *bluez = data;
    if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(sa{sv}as)")))
        return;
    const char *of;
    g_autoptr(GVariant) properties = NULL;
    g_autofree const char **invalidated = NULL;
    g_variant_get(parameters, "(&s@a{sv}^a&s)", &of, &properties, &invalidated);
    MirrorCharacteristic *characteristic =
        g_hash_table_lookup(bluez->mirror->characteristics, path);
    if (characteristic && g_str_equal(of, "org.bluez.GattCharacteristic1")) {
        g_autoptr(GVariant) value =
            g_variant_lookup_value(properties, "Value", G_VARIANT_TYPE_BYTESTRING);
        MirrorDevice *device = g_hash_table_lookup(bluez->mirror->devices, characteristic->device);
        if (value && device)
            bluez->handlers->value(device, characteristic->number, value, bluez->data);
    }
    if (mirror_update(bluez->mirror, path, of, properties, invalidated, clock_now()))
        changed(bluez);
}

static void on_disconnected(GDBusConnection *connection, const char *sender, const char *path,
                            const char *interface, const char *signal, GVariant *parameters,
                            gpointer data)
{
    Bluez *bluez = data;
    MirrorDevice *device = g_hash_table_lookup(bluez->mirror->devices, path);
    if (!device || !g_variant_is_of_type(parameters, G_VARIANT_TYPE("(ss)")))
        return;
    const char *reason;
    g_variant_get(parameters, "(&s&s)", &reason, NULL);
    g_debug("radio: %s: %s", path, reason);
    device->hung_up = g_str_equal(reason, "org.bluez.Reason.Remote");
}

static void on_refreshed(GVariant *reply, Trouble trouble, gpointer data)
{
    Bluez *bluez = data;
    if (trouble != TROUBLE_NONE || !g_variant_is_of_type(reply, G_VARIANT_TYPE("(a{oa{sa{sv}}})")))
        return;
    g_autoptr(GVariant) objects = g_variant_get_child_value(reply, 0);
    GVariantIter iter;
    const char *path;
    GVariant *interfaces;
    g_variant_iter_init(&iter, objects);
    while (g_variant_iter_loop(&iter, "{&o@a{sa{sv}}}", &path, &interfaces))
        mirror_add_missing(bluez->mirror, path, interfaces, clock_now());
    changed(bluez);
}

void bluez_refresh(Bluez *bluez)
{
    if (bluez->state == BLUEZ_READY && bluez->mirror->crowded)
        bluez_call(bluez, "/", OBJECT_MANAGER, "GetManagedObjects", NULL, LOAD_TIMEOUT,
                   bluez->loading, on_refreshed, bluez);
}

static void on_loaded(GVariant *reply, Trouble trouble, gpointer data)
{
    Bluez *bluez = data;
    if (trouble != TROUBLE_NONE ||
        !g_variant_is_of_type(reply, G_VARIANT_TYPE("(a{oa{sa{sv}}})"))) {
        bluez->state = trouble == TROUBLE_NO_PERMISSION ? BLUEZ_NO_PERMISSION : BLUEZ_NO_SERVICE;
        retry_later(bluez);
    } else {
        g_autoptr(GVariant) objects = g_variant_get_child_value(reply, 0);
        GVariantIter iter;
        const char *path;
        GVariant *interfaces;
        mirror_clear(bluez->mirror);
        g_variant_iter_init(&iter, objects);
        while (g_variant_iter_loop(&iter, "{&o@a{sa{sv}}}", &path, &interfaces))
            mirror_add(bluez->mirror, path, interfaces, false, clock_now());
        bluez->state = BLUEZ_READY;
        bluez->failures = 0;
    }
    changed(bluez);
}

static void load_objects(Bluez *bluez)
{
    bluez->state = bluez->state == BLUEZ_NO_PERMISSION ? BLUEZ_NO_PERMISSION : BLUEZ_LOADING;
    bluez->retry_at = USEC_NEVER;
    bluez_call(bluez, "/", OBJECT_MANAGER, "GetManagedObjects", NULL, LOAD_TIMEOUT, bluez->loading,
               on_loaded, bluez);
}

static void owner_gone(Bluez *bluez)
{
    if (!bluez->owner)
        return;
    for (gsize i = 0; i < SUBSCRIPTIONS; i++)
        g_dbus_connection_signal_unsubscribe(bluez->connection, bluez->subscriptions[i]);
    g_cancellable_cancel(bluez->loading);
    g_clear_object(&bluez->loading);
    g_clear_pointer(&bluez->owner, g_free);
    mirror_clear(bluez->mirror);
    bluez->generation++;
    bluez->retry_at = USEC_NEVER;
}

static void on_appeared(GDBusConnection *connection, const char *name, const char *owner,
                        gpointer data)
{
    static const char *const watched[] = {"org.bluez.Adapter1", "org.bluez.Device1",
                                          "org.bluez.GattCharacteristic1", "org.bluez.Battery1",
                                          "org.bluez.MediaTransport1"};
    Bluez *bluez = data;
    owner_gone(bluez);
    bluez->owner = g_strdup(owner);
    bluez->loading = g_cancellable_new();
    bluez->failures = 0;
    bluez->subscriptions[0] =
        g_dbus_connection_signal_subscribe(connection, owner, OBJECT_MANAGER, NULL, "/", NULL,
                                           G_DBUS_SIGNAL_FLAGS_NONE, on_objects, bluez, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(watched); i++)
        bluez->subscriptions[i + 1] = g_dbus_connection_signal_subscribe(
            connection, owner, PROPERTIES, "PropertiesChanged", NULL, watched[i],
            G_DBUS_SIGNAL_FLAGS_NONE, on_properties, bluez, NULL);
    bluez->subscriptions[SUBSCRIPTIONS - 1] = g_dbus_connection_signal_subscribe(
        connection, owner, "org.bluez.Device1", "Disconnected", NULL, NULL,
        G_DBUS_SIGNAL_FLAGS_NONE, on_disconnected, bluez, NULL);
    load_objects(bluez);
    changed(bluez);
}

static void on_vanished(GDBusConnection *connection, const char *name, gpointer data)
{
    Bluez *bluez = data;
    owner_gone(bluez);
    bluez->state = connection ? BLUEZ_NO_SERVICE : BLUEZ_NO_BUS;
    changed(bluez);
}

// ── the bus ──────────────────────────────────────────────────────────────────────────────────────

static void drop_connection(Bluez *bluez)
{
    if (!bluez->connection)
        return;
    owner_gone(bluez);
    g_bus_unwatch_name(bluez->watch);
    g_signal_handler_disconnect(bluez->connection, bluez->closed_handler);
    g_clear_object(&bluez->connection);
    bluez->state = BLUEZ_NO_BUS;
}

static void on_closed(GDBusConnection *connection, gboolean vanished, GError *error, gpointer data)
{
    Bluez *bluez = data;
    drop_connection(bluez);
    if (bluez->own)
        retry_later(bluez);
    changed(bluez);
}

static void use_connection(Bluez *bluez, GDBusConnection *connection)
{
    bluez->connection = connection;
    bluez->state = BLUEZ_NO_SERVICE;
    bluez->closed_handler = g_signal_connect(connection, "closed", G_CALLBACK(on_closed), bluez);
    bluez->watch = g_bus_watch_name_on_connection(
        connection, SERVICE, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared, on_vanished, bluez, NULL);
}

static void on_connected(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    GDBusConnection *connection = g_dbus_connection_new_for_address_finish(result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; // `data` is gone
    Bluez *bluez = data;
    if (connection) {
        bluez->failures = 0;
        use_connection(bluez, connection);
    } else {
        retry_later(bluez);
    }
    changed(bluez);
}

// Not g_bus_get(): its shared connection, once closed, stays closed for as long as anybody holds
// it.
static void connect_system_bus(Bluez *bluez)
{
    bluez->retry_at = USEC_NEVER;
    g_autofree char *address = g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SYSTEM, NULL, NULL);
    if (!address) {
        retry_later(bluez);
        return;
    }
    g_dbus_connection_new_for_address(address,
                                      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                      NULL, bluez->connecting, on_connected, bluez);
}

Usec bluez_step(Bluez *bluez, Usec now)
{
    if (now >= bluez->retry_at) {
        if (bluez->owner)
            load_objects(bluez);
        else if (bluez->own && !bluez->connection)
            connect_system_bus(bluez);
        else
            bluez->retry_at = USEC_NEVER;
    }
    return bluez->retry_at;
}

BluezState bluez_state(const Bluez *bluez)
{
    return bluez->state;
}

Mirror *bluez_mirror(const Bluez *bluez)
{
    return bluez->mirror;
}

guint bluez_generation(const Bluez *bluez)
{
    return bluez->generation;
}

Bluez *bluez_new(GDBusConnection *connection, const BluezHandlers *handlers, gpointer data)
{
    Bluez *bluez = g_new0(Bluez, 1);
    bluez->handlers = handlers;
    bluez->data = data;
    bluez->own = !connection;
    bluez->mirror = mirror_new();
    bluez->connecting = g_cancellable_new();
    bluez->retry_at = USEC_NEVER;
    if (connection)
        use_connection(bluez, g_object_ref(connection));
    else
        connect_system_bus(bluez);
    return bluez;
}

void bluez_free(Bluez *bluez)
{
    g_cancellable_cancel(bluez->connecting);
    drop_connection(bluez);
    g_object_unref(bluez->connecting);
    mirror_free(bluez->mirror);
    g_free(bluez);
}

void bluez_flush(Bluez *bluez)
{
    if (bluez->connection)
        farewell_send(bluez->connection);
}
