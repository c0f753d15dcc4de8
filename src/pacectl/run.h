// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run that was kept, as a table: its journal, put through the core once more. All that is made of
// a run afterwards (exports, summaries, reports) is made of this, so that no two of them differ.

#pragma once

#include "pacectl/pacectl.h"
#include "paced1-dbus.h"
#include "session/session.h"

// One whole second of the run, counted from its start with pauses. Estimates are as they were then;
// the distance is between the two events around it, by their distances. NAN: not known.
typedef struct {
    guint32 t;       // s
    guint16 step;    // index into the plan's steps
    guint8 paused;   // no part of the run's duration
    guint8 rr_count; // beats that came in this second, of the run's rr
    guint32 rr_first;
    gint8 zone; // index into athlete_zones(); -1
    EstimateSource speed_source;
    float speed_confidence, heart_confidence; // 0 … 1
    float step_length;                        // m
    float power;                              // W
    float incline;                            // %, of a treadmill
    float effort;                             // 0 … 10
    float d_prime;                            // m left
    float form_drift;                         // steps a minute
    float target;                             // m/s
    double distance;                          // m, without pauses
    double heart, speed, cadence;             // bpm, m/s, steps a minute
    double flat_speed;                        // m/s
    // Of a run that others recorded, what sensors of ours do not measure.
    float altitude, oscillation, stance; // m, mm up and down, ms on the ground
    float share, balance, ratio;         // %: see RecordedField
    float temperature;                   // °C
    double latitude, longitude;          // degrees, north and east
} RunSecond;

// A lap, as its step ended.
typedef struct {
    double start, end; // s since the run's start, with pauses
    Lap lap;
    double heart_end;   // bpm as it ended; of a rest, after it
    double step_length; // m, mean
    double power;       // W, mean
    double form_drift;  // steps a minute, mean
    double d_prime_end; // m
    double speed_max;   // m/s
    double target;      // m/s, what it asked for in the mean
} RunLap;

typedef struct {
    double from, until; // s since the run's start; at its end at the latest
} RunPause;

typedef struct {
    double at; // s since the run's start
    Adaptation adaptation;
} RunChange;

typedef struct {
    gboolean used;        // it was there in the run
    guint serves;         // ServiceSet
    int battery;          // percent, at the end; -1: not known
    char *name, *address; // "" where not told
} RunSensor;

typedef struct {
    gint64 number;        // 0: not from a daemon
    gint64 text_number;   // the daemon's of its workout's text; 0: it has none
    gint64 started;       // µs since 1970; 0: the clock was not known
    Usec boot;            // µs since the machine started, at the run's start
    char *name;           // of the workout; "" for a free run
    char *text;           // of the workout; "" for a free run
    const char *ended_by; // "plan", "stop", "import", "cut" (the journal has no end)
    double corrected_m;   // what known distances make of its distance; NAN
    gboolean indoors;     // on a treadmill
    GArray *seconds;      // RunSecond
    GArray *laps;         // RunLap
    GArray *pauses;       // RunPause
    GArray *changes;      // RunChange
    GArray *rr;           // guint16, ms between beats
    Plan *plan;           // as it was run; without items for a free run; NULL: no run
    RunSummary summary;
    Athlete athlete;
    AthleteModel model;
    double zone_s[ZONES_MAX]; // s in each zone of the heart, without pauses
    RunSensor sensors[SENSORS_MAX];
} Run;

// The latest run of a capture. `file` is for the errors, which say "FILE:LINE: …". NULL: complained
// of, and *ret_code is what to exit with.
Run *run_of_capture(const char *file, const char *text, gsize length, int *ret_code);
void run_free(Run *run); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

#define RUNS_MAX 10000 // that History.List gives at once

// Whether it names a run that the daemon keeps: a number, or "last", which is 0.
gboolean run_is_of_daemon(const char *which, gint64 *ret_number);

// That run, as the list has it; NULL: complained of.
GVariant *run_find(Paced1History *history, const char *which, int *ret_code);

// A run by its number, "last", or a file that holds a capture ("-": standard input). ret_capture
// may be NULL: the text it is made of, with names, addresses and dates where they were to be had;
// free with g_free().
Run *run_fetch(const char *which, char **ret_capture, int *ret_code);

static inline guint run_seconds(const Run *run)
{
    return run->seconds->len;
}

static inline const RunSecond *run_second(const Run *run, guint i)
{
    return &g_array_index(run->seconds, RunSecond, i);
}

static inline const RunLap *run_lap(const Run *run, guint i)
{
    return &g_array_index(run->laps, RunLap, i);
}

// What ended a lap.
typedef enum {
    LAP_BY_HAND,
    LAP_BY_TIME,
    LAP_BY_DISTANCE,
    LAP_BY_STOP,
} LapEnd;
LapEnd run_lap_end(const Run *run, const RunLap *lap);

// What to call it: the workout's name, or "Free run".
const char *run_title(const Run *run);

// The instant of a second, in s since 1970; with an unknown clock since the machine started.
double run_unix(const Run *run, double t);
