// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// `paced-sim fake`: options and wiring.

#include "sim/fake.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

#include "sim/fake-world.h"
#include "sim/scene.h"

#define EXIT_USAGE   64
#define BLUEZ_NAME   "org.bluez"
#define SIM_NAME     "org.paced1.Sim"
#define FAREWELL_MS  1000
#define ADAPTERS_MAX 16

typedef struct {
    char *address, *rfkill;
    gboolean session, system;
    int adapters;
    double temporary_s;
    SceneOptions scene;
} Options;

typedef struct {
    GMainLoop *loop;
    int status;
    GDBusConnection *bus;
    Scene *scene;
    Tree *tree;
    FakeWorld world;
    Control *control;
    guint names[2], names_had;
} Fake;

static gboolean quit(gpointer data)
{
    g_main_loop_quit(((Fake *)data)->loop);
    return G_SOURCE_CONTINUE;
}

static void fail(Fake *fake, const char *reason)
{
    fprintf(stderr, "paced-sim: %s\n", reason);
    fake->status = 1;
    g_main_loop_quit(fake->loop);
}

static void on_closed(GDBusConnection *bus, gboolean vanished, GError *error, gpointer data)
{
    fail(data, "the bus is gone");
}

static void on_name_acquired(GDBusConnection *bus, const char *name, gpointer data)
{
    Fake *fake = data;
    if (++fake->names_had < G_N_ELEMENTS(fake->names))
        return;
    puts("ready");
    fflush(stdout);
}

static void on_name_lost(GDBusConnection *bus, const char *name, gpointer data)
{
    if (!bus || g_dbus_connection_is_closed(bus))
        return;
    g_autofree char *reason =
        g_strconcat(name, " cannot be had on this bus: it is owned or not allowed", NULL);
    fail(data, reason);
}

static GDBusConnection *connect_bus(const Options *options, GError **error)
{
    const GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                       G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
    g_autofree char *address = g_strdup(options->address);
    if (!address)
        address = g_dbus_address_get_for_bus_sync(
            options->session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, NULL, error);
    if (!address)
        return NULL;
    return g_dbus_connection_new_for_address_sync(address, flags, NULL, NULL, error);
}

static guint own(Fake *fake, const char *name)
{
    return g_bus_own_name_on_connection(fake->bus, name, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                        on_name_acquired, on_name_lost, fake, NULL);
}

// Returns the exit status, 0 to go on.
static int set_off(Fake *fake, const Options *options)
{
    int status;
    fake->scene = scene_new(&options->scene, &status);
    if (!fake->scene)
        return status;
    g_autoptr(GError) error = NULL;
    fake->bus = connect_bus(options, &error);
    g_autoptr(GDBusConnection) session = NULL;
    if (fake->bus && options->scene.follow)
        session = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &error);
    if (error) {
        fprintf(stderr, "paced-sim: %s\n", error->message);
        return 1;
    }
    if (session) {
        g_dbus_connection_set_exit_on_close(session, FALSE);
        scene_follow(fake->scene, session);
    }
    GPtrArray *sensors = scene_sensors(fake->scene);
    fake->tree = tree_new(fake->bus);
    guint adapters = (guint)options->adapters;
    fake->world.air = air_new(fake->tree, sensors, adapters, options->temporary_s);
    if (options->rfkill && !(fake->world.block = block_new(options->rfkill, adapters, &error))) {
        fprintf(stderr, "paced-sim: --rfkill: %s\n", error->message);
        return 1;
    }
    fake->control =
        control_new(fake->bus, sensors, scene_body(fake->scene), &FAKE_WORLD, &fake->world);
    scene_start(fake->scene, FAKE_WORLD.settle, &fake->world);
    g_signal_connect(fake->bus, "closed", G_CALLBACK(on_closed), fake);
    fake->names[0] = own(fake, SIM_NAME);
    fake->names[1] = own(fake, BLUEZ_NAME);
    return 0;
}

static void on_flushed(GObject *bus, GAsyncResult *result, gpointer data)
{
    g_dbus_connection_flush_finish(G_DBUS_CONNECTION(bus), result, NULL);
    quit(data);
}

// What was said last is to be heard, unless the bus hangs: a flush waits for it in a thread that
// nothing can call off, so it is not waited for but so long.
static void leave_bus(Fake *fake)
{
    g_signal_handlers_disconnect_by_data(fake->bus, fake);
    guint farewell = g_timeout_add(FAREWELL_MS, quit, fake);
    g_dbus_connection_flush(fake->bus, NULL, on_flushed, fake);
    g_main_loop_run(fake->loop);
    g_source_remove(farewell);
}

static int run(const Options *options)
{
    Fake fake = {.loop = g_main_loop_new(NULL, FALSE)};
    fake.status = set_off(&fake, options);
    if (fake.status == 0) {
        guint interrupt = g_unix_signal_add(SIGINT, quit, &fake);
        guint terminate = g_unix_signal_add(SIGTERM, quit, &fake);
        g_main_loop_run(fake.loop);
        g_source_remove(interrupt);
        g_source_remove(terminate);
    }
    // Not g_bus_unown_name(): it waits for an answer, and a bus that hangs gives none.
    control_free(fake.control);
    block_free(fake.world.block);
    air_free(fake.world.air);
    tree_free(fake.tree);
    scene_free(fake.scene);
    if (fake.bus) {
        leave_bus(&fake);
        g_object_unref(fake.bus);
    }
    g_main_loop_unref(fake.loop);
    return fake.status;
}

int fake_main(int argc, char **argv)
{
    Options options = {.temporary_s = 30, .adapters = 1};
    scene_options_init(&options.scene);
    const GOptionEntry entries[] = {
        {"bus", 0, 0, G_OPTION_ARG_STRING, &options.address, "The bus to be org.bluez on",
         "ADDRESS"},
        {"session", 0, 0, G_OPTION_ARG_NONE, &options.session, "Be it on the session bus", NULL},
        {"system", 0, 0, G_OPTION_ARG_NONE, &options.system, "Be it on the system bus (default)",
         NULL},
        {"adapters", 0, 0, G_OPTION_ARG_INT, &options.adapters, "So many adapters (1)", "N"},
        {"rfkill", 0, 0, G_OPTION_ARG_FILENAME, &options.rfkill,
         "Tell a FIFO of blocked adapters, as /dev/rfkill does", "PATH"},
        {"temporary-timeout", 0, 0, G_OPTION_ARG_DOUBLE, &options.temporary_s,
         "How long BlueZ keeps a device that it has no use for (30)", "SECONDS"},
        {NULL},
    };
    g_set_prgname("paced-sim fake");
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_summary(context, "An org.bluez with virtual sensors on a virtual runner.");
    g_option_context_add_main_entries(context, entries, NULL);
    scene_options_add(&options.scene, context);
    g_autoptr(GError) error = NULL;
    int status = EXIT_USAGE;
    if (!g_option_context_parse(context, &argc, &argv, &error))
        fprintf(stderr, "paced-sim: %s\n", error->message);
    else if (argc > 1)
        fprintf(stderr, "paced-sim: fake takes no \"%s\"\n", argv[1]);
    else if (!!options.address + options.session + options.system > 1)
        fprintf(stderr, "paced-sim: one of --bus, --session and --system\n");
    else if (options.adapters < 1 || options.adapters > ADAPTERS_MAX)
        fprintf(stderr, "paced-sim: --adapters: from 1 to %d\n", ADAPTERS_MAX);
    else
        status = run(&options);
    g_free(options.address);
    g_free(options.rfkill);
    scene_options_clear(&options.scene);
    return status;
}
