// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A workout that is bent while it is run, as its runner meets it. How it is taken back is in
// test-veto.c.

#include "set.h"

#define FIVE                                                                                       \
    "  • 2min @ 6'00''/km\n  • 5 lots of:\n    • 800m @ 4'10''/km\n    • 2min rest\n"      \
    "  • 5min @ 6'00''/km\n"

static double left_of_step(void)
{
    return now()->step_remaining;
}

Test(adapting, who_runs_as_planned_is_left_alone)
{
    begin(FIVE);
    rest(RESTED);
    reps(5);
    cr_expect(eq(sz, world.adapted_count, 5));
    for (size_t i = 0; i < 5; i++)
        cr_expect(eq(int, world.adapted[i].decision, i < 4 ? ADAPT_CONTINUE : ADAPT_FINISH), "%zu",
                  i);
    rest(RESTED);
    cr_expect(world.done);
    cr_expect(eq(sz, world.laps, 12));
    end();
}

// ── a longer rest ──

Test(adapting, a_slow_repetition_is_given_a_longer_rest)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.96);
    rest(RESTED);
    cr_expect_str_eq(decision(0), "slow rest-plus");
    cr_expect(epsilon_eq(dbl, world.adapted[1].rest_s, 30, 1e-9));
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 150, 1e-6));
    cr_expect(was_said("that one was slow. Thirty seconds more rest"), "%s", said_since(0));
    cr_expect(was_said("in ten: eight hundred metres at four ten. Three of five"));
    reps(1);
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 120, 1e-6), "only that one");
    end();
}

Test(adapting, a_heart_that_stays_high_is_waited_for_twice)
{
    begin(FIVE);
    rest(RESTED);
    reps(2);
    rep(1);
    world.speed = JOGGING;
    world.heart = 160;
    pass(119);
    cr_expect_str_eq(decision(2), "heart-high rest-plus");
    cr_expect(was_said("heart rate still high. Thirty seconds more rest"), "%s", said_since(0));
    cr_expect(left_of_step() > 30 && left_of_step() < 32, "%g", left_of_step());
    pass(25);
    cr_expect(eq(sz, world.adapted_count, 4), "once more");
    cr_expect(left_of_step() > 35, "%g", left_of_step());
    to_next_step();
    cr_expect(was_said("up to thirty seconds more"), "%s", said_since(0));
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 180, 1e-6), "and no more");
    cr_expect(eq(sz, world.adapted_count, 4));
    end();
}

Test(adapting, the_second_wait_is_over_when_the_heart_is_ready)
{
    begin(FIVE);
    rest(RESTED);
    reps(2);
    rep(1);
    world.speed = JOGGING;
    world.heart = 160;
    pass(132);
    cr_expect(eq(sz, world.adapted_count, 4), "twice longer");
    const size_t before = world.said_count;
    world.heart = 130;
    to_next_step();
    cr_expect(world.lap.duration > SEC(144) && world.lap.duration < SEC(152), "%g",
              usec_to_s(world.lap.duration));
    cr_expect_str_eq(
        said_since(before),
        "in ten: eight hundred metres at four ten. Four of five | three | two | one | go");
    end();
}

Test(adapting, a_rest_as_long_as_the_work_is_made_longer_by_its_own_quarter)
{
    begin("  • 4 lots of:\n    • 800m @ 4'10''/km\n    • equal time rest\n  • 5min @ 6'00''/km\n");
    reps(1);
    rep(0.96);
    const double rested = usec_to_s(world.lap.duration);
    rest(RESTED);
    cr_expect_str_eq(decision(0), "slow rest-plus");
    cr_expect(epsilon_eq(dbl, world.adapted[1].rest_s, 50, 1e-9), "%g", world.adapted[1].rest_s);
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), rested + 50, 0.1));
    end();
}

Test(adapting, a_rest_of_parts_is_made_longer_by_a_quarter_of_them_all)
{
    begin("  • 4 lots of:\n    • 800m @ 4'10''/km\n    • 1min walk\n    • 1min @ 6'30''/km\n"
          "  • 5min @ 6'00''/km\n");
    rep(1);
    rest(RESTED);
    rest(RESTED);
    rep(0.96);
    rest(RESTED);
    cr_expect(eq(sz, world.adapted_count, 1), "while it is walked nothing is decided");
    rest(RESTED);
    cr_expect_str_eq(decision(1), "slow rest-plus");
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 90, 1e-6), "of two minutes in all");
    end();
}

// ── less ──

