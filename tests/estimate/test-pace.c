// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Speed and distance from a pod: calm while a pace is held, quick when it changes, deaf to spikes,
// honest about silence. The pod here is synthetic: a true speed, a short average, noise.

#include "estimate/pace.h"
#include "noise.h"
#include "profiles.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define S(seconds) usec_from_s(seconds)
#define NO_TOTAL   (-1.0)

static Pace pace;

static void nothing_known(void)
{
    pace_init(&pace);
    profiles_default();
}

TestSuite(pace, .init = nothing_known);

static bool packet(double at_s, SensorId sensor, double mps, double total_m)
{
    const RscsMeasurement m = {
        .speed_256 = (uint16_t)lround(mps * 256),
        .has_distance = total_m >= 0,
        .distance_dm = total_m >= 0 ? (uint32_t)(uint64_t)llround(total_m * 10) : 0,
    };
    return pace_measure(&pace, profiles, S(at_s), sensor, &m);
}

// One packet a second, from `from_s` up to and without `to_s`, without a total.
static void run(double from_s, double to_s, double mps)
{
    for (double t = from_s; t < to_s; t++)
        packet(t, 0, mps, NO_TOTAL);
}

static double speed(double at_s)
{
    return pace_speed(&pace, S(at_s)).value;
}

static double distance(double at_s)
{
    pace_advance(&pace, S(at_s));
    return pace_distance(&pace);
}

Test(pace, is_unknown_and_at_0_m_before_the_first_packet)
{
    cr_expect(isnan(speed(10)));
    cr_expect(eq(dbl, distance(10), 0));
}

Test(pace, the_first_packet_is_the_speed)
{
    packet(1, 3, 3.5, NO_TOTAL);
    const Estimate e = pace_speed(&pace, S(1));
    cr_expect(epsilon_eq(dbl, e.value, 3.5, 1e-9));
    cr_expect(eq(int, e.sensor, 3));
    cr_expect(eq(int, (int)e.source, SOURCE_POD));
}

Test(pace, a_held_pace_is_calmer_than_the_pod_and_right_on_average)
{
    uint64_t random = 1;
    double pod_error = 0, our_error = 0, step = 0, last = 4;
    for (int t = 0; t < 600; t++) {
        const double sent = 4 + 0.09 * noise(&random);
        packet(t, 0, sent, NO_TOTAL);
        const double now = speed(t);
        if (t >= 20) {
            pod_error += (sent - 4) * (sent - 4);
            our_error += (now - 4) * (now - 4);
            step += (now - last) * (now - last);
        }
        last = now;
    }
    cr_expect(lt(dbl, sqrt(our_error / pod_error), 0.5));
    cr_expect(lt(dbl, sqrt(step / 580), 0.04), "m/s from second to second");
    cr_expect(epsilon_eq(dbl, distance(599) / (4.0 * 599), 1, 0.005));
}

// The seconds from a change of the true speed until `share` of it shows. The pod averages 3 s.
static double lag(double before, double after, double share, bool announced)
{
    pace_init(&pace);
    profiles_default();
    double truth[200];
    for (int t = 0; t < 200; t++) {
        truth[t] = t < 100 ? before : after;
        if (announced && t == 99)
            pace_expect_change(&pace, S(99.5), NAN);
        packet(t, 0, (truth[t] + truth[t > 0 ? t - 1 : 0] + truth[t > 1 ? t - 2 : 0]) / 3,
               NO_TOTAL);
        if (t >= 100 && (speed(t) - before) / (after - before) >= share)
            return t - 99; // the change was just after the packet of second 99
    }
    return INFINITY;
}

Test(pace, a_change_shows_at_once_when_it_was_announced_and_soon_when_not)
{
    cr_expect(le(dbl, lag(2.5, 4.5, 0.8, true), 3));
    cr_expect(le(dbl, lag(2.5, 4.5, 0.8, false), 4));
    cr_expect(le(dbl, lag(4.5, 2.5, 0.8, true), 3));
    cr_expect(le(dbl, lag(4.5, 2.5, 0.8, false), 4));
    cr_expect(le(dbl, lag(4.0, 4.2, 0.8, true), 4), "a small one");
}

