// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Edits to a plan that is being run, as the runner would see what is left of it. A plan is written
// in a line: repetitions by their metres or seconds, "-" for a rest or a jog, "3/5" for the count.

#include "workout/edit.h"
#include "workout/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static Plan plan, before; // 70 kB each: not for the stack
static PlanEdit edit;

static void read_plan(const char *text)
{
    char whole[2000];
    TextError error = {0};
    snprintf(whole, sizeof whole, "Workout - Edited\n%s", text);
    cr_assert(text_parse(whole, strlen(whole), &plan, NULL, &error), "%u: %s", error.line,
              error.text);
    before = plan;
}

static const char *told(size_t from)
{
    static char line[8000];
    size_t length = 0;
    line[0] = '\0';
    for (size_t i = from; i < plan.step_count; i++) {
        const PlanStep *step = &plan.steps[i];
        const char *space = length > 0 ? " " : "";
        char *end = line + length;
        const size_t room = sizeof line - length;
        if (step->step.kind == STEP_REST)
            length += (size_t)snprintf(end, room, "%s-", space);
        else if (step->repetitions > 0)
            length += (size_t)snprintf(end, room, "%s%.0f:%u/%u", space, step_length(&step->step),
                                       step->repetition, step->repetitions);
        else
            length += (size_t)snprintf(end, room, "%s%.0f", space, step_length(&step->step));
    }
    return line;
}

static bool same_plan(const Plan *one, const Plan *other)
{
    return one->step_count == other->step_count &&
           memcmp(one->steps, other->steps, one->step_count * sizeof *one->steps) == 0;
}

static void expect_undone(size_t step)
{
    cr_expect(plan_undo(&plan, step, &edit));
    cr_expect(same_plan(&plan, &before), "%s", told(0));
    cr_expect(not(plan_undo(&plan, step, &edit)), "once");
}

#define FIVE                                                                                                \
    "  • 10min @ 6'00''/km\n  • 5 lots of:\n    • 1km @ 4'00''/km\n    • 2min rest\n  • 10min @ " \
    "6'00''/km\n"

static Step by_fifths(const PlanStep *step, void *data)
{
    Step shorter = step->step;
    shorter.distance_mm = shorter.distance_mm * 4 / 5;
    shorter.duration = shorter.duration * 4 / 5;
    return shorter;
}

static Step as_it_is(const PlanStep *step, void *data)
{
    return step->step;
}

// ── what a repetition is ──

Test(edit, repetitions_are_the_work_of_a_set)
{
    static const struct {
        const char *text, *which; // r for each step that is one
    } plans[] = {
        {FIVE, ".r.r.r.r.r.."},
        {"  • 5km @ 5'00''/km\n", "."},
        {"  • 3 lots of:\n    • 10min @ 4'15''/km\n    • 2min @ 6'00''/km\n", "r.r.r."},
        {"  • 3 lots of:\n    • 1km @ 4'15''/km\n    • 1min rest\n    • 200m @ 3'40''/km\n"
         "    • 2min rest\n",
         "r.r.r.r.r.r."},
        {"  • 3 lots of:\n    • 1km @ 4'15''/km\n    • 1km @ 4'45''/km\n", "rrrrrr"},
        {"  • 2 lots of:\n    • 400m @ RPE 9\n    • 200m jog\n", "r.r."},
        {"  • 2 lots of:\n    • 2 lots of:\n      • 200m @ 3'20''/km\n      • 30s rest\n    • 2min "
         "rest\n",
         "r.r..r.r.."},
        {"  • ladder of 400m, 800m, 400m:\n    • rung @ 3'50''/km\n    • 1min rest\n", "r.r.r."},
        {"  • 12min @ 6'00''/km with 2 strides of 20s every 1min\n", "....."},
        {"  • 2 lots of:\n    • 1km @ 4'00''/km\n    • 3min @ 6'00''/km with 1 strides of 20s\n",
         "r...r..."},
    };
    for (size_t p = 0; p < sizeof plans / sizeof *plans; p++) {
        read_plan(plans[p].text);
        cr_assert(eq(sz, plan.step_count, strlen(plans[p].which)), "%s", plans[p].text);
        for (size_t i = 0; i < plan.step_count; i++)
            cr_expect(plan_is_repetition(&plan, i) == (plans[p].which[i] == 'r'), "%s: %zu",
                      plans[p].text, i);
    }
    plan_free_run(&plan);
    cr_expect(not(plan_is_repetition(&plan, 0)));
    cr_expect(eq(sz, plan_next_repetition(&plan, 0), plan.step_count));
}

