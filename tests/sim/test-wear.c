// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "sim/wear.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "codec/cps.h"
#include "codec/hrs.h"
#include "codec/rscs.h"

typedef struct {
    Runner runner;
    WornSensor strap, pod;
    uint8_t bytes[20];
} Fixture;

static Fixture at_speed(double speed_mps, double scale)
{
    Fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    runner_init(&fixture.runner, &RUNNER_DEFAULT, 11);
    runner_aim(&fixture.runner, speed_mps);
    fixture.runner.bias = 0;
    worn_init(&fixture.strap, 12, 1);
    worn_init(&fixture.pod, 13, scale);
    return fixture;
}

static size_t pod_second(Fixture *fixture)
{
    runner_advance(&fixture->runner, 1);
    return worn_pod_packet(&fixture->pod, &fixture->runner, fixture->bytes, sizeof fixture->bytes);
}

static size_t strap_second(Fixture *fixture)
{
    runner_advance(&fixture->runner, 1);
    return worn_strap_packet(&fixture->strap, &fixture->runner, fixture->bytes,
                             sizeof fixture->bytes);
}

static RscsMeasurement pod_measurement(Fixture *fixture)
{
    RscsMeasurement measurement = {0};
    size_t length = pod_second(fixture);
    cr_assert(eq(int, rscs_decode(fixture->bytes, length, &measurement), DECODE_OK));
    return measurement;
}

static HrsMeasurement strap_measurement(Fixture *fixture)
{
    HrsMeasurement measurement = {0};
    size_t length = strap_second(fixture);
    cr_assert(eq(int, hrs_decode(fixture->bytes, length, &measurement), DECODE_OK));
    return measurement;
}

Test(wear, the_pod_tells_what_the_runner_did)
{
    static const double scales[] = {1, 0.99, 1.01};
    for (int i = 0; i < 3; i++) {
        Fixture fixture = at_speed(3.5, scales[i]);
        runner_advance(&fixture.runner, 30);
        RscsMeasurement first = pod_measurement(&fixture);
        double start_m = fixture.runner.distance_m, speed = 0, cadence = 0, steps = 0;
        const int seconds = 600;
        for (int second = 0; second < seconds; second++) {
            RscsMeasurement packet = pod_measurement(&fixture);
            speed += packet.speed_256 / 256.0 / seconds;
            cadence += packet.cadence / (double)seconds;
            steps += fixture.runner.cadence_spm / seconds;
            cr_expect(packet.running);
            // From a foot to the same foot: two steps.
            cr_expect(epsilon_eq(dbl, packet.stride_cm / 100.0 * packet.cadence / 120,
                                 packet.speed_256 / 256.0, 0.03));
            if (second == seconds - 1) {
                double run_m = fixture.runner.distance_m - start_m;
                cr_expect(epsilon_eq(dbl, (packet.distance_dm - first.distance_dm) / 10.0,
                                     run_m * scales[i], 0.2));
                cr_expect(epsilon_eq(dbl, speed, run_m * scales[i] / seconds, 0.01));
            }
        }
        cr_expect(epsilon_eq(dbl, cadence, steps, 0.2));
    }
}

Test(wear, the_pod_lags_by_its_boxcar_and_is_noisy)
{
    Fixture fixture = at_speed(4, 1);
    runner_advance(&fixture.runner, 60);
    const int seconds = 2000;
    double run_m[WORN_BOXCAR_S] = {0}, squares = 0;
    for (int i = 0; i < seconds; i++) {
        if (i % 100 == 0)
            runner_aim(&fixture.runner, i % 200 ? 4.5 : 3);
        double start_m = fixture.runner.distance_m;
        RscsMeasurement packet = pod_measurement(&fixture);
        run_m[i % WORN_BOXCAR_S] = fixture.runner.distance_m - start_m;
        double error = packet.speed_256 / 256.0 - (run_m[0] + run_m[1] + run_m[2]) / 3;
        if (i >= WORN_BOXCAR_S)
            squares += error * error;
    }
    cr_expect(epsilon_eq(dbl, sqrt(squares / (seconds - WORN_BOXCAR_S)), 0.05, 0.005));
}

Test(wear, a_runner_who_stands_has_no_speed_and_no_cadence)
{
    Fixture fixture = at_speed(4, 1);
    for (int i = 0; i < 30; i++)
        pod_second(&fixture);
    runner_aim(&fixture.runner, 0);
    for (int i = 0; i < 30; i++)
        pod_second(&fixture);
    RscsMeasurement packet = pod_measurement(&fixture);
    cr_expect(eq(int, packet.speed_256, 0));
    cr_expect(eq(int, packet.cadence, 0));
    cr_expect(not(packet.running));
}

