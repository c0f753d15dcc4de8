// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What another program or a watch recorded of a run, as samples in the order of their time. Read
// from CSV or FIT, which differ in all but this.

#pragma once

#include "pacectl/table.h"

typedef enum {
    RECORDED_HEART_RATE, // bpm
    RECORDED_CADENCE,    // steps a minute, both feet
    RECORDED_SPEED,      // m/s; of a pod, or of whatever a watch has for one
    RECORDED_DISTANCE,   // m, a total
    RECORDED_POWER,      // W
    RECORDED_BELT_SPEED, // m/s, of a treadmill
    RECORDED_INCLINE,    // %, likewise
    RECORDED_FIELDS,
} RecordedField;

typedef struct {
    double at;                      // s, from 0
    double values[RECORDED_FIELDS]; // NAN: not recorded
    guint rr_first, rr_count;       // of the recording's: beats since the sample before
    gboolean paused;                // from here to the next sample
} Sample;

typedef struct {
    GArray *samples; // Sample
    GArray *rr;      // double, ms between beats
} Recording;

// Longer files than this are refused: it is days of one sample a second.
#define RECORDING_BYTES_MAX   TABLE_BYTES_MAX
#define RECORDING_SECONDS_MAX 1e6 // eleven days

// Columns: t_s, which has to be there, and of hr_bpm, cadence_spm, speed_mps, distance_m, power_w,
// belt_speed_mps, incline_percent and rr_ms (a list) at least one. Others do no harm. Errors say
// "FILE:LINE: …".
Recording *recording_from_csv(const char *file, const char *text, gsize length, GError **error);

// Errors say "FILE: byte N: …". The time of a sample is since the first. What was recorded on a
// treadmill is a belt's.
Recording *recording_from_fit(const char *file, const guint8 *bytes, gsize length, GError **error);

void recording_free(Recording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recording, recording_free)

// ── for those who read one ──

Recording *recording_new(void);

// The sample of this time, to be filled: a new one, or the newest where its time is the same. Valid
// until the next call. `at` is not before the newest.
Sample *recording_at(Recording *recording, double at);

// A beat of the newest sample. FALSE: no sensor could send it.
gboolean recording_beat(Recording *recording, double ms);

// Sets a value; NAN is nothing new. FALSE: it is more or less than a sensor of this kind could
// send, and is not set.
gboolean sample_set(Sample *sample, RecordedField field, double value);

// Where there is a distance and no speed at all, the speed is what the distance says of each gap of
// no more than `longest` seconds.
void recording_speed_from_distance(Recording *recording, double longest);

static inline guint recording_count(const Recording *recording)
{
    return recording->samples->len;
}

static inline Sample *recording_sample(const Recording *recording, guint i)
{
    return &g_array_index(recording->samples, Sample, i);
}
