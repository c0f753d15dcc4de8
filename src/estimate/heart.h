// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The heart rate that may be shown: the newest plausible reading of the strap that owns the metric.
// What is hard: straps say 0 when they mean "nothing", freeze, lose contact while still sending
// plausible numbers, and come in twos.

#pragma once

#include "codec/hrs.h"
#include "estimate/estimate.h"

#define HEART_RATE_MIN 25.0 // bpm; outside, a reading is no runner's
#define HEART_RATE_MAX 240.0

typedef struct {
    Reading straps[SENSORS_MAX];  // bpm; confidence is lower without skin contact
    double suspects[SENSORS_MAX]; // a jump waiting for a second reading that agrees; NAN for none
} Heart;

void heart_init(Heart *heart);

// Returns false when the reading was implausible, empty or a jump not yet confirmed, and was not
// used. A strap that says 0 leaves its last value to age.
bool heart_measure(Heart *heart, const SensorProfile *profile, Usec at, SensorId sensor,
                   const HrsMeasurement *measurement);

// Nothing is known of this sensor any more.
void heart_forget(Heart *heart, SensorId sensor);

Estimate heart_rate(const Heart *heart, const SensorProfile profiles[SENSORS_MAX], Usec at);