Test(adapting, who_fades_runs_shorter_ones)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.96);
    rest(RESTED);
    rep(0.96);
    cr_expect_str_eq(decision(2), "fading shorten");
    cr_expect(epsilon_eq(dbl, world.adapted[2].distance_m, 600, 1e-9));
    rest(RESTED);
    cr_expect(was_said("you're fading. Next one only six hundred metres"), "%s", said_since(0));
    cr_expect(was_said("in ten: six hundred metres at four ten. Four of five"));
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 600, 1e-6));
    rest(RESTED);
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 600, 1e-6), "nor the last");
    end();
}

Test(adapting, on_a_track_lengths_stay_multiples_of_half_a_lap)
{
    begin_with(&SESSION_CONFIG_DEFAULT, "  • 1min run\n");
    say(COMMAND_STOP, NULL, 0);
    world.done = false;
    cr_assert(eq(int, say(COMMAND_TRACK, NULL, 400), REASON_OK));
    const char *text = "Workout - T\n  • 4 lots of:\n    • 1km @ 4'10''/km\n    • 2min rest\n";
    cr_assert(eq(int, say(COMMAND_START, text, 0), REASON_OK));
    rep(1);
    rest(RESTED);
    rep(0.96);
    rest(RESTED);
    rep(0.96);
    cr_expect_str_eq(decision(0), "fading shorten");
    cr_expect(epsilon_eq(dbl, world.adapted[world.adapted_count - 1].distance_m, 800, 1e-9));
    end();
}

Test(adapting, where_they_cannot_be_shorter_there_is_one_less)
{
    begin("  • 8 lots of:\n    • 100m @ 4'10''/km\n    • 1min rest\n  • 5min @ 6'00''/km\n");
    reps(2);
    rep(0.96);
    rest(RESTED);
    rep(0.96);
    cr_expect_str_eq(decision(0), "fading drop");
    rest(RESTED);
    cr_expect(was_said("you're fading. One less to go"), "%s", said_since(0));
    cr_expect(was_said("in ten: one hundred metres at four ten. Five of seven"), "%s",
              said_since(0));
    reps(2);
    rep(1);
    cr_expect(eq(int, world.lap.repetition, 7));
    cr_expect(eq(int, world.lap.repetitions, 7));
    rest(RESTED);
    cr_expect(was_said("in ten: five minutes at six flat"), "%s", said_since(0));
    end();
}

// ── the end of it ──

Test(adapting, who_is_done_is_sent_home)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.93);
    rest(RESTED);
    const size_t before = world.said_count;
    rep(0.93);
    cr_expect_str_eq(decision(2), "fading stop");
    rest(RESTED);
    cr_expect(was_said("you're fading. That's the set. Easy home"), "%s", said_since(before));
    cr_expect(was_said("in ten: five minutes at six flat"), "%s", said_since(before));
    cr_expect(eq(u32, now()->step, 7));
    const size_t home = world.said_count;
    rest(RESTED);
    cr_expect(strstr(said_since(home), "push") == NULL, "%s", said_since(home));
    cr_expect(world.done);
    cr_expect(eq(sz, world.laps, 8));
    end();
}

Test(adapting, with_nothing_after_the_set_its_end_is_the_runs)
{
    begin("  • 5 lots of:\n    • 800m @ 4'10''/km\n    • 2min rest\n");
    reps(1);
    rep(0.93);
    rest(RESTED);
    rep(0.93);
    rest(RESTED);
    cr_expect(world.done);
    cr_expect(eq(sz, world.laps, 6));
    end();
}

// What was announced does not come: the runner must not set off at "go" for another repetition.
Test(adapting, a_set_that_ends_in_the_countdown_is_told_as_it_ends)
{
    begin(FIVE);
    rest(RESTED);
    reps(2);
    rep(1);
    world.speed = JOGGING;
    world.heart = RESTED;
    pass(114);
    cr_assert(was_said("in ten: eight hundred metres at four ten. Four of five"));
    const size_t before = world.said_count;
    cr_assert(eq(int, say(COMMAND_RATE, NULL, 10), REASON_OK));
    cr_expect_str_eq(decision(3), "all-out stop");
    to_next_step();
    cr_expect(eq(u32, now()->step, 7));
    pass(10);
    cr_expect(was_said("five minutes at six flat"), "%s", said_since(before));
    end();
}

// ── one more ──

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
    cr_expect(was_said("in ten: two hundred metres at four flat"), "%s", said_since(0));
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
    cr_expect(was_said("in ten: two hundred metres at four flat"), "%s", said_since(0));
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

// ── when nothing is decided ──

Test(adapting, switched_off_it_decides_nothing)
{
    SessionConfig config = SESSION_CONFIG_DEFAULT;
    config.adapt = false;
    begin_with(&config, FIVE);
    rest(RESTED);
    for (int i = 0; i < 5; i++) {
        rep(0.9);
        say(COMMAND_RATE, NULL, 10);
        rest(180);
    }
    cr_expect(eq(sz, world.adapted_count, 0));
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_NOTHING_TO_VETO));
    end();
}

