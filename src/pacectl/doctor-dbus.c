// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl doctor's way to D-Bus. Properties are looked up by name in what GetManagedObjects gave,
// rather than through the generated proxies: a daemon of another version, and BlueZ with its many
// versions, lack some or have more, and the doctor should say what it can of each.

#include "pacectl/doctor.h"

#include <math.h>
#include <string.h>

#define PATIENCE 5000 // ms, for a peer that hangs

static GVariant *call(GDBusConnection *bus, const char *name, const char *path,
                      const char *interface, const char *method, GVariant *parameters,
                      const char *type, GError **error)
{
    return g_dbus_connection_call_sync(bus, name, path, interface, method, parameters,
                                       G_VARIANT_TYPE(type), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                       PATIENCE, NULL, error);
}

static PeerState state_of(const GError *error)
{
    if (g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
        return PEER_REFUSED;
    if (g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
        g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN))
        return PEER_ABSENT;
    return PEER_NO_ANSWER;
}

static void peer_failed(Peer *peer, PeerState state, GError *error)
{
    peer->state = state;
    g_dbus_error_strip_remote_error(error);
    peer->error = g_strdup(error->message);
}

Peer peer_look(GBusType type, const char *name, const char *path)
{
    Peer peer = {0};
    g_autoptr(GError) error = NULL;
    peer.bus = g_bus_get_sync(type, NULL, &error);
    if (!peer.bus) {
        peer_failed(&peer, PEER_NO_BUS, error);
        return peer;
    }
    g_dbus_connection_set_exit_on_close(peer.bus, FALSE);
    g_autoptr(GVariant) reply = call(peer.bus, name, path, "org.freedesktop.DBus.ObjectManager",
                                     "GetManagedObjects", NULL, "(a{oa{sa{sv}}})", &error);
    if (!reply) {
        peer_failed(&peer, state_of(error), error);
        return peer;
    }
    peer.state = PEER_THERE;
    peer.tree = g_variant_get_child_value(reply, 0);
    // Into one block of bytes, so that a text borrowed from it lasts as long as it does.
    (void)g_variant_get_data(peer.tree);
    return peer;
}

void peer_clear(Peer *peer)
{
    g_clear_object(&peer->bus);
    g_clear_pointer(&peer->tree, g_variant_unref);
    g_clear_pointer(&peer->error, g_free);
}

static void object_free(gpointer data)
{
    PeerObject *object = data;
    g_variant_unref(object->properties);
    g_free(object);
}

static int compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const PeerObject *const *)a)->path, (*(const PeerObject *const *)b)->path);
}

GPtrArray *peer_objects(const Peer *peer, const char *interface)
{
    GPtrArray *objects = g_ptr_array_new_with_free_func(object_free);
    GVariantIter iter;
    const char *path;
    GVariant *interfaces;
    if (!peer->tree)
        return objects;
    g_variant_iter_init(&iter, peer->tree);
    while (g_variant_iter_next(&iter, "{&o@a{sa{sv}}}", &path, &interfaces)) {
        GVariant *properties =
            g_variant_lookup_value(interfaces, interface, G_VARIANT_TYPE_VARDICT);
        g_variant_unref(interfaces);
        if (!properties)
            continue;
        PeerObject *object = g_new(PeerObject, 1);
        *object = (PeerObject){path, properties};
        g_ptr_array_add(objects, object);
    }
    g_ptr_array_sort(objects, compare_paths);
    return objects;
}

const char *property_string(GVariant *properties, const char *name)
{
    const char *text = "";
    g_variant_lookup(properties, name, "&s", &text);
    return text;
}

double property_double(GVariant *properties, const char *name)
{
    double value = NAN;
    g_variant_lookup(properties, name, "d", &value);
    return value;
}

gboolean property_boolean(GVariant *properties, const char *name, gboolean otherwise)
{
    gboolean value = otherwise;
    g_variant_lookup(properties, name, "b", &value);
    return value;
}
