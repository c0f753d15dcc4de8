// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Critical speed and D′ against fits made elsewhere: two lines by hand and by numpy.polyfit, the
// hyperbola by scipy's least squares. The first set is of Galbraith et al. 2014.

#include "athlete/critical.h"

#include "athlete/vdot.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct {
    const char *name;
    size_t count;
    Race races[4];
    CriticalPoint fits[CRITICAL_FITS]; // d–t, 1/t, hyperbolic
} sets[] = {
    {"galbraith_3run",
     3,
     {{1200, 220, true}, {2400, 478, true}, {3600, 742, true}},
     {{4.597499, 193.200634}, {4.615134, 185.570034}, {4.573695, 207.417170}}},
    {"two_trial_3_12",
     2,
     {{1130, 210, true}, {3600, 780, true}},
     {{4.333333, 220.000000}, {4.333333, 220.000000}, {4.333333, 220.000000}}},
    {"mile_5k",
     2,
     {{1609.344, 330, true}, {5000, 1140, true}},
     {{4.185995, 227.965630}, {4.185995, 227.965630}, {4.185995, 227.965630}}},
    {"exact_CS4_D200",
     3,
     {{920, 180, true}, {1880, 420, true}, {3080, 720, true}},
     {{4.000000, 200.000000}, {4.000000, 200.000000}, {4.000000, 200.000000}}},
    {"noisy4",
     4,
     {{800, 138, true}, {1500, 288, true}, {3000, 622, true}, {5000, 1092, true}},
     {{4.395492, 223.411926}, {4.487628, 185.532044}, {4.321936, 283.190255}}},
};

Test(critical, three_fits)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const CriticalFit fit = critical_fit(sets[i].races, sets[i].count);
        cr_expect(eq(sz, fit.trials, sets[i].count));
        for (size_t j = 0; j < CRITICAL_FITS; j++) {
            cr_expect(epsilon_eq(dbl, fit.fits[j].speed_mps, sets[i].fits[j].speed_mps, 1e-5),
                      "%s, fit %zu", sets[i].name, j);
            cr_expect(epsilon_eq(dbl, fit.fits[j].d_prime_m, sets[i].fits[j].d_prime_m, 1e-3),
                      "%s, fit %zu", sets[i].name, j);
        }
    }
}

Test(critical, which_sets_are_believed)
{
    static const CriticalVerdict verdicts[] = {CRITICAL_GOOD, CRITICAL_GOOD, CRITICAL_GOOD,
                                               CRITICAL_GOOD, CRITICAL_RESIDUAL};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const CriticalFit fit = critical_fit(sets[i].races, sets[i].count);
        cr_expect(eq(int, fit.verdict, verdicts[i]), "%s", sets[i].name);
        cr_expect(eq(int, critical_usable(&fit), verdicts[i] == CRITICAL_GOOD));
    }
}

static CriticalFit fit_said(const Race *races, size_t count, CriticalVerdict verdict,
                            const char *said)
{
    char why[WHY_MAX];
    const CriticalFit fit = critical_fit(races, count);
    cr_expect(eq(int, fit.verdict, verdict), "%s", said);
    cr_expect(strstr(critical_why(&fit, races, why), said) != NULL, "“%s” is not in “%s”", said,
              why);
    return fit;
}

Test(critical, each_refusal_says_why)
{
    const Race one[] = {{5000, 1140, true}};
    const Race jogged[] = {{1609.344, 330, true}, {5000, 1140, false}};
    const Race too_long[] = {{1609.344, 330, true}, {10000, 2400, true}};
    const Race too_short[] = {{800, 119, true}, {5000, 1140, true}};
    const Race narrow[] = {{3000, 640, true}, {5000, 1140, true}};
    const Race contradicting[] = {{1500, 300, true}, {5000, 990, true}};
    const Race crooked[] = {
        {5000, 1092, true}, {800, 138, true}, {1500, 288, true}, {3000, 622, true}};
    const Race slow[] = {{800, 400, true}, {1800, 1150, true}};
    const Race no_reserve[] = {{1500, 360, true}, {4000, 965, true}};
    fit_said(one, 1, CRITICAL_FEW, "needs two races");
    fit_said(jogged, 2, CRITICAL_FEW, "needs two races");
    fit_said(too_long, 2, CRITICAL_FEW, "needs two races");
    fit_said(too_short, 2, CRITICAL_FEW, "needs two races");
    fit_said(narrow, 2, CRITICAL_NARROW, "at least 2.5 times");
    fit_said(contradicting, 2, CRITICAL_CONTRADICTS, "the 1500 m and the 5 km contradict");
    fit_said(crooked, 4, CRITICAL_RESIDUAL, "the 800 m is 3.7 %");
    fit_said(slow, 2, CRITICAL_SPEED, "1.33 m/s");
    fit_said(no_reserve, 2, CRITICAL_D_PRIME, "D′ of 12 m");
    fit_said(NULL, 0, CRITICAL_FEW, "needs two races");
}

