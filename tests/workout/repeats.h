// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Repetitions for the tests of adapt.h: a runner with a maximal rate of 190 runs kilometres at
// 4.6 m/s with two minutes' rest, and a test says only what is different.

#pragma once

#include "workout/adapt.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TARGET       4.6
#define KM           ((int64_t)1000000)

static Adapt adapt;
static AdaptSet set;
static RepResult rep;   // the next one that is run
static RestResult rest; // and the rest after it
static AdaptAhead ahead;

static inline void as_planned(void)
{
    rep = (RepResult){
        .target_mps = TARGET,
        .speed_mps = TARGET,
        .whole_mps = TARGET,
        .speed_share = 1,
        .cadence = 180,
        .step_m = 60 * TARGET / 180,
        .heart_bpm = 178,
        .heart_share = 1,
        .d_prime_fraction = 0.5,
        .rpe = 7,
        .duration_s = 217,
    };
    rest = (RestResult){.heart_bpm = 140, .d_prime_fraction = 0.8, .rpe = NAN};
}

static inline void start(uint32_t reps)
{
    set = (AdaptSet){.heart_max = 190, .load_7d = NAN, .load_28d = NAN};
    ahead = (AdaptAhead){.reps = reps, .next = {false, KM}, .next_plan = KM, .rest_s = 120};
    adapt_begin(&adapt, &set);
    as_planned();
}

static inline AdaptAdvice rep_ends(void)
{
    ahead.reps -= ahead.reps > 0;
    return adapt_rep_ended(&adapt, &rep, &ahead);
}

static inline AdaptAdvice rest_ends(void)
{
    return adapt_rest_ending(&adapt, &rest);
}

// Runs the repetition and its rest and gives the one answer; the next is as planned again.
static inline AdaptAdvice run(void)
{
    AdaptAdvice first = rep_ends(), then = rest_ends();
    as_planned();
    if (first.decision == ADAPT_NOTHING)
        return then;
    first.flags = then.flags;
    return first;
}

static inline void run_many(size_t reps)
{
    while (reps-- > 0)
        run();
}

static inline AdaptAdvice run_at(double part_of_target)
{
    rep.speed_mps = rep.whole_mps = part_of_target * TARGET;
    return run();
}

static inline void expect(AdaptAdvice advice, AdaptDecision decision, AdaptReason reason,
                          const char *what)
{
    cr_expect(advice.decision == decision && advice.reason == reason, "%s: %s, %s", what,
              adapt_decision_name(advice.decision), adapt_reason_name(advice.reason));
}
