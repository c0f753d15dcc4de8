// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Everything there is to show of a session at one moment. Whoever shows it needs nothing else, and
// none of it is worked out twice.

#pragma once

#include "coach/silence.h"
#include "estimate/estimator.h"
#include "estimate/load.h"
#include "workout/engine.h"

typedef enum {
    STATE_IDLE,
    STATE_RUNNING,
    STATE_PAUSED,
} SessionState;

const char *session_state_name(SessionState state); // event.c: "idle", "running", "paused"

// Everything there is to show. Values that are unknown are NAN; see estimate.h.
typedef struct {
    Usec at;
    SessionState state;
    const Plan *plan; // NULL when idle; lives as long as the session
    uint16_t step;    // index into plan->steps
    Step now;         // the step as it is being run: lengthened, shortened, or as its plan has it
    double step_remaining; // s or m by the step's measure; NAN when open, over or idle
    double step_elapsed_s; // without pauses
    double step_distance_m;
    double elapsed_s;        // of the run, without pauses
    double distance_m;       // of the run, without pauses; NAN where nothing measured it
    double target_speed_mps; // by now, of a step that builds; NAN when none asks for a speed
    Estimate heart_rate;     // bpm
    Estimate speed;          // m/s
    Estimate cadence;        // steps a minute, both feet
    Estimate belt_speed;     // m/s, of a treadmill
    Estimate incline;        // %, likewise
    Estimate power;          // W
    Estimate flat_speed;     // m/s on the flat, out of doors, that costs as much
    Estimate step_length;    // m, from foot to other foot
    Estimate form_drift;     // steps a minute fewer than the fresh runner at this speed
    EffortFigures effort;
    const char *heart_zone; // of effort.heart_zone: "2", "5a"; "" when unknown
    Estimate rmssd;         // ms
    Estimate alpha1;
    Estimate artefacts;   // percent of the beats
    Estimate trimp, rtss; // of the run so far; see estimate/load.h. Confidence: how much of it
                          // was known
    Estimate decoupling;  // percent
    Silence silence;      // of the coach, as of the latest tick
    unsigned metronome;   // that is wanted in this step, or was in the latest; see workout/aids.h
    unsigned pacer_m;     // likewise
    double clicks;        // a minute, that sound; 0: none
    uint32_t clamped;     // events whose time ran backwards
    SensorView sensors[SENSORS_MAX];
} Snapshot;

// All that the estimator knows.
void snapshot_take_estimates(Snapshot *snapshot, const Estimator *estimator);

// Whether a sensor's value is among it: the rest is made from those.
bool snapshot_knows(const Snapshot *snapshot);

// Where the run is in its plan.
void snapshot_take_engine(Snapshot *snapshot, const Plan *plan, const Engine *engine);

// What the run has cost so far; NULL: none runs.
void snapshot_take_load(Snapshot *snapshot, const Load *load, const AthleteModel *model);
