// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How well something must be known before a word is said by it: a measurement of this moment, and a
// stretch that lies behind. The confidence of one instant would not do for a stretch: it is low
// after each change of pace, and a stretch ends with one.

#pragma once

#include "estimate/estimate.h"

#define COACH_CONFIDENT 0.5 // of a measurement, to correct the runner by it

static inline bool coach_trusts(const Estimate *estimate)
{
    return estimate_known(estimate) && estimate->confidence >= COACH_CONFIDENT;
}

// How a stretch was seen until now.
typedef struct {
    Usec blind;   // time without a speed
    double doubt; // time by what was missing of the speed's full confidence
} Sight;

#define SIGHT_BLIND_SHARE 20 // one part in so many may be unknown

static inline bool sight_trusted(double doubt, Usec duration)
{
    return doubt <= (1 - COACH_CONFIDENT) * (double)duration;
}

// Whether there was a speed nearly all of a stretch of so long.
static inline bool sight_whole(const Sight *seen, Usec duration)
{
    return seen->blind <= duration / SIGHT_BLIND_SHARE;
}

// And whether it was known well enough to tell a number of it.
static inline bool sight_enough(const Sight *seen, Usec duration)
{
    return sight_whole(seen, duration) && sight_trusted(seen->doubt, duration);
}
