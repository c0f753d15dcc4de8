// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Several sensors that know the runner's speed, by the bytes they send: a pod, a treadmill, a strap
// that counts steps. Which one is believed, and what remains when one falls silent.

#include "estimate/estimator.h"

#include "codec/cps.h"
#include "codec/rscs.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define S(seconds) usec_from_s(seconds)

enum {
    POD,
    BELT,
    OTHER
};

static Estimator estimator;

static void nothing_known(void)
{
    estimator_init(&estimator);
}

TestSuite(fusion, .init = nothing_known);

static void belt(double at, double mps, double incline)
{
    const unsigned speed = (unsigned)lround(mps * 360);
    const int slope = (int)lround(incline * 10);
    const uint8_t bytes[] = {8,
                             0,
                             (uint8_t)speed,
                             (uint8_t)(speed >> 8),
                             (uint8_t)slope,
                             (uint8_t)((unsigned)slope >> 8),
                             0xff,
                             0x7f};
    estimator_notify(&estimator, S(at), BELT, CHARACTERISTIC_FTMS_TREADMILL, bytes, sizeof bytes);
}

static void steps(double at, SensorId sensor, double mps, int cadence)
{
    uint8_t bytes[20];
    const RscsMeasurement m = {.speed_256 = (uint16_t)lround(mps * 256),
                               .cadence = (uint8_t)cadence};
    const size_t length = rscs_encode(&m, bytes, sizeof bytes);
    estimator_notify(&estimator, S(at), sensor, CHARACTERISTIC_RSCS_MEASUREMENT, bytes, length);
}

static void power(double at, int watts)
{
    uint8_t bytes[64];
    const CpsMeasurement m = {.power_w = (int16_t)watts};
    const size_t length = cps_encode(&m, bytes, sizeof bytes);
    estimator_notify(&estimator, S(at), OTHER, CHARACTERISTIC_CPS_MEASUREMENT, bytes, length);
}

static Estimate speed(double at)
{
    estimator_advance(&estimator, S(at));
    return estimator_speed(&estimator);
}

#define source_is(estimate, expected)                                                              \
    cr_expect(strcmp(estimate_source_name((estimate).source), expected) == 0, "%s",                \
              estimate_source_name((estimate).source))

Test(fusion, a_belt_alone_is_believed_by_half)
{
    for (int t = 0; t < 60; t++)
        belt(t, 3, 0);
    const Estimate alone = speed(59);
    cr_expect(epsilon_eq(dbl, alone.value, 3, 0.01));
    source_is(alone, "treadmill");
    cr_expect(eq(int, alone.sensor, BELT));
    cr_expect(le(dbl, alone.confidence, 0.5), "nobody says that somebody is on it");
    cr_expect(epsilon_eq(dbl, estimator_distance(&estimator), 3 * 59, 1));
}

Test(fusion, a_belt_that_a_pod_agrees_with_comes_before_it)
{
    for (int t = 0; t < 40; t++) {
        steps(t, POD, 3.1, 168);
        belt(t + 0.5, 3, 0);
        if (t < 14 || t > 18)
            source_is(speed(t + 0.6), t < 14 ? "pod" : "treadmill");
    }
    cr_expect(epsilon_eq(dbl, speed(40).value, 3, 0.03));
    cr_expect(gt(dbl, speed(40).confidence, 0.6));
    cr_expect(epsilon_eq(dbl, estimator_distance(&estimator), 121, 3), "neither counted twice");
    for (int t = 40; t < 50; t++)
        steps(t, POD, 3.1, 168);
    source_is(speed(49), "pod");
    cr_expect(epsilon_eq(dbl, speed(49).value, 3.1, 0.05), "the belt was lost");
}

Test(fusion, a_belt_that_runs_with_nobody_on_it_is_standing)
{
    for (int t = 0; t < 60; t++) {
        steps(t, POD, 3, 168);
        belt(t + 0.5, 3, 0);
    }
    for (int t = 60; t < 90; t++) {
        steps(t, POD, 0, 0);
        belt(t + 0.5, 3, 0);
        if (t >= 65)
            cr_expect(eq(dbl, speed(t + 0.6).value, 0), "second %d", t);
    }
    const double stopped = estimator_distance(&estimator);
    for (int t = 90; t < 130; t++) {
        steps(t, POD, 3, 168);
        belt(t + 0.5, 3, 0);
    }
    source_is(speed(130), "treadmill");
    cr_expect(epsilon_eq(dbl, speed(130).value, 3, 0.05));
    cr_expect(epsilon_eq(dbl, estimator_distance(&estimator) - stopped, 120, 8));
}

Test(fusion, a_belt_that_says_miles_for_kilometres_is_put_right)
{
    const double truly = 6 * 1.609344 / 3.6;
    for (int t = 0; t < 60; t++) {
        steps(t, POD, truly, 160);
        belt(t + 0.5, 6 / 3.6, 0);
        cr_expect(epsilon_eq(dbl, speed(t + 0.6).value, truly, 0.05), "second %d", t);
    }
    source_is(speed(60), "treadmill");
    cr_expect(gt(dbl, estimator.pace.rivals.unit, 1.6));
}

Test(fusion, a_treadmill_that_stands_nearby_does_not_stop_a_run)
{
    belt(0, 0, 0);
    for (int t = 0; t < 30; t++) {
        belt(t + 0.5, 0, 0);
        steps(t, POD, 3.5, 170);
    }
    source_is(speed(30), "pod");
    cr_expect(epsilon_eq(dbl, speed(30).value, 3.5, 0.05));
}

static double flat(void)
{
    const Estimate speed_now = estimator_speed(&estimator);
    return estimator_flat_speed(&estimator, &speed_now).value;
}

