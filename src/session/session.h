// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The core, as one deep module: events in, effects out. The contract, kept literally and tested:
// - time never runs backwards: an earlier `at` is taken as the latest one, and counted;
// - the same config and the same events give the same effects, byte for byte;
// - nothing is allocated after session_new(); nothing is logged, read, written or asked of a clock;
// - every EVENT_COMMAND gets exactly one EFFECT_ANSWER, accepted or refused with a reason;
// - when a call cannot hold all effects in its array, the rest comes with the next call, and
//   session_deadline() is then not later than now.
//
// One session serves one runner for as long as the daemon runs. With no workout it still estimates.

#pragma once

#include "coach/phrases.h"
#include "estimate/estimator.h"
#include "session/event.h"

typedef struct Session Session;

typedef enum {
    STATE_IDLE,
    STATE_RUNNING,
    STATE_PAUSED,
} SessionState;

typedef struct {
    const Phrases *phrases; // borrowed for the session's life; NULL: the built-in English set
    double drift_band;      // 0.03: easy/push beyond ±3 % of the target speed; see coach.h
    int words_a_minute;     // the voice's pace: how early it must begin to be done in time
} SessionConfig;

extern const SessionConfig SESSION_CONFIG_DEFAULT;

// Everything there is to show. Values that are unknown are NAN; see estimate.h.
typedef struct {
    Usec at;
    SessionState state;
    const Plan *plan;      // NULL when idle; lives as long as the session
    uint16_t step;         // index into plan->steps
    double step_remaining; // s or m by the step's measure; NAN when open, over or idle
    double step_elapsed_s; // without pauses
    double step_distance_m;
    double elapsed_s;        // of the run, without pauses
    double distance_m;       // of the run, without pauses
    double target_speed_mps; // NAN without a target
    Estimate heart_rate;     // bpm
    Estimate speed;          // m/s
    Estimate cadence;        // steps a minute, both feet
    Estimate belt_speed;     // m/s, of a treadmill
    Estimate incline;        // %, likewise
    Estimate power;          // W
    uint32_t clamped;        // events whose time ran backwards
    SensorView sensors[SENSORS_MAX];
} Snapshot;

Session *session_new(const SessionConfig *config);
void session_free(Session *session); // takes NULL
void session_handle(Session *session, const Event *event, Effects *ret_effects);

// When to call again with EVENT_TIME if nothing else happens before; USEC_NEVER when idle with no
// sensor linked.
Usec session_deadline(const Session *session);

const Snapshot *session_snapshot(const Session *session);
bool snapshot_knows(const Snapshot *snapshot); // any of its live values

// What the runner told, and what follows from it. Valid for the session's life.
const Athlete *session_athlete(const Session *session);
const AthleteModel *session_athlete_model(const Session *session);

const char *session_state_name(SessionState state); // "idle", "running", "paused"
