// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Learns from the owner's speed only, never from what stood in for it: that would be learning from
// oneself.

#include "estimate/learnt.h"

#define APART        (3 * USEC_PER_SEC) // two measurements further apart are no span
#define POWER_LEARNT 300.0              // s
#define POWER_OVER   1200.0             // s; that the ratio is the mean of
#define POWER_NOISE  0.06               // of the speed that follows from power
#define RUNNING      2.0                // m/s
#define FLAT         0.5                // %

void learnt_init(Learnt *learnt)
{
    *learnt = (Learnt){.stepped_at = USEC_NEVER, .powered_at = USEC_NEVER};
    gait_init(&learnt->gait);
}

// Seconds since the one before; 0 for the first after a while.
static double span(Usec *last, Usec at)
{
    const Usec since = *last == USEC_NEVER ? 0 : at - *last;
    *last = at;
    return since <= APART ? usec_to_s(since) : 0;
}

void learnt_cadence(Learnt *learnt, Pace *pace, Usec at, double cadence)
{
    const double seconds = span(&learnt->stepped_at, at);
    if (pace_owner_speaks(pace, at)) {
        gait_see(&learnt->gait, cadence, pace_speed(pace, at).value, seconds);
        return;
    }
    double deviation;
    const double speed = gait_speed(&learnt->gait, cadence, &deviation);
    if (!isnan(speed))
        pace_stand_in(pace, at, SOURCE_CADENCE, speed, deviation);
}

void learnt_power(Learnt *learnt, Pace *pace, Usec at, double watts, double incline)
{
    const double seconds = span(&learnt->powered_at, at);
    if (!pace_owner_speaks(pace, at)) {
        const double speed = watts / learnt->watts;
        if (learnt->powered_s >= POWER_LEARNT && isfinite(speed))
            pace_stand_in(pace, at, SOURCE_POWER, speed, POWER_NOISE * fmax(speed, 1));
        return;
    }
    const double speed = pace_speed(pace, at).value;
    if (!(speed >= RUNNING) || fabs(incline) > FLAT || watts <= 0 || seconds <= 0)
        return;
    learnt->powered_s = fmin(learnt->powered_s + seconds, POWER_OVER);
    learnt->watts += seconds / learnt->powered_s * (watts / speed - learnt->watts);
}
