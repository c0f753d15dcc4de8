// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a watch recorded, through the estimators of today: its events (recording-play.c) go into a
// session as in a run without a plan, which is asked once a second.

#include "pacectl/pacectl.h"
#include "pacectl/recording.h"
#include "pacectl/replay.h"

#include "session/session.h"

#include <math.h>
#include <string.h>

typedef struct {
    Session *session;
    Effects effects;
    gboolean json;
    gboolean measured; // a speed was known once, and the distance with it
    gint64 second;     // of the next row
} Replay;

static void handle(Replay *replay, const Event *event)
{
    session_handle(replay->session, event, &replay->effects);
}

// ── rows ──

static const struct {
    const char *name, *unit; // the column is both, its confidence and source are of the name
    size_t place;            // of the Estimate in a Snapshot
    int digits;
} columns[] = {
#define COLUMN(name, unit, place, digits)                                                          \
    {                                                                                              \
        name, unit, offsetof(Snapshot, place), digits                                              \
    }
    COLUMN("heart_rate", "_bpm", heart_rate, 1),
    COLUMN("speed", "_mps", speed, 3),
    COLUMN("cadence", "_spm", cadence, 1),
    COLUMN("step_length", "_m", step_length, 3),
    COLUMN("power", "_w", power, 1),
    COLUMN("form_drift", "_spm", form_drift, 2),
    COLUMN("flat_speed", "_mps", flat_speed, 3),
    COLUMN("belt_speed", "_mps", belt_speed, 3),
    COLUMN("incline", "_percent", incline, 1),
    COLUMN("effort", "", effort.effort, 2),
    COLUMN("predicted_heart_rate", "_bpm", effort.predicted_heart_rate, 1),
    COLUMN("heart_zone", "", effort.heart_zone, 0),
    COLUMN("d_prime_balance", "_m", effort.d_prime_balance, 1),
    COLUMN("rmssd", "_ms", rmssd, 2),
    COLUMN("dfa_alpha1", "", alpha1, 3),
    COLUMN("artefact", "_percent", artefacts, 2),
    COLUMN("trimp", "", trimp, 2),
    COLUMN("rtss", "", rtss, 2),
    COLUMN("decoupling", "_percent", decoupling, 2),
#undef COLUMN
};

#define CONFIDENCE_DIGITS 3
#define DISTANCE_DIGITS   2

static const Estimate *estimate_of(const Snapshot *snapshot, size_t column)
{
    return (const Estimate *)((const char *)snapshot + columns[column].place);
}

// The zone has a name instead of a number.
static gboolean is_zone(size_t column)
{
    return columns[column].place == offsetof(Snapshot, effort.heart_zone);
}

static double rounded(double value, int digits)
{
    const double unit = pow(10, digits);
    return round(value * unit) / unit + 0.0; // and no -0
}

static void print_names(void)
{
    printf("t_s,distance_m");
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        printf(",%s%s,%s_confidence,%s_source", columns[i].name, columns[i].unit, columns[i].name,
               columns[i].name);
    putchar('\n');
}

static void print_number(double value, int digits)
{
    char format[] = "%.0f", text[G_ASCII_DTOSTR_BUF_SIZE];
    format[2] = (char)('0' + digits);
    putchar(',');
    if (!isnan(value))
        fputs(g_ascii_formatd(text, sizeof text, format, rounded(value, digits)), stdout);
}

static void print_row(const Replay *replay, const Snapshot *snapshot)
{
    printf("%" G_GINT64_FORMAT, replay->second);
    print_number(replay->measured ? snapshot->distance_m : NAN, DISTANCE_DIGITS);
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        const Estimate *estimate = estimate_of(snapshot, i);
        if (!estimate_known(estimate)) {
            printf(",,,");
            continue;
        }
        if (is_zone(i))
            printf(",%s", snapshot->heart_zone);
        else
            print_number(estimate->value, columns[i].digits);
        print_number(estimate->confidence, CONFIDENCE_DIGITS);
        printf(",%s", estimate_source_name(estimate->source));
    }
    putchar('\n');
}

static void add(JsonBuilder *builder, size_t column, const Snapshot *snapshot)
{
    const Estimate *estimate = estimate_of(snapshot, column);
    if (!estimate_known(estimate))
        return;
    const char *name = columns[column].name;
    g_autofree char *value = g_strconcat(name, columns[column].unit, NULL);
    g_autofree char *confidence = g_strconcat(name, "_confidence", NULL);
    g_autofree char *source = g_strconcat(name, "_source", NULL);
    if (is_zone(column))
        json_add_string(builder, value, snapshot->heart_zone);
    else
        json_add_double(builder, value, rounded(estimate->value, columns[column].digits));
    json_add_double(builder, confidence, rounded(estimate->confidence, CONFIDENCE_DIGITS));
    json_add_string(builder, source, estimate_source_name(estimate->source));
}

static void print_row_json(const Replay *replay, const Snapshot *snapshot)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_int(builder, "t_s", replay->second);
    if (replay->measured)
        json_add_double(builder, "distance_m", rounded(snapshot->distance_m, DISTANCE_DIGITS));
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        add(builder, i, snapshot);
    json_builder_end_object(builder);
    print_json_builder(builder);
}

// The rows of all seconds before `until`, which know nothing of what comes at it.
static void print_until(Replay *replay, double until)
{
    for (; (double)replay->second < until; replay->second++) {
        const Event event = {.at = usec_from_s((double)replay->second), .kind = EVENT_TIME};
        handle(replay, &event);
        const Snapshot *snapshot = session_snapshot(replay->session);
        replay->measured |= estimate_known(&snapshot->speed);
        if (replay->json)
            print_row_json(replay, snapshot);
        else
            print_row(replay, snapshot);
    }
}

static void on_event(gpointer data, const Event *event)
{
    print_until(data, usec_to_s(event->at));
    handle(data, event);
}

// Of several runs the first; a table is one.
static Recording *read_recording(const ReplayInput *input, const GString *whole, GError **error)
{
    if (!replay_is_fit(input->head))
        return recording_from_csv(input->file, whole->str, whole->len, error);
    g_autoptr(GPtrArray) left_out = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) runs =
        recordings_from_fit(input->file, (const guint8 *)whole->str, whole->len, left_out, error);
    for (guint i = 0; i < left_out->len; i++)
        fprintf(stderr, "%s\n", (const char *)left_out->pdata[i]);
    if (runs && runs->len > 1)
        fprintf(stderr, "%s: of the %u runs in it this is the first\n", input->file, runs->len);
    return runs ? g_ptr_array_steal_index(runs, 0) : NULL;
}

int replay_run(ReplayInput *input, gboolean json)
{
    g_autoptr(GString) whole = g_string_new_len(input->head->str, (gssize)input->head->len);
    g_autoptr(GError) error = NULL;
    const int code = read_rest(input->from, input->file, whole);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Recording) recording = read_recording(input, whole, &error);
    if (!recording) {
        fprintf(stderr, "%s\n", error->message);
        return EXIT_BAD_INPUT;
    }
    recording_speed_from_distance(recording, RECORDING_HELD_S);
    g_autofree Replay *replay = g_new0(Replay, 1);
    replay->json = json;
    replay->session = session_new(&SESSION_CONFIG_DEFAULT);
    if (!json)
        print_names();
    replay->second = (gint64)ceil(recording_sample(recording, 0)->at);
    recording_play(recording, FALSE, on_event, replay);
    print_until(replay, ceil(recording_sample(recording, recording_count(recording) - 1)->at) + 1);
    session_free(replay->session);
    return EXIT_DONE;
}
