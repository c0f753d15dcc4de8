// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A sensor is judged by the age of what it measured, not by its link: a frozen one is lost, too.

#include "coach/watch.h"

void watch_init(Watch *watch)
{
    *watch = (Watch){.seen_at = USEC_NEVER, .back_since = USEC_NEVER, .lost_at = USEC_NEVER};
}

void watch_begin(Watch *watch, Usec at)
{
    Usec seen_at = watch->seen_at;
    watch_init(watch);
    if (seen_at != USEC_NEVER && at - seen_at < LOST_AFTER)
        watch->seen_at = seen_at;
}

void watch_observe(Watch *watch, Usec at, const Estimate *estimate)
{
    if (estimate_known(estimate) && estimate->age != USEC_NEVER) {
        Usec seen_at = at - estimate->age;
        if (watch->seen_at == USEC_NEVER || seen_at > watch->seen_at)
            watch->seen_at = seen_at;
    }
    bool here = watch->seen_at != USEC_NEVER && at - watch->seen_at < STALE_AFTER;
    if (!watch->lost || !here)
        watch->back_since = USEC_NEVER;
    else if (watch->back_since == USEC_NEVER)
        watch->back_since = at;
}

void watch_observe_strap(Watch *watch, Usec at, const Estimate *heart_rate,
                         const SensorView *sensors)
{
    const unsigned serves =
        sensors && heart_rate->sensor < SENSORS_MAX ? sensors[heart_rate->sensor].serves : 0;
    const bool by_grips = serves & SERVICE_TREADMILL && !(serves & SERVICE_HEART);
    watch_observe(watch, at, by_grips ? &ESTIMATE_UNKNOWN : heart_rate);
}

Usec watch_due(const Watch *watch)
{
    if (watch->lost)
        return watch->back_since == USEC_NEVER ? USEC_NEVER : watch->back_since + WATCH_BACK;
    if (watch->seen_at == USEC_NEVER)
        return USEC_NEVER;
    Usec due = watch->seen_at + LOST_AFTER;
    if (watch->lost_at != USEC_NEVER && watch->lost_at + WATCH_AGAIN > due)
        due = watch->lost_at + WATCH_AGAIN;
    return due;
}

void watch_told(Watch *watch, Usec at)
{
    watch->lost = !watch->lost;
    if (watch->lost)
        watch->lost_at = at;
    watch->back_since = USEC_NEVER;
}
