// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Who is strong to the end of a set is offered more of it, as its runner meets that.

#include "set.h"

// Repetitions that leave a D′ of half an hour's racing nearly whole.
static void run_strongly(const char *items, size_t count, double rpe, bool rests_at_last)
{
    begin(items);
    know(true);
    for (size_t i = 0; i < count; i++) {
        rep(1);
        if (rpe > 0)
            say(COMMAND_RATE, NULL, rpe);
        world.speed = JOGGING;
        world.heart = RESTED;
        if (i + 1 < count || rests_at_last)
            pass(now()->step_remaining - 19);
        if (i + 1 < count)
            to_next_step();
    }
}

#define FOUR                                                                                            \
    "  • 4 lots of:\n    • 400m @ 4'00''/km\n    • 90s rest\n  • 5min @ 6'00''/km\n  • 1min " \
    "walk\n"

Test(adapting, who_is_strong_is_offered_more)
{
    run_strongly(FOUR, 4, 5, true);
    cr_expect_str_eq(decision(3), "strong add on offer");
    cr_expect(epsilon_eq(dbl, world.adapted[3].distance_m, 200, 1e-9));
    cr_expect(eq(sz, now()->plan->step_count, 10), "nothing is changed yet");
    pass(6);
    cr_expect(was_said("looking strong. Add two hundred metres? accept or leave it"), "%s",
              said_since(0));
    to_next_step();
    cr_expect(eq(u32, now()->step, 8));
    cr_expect(epsilon_eq(dbl, now()->step_remaining, 300, 1), "silence is a no");
    pass(20);
    cr_expect(eq(int, say(COMMAND_ACCEPT, NULL, 0), REASON_NOTHING_OFFERED));
    end();
}

// Seven days that were 1.3 times as hard as the last 28 are enough for now.
Test(adapting, after_a_hard_week_nobody_is_offered_more)
{
    week = 1.31;
    run_strongly(FOUR, 4, 5, true);
    cr_expect_str_eq(decision(3), "load finish");
    pass(6);
    cr_expect(eq(int, say(COMMAND_ACCEPT, NULL, 0), REASON_NOTHING_OFFERED));
    end();
    week = 1.29;
    run_strongly(FOUR, 4, 5, true);
    cr_expect_str_eq(decision(3), "strong add on offer");
    end();
}

Test(adapting, what_is_accepted_in_the_rest_comes_next)
{
    run_strongly(FOUR, 4, 5, true);
    cr_assert(eq(int, say(COMMAND_ACCEPT, NULL, 0), REASON_OK));
    cr_expect_str_eq(decision(4), "strong add");
    to_next_step();
    cr_expect(was_said("two hundred metres added"), "%s", said_since(0));
    cr_expect(was_said("in ten: two hundred metres at four flat. Five of five"), "%s",
              said_since(0));
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 200, 1e-6));
    cr_expect(eq(u32, now()->step, 9));
    cr_expect(epsilon_eq(dbl, now()->step_remaining, 300, 1));
    rest(RESTED);
    rest(RESTED);
    cr_expect(world.done);
    cr_expect(eq(sz, world.laps, 11));
    end();
}

#define FOUR_AND_HOME                                                                              \
    "  • 4 lots of, no last rest:\n    • 400m @ 4'00''/km\n    • 90s rest\n  • 5min @ 6'00''/km\n"

Test(adapting, without_a_last_rest_more_is_offered_when_it_would_be_over)
{
    run_strongly(FOUR_AND_HOME, 4, 5, false);
    cr_expect(eq(u32, now()->step, 7));
    world.speed = JOGGING;
    world.heart = 158; // it runs on: that is no recovery that comes late
    pass(68);
    cr_expect(eq(sz, world.adapted_count, 3), "not yet");
    pass(3);
    cr_expect_str_eq(decision(3), "strong add on offer");
    pass(4);
    cr_assert(eq(int, say(COMMAND_ACCEPT, NULL, 0), REASON_OK));
    to_next_step();
    cr_expect(world.lap.duration > SEC(89) && world.lap.duration < SEC(96), "%g",
              usec_to_s(world.lap.duration));
    cr_expect(was_said("in ten: two hundred metres at four flat. Five of five"), "%s",
              said_since(0));
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 200, 1e-6));
    cr_expect(epsilon_eq(dbl, now()->step_remaining, 300, 1), "then home, all of it");
    rest(RESTED);
    cr_expect(world.done);
    end();
}

Test(adapting, more_is_offered_also_when_it_is_told_late_how_it_felt)
{
    run_strongly(FOUR_AND_HOME, 4, 0, false);
    pass(100);
    cr_expect_str_eq(decision(3), "untold finish");
    cr_assert(eq(int, say(COMMAND_RATE, NULL, 6), REASON_OK));
    cr_expect_str_eq(decision(4), "strong add on offer");
    end();
}

Test(adapting, a_way_home_by_distance_is_not_broken_off)
{
    run_strongly("  • 4 lots of, no last rest:\n    • 400m @ 4'00''/km\n    • 90s rest\n"
                 "  • 2km @ 6'00''/km\n",
                 4, 5, false);
    pass(100);
    cr_expect(eq(sz, world.adapted_count, 3), "%s", decision(3));
    cr_expect(eq(int, say(COMMAND_ACCEPT, NULL, 0), REASON_NOTHING_OFFERED));
    end();
}
