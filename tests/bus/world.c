// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "world.h"

#include "io/error.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

World world;

GDBusConnection *connect_bus(void)
{
    GError *error = NULL;
    GDBusConnection *connection =
        g_dbus_connection_new_for_address_sync(world.address,
                                               G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                               NULL, NULL, &error);
    cr_assert_null(error);
    return connection;
}

static void on_command(guint32 id, CommandVerb verb, const char *text, gsize length,
                       const char *sender, gpointer data)
{
    world.commands++;
    world.id = id;
    world.verb = verb;
    g_free(world.text);
    world.text = g_strndup(text, length);
    g_free(world.sender);
    world.sender = g_strdup(sender);
    TextError error = {.line = 3, .column = 7, .text = "expected a pace"};
    if (world.answers)
        bus_answer(world.bus, id, verb, world.reason, &error);
}

static gboolean on_scan(double seconds, GError **error, gpointer data)
{
    g_set_error(error, PACED_ERROR, PACED_ERROR_NOT_READY, "no adapter; plug one in");
    return FALSE;
}

static gboolean on_add(const char *address, const SensorWish *wish, GError **error, gpointer data)
{
    g_free(world.text);
    world.text = g_strconcat(address, " ", wish->name ? wish->name : "(its own)", NULL);
    world.wish = *wish;
    return TRUE;
}

static gboolean on_configure(const char *address, const SensorWish *wish, GError **error,
                             gpointer data)
{
    g_free(world.text);
    world.text = g_strconcat(address, " ", wish->runner ? wish->runner : "(nobody)", NULL);
    world.wish = *wish;
    return TRUE;
}

static gboolean on_forget(const char *address, GError **error, gpointer data)
{
    g_set_error(error, PACED_ERROR, PACED_ERROR_UNKNOWN_SENSOR, "%s is not enrolled", address);
    return FALSE;
}

static gboolean on_set_athlete(const Athlete *athlete, GError **error, gpointer data)
{
    char why[WHY_MAX];
    if (!athlete_check(athlete, why)) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, why);
        return FALSE;
    }
    const AthleteModel model = athlete_model(athlete);
    world.athlete = *athlete;
    bus_publish_athlete(world.bus, athlete, &model);
    return TRUE;
}

static void on_procedure(const char *address, const Procedure *procedure,
                         ProcedureCallback callback, gpointer callback_data, gpointer data)
{
    world.asked++;
    world.procedure = *procedure;
    world.answer_to = callback;
    world.answer_data = callback_data;
}

void answer_procedure(const ProcedureResult *result)
{
    ProcedureCallback callback = world.answer_to;
    world.answer_to = NULL;
    callback(result, world.answer_data);
}

static void on_hold(gboolean held, gpointer data)
{
    *(held ? &world.held : &world.let_go) += 1;
}

static void on_acquired(gpointer data)
{
    (*(guint *)data)++;
}

static void on_lost(gpointer data)
{
    world.lost++;
}

const BusHandlers world_handlers = {
    .command = on_command,
    .scan = on_scan,
    .add_sensor = on_add,
    .configure_sensor = on_configure,
    .forget_sensor = on_forget,
    .set_athlete = on_set_athlete,
    .procedure = on_procedure,
    .hold = on_hold,
    .name_acquired = on_acquired,
    .name_lost = on_lost,
};

static void on_signal(GDBusConnection *connection, const gchar *sender, const gchar *path,
                      const gchar *interface, const gchar *member, GVariant *body, gpointer data)
{
    g_ptr_array_add(world.signals, g_strdup(member));
    g_ptr_array_add(world.bodies, g_variant_ref(body));
}

void signals_watch(const char *path)
{
    g_dbus_connection_signal_subscribe(world.client, NULL, NULL, NULL, path, NULL,
                                       G_DBUS_SIGNAL_FLAGS_NONE, on_signal, NULL, NULL);
    signals_settle(); // the bus has heard of it
}

