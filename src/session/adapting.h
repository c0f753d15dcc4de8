// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Bends a workout while it is run: watches each repetition of a set, asks the rules (adapt.h) as it
// ends and as its rest does, and edits what comes. Whatever it does can be taken back for a while,
// and what would be more is offered only.
//
// A set is adapted when its repetitions have rests or jogs between them; what is run in one go is
// left as it is. A repetition counts when it was run to its end, or nearly so and ended by hand, in
// one piece: one with a pause in it proves nothing. A value counts while the coach would go by it.

#pragma once

#include "estimate/estimate.h"
#include "session/recent.h"
#include "workout/adaptation.h"
#include "workout/edit.h"
#include "workout/engine.h"

#define ADAPTING_VETO   (10 * USEC_PER_SEC) // from when it was said
#define ADAPTING_UNSAID (30 * USEC_PER_SEC) // from the decision, should it never be said
#define ADAPTING_AHEAD  (20 * USEC_PER_SEC) // of a rest's end: before what follows is announced

// What is known at this moment.
typedef struct {
    Estimate speed, cadence, step_length, heart_rate;
    double d_prime_fraction; // NAN
} AdaptingView;

// Sums over the repetition that runs; all but the heart's without its first seconds.
typedef struct {
    double opening_s; // those that are left out
    double seconds, known_s, metres;
    double heart_s;
    double cadence_sum, cadence_s, step_sum, step_s;
} Repetition;

typedef struct {
    bool on; // whether anything may be adapted at all
    Adapt rules;
    size_t set;   // item of the outermost repeat that the rules are for; PLAN_ITEMS_MAX: none yet
    bool running; // a repetition is
    bool waiting; // a repetition has ended, and the next one has yet to begin
    bool spoken;  // of something that was decided in this rest, or of what follows it
    bool asked;   // before its rest's end, as it was to be then
    Usec asked_at;
    bool strap; // a heart was heard in this run
    Recent heart;
    double rpe; // told since the latest repetition began; NAN
    bool rated; // that was told after the rules had been asked
    Repetition rep;
    Usec rest;        // due after the latest repetition by the plan; 0: by hand, or by distance
    uint32_t changes; // that were made and not taken back
    Adaptation latest;
    Usec until;    // it can be taken back or accepted; USEC_NEVER: nothing to
    bool heard;    // the runner was told of it
    PlanEdit edit; // SHORTEN, DROP, STOP
    size_t longer; // the rest that was made longer, and what it was before; PLAN_STEPS_MAX: none
    Step before;
    uint8_t longer_rests; // of the set, one after the other for the same reason
    AdaptReason why_longer;
} Adapting;

// `week`: the training load a day of the last seven days, by that of the last 28; NAN: not known.
void adapting_begin(Adapting *adapting, bool on, double heart_max, double week, bool on_track);

// Whether a set is being watched: else there is nothing to sample, nor to look at.
bool adapting_attends(const Adapting *adapting);

// The values held for so long until `at`.
void adapting_sample(Adapting *adapting, Usec at, double seconds, const AdaptingView *view,
                     const Engine *engine);

// Each returns whether something was decided: *ret_adaptation; the plan and the engine are edited
// then, unless it is an offer.
bool adapting_step_ended(Adapting *adapting, Plan *plan, Engine *engine, const Lap *lap,
                         const AdaptingView *view, Adaptation *ret_adaptation);
void adapting_step_started(Adapting *adapting, const Plan *plan, size_t step);

// `boundary`: when the current step will end. To be asked every turn.
bool adapting_look(Adapting *adapting, Usec at, Usec boundary, Plan *plan, Engine *engine,
                   const AdaptingView *view, Adaptation *ret_adaptation);

// How it felt, 0 … 10.
void adapting_rated(Adapting *adapting, double rpe);

// The latest was said: it can be taken back until a while after `at`.
void adapting_said(Adapting *adapting, Usec at);

// Whether there is something to take back or accept that the runner has heard of.
bool adapting_is_known(const Adapting *adapting, Usec at);

// False when there is nothing, or it is too late.
bool adapting_veto(Adapting *adapting, Usec at, Plan *plan, Engine *engine,
                   Adaptation *ret_adaptation);
bool adapting_accept(Adapting *adapting, Usec at, Plan *plan, Engine *engine,
                     Adaptation *ret_adaptation);

// When to look even if nothing happens; USEC_NEVER.
Usec adapting_deadline(const Adapting *adapting, Usec boundary, const Plan *plan,
                       const Engine *engine);
