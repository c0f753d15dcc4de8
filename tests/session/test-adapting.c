// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A workout that is bent while it is run, as its runner meets it. How it is taken back is in
// test-veto.c, what counts as a set in test-adapting-sets.c, what is added in test-adapting-more.c.

#include "set.h"

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

Test(adapting, on_the_way_to_work_and_home_nobody_is_pushed)
{
    begin("  • 10min @ 6'00''/km\n  • 2 lots of:\n    • 800m @ 4'10''/km\n    • 2min rest\n"
          "  • 10min @ 6'00''/km\n");
    rep(0.85);
    cr_expect(strstr(said_since(0), "push") == NULL, "%s", said_since(0));
    rep(0.9);
    cr_expect(was_said("push a little harder, four ten"), "%s", said_since(0));
    rest(RESTED);
    rep(1);
    rest(RESTED);
    const size_t home = world.said_count;
    rep(0.85);
    cr_expect(strstr(said_since(home), "push") == NULL, "%s", said_since(home));
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

// How many of the words since then are these.
static size_t times_said(size_t since, const char *text)
{
    size_t times = 0;
    for (size_t i = since; i < world.said_count; i++)
        times += strcmp(world.said[i], text) == 0;
    return times;
}

Test(adapting, what_is_left_of_a_rest_is_told_once_and_is_true)
{
    static const struct {
        const char *items;
        double part, heart; // of the repetition; in the rest behind it
        double told_at;     // s before its end that thirty are told; NAN: they are not
    } table[] = {
        {FIVE, 1, RESTED, 30},
        {FIVE, 0.96, RESTED, 30},
        {FIVE, 1, 160, NAN}, // until the heart is down, at most: nobody knows when
        {"  • 4 lots of:\n    • 800m @ 4'10''/km\n    • 3min @ 6'30''/km\n  • 5min @ 6'00''/km\n",
         0.96, RESTED, 30},
        {"  • 4 lots of:\n    • 800m @ 4'10''/km\n    • 1min @ 6'30''/km\n  • 5min @ 6'00''/km\n",
         0.96, RESTED, NAN}, // it is a rest although it is run, and a short one
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        begin(table[i].items);
        while (now()->plan->steps[now()->step].step.distance_mm == 0)
            rest(RESTED);
        reps(2);
        rep(table[i].part);
        const size_t since = world.said_count;
        rest(table[i].heart);
        const Usec over = world.stage.now;
        pass(4); // nor is it told then how it went
        const bool told = !isnan(table[i].told_at);
        cr_expect(eq(sz, times_said(since, "thirty seconds to go"), told), "%zu: %s", i,
                  said_since(since));
        cr_expect(strstr(said_since(since), "halfway") == NULL, "%zu: %s", i, said_since(since));
        cr_expect(strstr(said_since(since), "average") == NULL, "%zu: %s", i, said_since(since));
        for (size_t s = since; told && s < world.said_count; s++)
            if (strcmp(world.said[s], "thirty seconds to go") == 0)
                cr_expect(fabs(usec_to_s(over - world.said_at[s]) - table[i].told_at) < 2,
                          "%zu: %s", i, said_since(since));
        end();
    }
}

Test(adapting, a_heart_that_stays_high_is_waited_for_and_that_is_said_once)
{
    begin_high_rest();
    pass(104);
    cr_expect_str_eq(decision(2), "heart-high rest-plus");
    cr_expect(was_said("heart rate still high. Up to one minute more rest"), "%s", said_since(0));
    cr_expect(left_of_step() > 75 && left_of_step() < 77, "%g", left_of_step());
    to_next_step();
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 180, 1e-6), "and no more");
    cr_expect(eq(sz, world.adapted_count, 3));
    end();
}

Test(adapting, the_wait_is_over_when_the_heart_is_ready)
{
    static const struct {
        double after, least, most;                  // s of the rest
    } table[] = {{115, 149, 151}, {155, 165, 175}}; // before and in what is waited
    for (size_t i = 0; i < 2; i++) {
        begin_high_rest();
        pass(table[i].after);
        const size_t before = world.said_count;
        world.heart = 130;
        to_next_step();
        const double rested = usec_to_s(world.lap.duration);
        cr_expect(rested > table[i].least && rested < table[i].most, "%g", rested);
        cr_expect_str_eq(
            said_since(before),
            "in ten: eight hundred metres at four ten. Four of five | three | two | one | go");
        end();
    }
}

