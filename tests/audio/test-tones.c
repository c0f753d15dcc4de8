// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Tones can be told apart, end as softly as they begin, are no louder than speech, and are the same
// however they are cut into blocks.

#include <criterion/criterion.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#include "audio/tones.h"

#define RATE 48000
#define ROOM RATE

#define LOUD_MUSIC   2.0 // where at 3 some would be lost
#define LOUDER_MUSIC 5.0

static int16_t whole[ROOM];

static int64_t render(Tone tone)
{
    memset(whole, 0, sizeof whole);
    tone_mix(tone, RATE, 1, 0, 0, whole, ROOM);
    return tone_length(tone, RATE);
}

// How much of `hz` there is in the samples.
static double energy_at(int64_t from, int64_t until, double hz)
{
    double re = 0, im = 0;
    for (int64_t i = from; i < until; i++) {
        re += whole[i] * cos(2 * M_PI * hz * (double)i / RATE);
        im += whole[i] * sin(2 * M_PI * hz * (double)i / RATE);
    }
    return hypot(re, im) / (double)(until - from);
}

// The strongest pitch, by quarter tones.
static double pitch(int64_t from, int64_t until)
{
    double best = 0, most = 0;
    for (double hz = 300; hz < 2000; hz *= exp2(1.0 / 24)) {
        const double energy = energy_at(from, until, hz);
        if (energy > most) {
            most = energy;
            best = hz;
        }
    }
    return best;
}

Test(tones, every_tone_is_short_and_soft_edged)
{
    for (Tone tone = TONE_NONE + 1; tone < TONE_COUNT_OF; tone++) {
        const int64_t length = render(tone);
        cr_assert(length >= RATE * 30 / 1000 && length <= RATE * 400 / 1000, "%s", tone_name(tone));
        int most = 0, step = 0;
        for (int64_t i = 1; i < ROOM; i++) {
            most = MAX(most, abs(whole[i]));
            step = MAX(step, abs(whole[i] - whole[i - 1]));
            cr_assert(i < length || whole[i] == 0, "%s", tone_name(tone));
        }
        cr_assert(most > 6000 && most < 20000, "%s: %d", tone_name(tone), most);
        cr_assert_lt(abs(whole[0]), 100);
        cr_assert_lt(abs(whole[length - 1]), 200);
        cr_assert_lt(step, 6000, "%s clicks: %d", tone_name(tone), step);
    }
    cr_assert_eq(tone_length(TONE_NONE, RATE), 0);
}

// Chords and a drum, at -20 dB of full scale in the mean if `gain` is 1; from somewhere in them.
static void add_music(double gain, int64_t from)
{
    static const double roots[] = {110, 146.9, 164.8, 123.4}, times[] = {1, 1.5, 2, 2.5, 3, 4, 6};
    g_autoptr(GRand) chance = g_rand_new_with_seed(1);
    double drum = 0;
    for (int64_t i = 0; i < ROOM; i++) {
        const int64_t at = from + i;
        double chord = 0;
        for (size_t n = 0; n < G_N_ELEMENTS(times); n++)
            chord += sin(2 * M_PI * roots[at / (2 * RATE) % 4] * times[n] * (double)at / RATE) /
                     sqrt(times[n]);
        drum += (g_rand_double_range(chance, -1, 1) - drum) * 0.4;
        const double beat = (double)(at % (RATE / 2)) / RATE;
        const double music = 2500 * chord + 12500 * drum * exp(-beat / 0.06);
        whole[i] = (int16_t)CLAMP(whole[i] + gain * music, INT16_MIN, INT16_MAX);
    }
}

static const struct {
    Tone tone;
    int rises;
} directions[] = {{TONE_GO, 0},    {TONE_FASTER, 1}, {TONE_SLOWER, -1}, {TONE_STEADY, 0},
                  {TONE_REST, -1}, {TONE_NOTICE, 1}, {TONE_NO, 0}};

static int rise(int64_t length)
{
    const int64_t part = RATE * 60 / 1000;
    const double ratio = pitch(length - part, length) / pitch(0, part);
    return ratio > 1.2 ? 1 : ratio < 1 / 1.2 ? -1 : 0;
}

