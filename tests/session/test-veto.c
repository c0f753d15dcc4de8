// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was changed of a workout is taken back exactly, within ten seconds of its being said, and
// not after.

#include "set.h"

#define FIVE                                                                                       \
    "  • 2min @ 6'00''/km\n  • 5 lots of:\n    • 800m @ 4'10''/km\n    • 2min rest\n"      \
    "  • 5min @ 6'00''/km\n"

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
    pass(95);
    remember();
    pass(10);
    expect_veto("slow rest-plus taken back");
    to_next_step();
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 120, 1e-6));
    end();
}

Test(veto, of_the_second_longer_rest_leaves_the_first)
{
    begin(FIVE);
    rest(RESTED);
    reps(2);
    rep(1);
    world.speed = JOGGING;
    world.heart = 160;
    pass(125);
    remember();
    pass(10);
    cr_assert(eq(sz, world.adapted_count, 4));
    expect_veto("heart-high rest-plus taken back");
    world.heart = 100; // which would end a rest that waits for it
    to_next_step();
    cr_expect(epsilon_eq(dbl, usec_to_s(world.lap.duration), 150, 1e-6));
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
    begin("  • 8 lots of:\n    • 100m @ 4'10''/km\n    • 1min rest\n  • 5min @ 6'00''/km\n");
    reps(2);
    rep(0.96);
    rest(RESTED);
    remember();
    begin_rest(0.96);
    rest_before = now()->now;
    pass(10);
    expect_veto("fading drop taken back");
    to_next_step();
    cr_expect(was_said("in ten: one hundred metres at four ten. Five of eight"));
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
    pass(95);
    remember();
    pass(10);
    cr_assert(eq(int, say(COMMAND_PAUSE, NULL, 0), REASON_OK));
    cr_expect(eq(int, say(COMMAND_VETO, NULL, 0), REASON_OK));
    cr_expect(as_before());
    end();
}
