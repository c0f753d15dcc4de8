// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// D′ balance: worked examples to a millimetre, whatever the steps, and how sure it is.

#include "estimate/dprime.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define CS 4.2
#define D0 180.0

static AthleteModel told(double critical_mps, double d_prime_m)
{
    Athlete athlete = athlete_unknown();
    athlete.critical_mps = critical_mps;
    athlete.d_prime_m = d_prime_m;
    return athlete_model(&athlete);
}

Test(dprime, is_spent_and_comes_back_as_computed)
{
    static const struct {
        double speed, seconds, left, rest_speed, rest, back;
    } rows[] = {
        {4.8, 100, 120, 0.0, 60, 165.2042},  {4.8, 100, 120, 2.2, 60, 149.1950},
        {4.8, 100, 120, 2.2, 120, 164.1842}, {4.8, 100, 120, 3.5, 120, 142.3747},
        {4.8, 100, 120, 4.0, 180, 130.8762}, {4.8, 300, 0, 0.0, 60, 135.6125},
        {4.8, 300, 0, 2.2, 60, 87.5849},     {4.8, 300, 0, 4.0, 180, 32.6285},
        {5.2, 120, 60, 2.2, 60, 118.3899},   {5.2, 120, 60, 3.5, 120, 104.7493},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double left = dprime_step(D0, CS, D0, rows[i].speed, rows[i].seconds);
        cr_expect(epsilon_eq(dbl, left, rows[i].left, 1e-4));
        left = dprime_step(left, CS, D0, rows[i].rest_speed, rows[i].rest);
        cr_expect(epsilon_eq(dbl, left, rows[i].back, 1e-4));
    }
}

Test(dprime, a_session_of_six_comes_out_to_the_millimetre_in_steps_of_any_length)
{
    static const double at_ends[] = {60.0000, 28.3683, 20.0303, 17.8325, 17.2531, 17.1004};
    static const double steps[] = {0.25, 1, 7, 200};
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        const AthleteModel model = told(CS, D0);
        DPrime dprime;
        dprime_init(&dprime, &model);
        for (int repetition = 0; repetition < 6; repetition++) {
            for (double left = 200; left > 0; left -= steps[s])
                dprime_advance(&dprime, 4.8, fmin(steps[s], left));
            cr_expect(epsilon_eq(dbl, dprime_balance(&dprime), at_ends[repetition], 1e-3));
            for (double left = 120; left > 0; left -= steps[s])
                dprime_advance(&dprime, 2.2, fmin(steps[s], left));
        }
        cr_expect(epsilon_eq(dbl, dprime_balance(&dprime), 137.0601, 1e-3));
    }
}

Test(dprime, is_never_shown_below_nothing_but_remembers_what_it_owes)
{
    const AthleteModel model = told(CS, D0);
    DPrime dprime;
    dprime_init(&dprime, &model);
    dprime_advance(&dprime, 5.2, 200);
    cr_expect(eq(dbl, dprime_balance(&dprime), 0));
    cr_expect(epsilon_eq(dbl, dprime.value, -20, 1e-9));
    dprime_advance(&dprime, 2.2, 5);
    cr_expect(eq(dbl, dprime_balance(&dprime), 0)); // 11 m came back
}

Test(dprime, the_longer_above_critical_speed_the_less_is_sure)
{
    const AthleteModel model = told(CS, D0);
    DPrime dprime;
    dprime_init(&dprime, &model);
    double before = dprime_sd(&dprime);
    cr_expect(epsilon_eq(dbl, before, 0.15 * D0, 3));
    for (int minute = 0; minute < 3; minute++) {
        dprime_advance(&dprime, 4.6, 60);
        cr_expect(gt(dbl, dprime_sd(&dprime), before + 2));
        before = dprime_sd(&dprime);
    }
    dprime_advance(&dprime, 1, 900); // rested, all that is left to doubt is D′
    cr_expect(epsilon_eq(dbl, dprime_sd(&dprime), 0.15 * D0, 3));
}

Test(dprime, what_was_not_seen_moves_nothing_but_the_doubt)
{
    const AthleteModel model = told(CS, D0);
    DPrime dprime;
    dprime_init(&dprime, &model);
    dprime_advance(&dprime, 4.8, 150);
    const double balance = dprime_balance(&dprime), sd = dprime_sd(&dprime);
    dprime_advance(&dprime, NAN, 60);
    cr_expect(eq(dbl, dprime_balance(&dprime), balance));
    cr_expect(gt(dbl, dprime_sd(&dprime), sd + 10));
}

Test(dprime, is_unknown_without_an_athlete_and_begins_when_one_is_told)
{
    AthleteModel model = told(NAN, NAN);
    DPrime dprime;
    dprime_init(&dprime, &model);
    dprime_advance(&dprime, 5, 60);
    cr_expect(isnan(dprime_balance(&dprime)) && isnan(dprime_sd(&dprime)));
    model = told(CS, D0);
    dprime_know(&dprime, &model);
    cr_expect(epsilon_eq(dbl, dprime_balance(&dprime), D0, 1e-9));
    dprime_advance(&dprime, 4.8, 150);
    model = told(CS, 2 * D0); // half of it is half of it
    dprime_know(&dprime, &model);
    cr_expect(epsilon_eq(dbl, dprime_balance(&dprime), D0, 1e-9));
}
