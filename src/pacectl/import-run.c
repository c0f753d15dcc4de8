// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl import: runs that others recorded, into the history, so that zones, loads and trends do
// not begin with the first run of ours. Each becomes a journal like any other, which the daemon
// puts through the core once to know its laps and its load.

#include "pacectl/recording.h"

#include "codec/fit.h"
#include "io/clock.h"
#include "pacectl/pacectl.h"
#include "pacectl/told.h"
#include "paced1-dbus.h"
#include "record/journal.h"

#include <math.h>
#include <string.h>

#define DAY_S  86400
#define YEAR_S (365.25 * DAY_S)

// What has no date, such as a table, is not for the history.
static Recording *read_recording(const char *file, int *ret_code)
{
    gsize length;
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = read_input(file, &length, ret_code);
    if (!bytes)
        return NULL;
    const char *first = bytes + strspn(bytes, " \t\r\n\xef\xbb\xbf");
    const gboolean is_fit = fit_is((const guint8 *)bytes, length);
    if (!is_fit && *first != '<') {
        *ret_code = complain(EXIT_BAD_INPUT,
                             "%s: expected a FIT activity or Training Center's XML (TCX)", file);
        return NULL;
    }
    Recording *recording =
        is_fit ? recording_from_fit(file, (const guint8 *)bytes, length, &error)
               : recording_from_tcx(file, first, length - (gsize)(first - bytes), &error);
    if (!recording) {
        fprintf(stderr, "%s\n", error->message);
        *ret_code = EXIT_BAD_INPUT;
        return NULL;
    }
    recording_speed_from_distance(recording, RECORDING_HELD_S);
    return recording;
}

static void add_event(gpointer data, const Event *event)
{
    guint8 bytes[EVENT_RECORD_MAX];
    const gsize length = journal_encode(event, bytes, sizeof bytes);
    g_variant_builder_add_value(data,
                                g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, length, 1));
}

// What is known of the runner as it was on that day, as far as it has a date: no races that were
// still to come, and so much younger.
static Athlete athlete_then(const Athlete *now, gint64 started)
{
    const gint64 day = started / DAY_S;
    const double years = (usec_to_s(clock_wall()) - (double)started) / YEAR_S;
    Athlete then = *now;
    then.race_count = 0;
    for (size_t i = 0; i < now->race_count; i++)
        if (now->races[i].day <= day)
            then.races[then.race_count++] = now->races[i];
    then.age = now->age - fmax(years, 0);
    for (size_t i = 0; i < ATHLETE_FIELDS; i++)
        if (athlete_get(&then, i) < athlete_fields[i].least)
            athlete_set(&then, i, NAN);
    return then;
}

static GVariant *events_of(const Recording *recording, const Athlete *athlete)
{
    GVariantBuilder events;
    const Athlete then = athlete_then(athlete, recording->started);
    const Event told = {.kind = EVENT_ATHLETE, .athlete = athlete_recorded(&then)};
    g_variant_builder_init(&events, G_VARIANT_TYPE("aay"));
    if (!athlete_is_unknown(&then))
        add_event(&events, &told);
    recording_play(recording, TRUE, add_event, &events);
    return g_variant_builder_end(&events);
}

// The way as the file has it; NAN: it has none.
static double distance_of(const Recording *recording)
{
    double first = NAN, last = NAN;
    for (guint i = 0; i < recording_count(recording); i++) {
        const double metres = recording_sample(recording, i)->values[RECORDED_DISTANCE];
        first = isnan(first) ? metres : first;
        last = isnan(metres) ? last : metres;
    }
    return last - first;
}

static int import(Paced1History *history, const Athlete *athlete, const char *file)
{
    int code = EXIT_DONE;
    gint64 run;
    g_autoptr(GError) error = NULL;
    g_autoptr(Recording) recording = read_recording(file, &code);
    if (!recording)
        return code;
    if (!recording->started)
        return complain(EXIT_BAD_INPUT,
                        "%s: its date is not known, which is what a run is found by", file);
    GVariantDict options;
    const double metres = distance_of(recording);
    g_variant_dict_init(&options, NULL);
    g_variant_dict_insert(&options, "started", "x", recording->started * (gint64)USEC_PER_SEC);
    if (recording->name)
        g_variant_dict_insert(&options, "workout", "s", recording->name);
    if (isfinite(metres) && metres > 0)
        g_variant_dict_insert(&options, "distance", "d", metres);
    // The generated call would take the events for texts.
    g_autoptr(GVariant) answer = g_dbus_proxy_call_sync(
        G_DBUS_PROXY(history), "Import",
        g_variant_new("(@aay@a{sv})", events_of(recording, athlete), g_variant_dict_end(&options)),
        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
    if (!answer) {
        g_dbus_error_strip_remote_error(error);
        g_prefix_error(&error, "%s: ", file);
        return complain_error(g_steal_pointer(&error));
    }
    g_variant_get(answer, "(x)", &run);
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(recording->started);
    g_autofree char *date = g_date_time_format(when, "%Y-%m-%d %H:%M");
    printf("%s: run %" G_GINT64_FORMAT ", %s\n", file, run, date);
    return EXIT_DONE;
}

int verb_import(int argc, char **argv)
{
    const GOptionEntry options[] = {{NULL}};
    if (!verb_options(&argc, &argv, options, 1, -1))
        return EXIT_BAD_USAGE;
    int code;
    Athlete athlete;
    g_autoptr(Paced1Athlete) told = told_by_daemon(&athlete, &code);
    g_autoptr(GDBusObjectManager) objects = NULL;
    if (told)
        code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1History) history = daemon_find(objects, "org.paced1.History");
    if (!history)
        return complain_stranger();
    g_dbus_proxy_set_default_timeout(G_DBUS_PROXY(history), G_MAXINT);
    // Of many one that cannot be read holds up no other.
    for (int i = 1; i < argc; i++) {
        const int one = import(history, &athlete, argv[i]);
        code = one == EXIT_DONE ? code : one;
    }
    return code;
}