Test(pace, a_single_spike_is_skipped_and_two_are_a_change)
{
    static const double spikes[] = {0, 0.5, 1.5, 6, 8, 11.9};
    for (size_t i = 0; i < sizeof spikes / sizeof *spikes; i++) {
        pace_init(&pace);
        profiles_default();
        run(0, 30, 3.5);
        cr_expect(not(packet(30, 0, spikes[i], NO_TOTAL)), "%g m/s", spikes[i]);
        cr_expect(epsilon_eq(dbl, speed(30), 3.5, 0.01), "%g m/s", spikes[i]);
        cr_expect(packet(31, 0, 3.5, NO_TOTAL));
        cr_expect(epsilon_eq(dbl, speed(31), 3.5, 0.01), "%g m/s", spikes[i]);
    }
    run(32, 60, 3.5);
    cr_expect(not(packet(60, 0, 5, NO_TOTAL)));
    cr_expect(packet(61, 0, 5, NO_TOTAL));
    cr_expect(epsilon_eq(dbl, speed(61), 5, 0.8));
    cr_expect(packet(62, 0, 5, NO_TOTAL));
    cr_expect(epsilon_eq(dbl, speed(62), 5, 1));
    run(63, 68, 5);
    cr_expect(epsilon_eq(dbl, speed(67), 5, 0.1));
}

Test(pace, spikes_of_opposite_signs_are_no_change)
{
    run(0, 30, 3.5);
    cr_expect(not(packet(30, 0, 7, NO_TOTAL)));
    cr_expect(not(packet(31, 0, 1, NO_TOTAL)));
    cr_expect(packet(32, 0, 3.5, NO_TOTAL));
    cr_expect(epsilon_eq(dbl, speed(32), 3.5, 0.01));
}

Test(pace, impossible_speeds_are_never_taken_however_often_they_come)
{
    run(0, 30, 3.5);
    for (int t = 30; t < 60; t++)
        cr_expect(not(packet(t, 0, t % 2 ? 12.01 : 255.99, NO_TOTAL)));
    cr_expect(isnan(speed(59)));
}

Test(pace, a_runner_who_stops_reads_0_within_3_s)
{
    // A pod that says so at once, and one that averages over 3 s.
    static const double pods[][5] = {{0, 0, 0, 0, 0}, {2.7, 1.3, 0, 0, 0}};
    for (size_t i = 0; i < 2; i++) {
        pace_init(&pace);
        profiles_default();
        run(0, 60, 4);
        for (int t = 0; t < 5; t++) {
            packet(60 + t, 0, pods[i][t], NO_TOTAL);
            if (t >= 3)
                cr_expect(eq(dbl, speed(60 + t), 0), "pod %zu, second %d", i, t);
        }
        const double stopped = distance(65);
        run(65, 100, 0);
        cr_expect(eq(dbl, distance(100), stopped), "standing covers nothing");
        cr_expect(gt(dbl, pace_speed(&pace, S(99)).confidence, 0.8));
        run(100, 104, 3);
        cr_expect(epsilon_eq(dbl, speed(103), 3, 0.4), "and sets off again");
    }
}

Test(pace, a_pod_that_holds_its_speed_is_betrayed_by_its_cadence)
{
    RscsMeasurement m = {.speed_256 = 4 * 256, .cadence = 85};
    int t = 0;
    for (; t < 30; t++)
        pace_measure(&pace, profiles, S(t), 0, &m);
    m.cadence = 0;
    pace_measure(&pace, profiles, S(t++), 0, &m);
    cr_expect(epsilon_eq(dbl, speed(t - 1), 4, 0.01), "one packet may be a slip");
    pace_measure(&pace, profiles, S(t++), 0, &m);
    cr_expect(eq(dbl, speed(t - 1), 0));
    const double stopped = distance(t - 1);
    for (; t < 40; t++)
        pace_measure(&pace, profiles, S(t), 0, &m);
    cr_expect(eq(dbl, distance(t - 1), stopped));
    for (; t < 45;
         t++) // nobody is carried for so long: the pod has lost its cadence, not its speed
        pace_measure(&pace, profiles, S(t), 0, &m);
    cr_expect(epsilon_eq(dbl, speed(t - 1), 4, 0.5));
    for (; t < 50; t++)
        pace_measure(&pace, profiles, S(t), 0, &m);
    cr_expect(epsilon_eq(dbl, speed(t - 1), 4, 0.1));
}

