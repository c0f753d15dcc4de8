// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cadence in steps a minute, whatever the pod counts.

#include "estimate/stride.h"
#include "profiles.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define S(seconds) usec_from_s(seconds)

static Stride stride;

static void nothing_known(void)
{
    stride_init(&stride);
    profiles_default();
}

TestSuite(stride, .init = nothing_known);

static bool packet(double at_s, double mps, uint8_t raw, uint16_t stride_cm)
{
    const RscsMeasurement m = {
        .speed_256 = (uint16_t)lround(mps * 256),
        .cadence = raw,
        .has_stride = stride_cm > 0,
        .stride_cm = stride_cm,
    };
    return stride_measure(&stride, S(at_s), 0, &m);
}

// One packet a second, from `from_s` up to and without `to_s`.
static void run(double from_s, double to_s, double mps, uint8_t raw)
{
    for (double t = from_s; t < to_s; t++)
        packet(t, mps, raw, 0);
}

static double shown(double at_s)
{
    return stride_cadence(&stride, profiles, S(at_s)).value;
}

Test(stride, every_convention_settles_within_15_s_of_running)
{
    static const struct {
        const char *shows;
        double mps;
        uint8_t raw;
        uint16_t stride_cm;
        CadenceConvention convention;
        double steps; // NAN: none
    } rows[] = {
        {"both feet", 3, 170, 0, CADENCE_STEPS, 170},
        {"one leg", 3, 85, 0, CADENCE_ONE_LEG, 170},
        {"a slow jog, one leg", 2.1, 75, 0, CADENCE_ONE_LEG, 150},
        {"a fast walk, both feet", 2.1, 132, 0, CADENCE_STEPS, 132},
        {"a very slow jog, too many for one leg", 1.8, 148, 0, CADENCE_STEPS, 148},
        {"a sprint, one leg", 8, 119, 0, CADENCE_ONE_LEG, 238},
        {"Stryd, 280 W / 10", 4.4, 28, 0, CADENCE_NONE, NAN},
        {"both feet, stride by the specification", 3, 170, 212, CADENCE_STEPS, 170},
        {"both feet though slow, the stride tells", 2.1, 110, 229, CADENCE_STEPS, 110},
        {"one leg though quick, the stride tells", 6, 121, 149, CADENCE_ONE_LEG, 242},
        {"both fields one leg", 3, 85, 212, CADENCE_ONE_LEG, 170},
        {"both fields by the step", 3, 170, 106, CADENCE_STEPS, 170},
        {"a stride that cannot be", 3, 85, 9999, CADENCE_ONE_LEG, 170},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        stride_init(&stride);
        for (int t = 0; t < 15; t++) {
            cr_expect(packet(t, rows[i].mps, rows[i].raw, rows[i].stride_cm), "%s", rows[i].shows);
            const double now = shown(t); // never a wrong one on the way
            cr_expect(isnan(now) || now == rows[i].steps, "%s, second %d", rows[i].shows, t);
        }
        cr_expect(eq(int, (int)stride_convention(&stride, 0), (int)rows[i].convention), "%s",
                  rows[i].shows);
        cr_expect(isnan(rows[i].steps) ? isnan(shown(14)) : shown(14) == rows[i].steps, "%s",
                  rows[i].shows);
    }
}

Test(stride, nothing_settles_while_walking_or_from_a_short_run)
{
    run(0, 60, 1.5, 55);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_UNSETTLED));
    cr_expect(isnan(shown(59)));
    for (double t = 60; t < 200; t += 20) { // eight seconds' trot, twelve seconds' walk
        run(t, t + 8, 2.5, 80);
        run(t + 8, t + 20, 1.5, 55);
    }
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_UNSETTLED));
}

Test(stride, a_jog_whose_speed_flickers_about_the_limit_still_settles)
{
    for (int t = 0; t < 15; t++)
        packet(t, t % 3 == 2 ? 1.95 : 2.1, 80, 0);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_ONE_LEG));
}

Test(stride, a_pod_that_sends_four_packets_a_second_needs_as_long)
{
    for (double t = 0; t < 9.9; t += 0.25)
        packet(t, 3, 85, 0);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_UNSETTLED));
    packet(10, 3, 85, 0);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_ONE_LEG));
}

Test(stride, a_few_wrong_packets_do_not_mislead_it)
{
    for (int t = 0; t < 15; t++)
        packet(t, 3, t % 4 == 0 ? 20 : 85, 0);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_ONE_LEG));
}

Test(stride, standing_is_a_measured_0_and_0_while_moving_is_no_reading)
{
    run(0, 15, 3, 85);
    packet(15, 3, 0, 0);
    cr_expect(eq(dbl, shown(15), 170));
    packet(16, 0, 0, 0);
    const Estimate e = stride_cadence(&stride, profiles, S(16));
    cr_expect(eq(dbl, e.value, 0));
    cr_expect(eq(int, (int)e.source, SOURCE_POD));
    run(17, 30, 1.5, 0);
    cr_expect(isnan(shown(29)));
}

Test(stride, a_runner_who_moves_off_is_not_said_to_stand_until_it_settles)
{
    run(0, 5, 0, 0);
    cr_expect(eq(dbl, shown(4.5), 0));
    run(5, 14, 3, 170);
    for (double t = 5; t < 14; t++)
        cr_expect(isnan(shown(t)), "%g", t);
}

