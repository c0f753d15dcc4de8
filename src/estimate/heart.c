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
#define TREADMILL_TRUSTED    0.4

#define HEART_SOURCE_NONE ((HeartSource){.reading = READING_NONE, .suspect = NAN})

void heart_forget(Heart *heart, SensorId sensor)
{
    heart->straps[sensor] = HEART_SOURCE_NONE;
    heart->treadmills[sensor] = HEART_SOURCE_NONE;
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

static bool take(HeartSource *source, Usec at, double bpm, double confidence)
{
    if (!(bpm >= HEART_RATE_MIN && bpm <= HEART_RATE_MAX))
        return false;
    const bool agreed = fabs(bpm - source->suspect) <= AGREE_WITHIN; // false without a suspect
    if (is_jump(&source->reading, at, bpm) && !agreed) {
        source->suspect = bpm;
        return false;
    }
    source->suspect = NAN;
    reading_take(&source->reading, bpm, at, confidence);
    return true;
}

bool heart_measure(Heart *heart, const SensorProfile *profile, Usec at, SensorId sensor,
                   const HrsMeasurement *measurement)
{
    const bool lost = measurement->contact == HRS_CONTACT_LOST && !profile->contact_untrusted;
    return take(&heart->straps[sensor], at, measurement->heart_rate,
                lost ? CONTACT_LOST_TRUSTED : 1);
}

bool heart_measure_treadmill(Heart *heart, Usec at, SensorId sensor, double bpm)
{
    return take(&heart->treadmills[sensor], at, bpm, TREADMILL_TRUSTED);
}

static Estimate from(const HeartSource sources[SENSORS_MAX],
                     const SensorProfile profiles[SENSORS_MAX], EstimateSource source, Usec at)
{
    Reading readings[SENSORS_MAX];
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        readings[sensor] = sources[sensor].reading;
    return estimate_from_owner(readings, profiles, source, at);
}

Estimate heart_rate(const Heart *heart, const SensorProfile profiles[SENSORS_MAX], Usec at)
{
    const Estimate strap = from(heart->straps, profiles, SOURCE_STRAP, at);
    return estimate_known(&strap) ? strap : from(heart->treadmills, profiles, SOURCE_TREADMILL, at);
}