Test(edit, a_set_ends_where_its_repeat_does)
{
    read_plan("  • 2 lots of:\n    • 400m @ 3'50''/km\n    • 1min rest\n"
              "  • 3 lots of:\n    • 200m @ 3'30''/km\n    • 30s rest\n");
    cr_expect(eq(sz, plan_set_end(&plan, 0), 4));
    cr_expect(eq(sz, plan_set_end(&plan, 4), 10));
    cr_expect(eq(sz, plan_next_repetition(&plan, 1), 2));
    cr_expect(eq(sz, plan_next_repetition(&plan, 2), 10), "none of this set");
    cr_expect(eq(u32, plan_repetitions_left(&plan, 4), 2));
    const Step metres = {.measure = MEASURE_DISTANCE}, seconds = {.measure = MEASURE_TIME};
    cr_expect(eq(i64, plan_set_volume(&plan, 5, &metres), 600000));
    cr_expect(eq(i64, plan_set_volume(&plan, 5, &seconds), 0));
}

// ── shorter ──

Test(edit, what_comes_is_shortened_and_nothing_else)
{
    read_plan(FIVE);
    cr_assert(plan_shorten(&plan, 4, by_fifths, NULL, &edit));
    cr_expect_str_eq(told(0), "600 1000:1/5 - 1000:2/5 - 800:3/5 - 800:4/5 - 800:5/5 - 600");
    expect_undone(4);
}

Test(edit, a_rest_that_is_equal_to_the_work_gets_shorter_with_it)
{
    read_plan("  - 4 lots of:\n    - 1km @ 4'10''/km\n    - equal distance jog\n");
    cr_assert(plan_shorten(&plan, 1, by_fifths, NULL, &edit));
    cr_expect(eq(dbl, step_length(&plan.steps[1].step), 1000), "it is being rested");
    for (size_t i = 2; i < plan.step_count; i++)
        cr_expect(eq(dbl, step_length(&plan.steps[i].step), 800), "%zu", i);
    expect_undone(1);
}

Test(edit, what_cannot_be_shorter_is_no_edit)
{
    read_plan(FIVE);
    cr_expect(not(plan_shorten(&plan, 4, as_it_is, NULL, &edit)));
    cr_expect(not(plan_shorten(&plan, 10, by_fifths, NULL, &edit)), "none is to come");
    cr_expect(not(plan_undo(&plan, 4, &edit)));
    cr_expect(same_plan(&plan, &before));
}

// ── one less ──

Test(edit, the_last_repetition_goes_and_the_count_with_it)
{
    read_plan(FIVE);
    cr_assert(plan_drop_last(&plan, 4, &edit));
    cr_expect_str_eq(told(4), "- 1000:3/4 - 1000:4/4 - 600");
    cr_expect(eq(int, plan.steps[3].repetitions, 5), "what was told stays told");
    expect_undone(4);
}

Test(edit, two_may_go)
{
    read_plan(FIVE);
    cr_assert(plan_drop_last(&plan, 2, &edit));
    cr_assert(plan_drop_last(&plan, 4, &edit));
    cr_expect_str_eq(told(4), "- 1000:3/3 - 600");
    cr_assert(plan_drop_last(&plan, 4, &edit));
    cr_expect_str_eq(told(4), "- 600");
    cr_expect(not(plan_drop_last(&plan, 4, &edit)), "none is left");
    cr_expect(not(plan_undo(&plan, 4, &edit)), "and nothing is taken back by mistake");
}