// Within 3 % of a line, and yet no curve: usable, at a lower confidence, and it is said.
Test(critical, fits_that_differ_are_told)
{
    const Race races[] = {
        {800, 145, true}, {1500, 307, true}, {3000, 640, true}, {5000, 1130, true}};
    const CriticalFit fit = fit_said(races, 4, CRITICAL_DISAGREE, "do not lie on one curve");
    cr_expect(critical_usable(&fit));
    cr_expect(gt(dbl, fit.d_prime_spread, CRITICAL_D_PRIME_SPREAD));
}

Test(critical, of_two_over_one_distance_the_faster_counts)
{
    const Race twice[] = {
        {3600, 800, true}, {1130, 210, true}, {3600, 780, true}, {1130, 230, true}};
    const CriticalFit fit = critical_fit(twice, 4);
    cr_expect(eq(sz, fit.trials, 2));
    cr_expect(epsilon_eq(dbl, fit.fits[CRITICAL_DISTANCE].speed_mps, 4.333333, 1e-6));
}

static double squares(const Race *races, size_t count, double speed, double d_prime)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double off = races[i].time_s - d_prime / (races[i].distance_m / races[i].time_s - speed);
        sum += off * off;
    }
    return sum;
}

// Whatever the trials: a hyperbola that is found is one of least squares, beside which there is no
// better; and where there is none, as when the slowest trial's speed is passed, nothing is made up.
Test(critical, a_hyperbola_is_the_best_there_is_or_none)
{
    uint32_t state = 7;
    size_t found = 0;
    for (int round = 0; round < 20000; round++) {
        Race races[4];
        const size_t count = 2 + (size_t)round % 3;
        for (size_t i = 0; i < count; i++) {
            state = state * 1664525 + 1013904223;
            double jitter = (double)(state >> 16) / 65536 - 0.5;
            double time = 150 + 300 * (double)i;
            double off = 1 + jitter * (round % 2 ? 0.02 : 0.6); // half of them are nonsense
            races[i] = (Race){(4 * time + 200) * off, time, true};
        }
        const CriticalFit fit = critical_fit(races, count);
        const CriticalPoint at = fit.fits[CRITICAL_HYPERBOLIC];
        cr_assert(eq(int, isnan(at.speed_mps), isnan(at.d_prime_m)));
        if (isnan(at.speed_mps) || !critical_usable(&fit) || fit.trials < count)
            continue;
        found++;
        double least = squares(races, count, at.speed_mps, at.d_prime_m) * (1 - 1e-9) - 1e-9;
        for (double step = -1e-3; step < 1.5e-3; step += 1e-3)
            for (double other = -0.1; other < 0.15; other += 0.1)
                cr_assert(squares(races, count, at.speed_mps + step, at.d_prime_m + other) >= least,
                          "round %d", round);
    }
    cr_expect(found > 5000, "%zu", found);
}

Test(critical, the_same_distance_twice_is_one_trial)
{
    const Race races[] = {{1500, 300, true}, {1500, 290, true}};
    fit_said(races, 2, CRITICAL_FEW, "different distances");
}

// VDOT; CS and D′ of the 1500, 3000 and 5000 m that go with it; CS over the speed at threshold.
static const double derived[][4] = {
    {30, 2.6298, 163.5, 1.0095}, {35, 2.9796, 177.3, 1.0134}, {40, 3.3255, 189.9, 1.0169},
    {45, 3.6680, 200.9, 1.0202}, {50, 4.0076, 210.1, 1.0234}, {55, 4.3446, 217.6, 1.0267},
    {60, 4.6790, 223.4, 1.0301}, {65, 5.0109, 227.7, 1.0336}, {70, 5.3400, 230.6, 1.0371},
    {75, 5.6663, 232.3, 1.0406}, {80, 5.9895, 232.9, 1.0441},
};

Test(critical, from_one_race)
{
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
        const CriticalPoint point = critical_from_vdot(derived[i][0]);
        cr_expect(epsilon_eq(dbl, point.speed_mps, derived[i][1], 6e-5), "VDOT %g", derived[i][0]);
        cr_expect(epsilon_eq(dbl, point.d_prime_m, derived[i][2], 0.06), "VDOT %g", derived[i][0]);
        cr_expect(epsilon_eq(dbl, point.speed_mps / vdot_speeds(derived[i][0]).threshold,
                             derived[i][3], 6e-5));
    }
    cr_expect(isnan(critical_from_vdot(NAN).speed_mps));
}