Test(stride, standing_is_0_before_it_settles_but_not_where_the_byte_is_power)
{
    packet(0, 0, 0, 0);
    cr_expect(eq(dbl, shown(0), 0));
    run(1, 20, 3, 25);
    packet(20, 0, 0, 0);
    cr_expect(isnan(shown(20)));
}

Test(stride, implausible_packets_are_not_used)
{
    run(0, 15, 3, 85);
    cr_expect(not(packet(15, 3, 251, 0)));
    cr_expect(not(packet(16, 12.5, 85, 0)));
    cr_expect(not(packet(17, 3, 130, 0)), "doubled it would be 260");
    cr_expect(eq(dbl, shown(17), 170));
    cr_expect(eq(i64, stride_cadence(&stride, profiles, S(17)).age, S(3)));
}

Test(stride, a_settled_convention_does_not_flap)
{
    run(0, 15, 3, 85);
    // A quarter of a minute of nonsense now and then, for ten minutes.
    for (double t = 15; t < 600; t += 30) {
        run(t, t + 15, 3, 25);
        cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_ONE_LEG));
        run(t + 15, t + 30, 3, 85);
        cr_expect(eq(dbl, shown(t + 29), 170));
    }
    // A slow walker's both feet at the very bound between one leg and two.
    stride_init(&stride);
    run(0, 15, 2.2, 122);
    for (double t = 15; t < 600; t += 90) {
        run(t, t + 45, 2.2, 116);
        run(t + 45, t + 90, 2.2, 124);
        cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_STEPS));
    }
}

Test(stride, half_a_minute_of_contrary_running_overturns_it)
{
    run(0, 15, 3, 28);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_NONE));
    run(15, 45, 3, 86); // the user switched the pod's mode
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_NONE));
    run(45, 60, 3, 86);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_ONE_LEG));
    cr_expect(eq(dbl, shown(59), 172));
    run(60, 110, 3, 172);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_STEPS));
}

Test(stride, while_the_evidence_is_against_it_nothing_is_said)
{
    run(0, 15, 3, 172);
    cr_expect(eq(dbl, shown(14), 172));
    run(15, 40, 3, 86); // now it counts one leg, and 86 would be a wrong number
    cr_expect(isnan(shown(39)) != 0);
    run(40, 70, 3, 86);
    cr_expect(eq(dbl, shown(69), 172));
}

Test(stride, contrary_evidence_does_not_add_up_over_pauses)
{
    run(0, 15, 3, 85);
    for (double t = 15; t < 400; t += 40) {
        run(t, t + 25, 3, 170);
        run(t + 25, t + 40, 0, 0);
    }
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_ONE_LEG));
}

Test(stride, what_is_known_beforehand_is_not_found_out_again)
{
    profiles[0].convention = CADENCE_ONE_LEG;
    stride_describe(&stride, 0, &profiles[0]);
    run(0, 3, 3, 86);
    cr_expect(eq(dbl, shown(2), 172), "known from an earlier run");
    run(3, 60, 3, 172);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_STEPS), "but it may be wrong");
    stride_describe(&stride, 0, &profiles[0]);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_STEPS), "what was found stays");
}

Test(stride, a_fixed_convention_is_never_overturned)
{
    profiles[0].convention = CADENCE_ONE_LEG;
    profiles[0].convention_fixed = true;
    stride_describe(&stride, 0, &profiles[0]);
    run(0, 100, 3, 110); // would count both feet
    cr_expect(eq(dbl, shown(99), 220));
    profiles[0].convention = CADENCE_NONE;
    stride_describe(&stride, 0, &profiles[0]);
    run(100, 120, 3, 85);
    cr_expect(isnan(shown(119)) != 0);
}

Test(stride, a_fixed_convention_ends_the_doubt)
{
    run(0, 15, 3, 85);
    run(15, 35, 3, 170); // the evidence turns against it
    cr_expect(isnan(shown(34)) != 0);
    profiles[0].convention = CADENCE_ONE_LEG;
    profiles[0].convention_fixed = true;
    stride_describe(&stride, 0, &profiles[0]);
    run(35, 40, 3, 85);
    cr_expect(eq(dbl, shown(39), 170));
}

Test(stride, a_convention_that_is_no_longer_fixed_is_found_out_anew)
{
    profiles[0].convention = CADENCE_ONE_LEG; // by mistake
    profiles[0].convention_fixed = true;
    stride_describe(&stride, 0, &profiles[0]);
    run(0, 15, 2.2, 125);
    profiles[0].convention = CADENCE_UNSETTLED;
    profiles[0].convention_fixed = false;
    stride_describe(&stride, 0, &profiles[0]);
    cr_expect(eq(int, (int)stride_convention(&stride, 0), CADENCE_UNSETTLED));
    cr_expect(isnan(shown(15)) != 0, "what was counted the other way is not given out");
    run(15, 30, 2.2, 125);
    cr_expect(eq(dbl, shown(29), 125));
}

Test(stride, conventions_have_names)
{
    cr_expect_str_eq(cadence_convention_name(CADENCE_UNSETTLED), "unsettled");
    cr_expect_str_eq(cadence_convention_name(CADENCE_STEPS), "steps");
    cr_expect_str_eq(cadence_convention_name(CADENCE_ONE_LEG), "one-leg");
    cr_expect_str_eq(cadence_convention_name(CADENCE_NONE), "none");
}
