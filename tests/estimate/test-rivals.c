// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A belt and a pod, a reading of each a second.

#include "estimate/rivals.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static Rivals rivals;
static Usec now;

static void both_silent(void)
{
    rivals_init(&rivals);
    now = 100 * USEC_PER_SEC;
}

TestSuite(rivals, .init = both_silent);

static RivalsVerdict together(int seconds, double belt, double pod)
{
    for (int i = 0; i < seconds; i++, now += USEC_PER_SEC) {
        rivals_belt(&rivals, now, belt);
        rivals_pod(&rivals, now + USEC_PER_SEC / 3, pod, pod == 0);
    }
    return rivals_verdict(&rivals, now);
}

#define verdict_is(verdict, expected) cr_expect(eq(int, (int)(verdict), (int)(expected)))

Test(rivals, a_few_per_cent_are_agreement)
{
    verdict_is(together(5, 3.0, 3.1), RIVALS_UNTOLD);
    verdict_is(together(20, 3.0, 3.1), RIVALS_AGREE);
    cr_expect(epsilon_eq(dbl, rivals.ratio, 3.1 / 3, 0.01));
    verdict_is(together(30, 4.0, 3.9), RIVALS_AGREE);
}

Test(rivals, a_tenth_is_said_after_half_a_minute)
{
    verdict_is(together(20, 3.0, 3.3), RIVALS_UNTOLD);
    verdict_is(together(15, 3.0, 3.3), RIVALS_DISAGREE);
}

Test(rivals, miles_for_kilometres_are_found_out_and_put_right)
{
    // 6.0 on the console are miles an hour, and are sent as 6.0 km/h.
    together(25, 6 / 3.6, 6 * 1.609344 / 3.6 * 1.02);
    cr_expect(epsilon_eq(dbl, rivals.unit, 1.609344, 1e-9));
    verdict_is(together(20, 6 / 3.6, 6 * 1.609344 / 3.6 * 1.02), RIVALS_AGREE);
    cr_expect(epsilon_eq(dbl, rivals.belt, 6 * 1.609344 / 3.6, 1e-9));
    both_silent();
    together(25, 10 * 1.609344 / 3.6, 10 / 3.6);
    cr_expect(epsilon_eq(dbl, rivals.unit, 1 / 1.609344, 1e-9));
}

Test(rivals, a_belt_that_runs_without_the_runner_is_empty)
{
    together(30, 3, 3);
    verdict_is(together(2, 3, 0), RIVALS_UNTOLD);
    verdict_is(together(3, 3, 0), RIVALS_EMPTY);
    verdict_is(together(2, 0, 0), RIVALS_UNTOLD);
    verdict_is(together(5, 0, 0), RIVALS_UNTOLD);
}

Test(rivals, somebody_elses_belt_is_a_stranger)
{
    verdict_is(together(30, 2.0, 4.0), RIVALS_STRANGERS);
    cr_expect(eq(dbl, rivals.unit, 1));
    verdict_is(together(40, 3.0, 3.05), RIVALS_AGREE);
}

Test(rivals, one_alone_is_compared_with_nobody)
{
    for (int i = 0; i < 60; i++, now += USEC_PER_SEC)
        rivals_belt(&rivals, now, 3);
    verdict_is(rivals_verdict(&rivals, now), RIVALS_UNTOLD);
    together(30, 3, 3);
    verdict_is(rivals_verdict(&rivals, now + 10 * USEC_PER_SEC), RIVALS_UNTOLD);
}
