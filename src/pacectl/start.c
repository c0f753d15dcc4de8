// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl start and the verbs that steer what was started.

#include "io/error.h"
#include "pacectl/follow.h"
#include "pacectl/import.h"
#include "pacectl/proposal.h"
#include "paced1-dbus.h"
#include "session/event.h"
#include "workout/aids.h"

#include <string.h>

// ── waiting for sensors ──

typedef struct {
    GMainLoop *loop;
    GDBusObjectManager *objects;
    const char *runner;
    gboolean ready;
    guint live_shown;
} Wait;

// Enrolled, and not another runner's, which is never connected.
static gboolean is_expected(Paced1Sensor *sensor, const char *runner)
{
    const char *whose = paced1_sensor_get_runner(sensor);
    return paced1_sensor_get_enrolled(sensor) &&
           (!whose || *whose == '\0' || strcmp(whose, runner) == 0);
}

// All enrolled sensors of the runner are live, and there is at least one.
static gboolean sensors_live(GDBusObjectManager *objects, const char *runner, guint *ret_live)
{
    GList *all = g_dbus_object_manager_get_objects(objects);
    guint enrolled = 0, live = 0;
    for (GList *at = all; at; at = at->next) {
        g_autoptr(Paced1Sensor) sensor = paced1_object_get_sensor(at->data);
        if (!sensor || !is_expected(sensor, runner))
            continue;
        enrolled++;
        if (g_strcmp0(paced1_sensor_get_state(sensor), "live") == 0)
            live++;
    }
    g_list_free_full(all, g_object_unref);
    *ret_live = live;
    return enrolled > 0 && live == enrolled;
}

static void wait_look(Wait *wait)
{
    guint live;
    wait->ready = sensors_live(wait->objects, wait->runner, &live);
    if (live > wait->live_shown)
        printf("%u sensor%s live\n", live, live == 1 ? "" : "s");
    wait->live_shown = live;
    fflush(stdout);
    if (wait->ready)
        g_main_loop_quit(wait->loop);
}

static void wait_properties(GDBusObjectManagerClient *manager, GDBusObjectProxy *object,
                            GDBusProxy *proxy, GVariant *changed, char **invalidated, gpointer data)
{
    wait_look(data);
}

static void wait_object(GDBusObjectManager *manager, GDBusObject *object, gpointer data)
{
    wait_look(data);
}

// The daemon left.
static void wait_owner(GObject *object, GParamSpec *pspec, gpointer data)
{
    complain(EXIT_NO_DAEMON, "the daemon left the bus");
    g_main_loop_quit(((Wait *)data)->loop);
}

// Returns FALSE when it was given up by Ctrl-C, or the daemon left.
static gboolean wait_for_sensors(GDBusObjectManager *objects, const char *runner)
{
    Wait wait = {g_main_loop_new(NULL, FALSE), objects, runner, FALSE, 0};
    guint live;
    if (!sensors_live(objects, runner, &live)) {
        puts("Looking for the sensors (Ctrl-C gives up) ...");
        fflush(stdout);
        gulong changed = g_signal_connect(objects, "interface-proxy-properties-changed",
                                          G_CALLBACK(wait_properties), &wait);
        gulong left =
            g_signal_connect(objects, "notify::name-owner", G_CALLBACK(wait_owner), &wait);
        gulong added = g_signal_connect(objects, "object-added", G_CALLBACK(wait_object), &wait);
        loop_run(wait.loop, 0);
        g_signal_handler_disconnect(objects, changed);
        g_signal_handler_disconnect(objects, added);
        g_signal_handler_disconnect(objects, left);
    } else {
        wait.ready = TRUE;
    }
    g_main_loop_unref(wait.loop);
    return wait.ready;
}

// Those that are only connected on demand would not come by themselves. The hold ends with us; the
// workout has the sensors then.
static int hold_sensors(GDBusObjectManager *objects)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    if (!hub)
        return complain_stranger();
    if (!paced1_hub_call_hold_sync(hub, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}

// ── start ──

// A refused start. What lacks a number of the runner can be run all the same.
static int complain_start(const char *what, const char *called, GError *error)
{
    if (!g_error_matches(error, PACED_ERROR, PACED_ERROR_LACKS_NUMBER))
        return complain_text(called, error);
    g_autofree char *quoted = strpbrk(what, " '\"\\$`&|;<>()*?") ? g_shell_quote(what) : NULL;
    char *lacks = error->message;
    error->message = g_strdup_printf("%s, or run it by effort: pacectl start --by-effort %s", lacks,
                                     quoted ? quoted : what);
    g_free(lacks);
    return complain_text(called, error);
}

static GVariant *start_options(gboolean by_effort)
{
    GVariantDict options;
    g_variant_dict_init(&options, NULL);
    if (by_effort)
        g_variant_dict_insert(&options, "by-effort", "b", TRUE);
    return g_variant_dict_end(&options);
}

static int start_workout(Paced1Runner *runner, const char *what, gboolean by_effort)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    if (!what) {
        if (!paced1_runner_call_start_free_sync(runner, no_options(), &path, NULL, &error))
            return complain_error(g_steal_pointer(&error));
        return EXIT_DONE;
    }
    g_autofree char *text = NULL, *called = NULL;
    int code = EXIT_DONE;
    if (!workout_argument(what, &text, &called, &code))
        return code;
    GVariant *how = start_options(by_effort);
    const gboolean started =
        text ? paced1_runner_call_start_text_sync(runner, text, how, &path, NULL, &error)
             : paced1_runner_call_start_workout_sync(runner, what, how, &path, NULL, &error);
    return started ? EXIT_DONE
                   : complain_start(what, called ? called : what, g_steal_pointer(&error));
}

