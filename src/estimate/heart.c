// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The gate before the heart rate. What was hard: a strap that finds the skin, or a runner who
// sprints, jumps for good, and a bad electrode jumps for one packet; only the next reading tells
// them apart, so a jump waits for one that agrees. And "no contact" is not believed outright:
// optical sensors say so while they measure well, so it costs confidence, not the value.

#include "estimate/heart.h"

#define JUMP_PER_SECOND      30.0 // bpm; no heart is faster
#define AGREE_WITHIN         15.0 // bpm; between the readings before and after
#define CONTACT_LOST_TRUSTED 0.4

void heart_forget(Heart *heart, SensorId sensor)
{
    heart->straps[sensor] = READING_NONE;
    heart->suspects[sensor] = NAN;
}

void heart_init(Heart *heart)
{
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        heart_forget(heart, sensor);
}

static bool is_jump(const Reading *last, Usec at, double bpm)
{
    if (isnan(last->value) || at - last->at > STALE_LIMIT)
        return false;
    return fabs(bpm - last->value) > JUMP_PER_SECOND * fmax(1, usec_to_s(at - last->at));
}

bool heart_measure(Heart *heart, const SensorProfile *profile, Usec at, SensorId sensor,
                   const HrsMeasurement *measurement)
{
    const double bpm = measurement->heart_rate;
    if (bpm < HEART_RATE_MIN || bpm > HEART_RATE_MAX)
        return false;
    Reading *strap = &heart->straps[sensor];
    double *suspect = &heart->suspects[sensor];
    const bool agreed = fabs(bpm - *suspect) <= AGREE_WITHIN; // false without a suspect
    if (is_jump(strap, at, bpm) && !agreed) {
        *suspect = bpm;
        return false;
    }
    *suspect = NAN;
    const bool lost = measurement->contact == HRS_CONTACT_LOST && !profile->contact_untrusted;
    reading_take(strap, bpm, at, lost ? CONTACT_LOST_TRUSTED : 1);
    return true;
}

Estimate heart_rate(const Heart *heart, const SensorProfile profiles[SENSORS_MAX], Usec at)
{
    return estimate_from_owner(heart->straps, profiles, SOURCE_STRAP, at);
}
