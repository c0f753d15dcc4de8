// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a run's summary says for the next ones: which runs all out are believed, and how sets went.

#include "set.h"

#define KILOMETRE "  • 1.0km @ max\n"

// The pod's scale is as it says, give or take half a per cent, by a known distance or not.
static void describe(bool compared)
{
    Event event = {.kind = EVENT_SENSOR};
    event.sensor.profile.services = SERVICE_STRIDE;
    event.sensor.profile.known.scales[0] = (ScaleKnown){1, 0, 0.005, 0.002, 0, compared};
    stage_handle(&world.stage, event);
}

static void begin_trial(const char *items, bool compared)
{
    begin(items);
    describe(compared);
    world.speed = 4;
    world.heart = 180;
}

static void expect_trials(uint32_t count)
{
    cr_assert(world.done);
    cr_expect(eq(u32, world.summary.trial_count, count));
}

Test(trials, a_kilometre_all_out)
{
    begin_trial(KILOMETRE, true);
    to_next_step();
    expect_trials(1);
    cr_expect(epsilon_eq(dbl, world.summary.trials[0].distance_m, 1000, 1e-6));
    cr_expect(epsilon_eq(dbl, world.summary.trials[0].time_s, 250, 4));
    end();
}

Test(trials, by_a_pod_that_was_never_compared_it_is_no_known_distance)
{
    begin_trial(KILOMETRE, false);
    to_next_step();
    expect_trials(0);
    end();
}

Test(trials, with_a_pause_or_cut_short_it_is_none)
{
    begin_trial(KILOMETRE, true);
    pass(60);
    say(COMMAND_PAUSE, NULL, 0);
    pass(20);
    say(COMMAND_RESUME, NULL, 0);
    to_next_step();
    expect_trials(0);
    end();
    begin_trial(KILOMETRE, true);
    pass(200);
    say(COMMAND_STOP, NULL, 0);
    expect_trials(0);
    end();
}

// Twelve minutes by the clock; and one that the runner ended by hand where the kilometre ends.
Test(trials, by_time_or_ended_by_hand)
{
    begin_trial("  • 12min @ max\n", true);
    to_next_step();
    expect_trials(1);
    cr_expect(epsilon_eq(dbl, world.summary.trials[0].distance_m, 2880, 30));
    cr_expect(epsilon_eq(dbl, world.summary.trials[0].time_s, 720, 1e-6));
    end();
    begin_trial("  • 2.0km @ max\n", true);
    pass(250);
    say(COMMAND_LAP, NULL, 0);
    expect_trials(1);
    cr_expect(epsilon_eq(dbl, world.summary.trials[0].distance_m, 1000, 30));
    end();
}

Test(trials, where_the_pod_was_lost_for_long_it_is_none)
{
    begin_trial("  • 5min @ max\n", true);
    pass(100);
    world.pod = false;
    pass(30);
    world.pod = true;
    to_next_step();
    expect_trials(0);
    end();
}

Test(trials, the_latest_two_of_a_run_are_kept_and_a_hard_step_is_none)
{
    begin_trial("  • 1.0km @ 4'00''/km\n  • 800m @ max\n  • 5min walk\n  • 1.0km @ max\n"
                "  • 5min walk\n  • 1.2km @ max\n",
                true);
    while (!world.done)
        to_next_step();
    expect_trials(2);
    cr_expect(epsilon_eq(dbl, world.summary.trials[0].distance_m, 1000, 1e-6));
    cr_expect(epsilon_eq(dbl, world.summary.trials[1].distance_m, 1200, 1e-6));
    end();
}

#define FOUR "  • 4 lots of:\n    • 800m @ 4'00''/km\n    • 90s rest\n"

Test(trials, the_summary_says_how_a_set_went)
{
    begin(FOUR);
    know(true);
    for (int i = 0; i < 4; i++) {
        rep(1.012);
        rest(RESTED);
    }
    cr_assert(world.done);
    cr_expect(world.summary.outcome.clean);
    cr_expect(epsilon_eq(dbl, world.summary.outcome.faster, 0.012, 0.004));
    cr_expect(not(world.summary.outcome.stopped));
    end();
    begin(FOUR);
    rep(1);
    rest(RESTED);
    rep(0.93);
    rest(RESTED);
    rep(0.93);
    cr_expect_str_eq(decision(0), "fading stop");
    say(COMMAND_STOP, NULL, 0);
    cr_expect(world.summary.outcome.stopped);
    cr_expect(not(world.summary.outcome.clean));
    end();
}

#define BY_EFFORT "  • 3 lots of:\n    • 3min @ RPE 6-7\n    • 90s rest\n"
#define BY_HEART  "  • 3 lots of:\n    • 3min @ HR 160-170\n    • 90s rest\n  • 5min run\n"

// Without a race nothing is known of D' here, nor is a pod worn.
static void run_set(const char *items, size_t count, double rated, double heart)
{
    begin(items);
    world.pod = false;
    while (count-- > 0) {
        world.heart = heart;
        to_next_step();
        world.heart = RESTED;
        pass(10);
        if (!isnan(rated))
            say(COMMAND_RATE, NULL, rated);
        to_next_step();
    }
    if (!world.done)
        say(COMMAND_STOP, NULL, 0);
}

Test(trials, a_set_by_effort_went_well_where_the_runner_says_so)
{
    static const struct {
        size_t count;
        double rated;
        bool clean;
    } table[] = {{3, 7, true}, {3, 8, false}, {3, NAN, false}, {2, 7, false}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        run_set(BY_EFFORT, table[i].count, table[i].rated, WORKING);
        cr_expect(world.summary.outcome.clean == table[i].clean, "%zu", i);
        cr_expect(isnan(world.summary.outcome.faster));
        end();
    }
}

Test(trials, a_set_by_heart_went_well_where_the_heart_was_as_asked_and_all_of_it_was_run)
{
    static const struct {
        double heart;
        bool clean;
    } table[] = {{165, true}, {178, false}, {150, false}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        run_set(BY_HEART, 3, NAN, table[i].heart);
        cr_expect(not(world.summary.outcome.clean), "the way home was left out");
        end();
        begin(BY_HEART);
        world.pod = false;
        for (int j = 0; j < 3; j++) {
            world.heart = table[i].heart;
            to_next_step();
            rest(RESTED);
        }
        to_next_step();
        cr_expect(world.done && world.summary.outcome.clean == table[i].clean, "%zu", i);
        end();
    }
}
