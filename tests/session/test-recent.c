// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The mean over the last seconds: of what was known in them, and of nothing else.

#include "session/recent.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define SEC(s) ((Usec)((s)*1e6))

static Recent recent;

// One value a second, each held for the second until then.
static void add(double from_s, double until_s, double value)
{
    for (double s = from_s; s <= until_s; s++)
        recent_add(&recent, SEC(s), 1, value);
}

Test(recent, what_is_older_than_five_seconds_is_forgotten)
{
    recent_reset(&recent);
    add(100.5, 120.5, 180);
    add(121.5, 125.5, 130);
    cr_expect(epsilon_eq(dbl, recent_mean(&recent, SEC(125.6)), 130, 1e-9));
    add(126.5, 126.5, 140);
    cr_expect(epsilon_eq(dbl, recent_mean(&recent, SEC(126.9)), 132, 1e-9));
}

Test(recent, a_short_part_counts_for_little)
{
    recent_reset(&recent);
    recent_add(&recent, SEC(101), 1, 100);
    recent_add(&recent, SEC(102), 1, 100);
    recent_add(&recent, SEC(103), 1, 100);
    recent_add(&recent, SEC(103.9), 0.9, 100);
    recent_add(&recent, SEC(104), 0.1, 200);
    cr_expect(epsilon_eq(dbl, recent_mean(&recent, SEC(104)), 102.5, 1e-9));
}

Test(recent, too_little_is_unknown)
{
    recent_reset(&recent);
    cr_expect(isnan(recent_mean(&recent, SEC(100))), "nothing yet");
    add(100, 102, 150);
    cr_expect(isnan(recent_mean(&recent, SEC(102))), "three seconds");
    add(103, 103, 150);
    cr_expect(epsilon_eq(dbl, recent_mean(&recent, SEC(103)), 150, 1e-9), "four");
    add(104, 105, NAN);
    cr_expect(isnan(recent_mean(&recent, SEC(105))), "and two of nothing");
}

Test(recent, a_gap_is_no_value)
{
    recent_reset(&recent);
    add(100, 110, 150);
    cr_expect(isnan(recent_mean(&recent, SEC(113))), "the newest is old");
    cr_expect(isnan(recent_mean(&recent, SEC(5000))));
    add(200, 203, 120);
    cr_expect(epsilon_eq(dbl, recent_mean(&recent, SEC(203)), 120, 1e-9),
              "what was before it is gone");
}

Test(recent, a_machine_may_just_have_started)
{
    recent_reset(&recent);
    cr_expect(isnan(recent_mean(&recent, 0)));
    add(0.2, 2.2, 90);
    cr_expect(isnan(recent_mean(&recent, SEC(2.3))));
    add(3.2, 4.2, 90);
    cr_expect(epsilon_eq(dbl, recent_mean(&recent, SEC(4.3)), 90, 1e-9));
}
