// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard is the holder that left before we began to listen for that: the bus is asked once, after the
// subscription, whether it is still there.

#include "bus/claims.h"

#define BUS_DAEMON      "org.freedesktop.DBus"
#define BUS_DAEMON_PATH "/org/freedesktop/DBus"

struct Claims {
    ClaimsChanged changed;
    gpointer data;
    GDBusConnection *connection;
    GHashTable *holders;   // unique name → the subscription to its leaving
    GCancellable *looking; // whether new holders are still there
};

Claims *claims_new(ClaimsChanged changed, gpointer data)
{
    Claims *claims = g_new0(Claims, 1);
    claims->changed = changed;
    claims->data = data;
    claims->holders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    claims->looking = g_cancellable_new();
    return claims;
}

// Says nothing; returns whether there were any.
static gboolean claims_clear(Claims *claims)
{
    GHashTableIter iter;
    gpointer subscription;
    gboolean any = g_hash_table_size(claims->holders) > 0;
    g_hash_table_iter_init(&iter, claims->holders);
    while (g_hash_table_iter_next(&iter, NULL, &subscription))
        g_dbus_connection_signal_unsubscribe(claims->connection, GPOINTER_TO_UINT(subscription));
    g_hash_table_remove_all(claims->holders);
    return any;
}

static void on_closed(GDBusConnection *connection, gboolean vanished, GError *error, gpointer data)
{
    Claims *claims = data;
    if (claims_clear(claims))
        claims->changed(FALSE, claims->data);
}

static void claims_leave(Claims *claims)
{
    if (!claims->connection)
        return;
    g_cancellable_cancel(claims->looking);
    g_signal_handlers_disconnect_by_data(claims->connection, claims);
    g_clear_object(&claims->connection);
}

void claims_free(Claims *claims)
{
    if (!claims)
        return;
    claims_clear(claims);
    claims_leave(claims);
    g_hash_table_unref(claims->holders);
    g_object_unref(claims->looking);
    g_free(claims);
}

void claims_serve(Claims *claims, GDBusConnection *connection)
{
    if (claims->connection == connection)
        return;
    gboolean any = claims_clear(claims);
    claims_leave(claims);
    g_object_unref(claims->looking);
    claims->looking = g_cancellable_new();
    claims->connection = g_object_ref(connection);
    g_signal_connect(connection, "closed", G_CALLBACK(on_closed), claims);
    if (any)
        claims->changed(FALSE, claims->data);
}

void claims_drop(Claims *claims, const char *holder)
{
    gpointer subscription;
    if (!g_hash_table_lookup_extended(claims->holders, holder, NULL, &subscription))
        return;
    g_hash_table_remove(claims->holders, holder);
    g_dbus_connection_signal_unsubscribe(claims->connection, GPOINTER_TO_UINT(subscription));
    if (g_hash_table_size(claims->holders) == 0)
        claims->changed(FALSE, claims->data);
}

static void on_owner_changed(GDBusConnection *connection, const char *sender, const char *path,
                             const char *interface, const char *member, GVariant *parameters,
                             gpointer data)
{
    const char *name, *owner;
    g_variant_get(parameters, "(&s&s&s)", &name, NULL, &owner);
    if (*owner == '\0')
        claims_drop(data, name);
}

typedef struct {
    Claims *claims; // valid unless the call was cancelled
    char *holder;
} Look;

static void on_looked(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Look *look = data;
    g_autofree char *holder = look->holder;
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) reply =
        g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
    gboolean there = TRUE;
    if (reply)
        g_variant_get(reply, "(b)", &there);
    if (!there)
        claims_drop(look->claims, holder);
}

gboolean claims_take(Claims *claims, const char *holder)
{
    if (g_hash_table_contains(claims->holders, holder))
        return TRUE;
    if (g_hash_table_size(claims->holders) >= CLAIMS_MAX)
        return FALSE;
    guint subscription = g_dbus_connection_signal_subscribe(
        claims->connection, BUS_DAEMON, BUS_DAEMON, "NameOwnerChanged", BUS_DAEMON_PATH, holder,
        G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed, claims, NULL);
    g_hash_table_insert(claims->holders, g_strdup(holder), GUINT_TO_POINTER(subscription));
    Look *look = g_new(Look, 1);
    *look = (Look){claims, g_strdup(holder)};
    g_dbus_connection_call(claims->connection, BUS_DAEMON, BUS_DAEMON_PATH, BUS_DAEMON,
                           "NameHasOwner", g_variant_new("(s)", holder), G_VARIANT_TYPE("(b)"),
                           G_DBUS_CALL_FLAGS_NONE, -1, claims->looking, on_looked, look);
    if (g_hash_table_size(claims->holders) == 1)
        claims->changed(TRUE, claims->data);
    return TRUE;
}
