// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Samples in a row, and what is common to where they come from.

#include "pacectl/recording.h"

#include <math.h>

#define RR_MS_MAX 63999.0 // 16 bits of 1/1024 s

Recording *recording_new(void)
{
    Recording *recording = g_new(Recording, 1);
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

gboolean sample_set(Sample *sample, RecordedField field, double value)
{
    static const struct {
        double least, most;
    } ranges[] = {
        [RECORDED_HEART_RATE] = {0, 65535}, [RECORDED_CADENCE] = {0, 255},
        [RECORDED_SPEED] = {0, 255},        [RECORDED_DISTANCE] = {0, 400e6},
        [RECORDED_POWER] = {-32767, 32767}, [RECORDED_BELT_SPEED] = {0, 180},
        [RECORDED_INCLINE] = {-3276, 3276},
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
