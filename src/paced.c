// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The daemon: wiring and signals. No decisions.

#include "home.h"
#include "hub/hub.h"
#include "io/config.h"
#include "io/farewell.h"
#include "io/log.h"
#include "io/notify.h"
#include "options.h"

#include <glib-unix.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>

#define LAST_WORDS_WITHIN USEC_PER_SEC // for what is still to be sent when the daemon ends

typedef struct {
    Options options;
    GMainLoop *loop;
    Config *config;
    Home *home;
    GDBusConnection *bus;   // where org.paced1 goes; the latest
    GDBusConnection *bluez; // NULL: the radio finds the system bus itself
    Hub *hub;
    gboolean served; // callers could come once
    int status;
} App;

static void quit(App *app, int status)
{
    app->status = status;
    g_main_loop_quit(app->loop);
}

static void on_ready(gpointer data)
{
    App *app = data;
    home_settled(app->home);
    if (app->served) {
        g_message("org.paced1 is on the bus again");
        return;
    }
    app->served = TRUE;
    notify_ready();
    if (app->options.print_ready) {
        puts("ready");
        fflush(stdout);
    }
    g_message("paced " PACED_VERSION " is ready");
    malloc_trim(0); // reading settings, phrases and the bus took what nothing takes again
}

// A run outlives its bus, and whoever takes the name meanwhile.
static gboolean app_goes_on(App *app)
{
    if (!app->served || !hub_is_running(app->hub))
        return FALSE;
    home_seek(app->home);
    return TRUE;
}

static void on_lost(gpointer data)
{
    App *app = data;
    gboolean closed = g_dbus_connection_is_closed(app->bus);
    if (app_goes_on(app)) {
        if (closed)
            g_warning("The D-Bus connection is lost; the workout goes on and waits for the bus");
    } else if (closed) {
        g_warning("The D-Bus connection is lost; start paced again when the bus is back");
        quit(app, EX_UNAVAILABLE);
    } else {
        g_warning("Another program has the name org.paced1 on this bus: paced runs already; use "
                  "that one, or stop it first");
        quit(app, EXIT_FAILURE);
    }
}

static void start(App *app)
{
    HubOptions options = {
        .config = app->config,
        .bus = app->bus,
        .bluez = app->bluez,
        .database = app->options.database,
        .record = app->options.record,
        .voice_outputs = app->options.voices,
        .ready = on_ready,
        .lost = on_lost,
        .data = app,
    };
    g_autoptr(GError) error = NULL;
    app->hub = hub_new(&options, &error);
    if (!app->hub) {
        g_warning("%s", error->message);
        quit(app, EXIT_FAILURE);
    }
}

static void on_bluez_bus(GObject *source, GAsyncResult *result, gpointer data)
{
    App *app = data;
    g_autoptr(GError) error = NULL;
    app->bluez = g_dbus_connection_new_for_address_finish(result, &error);
    if (app->bluez) {
        g_dbus_connection_set_exit_on_close(app->bluez, FALSE);
        start(app);
    } else {
        g_warning("The bus given with --bluez-bus does not answer (%s); correct its address",
                  error->message);
        quit(app, EX_UNAVAILABLE);
    }
}

static void on_bus_found(GDBusConnection *bus, gpointer data)
{
    App *app = data;
    g_set_object(&app->bus, bus);
    if (app->hub)
        hub_serve(app->hub, bus);
    else if (app->options.bluez_bus)
        home_connect(app->options.bluez_bus, NULL, on_bluez_bus, app);
    else
        start(app);
}

static void on_bus_missing(const char *sentence, gpointer data)
{
    App *app = data;
    if (app_goes_on(app))
        return;
    g_warning("%s", sentence);
    quit(app, EX_UNAVAILABLE);
}

// By SIGTERM a machine goes down and an update comes: the run may go on afterwards.
static gboolean on_term(gpointer data)
{
    App *app = data;
    if (app->hub)
        hub_interrupt(app->hub);
    quit(app, EXIT_SUCCESS);
    return G_SOURCE_CONTINUE;
}

static gboolean on_interrupt(gpointer data)
{
    quit(data, EXIT_SUCCESS);
    return G_SOURCE_CONTINUE;
}

// The run ends and is written; what that says on the bus is sent before the program goes.
static void stop(App *app)
{
    notify_stopping();
    g_clear_pointer(&app->home, home_free);
    g_clear_pointer(&app->hub, hub_free);
    if (app->bus)
        farewell_send(app->bus);
    farewell_wait(LAST_WORDS_WITHIN);
}

int main(int argc, char **argv)
{
    App app = {.status = EXIT_SUCCESS};
    mallopt(M_ARENA_MAX, 1);  // threads with a heap each would keep what each of them once needed
    setlocale(LC_CTYPE, "");  // never LC_NUMERIC: a decimal comma would reach the files
    signal(SIGPIPE, SIG_IGN); // a reader of --voice=print may go
    if (!options_parse(&argc, &argv, &app.options))
        return EX_USAGE;
    if (app.options.version) {
        puts("paced " PACED_VERSION);
        options_clear(&app.options);
        return EXIT_SUCCESS;
    }
    if (app.options.restore_volumes) {
        options_clear(&app.options);
        return voice_restore_volumes() ? EXIT_SUCCESS : EX_UNAVAILABLE;
    }
    log_start("paced", app.options.verbose);
    app.config = config_load(app.options.config);
    for (char **warning = app.config->warnings; *warning; warning++)
        g_warning("%s", *warning);
    app.loop = g_main_loop_new(NULL, FALSE);
    guint term = g_unix_signal_add(SIGTERM, on_term, &app);
    guint interrupt = g_unix_signal_add(SIGINT, on_interrupt, &app);
    app.home = home_new(&app.options, &(HomeHandlers){on_bus_found, on_bus_missing}, &app);
    g_main_loop_run(app.loop);
    stop(&app);
    g_source_remove(term);
    g_source_remove(interrupt);
    g_clear_object(&app.bluez);
    g_clear_object(&app.bus);
    g_main_loop_unref(app.loop);
    config_free(app.config);
    options_clear(&app.options);
    return app.status;
}