Test(wear, the_strap_tells_the_rate_and_every_beat)
{
    Fixture fixture = at_speed(3.6, 1);
    runner_advance(&fixture.runner, 400);
    double beats = 0, beats_ms = 0;
    const int seconds = 300;
    for (int second = 0; second < seconds; second++) {
        HrsMeasurement packet = strap_measurement(&fixture);
        cr_expect(epsilon_eq(dbl, packet.heart_rate, fixture.runner.heart_bpm, 0.5));
        cr_expect(eq(int, packet.contact, HRS_CONTACT_OK));
        for (int i = 0; i < packet.rr_count; i++)
            beats_ms += packet.rr_1024[i] / 1.024;
        beats += packet.rr_count;
    }
    cr_expect(epsilon_eq(dbl, beats_ms / 1000, seconds, 1)); // no beat lost, none twice
    cr_expect(epsilon_eq(dbl, beats / seconds * 60, fixture.runner.heart_bpm, 3));
}

Test(wear, the_same_seed_sends_the_same_bytes)
{
    Fixture one = at_speed(4, 1.01), two = at_speed(4, 1.01);
    worn_misbehave(&one.pod, MISBEHAVE_SPIKES, 20);
    worn_misbehave(&two.pod, MISBEHAVE_SPIKES, 20);
    for (int i = 0; i < 100; i++) {
        size_t length = pod_second(&one);
        cr_assert(eq(sz, pod_second(&two), length));
        cr_assert(eq(int, memcmp(one.bytes, two.bytes, length), 0));
    }
}

