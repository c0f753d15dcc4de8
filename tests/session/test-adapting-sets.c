// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What counts as a set, and as its repetitions, for a workout that is bent while it is run.

#include "set.h"

Test(adapting_sets, what_is_run_in_one_go_is_left_alone)
{
    begin("  • 3 lots of:\n    • 400m @ 4'00''/km\n    • 400m @ 4'25''/km\n  • 5min @ 6'00''/km\n");
    for (int i = 0; i < 5; i++)
        rep(0.9);
    cr_expect(eq(sz, world.adapted_count, 0));
    end();
}

Test(adapting_sets, strides_and_easy_running_are_no_repetitions)
{
    begin("  • 12min @ 6'00''/km with 4 strides of 20s every 1min\n  • 3 lots of:\n"
          "    • 1min @ 4'00''/km\n    • 1min @ 6'00''/km\n");
    for (int i = 0; i < 9; i++)
        rest(180);
    cr_expect(eq(sz, world.adapted_count, 0));
    rep(1);
    rest(RESTED);
    cr_expect_str_eq(decision(0), "first continue", "but those between which it jogs are");
    end();
}

Test(adapting_sets, in_repeats_of_repeats_all_are_of_one_set)
{
    begin("  • 2 lots of:\n    • 3 lots of:\n      • 400m @ 4'10''/km\n      • 1min rest\n"
          "    • 3min rest\n  • 5min @ 6'00''/km\n");
    reps(2);
    rep(0.96);
    rest(RESTED);
    cr_expect(eq(sz, world.adapted_count, 2), "its rest goes on");
    rest(RESTED);
    cr_expect_str_eq(decision(2), "slow rest-plus");
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 240, 1e-6));
    rep(0.96);
    cr_expect_str_eq(decision(3), "fading shorten");
    cr_expect(epsilon_eq(dbl, world.adapted[3].distance_m, 300, 1e-9));
    rest(RESTED);
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 300, 1e-6));
    end();
}

// Who is told of one less must not run "five of five".
Test(adapting_sets, one_less_is_of_the_set_that_is_being_run)
{
    begin_fading(
        "  • 2 lots of, no last rest:\n    • 5 lots of, no last rest:\n      • 100m @ 5'10''/km\n"
        "      • 1min rest\n    • 5min rest\n  • 5min @ 6'00''/km\n");
    cr_expect_str_eq(decision(0), "fading drop");
    rest(RESTED);
    cr_expect(was_said("you're fading. One less to go"), "%s", said_since(0));
    cr_expect(eq(i64, now()->now.duration, SEC(300)), "the long rest is next");
    const size_t since = world.said_count;
    rest(RESTED);
    cr_expect(was_said("in ten: one hundred metres at five ten. One of five"), "%s",
              said_since(since));
    end();
}

Test(adapting_sets, where_that_has_none_left_the_next_set_has_one_less)
{
    begin_fading(
        "  • 2 lots of, no last rest:\n    • 4 lots of, no last rest:\n      • 100m @ 5'10''/km\n"
        "      • 1min rest\n    • 5min rest\n  • 5min @ 6'00''/km\n");
    cr_expect_str_eq(decision(0), "fading drop");
    rest(RESTED);
    cr_expect(was_said("you're fading. One less in the next set"), "%s", said_since(0));
    cr_expect(was_said("in ten: one hundred metres at five ten. One of three"), "%s",
              said_since(0));
    end();
}

Test(adapting_sets, each_rung_of_a_ladder_gets_shorter)
{
    begin("  • ladder of 400m, 600m, 800m, 1km:\n    • rung @ 4'10''/km\n    • 2min rest\n");
    rep(0.96);
    rest(RESTED);
    rep(0.96);
    cr_expect_str_eq(decision(0), "fading shorten");
    rest(RESTED);
    cr_expect(was_said("you're fading. Next one only six hundred metres"), "%s", said_since(0));
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 600, 1e-6));
    rest(RESTED);
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 800, 1e-6));
    end();
}

Test(adapting_sets, another_set_begins_anew)
{
    begin("  • 2 lots of:\n    • 400m @ 4'10''/km\n    • 1min rest\n"
          "  • 3 lots of:\n    • 600m @ 4'00''/km\n    • 1min rest\n");
    reps(1);
    rep(0.93);
    rest(RESTED);
    cr_expect_str_eq(decision(0), "none finish");
    rep(0.93);
    rest(RESTED);
    cr_expect_str_eq(decision(2), "first continue");
    end();
}

Test(adapting_sets, a_free_run_is_not_bent)
{
    begin("  • 1min run\n");
    say(COMMAND_STOP, NULL, 0);
    world.done = false;
    cr_assert(eq(int, say(COMMAND_START, NULL, 0), REASON_OK));
    for (int i = 0; i < 5; i++) {
        world.speed = 5 - i;
        pass(120);
        say(COMMAND_LAP, NULL, 0);
    }
    cr_expect(eq(sz, world.adapted_count, 0));
    end();
}
