// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How a reading grows old, and which of several sensors may speak: decided here once, so that heart
// and cadence cannot differ in it.

#include "estimate/estimate.h"

void reading_take(Reading *reading, double value, Usec at, double confidence)
{
    if (isnan(reading->value) || at - reading->at > STALE_AFTER)
        reading->since = at;
    reading->value = value;
    reading->at = at;
    reading->confidence = confidence;
}

Estimate estimate_from(const Reading *reading, EstimateSource source, SensorId sensor, Usec now)
{
    Estimate estimate = ESTIMATE_UNKNOWN;
    if (isnan(reading->value))
        return estimate;
    estimate.age = now - reading->at;
    if (estimate.age > STALE_LIMIT)
        return estimate;
    estimate.value = reading->value;
    estimate.source = source;
    estimate.sensor = sensor;
    estimate.confidence = reading->confidence;
    if (estimate.age > STALE_AFTER) {
        estimate.source = SOURCE_HELD;
        estimate.confidence *=
            (double)(STALE_LIMIT - estimate.age) / (double)(STALE_LIMIT - STALE_AFTER);
    }
    return estimate;
}

bool sensor_precedes(const SensorProfile profiles[SENSORS_MAX], Usec now, SensorId one,
                     Usec one_since, SensorId other, Usec other_since)
{
    const bool one_settled = now - one_since >= SETTLED_AFTER;
    const bool other_settled = now - other_since >= SETTLED_AFTER;
    if (one_settled != other_settled)
        return one_settled;
    if (!one_settled && one_since != other_since)
        return one_since < other_since;
    if (profiles[one].rank != profiles[other].rank)
        return profiles[one].rank < profiles[other].rank;
    return one < other;
}

Estimate estimate_from_owner(const Reading readings[SENSORS_MAX],
                             const SensorProfile profiles[SENSORS_MAX], EstimateSource source,
                             Usec now)
{
    Estimate best = ESTIMATE_UNKNOWN;
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        if (isnan(readings[sensor].value)) // most are nobody's
            continue;
        const Estimate estimate = estimate_from(&readings[sensor], source, sensor, now);
        const bool fresh = estimate.source == source, best_fresh = best.source == source;
        if (fresh && best_fresh) {
            if (sensor_precedes(profiles, now, sensor, readings[sensor].since, best.sensor,
                                readings[best.sensor].since))
                best = estimate;
        } else if (fresh || (!best_fresh && estimate.age < best.age))
            best = estimate;
    }
    return best;
}

const char *estimate_source_name(EstimateSource source)
{
    static const char *const names[] = {
        [SOURCE_NONE] = "none",           [SOURCE_STRAP] = "strap",     [SOURCE_POD] = "pod",
        [SOURCE_TREADMILL] = "treadmill", [SOURCE_CADENCE] = "cadence", [SOURCE_POWER] = "power",
        [SOURCE_FUSED] = "fused",         [SOURCE_HELD] = "held",
    };
    return names[source];
}
