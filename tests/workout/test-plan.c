// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a plan unrolls to and adds up to, and what it refuses.

#include "workout/plan.h"
#include "workout/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

static Plan plan; // 70 kB: not for the stack

static PlanItem repeat(uint8_t depth, uint16_t repeats)
{
    return (PlanItem){.kind = ITEM_REPEAT, .depth = depth, .repeats = repeats};
}

static PlanItem run_s(uint8_t depth, int64_t seconds)
{
    return (PlanItem){.kind = ITEM_STEP,
                      .depth = depth,
                      .step = {.measure = MEASURE_TIME, .duration = seconds * USEC_PER_SEC},
                      .target = target_of_pace((PaceTarget){300, PACE_PER_KM})};
}

static bool unroll(const PlanItem *items, size_t count)
{
    plan = (Plan){.item_count = count};
    for (size_t i = 0; i < count; i++)
        plan.items[i] = items[i];
    size_t item;
    return plan_unroll(&plan, &item) == UNROLLED;
}

Test(plan, unrolls_what_a_repeat_holds_and_counts_repetitions)
{
    const PlanItem items[] = {run_s(0, 1), repeat(0, 2), run_s(1, 2), run_s(1, 3), run_s(0, 4)};
    const int64_t seconds[] = {1, 2, 3, 2, 3, 4};
    const int repetition[] = {0, 1, 1, 2, 2, 0};
    const int item[] = {0, 2, 3, 2, 3, 4};
    cr_assert(unroll(items, 5));
    cr_assert(eq(sz, plan.step_count, 6));
    for (size_t i = 0; i < 6; i++) {
        cr_expect(eq(i64, plan.steps[i].step.duration, seconds[i] * USEC_PER_SEC));
        cr_expect(eq(int, plan.steps[i].repetition, repetition[i]));
        cr_expect(eq(int, plan.steps[i].repetitions, repetition[i] > 0 ? 2 : 0));
        cr_expect(eq(int, plan.steps[i].item, item[i]));
    }
}

Test(plan, repeats_nest_and_a_step_knows_its_innermost)
{
    const PlanItem items[] = {repeat(0, 2), run_s(1, 9), repeat(1, 3), run_s(2, 1), run_s(1, 8)};
    cr_assert(unroll(items, 5));
    cr_assert(eq(sz, plan.step_count, 10));
    cr_expect(eq(int, plan.steps[7].repetition, 2));
    cr_expect(eq(int, plan.steps[7].repetitions, 3));
    cr_expect(eq(int, plan.steps[9].repetition, 2));
    cr_expect(eq(int, plan.steps[9].repetitions, 2));
}

