// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The door to the estimates: raw packets in, values and counts out.

#include "../codec/packet.h"
#include "estimate/estimator.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define S(seconds) usec_from_s(seconds)
#define STRAP      0
#define POD        1

static Estimator estimator;

static void nothing_known(void)
{
    estimator_init(&estimator);
}

TestSuite(estimator, .init = nothing_known);

static void notify(double at_s, SensorId sensor, uint16_t characteristic, const char *hex)
{
    Packet packet = packet_from_hex(hex);
    estimator_notify(&estimator, S(at_s), sensor, characteristic, packet.bytes, packet.length);
    packet_free(&packet);
}

Test(estimator, knows_nothing_at_first)
{
    cr_expect(isnan(estimator_heart_rate(&estimator).value));
    cr_expect(isnan(estimator_speed(&estimator).value));
    cr_expect(isnan(estimator_cadence(&estimator).value));
    cr_expect(eq(dbl, estimator_distance(&estimator), 0));
    cr_expect(eq(i64, estimator.sensors[STRAP].counts.last_at, USEC_NEVER));
}

Test(estimator, a_strap_and_a_pod_give_all_values)
{
    for (int t = 0; t < 20; t++) {
        notify(t, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "1698800190019001");
        notify(t + 0.1, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "04000358"); // 3 m/s, 88
    }
    cr_expect(eq(dbl, estimator_heart_rate(&estimator).value, 152));
    cr_expect(eq(int, estimator_heart_rate(&estimator).sensor, STRAP));
    cr_expect(epsilon_eq(dbl, estimator_speed(&estimator).value, 3, 1e-9));
    cr_expect(eq(dbl, estimator_cadence(&estimator).value, 176));
    estimator_advance(&estimator, S(20.1));
    cr_expect(epsilon_eq(dbl, estimator_distance(&estimator), 60, 0.01));
}

