// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Effort: what the scale says of speeds and rates, who is heard when, and when nobody knows.

#include "estimate/effort.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static AthleteModel model;
static Effort effort;

static void know(double rest, double max, double threshold, double critical)
{
    Athlete athlete = athlete_unknown();
    athlete.heart_rest = rest;
    athlete.heart_max = max;
    athlete.heart_threshold = threshold;
    athlete.critical_mps = critical;
    athlete.d_prime_m = isnan(critical) ? NAN : 180;
    model = athlete_model(&athlete);
    effort_know(&effort, &model);
}

static void all_known(void)
{
    know(48, 187, 170, 4.2);
    effort_init(&effort, &model);
}

TestSuite(effort, .init = all_known);

static Estimate pod(double mps)
{
    return (Estimate){mps, SOURCE_POD, 1, 0, 0.9};
}

static Estimate strap(double bpm)
{
    return (Estimate){bpm, SOURCE_STRAP, 0, 0, 1};
}

static const Estimate nothing = {(double)NAN, SOURCE_NONE, SENSOR_NONE, USEC_NEVER, 0};

static Estimate run(Estimate speed, Estimate heart, int seconds)
{
    for (int second = 0; second < seconds; second++)
        effort_advance(&effort, &speed, &heart, 1);
    return effort_now(&effort, &speed, &heart);
}

Test(effort, of_a_speed_lies_in_the_bands_of_practice)
{
    static const double rows[][4] = {
        // %CS from, to, RPE, within
        {45, 75, 2, 1.1},    {75, 85, 3, 0.6},     {85, 93, 4, 0.8},     {93, 98, 5.5, 0.8},
        {98, 102, 6.5, 0.6}, {102, 106, 7.5, 0.6}, {106, 112, 8.5, 0.6}, {112, 125, 9.5, 0.6},
    };
    double before = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (double percent = rows[i][0]; percent <= rows[i][1]; percent += 0.25) {
            const double rpe = effort_of_speed(percent / 100);
            cr_expect(epsilon_eq(dbl, rpe, rows[i][2], rows[i][3]), "%.2f %%", percent);
            cr_expect(ge(dbl, rpe, before));
            before = rpe;
        }
    cr_expect(eq(dbl, effort_of_speed(0), 0));
    cr_expect(eq(dbl, effort_of_speed(3), 10));
    cr_expect(epsilon_eq(dbl, effort_of_speed(1), 6.5, 1e-9));
    cr_expect(isnan(effort_of_speed(NAN)));
}

Test(effort, of_a_heart_rises_with_it_by_either_kind_of_zones)
{
    for (int by_threshold = 0; by_threshold < 2; by_threshold++) {
        know(48, 187, by_threshold ? 170 : NAN, NAN);
        double before = 0;
        for (double bpm = 30; bpm < 230; bpm++) {
            const double rpe = effort_of_heart(&model, bpm);
            cr_expect(ge(dbl, rpe, before));
            cr_expect(le(dbl, rpe, 10));
            before = rpe;
        }
        cr_expect(eq(dbl, effort_of_heart(&model, 48), 0));
        cr_expect(epsilon_eq(dbl, effort_of_heart(&model, 170), 6.5, 1)); // at threshold
        cr_expect(eq(dbl, effort_of_heart(&model, 200), 10));
    }
}

Test(effort, is_known_in_a_repetition_before_the_heart_shows_it)
{
    run(pod(2.8), strap(135), 600);
    const Estimate at_once = run(pod(4.4), strap(138), 5);
    cr_expect(gt(dbl, at_once.value, 7));
    cr_expect(gt(dbl, at_once.confidence, 0.5));
    cr_expect(eq(int, at_once.source, SOURCE_FUSED));
}

Test(effort, falls_with_the_speed_though_the_heart_still_beats)
{
    run(pod(4.4), strap(175), 300);
    cr_expect(lt(dbl, run(pod(1.2), strap(172), 5).value, 3));
}

Test(effort, of_a_bad_day_is_more_than_its_speed_says)
{
    const double good = run(pod(3.6), strap(151), 900).value;
    all_known();
    const double bad = run(pod(3.6), strap(172), 900).value;
    cr_expect(gt(dbl, bad, good + 1));
}

Test(effort, rises_by_a_half_with_each_repetition_after_the_fourth)
{
    const double first = run(pod(4.2), nothing, 10).value;
    effort_set_repetition(&effort, 4);
    cr_expect(epsilon_eq(dbl, run(pod(4.2), nothing, 10).value, first, 1e-9));
    effort_set_repetition(&effort, 6);
    cr_expect(epsilon_eq(dbl, run(pod(4.2), nothing, 10).value, first + 1, 1e-9));
    effort_set_repetition(&effort, 60);
    cr_expect(eq(dbl, run(pod(4.2), nothing, 10).value, 10));
}

Test(effort, without_an_athlete_is_openly_unknown)
{
    know(NAN, NAN, NAN, NAN);
    effort_init(&effort, &model);
    const Estimate estimate = run(pod(3.5), strap(150), 1200);
    cr_expect(isnan(estimate.value) && !estimate_known(&estimate));
    cr_expect(eq(dbl, estimate.confidence, 0));
    const Estimate zone = effort_heart_zone(&effort, &(Estimate){150, SOURCE_STRAP, 0, 0, 1});
    cr_expect(not(estimate_known(&zone)));
}

