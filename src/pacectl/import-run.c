// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl import: runs that others recorded, into the history, so that zones, loads and trends do
// not begin with the first run of ours. Each becomes a journal like any other, which the daemon
// puts through the core once to know its laps and its load.

#include "pacectl/recording.h"
#include "pacectl/run-way.h"

#include "codec/fit.h"
#include "io/clock.h"
#include "io/error.h"
#include "pacectl/pacectl.h"
#include "pacectl/told.h"
#include "paced1-dbus.h"
#include "record/journal.h"

#include <math.h>
#include <string.h>

#define DAY_S     86400
#define YEAR_S    (365.25 * DAY_S)
#define ARRAY_MAX (64u << 20) // bytes; a bus hangs up on whoever sends it more

// Archives of runs are full of files that are compressed one by one. Takes `bytes`.
static char *unpack(const char *file, char *bytes, gsize *length, int *ret_code)
{
    char chunk[65536];
    gssize got;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) plain = g_string_new(NULL);
    g_autoptr(GInputStream) packed =
        g_memory_input_stream_new_from_data(bytes, (gssize)*length, g_free);
    g_autoptr(GZlibDecompressor) gunzip = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    g_autoptr(GInputStream) stream = g_converter_input_stream_new(packed, G_CONVERTER(gunzip));
    while ((got = g_input_stream_read(stream, chunk, sizeof chunk, NULL, &error)) > 0 &&
           plain->len <= INPUT_MAX)
        g_string_append_len(plain, chunk, got);
    if (got != 0) {
        *ret_code =
            complain(EXIT_BAD_INPUT, "%s cannot be unpacked: %s", file,
                     error ? "it is damaged, or was cut" : "what is in it is too long for a run");
        return NULL;
    }
    *length = plain->len;
    return g_string_free(g_steal_pointer(&plain), FALSE);
}

static char *read_file(const char *file, gsize *ret_length, int *ret_code)
{
    char *bytes = read_input(file, ret_length, ret_code);
    const gboolean is_packed = bytes && *ret_length > 2 && memcmp(bytes, "\x1f\x8b", 2) == 0;
    return is_packed ? unpack(file, bytes, ret_length, ret_code) : bytes;
}

// Each a run of its own. What has no date, such as a table, is not for the history.
static GPtrArray *read_recordings(const char *file, int *ret_code)
{
    gsize length;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) left_out = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *bytes = read_file(file, &length, ret_code);
    if (!bytes)
        return NULL;
    const char *first = bytes + strspn(bytes, " \t\r\n\xef\xbb\xbf");
    const gboolean is_fit = fit_is((const guint8 *)bytes, length);
    if (g_str_has_prefix(first, "PK\3\4")) { // what Garmin calls the original
        *ret_code = complain(EXIT_BAD_INPUT,
                             "%s is an archive (ZIP): unpack it, and import what is in it", file);
        return NULL;
    }
    if (!is_fit && *first != '<') {
        *ret_code = complain(EXIT_BAD_INPUT,
                             "%s: expected a FIT activity or Training Center's XML (TCX)", file);
        return NULL;
    }
    GPtrArray *runs =
        is_fit
            ? recordings_from_fit(file, (const guint8 *)bytes, length, left_out, &error)
            : recordings_from_tcx(file, first, length - (gsize)(first - bytes), left_out, &error);
    for (guint i = 0; i < left_out->len; i++)
        fprintf(stderr, "%s\n", (const char *)left_out->pdata[i]);
    if (!runs) {
        fprintf(stderr, "%s\n", error->message);
        *ret_code = EXIT_BAD_INPUT;
    }
    return runs;
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

static GArray *fixes_of(const Recording *recording)
{
    GArray *fixes = g_array_new(FALSE, FALSE, sizeof(Fix));
    for (guint i = 0; i < recording_count(recording); i++) {
        const Sample *sample = recording_sample(recording, i);
        const Fix fix = {sample->at, sample->values[RECORDED_DISTANCE]};
        if (!isnan(fix.metres))
            g_array_append_val(fixes, fix);
    }
    return fixes;
}

