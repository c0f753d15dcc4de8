// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which foot, or whether any, the cadence byte counts. The evidence is ten seconds of running
// faster than 2 m/s: nobody runs with fewer than 50 or walks that fast with fewer than 120 steps a
// minute, so the median tells watts/10, one leg and both apart. Where the pod sends a stride length
// too, speed ÷ (cadence × stride) settles it whatever the numbers; and what doubled would be beyond
// any runner counts both feet at any speed. What was hard is not to flap:
// once settled, the bounds move away from the convention held, and only half a minute of unbroken
// contrary evidence overturns it.

#include "estimate/stride.h"

#define CADENCE_MAX    250
#define SPEED_MAX      12.0 // m/s
#define SPEED_STANDING 0.2  // m/s
#define SPEED_EVIDENCE 2.0  // m/s
#define SETTLE_AFTER   (10 * USEC_PER_SEC)
#define OVERTURN_AFTER (30 * USEC_PER_SEC)
#define SAMPLES_MIN    5

void stride_forget(Stride *stride, SensorId sensor)
{
    stride->pods[sensor] = (StridePod){0};
    stride->cadence[sensor] = READING_NONE;
}

void stride_init(Stride *stride)
{
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        stride_forget(stride, sensor);
}

void stride_describe(Stride *stride, SensorId sensor, const SensorProfile *profile)
{
    StridePod *pod = &stride->pods[sensor];
    const bool was_fixed = pod->fixed;
    pod->fixed = profile->convention_fixed && profile->convention != CADENCE_UNSETTLED;
    // What was only decreed tells nothing of the pod.
    if (was_fixed && !pod->fixed)
        stride_forget(stride, sensor);
    if (pod->fixed)
        pod->rival = profile->convention; // evidence against it counts no longer
    const bool news = profile->convention != CADENCE_UNSETTLED &&
                      (pod->fixed || pod->convention == CADENCE_UNSETTLED);
    if (!news || pod->convention == profile->convention)
        return;
    pod->convention = pod->rival = profile->convention;
    stride->cadence[sensor] = READING_NONE; // it was counted the other way
}

// Stride length is from a foot to the same foot by the specification, but a step on some pods; a
// ratio near 1 therefore says only that both fields count alike.
static CadenceConvention stride_hint(double speed, const RscsMeasurement *measurement)
{
    const double stride = measurement->stride_cm / 100.0;
    if (!measurement->has_stride || stride < 0.3 || stride > 6)
        return CADENCE_UNSETTLED;
    const double ratio = 60 * speed / (measurement->cadence * stride);
    if (ratio > 0.4 && ratio < 0.65)
        return CADENCE_STEPS;
    if (ratio > 1.6 && ratio < 2.5)
        return CADENCE_ONE_LEG;
    return CADENCE_UNSETTLED;
}

static void window_add(StridePod *pod, Usec at, double speed, const RscsMeasurement *measurement)
{
    if (pod->window_used == 0 || at - pod->window_until > STALE_AFTER) {
        pod->window_used = 0;
        pod->window_next = 0;
        pod->window_since = at;
        pod->rival = pod->convention;
    }
    pod->window[pod->window_next].raw = measurement->cadence;
    pod->window[pod->window_next].hint = stride_hint(speed, measurement);
    pod->window_next = (pod->window_next + 1) % STRIDE_WINDOW;
    if (pod->window_used < STRIDE_WINDOW)
        pod->window_used++;
    pod->window_until = at;
}

static uint8_t window_median(const StridePod *pod)
{
    uint8_t sorted[STRIDE_WINDOW];
    for (size_t i = 0; i < pod->window_used; i++) {
        size_t place = i;
        for (; place > 0 && sorted[place - 1] > pod->window[i].raw; place--)
            sorted[place] = sorted[place - 1];
        sorted[place] = pod->window[i].raw;
    }
    return sorted[pod->window_used / 2];
}

static bool window_hints(const StridePod *pod, CadenceConvention convention)
{
    size_t votes = 0;
    for (size_t i = 0; i < pod->window_used; i++)
        votes += pod->window[i].hint == convention;
    return 2 * votes > pod->window_used;
}

static CadenceConvention window_says(const StridePod *pod)
{
    // The bounds, 50 and 120, each moved by a sixth or so to favour what is already believed.
    const uint8_t cadence_from = pod->convention == CADENCE_NONE      ? 60
                                 : pod->convention == CADENCE_ONE_LEG ? 40
                                                                      : 50;
    const uint8_t both_from = pod->convention == CADENCE_ONE_LEG ? 140
                              : pod->convention == CADENCE_STEPS ? 100
                                                                 : 120;
    const uint8_t median = window_median(pod);
    if (median < cadence_from)
        return CADENCE_NONE;
    if (window_hints(pod, CADENCE_STEPS))
        return CADENCE_STEPS;
    if (window_hints(pod, CADENCE_ONE_LEG))
        return CADENCE_ONE_LEG;
    return median < both_from ? CADENCE_ONE_LEG : CADENCE_STEPS;
}

static void settle(StridePod *pod, Usec at)
{
    if (pod->fixed)
        return;
    if (at - pod->window_since < SETTLE_AFTER || pod->window_used < SAMPLES_MIN)
        return;
    const CadenceConvention says = window_says(pod);
    if (says != pod->rival) {
        pod->rival = says;
        pod->rival_since = at;
    }
    if (pod->convention == CADENCE_UNSETTLED || at - pod->rival_since >= OVERTURN_AFTER)
        pod->convention = says;
}

static double steps_a_minute(const StridePod *pod, double speed, uint8_t raw)
{
    if (raw == 0)
        return pod->convention != CADENCE_NONE && speed < SPEED_STANDING ? 0 : NAN;
    // While the evidence is against what is believed, half or double is as likely: say nothing.
    if (pod->rival != pod->convention)
        return NAN;
    switch (pod->convention) {
    case CADENCE_STEPS:
        return raw;
    case CADENCE_ONE_LEG:
        return 2.0 * raw;
    case CADENCE_UNSETTLED:
    case CADENCE_NONE:
        break;
    }
    return NAN;
}

bool stride_measure(Stride *stride, Usec at, SensorId sensor, const RscsMeasurement *measurement)
{
    const double speed = measurement->speed_256 / 256.0;
    if (measurement->cadence > CADENCE_MAX || speed > SPEED_MAX)
        return false;
    StridePod *pod = &stride->pods[sensor];
    const bool too_many_for_one_leg = measurement->cadence > CADENCE_MAX / 2; // at any speed
    if ((speed > SPEED_EVIDENCE && measurement->cadence > 0) || too_many_for_one_leg) {
        window_add(pod, at, speed, measurement);
        settle(pod, at);
    }
    const double steps = steps_a_minute(pod, speed, measurement->cadence);
    if (steps > CADENCE_MAX)
        return false;
    if (!isnan(steps))
        reading_take(&stride->cadence[sensor], steps, at, 1);
    else if (stride->cadence[sensor].value == 0) // whoever moves off stands no longer
        stride->cadence[sensor] = READING_NONE;
    return true;
}

Estimate stride_cadence(const Stride *stride, const SensorProfile profiles[SENSORS_MAX], Usec at)
{
    return estimate_from_owner(stride->cadence, profiles, SOURCE_POD, at);
}

CadenceConvention stride_convention(const Stride *stride, SensorId sensor)
{
    return stride->pods[sensor].convention;
}
