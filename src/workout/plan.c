// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Unrolls a workout's items into the steps that will be run, and says what they add up to. What is
// hard is to trust nothing: items come from a text that may ask for a repeat of nothing or for more
// steps than anybody runs, so the work done is bounded by the room, never by the numbers asked for.

#include "workout/plan.h"

#include <string.h>

static bool plan_add_step(Plan *plan, size_t item, uint16_t repetition, uint16_t repetitions)
{
    if (plan->step_count == PLAN_STEPS_MAX)
        return false;
    plan->steps[plan->step_count++] = (PlanStep){
        .step = plan->items[item].step,
        .repetition = repetition,
        .repetitions = repetitions,
        .item = (uint16_t)item,
    };
    return true;
}

size_t plan_block_end(const Plan *plan, size_t repeat)
{
    size_t end = repeat + 1;
    while (end < plan->item_count && plan->items[end].depth > plan->items[repeat].depth)
        end++;
    return end;
}

// Unrolls the items from `first` to before `end`. Every pass through a repeat adds a step or fails,
// so a huge count ends as soon as the room does.
static bool plan_unroll_span(Plan *plan, size_t first, size_t end, uint16_t repetition,
                             uint16_t repetitions)
{
    for (size_t i = first; i < end;) {
        const PlanItem *item = &plan->items[i];
        if (item->kind == ITEM_STEP) {
            if (!plan_add_step(plan, i, repetition, repetitions))
                return false;
            i++;
            continue;
        }
        size_t block_end = plan_block_end(plan, i);
        if (block_end == i + 1 || item->repeats == 0 || item->depth >= PLAN_DEPTH_MAX)
            return false;
        for (uint16_t n = 1; n <= item->repeats; n++)
            if (!plan_unroll_span(plan, i + 1, block_end, n, item->repeats))
                return false;
        i = block_end;
    }
    return true;
}

bool plan_unroll(Plan *plan)
{
    plan->step_count = 0;
    return plan->item_count > 0 && plan_unroll_span(plan, 0, plan->item_count, 0, 0);
}

void plan_free_run(Plan *ret_plan)
{
    memset(ret_plan, 0, sizeof *ret_plan);
    memcpy(ret_plan->name, "Free run", sizeof "Free run");
    ret_plan->steps[0].step = (Step){.kind = STEP_WORK, .measure = MEASURE_OPEN};
    ret_plan->step_count = 1;
    ret_plan->endless = true;
}

double pace_target_speed(PaceTarget pace)
{
    switch (pace.unit) {
    case PACE_NONE:
        return (double)NAN;
    case PACE_PER_KM:
        return METRES_PER_KM / pace.seconds;
    case PACE_PER_MILE:
        return METRES_PER_MILE / pace.seconds;
    }
    return (double)NAN;
}

double pace_target_s_per_km(PaceTarget pace)
{
    switch (pace.unit) {
    case PACE_NONE:
        return (double)NAN;
    case PACE_PER_KM:
        return pace.seconds;
    case PACE_PER_MILE:
        return pace.seconds * METRES_PER_KM / METRES_PER_MILE;
    }
    return (double)NAN;
}

double step_planned_m(const Step *step)
{
    if (step->kind == STEP_REST)
        return 0;
    switch (step->measure) {
    case MEASURE_TIME:
        return step->pace.unit == PACE_NONE
                   ? 0
                   : usec_to_s(step->duration) * pace_target_speed(step->pace);
    case MEASURE_DISTANCE:
        return (double)step->distance_mm / 1000;
    case MEASURE_OPEN:
        return 0;
    }
    return 0;
}

double step_planned_s(const Step *step)
{
    switch (step->measure) {
    case MEASURE_TIME:
        return usec_to_s(step->duration);
    case MEASURE_DISTANCE:
        return step->pace.unit == PACE_NONE
                   ? 0
                   : (double)step->distance_mm / 1000 / pace_target_speed(step->pace);
    case MEASURE_OPEN:
        return 0;
    }
    return 0;
}

double plan_total_m(const Plan *plan)
{
    double total = 0;
    for (size_t i = 0; i < plan->step_count; i++)
        total += step_planned_m(&plan->steps[i].step);
    return total;
}

double plan_total_s(const Plan *plan)
{
    double total = 0;
    for (size_t i = 0; i < plan->step_count; i++)
        total += step_planned_s(&plan->steps[i].step);
    return total;
}

#define EASY_SLOWER 0.08

// The items of the innermost repeat around this one, or all of them.
static void block_around(const Plan *plan, size_t item, size_t *ret_begin, size_t *ret_end)
{
    *ret_begin = 0;
    *ret_end = plan->item_count;
    for (size_t i = item; i-- > 0;) {
        if (plan->items[i].depth >= plan->items[item].depth)
            continue;
        *ret_begin = i + 1;
        *ret_end = plan_block_end(plan, i);
        return;
    }
}

bool plan_step_is_easy(const Plan *plan, size_t step)
{
    double speed = pace_target_speed(plan->steps[step].step.pace);
    if (isnan(speed)) // nor has a free run any items
        return false;
    size_t begin, end;
    block_around(plan, plan->steps[step].item, &begin, &end);
    double fastest = speed;
    for (size_t i = begin; i < end; i++)
        if (plan->items[i].kind == ITEM_STEP) // fmax ignores NAN
            fastest = fmax(fastest, pace_target_speed(plan->items[i].step.pace));
    return speed <= fastest * (1 - EASY_SLOWER);
}

const char *step_kind_name(StepKind kind)
{
    switch (kind) {
    case STEP_WORK:
        return "work";
    case STEP_REST:
        return "rest";
    }
    return "unknown";
}
