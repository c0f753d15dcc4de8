// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The hub with everything real but the time: what it does after a long rest, and what is left of it
// when it cannot begin.

#include "hub/hub.h"

#include "io/error.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define MINUTE (60 * USEC_PER_SEC)
#define RUNNER "/org/paced1/runner/me"

// The linker sends the shell's looks at the clock here (--wrap).
static Usec ahead;
Usec __real_clock_now(void);
Usec __wrap_clock_now(void);
Usec __wrap_clock_now(void)
{
    return __real_clock_now() + ahead;
}

static struct {
    GTestDBus *dbus;
    GDBusConnection *server, *client;
    char *directory, *database;
    Config *config;
    Hub *hub;
    gboolean ready;
    char *said, *by; // the newest Cue; who brought about the newest State
} world;

static void on_ready(gpointer data)
{
    world.ready = TRUE;
}

static void on_lost(gpointer data)
{
    cr_assert(false, "the bus is lost");
}

static GDBusConnection *connect_bus(void)
{
    return g_dbus_connection_new_for_address_sync(
        g_test_dbus_get_bus_address(world.dbus),
        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
            G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
        NULL, NULL, NULL);
}

static void on_signal(GDBusConnection *connection, const char *sender, const char *path,
                      const char *interface, const char *member, GVariant *body, gpointer data)
{
    const char *text;
    if (strcmp(member, "Cue") == 0) {
        g_variant_get(body, "(&s&s)", &text, NULL);
        g_free(world.said);
        world.said = g_strdup(text);
    } else if (strcmp(member, "StateChanged") == 0) {
        g_variant_get(body, "(&s&s)", NULL, &text);
        g_free(world.by);
        world.by = g_strdup(text);
    }
}

static void world_begin(void)
{
    world.dbus = g_test_dbus_new(G_TEST_DBUS_NONE);
    g_test_dbus_up(world.dbus);
    world.server = connect_bus();
    world.client = connect_bus();
    world.directory = g_dir_make_tmp("paced-hub-XXXXXX", NULL);
    world.database = g_build_filename(world.directory, "paced.db", NULL);
    g_setenv("XDG_CONFIG_HOME", world.directory, TRUE);
    world.config = config_load(TEST_CONFIG);
    g_dbus_connection_signal_subscribe(world.client, NULL, NULL, NULL, NULL, NULL,
                                       G_DBUS_SIGNAL_FLAGS_NONE, on_signal, NULL, NULL);
}

static void world_end(void)
{
    hub_free(world.hub);
    config_free(world.config);
    g_object_unref(world.server);
    g_object_unref(world.client);
    g_test_dbus_down(world.dbus);
    g_object_unref(world.dbus);
    g_autofree char *command = g_strdup_printf("rm -rf %s", world.directory);
    g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL);
    g_free(world.directory);
    g_free(world.database);
    g_free(world.said);
    g_free(world.by);
}

static Hub *begin(const char *voice, GError **error)
{
    char *outputs[] = {(char *)voice, NULL};
    return hub_new(&(HubOptions){.config = world.config,
                                 .bus = world.server,
                                 .bluez = world.server, // no BlueZ there
                                 .database = world.database,
                                 .voice_outputs = outputs,
                                 .ready = on_ready,
                                 .lost = on_lost},
                   error);
}

static void begin_well(void)
{
    GError *error = NULL;
    world.hub = begin("print", &error);
    cr_assert_null(error);
    while (!world.ready)
        g_main_context_iteration(NULL, TRUE);
}

static void on_called(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    *(GVariant **)data = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
    cr_assert_null(error, "%s", error->message);
}

static void call(const char *path, const char *interface, const char *method, GVariant *arguments)
{
    GVariant *reply = NULL;
    g_dbus_connection_call(world.client, "org.paced1", path, interface, method, arguments, NULL,
                           G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_called, &reply);
    while (!reply)
        g_main_context_iteration(NULL, TRUE);
    g_variant_unref(reply);
}

static void enrol_a_strap(void)
{
    g_autoptr(Store) store = store_open(world.database, NULL, NULL, NULL);
    const EnrolledSensor strap = {
        .slot = -1, .address = (char *)"A0:9E:1A:11:22:33", .services = SERVICE_HEART};
    cr_assert(store_sensor_put(store, &strap, NULL, NULL));
}

static void preflight(void)
{
    call(RUNNER, "org.paced1.Runner", "Preflight", g_variant_new("(a{sv})", NULL));
    while (!world.said)
        g_main_context_iteration(NULL, TRUE);
}

TestSuite(hub, .init = world_begin, .fini = world_end);

Test(hub, that_cannot_begin_says_why)
{
    GError *error = NULL;
    cr_assert_null(begin("trumpet", &error));
    cr_assert(g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT), "%s", error->message);
    g_error_free(error);
}

Test(hub, knows_its_sensors_after_a_long_rest)
{
    enrol_a_strap();
    begin_well();
    ahead = 11 * MINUTE;
    preflight();
    cr_assert_not_null(strstr(world.said, "missing"), "%s", world.said);
}

Test(hub, knows_who_asked_after_a_long_rest)
{
    enrol_a_strap();
    begin_well();
    ahead = 11 * MINUTE;
    call(RUNNER, "org.paced1.Runner", "StartFree", g_variant_new("(a{sv})", NULL));
    while (!world.by)
        g_main_context_iteration(NULL, TRUE);
    cr_assert(eq(str, world.by, (char *)g_dbus_connection_get_unique_name(world.client)));
}

Test(hub, that_keeps_runs_beside_does_not_say_that_it_keeps_none)
{
    cr_assert(g_file_set_contents(world.database, "somebody's diary, and no database", -1, NULL));
    begin_well();
    preflight();
    cr_assert_null(strstr(world.said, "saved"), "%s", world.said);
}
