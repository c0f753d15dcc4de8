// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a live value looks like everywhere: never a bare number. A reader can always ask where the
// value came from, how old it is and how far to trust it; "unknown" is NAN, never 0, so that a lost
// strap cannot pull an average down.

#pragma once

#include "base/units.h"

// A sensor's number within one session, given by whoever runs the session (0 … SENSORS_MAX-1).
// Lower numbers take precedence where two sensors can own one metric.
typedef uint8_t SensorId;
#define SENSORS_MAX 8
#define SENSOR_NONE UINT8_MAX

typedef enum {
    SOURCE_NONE,  // nothing is known
    SOURCE_STRAP, // heart-rate service
    SOURCE_POD,   // running speed and cadence service
    SOURCE_HELD,  // no packet for a moment: the last value carried on, at falling confidence
} EstimateSource;

typedef struct {
    double value;          // in the unit its field documents; NAN when unknown
    EstimateSource source; // SOURCE_NONE exactly when value is NAN
    SensorId sensor;       // the owner; SENSOR_NONE when unknown
    Usec age;              // since the measurement behind it; USEC_NEVER when there never was one
    double confidence;     // 0 … 1
} Estimate;

#define ESTIMATE_UNKNOWN ((Estimate){.value = NAN, .sensor = SENSOR_NONE, .age = USEC_NEVER})

static inline bool estimate_known(const Estimate *estimate)
{
    return estimate->source != SOURCE_NONE;
}

// "none", "strap", "pod", "held": as on D-Bus.
const char *estimate_source_name(EstimateSource source);
