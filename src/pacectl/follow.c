// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Watching a workout. What was hard: a live line and lines that scroll share one terminal, so the
// live line is wiped before anything else is printed and drawn again after it; and without a
// terminal it must not be there at all, but neither may minutes pass in silence, so each step's
// start is a line of its own.

#include "pacectl/follow.h"
#include "pacectl/estimates.h"

#include "io/clock.h"
#include "pacectl/show.h"
#include "paced1-dbus.h"

#include <glib-unix.h>
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR_WIDTH  16
#define BAR_FEWEST 8 // below it is no picture any more

typedef struct {
    GDBusObjectManager *objects;
    GMainLoop *loop;
    FollowUntil until;
    FollowHow how;
    gboolean terminal, live; // live: a live line stands on the terminal
    GVariantBuilder laps;
    guint lap_count;
    Usec seen_at; // when Elapsed was last told; what happens between two ticks is later by as much
    int code;
} Follow;

// ── the live line ──

static void wipe(Follow *follow)
{
    if (follow->live)
        fputs("\r\033[K", stdout);
    follow->live = FALSE;
}

static void show_left(Paced1Session *session, char ret_text[SHOW_MAX])
{
    const char *measure = paced1_session_get_step_measure(session);
    double left = paced1_session_get_step_remaining(session);
    if (strcmp(measure, "time") == 0)
        show_duration(left, ret_text);
    else if (strcmp(measure, "distance") == 0)
        show_distance(left, ret_text);
    else { // it ends by hand: what there is so far
        char elapsed[SHOW_MAX], distance[SHOW_MAX];
        show_duration(paced1_session_get_elapsed(session), elapsed);
        show_distance(paced1_session_get_distance(session), distance);
        g_snprintf(ret_text, SHOW_MAX, "%.20s  %.20s", elapsed, distance);
    }
}