Test(pace, a_pod_known_for_holding_its_speed_is_betrayed_at_once)
{
    RscsMeasurement m = {.speed_256 = 4 * 256, .cadence = 85};
    profiles[0].on_stop = ON_STOP_HOLDS;
    for (int t = 0; t < 30; t++)
        pace_measure(&pace, profiles, S(t), 0, &m);
    m.cadence = 0;
    pace_measure(&pace, profiles, S(30), 0, &m);
    cr_expect(eq(dbl, speed(30), 0));
}

Test(pace, the_silence_of_a_pod_known_for_it_is_standing)
{
    profiles[0].on_stop = ON_STOP_SILENT;
    pace_link(&pace, 0, true);
    run(0, 30, 4); // the last packet at 29
    const Estimate standing = pace_speed(&pace, S(40));
    cr_expect(eq(dbl, standing.value, 0));
    cr_expect(eq(int, (int)standing.source, SOURCE_POD));
    cr_expect(standing.confidence < 0.5, "nobody is corrected by a silence");
    const double stopped = distance(32);
    cr_expect(eq(dbl, distance(40), stopped));
    cr_expect(isnan(speed(29 + 121)), "for two minutes; then it is lost");
    run(60, 64, 3);
    cr_expect(epsilon_eq(dbl, speed(63), 3, 0.4));
    pace_link(&pace, 0, false);
    cr_expect(isnan(speed(69)), "and without its link it is just lost");
}

Test(pace, a_pod_that_is_none_any_more_leaves_its_distance)
{
    run(0, 30, 4);
    const double before = distance(30);
    pace_forget(&pace, S(30), 0);
    cr_expect(isnan(speed(30)));
    cr_expect(epsilon_eq(dbl, distance(60), before, 0.01));
    run(60, 70, 3);
    cr_expect(epsilon_eq(dbl, distance(70), before + 30, 1));
}

Test(pace, silence_is_held_from_3_s_and_unknown_after_5)
{
    run(0, 30, 4); // the last packet at 29
    cr_expect(eq(int, (int)pace_speed(&pace, S(32)).source, SOURCE_POD));
    const Estimate held = pace_speed(&pace, S(33));
    cr_expect(eq(int, (int)held.source, SOURCE_HELD));
    cr_expect(epsilon_eq(dbl, held.value, 4, 0.01));
    cr_expect(lt(dbl, held.confidence, pace_speed(&pace, S(32)).confidence));
    cr_expect(isnan(speed(34.1)));
    cr_expect(epsilon_eq(dbl, distance(34), 4 * 34, 0.5));
    cr_expect(eq(dbl, distance(600), distance(34)), "what is unknown covers nothing");
}

Test(pace, a_pod_that_comes_back_brings_what_the_silence_hid)
{
    static const struct {
        const char *shows;
        double before_m, after_m; // the counter at the last packet, and at the next, 20 s later
        double gap_m;             // what that span is worth in the end
    } rows[] = {
        {"ran on", 116, 196, 80},
        {"walked on", 116, 140, 24},
        {"stood: nothing is taken back", 116, 116, 20},
        {"no counter after: as it came back, it went on", 116, NO_TOTAL, 80},
        {"no counter before", NO_TOTAL, 196, 80},
        {"the counter was reset", 1116, 3, 80},
        {"the counter jumped", 116, 9000, 80},
        {"the counter wrapped", 429496700, 429496700 + 80, 80},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pace_init(&pace);
        profiles_default();
        run(0, 29, 4);
        packet(29, 0, 4, rows[i].before_m);
        const double before = distance(29);
        packet(49, 0, 4, rows[i].after_m);
        cr_expect(epsilon_eq(dbl, distance(49) - before, rows[i].gap_m, 0.3), "%s", rows[i].shows);
        cr_expect(epsilon_eq(dbl, speed(49), 4, 0.01), "%s", rows[i].shows);
    }
}

Test(pace, a_short_drop_out_is_bridged_by_the_counter_too)
{
    double total = 0;
    for (int t = 0; t < 30; t++, total += 4)
        packet(t, 0, 4, total);
    packet(33.5, 0, 4, 134); // at 29: 116
    cr_expect(epsilon_eq(dbl, distance(33.5), 134, 0.3));
}

