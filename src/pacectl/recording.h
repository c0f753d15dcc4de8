// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What another program or a watch recorded of a run, as samples in the order of their time. Read
// from CSV or FIT, which differ in all but this.

#pragma once

#include "pacectl/table.h"
#include "session/event.h"

typedef enum {
    RECORDED_HEART_RATE,  // bpm
    RECORDED_CADENCE,     // steps a minute, both feet
    RECORDED_SPEED,       // m/s; of a pod, or of whatever a watch has for one
    RECORDED_DISTANCE,    // m, a total
    RECORDED_POWER,       // W
    RECORDED_BELT_SPEED,  // m/s, of a treadmill
    RECORDED_INCLINE,     // %, likewise; elsewhere the ground's
    RECORDED_STEP_LENGTH, // m
    RECORDED_ALTITUDE,    // m
    RECORDED_LATITUDE,    // degrees, north
    RECORDED_LONGITUDE,   // degrees, east
    RECORDED_OSCILLATION, // mm, up and down
    RECORDED_STANCE,      // ms on the ground
    RECORDED_SHARE,       // %, of a step's time, likewise
    RECORDED_BALANCE,     // %, the left foot's of that
    RECORDED_RATIO,       // %, of the oscillation to a step's length
    RECORDED_TEMPERATURE, // °C
    RECORDED_FIELDS,
} RecordedField;

typedef struct {
    double at;                      // s, from 0
    double values[RECORDED_FIELDS]; // NAN: not recorded
    guint rr_first, rr_count;       // of the recording's: beats since the sample before
    gboolean paused;                // the runner stood, between here and the next sample
} Sample;

// What the runner did: COMMAND_LAP, COMMAND_PAUSE, COMMAND_RESUME.
typedef struct {
    double at; // s; of a lap its end, but for the last
    CommandVerb verb;
} RecordedMark;

typedef struct {
    GArray *samples; // Sample
    GArray *rr;      // double, ms between beats
    GArray *marks;   // RecordedMark, in the order of their time
    gint64 started;  // s since 1970, of the first sample; 0: not known
    char *name;      // of the workout; NULL: it has none
} Recording;

#define RECORDING_SECONDS_MAX 1e6 // eleven days

// Columns: t_s, which has to be there, and of hr_bpm, cadence_spm, speed_mps, distance_m, power_w,
// belt_speed_mps, incline_percent and rr_ms (a list) at least one. Others do no harm. Errors say
// "FILE:LINE: …".
Recording *recording_from_csv(const char *file, const char *text, gsize length, GError **error);

// What a file holds may be several activities: each is a recording of its own, a GPtrArray of them
// in the order of their dates. The time of a sample is since the first. What is no run, and what
// cannot be believed, is not taken, and added to `left_out` (char *), each a line for people; where
// nothing is left, it is an error instead. Errors, and most lines, say "FILE: byte N: …" and
// "FILE:LINE: …".

// What was recorded on a treadmill is a belt's. Files one behind the other are activities of their
// own, but for one that goes on where the one before it ended; and so are sessions.
GPtrArray *recordings_from_fit(const char *file, const guint8 *bytes, gsize length,
                               GPtrArray *left_out, GError **error);

// Of Training Center's XML (TCX), version 1 or 2.
GPtrArray *recordings_from_tcx(const char *file, const char *text, gsize length,
                               GPtrArray *left_out, GError **error);

void recording_free(Recording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recording, recording_free)

// ── as events ──

// A sample holds for so long where none comes sooner.
#define RECORDING_HELD_S 10.0

// Gives a run without a plan, from its START on, in the order of its instants, which count from the
// first sample's. `whole`: with its pauses, laps, its end, and the samples themselves.
typedef void (*RecordingHandler)(gpointer data, const Event *event);
void recording_play(const Recording *recording, gboolean whole, RecordingHandler handle_event,
                    gpointer data);

// A sample as notifications, one for each part, of this characteristic, which no sensor has, and
// the next. The first part is there also where nothing is known of it; it makes all others unknown.
#define RECORDING_CHARACTERISTIC 0xfff0
#define RECORDING_PARTS          2
gsize recording_sample_encode(const Sample *sample, guint part,
                              guint8 *ret_bytes); // NOTIFY_BYTES_MAX
gboolean recording_sample_decode(const guint8 *bytes, gsize length, guint part, Sample *ret_sample);

// ── for those who read one ──

Recording *recording_new(void);

// The sample of this time, to be filled: a new one, or the newest where its time is the same. Valid
// until the next call. Where `at` may be before the newest, recording_settle() has to follow.
Sample *recording_at(Recording *recording, double at);

// Calls it by the first line of a text that has one. What a terminal would not print is a blank,
// and what is longer than any workout's name is cut.
void recording_call(Recording *recording, const char *text, gsize length);

// Puts the samples in the order of their time and lets it count from the first of them, which was
// at what it returns; NAN: there is none. Those that would be within what stands before them in
// the file are left out, for the clock was put back; and those of a time that is far from all
// others', for it was wrong. *ret_left_out: how many.
double recording_settle(Recording *recording, guint *ret_left_out);

// Samples from one time on and before another, with their beats, as they stand there.
Recording *recording_part(const Recording *recording, double from, double until);

// A line of what was not taken: "FILE: the run of 2026-05-01 06:30: 12 records …"; nothing for 0.
void recording_tell_left_out(const Recording *recording, const char *file, guint count,
                             GPtrArray *left_out);

// Of a file: its runs by date. None: the first line of `left_out`, which becomes empty, is the
// error, or else `why`, with `file` before it. Takes `runs`.
GPtrArray *recordings_of_file(GPtrArray *runs, const char *file, const char *why,
                              GPtrArray *left_out, GError **error);

// A beat of the newest sample. FALSE: no sensor could send it.
gboolean recording_beat(Recording *recording, double ms);

// To be placed when all samples have been read: a lap's end, if it is within them; and a pause, in
// whose course nothing was recorded.
void recording_lap(Recording *recording, double at);
void recording_pause(Recording *recording, double from, double until);

// Sets a value; NAN is nothing new, nor is a heart that does not beat. FALSE: it is more or less
// than a sensor of this kind could send, and is not set.
gboolean sample_set(Sample *sample, RecordedField field, double value);

// Where there is neither a distance nor a speed, but places: the way from each to the next, over
// ground that is taken to be flat. TRUE: there is a distance now.
gboolean recording_distance_from_places(Recording *recording);

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
