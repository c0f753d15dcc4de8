// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was changed of a workout is taken back exactly, within ten seconds of its being said, and
// not after.

#include "set.h"

static Plan before;
static Step rest_before;

static void remember(void)
{
    before = *now()->plan;
    rest_before = now()->now;
}

static bool as_before(void)
{
    const Plan *plan = now()->plan;
    return plan->step_count == before.step_count &&
           memcmp(plan->steps, before.steps, before.step_count * sizeof *before.steps) == 0 &&
           memcmp(&now()->now, &rest_before, sizeof rest_before) == 0;
}

static void begin_rest(double part)
{
    rep(part);
    world.speed = JOGGING;
    world.heart = RESTED;
}

static void expect_veto(const char *what)
{
    const size_t said = world.said_count;
    cr_expect(not(as_before()), "%s", what);
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_OK), "%s", what);
    cr_expect_str_eq(decision(0), what);
    cr_expect(as_before(), "%s", what);
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_NOTHING_TO_VETO), "once");
    pass(8);
    cr_assert(world.said_count > said, "%s", what);
    cr_expect_str_eq(world.said[said], "as planned", "%s", what);
}

Test(veto, of_a_longer_rest)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    begin_rest(0.96);
    pass(80);
    remember();
    pass(10);
    expect_veto("slow rest-plus taken back");
    to_next_step();
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 120, 1e-6));
    end();
}

Test(veto, of_a_rest_that_waits_for_the_heart)
{
    begin_high_rest();
    pass(80);
    remember();
    pass(10);
    cr_assert(eq(sz, world.adapted_count, 3));
    expect_veto("heart-high rest-plus taken back");
    world.heart = 100; // which would end a rest that waits for it
    to_next_step();
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 120, 1e-6));
    end();
}

Test(veto, of_shorter_repetitions)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.96);
    rest(RESTED);
    remember();
    begin_rest(0.96);
    rest_before = now()->now;
    pass(12);
    expect_veto("fading shorten taken back");
    to_next_step();
    cr_expect(was_said("in ten: eight hundred metres at four ten. Four of five"));
    rep(1);
    cr_expect(epsilon_eq(dbl, world.lap.distance_m, 800, 1e-6));
    end();
}

Test(veto, of_one_less)
{
    begin("  • 8 lots of:\n    • 100m @ 5'10''/km\n    • 1min rest\n  • 5min @ 6'00''/km\n");
    reps(2);
    rep(0.96);
    rest(RESTED);
    remember();
    begin_rest(0.96);
    rest_before = now()->now;
    pass(10);
    expect_veto("fading drop taken back");
    to_next_step();
    cr_expect(was_said("in ten: one hundred metres at five ten. Five of eight"));
    end();
}

Test(veto, of_the_end_of_a_set)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.93);
    rest(RESTED);
    remember();
    begin_rest(0.93);
    rest_before = now()->now;
    pass(14);
    expect_veto("fading stop taken back");
    to_next_step();
    cr_expect(was_said("in ten: eight hundred metres at four ten. Four of five"));
    cr_expect(eq(u32, now()->step, 7));
    end();
}

Test(veto, of_an_offer)
{
    begin("  • 4 lots of:\n    • 400m @ 4'00''/km\n    • 90s rest\n  • 5min @ 6'00''/km\n");
    know(true);
    for (int i = 0; i < 4; i++) {
        rep(1);
        say(COMMAND_RATE, NULL, 5);
        world.speed = JOGGING;
        world.heart = RESTED;
        if (i < 3)
            to_next_step();
    }
    pass(72);
    remember();
    cr_assert_str_eq(decision(3), "strong add on offer");
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_OK));
    cr_expect_str_eq(decision(4), "strong add taken back");
    cr_expect(eq(int, say(COMMAND_ACCEPT, NULL, 0), REASON_NOTHING_OFFERED), "no is no");
    cr_expect(as_before());
    end();
}

// ── too late ──

Test(veto, ten_seconds_after_it_was_said)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.93);
    rest(RESTED);
    const size_t said = world.said_count;
    begin_rest(0.93);
    pass(0.1);
    while (world.said_count == said ||
           strncmp(world.said[world.said_count - 1], "you're fading", 13) != 0)
        pass(0.1);
    pass(usec_to_s(world.stage.silent_at - world.stage.now) + 9);
    cr_expect(now()->plan->step_count < 12);
    pass(2);
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_NOTHING_TO_VETO));
    cr_expect(now()->plan->step_count < 12);
    end();
}

