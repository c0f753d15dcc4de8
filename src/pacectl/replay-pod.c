// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The pace filter alone on the speeds of a pod, for whoever wants to know how good it is: the same
// code as in a run, and as blind. A row of second t knows nothing of what came after t.

#include "pacectl/pacectl.h"
#include "pacectl/replay.h"
#include "pacectl/table.h"

#include "estimate/pace.h"

#include <math.h>

#define LAST_SECOND 1e6 // eleven days; more is a mistake
#define PRESS       0.3 // s; how well a lap button is pressed
#define BEGAN       5.0 // s; whose first packet is older had lost the pod
#define RAW_MAX     65535

typedef struct {
    const char *file; // NULL: there is none
    Table *table;
    int time, value; // columns
    guint next;      // row
} Stream;

static gboolean stream_open(Stream *stream, const char *value, GError **error)
{
    if (!stream->file)
        return TRUE;
    stream->table = table_load(stream->file, error);
    if (!stream->table || (stream->time = table_need(stream->table, "t_s", error)) < 0 ||
        !table_in_order(stream->table, stream->time, error))
        return FALSE;
    guint rows = table_rows(stream->table);
    for (guint row = 0; row < rows; row++) {
        double at = table_number(stream->table, row, stream->time);
        if (at < 0 || at > LAST_SECOND) {
            table_error(stream->table, row, error, "expected a time from 0 to %g s: %g",
                        LAST_SECOND, at);
            return FALSE;
        }
    }
    if (!value)
        return TRUE;
    stream->value = table_need(stream->table, value, error);
    if (stream->value < 0 || !table_numeric(stream->table, stream->value, error))
        return FALSE;
    for (guint row = 0; row < rows; row++) {
        double number = table_number(stream->table, row, stream->value);
        if (!(number >= 0)) {
            table_error(stream->table, row, error, "expected a %s of 0 or more", value);
            return FALSE;
        }
    }
    return TRUE;
}

// When its next row is due, in s; INFINITY after the last.
static double stream_at(const Stream *stream)
{
    if (!stream->table || stream->next >= table_rows(stream->table))
        return INFINITY;
    return table_number(stream->table, stream->next, stream->time);
}

static double stream_take(Stream *stream)
{
    return table_number(stream->table, stream->next++, stream->value);
}

typedef struct {
    Stream pod, marks, plan;
    Pace pace;
    SensorProfile profiles[SENSORS_MAX];
    double before; // m from t = 0 to the first packet
    double given;  // m in the newest row
} PodReplay;

static void packet(PodReplay *replay, double at)
{
    double raw = stream_take(&replay->pod);
    RscsMeasurement measurement = {.speed_256 = (uint16_t)lround(fmin(raw, RAW_MAX))};
    // Whoever is running as the first packet comes was so since the beginning.
    if (replay->pod.next == 1 && at < BEGAN)
        replay->before = raw / 256 * at;
    pace_measure(&replay->pace, replay->profiles, usec_from_s(at), 0, &measurement);
}

static void mark(PodReplay *replay, double at)
{
    double metres = stream_take(&replay->marks) - replay->before;
    PaceForetold now = pace_foretell(&replay->pace, usec_from_s(at));
    if (!isnan(now.speed) &&
        !pace_mark(&replay->pace, usec_from_s(at), metres, PRESS * fmax(now.speed, 1)))
        fprintf(stderr, "%s:%u: that cannot be, by the pod: left out\n", replay->marks.file,
                table_line(replay->marks.table, replay->marks.next - 1));
}

// Everything until `until`, which belongs to it.
static void catch_up(PodReplay *replay, double until)
{
    for (;;) {
        double pod = stream_at(&replay->pod), marked = stream_at(&replay->marks);
        double planned = stream_at(&replay->plan);
        if (fmin(pod, fmin(marked, planned)) > until)
            return;
        if (planned <= pod && planned <= marked) {
            replay->plan.next++;
            pace_expect_change(&replay->pace, usec_from_s(planned), NAN);
        } else if (marked <= pod) {
            mark(replay, marked);
        } else {
            packet(replay, pod);
        }
    }
}

static void print_row(PodReplay *replay, int second)
{
    catch_up(replay, second);
    PaceForetold now = pace_foretell(&replay->pace, usec_from_s(second));
    if (isnan(now.speed)) {
        printf("%d,nan,nan,0\n", second);
        return;
    }
    replay->given = fmax(replay->given, now.distance + replay->before);
    printf("%d,%.4f,%.2f,%.3f\n", second, now.speed, replay->given, now.confidence);
}

int replay_pod(const ReplayPod *files)
{
    g_autofree PodReplay *replay = g_new0(PodReplay, 1);
    g_autoptr(GError) error = NULL;
    replay->pod.file = files->pod;
    replay->marks.file = files->marks;
    replay->plan.file = files->plan;
    pace_init(&replay->pace);
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        replay->profiles[sensor] = sensor_profile_default(sensor);
    int code = EXIT_DONE;
    if (!isnan(files->scale_sd)) {
        ScaleKnown known = scale_unknown(files->scale_sd);
        if (!scale_known_valid(&known))
            return complain(EXIT_BAD_USAGE, "--scale-sd: expected a share from 0 to 0.5: %g",
                            files->scale_sd);
        pace_scale(&replay->pace, 0, &known);
    }
    if (!stream_open(&replay->pod, "rsc_raw", &error) ||
        !stream_open(&replay->marks, "cum_dist_m", &error) ||
        !stream_open(&replay->plan, NULL, &error)) {
        fprintf(stderr, "%s\n", error->message);
        code = EXIT_BAD_INPUT;
    } else {
        guint rows = table_rows(replay->pod.table);
        double last = rows > 0 ? table_number(replay->pod.table, rows - 1, replay->pod.time) : -1;
        printf("t_s,speed_mps,distance_m,confidence\n");
        for (int second = 0; second <= last; second++)
            print_row(replay, second);
    }
    table_free(replay->pod.table);
    table_free(replay->marks.table);
    table_free(replay->plan.table);
    return code;
}