static void on_reply(GObject *source, GAsyncResult *result, gpointer data)
{
    Reply *reply = data;
    GError *error = NULL;
    reply->value = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
    if (error) {
        reply->error = g_dbus_error_get_remote_error(error);
        g_dbus_error_strip_remote_error(error);
        reply->message = g_strdup(error->message);
        g_error_free(error);
    }
    reply->done = TRUE;
}

void call_begin(GDBusConnection *client, const char *path, const char *interface,
                const char *method, GVariant *args, Reply *reply)
{
    *reply = (Reply){0};
    g_dbus_connection_call(client, g_dbus_connection_get_unique_name(world.server), path, interface,
                           method, args, NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL, on_reply,
                           reply);
}

void call_wait(Reply *reply)
{
    while (!reply->done)
        g_main_context_iteration(NULL, TRUE);
}

Reply call_as(GDBusConnection *client, const char *path, const char *interface, const char *method,
              GVariant *args)
{
    Reply reply;
    call_begin(client, path, interface, method, args, &reply);
    call_wait(&reply);
    return reply;
}

Reply call(const char *path, const char *interface, const char *method, GVariant *args)
{
    return call_as(world.client, path, interface, method, args);
}

void signals_settle(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        ;
    Reply reply = call(HUB, "org.freedesktop.DBus.Peer", "Ping", NULL);
    cr_assert_null(reply.error);
    g_variant_unref(reply.value);
}

void reply_clear(Reply *reply)
{
    g_clear_pointer(&reply->value, g_variant_unref);
    g_clear_pointer(&reply->error, g_free);
    g_clear_pointer(&reply->message, g_free);
}

GVariant *property(const char *path, const char *interface, const char *name)
{
    Reply reply = call(path, "org.freedesktop.DBus.Properties", "Get",
                       g_variant_new("(ss)", interface, name));
    cr_assert_null(reply.error, "%s: %s", name, reply.message);
    GVariant *value;
    g_variant_get(reply.value, "(v)", &value);
    reply_clear(&reply);
    return value;
}

guint signals_seen(const char *member)
{
    guint count = 0;
    for (guint i = 0; i < world.signals->len; i++)
        count += g_str_equal(g_ptr_array_index(world.signals, i), member);
    return count;
}

void signals_forget(void)
{
    g_ptr_array_set_size(world.signals, 0);
    g_ptr_array_set_size(world.bodies, 0);
}

static void die_with_parent(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

// Not GTestDBus: the helper that it forks is taken for a leaking test by the sanitizer.
static void start_daemon(void)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_subprocess_launcher_set_child_setup(launcher, die_with_parent, NULL, NULL);
    world.daemon = g_subprocess_launcher_spawn(launcher, NULL, "dbus-daemon", "--session",
                                               "--nofork", "--print-address", NULL);
    cr_assert_not_null(world.daemon);
    g_autoptr(GDataInputStream) lines =
        g_data_input_stream_new(g_subprocess_get_stdout_pipe(world.daemon));
    world.address = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
    cr_assert_not_null(world.address);
}

void world_begin(void)
{
    world.answers = TRUE;
    g_setenv("XDG_DATA_HOME", TEST_DATA, TRUE); // none of the tester's own workouts
    start_daemon();
    world.server = connect_bus();
    world.client = connect_bus();
    world.signals = g_ptr_array_new_with_free_func(g_free);
    world.bodies = g_ptr_array_new_with_free_func((GDestroyNotify)g_variant_unref);
    world.bus =
        bus_new(world.server, "me", TEST_DATA "/workouts", NULL, &world_handlers, &world.acquired);
    while (world.acquired == 0)
        g_main_context_iteration(NULL, TRUE);
}

void world_end(void)
{
    bus_free(world.bus);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_ptr_array_unref(world.signals);
    g_ptr_array_unref(world.bodies);
    g_object_unref(world.client);
    g_object_unref(world.server);
    g_subprocess_send_signal(world.daemon, SIGTERM);
    g_subprocess_wait(world.daemon, NULL, NULL);
    g_object_unref(world.daemon);
    g_free(world.address);
    g_free(world.text);
    g_free(world.sender);
}
