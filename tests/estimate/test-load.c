// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Load: worked examples, and what stops, gaps and warm-ups do to it.

#include "estimate/load.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static Load load;
static AthleteModel model;

static void rested(void)
{
    Athlete athlete = athlete_unknown();
    athlete.heart_rest = 50;
    athlete.heart_max = 190;
    athlete.threshold_mps = 4;
    model = athlete_model(&athlete);
    load_reset(&load);
}

TestSuite(load, .init = rested);

static void run(double minutes, double bpm, double mps)
{
    for (int second = 0; second < 60 * minutes; second++)
        load_add(&load, &model, SEX_MALE, 1, bpm, mps);
}

Test(load, banister_of_a_steady_run_is_the_formula)
{
    static const struct {
        double minutes, bpm, rest, max, men, women;
    } rows[] = {
        {60, 150, 50, 190, 108.095359, 121.499066}, {30, 170, 50, 190, 85.325545, 92.541055},
        {45, 140, 60, 180, 69.055483, 78.547837},   {60, 190, 50, 190, 261.924805, 274.107858},
        {10, 120, 50, 190, 8.357429, 9.910700},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double x = zones_reserve(rows[i].bpm, rows[i].rest, rows[i].max);
        const double men = rows[i].minutes * load_banister_a_minute(SEX_MALE, x),
                     women = rows[i].minutes * load_banister_a_minute(SEX_FEMALE, x);
        cr_expect(epsilon_eq(dbl, men, rows[i].men, 1e-6));
        cr_expect(epsilon_eq(dbl, women, rows[i].women, 1e-6));
        cr_expect(epsilon_eq(dbl, rows[i].minutes * load_banister_a_minute(SEX_UNKNOWN, x),
                             (men + women) / 2, 1e-6));
    }
    run(60, 150, 3);
    cr_expect(epsilon_eq(dbl, load_trimp(&load), 108.095359, 1e-6));
}

Test(load, a_run_of_changing_rate_counts_for_more_than_its_mean)
{
    for (int second = 0; second < 3600; second++) // 110 to 170, its middle in each second
        load_add(&load, &model, SEX_MALE, 1, 110 + 60 * (second + 0.5) / 3600, 3);
    const double ramp = load_trimp(&load);
    rested();
    run(60, 140, 3);
    cr_expect(gt(dbl, ramp, load_trimp(&load) * 1.05));
}

Test(load, edwards_adds_up_zones)
{
    static const int minutes[] = {10, 20, 15, 10, 5};
    for (int zone = 0; zone < 5; zone++)
        run(minutes[zone], 190 * (0.55 + 0.1 * zone), 3);
    cr_expect(epsilon_eq(dbl, load_edwards(&load), 160, 1e-6));
    cr_expect(eq(int, load_edwards_zone(94, 190), 0));
    cr_expect(eq(int, load_edwards_zone(95, 190), 1));
    cr_expect(eq(int, load_edwards_zone(230, 190), 5));
}

