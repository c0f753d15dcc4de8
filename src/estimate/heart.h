// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The heart rate that may be shown: the newest plausible reading of the strap that owns the metric.
// What is hard: straps say 0 when they mean "nothing", freeze, lose contact while still sending
// plausible numbers, and come in twos.

#pragma once

#include "codec/hrs.h"
#include "estimate/estimate.h"

typedef struct {
    struct {
        double bpm; // NAN before the first usable reading
        Usec at;    // of that reading
        bool contact_lost;
        double suspect; // a jump waiting for a second reading that agrees; NAN for none
    } straps[SENSORS_MAX];
} Heart;

void heart_init(Heart *heart);

// Returns false when the reading was implausible or empty and was not used.
bool heart_measure(Heart *heart, Usec at, SensorId sensor, const HrsMeasurement *measurement);

Estimate heart_rate(const Heart *heart, Usec at);