Test(tones, a_direction_is_a_meaning)
{
    for (size_t i = 0; i < G_N_ELEMENTS(directions); i++)
        cr_assert_eq(rise(render(directions[i].tone)), directions[i].rises, "%s",
                     tone_name(directions[i].tone));
}

// Tones duck nothing, and so have to be heard beside it.
Test(tones, and_is_heard_through_loud_music)
{
    for (size_t i = 0; i < G_N_ELEMENTS(directions); i++)
        for (int place = 0; place < 8; place++) {
            const int64_t length = render(directions[i].tone);
            add_music(LOUD_MUSIC, (int64_t)(place * 1.07 * RATE));
            cr_assert_eq(rise(length), directions[i].rises, "%s at %d",
                         tone_name(directions[i].tone), place);
        }
}

// Work from ease, and faster from slower, by no more than which of their last notes is the stronger
// while it sounds: in music that is 7 dB louder than they are.
Test(tones, the_opposites_are_told_apart_by_their_last_notes_in_louder_music)
{
    static const struct {
        Tone tones[2];
        double pitches[2]; // of their last notes
        int from_ms, until_ms;
    } pairs[] = {{{TONE_GO, TONE_REST}, {1320, 587}, 130, 350},
                 {{TONE_FASTER, TONE_SLOWER}, {1175, 784}, 110, 260}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        const int64_t from = pairs[i].from_ms * RATE / 1000,
                      until = pairs[i].until_ms * RATE / 1000;
        for (int place = 0; place < 60; place++) {
            const int tone = place % 2;
            render(pairs[i].tones[tone]);
            add_music(LOUDER_MUSIC, (int64_t)(place * 0.37 * RATE));
            const double its = energy_at(from, until, pairs[i].pitches[tone]);
            const double other = energy_at(from, until, pairs[i].pitches[1 - tone]);
            cr_assert_gt(its, other, "%s at %d", tone_name(pairs[i].tones[tone]), place);
        }
    }
}

Test(tones, the_pacer_is_told_by_pitch_and_go_from_the_count)
{
    static const Tone rising[][2] = {
        {TONE_BEHIND, TONE_LEVEL}, {TONE_LEVEL, TONE_AHEAD}, {TONE_COUNT, TONE_GO}};
    for (size_t i = 0; i < G_N_ELEMENTS(rising); i++) {
        const double low = pitch(0, render(rising[i][0]));
        const double high = pitch(0, render(rising[i][1]));
        cr_assert_gt(high / low, 1.2, "%s, %s", tone_name(rising[i][0]), tone_name(rising[i][1]));
    }
    cr_assert_gt(tone_length(TONE_GO, RATE), 2 * tone_length(TONE_COUNT, RATE));
}

Test(tones, blocks_join_without_a_seam_at_any_rate)
{
    static const int rates[] = {8000, 22050, 44100, 48000, 192000};
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        static int16_t one[200000], many[200000];
        memset(one, 0, sizeof one);
        memset(many, 0, sizeof many);
        tone_mix(TONE_NOTICE, rates[i], 0.5, 1000, 0, one, G_N_ELEMENTS(one));
        for (size_t at = 0; at < G_N_ELEMENTS(many); at += 777)
            tone_mix(TONE_NOTICE, rates[i], 0.5, 1000, (int64_t)at, many + at,
                     MIN(777, G_N_ELEMENTS(many) - at));
        cr_assert_eq(memcmp(one, many, sizeof one), 0, "%d Hz", rates[i]);
        cr_assert_eq(one[999], 0);
    }
}

Test(tones, too_much_at_once_does_not_wrap_round)
{
    memset(whole, 0, sizeof whole);
    for (int i = 0; i < 20; i++)
        tone_mix(TONE_GO, RATE, 1, 0, 0, whole, ROOM);
    for (size_t i = 1; i < ROOM; i++)
        cr_assert_lt(abs(whole[i] - whole[i - 1]), 65535);
}