Test(plan, refuses_what_cannot_be_run)
{
    const struct {
        const char *what;
        size_t count;
        PlanItem items[5];
    } table[] = {
        {"nothing", 0, {{0}}},
        {"a repeat of nothing at the end", 2, {run_s(0, 1), repeat(0, 3)}},
        {"a repeat of nothing before a step", 2, {repeat(0, 3), run_s(0, 1)}},
        {"a repeat of repeats of nothing", 2, {repeat(0, 60000), repeat(1, 60000)}},
        {"no times", 2, {repeat(0, 0), run_s(1, 1)}},
        {"one step too many", 3, {repeat(0, 500), run_s(1, 1), run_s(0, 1)}},
        {"very many", 4, {repeat(0, 65535), repeat(1, 65535), repeat(2, 65535), run_s(3, 1)}},
        {"too deep", 5, {repeat(0, 1), repeat(1, 1), repeat(2, 1), repeat(3, 1), run_s(4, 1)}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        cr_expect(not(unroll(table[i].items, table[i].count)), "%s", table[i].what);
}

Test(plan, holds_exactly_its_limit)
{
    const PlanItem items[] = {repeat(0, 250), run_s(1, 1), run_s(1, 1)};
    cr_expect(unroll(items, 3));
    cr_expect(eq(sz, plan.step_count, PLAN_STEPS_MAX));
}

Test(plan, says_what_it_adds_up_to)
{
    const PlanItem items[] = {
        run_s(0, 600), // 2000 m
        {.step = {.measure = MEASURE_DISTANCE, .distance_mm = 1609344},
         .target = target_of_pace((PaceTarget){420, PACE_PER_MILE})},
        {.step = {.kind = STEP_REST, .measure = MEASURE_TIME, .duration = 90 * USEC_PER_SEC}},
        {.step = {.kind = STEP_REST, .measure = MEASURE_DISTANCE, .distance_mm = 400000}},
        {.step = {.measure = MEASURE_TIME, .duration = 10 * USEC_PER_SEC}},
        {.step = {.measure = MEASURE_OPEN},
         .target = target_of_pace((PaceTarget){300, PACE_PER_KM})},
    };
    cr_assert(unroll(items, 6));
    cr_expect(ieee_ulp_eq(dbl, plan_total_m(&plan), 2000 + 1609.344, 4));
    cr_expect(ieee_ulp_eq(dbl, plan_total_s(&plan), 600 + 420 + 90 + 10, 4));
}

Test(plan, what_is_equal_to_the_work_counts_as_much)
{
    const PlanItem items[] = {
        {.step = {.measure = MEASURE_DISTANCE, .distance_mm = 1000000},
         .target = target_of_pace((PaceTarget){240, PACE_PER_KM})},
        {.step = {.kind = STEP_REST, .measure = MEASURE_EQUAL_TIME}},
        {.step = {.measure = MEASURE_TIME, .duration = 300 * USEC_PER_SEC},
         .target = target_of_pace((PaceTarget){300, PACE_PER_KM})},
        {.step = {.kind = STEP_REST, .manner = MANNER_JOG, .measure = MEASURE_EQUAL_DISTANCE}},
    };
    cr_assert(unroll(items, 4));
    cr_expect(ieee_ulp_eq(dbl, plan_total_m(&plan), 1000 + 1000 + 1000, 4));
    cr_expect(ieee_ulp_eq(dbl, plan_total_s(&plan), 240 + 240 + 300, 4), "how fast the jog is, "
                                                                         "nobody says");
}

Test(plan, a_pace_is_a_speed)
{
    cr_expect(ieee_ulp_eq(dbl, pace_target_speed((PaceTarget){300, PACE_PER_KM}), 1000.0 / 300, 4));
    cr_expect(
        ieee_ulp_eq(dbl, pace_target_speed((PaceTarget){420, PACE_PER_MILE}), 1609.344 / 420, 4));
    cr_expect(isnan(pace_target_speed((PaceTarget){0, PACE_NONE})) != 0);
    cr_expect(eq(int, pace_of_speed(1609.344 / 456, PACE_PER_MILE).seconds, 456));
    cr_expect(eq(int, pace_of_speed(1609.344 / 456, PACE_PER_KM).seconds, 283));
    cr_expect(eq(int, pace_of_speed((double)NAN, PACE_PER_KM).unit, PACE_NONE));
}

Test(plan, a_free_run_is_one_open_step)
{
    plan_free_run(&plan);
    cr_expect_str_eq(plan.name, "Free run");
    cr_assert(eq(sz, plan.step_count, 1));
    cr_expect(eq(int, plan.steps[0].step.measure, MEASURE_OPEN));
    cr_expect(eq(int, plan.steps[0].aim.quantity, AIM_NONE));
    cr_expect(eq(int, plan.steps[0].repetition, 0));
    cr_expect(eq(dbl, plan_total_s(&plan), 0));
}

Test(plan, step_kinds_have_names)
{
    cr_expect_str_eq(step_kind_name(STEP_WORK), "work");
    cr_expect_str_eq(step_kind_name(STEP_REST), "rest");
}

// What is easy is judged by what it surrounds: the letters say it of each executed step.
Test(plan, easy_running_is_what_is_slower_than_the_work)
{
    static Plan workout;
    static const struct {
        const char *text, *easy;
    } cases[] = {
        {"- 10min @ 6'00''/km\n- 1km @ 5'00''/km\n- 5min @ 6'00''/km\n", "ewe"},
        {"- 10min @ 5'20''/km\n- 1km @ 5'00''/km\n", "ww"}, // 6 % slower
        {"- 10min @ 6'00''/km\n- 10min @ 6'00''/km\n", "ww"},
        {"- 10min @ 6'00''/km\n- 60s rest\n- 1km @ 8'00''/mi\n", "eww"},
        // A jog between repetitions, and kilometres that strides do not turn into jogging.
        {"  • 2 lots of:\n    • 30s @ 3'00''/km\n    • 60s @ 6'00''/km\n  • 2 lots of:\n    • 1km "
         "@ "
         "4'30''/km\n    • 400m @ 6'00''/km\n  • 9min @ 5'30''/km\n",
         "wewewewee"},
        // Beside work by feel or all out: the way home is easy all the same.
        {"- 10min @ E\n- 20min @ RPE 5-6\n- 1min @ RPE 8-9\n- 10min @ E\n", "ewwe"},
        {"- 15min @ E\n- 30min @ max\n- 10min @ RPE 2\n", "ewe"},
        {"- 10min @ 6'00''/km\n- 30min @ max\n- 10min @ 6'00''/km\n", "wwe"},
        {"- 20min @ 4'30''/km\n- 30s @ RPE 9\n", "ww"},
        {"- 40min @ E\n- 10min @ E\n", "ww"},
        // What builds is as fast as it becomes.
        {"- 20min @ 5'45''/km building to 4'45''/km\n- 5min @ 5'40''/km\n", "we"},
        {"- 20min @ 5'45''/km building to 4'45''/km\n- 5min @ 4'45''/km\n", "ww"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        TextError error;
        snprintf(text, sizeof text, "Workout - Easy\n%s%s", cases[i].text[0] == ' ' ? "\n" : "",
                 cases[i].text);
        cr_assert(text_parse(text, strlen(text), &workout, NULL, &error), "%s", error.text);
        cr_assert(eq(sz, workout.step_count, strlen(cases[i].easy)));
        for (size_t step = 0; step < workout.step_count; step++)
            cr_expect(eq(int, plan_step_is_easy(&workout, step), cases[i].easy[step] == 'e'),
                      "case %zu, step %zu", i, step);
    }
    static Plan free_run;
    plan_free_run(&free_run);
    cr_expect(not(plan_step_is_easy(&free_run, 0)));
}

// A pace that is known only once the runner is makes a day of what none is for the fastest.
Test(plan, for_a_slow_runner_the_same_plan_may_be_too_long)
{
    static const char text[] = "Workout - T\n- 10min run\n- 250km @ E\n";
    const struct {
        double race_s;
        Resolution resolution;
    } table[] = {{900, RESOLVED}, {2400, LACKS_TIME}};
    TextError error;
    for (size_t i = 0; i < 2; i++) {
        Athlete athlete = athlete_unknown();
        athlete.race_count = 1;
        athlete.races[0] = (Race){.distance_m = 5000, .time_s = table[i].race_s, .maximal = true};
        const AthleteModel model = athlete_model(&athlete);
        size_t step = 0;
        cr_assert(text_parse(text, sizeof text - 1, &plan, NULL, &error), "%s", error.text);
        const Resolution resolution = plan_resolve(&plan, &athlete, &model, false, &step);
        cr_expect(eq(int, resolution, table[i].resolution), "%.0f s", table[i].race_s);
        cr_expect(eq(sz, step, i));
    }
}