Test(edit, the_rest_goes_that_no_repetition_follows)
{
    read_plan("  • 4 lots of, no last rest:\n    • 1km @ 4'00''/km\n    • 2min rest\n  • 10min @ "
              "6'00''/km\n");
    cr_assert(plan_drop_last(&plan, 1, &edit));
    cr_expect_str_eq(told(0), "1000:1/4 - 1000:2/3 - 1000:3/3 600");
    expect_undone(1);
}

Test(edit, of_a_round_of_two_the_second_goes_and_the_round_stays)
{
    read_plan("  • 3 lots of:\n    • 1km @ 4'00''/km\n    • 1min rest\n    • 400m @ 3'40''/km\n"
              "    • 3min rest\n");
    cr_assert(plan_drop_last(&plan, 3, &edit));
    cr_expect_str_eq(told(4), "1000:2/3 - 400:2/3 - 1000:3/3 -");
    expect_undone(3);
    cr_assert(plan_drop_last(&plan, 3, &edit));
    cr_assert(plan_drop_last(&plan, 3, &edit));
    cr_expect_str_eq(told(4), "1000:2/2 - 400:2/2 -");
}

Test(edit, in_repeats_of_repeats_the_block_that_is_on_is_counted_anew)
{
    read_plan("  • 2 lots of:\n    • 3 lots of:\n      • 200m @ 3'20''/km\n      • 30s rest\n"
              "    • 2min rest\n  • 5min @ 6'00''/km\n");
    cr_expect_str_eq(told(0),
                     "200:1/3 - 200:2/3 - 200:3/3 - - 200:1/3 - 200:2/3 - 200:3/3 - - 300");
    cr_assert(plan_drop_last(&plan, 1, &edit));
    cr_expect_str_eq(told(1), "- 200:2/2 - - 200:1/3 - 200:2/3 - 200:3/3 - - 300");
    expect_undone(1);
    cr_expect(not(plan_begins_inner(&plan, 1)));
    for (int i = 0; i < 2; i++)
        plan_drop_last(&plan, 1, &edit);
    cr_expect_str_eq(told(1), "- - 200:1/3 - 200:2/3 - 200:3/3 - - 300");
    cr_expect(plan_begins_inner(&plan, 1));
    cr_assert(plan_drop_last(&plan, 1, &edit));
    cr_expect_str_eq(told(1), "- - 200:1/2 - 200:2/2 - - 300", "of the next, when it has none");
}

Test(edit, a_ladder_loses_its_last_rung)
{
    read_plan("  • ladder of 400m, 800m, 1200m:\n    • rung @ 3'50''/km\n    • 1min rest\n");
    cr_assert(plan_drop_last(&plan, 1, &edit));
    cr_expect_str_eq(told(1), "- 800:2/2 -");
    expect_undone(1);
}

// ── the end of a set ──

Test(edit, a_set_ends_and_its_rest_is_still_rested)
{
    read_plan(FIVE);
    cr_assert(plan_end_set(&plan, 4, &edit));
    cr_expect_str_eq(told(4), "- 600");
    expect_undone(4);
    read_plan("  • 3 lots of:\n    • 1km @ 4'00''/km\n    • 30s walk\n    • 90s jog\n  • 10min @ "
              "6'00''/km\n");
    cr_assert(plan_end_set(&plan, 1, &edit));
    cr_expect_str_eq(told(1), "- - 600");
    expect_undone(2);
}

Test(edit, nothing_to_end)
{
    read_plan(FIVE);
    cr_expect(not(plan_end_set(&plan, 10, &edit)), "the last repetition is over");
    cr_expect(not(plan_end_set(&plan, 0, &edit)), "the set has not begun");
    cr_expect(not(plan_undo(&plan, 0, &edit)));
    cr_expect(same_plan(&plan, &before));
}

// ── more ──

