// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "sim/runner.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

// Runs evenly and exactly what it is told, so that closed forms hold.
static RunnerTraits machine(void)
{
    RunnerTraits traits = RUNNER_DEFAULT;
    traits.wander_mps = 0;
    traits.misjudgement = 0;
    return traits;
}

static Runner running(double speed_mps, double heart_bpm)
{
    RunnerTraits traits = machine();
    Runner runner;
    runner_init(&runner, &traits, 1);
    runner_aim(&runner, speed_mps);
    runner.speed_mps = speed_mps;
    runner.heart_bpm = heart_bpm;
    return runner;
}

// hr_kinetics: HR0 → HRss with τ 57.6 s; the speeds are those whose steady rate is HRss.
Test(runner, heart_follows_its_first_order_response)
{
    static const struct {
        double from, to;
        double after_s, expected;
    } cases[] = {
        {100, 172, 10, 111.4751},  {100, 172, 30, 129.2302},  {100, 172, 60, 146.5936},
        {100, 172, 90, 156.9080},  {100, 172, 120, 163.0350}, {100, 172, 180, 168.8365},
        {172, 118, 10, 163.3937},  {172, 118, 30, 150.0774},  {172, 118, 60, 137.0548},
        {172, 118, 120, 124.7238}, {172, 118, 180, 120.3726},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double speed = (cases[i].to - RUNNER_DEFAULT.rest_bpm) / RUNNER_HEART_BPM_PER_MPS;
        Runner runner = running(speed, cases[i].from);
        runner_advance(&runner, cases[i].after_s);
        // Fatigue adds a little drift.
        cr_expect(epsilon_eq(dbl, runner.heart_bpm, cases[i].expected, 0.3), "%g s",
                  cases[i].after_s);
    }
}

Test(runner, heart_never_beats_faster_than_it_can)
{
    Runner runner = running(12, 180);
    runner_advance(&runner, 3600);
    cr_expect(le(dbl, runner.heart_bpm, RUNNER_DEFAULT.max_bpm));
    cr_expect(le(dbl, runner.fatigue, 1));
}

// Published: 14 runners at 3 m/s, 84.8 ± 3.6 strides a minute; walkers near 110 steps at 1.4 m/s.
Test(runner, cadence_follows_speed_as_people_do)
{
    static const struct {
        double speed, least, most;
    } cases[] = {{0, 0, 0}, {1.4, 100, 120}, {2.5, 155, 170}, {3, 162, 177}, {4, 172, 187}};
    double before = -1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Runner runner = running(cases[i].speed, 100);
        runner_advance(&runner, 1);
        cr_expect(ge(dbl, runner.cadence_spm, cases[i].least), "%g m/s", cases[i].speed);
        cr_expect(le(dbl, runner.cadence_spm, cases[i].most), "%g m/s", cases[i].speed);
        cr_expect(gt(dbl, runner.cadence_spm, before));
        before = runner.cadence_spm;
    }
}

Test(runner, the_same_seed_runs_the_same_run_and_another_seed_another)
{
    Runner runners[3];
    const uint64_t seeds[] = {42, 42, 43};
    for (int i = 0; i < 3; i++) {
        runner_init(&runners[i], &RUNNER_DEFAULT, seeds[i]);
        for (int step = 0; step < 20; step++) {
            runner_aim(&runners[i], step % 2 ? 2.0 : 4.2);
            for (int second = 0; second < 90; second++)
                runner_advance(&runners[i], 1);
            runner_heed(&runners[i], step % 3 - 1);
        }
    }
    cr_expect(eq(int, memcmp(&runners[0], &runners[1], sizeof *runners), 0));
    cr_expect(not(epsilon_eq(dbl, runners[0].distance_m, runners[2].distance_m, 1e-6)));
}

// The generator itself is pinned by the reference sequence of its authors: splitmix64 from 0.
Test(runner, the_generator_is_the_published_one)
{
    Random random;
    random_seed(&random, 0);
    cr_expect(eq(u64, random.state[0], UINT64_C(0xe220a8397b1dcdaf)));
    cr_expect(eq(u64, random.state[1], UINT64_C(0x6e789e6aa1b965f4)));
}