Test(wear, silence_with_and_without_a_link_ends_by_itself)
{
    static const struct {
        Misbehaviour kind;
        double asked_s;
        int silent_s;
        bool linked;
    } cases[] = {
        {MISBEHAVE_DROP_OUT, 12, 12, false},
        {MISBEHAVE_FREEZE, 5, 5, true},
        {MISBEHAVE_RECONNECT, 60, 1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture fixture = at_speed(4, 1);
        RscsMeasurement before = {0}, after;
        for (int second = 0; second < 20; second++)
            before = pod_measurement(&fixture);
        worn_misbehave(&fixture.pod, cases[i].kind, cases[i].asked_s);
        double start_m = fixture.runner.distance_m;
        for (int second = 0; second < cases[i].silent_s; second++) {
            cr_expect(eq(sz, pod_second(&fixture), 0));
            cr_expect(eq(int, worn_linked(&fixture.pod), cases[i].linked));
        }
        after = pod_measurement(&fixture);
        cr_expect(worn_linked(&fixture.pod));
        // The pod counted on.
        cr_expect(epsilon_eq(dbl, (after.distance_dm - before.distance_dm) / 10.0,
                             fixture.runner.distance_m - start_m, 0.2));
    }
}

Test(wear, half_cadence_counts_one_leg)
{
    Fixture fixture = at_speed(3.5, 1);
    runner_advance(&fixture.runner, 30);
    worn_misbehave(&fixture.pod, MISBEHAVE_HALF_CADENCE, INFINITY);
    for (int i = 0; i < 60; i++) {
        RscsMeasurement packet = pod_measurement(&fixture);
        cr_expect(epsilon_eq(dbl, packet.cadence, fixture.runner.cadence_spm / 2, 3));
    }
}

Test(wear, spikes_are_impossible_and_seldom)
{
    Fixture fixture = at_speed(3.5, 1);
    runner_advance(&fixture.runner, 30);
    worn_misbehave(&fixture.pod, MISBEHAVE_SPIKES, INFINITY);
    worn_misbehave(&fixture.strap, MISBEHAVE_SPIKES, INFINITY);
    int pod = 0, strap = 0;
    for (int i = 0; i < 500; i++) {
        pod += pod_measurement(&fixture).speed_256 > 12 * 256;
        HrsMeasurement packet = strap_measurement(&fixture);
        strap += packet.heart_rate < 30 || packet.heart_rate > 230;
    }
    cr_expect(pod > 10 && pod < 150, "%d", pod);
    cr_expect(strap > 10 && strap < 150, "%d", strap);
}

Test(wear, truncated_packets_are_shorter_than_their_flags_say)
{
    Fixture fixture = at_speed(3.5, 1);
    worn_misbehave(&fixture.pod, MISBEHAVE_TRUNCATE, INFINITY);
    for (int i = 0; i < 100; i++) {
        RscsMeasurement measurement;
        size_t length = pod_second(&fixture);
        cr_expect(gt(sz, length, 0));
        DecodeStatus status = rscs_decode(fixture.bytes, length, &measurement);
        cr_expect(status == DECODE_TRUNCATED || status == DECODE_REJECT);
    }
}

Test(wear, the_total_wraps_within_seconds_and_counts_on)
{
    Fixture fixture = at_speed(4, 1);
    runner_advance(&fixture.runner, 30);
    worn_misbehave(&fixture.pod, MISBEHAVE_WRAP, 60);
    uint32_t before = pod_measurement(&fixture).distance_dm;
    int wraps = 0;
    for (int i = 0; i < 60; i++) {
        uint32_t now = pod_measurement(&fixture).distance_dm;
        wraps += now < before;
        cr_expect(lt(u32, now - before, 100)); // modulo 2^32 it never jumps
        before = now;
    }
    cr_expect(eq(int, wraps, 1));
}

Test(wear, a_strap_that_says_zero)
{
    Fixture fixture = at_speed(4, 1);
    worn_misbehave(&fixture.strap, MISBEHAVE_ZERO, 10);
    for (int i = 0; i < 10; i++) {
        HrsMeasurement packet = strap_measurement(&fixture);
        cr_expect(eq(int, packet.heart_rate, 0));
        cr_expect(eq(int, packet.rr_count, 0));
        cr_expect(eq(int, packet.contact, HRS_CONTACT_LOST));
    }
    cr_expect(gt(int, strap_measurement(&fixture).heart_rate, 0));
}

Test(wear, energy_is_told_every_tenth_time_grows_and_can_be_reset)
{
    Fixture fixture = at_speed(3.6, 1);
    runner_advance(&fixture.runner, 300);
    int told = 0;
    uint16_t last_kj = 0;
    for (int second = 0; second < 600; second++) {
        HrsMeasurement packet = strap_measurement(&fixture);
        cr_expect(eq(int, packet.has_energy, second % 10 == 0));
        if (!packet.has_energy)
            continue;
        told++;
        cr_expect(packet.energy_kj >= last_kj);
        last_kj = packet.energy_kj;
    }
    cr_expect(eq(int, told, 60));
    // Ten minutes of running: between 30 and 80 kJ a minute.
    cr_expect(last_kj > 300 && last_kj < 800, "%d", last_kj);
    worn_reset_energy(&fixture.strap);
    HrsMeasurement packet = strap_measurement(&fixture);
    cr_expect(packet.has_energy && packet.energy_kj <= 2, "%d", packet.energy_kj);
}

Test(wear, a_pod_counts_on_from_the_total_it_was_given)
{
    Fixture fixture = at_speed(4, 1);
    runner_advance(&fixture.runner, 30);
    pod_second(&fixture);
    worn_set_distance(&fixture.pod, 10000);
    const double start_m = fixture.runner.distance_m;
    RscsMeasurement packet = {0};
    for (int second = 0; second < 60; second++)
        packet = pod_measurement(&fixture);
    cr_expect(epsilon_eq(dbl, packet.distance_dm / 10.0 - 1000, fixture.runner.distance_m - start_m,
                         0.2));
}

Test(wear, at_four_packets_a_second_the_run_and_the_heart_are_the_same)
{
    Fixture fixture = at_speed(3.5, 1);
    runner_advance(&fixture.runner, 400);
    fixture.pod.period_s = fixture.strap.period_s = 0.25;
    pod_second(&fixture);
    double beats_ms = 0, speed = 0;
    const int packets = 1200;
    const double start_m = fixture.runner.distance_m;
    for (int i = 0; i < packets; i++) {
        runner_advance(&fixture.runner, 0.25);
        RscsMeasurement pod;
        HrsMeasurement strap;
        size_t length = worn_pod_packet(&fixture.pod, &fixture.runner, fixture.bytes, 20);
        cr_assert(eq(int, rscs_decode(fixture.bytes, length, &pod), DECODE_OK));
        length = worn_strap_packet(&fixture.strap, &fixture.runner, fixture.bytes, 20);
        cr_assert(eq(int, hrs_decode(fixture.bytes, length, &strap), DECODE_OK));
        speed += pod.speed_256 / 256.0 / packets;
        for (int k = 0; k < strap.rr_count; k++)
            beats_ms += strap.rr_1024[k] / 1.024;
    }
    const double seconds = packets * 0.25;
    cr_expect(epsilon_eq(dbl, beats_ms / 1000, seconds, 1));
    cr_expect(epsilon_eq(dbl, speed, (fixture.runner.distance_m - start_m) / seconds, 0.02));
}

Test(wear, every_misbehaviour_has_a_name)
{
    for (int kind = MISBEHAVE_NONE; kind <= MISBEHAVE_ZERO; kind++) {
        Misbehaviour found;
        cr_assert(misbehaviour_from_name(misbehaviour_name((Misbehaviour)kind), &found));
        cr_expect(eq(int, found, kind));
    }
    Misbehaviour untouched = MISBEHAVE_WRAP;
    cr_expect(not(misbehaviour_from_name("sulk", &untouched)));
    cr_expect(eq(int, untouched, MISBEHAVE_WRAP));
}

Test(wear, a_pods_power_follows_the_runner)
{
    Fixture fixture = at_speed(3, 1);
    double sum = 0;
    for (int second = 0; second < 100; second++) {
        CpsMeasurement power;
        pod_second(&fixture);
        const size_t length =
            worn_power_packet(&fixture.pod, &fixture.runner, fixture.bytes, sizeof fixture.bytes);
        cr_assert(eq(int, cps_decode(fixture.bytes, length, &power), DECODE_OK));
        cr_expect(eq(int, power.has, 0), "power alone");
        sum += power.power_w / fixture.runner.speed_mps;
    }
    cr_expect(epsilon_eq(dbl, sum / 100, 73, 1.5), "about 1.04 W/kg per m/s, of 70 kg");
    worn_misbehave(&fixture.pod, MISBEHAVE_FREEZE, 10);
    cr_expect(eq(sz, worn_power_packet(&fixture.pod, &fixture.runner, fixture.bytes, 20), 0));
}