Test(estimator, values_age_with_time_alone)
{
    notify(0, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    estimator_advance(&estimator, S(4));
    cr_expect(eq(int, (int)estimator_heart_rate(&estimator).source, SOURCE_HELD));
    estimator_link(&estimator, S(4.5), STRAP, false);
    cr_expect(eq(dbl, estimator_heart_rate(&estimator).value, 152), "a lost link forgets nothing");
    estimator_advance(&estimator, S(6));
    cr_expect(isnan(estimator_heart_rate(&estimator).value));
}

Test(estimator, every_packet_is_counted_for_what_it_is)
{
    static const struct {
        const char *shows;
        uint16_t characteristic;
        const char *hex;
        PacketCounts counts; // of the one packet
    } rows[] = {
        {"good rate", CHARACTERISTIC_HRS_MEASUREMENT, "0098", {1}},
        {"energy cut", CHARACTERISTIC_HRS_MEASUREMENT, "089801", {1, .truncated = 1}},
        {"half an RR", CHARACTERISTIC_HRS_MEASUREMENT, "109801", {1, .extra = 1}},
        {"empty", CHARACTERISTIC_HRS_MEASUREMENT, "", {1, .rejected = 1}},
        {"flags alone", CHARACTERISTIC_HRS_MEASUREMENT, "00", {1, .rejected = 1}},
        {"300 bpm", CHARACTERISTIC_HRS_MEASUREMENT, "012c01", {1, .implausible = 1}},
        {"no reading", CHARACTERISTIC_HRS_MEASUREMENT, "0000", {1}},
        {"good speed", CHARACTERISTIC_RSCS_MEASUREMENT, "00000358", {1}},
        {"distance cut", CHARACTERISTIC_RSCS_MEASUREMENT, "0200035801", {1, .truncated = 1}},
        {"a byte more", CHARACTERISTIC_RSCS_MEASUREMENT, "0000035801", {1, .extra = 1}},
        {"no cadence", CHARACTERISTIC_RSCS_MEASUREMENT, "000003", {1, .rejected = 1}},
        {"all ones", CHARACTERISTIC_RSCS_MEASUREMENT, "00ffffff", {1, .implausible = 1}},
        {"cadence alone impossible",
         CHARACTERISTIC_RSCS_MEASUREMENT,
         "000003ff",
         {1, .implausible = 1}},
        {"good power", CHARACTERISTIC_CPS_MEASUREMENT, "0000FA00", {1}},
        {"a negative power", CHARACTERISTIC_CPS_MEASUREMENT, "0000F0FF", {1, .implausible = 1}},
        {"power cut", CHARACTERISTIC_CPS_MEASUREMENT, "0000F0", {1, .rejected = 1}},
        {"good belt", CHARACTERISTIC_FTMS_TREADMILL, "0000E803", {1}},
        {"a belt without speed", CHARACTERISTIC_FTMS_TREADMILL, "0000", {1, .truncated = 1}},
        {"a belt at 200 km/h", CHARACTERISTIC_FTMS_TREADMILL, "0000204E", {1, .implausible = 1}},
        {"a belt's flags cut", CHARACTERISTIC_FTMS_TREADMILL, "00", {1, .rejected = 1}},
        {"machine status", CHARACTERISTIC_FTMS_STATUS, "0201", {1}},
        {"machine status cut", CHARACTERISTIC_FTMS_STATUS, "02", {1, .truncated = 1}},
        {"training status", CHARACTERISTIC_FTMS_TRAINING, "000D", {1}},
        {"training status cut", CHARACTERISTIC_FTMS_TRAINING, "00", {1, .rejected = 1}},
        {"machine features", CHARACTERISTIC_FTMS_FEATURE, "0C16000003000000", {1}},
        {"speed range", CHARACTERISTIC_FTMS_SPEEDS, "5000D0070A00", {1}},
        {"inclination range cut", CHARACTERISTIC_FTMS_INCLINATIONS, "E2FF", {1, .rejected = 1}},
        {"features", CHARACTERISTIC_RSCS_FEATURE, "0600", {1}},
        {"half of the features", CHARACTERISTIC_RSCS_FEATURE, "06", {1, .rejected = 1}},
        {"something else", 0x2a6e, "64", {1}},
        {"something else, longer than we keep",
         0x2a6e,
         "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
         "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40",
         {1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        estimator_init(&estimator);
        notify(7, POD, rows[i].characteristic, rows[i].hex);
        const PacketCounts *c = &estimator.sensors[POD].counts, *e = &rows[i].counts;
        cr_expect(c->packets == e->packets && c->truncated == e->truncated &&
                      c->extra == e->extra && c->rejected == e->rejected &&
                      c->implausible == e->implausible && c->duplicates == 0,
                  "%s", rows[i].shows);
        cr_expect(eq(i64, c->last_at, S(7)), "%s", rows[i].shows);
    }
}

Test(estimator, an_impossible_cadence_does_not_cost_the_speed)
{
    notify(0, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "000003ff");
    cr_expect(epsilon_eq(dbl, estimator_speed(&estimator).value, 3, 1e-9));
}

Test(estimator, the_same_bytes_within_50_ms_count_once)
{
    notify(0, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    notify(1, STRAP, CHARACTERISTIC_HRS_MEASUREMENT,
           "00dc"); // a jump must wait for a second reading
    notify(1.05, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "00dc");
    cr_expect(eq(dbl, estimator_heart_rate(&estimator).value, 152));
    cr_expect(eq(u32, estimator.sensors[STRAP].counts.duplicates, 1));
    cr_expect(eq(u32, estimator.sensors[STRAP].counts.packets, 3));
    notify(2, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "00dc");
    cr_expect(eq(dbl, estimator_heart_rate(&estimator).value, 220));
}

Test(estimator, what_differs_in_anything_is_no_duplicate)
{
    notify(1, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    notify(1.01, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "0099");   // other bytes
    notify(1.02, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "009900"); // longer
    notify(1.03, STRAP, 0x2a19, "009900");                         // another characteristic
    notify(1.04, POD, 0x2a19, "009900");                           // another sensor
    notify(1.04, POD, 0x2a19, "");
    notify(1.04, POD, 0x2a19, "");
    notify(1.2, STRAP, 0x2a19, "009900"); // later
    cr_expect(eq(u32, estimator.sensors[STRAP].counts.duplicates, 0));
    cr_expect(eq(u32, estimator.sensors[POD].counts.duplicates, 0));
}

Test(estimator, time_never_runs_backwards)
{
    notify(10, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    notify(9, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "0099");
    cr_expect(eq(dbl, estimator_heart_rate(&estimator).value, 153));
    cr_expect(eq(i64, estimator_heart_rate(&estimator).age, 0));
    estimator_advance(&estimator, S(5));
    estimator_expect_change(&estimator, S(4), NAN);
    cr_expect(eq(i64, estimator.now, S(10)));
    cr_expect(eq(i64, estimator.sensors[STRAP].counts.last_at, S(10)));
}

Test(estimator, sensors_out_of_range_are_ignored)
{
    notify(1, SENSORS_MAX, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    notify(1, SENSOR_NONE, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    estimator_link(&estimator, S(1), SENSORS_MAX, true);
    cr_expect(isnan(estimator_heart_rate(&estimator).value));
    estimator_link(&estimator, S(1), STRAP, true);
    cr_expect(estimator.sensors[STRAP].linked);
    estimator_link(&estimator, S(1), STRAP, false);
    cr_expect(not(estimator.sensors[STRAP].linked));
}

Test(estimator, more_than_one_in_a_hundred_malformed_is_worth_telling)
{
    cr_expect(not(packet_counts_suspect(&(PacketCounts){0})));
    cr_expect(not(packet_counts_suspect(&(PacketCounts){.packets = 200, .rejected = 2})));
    cr_expect(
        packet_counts_suspect(&(PacketCounts){.packets = 200, .rejected = 2, .truncated = 1}));
    cr_expect(packet_counts_suspect(&(PacketCounts){.packets = 1, .rejected = 1}));
}

// The pod's mean of three seconds in the first two after a start from 3 to 4.5 m/s.
Test(estimator, an_announced_change_is_followed_faster)
{
    double speeds[3];
    for (int announced = 0; announced < 3; announced++) {
        estimator_init(&estimator);
        for (int t = 0; t < 60; t++)
            notify(t, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "00000358");
        if (announced)
            estimator_expect_change(&estimator, S(59), announced == 2 ? 4.5 : NAN);
        notify(60, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "00400358"); // 3.25
        notify(61, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "00b30358"); // 3.70
        speeds[announced] = estimator_speed(&estimator).value;
    }
    cr_expect(lt(dbl, speeds[0], 3.7), "unannounced it could be a spike");
    cr_expect(gt(dbl, speeds[1], speeds[0] + 0.2));
    cr_expect(lt(dbl, fabs(speeds[2] - 4.35), fabs(speeds[1] - 4.35)), "%g %g %g", speeds[0],
              speeds[1], speeds[2]);
}

static SensorProfile described(SensorId sensor, unsigned services)
{
    SensorProfile profile = sensor_profile_default(sensor);
    profile.services = (uint8_t)services;
    estimator_describe(&estimator, estimator.now, sensor, &profile);
    return profile;
}

Test(estimator, a_sensor_is_used_for_what_it_was_chosen_for)
{
    described(POD, SERVICE_STRIDE); // a watch that sends a heart rate too
    notify(1, POD, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    notify(1, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "00000358");
    cr_expect(isnan(estimator_heart_rate(&estimator).value));
    cr_expect(epsilon_eq(dbl, estimator_speed(&estimator).value, 3, 1e-9));
    cr_expect(eq(u32, estimator.sensors[POD].counts.packets, 2));
}

// Three minutes of a heart that varies by a few milliseconds.
static void beat(double from_s)
{
    static unsigned number;
    for (double t = from_s; t < from_s + 180; t++) {
        HrsMeasurement measurement = {.heart_rate = 120, .rr_count = 2};
        for (int i = 0; i < 2; i++)
            measurement.rr_1024[i] = (uint16_t)(512 + (int)(++number * 7 % 11) - 5);
        uint8_t bytes[20];
        const size_t length = hrs_encode(&measurement, bytes, sizeof bytes);
        estimator_notify(&estimator, S(t), STRAP, CHARACTERISTIC_HRS_MEASUREMENT, bytes, length);
    }
}

Test(estimator, only_beats_of_the_chest_or_trusted_by_the_user_have_variability)
{
    static const struct {
        const char *location; // "": it does not say
        bool trusted, shown;
    } rows[] = {{"01", false, true},  {"02", false, false}, {"05", false, false},
                {"00", false, false}, {"", false, false},   {"", true, true},
                {"02", true, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        estimator_init(&estimator);
        SensorProfile profile = sensor_profile_default(STRAP);
        profile.beats_trusted = rows[i].trusted;
        estimator_describe(&estimator, S(0), STRAP, &profile);
        if (*rows[i].location)
            notify(0, STRAP, CHARACTERISTIC_BODY_LOCATION, rows[i].location);
        beat(1);
        cr_expect(eq(int, !isnan(estimator_rmssd(&estimator).value), rows[i].shown), "row %zu", i);
        cr_expect(eq(int, !isnan(estimator_alpha1(&estimator).value), rows[i].shown), "row %zu", i);
        cr_expect(eq(int, !isnan(estimator_artefacts(&estimator).value), rows[i].shown));
        cr_expect(eq(dbl, estimator_heart_rate(&estimator).value, 120));
    }
}

Test(estimator, a_forgotten_strap_takes_its_variability_along)
{
    notify(0, STRAP, CHARACTERISTIC_BODY_LOCATION, "01");
    beat(1);
    cr_expect(not(isnan(estimator_rmssd(&estimator).value)));
    const SensorProfile none = {0};
    estimator_describe(&estimator, S(181), STRAP, &none);
    cr_expect(isnan(estimator_rmssd(&estimator).value));
}

static EffortFigures effort(void)
{
    const Estimate speed = estimator_speed(&estimator);
    const Estimate flat = estimator_flat_speed(&estimator, &speed);
    const Estimate heart = estimator_heart_rate(&estimator);
    return estimator_effort(&estimator, &flat, &heart);
}

static void tell_athlete(void)
{
    Athlete athlete = athlete_unknown();
    athlete.critical_mps = 4;
    athlete.d_prime_m = 200;
    athlete.heart_rest = 50;
    athlete.heart_max = 190;
    const AthleteModel model = athlete_model(&athlete);
    estimator_know(&estimator, S(0), &model);
}

Test(estimator, effort_and_balance_go_on_from_second_to_second_however_often_it_is_asked)
{
    double balance[2], rate[2];
    for (int often = 0; often < 2; often++) {
        estimator_init(&estimator);
        tell_athlete();
        for (int t = 0; t < 120; t++) {
            notify(t + 0.4, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "00800458"); // 4.5 m/s
            for (int i = 0; often && i < 10; i++)
                estimator_advance(&estimator, S(t + 0.5 + i * 0.08));
        }
        estimator_advance(&estimator, S(120));
        const EffortFigures figures = effort();
        balance[often] = figures.d_prime_balance.value;
        rate[often] = figures.predicted_heart_rate.value;
        cr_expect(gt(dbl, figures.effort.value, 7));
        cr_expect(eq(int, (int)figures.effort.source, SOURCE_POD));
    }
    cr_expect(epsilon_eq(dbl, balance[0], 200 - 0.5 * 119.6, 1.5));
    cr_expect(eq(dbl, balance[0], balance[1]));
    cr_expect(eq(dbl, rate[0], rate[1]));
}

Test(estimator, a_long_sleep_is_over_in_a_moment_and_known_to_have_been_one)
{
    tell_athlete();
    for (int t = 0; t < 60; t++)
        notify(t, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "00000558"); // 5 m/s
    const double before = estimator.effort.dprime.value;
    estimator_advance(&estimator, S(1e9)); // thirty years in steps of a second would be noticed
    cr_expect(epsilon_eq(dbl, estimator.effort.dprime.value, before, 10));
    cr_expect(isnan(effort().effort.value));
}

Test(estimator, battery_and_place_are_kept_and_a_broken_one_is_not)
{
    notify(1, STRAP, CHARACTERISTIC_BATTERY_LEVEL, "54");
    notify(1, STRAP, CHARACTERISTIC_BODY_LOCATION, "01");
    notify(1, POD, CHARACTERISTIC_SENSOR_LOCATION, "02");
    notify(2, STRAP, CHARACTERISTIC_BATTERY_LEVEL, "ff");
    notify(2, STRAP, CHARACTERISTIC_BATTERY_LEVEL, "");
    notify(2, POD, CHARACTERISTIC_SENSOR_LOCATION, "c8");
    cr_expect(eq(int, estimator.sensors[STRAP].battery, 84));
    cr_expect(eq(int, estimator.sensors[STRAP].location, 1));
    cr_expect(eq(int, estimator.sensors[POD].location, 2));
    cr_expect(eq(u32, estimator.sensors[STRAP].counts.rejected, 2));
    cr_expect(eq(int, estimator.sensors[POD].battery, -1));
}

Test(estimator, a_forgotten_sensor_leaves_nothing_to_its_successor)
{
    described(STRAP, SERVICE_HEART);
    notify(1, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    notify(1, STRAP, CHARACTERISTIC_BATTERY_LEVEL, "0a");
    described(STRAP, 0);
    cr_expect(isnan(estimator_heart_rate(&estimator).value));
    cr_expect(eq(int, estimator.sensors[STRAP].battery, -1));
    cr_expect(eq(u32, estimator.sensors[STRAP].counts.packets, 0));
    cr_expect(not(estimator.sensors[STRAP].described));
}

// Its make, and so what it is known for, is often told only when it has been running for a while.
Test(estimator, what_a_pod_is_known_for_counts_from_when_it_is_told)
{
    SensorProfile profile = described(POD, SERVICE_STRIDE);
    for (int t = 0; t < 30; t++)
        notify(t, POD, CHARACTERISTIC_RSCS_MEASUREMENT, t % 2 ? "00000355" : "00000356");
    profile.on_stop = ON_STOP_HOLDS;
    estimator_describe(&estimator, S(29), POD, &profile);
    notify(30, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "00000300");
    cr_expect(eq(dbl, estimator_speed(&estimator).value, 0));
}

Test(estimator, a_profile_out_of_range_changes_nothing)
{
    described(STRAP, SERVICE_HEART);
    described(STRAP, SERVICES_ALL + 1);
    described(SENSORS_MAX, SERVICE_HEART);
    notify(1, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    cr_expect(eq(dbl, estimator_heart_rate(&estimator).value, 152));
}

#define TREADMILL 2

Test(estimator, a_treadmill_gives_belt_incline_and_a_heart_rate_where_no_strap_is)
{
    // 12 km/h, 2.0 %, 140 bpm.
    notify(1, TREADMILL, CHARACTERISTIC_FTMS_TREADMILL, "0801B0041400FF7F8C");
    cr_expect(epsilon_eq(dbl, estimator_belt_speed(&estimator).value, 12 / 3.6, 1e-9));
    cr_expect(eq(dbl, estimator_incline(&estimator).value, 2));
    cr_expect(eq(dbl, estimator_heart_rate(&estimator).value, 140));
    cr_expect(eq(int, (int)estimator_heart_rate(&estimator).source, SOURCE_TREADMILL));
    cr_expect(eq(int, estimator.sensors[TREADMILL].serves, SERVICE_TREADMILL));
    cr_expect(eq(i64, estimator.sensors[TREADMILL].measured_at, S(1)));
    notify(1.1, STRAP, CHARACTERISTIC_HRS_MEASUREMENT, "0098");
    notify(2, TREADMILL, CHARACTERISTIC_FTMS_TREADMILL, "0801B0041400FF7F8E");
    cr_expect(eq(dbl, estimator_heart_rate(&estimator).value, 152), "a strap knows better");
    cr_expect(eq(int, (int)estimator_heart_rate(&estimator).source, SOURCE_STRAP));
}

Test(estimator, a_treadmill_that_says_it_was_stopped_stands)
{
    notify(1, TREADMILL, CHARACTERISTIC_FTMS_TREADMILL, "0000B004");
    estimator_link(&estimator, S(1), TREADMILL, true);
    notify(2, TREADMILL, CHARACTERISTIC_FTMS_STATUS, "03");
    estimator_advance(&estimator, S(20));
    cr_expect(eq(dbl, estimator_belt_speed(&estimator).value, 0));
    cr_expect(eq(u32, estimator.sensors[TREADMILL].counts.packets, 2));
    cr_expect(eq(u32, estimator.sensors[TREADMILL].counts.rejected, 0));
}

Test(estimator, a_treadmill_with_a_stride_service_is_one_sensor)
{
    notify(1, TREADMILL, CHARACTERISTIC_FTMS_FEATURE, "0C16000003000000");
    notify(1, TREADMILL, CHARACTERISTIC_RSCS_MEASUREMENT, "00000358");
    cr_expect(eq(dbl, estimator_belt_speed(&estimator).value, 3));
    cr_expect(eq(int, estimator_belt_speed(&estimator).sensor, TREADMILL));
}

Test(estimator, a_stride_service_is_a_treadmills_where_that_is_known_beforehand)
{
    described(TREADMILL, SERVICE_TREADMILL | SERVICE_STRIDE);
    described(POD, SERVICES_ALL); // not heard of yet
    notify(1, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "00000458");
    cr_expect(isnan(estimator_belt_speed(&estimator).value));
    notify(1, TREADMILL, CHARACTERISTIC_RSCS_MEASUREMENT, "00000358");
    cr_expect(eq(dbl, estimator_belt_speed(&estimator).value, 3));
}

Test(estimator, a_pod_with_power_gives_both)
{
    notify(1, POD, CHARACTERISTIC_RSCS_MEASUREMENT, "00000358");
    notify(1, POD, CHARACTERISTIC_CPS_MEASUREMENT, "0000FA00");
    cr_expect(eq(dbl, estimator_speed(&estimator).value, 3));
    cr_expect(eq(dbl, estimator_power(&estimator).value, 250));
    cr_expect(eq(int, estimator.sensors[POD].serves, SERVICE_STRIDE | SERVICE_POWER));
    cr_expect(isnan(estimator_cadence(&estimator).value), "not from a crank");
}

Test(estimator, treadmill_and_power_are_used_by_those_chosen_for_it)
{
    described(TREADMILL, SERVICE_STRIDE);
    described(POD, SERVICE_STRIDE);
    notify(1, TREADMILL, CHARACTERISTIC_FTMS_TREADMILL, "0801B0041400FF7F8C");
    notify(1, TREADMILL, CHARACTERISTIC_FTMS_STATUS, "03");
    notify(1, POD, CHARACTERISTIC_CPS_MEASUREMENT, "0000FA00");
    cr_expect(isnan(estimator_belt_speed(&estimator).value));
    cr_expect(isnan(estimator_incline(&estimator).value));
    cr_expect(isnan(estimator_heart_rate(&estimator).value));
    cr_expect(isnan(estimator_power(&estimator).value));
    cr_expect(eq(u32, estimator.sensors[TREADMILL].counts.packets, 2));
}

Test(estimator, a_forgotten_treadmill_leaves_nothing)
{
    described(TREADMILL, SERVICES_ALL);
    notify(1, TREADMILL, CHARACTERISTIC_FTMS_TREADMILL, "0801B0041400FF7F8C");
    notify(1, TREADMILL, CHARACTERISTIC_CPS_MEASUREMENT, "0000FA00");
    described(TREADMILL, 0);
    cr_expect(isnan(estimator_belt_speed(&estimator).value));
    cr_expect(isnan(estimator_incline(&estimator).value));
    cr_expect(isnan(estimator_heart_rate(&estimator).value));
    cr_expect(isnan(estimator_power(&estimator).value));
}
