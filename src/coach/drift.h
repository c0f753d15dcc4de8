// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Whether the runner should be told to slow down, to push, or that it is right again. Easy to say,
// hard to bear: so there is a band with hysteresis, grace after a step began, three reminders and
// then silence, and a while between two corrections. How long a while is hangs on what is
// steered by: legs obey at once, a heart says two minutes later what they did.
//
// Who is sent faster twice and does not make up half of what is missing cannot, and is left in
// peace for the step. A step that ends before it was right again makes the next correction of that
// kind rare: it comes four times later than the one before did, and alone, until it is right again
// once; so a whole run has a handful of them. Who heeds each and is soon off again, in one long
// step, hears of it ever more seldom too.
//
// Pure state: the caller measures, asks what is wanted and from when, and reports what was said. A
// wish follows the newest measurement, so it cannot go stale: what is not said in time is not
// wanted any more.

#pragma once

#include "base/units.h"

// How far off the target, as a fraction of it, is still right.
#define DRIFT_BAND_DEFAULT 0.03
#define DRIFT_BAND_EASY    0.05 // easy running: nobody's training hangs on it

#define DRIFT_GAP         (8 * USEC_PER_SEC) // between any two words
#define DRIFT_REMINDERS   3
#define DRIFT_HEEDED      0.5                 // of what was missing: who makes up so much can
#define DRIFT_OFTEN       3                   // corrections in a step: then the while doubles
#define DRIFT_RAREST      6                   // times that it doubles, at most
#define DRIFT_STEADY_LATE (10 * USEC_PER_SEC) // "hold steady" this late would only puzzle
#define DRIFT_ANSWERS     3                   // gaps after the correction that it answers, likewise

typedef struct {
    Usec grace; // after a step began: the runner gets going, the sensor lags behind
    Usec least; // of a step; in a shorter one nothing is corrected
    Usec enter; // outside of the band for so long, to be corrected
    Usec leave; // within half of it for so long, to be told that it is right
    Usec gap;   // between two corrections, between reminders, and after "hold steady"
    Usec works; // what is said later than this before the end cannot work any more
} DriftRule;

extern const DriftRule DRIFT_OF_PACE;  // and of power and turnover
extern const DriftRule DRIFT_OF_HEART; // whose half time is 40 s (facts 2.7): never in two minutes

typedef enum {
    DRIFT_NONE,
    DRIFT_EASY,   // too fast
    DRIFT_STEADY, // right again
    DRIFT_PUSH,   // too slow
    DRIFT_CUES,
} DriftCue;

typedef struct {
    double target; // in the unit of what is measured; NAN: nothing is ever wanted
    double band;   // fraction of the target
    DriftCue only; // the one correction that makes sense, as of a limit; DRIFT_NONE: both do
} DriftGoal;

typedef struct {
    const DriftRule *rule;
    DriftGoal goal;
    Usec grace_until;    // no word before
    DriftCue correcting; // DRIFT_EASY or _PUSH since that was said, else DRIFT_NONE
    DriftCue now;        // where the newest measurement is: EASY too fast, STEADY centred, PUSH
    Usec not_fast_at, not_slow_at, not_centred_at; // when the speed was last seen elsewhere
    Usec first_at;                                 // of the corrections that are going on
    Usec corrected_at, spoken_at;                  // last correction, last word; kept over steps
    unsigned reminders, told;     // of the correction that goes on; corrections in this step
    double off, off_said;         // of the target: now, at the last correction
    bool heeded;                  // that one was
    unsigned in_vain[DRIFT_CUES]; // steps in a row that ended with this open; kept over steps
} Drift;

void drift_init(Drift *drift);

// The step is over, and with it the time in which its last correction could be heeded.
void drift_end(Drift *drift, Usec at);

// A step (or its rest after a pause) begins that takes `length` (USEC_NEVER: not known): what was
// said before counts for the limits only.
void drift_begin(Drift *drift, Usec at, const DriftRule *rule, const DriftGoal *goal, Usec length);

// What the step asks for by now: measurements are judged by that from here on, and nothing else
// changes. Where nothing is wanted in the step, nothing is.
void drift_retarget(Drift *drift, double target);

// NAN when it is not known well enough to correct anybody.
void drift_measure(Drift *drift, Usec at, double measured);

// What should be said, and from when on (USEC_NEVER with DRIFT_NONE).
DriftCue drift_wanted(const Drift *drift, Usec *ret_due);

void drift_said(Drift *drift, Usec at, DriftCue cue);

// Something else was asked of the runner: the next correction keeps its distance from it.
void drift_yield(Drift *drift, Usec at);
