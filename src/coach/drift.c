// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The drift state machine. A dwell is counted from the last measurement that said otherwise, so it
// needs no history and does not care how often the speed comes.

#include "coach/drift.h"

// Long enough ago for every gap, and far enough from the end of the type to subtract from.
#define LONG_AGO (INT64_MIN / 4)

void drift_init(Drift *drift)
{
    *drift = (Drift){.target = NAN, .corrected_at = LONG_AGO, .spoken_at = LONG_AGO};
}

void drift_begin(Drift *drift, Usec at, double target, double band, Usec grace)
{
    drift->target = grace == USEC_NEVER ? NAN : target;
    drift->band = band;
    drift->grace_until = grace == USEC_NEVER ? at : at + grace;
    drift->correcting = drift->now = DRIFT_NONE;
    drift->not_fast_at = drift->not_slow_at = drift->not_centred_at = at;
    drift->reminders = 0;
}

void drift_retarget(Drift *drift, double target)
{
    if (!isnan(drift->target))
        drift->target = target;
}

void drift_measure(Drift *drift, Usec at, double speed)
{
    const double off = drift->off = speed / drift->target - 1;
    drift->off_best = fmax(drift->off_best, off); // NAN is not the best
    drift->now = off > drift->band              ? DRIFT_EASY
                 : off < -drift->band           ? DRIFT_PUSH
                 : fabs(off) <= drift->band / 2 ? DRIFT_STEADY
                                                : DRIFT_NONE;
    // Who runs at less than half the target walks, or waits at a crossing, and knows it.
    if (off < -0.5)
        drift->now = DRIFT_NONE;
    if (drift->now != DRIFT_EASY)
        drift->not_fast_at = at;
    if (drift->now != DRIFT_PUSH)
        drift->not_slow_at = at;
    if (drift->now != DRIFT_STEADY)
        drift->not_centred_at = at;
    if (drift->correcting != DRIFT_NONE && drift->now == DRIFT_STEADY &&
        at - drift->not_centred_at >= DRIFT_LEAVE + DRIFT_STEADY_LATE)
        drift->correcting = DRIFT_NONE;
}

DriftCue drift_wanted(const Drift *drift, Usec *ret_due)
{
    *ret_due = USEC_NEVER;
    Usec due = usec_later(drift->grace_until, drift->spoken_at + DRIFT_GAP);
    if (drift->now == DRIFT_STEADY && drift->correcting != DRIFT_NONE) {
        *ret_due = usec_later(due, drift->not_centred_at + DRIFT_LEAVE);
        return DRIFT_STEADY;
    }
    if (drift->now != DRIFT_EASY && drift->now != DRIFT_PUSH)
        return DRIFT_NONE;
    bool again = drift->now == drift->correcting;
    bool in_vain = drift->now == DRIFT_PUSH && drift->reminders > 0 &&
                   drift->off_best < drift->off_said * (1 - DRIFT_HEEDED);
    if (again && (drift->reminders == DRIFT_REMINDERS || in_vain))
        return DRIFT_NONE;
    if (again)
        due = usec_later(due, drift->first_at + (drift->reminders + 1) * DRIFT_CORRECT_GAP);
    due = usec_later(due, drift->corrected_at + DRIFT_CORRECT_GAP);
    Usec since = drift->now == DRIFT_EASY ? drift->not_fast_at : drift->not_slow_at;
    *ret_due = usec_later(due, since + DRIFT_ENTER);
    return drift->now;
}

void drift_said(Drift *drift, Usec at, DriftCue cue)
{
    drift->spoken_at = at;
    if (cue == DRIFT_STEADY) {
        drift->correcting = DRIFT_NONE;
        return;
    }
    drift->corrected_at = at;
    drift->off_said = drift->off_best = drift->off;
    if (cue == drift->correcting) {
        drift->reminders++;
        return;
    }
    drift->correcting = cue;
    drift->first_at = at;
    drift->reminders = 0;
}

Usec drift_grace(Usec length)
{
    return length <= 30 * USEC_PER_SEC ? USEC_NEVER : DRIFT_GRACE;
}
