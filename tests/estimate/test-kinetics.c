// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The heart's answer to load: the first-order tables, what is foreseen of it, and what is learnt.

#include "estimate/kinetics.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(kinetics, follows_the_first_order_table_in_steps_of_any_length)
{
    static const int at[] = {10, 30, 60, 90, 120, 180};
    static const double rows[][9] = {
        // from, to, τ, then at each of those seconds
        {100, 172, 57.6, 111.4751, 129.2302, 146.5936, 156.9080, 163.0350, 168.8365},
        {172, 118, 57.6, 163.3937, 150.0774, 137.0548, 129.3190, 124.7238, 120.3726},
        {100, 172, 30, 120.4097, 145.5127, 162.2559, 168.4153, 170.6813, 171.8215},
        {100, 172, 90, 107.5716, 120.4097, 135.0340, 145.5127, 153.0210, 162.2559},
        {185, 120, 60, 175.0213, 159.4245, 143.9122, 134.5035, 128.7968, 123.2362},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        const double *r = rows[row];
        for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
            cr_expect(epsilon_eq(dbl, kinetics_step(r[0], r[1], at[i], r[2]), r[3 + i], 1e-4));
            double bpm = r[0];
            for (int quarter = 0; quarter < 4 * at[i]; quarter++)
                bpm = kinetics_step(bpm, r[1], 0.25, r[2]);
            cr_expect(epsilon_eq(dbl, bpm, r[3 + i], 1e-4));
        }
    }
}

static Athlete runner(void)
{
    Athlete athlete = athlete_unknown();
    athlete.heart_rest = 48;
    athlete.heart_max = 187;
    athlete.heart_threshold = 170;
    athlete.critical_mps = 4.2;
    athlete.d_prime_m = 180;
    return athlete;
}

Test(kinetics, foresees_the_rate_at_once_when_the_athlete_is_known)
{
    const Athlete athlete = runner();
    const AthleteModel model = athlete_model(&athlete);
    Kinetics kinetics;
    kinetics_init(&kinetics, &model);
    const Prediction at_critical = kinetics_predict(&kinetics, 4.2),
                     easy = kinetics_predict(&kinetics, 3);
    cr_expect(epsilon_eq(dbl, at_critical.bpm, 170, 1e-9));
    cr_expect(lt(dbl, at_critical.sd, 8));
    cr_expect(epsilon_eq(dbl, easy.bpm, 139, 5));
    cr_expect(eq(dbl, kinetics_predict(&kinetics, 6).bpm, 187)); // no heart beats faster
}

Test(kinetics, says_nothing_when_nothing_is_known)
{
    const Athlete athlete = athlete_unknown();
    const AthleteModel model = athlete_model(&athlete);
    Kinetics kinetics;
    kinetics_init(&kinetics, &model);
    cr_expect(isnan(kinetics_predict(&kinetics, 3).bpm));
    cr_expect(isnan(kinetics_predict(&kinetics, NAN).bpm));
}

// A heart of its own base and gain that runs a while at a speed.
typedef struct {
    double base, gain, bpm, load;
} Heart;

static void run(Kinetics *kinetics, Heart *heart, double speed, int seconds)
{
    for (int second = 0; second < seconds; second++) {
        heart->bpm = kinetics_step(heart->bpm, heart->base + heart->gain * speed, 1, 57.6);
        kinetics_advance(kinetics, speed, heart->bpm + (second % 3 - 1) * 1.5, 1);
    }
}

Test(kinetics, learns_a_heart_that_nobody_told_of)
{
    const Athlete athlete = athlete_unknown();
    const AthleteModel model = athlete_model(&athlete);
    Kinetics kinetics;
    Heart heart = {.base = 84, .gain = 19, .bpm = 84};
    kinetics_init(&kinetics, &model);
    run(&kinetics, &heart, 0, 60);
    run(&kinetics, &heart, 2.8, 600);
    const Prediction known = kinetics_predict(&kinetics, 2.8), far = kinetics_predict(&kinetics, 4);
    cr_expect(epsilon_eq(dbl, known.bpm, 84 + 19 * 2.8, 2));
    cr_expect(lt(dbl, known.sd, 4));
    cr_expect(isnan(far.bpm) || far.sd > 2 * known.sd); // it has seen one speed
    for (int i = 0; i < 4; i++) {
        run(&kinetics, &heart, 3.8, 180);
        run(&kinetics, &heart, 2.2, 180);
    }
    const Prediction now = kinetics_predict(&kinetics, 4);
    cr_expect(epsilon_eq(dbl, now.bpm, 84 + 19 * 4, 4));
    cr_expect(lt(dbl, now.sd, 6));
    for (double jump = 4; jump <= 12; jump += 0.5) // of a satellite's, not of a runner's
        cr_expect(not(kinetics_predict(&kinetics, jump).bpm > 220), "%g m/s", jump);
}

Test(kinetics, foresees_in_a_repetition_what_the_heart_shows_at_its_end)
{
    const Athlete athlete = runner();
    const AthleteModel model = athlete_model(&athlete);
    Kinetics kinetics;
    Heart heart = {.base = 66, .gain = 25, .bpm = 66};
    kinetics_init(&kinetics, &model);
    run(&kinetics, &heart, 2.6, 900);
    run(&kinetics, &heart, 4.2, 10); // ten seconds in, the heart has hardly moved
    const double foreseen = kinetics_predict(&kinetics, 4.2).bpm;
    cr_expect(lt(dbl, heart.bpm, 140));
    cr_expect(gt(dbl, kinetics_unsettled(&kinetics, 4.2), 25));
    run(&kinetics, &heart, 4.2, 290);
    cr_expect(epsilon_eq(dbl, foreseen, heart.bpm, 5));
    cr_expect(lt(dbl, kinetics_unsettled(&kinetics, 4.2), 1));
}

Test(kinetics, follows_drift_but_not_a_second_s_noise)
{
    const Athlete athlete = runner();
    const AthleteModel model = athlete_model(&athlete);
    Kinetics kinetics;
    Heart heart = {.base = 60, .gain = 26, .bpm = 60};
    kinetics_init(&kinetics, &model);
    run(&kinetics, &heart, 3.3, 900);
    const double before = kinetics_predict(&kinetics, 3.3).bpm;
    kinetics_advance(&kinetics, 3.3, 220, 1);
    cr_expect(epsilon_eq(dbl, kinetics_predict(&kinetics, 3.3).bpm, before, 1));
    for (int minute = 0; minute < 30; minute++) {
        heart.base += 0.4;
        run(&kinetics, &heart, 3.3, 60);
    }
    cr_expect(epsilon_eq(dbl, kinetics_predict(&kinetics, 3.3).bpm, 72 + 26 * 3.3, 3));
}

Test(kinetics, learns_nothing_from_a_heart_whose_past_it_does_not_know)
{
    const Athlete athlete = runner();
    const AthleteModel model = athlete_model(&athlete);
    Kinetics kinetics;
    kinetics_init(&kinetics, &model);
    const double before = kinetics_predict(&kinetics, 3).bpm;
    for (int i = 0; i < 100; i++) // a strap put on after a sprint, a pod that comes and goes
        kinetics_advance(&kinetics, i % 50 == 49 ? NAN : 3, 185, 1);
    cr_expect(eq(dbl, kinetics_predict(&kinetics, 3).bpm, before));
}