// Who is told why in two rests knows it in the third.
Test(adapting, why_a_rest_is_longer_is_told_twice_a_set)
{
    begin("  • 6 lots of:\n    • 800m @ 4'10''/km\n    • 2min rest\n  • 5min @ 6'00''/km\n");
    reps(2);
    for (int i = 0; i < 3; i++) {
        const size_t since = world.said_count;
        rep(1);
        rest(160);
        cr_expect(eq(sz,
                     times_said(since, i < 2 ? "heart rate still high. Up to one minute more rest"
                                             : "up to one minute more rest"),
                     1),
                  "%d: %s", i, said_since(since));
    }
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
    cr_expect(was_said("you're fading. From now on six hundred metres"), "%s", said_since(0));
    cr_expect(was_said("in ten: six hundred metres at four ten. Four of five"));
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 600, 1e-6));
    rest(RESTED);
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 600, 1e-6), "nor the last");
    end();
}

Test(adapting, a_shorter_mile_is_told_in_metres_whenever_it_is_told)
{
    begin("  • 4 lots of:\n    • 1.0mi @ 4'10''/km\n    • 2min rest\n  • 5min @ 6'00''/km\n");
    reps(1);
    rep(0.96);
    rest(RESTED);
    rep(0.96);
    rest(RESTED);
    cr_expect(was_said("you're fading. Next one only one point two kilometres"), "%s",
              said_since(0));
    cr_expect(was_said("in ten: one point two kilometres at four ten. Four of four"), "%s",
              said_since(0));
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
    begin_fading("  • 8 lots of:\n    • 100m @ 5'10''/km\n    • 1min rest\n  • 5min @ 6'00''/km\n");
    cr_expect_str_eq(decision(0), "fading drop");
    rest(RESTED);
    cr_expect(was_said("you're fading. One less to go"), "%s", said_since(0));
    cr_expect(was_said("in ten: one hundred metres at five ten. Five of seven"), "%s",
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

Test(adapting, nobody_is_sent_home_before_the_last_set)
{
    begin("  • 10min @ 6'00''/km\n  • 4 lots of:\n    • 800m @ 4'10''/km\n    • 2min rest\n"
          "  • 5min @ 6'00''/km\n  • 4 lots of:\n    • 400m @ 4'00''/km\n    • 1min rest\n"
          "  • 5min @ 6'00''/km\n");
    rest(RESTED);
    reps(1);
    rep(0.93);
    rest(RESTED);
    const size_t before = world.said_count;
    rep(0.93);
    cr_expect_str_eq(decision(2), "fading stop");
    rest(RESTED);
    cr_expect(was_said("you're fading. That's the set"), "%s", said_since(before));
    cr_expect(strstr(said_since(before), "home") == NULL, "%s", said_since(before));
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
Test(adapting, a_set_that_ends_near_the_countdown_leaves_time_to_tell_of_it)
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
    cr_expect(epsilon_eq(dbl, left_of_step(), 40, 0.1), "to say it, and what follows anew");
    to_next_step();
    cr_expect(eq(u32, now()->step, 7));
    cr_expect(was_said("you gave it all. That's the set. Easy home"), "%s", said_since(before));
    cr_expect(was_said("in ten: five minutes at six flat"), "%s", said_since(before));
    end();
}

// Between strides of a quarter of a minute the minute's words are soon spent.
Test(adapting, what_follows_a_set_that_ends_in_a_crowded_minute_is_announced)
{
    begin("  • 1min run\n  • 4 lots of:\n    • 15s @ max\n    • 15s rest\n  • 100m @ max\n");
    rest(RESTED);
    for (int i = 0; i < 5; i++)
        rest(WORKING);
    pass(9);
    const size_t since = world.said_count;
    cr_assert(eq(int, say(COMMAND_RATE, NULL, 10), REASON_OK));
    cr_expect_str_eq(decision(0), "all-out stop");
    to_next_step();
    cr_expect(was_said("you gave it all. That's the set"), "%s", said_since(since));
    cr_expect(was_said("in five: one hundred metres, all out") ||
                  was_said("in ten: one hundred metres, all out"),
              "%s", said_since(since));
    end();
}

Test(adapting, a_second_sentence_in_a_rest_has_more_room)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.96);
    rest(RESTED);
    rep(0.96);
    cr_expect_str_eq(decision(2), "fading shorten");
    world.speed = JOGGING;
    world.heart = RESTED;
    say(COMMAND_RATE, NULL, 10);
    pass(99);
    cr_expect_str_eq(decision(3), "all-out stop");
    cr_expect(left_of_step() > 25, "%g", left_of_step());
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
