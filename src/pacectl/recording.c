// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Samples in a row, and what is common to where they come from.

#include "pacectl/recording.h"

#include <math.h>

#define RR_MS_MAX 63999.0 // 16 bits of 1/1024 s

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
    if (isnan(value))
        return TRUE;
    if (value < ranges[field].least || value > ranges[field].most)
        return FALSE;
    sample->values[field] = value;
    return TRUE;
}

void recording_speed_from_distance(Recording *recording, double longest)
{
    const guint count = recording_count(recording);
    for (guint i = 0; i < count; i++) {
        const double *values = recording_sample(recording, i)->values;
        if (!isnan(values[RECORDED_SPEED]) || !isnan(values[RECORDED_BELT_SPEED]))
            return;
    }
    for (guint i = 0; i + 1 < count; i++) {
        Sample *sample = recording_sample(recording, i);
        const Sample *next = recording_sample(recording, i + 1);
        const double seconds = next->at - sample->at;
        const double metres = next->values[RECORDED_DISTANCE] - sample->values[RECORDED_DISTANCE];
        if (seconds <= longest && !sample->paused && metres >= 0)
            sample_set(sample, RECORDED_SPEED, metres / seconds);
    }
}
