// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Samples in a row, and what is common to where they come from.

#include "pacectl/recording.h"

#include "io/error.h"
#include "workout/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RR_MS_MAX 63999.0 // 16 bits of 1/1024 s
#define TURNS_MAX 1000    // how often time may run backwards in a file
#define EARTH_M   6371008.8

Recording *recording_new(void)
{
    Recording *recording = g_new0(Recording, 1);
    recording->marks = g_array_new(FALSE, FALSE, sizeof(RecordedMark));
    recording->samples = g_array_new(FALSE, FALSE, sizeof(Sample));
    recording->rr = g_array_new(FALSE, FALSE, sizeof(double));
    return recording;
}

void recording_free(Recording *recording)
{
    if (!recording)
        return;
    g_array_unref(recording->samples);
    g_array_unref(recording->rr);
    g_array_unref(recording->marks);
    g_free(recording->name);
    g_free(recording);
}

// Notes are whatever people write.
void recording_call(Recording *recording, const char *text, gsize length)
{
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)length);
    g_auto(GStrv) lines = g_strsplit_set(g_strstrip(valid), "\r\n", 2);
    char *line = lines[0] ? lines[0] : valid + strlen(valid);
    for (char *at = line; *at; at++)
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    g_strstrip(line);
    const char *end = strlen(line) < PLAN_NAME_MAX
                          ? line + strlen(line)
                          : g_utf8_find_prev_char(line, line + PLAN_NAME_MAX);
    g_free(recording->name);
    recording->name = end > line ? g_strndup(line, (gsize)(end - line)) : NULL;
}

Sample *recording_at(Recording *recording, double at)
{
    const guint count = recording_count(recording);
    if (count > 0 && recording_sample(recording, count - 1)->at == at)
        return recording_sample(recording, count - 1);
    Sample sample = {.at = at, .rr_first = recording->rr->len};
    for (RecordedField field = 0; field < RECORDED_FIELDS; field++)
        sample.values[field] = NAN;
    g_array_append_val(recording->samples, sample);
    return recording_sample(recording, count);
}

// ── samples in any order ──

typedef struct {
    double from, until;
} Span;

static int compare_times(gconstpointer one, gconstpointer other)
{
    const double a = *(const double *)one, b = *(const double *)other; // first member of a Sample
    return (a > b) - (a < b);
}

// In the middle of all: some that are far off do not move it.
static double middle_of(const Recording *recording)
{
    const guint count = recording_count(recording);
    g_autofree double *times = g_new(double, count);
    for (guint i = 0; i < count; i++)
        times[i] = recording_sample(recording, i)->at;
    qsort(times, count, sizeof *times, compare_times);
    return times[(count - 1) / 2];
}

static gboolean is_within(const GArray *spans, double at)
{
    for (guint i = 0; i < spans->len; i++) {
        const Span *span = &g_array_index(spans, Span, i);
        if (span->from < at && at < span->until)
            return TRUE;
    }
    return FALSE;
}

// The same instant told twice, as where one lap ends and the next begins.
static void merge(Sample *sample, const Sample *again)
{
    for (RecordedField i = 0; i < RECORDED_FIELDS; i++)
        if (isnan(sample->values[i]))
            sample->values[i] = again->values[i];
}

// A sample and its beats, whose place in the recording's row they get.
static void take_over(Recording *to, const Sample *sample, const GArray *rr)
{
    Sample *last = recording_count(to) > 0 ? recording_sample(to, recording_count(to) - 1) : NULL;
    if (last && last->at == sample->at) {
        merge(last, sample);
        last->rr_count += sample->rr_count;
    } else {
        Sample copy = *sample;
        copy.rr_first = to->rr->len;
        g_array_append_val(to->samples, copy);
    }
    if (sample->rr_count > 0)
        g_array_append_vals(to->rr, &g_array_index(rr, double, sample->rr_first), sample->rr_count);
}

// Those that can be believed, in the order of the file.
static GArray *believed(const Recording *recording)
{
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(Sample));
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(Span));
    const double middle = middle_of(recording);
    Span now = {INFINITY, -INFINITY};
    for (guint i = 0; i < recording_count(recording); i++) {
        const Sample *sample = recording_sample(recording, i);
        if (fabs(sample->at - middle) > RECORDING_SECONDS_MAX / 2)
            continue;
        if (sample->at < now.until) {
            g_array_append_val(spans, now);
            now = (Span){INFINITY, -INFINITY};
        }
        now.from = fmin(now.from, sample->at);
        now.until = sample->at;
        if (spans->len <= TURNS_MAX && !is_within(spans, sample->at))
            g_array_append_val(kept, *sample);
    }
    return kept;
}

