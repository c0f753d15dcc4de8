// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner here takes 130 + 12·v steps a minute, as somebody fresh; later ones differ.

#include "estimate/gait.h"
#include "noise.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static Gait gait;
static uint64_t dice;

static void nothing_known(void)
{
    gait_init(&gait);
    dice = 4;
}

TestSuite(gait, .init = nothing_known);

static void run(double seconds, double speed, double fewer)
{
    for (double t = 0; t < seconds; t++)
        gait_see(&gait, 130 + 12 * speed - fewer + 2 * noise(&dice), speed + 0.05 * noise(&dice),
                 1);
}

static double drift(void)
{
    double deviation;
    return gait_form_drift(&gait, &deviation);
}

Test(gait, says_nothing_before_it_has_seen_five_minutes)
{
    run(290, 3, 0);
    cr_expect(isnan(gait_speed(&gait, 166, NULL)));
    cr_expect(isnan(gait_cadence(&gait, 3, NULL)));
    cr_expect(isnan(drift()));
    run(20, 3, 0);
    cr_expect(epsilon_eq(dbl, gait_speed(&gait, 166, NULL), 3, 0.1));
}

Test(gait, steps_alone_tell_the_speed_within_what_was_seen)
{
    for (int i = 0; i < 4; i++) {
        run(120, 2.6, 0);
        run(120, 4.4, 0);
    }
    double deviation;
    for (double speed = 2.6; speed <= 4.5; speed += 0.3) {
        cr_expect(epsilon_eq(dbl, gait_speed(&gait, 130 + 12 * speed, &deviation), speed, 0.15));
        cr_expect(gt(dbl, deviation, 0.08));
        cr_expect(lt(dbl, deviation, 0.3));
        cr_expect(epsilon_eq(dbl, gait_cadence(&gait, speed, NULL), 130 + 12 * speed, 1));
    }
    cr_expect(isnan(gait_speed(&gait, 230, NULL)), "nobody has seen that");
    cr_expect(isnan(gait_cadence(&gait, 7, NULL)));
}

Test(gait, a_tired_runner_is_compared_with_the_fresh_one_at_that_speed)
{
    run(900, 2.8, 0);
    run(600, 4.2, 0);
    cr_expect(epsilon_eq(dbl, drift(), 0, 1.5));
    run(300, 4.2, 6);
    cr_expect(epsilon_eq(dbl, drift(), 6, 1.5));
    run(120, 2.8, 0);
    cr_expect(epsilon_eq(dbl, drift(), 0, 1.5), "slow steps are few and no drift");
    run(1800, 4.2, 6);
    cr_expect(epsilon_eq(dbl, drift(), 6, 1.5), "half an hour later it is still too few");
}

Test(gait, walking_and_nonsense_teach_nothing)
{
    run(600, 3, 0);
    const Gait before = gait;
    gait_see(&gait, 110, 1.4, 1);
    gait_see(&gait, NAN, 3, 1);
    gait_see(&gait, 166, NAN, 1);
    gait_see(&gait, 300, 3, 1);
    cr_expect(eq(dbl, gait.line.cadence, before.line.cadence));
    cr_expect(eq(dbl, gait.few, before.few));
}

Test(gait, a_brisk_walk_in_a_rest_is_no_loss_of_form)
{
    run(600, 3.5, 0);
    const double before = drift();
    for (int s = 0; s < 60; s++)
        gait_see(&gait, 123, 1.9, 1);
    cr_expect(epsilon_eq(dbl, drift(), before, 1e-9));
}

Test(gait, a_line_is_taken_up_where_it_was_left_and_not_over_what_was_learnt_since)
{
    run(700, 3, 0);
    run(700, 4, 0);
    const GaitLine line = gait.line;
    cr_expect(gait_line_valid(&line));
    gait_init(&gait);
    gait_recall(&gait, &line);
    cr_expect(epsilon_eq(dbl, gait_speed(&gait, 172, NULL), 3.5, 0.1));
    run(10, 3, 0);
    gait_recall(&gait, &(GaitLine){0});
    cr_expect(gt(dbl, gait.line.seconds, 1400));
    cr_expect(not(gait_line_valid(&(GaitLine){.seconds = 10, .cadence = NAN, .speed = 3})));
    cr_expect(not(gait_line_valid(&(GaitLine){10, 170, 3, 1, 1, 2})), "more than all in common");
}
