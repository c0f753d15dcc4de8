// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The door: decode, count, and hand each measurement to the estimators it concerns. What was hard
// is only the order: a duplicate must be recognised before anything believes it twice, for a second
// reading that agrees is what the gates take as proof.

#include "estimate/estimator.h"

#include <string.h>

void estimator_init(Estimator *estimator)
{
    *estimator = (Estimator){0};
    heart_init(&estimator->heart);
    pace_init(&estimator->pace);
    stride_init(&estimator->stride);
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        estimator->counts[sensor].last_at = USEC_NEVER;
}

bool packet_counts_suspect(const PacketCounts *counts)
{
    return ((uint64_t)counts->rejected + counts->truncated) * 100 > counts->packets;
}

// Whether these bytes just came; remembers them if not.
static bool is_duplicate(Estimator *estimator, SensorId sensor, uint16_t characteristic,
                         const uint8_t *bytes, size_t length)
{
    typeof(*estimator->latest) *latest = &estimator->latest[sensor];
    if (length == 0 || length > sizeof latest->bytes) {
        latest->length = 0;
        return false;
    }
    if (latest->length == length && latest->characteristic == characteristic &&
        estimator->now - latest->at <= DUPLICATE_WITHIN &&
        memcmp(latest->bytes, bytes, length) == 0)
        return true;
    latest->characteristic = characteristic;
    latest->length = (uint8_t)length;
    latest->at = estimator->now;
    memcpy(latest->bytes, bytes, length);
    return false;
}

// Counts the verdict; whether there is a measurement to use.
static bool usable(PacketCounts *counts, DecodeStatus status)
{
    switch (status) {
    case DECODE_OK:
        return true;
    case DECODE_TRUNCATED:
        counts->truncated++;
        return true;
    case DECODE_EXTRA:
        counts->extra++;
        return true;
    case DECODE_REJECT:
        break;
    }
    counts->rejected++;
    return false;
}

static void take_heart(Estimator *estimator, SensorId sensor, const uint8_t *bytes, size_t length)
{
    PacketCounts *counts = &estimator->counts[sensor];
    HrsMeasurement measurement;
    if (!usable(counts, hrs_decode(bytes, length, &measurement)))
        return;
    const bool taken = heart_measure(&estimator->heart, estimator->now, sensor, &measurement);
    counts->implausible += !taken && measurement.heart_rate != 0;
}

static void take_pod(Estimator *estimator, SensorId sensor, const uint8_t *bytes, size_t length)
{
    PacketCounts *counts = &estimator->counts[sensor];
    RscsMeasurement measurement;
    if (!usable(counts, rscs_decode(bytes, length, &measurement)))
        return;
    const bool pace = pace_measure(&estimator->pace, estimator->now, sensor, &measurement);
    const bool stride = stride_measure(&estimator->stride, estimator->now, sensor, &measurement);
    counts->implausible += !pace || !stride;
}

void estimator_notify(Estimator *estimator, Usec at, SensorId sensor, uint16_t characteristic,
                      const uint8_t *bytes, size_t length)
{
    estimator_advance(estimator, at);
    if (sensor >= SENSORS_MAX)
        return;
    PacketCounts *counts = &estimator->counts[sensor];
    counts->packets++;
    counts->last_at = estimator->now;
    if (is_duplicate(estimator, sensor, characteristic, bytes, length)) {
        counts->duplicates++;
        return;
    }
    uint16_t features; // of no use: pods contradict them, the measurement's own flags count
    switch (characteristic) {
    case CHARACTERISTIC_HRS_MEASUREMENT:
        take_heart(estimator, sensor, bytes, length);
        break;
    case CHARACTERISTIC_RSCS_MEASUREMENT:
        take_pod(estimator, sensor, bytes, length);
        break;
    case CHARACTERISTIC_RSCS_FEATURE:
        usable(counts, rscs_feature_decode(bytes, length, &features));
        break;
    }
}

void estimator_link(Estimator *estimator, Usec at, SensorId sensor, bool up)
{
    estimator_advance(estimator, at);
    if (sensor < SENSORS_MAX)
        estimator->counts[sensor].linked = up;
}

void estimator_expect_change(Estimator *estimator, Usec at)
{
    estimator_advance(estimator, at);
    pace_expect_change(&estimator->pace, estimator->now);
}

void estimator_advance(Estimator *estimator, Usec at)
{
    if (at > estimator->now)
        estimator->now = at;
    pace_advance(&estimator->pace, estimator->now);
}

Estimate estimator_heart_rate(const Estimator *estimator)
{
    return heart_rate(&estimator->heart, estimator->now);
}

Estimate estimator_speed(const Estimator *estimator)
{
    return pace_speed(&estimator->pace, estimator->now);
}

Estimate estimator_cadence(const Estimator *estimator)
{
    return stride_cadence(&estimator->stride, estimator->now);
}

double estimator_distance(const Estimator *estimator)
{
    return pace_distance(&estimator->pace);
}
