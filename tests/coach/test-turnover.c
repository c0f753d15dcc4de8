// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// When the metronome sounds: a runner whose feet do what the test says, looked at once a second,
// and one who follows what he hears.

#include "coach/turnover.h"

#include "sim/runner.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define BEGAN (1000 * USEC_PER_SEC)

static Turnover turnover;
static TurnoverView view;
static int sounding, bouts, longest, shortest_pause, silent;

static void begin(double target)
{
    turnover_init(&turnover);
    turnover_step(&turnover, BEGAN);
    view = (TurnoverView){
        .at = BEGAN,
        .wanted = true,
        .boundary = USEC_NEVER,
        .cadence = {.source = SOURCE_POD, .confidence = 1},
        .target = target,
        .low = NAN,
        .high = NAN,
    };
    sounding = bouts = longest = silent = 0;
    shortest_pause = 1000;
}

static double look(double cadence)
{
    const double before = turnover.clicks;
    view.at += USEC_PER_SEC;
    view.cadence.value = cadence;
    view.cadence.source = isnan(cadence) ? SOURCE_NONE : SOURCE_POD;
    const double clicks = turnover_look(&turnover, &view);
    if (clicks > 0 && before == 0) {
        if (bouts++ > 0 && silent < shortest_pause)
            shortest_pause = silent;
        sounding = silent = 0;
    }
    sounding += clicks > 0;
    silent += clicks == 0;
    longest = sounding > longest ? sounding : longest;
    return clicks;
}

// So many seconds with the same cadence; the clicks at their end.
static double step(int seconds, double cadence)
{
    while (--seconds > 0)
        look(cadence);
    return look(cadence);
}

Test(turnover, nothing_sounds_while_it_is_right)
{
    begin(180);
    cr_expect(eq(dbl, step(1200, 176), 0)); // 2.2 % under
    cr_expect(eq(dbl, step(1200, 184), 0));
    cr_expect(eq(int, bouts, 0));
}

Test(turnover, it_comes_when_the_feet_have_left_and_goes_when_they_follow)
{
    begin(180);
    step(60, 180);
    cr_expect(eq(dbl, step(9, 173), 0));
    cr_expect(eq(dbl, step(12, 173), 180));
    cr_expect(eq(dbl, step(19, 179), 180));
    cr_expect(eq(dbl, step(10, 179), 0));
    cr_expect(eq(int, bouts, 1));
    cr_expect(eq(dbl, step(600, 179), 0));
}

Test(turnover, it_asks_for_a_little_more_each_time)
{
    begin(190);
    cr_expect(eq(dbl, step(15, 165), 173)); // 5 % more are 173.25
    step(30, 173);
    cr_expect(eq(dbl, turnover.clicks, 0));
    cr_expect(eq(dbl, step(50, 173), 0));
    cr_expect(eq(dbl, step(20, 173), 181));
    begin(160); // and less where fewer are asked for
    cr_expect(eq(dbl, step(15, 180), 171));
}

Test(turnover, who_does_not_follow_is_left_in_peace)
{
    begin(180);
    step(1200, 170);
    cr_expect(eq(int, bouts, TURNOVER_IN_VAIN));
    cr_expect(le(int, longest, 90));
    cr_expect(ge(int, longest, 88));
    cr_expect(ge(int, shortest_pause, 60));
    turnover_step(&turnover, view.at); // until the next step
    cr_expect(gt(dbl, step(12, 170), 0));
}

Test(turnover, one_of_his_own_never_slows_him)
{
    begin(170);
    view.only_more = true;
    cr_expect(eq(dbl, step(600, 185), 0));
    cr_expect(eq(dbl, step(25, 160), 168));
    cr_expect(eq(dbl, step(30, 176), 0), "more than the beat is as well");
}

Test(turnover, a_range_is_right_all_over)
{
    begin(180);
    view.low = 170;
    view.high = 190;
    cr_expect(eq(dbl, step(600, 171), 0));
    cr_expect(eq(dbl, step(600, 189), 0));
    cr_expect(eq(dbl, step(20, 165), 173));
    cr_expect(eq(dbl, step(30, 186), 0));
}

Test(turnover, nothing_sounds_where_nothing_is_known_or_wanted)
{
    static const char *const what[] = {"no cadence", "no target", "not wanted", "nearly over"};
    for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
        begin(180);
        cr_assert(gt(dbl, step(20, 165), 0));
        turnover_hush(&turnover, view.at);
        view.target = i == 1 ? (double)NAN : 180;
        view.wanted = i != 2;
        view.boundary = i == 3 ? view.at + 79 * USEC_PER_SEC : USEC_NEVER;
        cr_expect(eq(dbl, step(80, i == 0 ? (double)NAN : 165), 0), "%s", what[i]);
    }
    // Losing it in a bout ends the bout, and it begins from the beginning afterwards.
    begin(180);
    step(20, 165);
    cr_expect(eq(dbl, step(1, NAN), 0));
    cr_expect(eq(dbl, step(59, 165), 0));
    cr_expect(gt(dbl, step(2, 165), 0));
}

Test(turnover, who_stops_to_walk_is_not_clicked_at)
{
    begin(180);
    step(15, 172);
    cr_expect(gt(dbl, turnover.clicks, 0));
    cr_expect(eq(dbl, step(8, 110), 0));
    begin(180);
    cr_expect(eq(dbl, step(300, 115), 0));
    cr_expect(eq(int, bouts, 0));
}

Test(turnover, a_tired_runner_finds_his_steps_again)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        RunnerTraits traits = RUNNER_FADING;
        traits.fatigue = 1;
        traits.obedience = 0.9;
        Runner runner;
        runner_init(&runner, &traits, seed);
        runner_aim(&runner, 3.4);
        runner_advance(&runner, 60);
        const double tired = runner.cadence_spm;
        begin(tired + 8);
        view.only_more = true;
        int on = 0;
        for (int i = 0; i < 300; i++) {
            runner_advance(&runner, 1);
            const double clicks = look(round(runner.cadence_spm));
            cr_assert(clicks == 0 || clicks <= 1.06 * runner.cadence_spm, "%g", clicks);
            runner_hear(&runner, clicks);
            on += clicks > 0;
        }
        cr_expect(ge(int, bouts, 1), "seed %u", (unsigned)seed);
        cr_expect(lt(int, on, 120), "seed %u: %d s", (unsigned)seed, on);
        cr_expect(gt(dbl, runner.cadence_spm, tired + 3), "seed %u", (unsigned)seed);
    }
}
