// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a live value looks like everywhere: never a bare number. A reader can always ask where the
// value came from, how old it is and how far to trust it; "unknown" is NAN, never 0, so that a lost
// strap cannot pull an average down.

#pragma once

#include "estimate/profile.h"

typedef enum {
    SOURCE_NONE,      // nothing is known
    SOURCE_STRAP,     // heart-rate service
    SOURCE_POD,       // running speed and cadence service, and the power of the same device
    SOURCE_TREADMILL, // fitness machine service
    SOURCE_CADENCE,   // steps, by what was learnt of this runner's
    SOURCE_POWER,     // likewise
    SOURCE_FUSED,     // several sensors together
    SOURCE_HELD,      // no packet for a moment: the last value carried on, at falling confidence
} EstimateSource;

typedef struct {
    double value;          // in the unit its field documents; NAN when unknown
    EstimateSource source; // SOURCE_NONE exactly when value is NAN
    SensorId sensor;       // the owner; SENSOR_NONE when unknown
    Usec age;              // since the measurement behind it; USEC_NEVER when there never was one
    double confidence;     // 0 … 1
} Estimate;

#define ESTIMATE_UNKNOWN ((Estimate){.value = NAN, .sensor = SENSOR_NONE, .age = USEC_NEVER})

// A value without a new packet is stale after STALE_AFTER (still given, as SOURCE_HELD at falling
// confidence) and gone after STALE_LIMIT. (GATT client rule R8.)
#define STALE_AFTER (3 * USEC_PER_SEC)
#define STALE_LIMIT (5 * USEC_PER_SEC)

// A sensor that is back has to have been fresh for so long before it takes over from another of its
// kind that did its work meanwhile.
#define SETTLED_AFTER (5 * USEC_PER_SEC)

// The newest usable reading of one sensor: what an Estimate is made from.
typedef struct {
    double value; // NAN before the first
    Usec at;
    Usec since;        // they have come without a gap
    double confidence; // 0 … 1, before any ageing
} Reading;

#define READING_NONE ((Reading){.value = NAN, .at = USEC_NEVER, .since = USEC_NEVER})

// A newer one in its place.
void reading_take(Reading *reading, double value, Usec at, double confidence);

// The reading as it looks at `now`: itself, held, or unknown, by its age.
Estimate estimate_from(const Reading *reading, EstimateSource source, SensorId sensor, Usec now);

// Whether readings are due to the one rather than the other: it has settled and the other has not;
// both have and it has the better rank; or neither has and it has been there for longer. Both are
// fresh.
bool sensor_precedes(const SensorProfile profiles[SENSORS_MAX], Usec now, SensorId one,
                     Usec one_since, SensorId other, Usec other_since);

// The one owner among several sensors: of those that are fresh, the first by sensor_precedes();
// when none is, the least old. Readings are never mixed.
Estimate estimate_from_owner(const Reading readings[SENSORS_MAX],
                             const SensorProfile profiles[SENSORS_MAX], EstimateSource source,
                             Usec now);

static inline bool estimate_known(const Estimate *estimate)
{
    return estimate->source != SOURCE_NONE;
}

// "none", "strap", "pod", "treadmill", "cadence", "power", "fused", "held": as on D-Bus.
const char *estimate_source_name(EstimateSource source);