static gboolean is_in_order(const Recording *recording)
{
    const guint count = recording_count(recording);
    for (guint i = 1; i < count; i++)
        if (recording_sample(recording, i)->at < recording_sample(recording, i - 1)->at)
            return FALSE;
    return recording_sample(recording, count - 1)->at - recording_sample(recording, 0)->at <=
           RECORDING_SECONDS_MAX;
}

double recording_settle(Recording *recording, guint *ret_left_out)
{
    *ret_left_out = 0;
    if (recording_count(recording) == 0)
        return NAN;
    if (!is_in_order(recording)) {
        g_autoptr(GArray) samples = believed(recording);
        g_autoptr(GArray) rr = g_steal_pointer(&recording->rr);
        *ret_left_out = recording_count(recording) - samples->len;
        g_array_sort(samples, compare_times);
        recording->rr = g_array_new(FALSE, FALSE, sizeof(double));
        g_array_set_size(recording->samples, 0);
        for (guint i = 0; i < samples->len; i++)
            take_over(recording, &g_array_index(samples, Sample, i), rr);
    }
    const double zero = recording_sample(recording, 0)->at;
    for (guint i = 0; i < recording_count(recording); i++)
        recording_sample(recording, i)->at -= zero;
    return zero;
}

Recording *recording_part(const Recording *recording, double from, double until)
{
    Recording *part = recording_new();
    for (guint i = 0; i < recording_count(recording); i++) {
        const Sample *sample = recording_sample(recording, i);
        if (sample->at >= from && sample->at < until)
            take_over(part, sample, recording->rr);
    }
    return part;
}

void recording_tell_left_out(const Recording *recording, const char *file, guint count,
                             GPtrArray *left_out)
{
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(recording->started);
    g_autofree char *date =
        recording->started ? g_date_time_format(when, " of %Y-%m-%d %H:%M") : g_strdup("");
    if (count > 0)
        g_ptr_array_add(left_out,
                        g_strdup_printf("%s: the run%s: left out %u of its records, whose time is "
                                        "others' or far from it: the clock was wrong, or put back",
                                        file, date, count));
}

static int compare_dates(gconstpointer one, gconstpointer other)
{
    const Recording *const *a = one, *const *b = other;
    return ((*a)->started > (*b)->started) - ((*a)->started < (*b)->started);
}

GPtrArray *recordings_of_file(GPtrArray *runs, const char *file, const char *why,
                              GPtrArray *left_out, GError **error)
{
    if (runs->len > 0) {
        g_ptr_array_sort(runs, compare_dates);
        return runs;
    }
    g_ptr_array_unref(runs);
    if (left_out->len > 0)
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, left_out->pdata[0]);
    else
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, "%s: %s", file, why);
    g_ptr_array_set_size(left_out, 0);
    return NULL;
}

// ── what else a sample has ──

gboolean recording_beat(Recording *recording, double ms)
{
    if (!(ms > 0 && ms <= RR_MS_MAX))
        return FALSE;
    g_array_append_val(recording->rr, ms);
    recording_sample(recording, recording_count(recording) - 1)->rr_count++;
    return TRUE;
}

// Of one instant the end of a pause comes first, its begin last: a lap cannot end in a pause.
static int order_of(const RecordedMark *mark)
{
    return mark->verb == COMMAND_RESUME ? 0 : mark->verb == COMMAND_LAP ? 1 : 2;
}

static gboolean is_before(const RecordedMark *one, const RecordedMark *other)
{
    return one->at == other->at ? order_of(one) < order_of(other) : one->at < other->at;
}

static void add_mark(Recording *recording, double at, CommandVerb verb)
{
    const RecordedMark mark = {at, verb};
    GArray *marks = recording->marks;
    guint place = marks->len;
    while (place > 0 && is_before(&mark, &g_array_index(marks, RecordedMark, place - 1)))
        place--;
    g_array_insert_val(marks, place, mark);
}

void recording_lap(Recording *recording, double at)
{
    const guint count = recording_count(recording);
    if (at > 0 && at < recording_sample(recording, count - 1)->at)
        add_mark(recording, at, COMMAND_LAP);
}