Test(load, rtss_is_that_of_the_worked_examples)
{
    static const double rows[][4] = {
        // s, normalised and threshold pace, rTSS
        {3600, 360, 240, 44.4444}, {3600, 480, 240, 25},    {1800, 300, 270, 40.5},
        {3600, 240, 240, 100},     {2700, 250, 265, 84.27},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(epsilon_eq(dbl, load_rtss(rows[i][0], 1000 / rows[i][1], 1000 / rows[i][2]),
                             rows[i][3], 1e-4));
    run(60, 160, 4);
    cr_expect(epsilon_eq(dbl, load_score(&load, &model), 100, 1e-6));
}

Test(load, repetitions_are_worth_more_than_their_mean_and_stops_are_not_counted)
{
    run(30, 150, 3.5);
    const double steady = load_score(&load, &model);
    rested();
    for (int i = 0; i < 10; i++) {
        run(1.5, 150, 5);
        run(1.5, 150, 2);
    }
    cr_expect(gt(dbl, load_normalised_mps(&load), 4));
    cr_expect(gt(dbl, load_score(&load, &model), 1.2 * steady));
    rested();
    run(15, 150, 3.5);
    run(10, 90, 0);
    run(15, 150, 3.5);
    cr_expect(epsilon_eq(dbl, load_score(&load, &model), steady, 1e-6));
}

Test(load, slices_of_time_make_no_difference)
{
    run(10, 150, 3.4);
    const double trimp = load_trimp(&load), score = load_score(&load, &model);
    rested();
    for (int i = 0; i < 10 * 60 * 3; i++)
        load_add(&load, &model, SEX_MALE, 1 / 3.0, 150, 3.4);
    cr_expect(epsilon_eq(dbl, load_trimp(&load), trimp, 1e-6));
    cr_expect(epsilon_eq(dbl, load_score(&load, &model), score, 0.05));
}

Test(load, what_was_not_known_counts_for_nothing_and_is_said)
{
    cr_expect(isnan(load_trimp(&load)) && isnan(load_score(&load, &model)) &&
              isnan(load_edwards(&load)) && isnan(load_decoupled_percent(&load)));
    run(30, 150, 3.5);
    const double trimp = load_trimp(&load);
    cr_expect(epsilon_eq(dbl, load_heart_coverage(&load), 1, 1e-9));
    run(30, NAN, 3.5);
    cr_expect(eq(dbl, load_trimp(&load), trimp));
    cr_expect(epsilon_eq(dbl, load_heart_coverage(&load), 0.5, 1e-9));
    cr_expect(epsilon_eq(dbl, load_speed_coverage(&load), 1, 1e-9));
    load_add(&load, &model, SEX_MALE, 3600, 150, 3.5); // the machine slept: no rate lasts an hour
    cr_expect(lt(dbl, load_trimp(&load), trimp + 1));
}

Test(load, is_unknown_for_an_unknown_athlete)
{
    const Athlete athlete = athlete_unknown();
    model = athlete_model(&athlete);
    run(30, 150, 3.5);
    cr_expect(isnan(load_trimp(&load)) && isnan(load_score(&load, &model)));
}

Test(load, decoupling_of_two_efficiencies_is_as_computed)
{
    static const double rows[][5] = {{3.5, 145, 3.45, 151, 5.3453},
                                     {4, 150, 4, 150, 0},
                                     {3.33, 140, 3.33, 147, 4.7619},
                                     {3.6, 150, 3.4, 158, 10.3376}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double *r = rows[i];
        cr_expect(epsilon_eq(dbl, load_decoupling(r[0] / r[1], r[2] / r[3]), r[4], 1e-4));
        rested();
        run(10, 120, 2); // the warm-up is not part of it
        run(20, r[1], r[0]);
        run(3, 100, 0); // nor is a stop
        run(20, r[3], r[2]);
        cr_expect(epsilon_eq(dbl, load_decoupled_percent(&load), r[4], 1e-4));
    }
}

Test(load, decoupling_is_for_steady_runs_that_are_long_enough)
{
    run(29.9, 150, 3.5);
    cr_expect(isnan(load_decoupled_percent(&load)));
    run(1, 150, 3.5);
    cr_expect(epsilon_eq(dbl, load_decoupled_percent(&load), 0, 1e-9));
    for (int i = 0; i < 10; i++) {
        run(2, 170, 4.8);
        run(2, 130, 2.2);
    }
    cr_expect(isnan(load_decoupled_percent(&load)));
}

Test(load, a_day_long_run_still_has_its_halves)
{
    run(10, 120, 2.5);
    run(7 * 60, 130, 2.8);
    run(7 * 60, 140, 2.7);
    const double want = load_decoupling(2.8 / 130, 2.7 / 140);
    cr_expect(epsilon_eq(dbl, load_decoupled_percent(&load), want, 0.3));
}

// ── the weeks before ──

#define DAILY(from, to, rtss, trimp)                                                               \
    for (int day = from; day < to; day++)                                                          \
        runs[count++] = (PastRun)                                                                  \
        {                                                                                          \
            day, 3600, trimp, rtss                                                                 \
        }

Test(load, a_week_by_four)
{
    PastRun runs[60];
    size_t count = 0;
    DAILY(0, 30, 50, 80);
    cr_expect(epsilon_eq(dbl, load_week(runs, count), 1, 1e-12));
    cr_expect(isnan(load_week(runs, 28)), "there is no knowing what was run before");
    cr_expect(isnan(load_week(runs, 0)));
    count = 0;
    DAILY(0, 7, 100, 10);
    DAILY(7, 30, 50, 80);
    cr_expect(epsilon_eq(dbl, load_week(runs, count), 2800.0 / (700 + 21 * 50), 1e-12));
    runs[3].rtss = NAN; // of one it is not known: so it goes by the heart
    cr_expect(epsilon_eq(dbl, load_week(runs, count), 280.0 / (70 + 21 * 80), 1e-12));
    runs[9].trimp = NAN;
    cr_expect(epsilon_eq(dbl, load_week(runs, count), 1, 1e-12), "by time");
    runs[29].rtss = runs[29].trimp = NAN; // long ago
    runs[3].rtss = 100;
    cr_expect(load_week(runs, count) > 1.5);
}

Test(load, a_week_after_a_month_without_a_run)
{
    const PastRun old = {35, 3600, 80, 50}, both[] = {{1, 1800, 40, 25}, {35, 3600, 80, 50}};
    cr_expect(isnan(load_week(&old, 1)));
    cr_expect(epsilon_eq(dbl, load_week(both, 2), 4, 1e-12));
}
