// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl hold: keeps the sensors connected for as long as it runs, also when the daemon is
// restarted meanwhile. The daemon lets go by itself when this program leaves the bus.

#include "pacectl/pacectl.h"
#include "paced1-dbus.h"

typedef struct {
    GDBusObjectManager *objects;
    GMainLoop *loop;
    int code;
} Holding;

static void hold_end(Holding *holding, int code)
{
    holding->code = code;
    g_main_loop_quit(holding->loop);
}

static void on_held(GObject *source, GAsyncResult *result, gpointer data)
{
    Holding *holding = data;
    GError *error = NULL;
    if (paced1_hub_call_hold_finish(PACED1_HUB(source), result, &error))
        return;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_error_free(error);
    else
        hold_end(holding, complain_error(error));
}

static void hold(Holding *holding)
{
    g_autoptr(Paced1Hub) hub = daemon_find(holding->objects, "org.paced1.Hub");
    if (hub)
        paced1_hub_call_hold(hub, NULL, on_held, holding);
}

static void on_object(GDBusObjectManager *objects, GDBusObject *object, gpointer data)
{
    g_autoptr(Paced1Hub) hub = paced1_object_get_hub(PACED1_OBJECT(object));
    if (hub)
        hold(data);
}

static void on_owner(GObject *object, GParamSpec *pspec, gpointer data)
{
    g_autofree char *owner =
        g_dbus_object_manager_client_get_name_owner(G_DBUS_OBJECT_MANAGER_CLIENT(object));
    if (!owner)
        complain(EXIT_NO_DAEMON, "the daemon left the bus; waiting until it is back");
}

static void on_closed(GDBusConnection *bus, gboolean vanished, GError *error, gpointer data)
{
    hold_end(data, complain(EXIT_NO_DAEMON, "the session bus is gone"));
}

int verb_hold(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 0, 0))
        return EXIT_BAD_USAGE;
    g_autoptr(GDBusObjectManager) objects = NULL;
    int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    if (!hub)
        return complain_stranger();
    if (!paced1_hub_call_hold_sync(hub, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    puts("The sensors are kept connected until Ctrl-C.");
    fflush(stdout);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    Holding holding = {objects, loop, EXIT_DONE};
    GDBusConnection *bus =
        g_dbus_object_manager_client_get_connection(G_DBUS_OBJECT_MANAGER_CLIENT(objects));
    gulong handlers[] = {
        g_signal_connect(objects, "object-added", G_CALLBACK(on_object), &holding),
        g_signal_connect(objects, "notify::name-owner", G_CALLBACK(on_owner), &holding),
    };
    gulong closed = g_signal_connect(bus, "closed", G_CALLBACK(on_closed), &holding);
    loop_run(loop, 0);
    g_signal_handler_disconnect(bus, closed);
    for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++)
        g_signal_handler_disconnect(objects, handlers[i]);
    return holding.code;
}