Test(runner, noise_has_mean_nothing_and_deviation_one)
{
    Random random;
    random_seed(&random, 7);
    double sum = 0, squares = 0;
    const int draws = 100000;
    for (int i = 0; i < draws; i++) {
        double value = random_normal(&random);
        sum += value;
        squares += value * value;
    }
    cr_expect(epsilon_eq(dbl, sum / draws, 0, 0.015));
    cr_expect(epsilon_eq(dbl, squares / draws, 1, 0.02));
}

Test(runner, it_reaches_the_target_within_seconds_and_covers_the_ground)
{
    RunnerTraits traits = machine();
    Runner runner;
    runner_init(&runner, &traits, 5);
    runner_aim(&runner, 4);
    runner_advance(&runner, 15);
    cr_expect(epsilon_eq(dbl, runner.speed_mps, 4, 0.05));
    double start = runner.distance_m;
    runner_advance(&runner, 100);
    cr_expect(epsilon_eq(dbl, runner.distance_m - start, 400, 2));
    runner_aim(&runner, 0);
    runner_advance(&runner, 30);
    cr_expect(lt(dbl, runner.speed_mps, RUNNER_STANDING_BELOW_MPS));
    cr_expect(epsilon_eq(dbl, runner.cadence_spm, 0, 0));
    runner_aim(&runner, NAN);
    runner_advance(&runner, 30);
    cr_expect(epsilon_eq(dbl, runner.speed_mps, traits.easy_speed_mps, 0.05));
}

Test(runner, an_obedient_runner_corrects_itself_and_a_deaf_one_does_not)
{
    static const double obedience[] = {1, 0};
    for (int i = 0; i < 2; i++) {
        RunnerTraits traits = machine();
        traits.obedience = obedience[i];
        Runner runner;
        runner_init(&runner, &traits, 9);
        runner_aim(&runner, 4);
        runner.bias = 0.05;
        runner_advance(&runner, 20);
        cr_expect(gt(dbl, runner.speed_mps, 4.15));
        runner_heed(&runner, -1);
        runner_advance(&runner, 20);
        if (obedience[i] > 0)
            cr_expect(epsilon_eq(dbl, runner.speed_mps, 4, 0.05));
        else
            cr_expect(gt(dbl, runner.speed_mps, 4.15));
    }
}

Test(runner, its_feet_follow_a_metronome_and_forget_it)
{
    Runner runner;
    runner_init(&runner, &RUNNER_FRESH, 3);
    runner_aim(&runner, 3.3);
    runner_advance(&runner, 60);
    const double own = runner.cadence_spm;
    runner_hear(&runner, own + 10);
    runner_advance(&runner, 40);
    cr_expect(gt(dbl, runner.cadence_spm, own + 5));
    cr_expect(lt(dbl, runner.cadence_spm, own + 11));
    runner_hear(&runner, 0);
    runner_advance(&runner, 60);
    cr_expect(gt(dbl, runner.cadence_spm, own + 3));
    runner_advance(&runner, 1200);
    cr_expect(lt(dbl, fabs(runner.cadence_spm - own), 3));
}

Test(runner, it_tires_and_recovers)
{
    Runner runner = running(4.2, 170);
    runner_advance(&runner, 1800);
    double spent = runner.fatigue;
    cr_expect(gt(dbl, spent, 0.1));
    runner_aim(&runner, 0);
    runner_advance(&runner, 1800);
    cr_expect(lt(dbl, runner.fatigue, spent / 2));
}

Test(runner, time_that_does_not_pass_changes_nothing)
{
    Runner runner = running(4, 150), before = runner;
    runner_advance(&runner, 0);
    runner_advance(&runner, -3);
    runner_advance(&runner, NAN);
    cr_expect(eq(int, memcmp(&runner, &before, sizeof runner), 0));
}