Test(edit, more_is_put_in_as_long_as_there_is_room)
{
    read_plan("  • 2 lots of:\n    • 1km @ 4'00''/km\n    • 2min rest\n  • 10min @ 6'00''/km\n");
    const PlanStep more = plan.steps[2];
    cr_assert(plan_insert(&plan, 3, &more, 1, &edit));
    cr_expect_str_eq(told(0), "1000:1/2 - 1000:2/2 - 1000:2/2 600");
    cr_expect(plan_is_repetition(&plan, 4));
    cr_expect(eq(sz, plan_set_end(&plan, 3), 5));
    expect_undone(3);
    read_plan("  • 249 lots of:\n    • 30s @ 4'00''/km\n    • 30s rest\n  • 1min @ 6'00''/km\n");
    const PlanStep two[2] = {plan.steps[0], plan.steps[1]};
    cr_expect(not(plan_insert(&plan, 3, two, 2, &edit)));
    cr_expect(plan_insert(&plan, 3, two, 1, &edit));
    cr_expect(eq(sz, plan.step_count, PLAN_STEPS_MAX));
}

// ── taking back ──

Test(edit, what_has_begun_stays)
{
    read_plan(FIVE);
    cr_assert(plan_drop_last(&plan, 4, &edit));
    cr_expect(not(plan_undo(&plan, 5, &edit)), "the next repetition is on");
    cr_expect_str_eq(told(4), "- 1000:3/4 - 1000:4/4 - 600");
    expect_undone(4);
}

Test(edit, in_the_second_half_of_a_rest_it_can_still_be_taken_back)
{
    read_plan("  • 3 lots of:\n    • 1km @ 4'00''/km\n    • 30s walk\n    • 90s jog\n  • 10min @ "
              "6'00''/km\n");
    cr_assert(plan_drop_last(&plan, 1, &edit));
    expect_undone(2);
    cr_assert(plan_shorten(&plan, 1, by_fifths, NULL, &edit));
    expect_undone(2);
}

Test(edit, what_comes_behind_a_set_may_be_hard_or_the_way_home)
{
    static const struct {
        const char *set, *behind;
        bool goes_on;
    } table[] = {
        {"800m @ 4'10''/km", "10min @ 6'00''/km", false},
        {"800m @ 4'10''/km", "10min run", false},
        {"800m @ 4'10''/km", "2km @ 4'20''/km", true},
        {"800m @ 4'10''/km", "1.0mi @ max", true},
        {"800m @ 4'10''/km", "10min @ RPE 3", false},
        {"800m @ 4'10''/km", "10min @ RPE 8", true},
        {"800m @ RPE 8", "10min @ E", false},
        {"800m @ RPE 8", "10min @ T", true},
        {"800m @ RPE 8", "10min @ T + 30%", false},
        {"200m @ R", "20min @ T", true},
        {"3min @ HR 170-175", "3min @ 5km pace", true},
        {"800m @ RPE 8", "10min @ RPE 3", false},
        {"3min @ HR 170-175", "10min @ HR < 140", false},
        {"3min @ HR 170-175", "10min @ HR 165-170", true},
        {"3min @ 300 W", "10min @ 180 W", false},
        {"3min @ 300 W", "10min @ 5'00''/km", false}, // nobody can tell
        {"800m @ 4'10''/km", "10min @ 180 spm", false},
    };
    Athlete athlete = athlete_unknown();
    athlete.race_count = 1;
    athlete.races[0] = (Race){.distance_m = 5000, .time_s = 1200, .maximal = true};
    const AthleteModel model = athlete_model(&athlete);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[400];
        size_t ignored;
        snprintf(text, sizeof text,
                 "- 10min @ 6'00''/km\n- 4 lots of:\n    - %s\n    - 2min rest\n- %s\n",
                 table[i].set, table[i].behind);
        read_plan(text);
        plan_resolve(&plan, &athlete, &model, false, &ignored);
        cr_expect(eq(int, plan_goes_on(&plan, 3), table[i].goes_on), "%s, then %s", table[i].set,
                  table[i].behind);
    }
}