Test(veto, when_the_next_repetition_has_begun)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    begin_rest(0.96);
    pass(101);
    cr_assert_str_eq(decision(1), "slow rest-plus");
    cr_assert(eq(int, say(COMMAND_SKIP, NULL, 0), REASON_OK));
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_NOTHING_TO_VETO));
    rep(0.96);
    cr_assert_str_eq(decision(2), "fading shorten");
    cr_assert(eq(int, say(COMMAND_LAP, NULL, 0), REASON_OK));
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_NOTHING_TO_VETO));
    end();
}

Test(veto, when_the_way_home_has_begun)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    rep(0.93);
    rest(RESTED);
    begin_rest(0.93);
    cr_assert_str_eq(decision(2), "fading stop");
    cr_assert(eq(int, say(COMMAND_SKIP, NULL, 0), REASON_OK));
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_NOTHING_TO_VETO));
    pass(1);
    cr_expect(eq(u32, now()->step, 7));
    cr_expect(eq(sz, now()->plan->step_count, 8));
    end();
}

Test(veto, in_the_second_part_of_a_rest)
{
    begin("  • 4 lots of:\n    • 800m @ 4'10''/km\n    • 5s walk\n    • 90s rest\n"
          "  • 5min @ 6'00''/km\n");
    rep(1);
    rest(RESTED);
    rest(RESTED);
    rep(0.93);
    rest(RESTED);
    rest(RESTED);
    remember();
    rep(0.93);
    cr_assert_str_eq(decision(2), "fading stop");
    rest(RESTED);
    pass(1); // its own words wait for the tone of the boundary
    rest_before = now()->now;
    expect_veto("fading stop taken back");
    end();
}

Test(veto, in_a_pause)
{
    begin(FIVE);
    rest(RESTED);
    reps(1);
    begin_rest(0.96);
    pass(80);
    remember();
    pass(10);
    cr_assert(eq(int, say(COMMAND_PAUSE, NULL, 0), REASON_OK));
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_OK));
    cr_expect(as_before());
    end();
}

Test(veto, a_press_answers_only_what_was_heard)
{
    for (int silent = 0; silent < 2; silent++) {
        SessionConfig config = SESSION_CONFIG_DEFAULT;
        config.silent = silent ? 1U << CUE_ADAPTATION : 0;
        begin_with(&config, FIVE);
        rest(RESTED);
        reps(1);
        rep(0.93);
        rest(RESTED);
        rep(0.93);
        cr_expect_str_eq(decision(2), "fading stop");
        bool asked = false;
        for (int i = 0; i < 20; i++) {
            pass(1);
            asked |= session_asks(world.stage.session);
        }
        cr_expect(eq(int, asked, !silent));
        end();
    }
}

Test(veto, of_what_is_changed_in_a_rest_that_is_too_short_to_tell_of_it)
{
    static const struct {
        double part;
        const char *decision, *said;
    } table[] = {
        {0.96, "fading shorten", "you're fading. From now on six hundred metres"},
        {0.93, "fading stop", "you're fading. That's the set. Easy home"},
    };
    for (size_t i = 0; i < 2; i++) {
        begin("  • 2min @ 6'00''/km\n  • 6 lots of:\n    • 800m @ 4'10''/km\n    • 10s rest\n"
              "  • 5min @ 6'00''/km\n");
        rest(RESTED);
        reps(1);
        rep(table[i].part);
        rest(RESTED);
        cr_expect_str_eq(decision(1), "", "nobody hears of more rest in time: %s", decision(1));
        remember();
        const size_t since = world.said_count;
        begin_rest(table[i].part);
        cr_expect_str_eq(decision(1), table[i].decision);
        cr_expect(epsilon_eq(dbl, now()->step_remaining, 20, 0.1), "as long as it takes to tell");
        pass(11);
        cr_expect(was_said(table[i].said), "%s", said_since(since));
        cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_OK));
        cr_expect(eq(int, memcmp(now()->plan->steps, before.steps, sizeof before.steps), 0));
        to_next_step();
        cr_expect(world.lap.duration < SEC(17), "%.1f s", usec_to_s(world.lap.duration));
        end();
    }
}