Test(adapting, without_a_speed_it_says_that_it_cannot_tell)
{
    begin(FIVE);
    rest(RESTED);
    reps(2);
    world.speed = 0.9 * now()->target_speed_mps;
    world.heart = WORKING;
    pass(60);
    world.pod = false; // for 60 s of 213
    pass(60);
    world.pod = true;
    to_next_step();
    rest(RESTED);
    cr_expect_str_eq(decision(2), "no-speed undecided");
    cr_expect(not(was_said("that one was slow. Thirty seconds more rest")));
    end();
}

Test(adapting, a_strap_that_is_lost_makes_no_heart_low)
{
    begin(FIVE);
    rest(RESTED);
    reps(2);
    world.strap = false;
    rep(1);
    rest(RESTED);
    cr_expect_str_eq(decision(2), "no-heart undecided");
    end();
    begin(FIVE);
    world.strap = false;
    rest(RESTED);
    reps(3);
    cr_expect_str_eq(decision(2), "none continue", "none is worn");
    end();
}

Test(adapting, a_repetition_with_a_pause_in_it_proves_nothing)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.93);
    rest(RESTED);
    world.speed = 0.93 * now()->target_speed_mps;
    pass(60);
    say(COMMAND_PAUSE, NULL, 0);
    pass(30);
    say(COMMAND_RESUME, NULL, 0);
    to_next_step();
    rest(RESTED);
    cr_expect(eq(sz, world.adapted_count, 2), "%s", decision(2));
    rep(0.93);
    cr_expect_str_eq(decision(2), "fading stop", "the next one does");
    end();
}

Test(adapting, a_pause_in_the_rest_moves_its_end)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.96);
    world.speed = JOGGING;
    world.heart = RESTED;
    pass(60);
    say(COMMAND_PAUSE, NULL, 0);
    pass(300);
    cr_expect(eq(sz, world.adapted_count, 1));
    say(COMMAND_RESUME, NULL, 0);
    to_next_step();
    cr_expect_str_eq(decision(1), "slow rest-plus");
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 150, 1e-6));
    end();
}

Test(adapting, what_was_skipped_or_cut_short_is_not_judged)
{
    static const CommandVerb verbs[] = {COMMAND_SKIP, COMMAND_LAP};
    for (size_t i = 0; i < 2; i++) {
        begin(FIVE);
        rest(RESTED);
        reps(1);
        world.speed = 0.9 * now()->target_speed_mps;
        pass(100);
        cr_assert(eq(int, say(verbs[i], NULL, 0), REASON_OK));
        rest(180);
        cr_expect(eq(sz, world.adapted_count, 1), "%s", decision(1));
        end();
    }
}

Test(adapting, who_ends_it_by_hand_at_the_line_has_run_it)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    world.speed = 0.96 * now()->target_speed_mps;
    world.heart = WORKING;
    pass(195); // 780 m of 800
    cr_assert(eq(int, say(COMMAND_LAP, NULL, 0), REASON_OK));
    rest(RESTED);
    cr_expect_str_eq(decision(1), "slow rest-plus");
    end();
    begin("  • 4 lots of:\n    • open @ 4'10''/km\n    • 2min rest\n");
    for (int i = 0; i < 2; i++) {
        world.speed = 0.96 * now()->target_speed_mps;
        world.heart = WORKING;
        pass(200);
        cr_assert(eq(int, say(COMMAND_LAP, NULL, 0), REASON_OK));
        rest(RESTED);
    }
    cr_expect_str_eq(decision(1), "fading drop", "and an open one, which has no length");
    end();
}

// ── shapes of sets ──

Test(adapting, what_is_run_in_one_go_is_left_alone)
{
    begin("  • 3 lots of:\n    • 400m @ 4'00''/km\n    • 400m @ 4'25''/km\n  • 5min @ 6'00''/km\n");
    for (int i = 0; i < 5; i++)
        rep(0.9);
    cr_expect(eq(sz, world.adapted_count, 0));
    end();
}

Test(adapting, strides_and_easy_running_are_no_repetitions)
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

Test(adapting, in_repeats_of_repeats_all_are_of_one_set)
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

Test(adapting, each_rung_of_a_ladder_gets_shorter)
{
    begin("  • ladder of 400m, 600m, 800m, 1km:\n    • rung @ 4'10''/km\n    • 2min rest\n");
    rep(0.96);
    rest(RESTED);
    rep(0.96);
    cr_expect_str_eq(decision(0), "fading shorten");
    rest(RESTED);
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 600, 1e-6));
    rest(RESTED);
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 800, 1e-6));
    end();
}

Test(adapting, another_set_begins_anew)
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

Test(adapting, a_free_run_is_not_bent)
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
