// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A pod's scale from known distances. The runner here goes round a track; the pod is wrong by a
// line of its own, and the thumb on the lap button is early or late.

#include "estimate/scale.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static Scale scale;
static double truly, early; // m covered; m that the last press was early

static void a_pod_out_of_the_box(void)
{
    const ScaleKnown unknown = scale_unknown(0.05);
    scale_init(&scale, &unknown);
    truly = 0;
}

TestSuite(scale, .init = a_pod_out_of_the_box);

// A lap at a true speed, as a pod sees it whose truth is raw · (1.03 + 0.01 · (raw - 3.5)).
static bool lap(double metres, double speed, double press_m)
{
    double raw = speed;
    for (int i = 0; i < 20; i++)
        raw = speed / (1.03 + 0.01 * (raw - SCALE_CENTRE));
    for (int i = 0; i < 100; i++)
        scale_travel(&scale, metres / 100 * raw / speed, raw);
    truly += metres;
    early = press_m;
    return scale_mark(&scale, truly + press_m, 0.3 * speed);
}

Test(scale, two_laps_of_a_track_settle_it_for_that_pace)
{
    cr_expect(eq(dbl, scale_at(&scale, 2.7), 1));
    cr_expect(gt(dbl, scale_deviation(&scale, 2.7), 0.05));
    cr_expect(lap(400, 2.8, 0));
    cr_expect(lap(400, 2.8, 0));
    cr_expect(epsilon_eq(dbl, scale_at(&scale, 2.7), 1.022, 0.002));
    cr_expect(lt(dbl, scale_deviation(&scale, 2.7), 0.003));
    cr_expect(gt(dbl, scale_deviation(&scale, 5), 0.01), "another pace is another matter");
    cr_expect(scale_known(&scale).compared);
}

Test(scale, laps_at_two_paces_settle_the_line)
{
    for (int i = 0; i < 4; i++) {
        lap(400, 2.4, 0);
        lap(1000, 4.6, 0);
    }
    const ScaleKnown known = scale_known(&scale);
    cr_expect(epsilon_eq(dbl, known.scale, 1.03, 0.001));
    cr_expect(epsilon_eq(dbl, known.slope, 0.01, 0.002));
    cr_expect(epsilon_eq(dbl, scale_way(&scale), 5600, 2));
}

// Early here is late there: with each lap taken by itself the errors would count ten times.
Test(scale, a_thumb_that_is_early_and_late_in_turn_does_no_lasting_harm)
{
    for (int i = 0; i < 10; i++)
        lap(400, 4, i % 2 ? 1.5 : -1.5);
    cr_expect(epsilon_eq(dbl, scale_at(&scale, 3.87), 1.0337, 0.0015));
}

Test(scale, what_cannot_be_is_refused_and_changes_nothing)
{
    lap(400, 3, 0);
    lap(400, 3, 0);
    const Scale before = scale;
    scale_travel(&scale, 200 / 1.024, 2.9);
    const double way = scale_way(&scale);
    cr_expect(not(scale_mark(&scale, 1200, 1)), "half a lap is no lap");
    cr_expect(not(scale_mark(&scale, 0, 1)));
    cr_expect(eq(dbl, scale_way(&scale), way));
    cr_expect(eq(dbl, scale_at(&scale, 3), scale_at(&before, 3)));
    cr_expect(scale_mark(&scale, 1000, 1));
}

Test(scale, goes_both_ways)
{
    lap(400, 2.4, 0);
    lap(1000, 4.6, 0);
    for (double raw = 0.5; raw < 7; raw += 0.5)
        cr_expect(epsilon_eq(dbl, scale_raw(&scale, raw * scale_at(&scale, raw)), raw, 1e-3));
}

Test(scale, is_taken_up_where_it_was_left)
{
    for (int i = 0; i < 5; i++)
        lap(400, 2 + i, 0);
    const ScaleKnown known = scale_known(&scale);
    cr_expect(scale_known_valid(&known));
    Scale next;
    scale_init(&next, &known);
    for (double raw = 2; raw < 6; raw++) {
        cr_expect(epsilon_eq(dbl, scale_at(&next, raw), scale_at(&scale, raw), 1e-12));
        cr_expect(epsilon_eq(dbl, scale_deviation(&next, raw), scale_deviation(&scale, raw), 1e-4));
    }
    cr_expect(not(scale_known_valid(&(ScaleKnown){.scale = 2})));
    cr_expect(not(scale_known_valid(&(ScaleKnown){.scale = NAN})));
}

Test(scale, what_is_no_number_is_no_mark)
{
    lap(400, 3, 0);
    const double before = scale_at(&scale, 3);
    cr_expect(not(scale_mark(&scale, NAN, 1)));
    cr_expect(not(scale_mark(&scale, 400, NAN)));
    cr_expect(not(scale_mark(&scale, INFINITY, 1)));
    cr_expect(eq(dbl, scale_at(&scale, 3), before));
}

// What is kept has to be valid, or all that is known of the sensor would be refused with it.
Test(scale, no_mark_takes_it_to_where_no_sensor_can_be)
{
    const ScaleKnown far = {.scale = 1.38, .scale_deviation = 0.05, .slope_deviation = 0.01};
    scale_init(&scale, &far);
    scale_travel(&scale, 1000, 3.5);
    cr_expect(not(scale_mark(&scale, 1500, 1)));
    cr_expect(eq(dbl, scale_known(&scale).scale, 1.38));
    cr_expect(scale_mark(&scale, 1390, 1));
    const ScaleKnown known = scale_known(&scale);
    cr_expect(scale_known_valid(&known));
}

// A line that was learnt at one pace is sure there and unsure elsewhere. What is doubted of its
// height must not make it surer anywhere.
Test(scale, more_doubt_is_more_doubt_at_every_pace)
{
    for (int i = 0; i < 5; i++)
        lap(400, 5, 0);
    const ScaleKnown before = scale_known(&scale), after = scale_doubted(&before, 0.004);
    const ScaleKnown least = scale_doubted_at_least(&before, 0.01);
    cr_expect(epsilon_eq(dbl, after.scale_deviation, hypot(before.scale_deviation, 0.004), 1e-9));
    Scale old, doubted, wide;
    scale_init(&old, &before);
    scale_init(&doubted, &after);
    scale_init(&wide, &least);
    for (double raw = 0; raw < 8; raw += 0.25) {
        const double deviation = scale_deviation(&old, raw);
        cr_expect(epsilon_eq(dbl, scale_deviation(&doubted, raw), hypot(deviation, 0.004), 1e-6));
        cr_expect(ge(dbl, scale_deviation(&wide, raw), deviation));
    }
    cr_expect(epsilon_eq(dbl, least.scale_deviation, fmax(0.01, before.scale_deviation), 1e-9));
}