Test(pace, distance_never_decreases_and_agrees_with_the_speed_given_out)
{
    uint64_t random = 7;
    double last = 0, integral = 0;
    for (double t = 0; t < 400; t += 0.05) {
        if (fmod(t, 1) < 0.049 && next_random(&random) % 8 > 0)
            packet(t, 0, fmax(0, 3 + 2 * sin(t / 20) + 0.3 * noise(&random)), NO_TOTAL);
        const double now = distance(t);
        cr_assert(ge(dbl, now, last), "at %g s", t);
        last = now;
        const double v = speed(t);
        integral += isnan(v) ? 0 : v * 0.05;
    }
    cr_expect(epsilon_eq(dbl, last / integral, 1, 0.02));
}

Test(pace, braking_hard_ends_at_0_not_below)
{
    run(0, 30, 5);
    pace_expect_change(&pace, S(29), NAN);
    packet(30, 0, 3.5, NO_TOTAL);
    packet(31, 0, 2, NO_TOTAL);
    packet(32, 0, 0.8, NO_TOTAL);
    double last = distance(32);
    for (double t = 32; t < 37; t += 0.1) {
        cr_expect(ge(dbl, speed(t), 0));
        cr_expect(ge(dbl, distance(t), last));
        last = distance(t);
    }
}

Test(pace, how_often_it_is_asked_makes_no_difference)
{
    Pace often;
    for (int slices = 1; slices <= 100; slices += 99) {
        uint64_t random = 3;
        pace_init(&pace);
        profiles_default();
        for (int t = 0; t < 100; t++) {
            packet(t, 0, 3 + t / 50 + 0.1 * noise(&random), NO_TOTAL);
            for (int i = 1; i <= slices; i++)
                pace_advance(&pace, S(t + (double)i / slices));
        }
        if (slices == 1)
            often = pace;
    }
    cr_expect(eq(dbl, pace_distance(&pace), pace_distance(&often)));
    cr_expect(eq(dbl, speed(100), pace_speed(&often, S(100)).value));
}

Test(pace, one_pod_owns_it_and_a_second_only_takes_over)
{
    for (int t = 0; t < 60; t++) {
        packet(t, 1, 3, 10 * t);
        cr_expect(packet(t + 0.5, 2, 4, 20000));
        if (t >= 20 && t < 40)
            packet(t + 0.7, 0, 3.5, 5);
        // Pod 0 has to hold for 5 s first, and is believed for 3 s more after its last packet.
        cr_expect(eq(int, pace_speed(&pace, S(t + 0.7)).sensor, t >= 25 && t < 43 ? 0 : 1),
                  "second %d", t);
    }
    cr_expect(epsilon_eq(dbl, distance(59.7), 25 * 3 + 18 * 3.5 + 17 * 3, 4),
              "no counter of another pod was added");
}

// A pod that sees 5 % too little, on a track with a line every 400 m.
Test(pace, known_distances_move_the_scale_and_not_what_was_given_out)
{
    const ScaleKnown unknown = scale_unknown(0.05);
    pace_scale(&pace, 0, SURFACE_GROUND, &unknown);
    const double doubted = pace_speed(&pace, S(0)).confidence;
    run(0, 301, 3.8); // truly 4 m/s
    const double before = distance(300);
    cr_expect(epsilon_eq(dbl, before, 3.8 * 300, 2));
    cr_expect(pace_mark(&pace, S(300), 1200, 1.2));
    cr_expect(epsilon_eq(dbl, distance(300), before, 1e-6), "no jump in what is being measured");
    cr_expect(epsilon_eq(dbl, pace_corrected(&pace), 60, 2));
    cr_expect(epsilon_eq(dbl, speed(300), 4, 0.03));
    cr_expect(gt(dbl, pace_speed(&pace, S(300)).confidence, doubted + 0.3));
    run(301, 401, 3.8);
    cr_expect(epsilon_eq(dbl, distance(400) - before, 400, 2));
    cr_expect(not(pace_mark(&pace, S(400), 1200, 1)), "no runner stood still for 400 m");
    cr_expect(not(pace_mark(&pace, S(420), 1680, 1)), "nobody knows where the runner is");
}

// The way to the track says nothing of the scale, whatever it was: the press at the line does.
Test(pace, a_place_to_measure_from_leaves_behind_what_was_before)
{
    run(0, 601, 3.8); // 2400 m in truth, of which nobody knows
    cr_expect(pace_anchor(&pace, S(600), 1));
    const double line = pace_way(&pace);
    run(601, 701, 3.8);
    cr_expect(pace_anchored(&pace));
    cr_expect(pace_mark(&pace, S(700), line + 400, 1.2));
    cr_expect(epsilon_eq(dbl, speed(700), 4, 0.02));
    cr_expect(epsilon_eq(dbl, pace_way(&pace), line + 400, 1.5));
}

