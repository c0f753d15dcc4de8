// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Edits on the executed steps. What is hard is "three of five" after one was dropped: what counts
// repetitions is counted anew, for the steps that are still to come.

#include "workout/edit.h"

#include <string.h>

size_t plan_set_of(const Plan *plan, size_t step)
{
    size_t item = plan->steps[step].item;
    if (plan->item_count == 0 || plan->items[item].depth == 0)
        return PLAN_ITEMS_MAX;
    while (plan->items[item].depth > 0)
        item--;
    return item;
}

bool plan_is_repetition(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    return this->step.kind == STEP_WORK && !this->stride &&
           plan_set_of(plan, step) != PLAN_ITEMS_MAX && !plan_step_is_easy(plan, step);
}

size_t plan_set_end(const Plan *plan, size_t step)
{
    const size_t set = plan_set_of(plan, step);
    size_t end = step + 1;
    while (set != PLAN_ITEMS_MAX && end < plan->step_count && plan_set_of(plan, end) == set)
        end++;
    return end;
}

size_t plan_next_repetition(const Plan *plan, size_t step)
{
    const size_t end = plan_set_end(plan, step);
    for (size_t i = step + 1; i < end; i++)
        if (plan_is_repetition(plan, i))
            return i;
    return plan->step_count;
}

uint32_t plan_repetitions_left(const Plan *plan, size_t step)
{
    const size_t end = plan_set_end(plan, step);
    uint32_t left = 0;
    for (size_t i = step + 1; i < end; i++)
        left += plan_is_repetition(plan, i);
    return left;
}

int64_t plan_set_volume(const Plan *plan, size_t step, const Step *like)
{
    const size_t set = plan_set_of(plan, step);
    int64_t volume = 0;
    for (size_t i = 0; i < plan->step_count; i++) {
        const Step *other = &plan->steps[i].step;
        if (plan_set_of(plan, i) == set && plan_is_repetition(plan, i) &&
            other->measure == like->measure)
            volume += like->measure == MEASURE_TIME ? other->duration : other->distance_mm;
    }
    return volume;
}

static void remember(const Plan *plan, size_t first, PlanEdit *ret_edit)
{
    ret_edit->first = first;
    ret_edit->count = plan->step_count - first;
    memcpy(ret_edit->steps, plan->steps + first, ret_edit->count * sizeof *ret_edit->steps);
}

static void forget(PlanEdit *edit) // not its steps: memory nobody used before stays unused
{
    edit->first = edit->count = 0;
}

bool plan_shorten(Plan *plan, size_t step, Step (*shortened)(const PlanStep *step, void *data),
                  void *data, PlanEdit *ret_edit)
{
    const size_t end = plan_set_end(plan, step);
    bool changed = false;
    remember(plan, step + 1, ret_edit);
    for (size_t i = step + 1; i < end; i++) {
        if (!plan_is_repetition(plan, i))
            continue;
        const Step now = shortened(&plan->steps[i], data);
        changed |= now.duration != plan->steps[i].step.duration ||
                   now.distance_mm != plan->steps[i].step.distance_mm;
        plan->steps[i].step = now;
    }
    if (!changed)
        forget(ret_edit);
    return changed;
}

// Takes the steps from `first` to before `end` out.
static bool take_out(Plan *plan, size_t first, size_t end, PlanEdit *ret_edit)
{
    if (first >= end)
        return false;
    remember(plan, first, ret_edit);
    memmove(plan->steps + first, plan->steps + end, (plan->step_count - end) * sizeof *plan->steps);
    plan->step_count -= end - first;
    return true;
}

// After repetitions of a set were taken out or put in: how many there are, for those to come.
static void count_anew(Plan *plan, size_t step, size_t set)
{
    uint16_t most = 0;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan_set_of(plan, i) == set && plan->items[plan->steps[i].item].depth == 1)
            most = plan->steps[i].repetition > most ? plan->steps[i].repetition : most;
    for (size_t i = step + 1; i < plan->step_count; i++)
        if (plan_set_of(plan, i) == set && plan->items[plan->steps[i].item].depth == 1)
            plan->steps[i].repetitions = most;
}

bool plan_drop_last(Plan *plan, size_t step, PlanEdit *ret_edit)
{
    const size_t end = plan_set_end(plan, step), set = plan_set_of(plan, step);
    size_t last = end;
    while (last > step + 1 && !plan_is_repetition(plan, last - 1))
        last--;
    if (last == step + 1)
        return false;
    remember(plan, step + 1, ret_edit); // all of it, for the count of those before changes as well
    memmove(plan->steps + last - 1, plan->steps + end,
            (plan->step_count - end) * sizeof *plan->steps);
    plan->step_count -= end - (last - 1);
    count_anew(plan, step, set);
    return true;
}

bool plan_end_set(Plan *plan, size_t step, PlanEdit *ret_edit)
{
    return take_out(plan, step + 1, plan_set_end(plan, step), ret_edit);
}

bool plan_insert(Plan *plan, size_t step, const PlanStep *steps, size_t count, PlanEdit *ret_edit)
{
    if (plan->step_count + count > PLAN_STEPS_MAX)
        return false;
    remember(plan, step + 1, ret_edit);
    memmove(plan->steps + step + 1 + count, plan->steps + step + 1,
            ret_edit->count * sizeof *plan->steps);
    memcpy(plan->steps + step + 1, steps, count * sizeof *steps);
    plan->step_count += count;
    return true;
}

bool plan_undo(Plan *plan, size_t step, PlanEdit *edit)
{
    if (edit->first == 0 || step >= edit->first)
        return false;
    memcpy(plan->steps + edit->first, edit->steps, edit->count * sizeof *edit->steps);
    plan->step_count = edit->first + edit->count;
    forget(edit);
    return true;
}