void recording_pause(Recording *recording, double from, double until)
{
    guint i = recording_count(recording) - 1;
    if (!(from < until) || from >= recording_sample(recording, i)->at)
        return;
    while (i > 0 && recording_sample(recording, i)->at > from)
        i--;
    recording_sample(recording, i)->paused = TRUE;
    add_mark(recording, from, COMMAND_PAUSE);
    add_mark(recording, until, COMMAND_RESUME);
}

gboolean sample_set(Sample *sample, RecordedField field, double value)
{
    static const struct {
        double least, most;
    } ranges[] = {
        [RECORDED_HEART_RATE] = {0, 65535},    [RECORDED_CADENCE] = {0, 255},
        [RECORDED_SPEED] = {0, 255},           [RECORDED_DISTANCE] = {0, 400e6},
        [RECORDED_POWER] = {-32767, 32767},    [RECORDED_BELT_SPEED] = {0, 180},
        [RECORDED_INCLINE] = {-3276, 3276},    [RECORDED_STEP_LENGTH] = {0, 10},
        [RECORDED_ALTITUDE] = {-1e5, 1e6},     [RECORDED_LATITUDE] = {-90, 90},
        [RECORDED_LONGITUDE] = {-180, 180},    [RECORDED_OSCILLATION] = {0, 1e4},
        [RECORDED_STANCE] = {0, 1e5},          [RECORDED_SHARE] = {0, 100},
        [RECORDED_BALANCE] = {0, 100},         [RECORDED_RATIO] = {0, 100},
        [RECORDED_TEMPERATURE] = {-273, 1000},
    };
    const gboolean dead = field == RECORDED_HEART_RATE && value == 0; // what a lost strap sends
    if (isnan(value) || dead)
        return TRUE;
    if (value < ranges[field].least || value > ranges[field].most)
        return FALSE;
    sample->values[field] = value;
    return TRUE;
}

static gboolean has(const Recording *recording, RecordedField field)
{
    for (guint i = 0; i < recording_count(recording); i++)
        if (!isnan(recording_sample(recording, i)->values[field]))
            return TRUE;
    return FALSE;
}

// Along a great circle, of a sphere (haversine).
static double metres_between(const Sample *one, const Sample *other)
{
    const double *a = one->values, *b = other->values, radians = G_PI / 180;
    const double north = (b[RECORDED_LATITUDE] - a[RECORDED_LATITUDE]) * radians;
    const double east = (b[RECORDED_LONGITUDE] - a[RECORDED_LONGITUDE]) * radians;
    const double square = pow(sin(north / 2), 2) + cos(a[RECORDED_LATITUDE] * radians) *
                                                       cos(b[RECORDED_LATITUDE] * radians) *
                                                       pow(sin(east / 2), 2);
    return 2 * EARTH_M * asin(fmin(1, sqrt(square)));
}

gboolean recording_distance_from_places(Recording *recording)
{
    const Sample *before = NULL;
    gboolean stood = FALSE; // what was gone while the watch was stopped is no part of it
    double metres = 0;
    if (has(recording, RECORDED_DISTANCE) || has(recording, RECORDED_SPEED) ||
        has(recording, RECORDED_BELT_SPEED))
        return FALSE;
    for (guint i = 0; i < recording_count(recording); i++) {
        Sample *sample = recording_sample(recording, i);
        if (!isnan(sample->values[RECORDED_LATITUDE]) &&
            !isnan(sample->values[RECORDED_LONGITUDE])) {
            metres += before && !stood ? metres_between(before, sample) : 0;
            sample_set(sample, RECORDED_DISTANCE, metres);
            before = sample;
            stood = FALSE;
        }
        stood |= sample->paused;
    }
    return metres > 0;
}

void recording_speed_from_distance(Recording *recording, double longest)
{
    const guint count = recording_count(recording);
    if (has(recording, RECORDED_SPEED) || has(recording, RECORDED_BELT_SPEED))
        return;
    for (guint i = 0; i + 1 < count; i++) {
        Sample *sample = recording_sample(recording, i);
        const Sample *next = recording_sample(recording, i + 1);
        const double seconds = next->at - sample->at;
        const double metres = next->values[RECORDED_DISTANCE] - sample->values[RECORDED_DISTANCE];
        if (seconds <= longest && !sample->paused && metres >= 0)
            sample_set(sample, RECORDED_SPEED, metres / seconds);
    }
}