static glong terminal_columns(void)
{
    struct winsize size = {0};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// What stands before the bar, and behind it. Where there is little room, what names things goes,
// and the target: both are known from the step's announcement.
static void describe(Paced1Session *session, gboolean wide, GString *ret_head, GString *ret_tail)
{
    char left[SHOW_MAX], pace[SHOW_MAX], target[SHOW_MAX];
    double heart = paced1_session_get_heart_rate(session),
           cadence = paced1_session_get_cadence(session),
           effort = paced1_session_get_effort(session);

    show_left(session, left);
    show_pace(paced1_session_get_speed(session), pace);
    // Of a step that builds its pace, that of now.
    const double target_speed = paced1_session_get_target_speed(session);
    gboolean asked = show_target(paced1_session_get_target(session), target);
    if (isfinite(target_speed))
        show_pace(target_speed, target);
    g_string_printf(ret_head, "%s%u/%u %s", wide ? "step " : "",
                    paced1_session_get_step_index(session) + 1,
                    paced1_session_get_step_count(session), paced1_session_get_step_kind(session));
    if (paced1_session_get_repetitions(session) > 0)
        g_string_append_printf(ret_head, " %u/%u", paced1_session_get_repetition(session),
                               paced1_session_get_repetitions(session));
    gboolean open = strcmp(paced1_session_get_step_measure(session), "open") == 0;
    g_string_printf(ret_tail, "%s%s  %s /km", left, wide && !open ? " to go" : "", pace);
    if (wide && asked)
        g_string_append_printf(ret_tail, " (%s)", target);
    if (isfinite(heart))
        g_string_append_printf(ret_tail, "  %.0f bpm", heart);
    if (isfinite(cadence))
        g_string_append_printf(ret_tail, "  %.0f spm", cadence);
    if (wide && isfinite(paced1_session_get_incline(session)))
        g_string_append_printf(ret_tail, "  %.1f %%", paced1_session_get_incline(session));
    if (wide && isfinite(paced1_session_get_power(session)))
        g_string_append_printf(ret_tail, "  %.0f W", paced1_session_get_power(session));
    if (wide && isfinite(effort))
        g_string_append_printf(ret_tail, "  effort %.1f", effort);
    if (strcmp(paced1_session_get_state(session), "paused") == 0)
        g_string_append(ret_tail, "  paused");
}

// The bar takes what room the words leave; all of it fits on the terminal, for a line that wraps
// cannot be wiped.
static void print_live(Paced1Session *session)
{
    g_autoptr(GString) head = g_string_new(NULL), tail = g_string_new(NULL);
    glong columns = terminal_columns() - 1, bar_width = 0;
    for (int wide = TRUE; wide >= FALSE && bar_width < BAR_FEWEST; wide--) {
        describe(session, wide, head, tail);
        bar_width = columns - g_utf8_strlen(head->str, -1) - g_utf8_strlen(tail->str, -1) -
                    2 * (glong)strlen("  ");
    }
    double left = paced1_session_get_step_remaining(session);
    char bar[BAR_WIDTH * 4] = "";
    if (bar_width > 0 && isfinite(left))
        show_bar(1 - left / paced1_session_get_step_length(session), (int)MIN(bar_width, BAR_WIDTH),
                 bar, sizeof bar);
    g_autofree char *line =
        g_strdup_printf("%s  %s%s%s", head->str, bar, *bar ? "  " : "", tail->str);
    g_autofree char *fitting = g_utf8_substring(line, 0, MIN(columns, g_utf8_strlen(line, -1)));
    fputs(fitting, stdout);
}

static void draw(Follow *follow)
{
    if (!follow->terminal || follow->how != FOLLOW_EVENTS)
        return;
    g_autoptr(Paced1Session) session = daemon_find(follow->objects, "org.paced1.Session");
    wipe(follow);
    if (!session) {
        fflush(stdout);
        return;
    }
    print_live(session);
    fflush(stdout);
    follow->live = TRUE;
}

// ── what happened ──

static double elapsed_now(Follow *follow, Paced1Session *session)
{
    double elapsed = paced1_session_get_elapsed(session);
    if (g_strcmp0(paced1_session_get_state(session), "running") != 0 || follow->seen_at == 0)
        return elapsed;
    return elapsed + usec_to_s(CLAMP(clock_now() - follow->seen_at, 0, USEC_PER_SEC));
}

static void print_line(Follow *follow, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void print_line(Follow *follow, const char *format, ...)
{
    va_list arguments;
    char elapsed[SHOW_MAX];
    g_autoptr(Paced1Session) session = daemon_find(follow->objects, "org.paced1.Session");

    wipe(follow);
    show_duration(session ? elapsed_now(follow, session) : NAN, elapsed);
    printf("%*s%s  ", (int)MAX(0, 7 - g_utf8_strlen(elapsed, -1)), "", elapsed);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
    draw(follow);
}

static void print_event_json(const char *event, GVariant *parameters)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_string(builder, "event", event);
    if (strcmp(event, "cue") == 0) {
        const char *text, *kind;
        g_variant_get(parameters, "(&s&s)", &text, &kind);
        json_add_string(builder, "text", text);
        json_add_string(builder, "kind", kind);
    } else if (strcmp(event, "state") == 0) {
        const char *state, *by;
        g_variant_get(parameters, "(&s&s)", &state, &by);
        json_add_string(builder, "state", state);
        json_add_string(builder, "by", by);
    } else {
        // (u a{sv}) or (a{sv}): the dictionary is last.
        gsize last = g_variant_n_children(parameters) - 1;
        g_autoptr(GVariant) dict = g_variant_get_child_value(parameters, last);
        if (last == 1) {
            guint index;
            g_variant_get_child(parameters, 0, "u", &index);
            json_add_int(builder, "step", index);
        }
        json_builder_set_member_name(builder, event);
        json_builder_add_value(builder, json_from_dict(dict));
    }
    json_builder_end_object(builder);
    print_json_builder(builder);
    fflush(stdout);
}

static void print_values_json(GDBusProxy *session)
{
    static const struct {
        const char *property, *member;
    } values[] = {{"StepIndex", "step"},
                  {"StepRemaining", "step_remaining"},
                  {"Elapsed", "elapsed_s"},
                  {"Distance", "distance_m"},
                  {"Speed", "speed"},
                  {"HeartRate", "heart_rate"},
                  {"TargetSpeed", "target_speed_mps"},
                  {"Target", "target"},
                  {"StepNote", "step_note"},
                  {"Cadence", "cadence"},
                  {"BeltSpeed", "belt_speed"},
                  {"Incline", "incline"},
                  {"Power", "power"},
                  {"Effort", "effort"},
                  {"PredictedHeartRate", "predicted_heart_rate"},
                  {"HeartZone", "heart_zone"},
                  {"DPrimeBalance", "d_prime_balance_m"},
                  {"Rmssd", "rmssd_ms"},
                  {"Alpha1", "alpha1"},
                  {"ArtefactPercent", "artefact_percent"},
                  {"Trimp", "trimp"},
                  {"Rtss", "rtss"},
                  {"DecouplingPercent", "decoupling_percent"}};
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_string(builder, "event", "values");
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        const char *member = values[i].member;
        g_autoptr(GVariant) value = g_dbus_proxy_get_cached_property(session, values[i].property);
        if (!value)
            continue;
        if (g_variant_is_of_type(value, G_VARIANT_TYPE_UINT32))
            json_add_int(builder, member, g_variant_get_uint32(value));
        else if (g_variant_is_of_type(value, G_VARIANT_TYPE_DOUBLE))
            json_add_double(builder, member, g_variant_get_double(value));
        else if (g_variant_is_of_type(value, G_VARIANT_TYPE_VARDICT)) {
            if (g_variant_n_children(value) == 0)
                continue;
            json_builder_set_member_name(builder, member);
            json_builder_add_value(builder, json_from_dict(value));
        } else if (*g_variant_get_string(value, NULL) != '\0')
            json_add_string(builder, member, g_variant_get_string(value, NULL));
    }
    json_builder_end_object(builder);
    print_json_builder(builder);
    fflush(stdout);
}

