// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The drift state machine. A dwell is counted from the last measurement that said otherwise, so it
// needs no history and does not care how often the speed comes.

#include "coach/drift.h"

// Long enough ago for every gap, and far enough from the end of the type to subtract from.
#define LONG_AGO (INT64_MIN / 4)

// Also in a short repetition the whole grace: less would judge the runner by how he got going and
// by the delay of the pod.
const DriftRule DRIFT_OF_PACE = {
    .grace = 10 * USEC_PER_SEC,
    .least = 30 * USEC_PER_SEC,
    .enter = 4 * USEC_PER_SEC,
    .leave = 3 * USEC_PER_SEC,
    .gap = 20 * USEC_PER_SEC,
    .works = 12 * USEC_PER_SEC,
};

const DriftRule DRIFT_OF_HEART = {
    .grace = 120 * USEC_PER_SEC,
    .least = 120 * USEC_PER_SEC,
    .enter = 15 * USEC_PER_SEC,
    .leave = 10 * USEC_PER_SEC,
    .gap = 90 * USEC_PER_SEC,
    .works = 60 * USEC_PER_SEC,
};

void drift_init(Drift *drift)
{
    *drift = (Drift){
        .rule = &DRIFT_OF_PACE,
        .goal = {.target = NAN},
        .corrected_at = LONG_AGO,
        .spoken_at = LONG_AGO,
    };
}

void drift_begin(Drift *drift, Usec at, const DriftRule *rule, const DriftGoal *goal, Usec length)
{
    drift->rule = rule;
    drift->goal = *goal;
    if (length <= rule->least)
        drift->goal.target = NAN;
    drift->grace_until = at + rule->grace;
    drift->correcting = drift->now = DRIFT_NONE;
    drift->not_fast_at = drift->not_slow_at = drift->not_centred_at = at;
    drift->reminders = drift->told = 0;
}

void drift_end(Drift *drift, Usec at)
{
    if (drift->correcting != DRIFT_NONE && at - drift->corrected_at >= drift->rule->works)
        drift->in_vain[drift->correcting]++;
}

void drift_retarget(Drift *drift, double target)
{
    if (!isnan(drift->goal.target))
        drift->goal.target = target;
}

static DriftCue drift_judge(const Drift *drift, double off)
{
    const double band = drift->goal.band;
    // Who runs at less than half the target walks, or waits at a crossing, and knows it.
    if (isnan(off) || off < -0.5)
        return DRIFT_NONE;
    // On the side where there is no limit all is well.
    if ((drift->goal.only == DRIFT_EASY && off < 0) || (drift->goal.only == DRIFT_PUSH && off > 0))
        return DRIFT_STEADY;
    if (off > band)
        return DRIFT_EASY;
    if (off < -band)
        return DRIFT_PUSH;
    return fabs(off) <= band / 2 ? DRIFT_STEADY : DRIFT_NONE;
}

static void drift_right_again(Drift *drift)
{
    drift->in_vain[drift->correcting] = 0;
    drift->correcting = DRIFT_NONE;
}

static Usec drift_answered_by(const Drift *drift)
{
    return drift->corrected_at + DRIFT_ANSWERS * drift->rule->gap;
}

void drift_measure(Drift *drift, Usec at, double measured)
{
    const double off = drift->off = measured / drift->goal.target - 1;
    drift->heeded |= off / drift->off_said <= 1 - DRIFT_HEEDED; // a NAN is not
    drift->now = drift_judge(drift, off);
    if (drift->now != DRIFT_EASY)
        drift->not_fast_at = at;
    if (drift->now != DRIFT_PUSH)
        drift->not_slow_at = at;
    if (drift->now != DRIFT_STEADY)
        drift->not_centred_at = at;
    const Usec centred_at = drift->not_centred_at + drift->rule->leave;
    if (drift->correcting != DRIFT_NONE && drift->now == DRIFT_STEADY && at >= centred_at &&
        at >= usec_earlier(centred_at + DRIFT_STEADY_LATE, drift_answered_by(drift)))
        drift_right_again(drift);
}

// After the last correction, before another one that is no reminder of it.
static Usec drift_while(const Drift *drift)
{
    const unsigned doubled = 2 * drift->in_vain[drift->now] + drift->told / DRIFT_OFTEN;
    return drift->rule->gap << (doubled < DRIFT_RAREST ? doubled : DRIFT_RAREST);
}

DriftCue drift_wanted(const Drift *drift, Usec *ret_due)
{
    *ret_due = USEC_NEVER;
    Usec due = usec_later(drift->grace_until, drift->spoken_at + DRIFT_GAP);
    if (drift->now == DRIFT_STEADY && drift->correcting != DRIFT_NONE) {
        due = usec_later(due, drift->not_centred_at + drift->rule->leave);
        if (due >= drift_answered_by(drift))
            return DRIFT_NONE;
        *ret_due = due;
        return DRIFT_STEADY;
    }
    if (drift->now != DRIFT_EASY && drift->now != DRIFT_PUSH)
        return DRIFT_NONE;
    const bool again = drift->now == drift->correcting;
    const bool given_up = drift->in_vain[drift->now] > 0 ||
                          (drift->now == DRIFT_PUSH && drift->reminders > 0 && !drift->heeded);
    if (again && (drift->reminders == DRIFT_REMINDERS || given_up))
        return DRIFT_NONE;
    if (again)
        due = usec_later(due, drift->first_at + (drift->reminders + 1) * drift->rule->gap);
    due = usec_later(due, drift->corrected_at + (again ? drift->rule->gap : drift_while(drift)));
    Usec since = drift->now == DRIFT_EASY ? drift->not_fast_at : drift->not_slow_at;
    *ret_due = usec_later(due, since + drift->rule->enter);
    return drift->now;
}

void drift_said(Drift *drift, Usec at, DriftCue cue)
{
    drift_yield(drift, at);
    if (cue == DRIFT_STEADY) {
        drift_right_again(drift);
        return;
    }
    drift->off_said = drift->off;
    drift->heeded = false;
    if (cue == drift->correcting) {
        drift->reminders++;
        return;
    }
    drift_right_again(drift); // and past it
    drift->correcting = cue;
    drift->first_at = at;
    drift->reminders = 0;
    drift->told++;
}

void drift_yield(Drift *drift, Usec at)
{
    drift->spoken_at = drift->corrected_at = at;
}
