// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The heart rate that is shown, from what straps send.

#include "estimate/heart.h"
#include "profiles.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define S(seconds) usec_from_s(seconds)

static Heart heart;

static void nothing_known(void)
{
    heart_init(&heart);
    profiles_default();
}

TestSuite(heart, .init = nothing_known);

static bool beat(double at_s, SensorId sensor, uint16_t bpm)
{
    const HrsMeasurement m = {.heart_rate = bpm, .contact = HRS_CONTACT_OK};
    return heart_measure(&heart, &profiles[sensor], S(at_s), sensor, &m);
}

static double shown(double at_s)
{
    return heart_rate(&heart, profiles, S(at_s)).value;
}

Test(heart, is_unknown_before_the_first_reading)
{
    cr_expect(isnan(shown(0)));
}

Test(heart, only_a_runners_rates_are_taken)
{
    static const struct {
        uint16_t bpm;
        bool taken;
    } rows[] = {{0, false},  {1, false},   {24, false},  {25, true},    {150, true},
                {240, true}, {241, false}, {300, false}, {65535, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        heart_init(&heart);
        profiles_default();
        cr_expect(eq(int, beat(1, 0, rows[i].bpm), rows[i].taken), "%d bpm", rows[i].bpm);
        cr_expect(eq(int, !isnan(shown(1)), rows[i].taken), "%d bpm", rows[i].bpm);
    }
}

Test(heart, a_strap_that_says_0_goes_unknown_and_never_shows_0)
{
    beat(0, 0, 150);
    for (int second = 1; second <= 20; second++) {
        cr_expect(not(beat(second, 0, 0)));
        const double bpm = shown(second);
        cr_expect(second <= 5 ? bpm > 149 : isnan(bpm), "second %d", second);
    }
}

Test(heart, a_spike_is_not_shown_and_a_real_jump_is_a_reading_later)
{
    static const struct {
        const char *shows;
        uint16_t sent[6]; // one a second
        double shown[6];
    } rows[] = {
        {"spike up", {150, 151, 220, 152, 153, 154}, {150, 151, 151, 152, 153, 154}},
        {"spike down", {150, 151, 75, 152, 153, 154}, {150, 151, 151, 152, 153, 154}},
        {"found the skin", {70, 71, 148, 150, 151, 152}, {70, 71, 71, 150, 151, 152}},
        {"two spikes that disagree", {150, 90, 220, 151, 152, 153}, {150, 150, 150, 151, 152, 153}},
        {"a sprint's start", {100, 125, 150, 170, 175, 178}, {100, 125, 150, 170, 175, 178}},
        {"a spike does not vouch for a later one",
         {150, 220, 151, 221, 152, 153},
         {150, 150, 151, 151, 152, 153}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        heart_init(&heart);
        profiles_default();
        for (int t = 0; t < 6; t++) {
            beat(t, 0, rows[i].sent[t]);
            cr_expect(eq(dbl, shown(t), rows[i].shown[t]), "%s, second %d", rows[i].shows, t);
        }
    }
}

Test(heart, after_a_silence_a_different_rate_is_believed_at_once)
{
    beat(0, 0, 180);
    cr_expect(beat(30, 0, 110));
    cr_expect(eq(dbl, shown(30), 110));
}

Test(heart, lost_contact_with_a_plausible_rate_costs_confidence_only)
{
    HrsMeasurement m = {.heart_rate = 70, .contact = HRS_CONTACT_LOST};
    cr_expect(heart_measure(&heart, &profiles[0], S(1), 0, &m));
    const Estimate lost = heart_rate(&heart, profiles, S(1));
    cr_expect(eq(dbl, lost.value, 70));
    cr_expect(lost.confidence > 0 && lost.confidence <= 0.5);
    m.contact = HRS_CONTACT_UNSUPPORTED;
    heart_measure(&heart, &profiles[0], S(2), 0, &m);
    cr_expect(eq(dbl, heart_rate(&heart, profiles, S(2)).confidence, 1));
}

Test(heart, contact_bits_that_mean_nothing_cost_nothing)
{
    const HrsMeasurement m = {.heart_rate = 70, .contact = HRS_CONTACT_LOST};
    profiles[0].contact_untrusted = true;
    cr_expect(heart_measure(&heart, &profiles[0], S(1), 0, &m));
    cr_expect(eq(dbl, heart_rate(&heart, profiles, S(1)).confidence, 1));
}

Test(heart, the_better_rank_speaks_whatever_its_number)
{
    profiles[0].rank = 5;
    for (int t = 0; t < 20; t++) {
        beat(t, 0, 150);
        beat(t, 1, 90);
    }
    cr_expect(eq(dbl, shown(20), 90));
}

Test(heart, a_second_strap_takes_over_and_gives_back_but_never_mixes)
{
    for (int t = 0; t < 60; t++) {
        if (t < 20 || t >= 40)
            beat(t, 0, 150);
        beat(t + 0.5, 1, 90);
        const Estimate e = heart_rate(&heart, profiles, S(t + 0.5));
        // The first is believed for 3 s more; when it is back it has to hold for 5 s.
        const bool second = t + 0.5 > 19 + 3 && t + 0.5 < 40 + 5;
        cr_expect(eq(dbl, e.value, second ? 90 : 150), "second %d", t);
        cr_expect(eq(int, e.sensor, second), "second %d", t);
    }
}

Test(heart, a_treadmills_rate_stands_in_for_a_strap_and_corrects_nobody)
{
    Heart both;
    heart_init(&both);
    profiles_default();
    cr_expect(heart_measure_treadmill(&both, USEC_PER_SEC, 3, 140));
    Estimate rate = heart_rate(&both, profiles, USEC_PER_SEC);
    cr_expect(eq(dbl, rate.value, 140));
    cr_expect(eq(int, (int)rate.source, SOURCE_TREADMILL));
    cr_expect(lt(dbl, rate.confidence, 0.5));
    cr_expect(not(heart_measure_treadmill(&both, 2 * USEC_PER_SEC, 3, 0)));
    cr_expect(not(heart_measure_treadmill(&both, 2 * USEC_PER_SEC, 3, 230)), "a jump");
    const HrsMeasurement strap = {.heart_rate = 150};
    heart_measure(&both, &profiles[0], 2 * USEC_PER_SEC, 0, &strap);
    heart_measure_treadmill(&both, 6 * USEC_PER_SEC, 3, 141);
    rate = heart_rate(&both, profiles, 6 * USEC_PER_SEC);
    cr_expect(eq(dbl, rate.value, 150), "the strap is held for a moment");
    rate = heart_rate(&both, profiles, 8 * USEC_PER_SEC);
    cr_expect(eq(dbl, rate.value, 141));
}