static void print_stopped(const char *by)
{
    if (!by)
        puts("Stopped early.");
    else if (strcmp(by, "shutdown") == 0)
        puts("Stopped early: paced was shut down.");
    else
        printf("Stopped early by another program (%s).\n", by);
}

static void finished(Follow *follow, GVariant *parameters)
{
    g_autoptr(GVariant) summary = g_variant_get_child_value(parameters, 0);
    gboolean completed = FALSE;
    const char *by = NULL;
    g_variant_lookup(summary, "completed", "b", &completed);
    g_variant_lookup(summary, "by", "&s", &by);
    wipe(follow);
    if (!completed)
        print_stopped(by);
    g_autoptr(GVariant) laps = g_variant_ref_sink(g_variant_builder_end(&follow->laps));
    g_variant_builder_init(&follow->laps, G_VARIANT_TYPE("aa{sv}"));
    if (follow->lap_count > 0) {
        putchar('\n');
        show_laps(laps);
    }
    follow->lap_count = 0;
    fflush(stdout);
}

static void on_signal(GDBusObjectManagerClient *manager, GDBusObjectProxy *object,
                      GDBusProxy *proxy, char *sender, char *name, GVariant *parameters,
                      gpointer data)
{
    static const struct {
        const char *signal, *event;
    } known[] = {{"Cue", "cue"},
                 {"StepStarted", "step"},
                 {"Lap", "lap"},
                 {"StateChanged", "state"},
                 {"Finished", "finished"}};
    Follow *follow = data;
    const char *event = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(name, known[i].signal) == 0)
            event = known[i].event;
    // Without a workout, the coach's words are the runner's.
    const char *interface = g_dbus_proxy_get_interface_name(proxy);
    gboolean before = event && strcmp(event, "cue") == 0 &&
                      strcmp(interface, "org.paced1.Runner") == 0 &&
                      follow->until == FOLLOW_FOR_EVER;
    if (!event || (strcmp(interface, "org.paced1.Session") != 0 && !before))
        return;
    gboolean over = strcmp(event, "finished") == 0;
    if (follow->how == FOLLOW_ESTIMATES) {
        return; // the words would tear the table
    } else if (follow->how == FOLLOW_JSON) {
        print_event_json(event, parameters);
    } else if (strcmp(event, "cue") == 0) {
        const char *text;
        g_variant_get(parameters, "(&s&s)", &text, NULL);
        if (*text) // of a tone there may be none
            print_line(follow, "%s", text);
    } else if (strcmp(event, "state") == 0) {
        const char *state, *by;
        g_variant_get(parameters, "(&s&s)", &state, &by);
        print_line(follow, "[%s]", state);
    } else if (strcmp(event, "lap") == 0) {
        g_autoptr(GVariant) lap = g_variant_get_child_value(parameters, 1);
        g_variant_builder_add_value(&follow->laps, lap);
        follow->lap_count++;
    } else if (over) {
        finished(follow, parameters);
    }
    if (over && follow->until == FOLLOW_ONE_WORKOUT)
        g_main_loop_quit(follow->loop);
}

