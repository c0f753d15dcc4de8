// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the tracks find out about a pod: over how long it averages, how noisy it is, what is a
// spike, and where a runner goes who does repetitions.

#include "estimate/bank.h"
#include "noise.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

// Repetitions of a minute each at 4.5 and 2.5 m/s, set about as fast as a runner can.
static double truth(double t)
{
    const double into = fmod(t, 60), from = fmod(t, 120) < 60 ? 2.5 : 4.5;
    return from + (7 - 2 * from) * fmin(1, into / 2);
}

static double mean_of(double t, double seconds)
{
    double sum = 0;
    for (int i = 0; i < 100; i++)
        sum += truth(t - seconds * (i + 0.5) / 100);
    return sum / 100;
}

static int heaviest(const Bank *bank)
{
    int best = 0;
    for (int i = 1; i < BANK_SIZE; i++) {
        if (bank->members[i].weight > bank->members[best].weight)
            best = i;
    }
    return best;
}

Test(bank, finds_out_over_how_long_a_pod_averages_and_how_noisy_it_is)
{
    for (double averaging = 2; averaging <= 5; averaging++) {
        for (double noisy = 0.04; noisy < 0.11; noisy += 0.05) {
            uint64_t random = 5;
            Bank bank;
            bank_init(&bank, 120, truth(120));
            for (int t = 121; t < 1800; t++) {
                if (t % 60 == 0)
                    bank_expect(&bank, t, NAN);
                bank_measure(&bank, t, mean_of(t, averaging) + noisy * noise(&random));
            }
            const int best = heaviest(&bank);
            // A runner who speeds up more slowly than most looks like a pod that averages longer.
            cr_expect(epsilon_eq(dbl, bank.members[best].averaging, averaging, 1), "%g s, %g m/s",
                      averaging, noisy);
            cr_expect(epsilon_eq(dbl, sqrt(bank.members[best].noise) / noisy, 1, 0.25));
        }
    }
}

// The packets about a change are lost: only what is known of repetitions helps.
Test(bank, who_alternates_is_expected_to)
{
    Bank bank;
    bank_init(&bank, 120, truth(120));
    for (int t = 121; t <= 661; t++) {
        if (t % 60 == 0)
            bank_expect(&bank, t, NAN);
        if (t < 658)
            bank_measure(&bank, t, mean_of(t, 3));
    }
    cr_expect(epsilon_eq(dbl, bank_look(&bank, 664 - bank.at).speed, 2.5, 0.3),
              "no packet said so");
    cr_expect(gt(dbl, sqrt(bank_look(&bank, 664 - bank.at).variance), 0.2), "nor is it certain");
}

Test(bank, a_change_that_was_announced_and_did_not_come_is_given_up)
{
    Bank bank;
    bank_init(&bank, 0, 3);
    for (int t = 1; t < 60; t++)
        bank_measure(&bank, t, 3);
    bank_expect(&bank, 60, 5);
    for (int t = 60; t < 70; t++) {
        bank_measure(&bank, t, 3);
        const TrackView view = bank_look(&bank, 0);
        cr_expect(lt(dbl, view.speed, 3.6), "second %d", t);
        if (t > 64)
            cr_expect(epsilon_eq(dbl, view.speed, 3, 0.1), "second %d", t);
        if (view.speed > 3.15)
            cr_expect(gt(dbl, sqrt(view.variance), 0.1), "second %d: said with doubt", t);
    }
}

Test(bank, announced_twice_is_one_change)
{
    Bank once, twice;
    bank_init(&once, 0, 3);
    for (int t = 1; t < 60; t++)
        bank_measure(&once, t, 3);
    bank_expect(&once, 61.5, 4);
    twice = once;
    bank_measure(&once, 61, 3);
    bank_measure(&twice, 61, 3);
    bank_expect(&twice, 61.2, 4);
    for (int t = 62; t < 66; t++) {
        bank_measure(&once, t, fmin(4, 3 + (t - 61) * 0.33));
        bank_measure(&twice, t, fmin(4, 3 + (t - 61) * 0.33));
    }
    cr_expect(epsilon_eq(dbl, bank_look(&once, 0).speed, bank_look(&twice, 0).speed, 0.05));
    cr_expect(eq(dbl, once.held[0], twice.held[0]));
    cr_expect(isnan(twice.held[1]));
}

Test(bank, the_way_has_no_jumps_though_the_weights_have)
{
    uint64_t random = 9;
    Bank bank;
    bank_init(&bank, 120, truth(120));
    double last = 0, way = 0;
    for (int t = 121; t < 1200; t++) {
        const double averaging = t < 600 ? 2 : 5; // another pod, as it were
        bank_measure(&bank, t, mean_of(t, averaging) + 0.05 * noise(&random));
        for (int i = 0; i < 20; i++)
            way += truth(t - 1 + (i + 0.5) / 20) / 20;
        cr_assert(lt(dbl, fabs(bank.mean.way - last), 8), "second %d", t);
        last = bank.mean.way;
    }
    cr_expect(epsilon_eq(dbl, bank.mean.way / way, 1, 0.005));
}
