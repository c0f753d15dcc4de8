// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The beat is even to a sample for half an hour, goes in and out gently, and changes its tempo
// without a torn beat.

#include <criterion/criterion.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#include "audio/metronome.h"

#define RATE  48000
#define BLOCK 4800

typedef struct {
    int64_t at;
    int level;
} Click;

// Renders from `from` to `until` in blocks, and finds the clicks: each begins after quiet.
static size_t clicks_of(const Metronome *metronome, int64_t from, int64_t until, Click *clicks,
                        size_t most)
{
    size_t count = 0;
    int64_t quiet = RATE;
    for (int64_t block = from; block < until; block += BLOCK) {
        int16_t samples[BLOCK] = {0};
        metronome_mix(metronome, 1, block, samples, (size_t)MIN(BLOCK, until - block));
        for (int64_t i = 0; i < BLOCK; i++) {
            if (abs(samples[i]) < 20) {
                quiet++;
                continue;
            }
            if (quiet > RATE / 50) {
                cr_assert_lt(count, most);
                clicks[count++] = (Click){block + i, abs(samples[i])};
            }
            quiet = 0;
        }
    }
    return count;
}

Test(metronome, no_drift_in_half_an_hour)
{
    static Click clicks[6000];
    Metronome metronome = metronome_new(RATE);
    metronome_set(&metronome, 172, 1234);
    const int64_t end = 30LL * 60 * RATE;
    const size_t count = clicks_of(&metronome, 0, 1234 + end, clicks, G_N_ELEMENTS(clicks));
    cr_assert_eq(count, 172 * 30);
    for (size_t i = 0; i < count; i++) {
        const double true_at = 1234 + (double)i * 60 * RATE / 172;
        cr_assert_leq(fabs((double)clicks[i].at - true_at), 0.5, "click %zu", i);
    }
}

Test(metronome, it_comes_and_goes_gently)
{
    Click clicks[64];
    Metronome metronome = metronome_new(RATE);
    cr_assert(metronome_is_silent(&metronome, 0));
    metronome_set(&metronome, 180, RATE);
    size_t count = clicks_of(&metronome, 0, 5 * RATE, clicks, G_N_ELEMENTS(clicks));
    cr_assert_eq(count, 12);
    cr_assert_eq(clicks[0].at, RATE);
    for (size_t i = 1; i < count; i++)
        cr_assert(clicks[i].level >= clicks[i - 1].level);
    cr_assert_gt(clicks[count - 1].level, 5 * clicks[0].level);

    metronome_set(&metronome, 0, 5 * RATE);
    cr_assert_not(metronome_is_silent(&metronome, 5 * RATE));
    count = clicks_of(&metronome, 5 * RATE, 10 * RATE, clicks, G_N_ELEMENTS(clicks));
    cr_assert(count >= 4 && clicks[count - 1].at < 7 * RATE, "%zu", count);
    for (size_t i = 1; i < count; i++)
        cr_assert_lt(clicks[i].level, clicks[i - 1].level);
    cr_assert(metronome_is_silent(&metronome, 8 * RATE));
}

Test(metronome, another_tempo_takes_the_beat_over)
{
    Click clicks[128];
    Metronome metronome = metronome_new(RATE);
    metronome_set(&metronome, 160, 0);
    const int64_t change = 10 * RATE + 7000;
    const size_t before = clicks_of(&metronome, 0, change, clicks, G_N_ELEMENTS(clicks));
    metronome_set(&metronome, 180, change);
    const size_t after = clicks_of(&metronome, change, 20 * RATE, clicks + before, 100);
    cr_assert_gt(after, 20);
    for (size_t i = before; i < before + after; i++)
        cr_assert_leq(llabs(clicks[i].at - clicks[i - 1].at - RATE / 3), 1, "click %zu", i);
    cr_assert_eq(clicks[before].level, clicks[before + after - 1].level); // it does not come again
}

Test(metronome, it_steps_back_under_speech)
{
    Click clicks[64];
    Metronome metronome = metronome_new(RATE);
    metronome_set(&metronome, 180, 0);
    metronome_duck(&metronome, true, 4 * RATE);
    size_t count = clicks_of(&metronome, 3 * RATE, 6 * RATE, clicks, G_N_ELEMENTS(clicks));
    cr_assert_lt(clicks[count - 1].level, clicks[0].level / 2);
    cr_assert_gt(clicks[count - 1].level, clicks[0].level / 5);
    const int full = clicks[0].level;
    metronome_duck(&metronome, false, 6 * RATE);
    count = clicks_of(&metronome, 7 * RATE, 8 * RATE, clicks, G_N_ELEMENTS(clicks));
    cr_assert_eq(clicks[count - 1].level, full);
}

Test(metronome, whatever_it_is_told_it_stays_a_metronome)
{
    static const double told[] = {NAN, -1, 1e-300, 1e300, INFINITY, 400.0001};
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
        static Click clicks[8000];
        Metronome metronome = metronome_new(RATE);
        metronome_set(&metronome, told[i], 0);
        metronome_set(&metronome, told[i], 5000);
        const size_t count = clicks_of(&metronome, 5000, 60 * RATE, clicks, G_N_ELEMENTS(clicks));
        cr_assert_leq(count, METRONOME_MOST);
    }
}