Test(effort, needs_only_what_there_is)
{
    know(NAN, NAN, NAN, 4.2); // a runner who knows races, not hearts
    effort_init(&effort, &model);
    const Estimate by_speed = run(pod(4.2), strap(150), 10);
    cr_expect(epsilon_eq(dbl, by_speed.value, 6.5, 1e-6));
    cr_expect(eq(int, by_speed.source, SOURCE_POD));
    Estimate unknown = run(nothing, strap(150), 10);
    cr_expect(not(estimate_known(&unknown)));

    know(48, 187, NAN, NAN);
    effort_init(&effort, &model);
    const Estimate by_heart = run(nothing, strap(152), 10);
    cr_expect(epsilon_eq(dbl, by_heart.value, 5, 0.1));
    cr_expect(eq(int, by_heart.source, SOURCE_STRAP));
    unknown = run(nothing, nothing, 10);
    cr_expect(not(estimate_known(&unknown)));
}

Test(effort, is_less_sure_of_less_sure_things)
{
    const Estimate sure = pod(4.2);
    Estimate doubtful = sure;
    doubtful.confidence = 0.2;
    cr_expect(lt(dbl, effort_now(&effort, &doubtful, &nothing).confidence,
                 effort_now(&effort, &sure, &nothing).confidence));
    know(48, NAN, NAN, NAN);
    Athlete athlete = athlete_unknown();
    athlete.heart_rest = 48;
    athlete.age = 30;
    model = athlete_model(&athlete); // a maximal rate of 187 that may as well be 175
    effort_init(&effort, &model);
    const Estimate heart = strap(165);
    const double guessed = effort_now(&effort, &nothing, &heart).confidence;
    know(48, 187, NAN, NAN);
    cr_expect(lt(dbl, guessed, effort_now(&effort, &nothing, &heart).confidence - 0.05));
}

Test(effort, of_held_values_is_held)
{
    Estimate speed = pod(4.2), heart = strap(160);
    speed.source = heart.source = SOURCE_HELD;
    speed.age = 4000000;
    const Estimate held = effort_now(&effort, &speed, &heart);
    cr_expect(held.source == SOURCE_HELD && held.age == 4000000);
    heart = strap(160);
    cr_expect(eq(int, effort_now(&effort, &speed, &heart).source, SOURCE_FUSED));
}

Test(effort, that_only_the_heart_tells_corrects_nobody_in_two_minutes)
{
    const Estimate heart = {6, SOURCE_STRAP, 0, 0, 0.5}, both = {6, SOURCE_FUSED, 0, 0, 0.6},
                   speed = {6, SOURCE_POD, 1, 0, 0.6}, held = {6, SOURCE_HELD, 0, 0, 0.2};
    cr_expect(not(effort_cues_pace(&heart, 60) || effort_cues_pace(&heart, 119)));
    cr_expect(not(effort_cues_pace(&held, 60) || effort_cues_pace(&heart, NAN)));
    cr_expect(effort_cues_pace(&heart, 120) && effort_cues_pace(&both, 30));
    const Estimate grips = {150, SOURCE_TREADMILL, 2, 0, 1};
    const Estimate by_grips = effort_now(&effort, &nothing, &grips);
    cr_expect(not(effort_cues_pace(&by_grips, 60)));
    cr_expect(effort_cues_pace(&speed, 30) && !effort_cues_pace(&nothing, 300));
}

Test(effort, the_zone_is_the_athlete_s)
{
    const Estimate heart = strap(172), low = strap(40);
    cr_expect(eq(dbl, effort_heart_zone(&effort, &heart).value, 4)); // 5a
    know(48, 187, NAN, NAN);
    cr_expect(eq(dbl, effort_heart_zone(&effort, &heart).value, 4)); // 80 to 90 %
    cr_expect(eq(dbl, effort_heart_zone(&effort, &heart).confidence, 1));
    const Estimate below = effort_heart_zone(&effort, &low);
    cr_expect(not(estimate_known(&below)));
}

Test(effort, predicts_the_rate_with_its_doubt)
{
    const Estimate speed = pod(4.2);
    const Estimate rate = effort_predicted_heart_rate(&effort, &speed);
    cr_expect(epsilon_eq(dbl, rate.value, 170, 1e-6));
    cr_expect(rate.confidence > 0.2 && rate.confidence < 0.7, "%f", rate.confidence);
    const Estimate unknown = effort_predicted_heart_rate(&effort, &nothing);
    cr_expect(not(estimate_known(&unknown)));
}

Test(effort, shows_the_balance_with_its_doubt)
{
    const Estimate speed = pod(4.8), heart = strap(170);
    double sd;
    cr_expect(epsilon_eq(dbl, effort_d_prime_balance(&effort, &speed, &sd).value, 180, 1e-9));
    cr_expect(gt(dbl, sd, 20));
    run(speed, heart, 100);
    const Estimate spent = effort_d_prime_balance(&effort, &speed, &sd);
    cr_expect(epsilon_eq(dbl, spent.value, 120, 1e-6));
    cr_expect(le(dbl, spent.confidence, 0.5));
    const Estimate unknown = effort_d_prime_balance(&effort, &nothing, &sd);
    cr_expect(isnan(sd) && !estimate_known(&unknown));
}
