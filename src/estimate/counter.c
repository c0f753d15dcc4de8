// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Compared is every ten seconds, so that most comparisons have a steady pace at both ends, and what
// the speed's noise and the count's rounding do is little beside a second's gain. What counts as a
// lead is half of what a mean of three packets is late by.

#include "estimate/counter.h"

#include "base/square.h"

#include <math.h>

#define SPEED_MAX     8.0 // m/s, by the count
#define COMPARE_EVERY (10 * USEC_PER_SEC)
#define GAP           3.0 // s; who knows what speeds were told in a longer one
#define APART         0.2 // of the way, and 5 m: one of the two is not this run's
#define CHANGES       2.0 // m²/s²; of the pace, until a lead can be told from noise
#define LEAD          0.8 // s
#define NEAR          2.5 // s; how fast the way comes to the count's: a count may go by strides
#define LOST          4.0 // m; no filter is so wrong: the count was set, or a silence was guessed

void counter_init(Counter *counter)
{
    *counter = (Counter){.at = USEC_NEVER, .compared_at = USEC_NEVER};
}

void counter_follow(Counter *counter, double metres)
{
    counter->latest.followed += metres;
}

static double counted(const CounterView *from, const CounterView *to)
{
    return (to->total_dm - from->total_dm) / 10.0;
}

static void learn_lead(Counter *counter)
{
    const CounterView *from = &counter->compared, *to = &counter->latest;
    const double change = to->speed - from->speed;
    counter->changes += square(change);
    counter->gains += change * (counted(from, to) - (to->told - from->told));
    const bool leads = counter->changes >= CHANGES && counter->gains > LEAD * counter->changes;
    if (leads && !counter->leads)
        counter->base = *from;
    counter->leads = leads;
}

// A count that was set, or jumped, is no judge; nor is one that never moves.
static void compare(Counter *counter, Usec at)
{
    const CounterView *from = &counter->compared, *to = &counter->latest;
    const double by_count = counted(from, to), by_filter = to->followed - from->followed;
    const bool judges = counter->compared_at != USEC_NEVER &&
                        at - counter->compared_at < 2 * COMPARE_EVERY &&
                        by_count <= SPEED_MAX * usec_to_s(at - counter->compared_at);
    counter->moves |= judges && by_count > 0;
    counter->disagrees =
        judges && counter->moves && fabs(by_count - by_filter) > fmax(5, APART * by_filter);
    if (judges && !counter->disagrees)
        learn_lead(counter);
    counter->leads &= !counter->disagrees;
    counter->compared_at = at;
    counter->compared = counter->latest;
}

double counter_see(Counter *counter, Usec at, double speed, uint32_t total_dm)
{
    const double seconds = counter->at == USEC_NEVER ? 0 : usec_to_s(at - counter->at);
    if (seconds > GAP)
        counter->compared_at = USEC_NEVER;
    counter->at = at;
    counter->latest.total_dm = total_dm;
    counter->latest.told += (counter->latest.speed + speed) / 2 * seconds;
    counter->latest.speed = speed;
    if (counter->compared_at == USEC_NEVER || at - counter->compared_at >= COMPARE_EVERY)
        compare(counter, at);
    if (!counter->leads)
        return 0;
    const double lacks = counted(&counter->base, &counter->latest) -
                         (counter->latest.followed - counter->base.followed);
    if (!(fabs(lacks) <= LOST)) {
        counter->base = counter->latest;
        return 0;
    }
    const double longer = lacks * seconds / (seconds + NEAR);
    counter->latest.followed += longer;
    return longer;
}