int verb_start(int argc, char **argv)
{
    gboolean is_free = FALSE, follow_it = FALSE, wait = FALSE, by_effort = FALSE;
    const GOptionEntry options[] = {{"free", 0, 0, G_OPTION_ARG_NONE, &is_free, NULL, NULL},
                                    {"follow", 0, 0, G_OPTION_ARG_NONE, &follow_it, NULL, NULL},
                                    {"by-effort", 0, 0, G_OPTION_ARG_NONE, &by_effort, NULL, NULL},
                                    {"wait-sensors", 0, 0, G_OPTION_ARG_NONE, &wait, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 1))
        return EXIT_BAD_USAGE;
    if (is_free == (argc > 1))
        return complain(EXIT_BAD_USAGE,
                        "say which workout: a FILE, a NAME, or --free for a run without a plan");

    g_autoptr(GDBusObjectManager) objects = NULL;
    int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1Runner) runner = daemon_find(objects, "org.paced1.Runner");
    if (!runner)
        return complain_stranger();
    if (wait && (code = hold_sensors(objects)) != EXIT_DONE)
        return code;
    if (wait && !wait_for_sensors(objects, paced1_runner_get_name(runner)))
        return EXIT_OTHER;
    code = start_workout(runner, is_free ? NULL : argv[1], by_effort);
    if (code != EXIT_DONE || !follow_it)
        return code;
    return follow(objects, FOLLOW_ONE_WORKOUT, FOLLOW_EVENTS);
}

// ── steering ──

// The session; NULL after a complaint, or when `verb` has answered what is proposed after a run.
static Paced1Session *session_open(const char *verb, int *ret_code)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    *ret_code = daemon_open(&objects);
    if (*ret_code != EXIT_DONE)
        return NULL;
    Paced1Session *session = daemon_find(objects, "org.paced1.Session");
    const gboolean accept = strcmp(verb, "accept") == 0;
    const gboolean answers = accept || strcmp(verb, "veto") == 0;
    if (!session && !(answers && proposal_answered(objects, accept, ret_code)))
        *ret_code = complain(EXIT_OTHER, "no workout is running; 'pacectl start' begins one");
    return session;
}

static gboolean call_stop(Paced1Session *session, GCancellable *cancellable, GError **error)
{
    return paced1_session_call_stop_sync(session, no_options(), cancellable, error);
}

int verb_steer(int argc, char **argv)
{
    static const struct {
        const char *verb;
        gboolean (*call)(Paced1Session *session, GCancellable *cancellable, GError **error);
    } calls[] = {
        {"pause", paced1_session_call_pause_sync},      {"resume", paced1_session_call_resume_sync},
        {"lap", paced1_session_call_lap_sync},          {"skip", paced1_session_call_skip_sync},
        {"where", paced1_session_call_say_status_sync}, {"veto", paced1_session_call_veto_sync},
        {"accept", paced1_session_call_accept_sync},    {"stop", call_stop},
    };
    const char *verb = argv[0];
    if (!verb_options(&argc, &argv, NULL, 0, 0))
        return EXIT_BAD_USAGE;
    int code;
    g_autoptr(Paced1Session) session = session_open(verb, &code);
    if (!session)
        return code;
    g_autoptr(GError) error = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
        if (strcmp(verb, calls[i].verb) == 0 && !calls[i].call(session, NULL, &error))
            return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}

int verb_rate(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 1, 1))
        return EXIT_BAD_USAGE;
    char *end;
    const double rating = g_ascii_strtod(argv[1], &end);
    if (end == argv[1] || *end != '\0' || !(rating >= 0 && rating <= RATING_MOST))
        return complain(EXIT_BAD_INPUT, "'%s' is no rating; one is 0 (rest) to 10 (all there is)",
                        argv[1]);
    int code;
    g_autoptr(Paced1Session) session = session_open(argv[0], &code);
    if (!session)
        return code;
    g_autoptr(GError) error = NULL;
    return paced1_session_call_rate_sync(session, rating, NULL, &error)
               ? EXIT_DONE
               : complain_error(g_steal_pointer(&error));
}

int verb_metronome(int argc, char **argv)
{
    unsigned metronome;
    if (!verb_options(&argc, &argv, NULL, 0, 1))
        return EXIT_BAD_USAGE;
    if (argc > 1 && !aids_read_metronome(argv[1], &metronome))
        return complain(EXIT_BAD_INPUT, "'%s' is no metronome: on, off, or 120 to 240 a minute",
                        argv[1]);
    int code;
    g_autoptr(Paced1Session) session = session_open(argv[0], &code);
    if (!session)
        return code;
    g_autoptr(GError) error = NULL;
    if (argc == 1)
        puts(paced1_session_get_metronome(session));
    else if (!paced1_session_call_set_metronome_sync(session, argv[1], NULL, &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}

int verb_pacer(int argc, char **argv)
{
    unsigned metres;
    if (!verb_options(&argc, &argv, NULL, 0, 1))
        return EXIT_BAD_USAGE;
    if (argc > 1 && !aids_read_pacer(argv[1], &metres))
        return complain(EXIT_BAD_INPUT, "'%s' is no pacer: 50, 100 or 200 metres, or off", argv[1]);
    int code;
    g_autoptr(Paced1Session) session = session_open(argv[0], &code);
    if (!session)
        return code;
    g_autoptr(GError) error = NULL;
    if (argc > 1)
        return paced1_session_call_set_pacer_sync(session, metres, NULL, &error)
                   ? EXIT_DONE
                   : complain_error(g_steal_pointer(&error));
    if (paced1_session_get_pacer(session) == 0)
        puts("off");
    else
        printf("%u m\n", paced1_session_get_pacer(session));
    return EXIT_DONE;
}
