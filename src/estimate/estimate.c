// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How a reading grows old, and which of several sensors may speak: decided here once, so that heart
// and cadence cannot differ in it.

#include "estimate/estimate.h"

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

Estimate estimate_from_owner(const Reading readings[SENSORS_MAX], EstimateSource source, Usec now)
{
    Estimate best = ESTIMATE_UNKNOWN;
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        const Estimate estimate = estimate_from(&readings[sensor], source, sensor, now);
        if (estimate.source == source)
            return estimate;
        if (estimate.age < best.age)
            best = estimate;
    }
    return best;
}

const char *estimate_source_name(EstimateSource source)
{
    static const char *const names[] = {
        [SOURCE_NONE] = "none",
        [SOURCE_STRAP] = "strap",
        [SOURCE_POD] = "pod",
        [SOURCE_HELD] = "held",
    };
    return names[source];
}
