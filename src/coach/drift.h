// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Whether the runner should be told to slow down, to push, or that it is right again. Easy to say,
// hard to bear: so there is a band with hysteresis (leave it for 4 s to be corrected, be within
// half of it for 3 s to be praised), grace after a step began, three reminders and then silence, at
// most one correction in 20 s and nothing within 8 s of the last word. Who is sent faster twice and
// does not make up half of what is missing cannot, and is left in peace.
//
// Pure state: the caller measures, asks what is wanted and from when, and reports what was said. A
// wish follows the newest measurement, so it cannot go stale: what is not said in time is not
// wanted any more.

#pragma once

#include "base/units.h"

// How far off the target, as a fraction of it, is still right.
#define DRIFT_BAND_DEFAULT 0.03
#define DRIFT_BAND_EASY    0.05 // easy running: nobody's training hangs on it

#define DRIFT_GRACE       (10 * USEC_PER_SEC)
#define DRIFT_ENTER       (4 * USEC_PER_SEC)
#define DRIFT_LEAVE       (3 * USEC_PER_SEC)
#define DRIFT_GAP         (8 * USEC_PER_SEC)  // between any two
#define DRIFT_CORRECT_GAP (20 * USEC_PER_SEC) // between two corrections; also between reminders
#define DRIFT_REMINDERS   3
#define DRIFT_HEEDED      0.5                 // of what was missing: who makes up so much can
#define DRIFT_STEADY_LATE (10 * USEC_PER_SEC) // "hold steady" this late would only puzzle

typedef enum {
    DRIFT_NONE,
    DRIFT_EASY,   // too fast
    DRIFT_STEADY, // right again
    DRIFT_PUSH,   // too slow
} DriftCue;

typedef struct {
    double target;       // m/s; NAN: nothing is ever wanted
    double band;         // fraction of the target
    Usec grace_until;    // no word before
    DriftCue correcting; // DRIFT_EASY or _PUSH since that was said, else DRIFT_NONE
    DriftCue now;        // where the newest measurement is: EASY too fast, STEADY centred, PUSH
    Usec not_fast_at, not_slow_at, not_centred_at; // when the speed was last seen elsewhere
    Usec first_at;                                 // of the corrections that are going on
    Usec corrected_at, spoken_at;                  // last correction, last word; kept over steps
    unsigned reminders;
    double off, off_said, off_best; // of the target: now, at the last correction, at best since
} Drift;

void drift_init(Drift *drift);

// A step (or its rest after a pause) begins: what was said before counts for the rate limits only.
void drift_begin(Drift *drift, Usec at, double target, double band, Usec grace);

// What the step asks for by now: measurements are judged by that from here on, and nothing else
// changes. Where nothing is wanted in the step, nothing is.
void drift_retarget(Drift *drift, double target);

// NAN when the speed is not known well enough to correct anybody.
void drift_measure(Drift *drift, Usec at, double speed);

// What should be said, and from when on (USEC_NEVER with DRIFT_NONE).
DriftCue drift_wanted(const Drift *drift, Usec *ret_due);

void drift_said(Drift *drift, Usec at, DriftCue cue);

// The grace for a step expected to take `length`: DRIFT_GRACE, also in a short repetition, where
// less would judge the runner by how he got going and by the delay of the pod; USEC_NEVER up to
// half a minute, where a correction cannot work any more.
Usec drift_grace(Usec length);