Test(pace, a_mark_can_be_taken_back_with_all_that_it_did)
{
    cr_expect(not(pace_unmark(&pace, S(0))));
    run(0, 1, 3.8);
    pace_anchor(&pace, S(0), 0);
    run(1, 101, 3.8);
    const double before = speed(100);
    cr_expect(pace_mark(&pace, S(100), 400, 1.2));
    const double given = distance(100);
    run(101, 151, 3.8);
    const double corrected = distance(150);
    cr_expect(pace_unmark(&pace, S(150)));
    cr_expect(epsilon_eq(dbl, distance(150), corrected, 1e-6), "what was given out stays");
    cr_expect(epsilon_eq(dbl, speed(150), before, 0.01));
    cr_expect(epsilon_eq(dbl, pace_way(&pace), 3.8 * 150, 1));
    cr_expect(not(pace_scale_known(&pace, 0, SURFACE_GROUND).compared));
    cr_expect(not(pace_unmark(&pace, S(150))), "once");
    run(151, 161, 3.8);
    cr_expect(gt(dbl, distance(160), given));
}

Test(pace, a_way_with_a_hole_in_it_is_not_measured_from)
{
    run(0, 60, 3.8);
    cr_expect(pace_anchor(&pace, S(59), 1));
    run(80, 100, 3.8);
    cr_expect(pace_anchored(&pace), "a short one is bridged");
    run(140, 200, 3.8);
    cr_expect(not(pace_anchored(&pace)));
    cr_expect(not(pace_anchor(&pace, S(300), 1)), "nobody knows where the runner is");
}

Test(pace, what_was_known_counts_at_once_and_what_is_repeated_does_not)
{
    const ScaleKnown known = {1.05, 0, 0.01, 0.002, 0, true};
    run(0, 30, 3.8);
    pace_anchor(&pace, S(29), 1);
    pace_scale(&pace, 0, SURFACE_GROUND, &known);
    cr_expect(epsilon_eq(dbl, speed(29), 3.99, 0.01));
    cr_expect(not(pace_anchored(&pace)));
    pace_anchor(&pace, S(29), 1);
    run(30, 130, 3.8);
    pace_mark(&pace, S(129), pace_way(&pace) + 6, 1);
    const ScaleKnown learnt = pace_scale_known(&pace, 0, SURFACE_GROUND);
    const ScaleKnown told = scale_known_recorded(&learnt);
    pace_scale(&pace, 0, SURFACE_GROUND, &told);
    cr_expect(pace_anchored(&pace), "it is what the mark said");
    pace_scale(&pace, 0, SURFACE_GROUND, &(ScaleKnown){0});
    cr_expect(epsilon_eq(dbl, speed(129), 3.8, 0.01), "forgotten");
}

Test(pace, who_stands_does_not_follow_the_plan_yet)
{
    run(0, 30, 0);
    pace_expect_change(&pace, S(30), 4);
    for (int t = 30; t < 40; t++) {
        packet(t, 0, 0, NO_TOTAL);
        cr_expect(eq(dbl, speed(t + 0.9), 0), "second %d", t);
    }
}

Test(pace, a_mark_makes_no_quarrel_between_a_pods_speed_and_its_counter)
{
    const ScaleKnown unknown = scale_unknown(0.05);
    pace_scale(&pace, 0, SURFACE_GROUND, &unknown);
    for (int t = 0; t <= 400; t++) {
        packet(t, 0, 3.7, 3.7 * t);
        if (t == 105 || t == 210)
            pace_mark(&pace, S(t), 4.0 * t, 1.2);
        if (t > 110)
            cr_expect(gt(dbl, pace_speed(&pace, S(t)).confidence, 0.5), "second %d", t);
    }
    const ScaleKnown other = scale_unknown(0.01);
    pace_scale(&pace, 0, SURFACE_GROUND, &other);
    for (int t = 401; t < 430; t++) {
        packet(t, 0, 3.7, 3.7 * t);
        cr_expect(gt(dbl, pace_speed(&pace, S(t)).confidence, 0.5), "second %d", t);
    }
}
