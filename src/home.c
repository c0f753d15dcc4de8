// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard: a new bus daemon listens at the old address, so the address is kept from the
// start; and one that has just begun may refuse us for a moment, so every failure is only a reason
// to look again.

#include "home.h"

#include "io/clock.h"

#define SEEK_FIRST (USEC_PER_SEC / 4)
#define SEEK_LAST  (4 * USEC_PER_SEC)

struct Home {
    const Options *options;
    HomeHandlers handlers;
    gpointer data;
    char *address; // NULL until it is known
    GDBusConnection *bus;
    GCancellable *connecting;
    Alarm *alarm;
    Usec wait; // before the next look
};

void home_connect(const char *address, GCancellable *cancellable, GAsyncReadyCallback done,
                  gpointer data)
{
    g_dbus_connection_new_for_address(address,
                                      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                      NULL, cancellable, done, data);
}

static void home_missing(Home *home, const GError *error)
{
    const Options *options = home->options;
    g_autofree char *sentence =
        g_strdup_printf("The %s bus does not answer (%s); %s",
                        options->bus      ? "given"
                        : options->system ? "system"
                                          : "session",
                        error->message,
                        options->bus || options->system
                            ? "check that it runs"
                            : "log in as the user who runs, or start paced with dbus-run-session");
    home->handlers.missing(sentence, home->data);
}

static void on_connected(GObject *source, GAsyncResult *result, gpointer data)
{
    Home *home = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GDBusConnection) bus = g_dbus_connection_new_for_address_finish(result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; // the home has been freed
    if (!bus) {
        home_missing(home, error);
        return;
    }
    g_dbus_connection_set_exit_on_close(bus, FALSE);
    g_set_object(&home->bus, bus);
    home->handlers.found(bus, home->data);
}

static void home_look(gpointer data)
{
    Home *home = data;
    g_autoptr(GError) error = NULL;
    if (home->bus && !g_dbus_connection_is_closed(home->bus)) {
        home->handlers.found(home->bus, home->data);
        return;
    }
    if (!home->address)
        home->address =
            home->options->bus
                ? g_strdup(home->options->bus)
                : g_dbus_address_get_for_bus_sync(
                      home->options->system ? G_BUS_TYPE_SYSTEM : G_BUS_TYPE_SESSION, NULL, &error);
    if (home->address)
        home_connect(home->address, home->connecting, on_connected, home);
    else
        home_missing(home, error);
}

void home_seek(Home *home)
{
    alarm_set(home->alarm, clock_now() + home->wait);
    home->wait = MIN(2 * home->wait, SEEK_LAST);
}

void home_settled(Home *home)
{
    home->wait = SEEK_FIRST;
}

Home *home_new(const Options *options, const HomeHandlers *handlers, gpointer data)
{
    Home *home = g_new0(Home, 1);
    home->options = options;
    home->handlers = *handlers;
    home->data = data;
    home->connecting = g_cancellable_new();
    home->alarm = alarm_new(home_look, home);
    home->wait = SEEK_FIRST;
    alarm_set(home->alarm, 0);
    return home;
}

void home_free(Home *home)
{
    if (!home)
        return;
    g_cancellable_cancel(home->connecting);
    g_object_unref(home->connecting);
    alarm_free(home->alarm);
    g_clear_object(&home->bus);
    g_free(home->address);
    g_free(home);
}
