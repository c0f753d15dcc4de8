// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Running power: the newest that can be a runner's.

#include "estimate/power.h"
#include "profiles.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define S(seconds) usec_from_s(seconds)
#define POD        1

static Power power;

static void nothing_known(void)
{
    power_init(&power);
    profiles_default();
}

TestSuite(power, .init = nothing_known);

static bool measure(double at_s, int watts)
{
    return power_measure(&power, S(at_s), POD, &(CpsMeasurement){.power_w = (int16_t)watts});
}

static Estimate watts(double at_s)
{
    return power_watts(&power, profiles, S(at_s));
}

Test(power, the_newest_reading_is_given_out_until_it_is_old)
{
    cr_expect(isnan(watts(0).value));
    cr_expect(measure(1, 250));
    cr_expect(measure(2, 262));
    cr_expect(eq(dbl, watts(2).value, 262));
    cr_expect(eq(int, (int)watts(2).source, SOURCE_POD));
    cr_expect(eq(int, watts(2).sensor, POD));
    cr_expect(eq(int, (int)watts(6).source, SOURCE_HELD));
    cr_expect(isnan(watts(8).value));
}

Test(power, what_no_runner_can_do_is_kept_out)
{
    measure(1, 250);
    cr_expect(not(measure(2, -16)));
    cr_expect(not(measure(2, 2001)));
    cr_expect(not(measure(2, 32767)));
    cr_expect(eq(dbl, watts(2).value, 250));
    cr_expect(measure(3, 2000));
    cr_expect(measure(4, 0));
    cr_expect(eq(dbl, watts(4).value, 0), "he stands");
}

Test(power, a_forgotten_pod_leaves_nothing)
{
    measure(1, 250);
    power_forget(&power, POD);
    cr_expect(isnan(watts(1).value));
}
