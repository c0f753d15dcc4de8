// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The heart rate that may be shown: the newest plausible reading of the strap that owns the metric;
// where there is no strap, a treadmill's.
// What is hard: straps say 0 when they mean "nothing", freeze, lose contact while still sending
// plausible numbers, and come in twos.

#pragma once

#include "codec/hrs.h"
#include "estimate/estimate.h"

#define HEART_RATE_MIN 25.0 // bpm; outside, a reading is no runner's
#define HEART_RATE_MAX 240.0

typedef struct {
    Reading reading; // bpm; confidence is lower without skin contact
    double suspect;  // a jump waiting for a second reading that agrees; NAN for none
} HeartSource;

typedef struct {
    HeartSource straps[SENSORS_MAX];
    HeartSource treadmills[SENSORS_MAX]; // by hands on a grip, or a strap that the machine hears
} Heart;

void heart_init(Heart *heart);

// Returns false when the reading was implausible, empty or a jump not yet confirmed, and was not
// used. A strap that says 0 leaves its last value to age.
bool heart_measure(Heart *heart, const SensorProfile *profile, Usec at, SensorId sensor,
                   const HrsMeasurement *measurement);

// The same of a rate that a treadmill tells beside its speed. It is given out while no strap is
// known, at a confidence that corrects nobody: a grip measures badly, and only while it is held.
bool heart_measure_treadmill(Heart *heart, Usec at, SensorId sensor, double bpm);

// Nothing is known of this sensor any more.
void heart_forget(Heart *heart, SensorId sensor);

Estimate heart_rate(const Heart *heart, const SensorProfile profiles[SENSORS_MAX], Usec at);
