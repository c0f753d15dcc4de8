// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which words deserve breath now. The coach is told what happens (a step began, a lap ended, the
// voice fell silent) and shown where the runner is; it answers with at most one cue at a time, or
// silence. What is hard is to say little: every cue has a priority and a moment after which it is
// worthless, drift has hysteresis, grace and rate limits, and nothing ever queues.
//
// Plain data, no allocation.

#pragma once

#include "coach/cue.h"
#include "coach/phrases.h"
#include "estimate/estimate.h"
#include "workout/engine.h"

// All the coach may look at.
typedef struct {
    Usec at;
    bool running; // false when idle or paused
    const Plan *plan;
    const Engine *engine;
    Usec boundary; // predicted end of the current step; USEC_NEVER when unknown
    Estimate speed, heart_rate, cadence;
} CoachView;

typedef struct Coach Coach;
size_t coach_size(void); // for the owner's one allocation
void coach_init(Coach *coach, const Phrases *phrases, double drift_band);

void coach_started(Coach *coach, const CoachView *view);
void coach_step_started(Coach *coach, const CoachView *view);
void coach_lap(Coach *coach, const CoachView *view, const Lap *lap);
void coach_paused(Coach *coach, const CoachView *view);
void coach_resumed(Coach *coach, const CoachView *view);
// The end; `metres` and `duration` of the whole run.
void coach_finished(Coach *coach, const CoachView *view, double metres, Usec duration,
                    bool completed);

void coach_voice_started(Coach *coach, Usec at, uint32_t cue);
void coach_voice_done(Coach *coach, Usec at, uint32_t cue);
void coach_voice_latency(Coach *coach, Usec latency);

// The next cue to say at view->at, one a call until false. *ret_hush is the id of the cue being
// spoken that this one must interrupt, or 0.
bool coach_speak(Coach *coach, const CoachView *view, Cue *ret_cue, uint32_t *ret_hush);

// When coach_speak() wants to be asked again though nothing happens.
Usec coach_deadline(const Coach *coach, const CoachView *view);