static void on_properties(GDBusObjectManagerClient *manager, GDBusObjectProxy *object,
                          GDBusProxy *proxy, GVariant *changed, char **invalidated, gpointer data)
{
    Follow *follow = data;
    const char *interface = g_dbus_proxy_get_interface_name(proxy);
    g_autoptr(GVariant) estimates = NULL;
    if (strcmp(interface, "org.paced1.Runner") == 0 && follow->how != FOLLOW_EVENTS)
        estimates = g_variant_lookup_value(changed, "Estimates", G_VARIANT_TYPE_VARDICT);
    if (estimates && follow->how == FOLLOW_JSON)
        estimates_print_json(estimates);
    else if (estimates)
        estimates_print(estimates, follow->terminal);
    if (strcmp(interface, "org.paced1.Session") != 0)
        return;
    if (g_variant_lookup(changed, "Elapsed", "d", NULL))
        follow->seen_at = clock_now();
    if (follow->how == FOLLOW_JSON)
        print_values_json(proxy);
    else
        draw(follow);
}

static void on_owner(GObject *object, GParamSpec *pspec, gpointer data)
{
    Follow *follow = data;
    g_autofree char *owner =
        g_dbus_object_manager_client_get_name_owner(G_DBUS_OBJECT_MANAGER_CLIENT(object));
    if (owner)
        return;
    wipe(follow);
    if (follow->until == FOLLOW_FOR_EVER) {
        complain(EXIT_NO_DAEMON, "the daemon left the bus; waiting until it is back");
        return;
    }
    follow->code = complain(EXIT_NO_DAEMON, "the daemon left the bus; what was run so far is kept");
    g_main_loop_quit(follow->loop);
}

static void on_closed(GDBusConnection *bus, gboolean vanished, GError *error, gpointer data)
{
    Follow *follow = data;
    wipe(follow);
    follow->code = complain(EXIT_NO_DAEMON, "the session bus is gone");
    g_main_loop_quit(follow->loop);
}

static gboolean on_interrupt(gpointer data)
{
    Follow *follow = data;
    wipe(follow);
    fflush(stdout);
    if (follow->until == FOLLOW_ONE_WORKOUT)
        follow->code = complain(EXIT_OTHER, "no longer watching; 'pacectl stop' ends the workout");
    g_main_loop_quit(follow->loop);
    return G_SOURCE_REMOVE;
}

int follow(GDBusObjectManager *objects, FollowUntil until, FollowHow how)
{
    Follow follow = {
        .objects = objects,
        .loop = g_main_loop_new(NULL, FALSE),
        .until = until,
        .how = how,
        .terminal = isatty(STDOUT_FILENO),
    };
    g_variant_builder_init(&follow.laps, G_VARIANT_TYPE("aa{sv}"));
    gulong handlers[] = {
        g_signal_connect(objects, "interface-proxy-signal", G_CALLBACK(on_signal), &follow),
        g_signal_connect(objects, "interface-proxy-properties-changed", G_CALLBACK(on_properties),
                         &follow),
        g_signal_connect(objects, "notify::name-owner", G_CALLBACK(on_owner), &follow),
    };
    GDBusConnection *bus =
        g_dbus_object_manager_client_get_connection(G_DBUS_OBJECT_MANAGER_CLIENT(objects));
    gulong closed = g_signal_connect(bus, "closed", G_CALLBACK(on_closed), &follow);
    guint interrupts[] = {g_unix_signal_add(SIGINT, on_interrupt, &follow),
                          g_unix_signal_add(SIGTERM, on_interrupt, &follow)};
    draw(&follow);
    g_main_loop_run(follow.loop);
    wipe(&follow); // what came with the last turn may have drawn it once more
    fflush(stdout);
    for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++)
        g_signal_handler_disconnect(objects, handlers[i]);
    g_signal_handler_disconnect(bus, closed);
    for (gsize i = 0; i < G_N_ELEMENTS(interrupts); i++)
        if (g_main_context_find_source_by_id(NULL, interrupts[i]))
            g_source_remove(interrupts[i]);
    g_variant_builder_clear(&follow.laps);
    g_main_loop_unref(follow.loop);
    return follow.code;
}
