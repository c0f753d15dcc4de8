// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A ratio that is watched. What was hard is to be in no hurry and yet in time: a belt takes ten
// seconds to speed up and a pod a few to notice, so only what holds for a while counts; but nobody
// must be told a pace for long that a belt runs by itself.

#include "estimate/rivals.h"

#define RUNNING      1.0                // m/s; slower, neither says much
#define STANDING     0.3                // m/s
#define TOGETHER     (3 * USEC_PER_SEC) // their newest are no further apart
#define EMPTY_AFTER  (3 * USEC_PER_SEC)
#define TOLD_AFTER   15.0 // s
#define DOUBTED_FOR  30.0 // s; of disagreeing by a few per cent before it is said
#define MILES_AFTER  20.0 // s
#define SMOOTHED     10.0 // s
#define STRANGE      0.25 // of the speed
#define LIKE_MILES   0.08 // of the ratio
#define KM_IN_A_MILE 1.609344

void rivals_init(Rivals *rivals)
{
    *rivals = (Rivals){
        .ratio = NAN,
        .unit = 1,
        .belt_at = USEC_NEVER,
        .pod_at = USEC_NEVER,
        .empty_since = USEC_NEVER,
    };
}

static void begin_anew(Rivals *rivals)
{
    rivals->seconds = 0;
    rivals->ratio = NAN;
}

// A belt that says 6.0 where its console shows 6.0 miles an hour, or the other way round.
static void look_for_miles(Rivals *rivals)
{
    if (rivals->seconds < MILES_AFTER)
        return;
    if (fabs(rivals->ratio / KM_IN_A_MILE - 1) < LIKE_MILES)
        rivals->unit *= KM_IN_A_MILE;
    else if (fabs(rivals->ratio * KM_IN_A_MILE - 1) < LIKE_MILES)
        rivals->unit /= KM_IN_A_MILE;
    else
        return;
    begin_anew(rivals);
}

void rivals_belt(Rivals *rivals, Usec at, double speed)
{
    rivals->belt = speed * rivals->unit;
    rivals->belt_at = at;
    if (rivals->belt < RUNNING)
        rivals->empty_since = USEC_NEVER;
}

static bool together(const Rivals *rivals, Usec at)
{
    return rivals->belt_at != USEC_NEVER && rivals->pod_at != USEC_NEVER &&
           at - rivals->belt_at <= TOGETHER && at - rivals->pod_at <= TOGETHER;
}

void rivals_pod(Rivals *rivals, Usec at, double speed, bool stands)
{
    const Usec before = rivals->pod_at;
    rivals->pod = speed;
    rivals->pod_at = at;
    if (!together(rivals, at) || rivals->belt < RUNNING) {
        rivals->empty_since = USEC_NEVER;
        begin_anew(rivals);
        return;
    }
    if (stands || speed < STANDING) {
        begin_anew(rivals);
        if (rivals->empty_since == USEC_NEVER)
            rivals->empty_since = at;
        return;
    }
    rivals->empty_since = USEC_NEVER;
    if (speed < RUNNING || before == USEC_NEVER || at - before > TOGETHER)
        return;
    const double passed = usec_to_s(at - before);
    rivals->seconds += passed;
    const double ratio = speed / rivals->belt;
    if (isnan(rivals->ratio))
        rivals->ratio = ratio;
    rivals->ratio += passed / (SMOOTHED + passed) * (ratio - rivals->ratio);
    look_for_miles(rivals);
}

RivalsVerdict rivals_verdict(const Rivals *rivals, Usec at)
{
    if (!together(rivals, at))
        return RIVALS_UNTOLD;
    if (rivals->empty_since != USEC_NEVER)
        return at - rivals->empty_since >= EMPTY_AFTER ? RIVALS_EMPTY : RIVALS_UNTOLD;
    if (rivals->seconds < TOLD_AFTER)
        return RIVALS_UNTOLD;
    const double apart = fabs(rivals->ratio - 1);
    if (apart > STRANGE)
        // Miles are found out a little later.
        return rivals->seconds > MILES_AFTER ? RIVALS_STRANGERS : RIVALS_UNTOLD;
    if (apart > RIVALS_APART)
        return rivals->seconds >= DOUBTED_FOR ? RIVALS_DISAGREE : RIVALS_UNTOLD;
    return RIVALS_AGREE;
}