// The way of each lap as the file has it. The core's is of the packets that its samples are made
// into, and each lap is too short for that to even out.
static GVariant *laps_of(const Recording *recording, const GArray *fixes)
{
    GVariantBuilder laps;
    guint next = 0;
    double start = run_way_at(fixes, 0, &next);
    g_variant_builder_init(&laps, G_VARIANT_TYPE("ad"));
    for (guint i = 0; i <= recording->marks->len; i++) {
        const RecordedMark *mark = &g_array_index(recording->marks, RecordedMark, i);
        const gboolean last = i == recording->marks->len;
        if (!last && mark->verb != COMMAND_LAP)
            continue;
        const double end = run_way_at(fixes, last ? INFINITY : mark->at, &next);
        g_variant_builder_add(&laps, "d", end - start);
        start = end;
    }
    return g_variant_builder_end(&laps);
}

static char *date_of(const Recording *recording)
{
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(recording->started);
    return g_date_time_format(when, "%Y-%m-%d %H:%M");
}

typedef struct {
    guint kept, known, refused; // runs
} Count;

// Of a run that was not taken. `date`: where there are several.
static int refuse(const char *file, const char *date, const char *why)
{
    return complain(EXIT_BAD_INPUT, "%s: %s%s%s", file, date ? date : "", date ? ": " : "", why);
}

static GVariant *options_of(const Recording *recording)
{
    GVariantDict options;
    g_autoptr(GArray) fixes = fixes_of(recording);
    const double metres = run_way_whole(fixes);
    g_variant_dict_init(&options, NULL);
    g_variant_dict_insert(&options, "started", "x", recording->started * (gint64)USEC_PER_SEC);
    if (recording->name)
        g_variant_dict_insert(&options, "workout", "s", recording->name);
    if (isfinite(metres) && metres > 0) {
        g_variant_dict_insert(&options, "distance", "d", metres);
        g_variant_dict_insert_value(&options, "laps", laps_of(recording, fixes));
    }
    return g_variant_dict_end(&options);
}

static int import_run(Paced1History *history, const Athlete *athlete, const char *file,
                      Recording *recording, gboolean of_several, Count *count)
{
    gint64 run;
    g_autoptr(GError) error = NULL;
    g_autofree char *date = recording->started ? date_of(recording) : NULL;
    const char *which = of_several ? date : NULL;
    count->refused++;
    if (!date)
        return refuse(file, which, "its date is not known, which is what a run is found by");
    if (clock_wall() != 0 && recording->started > clock_wall() / (gint64)USEC_PER_SEC + DAY_S)
        return refuse(file, date,
                      "its date is yet to come: the clock that it was recorded by was "
                      "wrong, or that of this machine is");
    if (recording_distance_from_places(recording))
        fprintf(stderr, "%s: the distance is that between its places; it has no other\n", file);
    recording_speed_from_distance(recording, RECORDING_HELD_S);
    g_autoptr(GVariant) events = g_variant_ref_sink(events_of(recording, athlete));
    // In a message each has a length, too, and begins at the fourth byte.
    if (g_variant_get_size(events) + 8 * g_variant_n_children(events) > ARRAY_MAX)
        return refuse(file, date, "it is too long to be one run's");
    // The generated call would take the events for texts.
    g_autoptr(GVariant) answer =
        g_dbus_proxy_call_sync(G_DBUS_PROXY(history), "Import",
                               g_variant_new("(@aay@a{sv})", events, options_of(recording)),
                               G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
    if (!answer) {
        const gboolean known = g_error_matches(error, PACED_ERROR, PACED_ERROR_EXISTS);
        count->known += known;
        count->refused -= known;
        g_dbus_error_strip_remote_error(error);
        g_prefix_error(&error, "%s: %s%s", file, which ? which : "", which ? ": " : "");
        return complain_error(g_steal_pointer(&error));
    }
    count->refused--;
    count->kept++;
    g_variant_get(answer, "(x)", &run);
    printf("%s: run %" G_GINT64_FORMAT ", %s\n", file, run, date);
    return EXIT_DONE;
}

static int import(Paced1History *history, const Athlete *athlete, const char *file)
{
    int code = EXIT_DONE;
    Count count = {0};
    g_autoptr(GPtrArray) runs = read_recordings(file, &code);
    for (guint i = 0; runs && i < runs->len; i++) {
        const int one = import_run(history, athlete, file, runs->pdata[i], runs->len > 1, &count);
        code = one == EXIT_DONE ? code : one;
    }
    if (runs && runs->len > 1)
        printf("%s: %u runs: %u kept, %u known already, %u refused\n", file, runs->len, count.kept,
               count.known, count.refused);
    return code;
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