Test(fusion, an_incline_costs_what_a_faster_pace_on_the_flat_does)
{
    for (int t = 0; t < 30; t++)
        belt(t, 4, 4);
    speed(29);
    cr_expect(epsilon_eq(dbl, flat(), 4.66401, 0.01));
    nothing_known();
    for (int t = 0; t < 30; t++)
        steps(t, POD, 4, 178);
    speed(29);
    cr_expect(epsilon_eq(dbl, flat(), 4, 0.01), "a road is a road");
    cr_expect(epsilon_eq(dbl, estimator_step_length(&estimator).value, 1.348, 0.01));
}

// Six minutes at two paces with a pod; a strap counts steps all the while.
static double learn(void)
{
    int t = 0;
    for (; t < 400; t++) {
        const double mps = t % 100 < 50 ? 2.8 : 3.6;
        steps(t, POD, mps, (int)lround(130 + 12 * mps));
        steps(t + 0.3, OTHER, 0.01, (int)lround(130 + 12 * mps));
    }
    return t;
}

Test(fusion, a_lost_pod_is_bridged_by_cadence_and_then_by_nothing)
{
    double t = learn();
    const double before = speed(t).confidence, way = estimator_distance(&estimator);
    const double lost = t;
    for (; t < lost + 30; t++)
        steps(t + 0.3, OTHER, 0.01, 130 + 12 * 3);
    const Estimate bridged = speed(t);
    source_is(bridged, "cadence");
    cr_expect(epsilon_eq(dbl, bridged.value, 3, 0.25));
    cr_expect(lt(dbl, bridged.confidence, fmin(before, 0.5)), "no reason to correct anybody");
    cr_expect(epsilon_eq(dbl, estimator_distance(&estimator) - way, 93, 9));
    cr_expect(isnan(speed(t + 6).value));
    source_is(speed(t + 6), "none");
}

Test(fusion, power_stands_in_once_its_ratio_is_known)
{
    int t = 0;
    for (; t < 400; t++) {
        steps(t, POD, 3 + (t / 100) * 0.3, 168);
        power(t + 0.2, (int)lround(75 * (3 + (t / 100) * 0.3)));
    }
    for (; t < 420; t++)
        power(t + 0.2, 75 * 4);
    source_is(speed(t), "power");
    cr_expect(epsilon_eq(dbl, speed(t).value, 4, 0.2));
    nothing_known();
    for (t = 0; t < 100; t++) {
        steps(t, POD, 3, 168);
        power(t + 0.2, 225);
    }
    for (; t < 110; t++)
        power(t + 0.2, 225);
    source_is(speed(t), "none");
}

Test(fusion, fewer_steps_at_the_same_pace_are_a_drift_of_form)
{
    int t = 0;
    for (; t < 1600; t++)
        steps(t, POD, t % 200 < 100 ? 2.8 : 3.8, t % 200 < 100 ? 164 : 176);
    speed(t);
    cr_expect(epsilon_eq(dbl, estimator_form_drift(&estimator).value, 0, 1));
    for (; t < 2000; t++)
        steps(t, POD, 3.8, 169);
    speed(t);
    cr_expect(epsilon_eq(dbl, estimator_form_drift(&estimator).value, 7, 1));
    cr_expect(gt(dbl, estimator_form_drift(&estimator).confidence, 0.5));
}

// A walker whose pod says 24 km/h for a while.
Test(fusion, a_pod_that_jumps_to_what_nobody_can_run_is_not_believed)
{
    int t = 0;
    for (; t < 60; t++)
        steps(t, POD, 2.2, 150); // its convention is settled by some running
    for (; t < 90; t++)
        steps(t, POD, 1.4, 110);
    for (; t < 94; t++) {
        steps(t, POD, 24 / 3.6, 110);
        cr_expect(lt(dbl, speed(t).value, 1.7), "second %d", t);
    }
    for (; t < 97; t++)
        steps(t, POD, 1.4, 110);
    cr_expect(epsilon_eq(dbl, speed(t).value, 1.4, 0.1));
    nothing_known(); // and one that counts no steps
    for (t = 0; t < 30; t++)
        steps(t, POD, 1.4, 0);
    for (; t < 34; t++) {
        steps(t, POD, 24 / 3.6, 0);
        cr_expect(lt(dbl, speed(t).value, 1.7), "second %d", t);
    }
}

static void counted(double at, double mps, double metres)
{
    uint8_t bytes[20];
    const RscsMeasurement m = {.speed_256 = (uint16_t)lround(mps * 256),
                               .cadence = 170,
                               .has_distance = true,
                               .distance_dm = (uint32_t)lround(metres * 10)};
    const size_t length = rscs_encode(&m, bytes, sizeof bytes);
    estimator_notify(&estimator, S(at), POD, CHARACTERISTIC_RSCS_MEASUREMENT, bytes, length);
}

Test(fusion, a_pod_that_freezes_is_doubted)
{
    int t = 0;
    for (; t < 60; t++)
        counted(t, 3.5, 3.5 * t);
    cr_expect(gt(dbl, speed(t).confidence, 0.5));
    for (; t < 85; t++)
        counted(t, 3.5, 3.5 * 59); // the same packet again and again
    cr_expect(lt(dbl, speed(t).confidence, 0.5));
    for (; t < 110; t++)
        counted(t, 3.5, 3.5 * (t - 25));
    cr_expect(gt(dbl, speed(t).confidence, 0.5), "it lives again");
    for (; t < 150; t++)
        counted(t, 3.5, 3.5 * (t - 110)); // its counter was reset
    cr_expect(gt(dbl, speed(t).confidence, 0.5));
}
