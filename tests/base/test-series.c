// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Our own exp() and log(): as near to the C library's as they say.

#include "base/series.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define UNITS_IN_THE_LAST_PLACE (4 * 0x1p-52)

Test(series, exp_is_within_a_few_units_in_the_last_place)
{
    for (double x = -700; x < 709; x += 0.37219) {
        const double want = exp(x);
        cr_expect(le(dbl, fabs(series_exp(x) - want), want * UNITS_IN_THE_LAST_PLACE), "exp %g", x);
    }
    cr_expect(eq(dbl, series_exp(0), 1));
    cr_expect(eq(dbl, series_exp(-1e-300), 1));
}

Test(series, log_is_within_a_few_units_in_the_last_place)
{
    for (double x = 1e-300; x < 1e300; x *= 1.7391) {
        const double want = log(x);
        cr_expect(le(dbl, fabs(series_log(x) - want), fabs(want) * UNITS_IN_THE_LAST_PLACE),
                  "log %g", x);
    }
    for (double x = 0.5; x < 2; x += 0.00319) { // near 1, where a sum of two large parts would fail
        const double want = log(x);
        cr_expect(le(dbl, fabs(series_log(x) - want), fabs(want) * UNITS_IN_THE_LAST_PLACE),
                  "log %g", x);
    }
    cr_expect(eq(dbl, series_log(1), 0));
}

Test(series, what_has_no_number_says_so)
{
    cr_expect(isnan(series_exp(NAN)) && isnan(series_log(NAN)) && isnan(series_log(-1)));
    cr_expect(series_exp(-1e9) >= 0 && series_exp(-1e9) < 1e-300);
    cr_expect(isinf(series_exp(1e9)) && isinf(series_log(INFINITY)));
    cr_expect(isinf(series_log(0)) && series_log(0) < 0);
}
