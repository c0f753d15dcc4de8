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
#include "coach/verbosity.h"
#include "session/event.h"
#include "session/snapshot.h"

typedef struct Session Session;

typedef struct {
    const Phrases *phrases; // borrowed for the session's life; NULL: the built-in English set
    double drift_band;      // 0.03: easy/push beyond ±3 % of the target speed; see coach.h
    int words_a_minute;     // the voice's pace: how early it must begin to be done in time
    bool adapt;             // whether workouts may be bent while they are run
    Verbosity verbosity;
    unsigned silent;             // kinds of cues that are never told: bits 1 << CueKind
    unsigned metronome, pacer_m; // where neither plan nor runner says otherwise; see workout/aids.h
} SessionConfig;

extern const SessionConfig SESSION_CONFIG_DEFAULT;

Session *session_new(const SessionConfig *config);
void session_free(Session *session); // takes NULL
void session_handle(Session *session, const Event *event, Effects *ret_effects);

// When to call again with EVENT_TIME if nothing else happens before; USEC_NEVER when idle with no
// sensor linked.
Usec session_deadline(const Session *session);

const Snapshot *session_snapshot(const Session *session);

// See coach_coming().
const char *session_coming(const Session *session);

// What is known of a sensor by now, to be kept for a later session.
SensorKnown session_known(const Session *session, SensorId sensor);

// Whether the runner has just heard of a change to the plan, or an offer, that he can answer: a
// press may mean nothing else without.
bool session_asks(const Session *session);
double session_week(const Session *session);  // as COMMAND_LOAD set it; 0: not known
double session_track(const Session *session); // m, as COMMAND_TRACK set it; 0: none

// What the runner told, and what follows from it. Valid for the session's life.
const Athlete *session_athlete(const Session *session);
const AthleteModel *session_athlete_model(const Session *session);
