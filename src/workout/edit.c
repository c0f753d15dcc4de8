// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Edits on the executed steps. What is hard is "three of five" after one was dropped: the
// repetitions of its repeat are counted anew, for those that are still to come.

#include "workout/edit.h"

#include <string.h>

// From here on it is a jog between repetitions, and no other kind of repetition: training paces are
// up to 12 % apart from the next but one, and easy running 16 % or more from all of them.
#define JOG_SLOWER 0.15

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
           plan_set_of(plan, step) != PLAN_ITEMS_MAX &&
           !plan_step_is_slower(plan, step, JOG_SLOWER);
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

// What follows cannot be taken back by what is known of an earlier edit. Not its steps: memory that
// nobody used before stays unused.
static bool no_edit(PlanEdit *edit)
{
    edit->first = edit->count = 0;
    return false;
}

bool plan_shorten(Plan *plan, size_t step, Step (*shortened)(const PlanStep *step, void *data),
                  void *data, PlanEdit *ret_edit)
{
    const size_t first = plan_next_repetition(plan, step), end = plan_set_end(plan, step);
    bool changed = false;
    remember(plan, first, ret_edit);
    for (size_t i = first; i < end; i++) {
        if (!plan_is_repetition(plan, i))
            continue;
        const Step now = shortened(&plan->steps[i], data);
        changed |= now.duration != plan->steps[i].step.duration ||
                   now.distance_mm != plan->steps[i].step.distance_mm;
        plan->steps[i].step = now;
    }
    return changed || no_edit(ret_edit);
}

static void take_out(Plan *plan, size_t first, size_t end)
{
    memmove(plan->steps + first, plan->steps + end, (plan->step_count - end) * sizeof *plan->steps);
    plan->step_count -= end - first;
}

// The repeat right around an item that stands in one.
static size_t repeat_around(const Plan *plan, size_t item)
{
    size_t around = item;
    while (plan->items[around].depth >= plan->items[item].depth)
        around--;
    return around;
}

// After `gone` was taken out before `end`: how many repetitions its repeat has, for those from
// `first` on. Of an inner repeat only this pass of it is meant: its counts fall on the way back.
static void count_anew(Plan *plan, size_t first, size_t end, const PlanStep *gone)
{
    const size_t repeat = repeat_around(plan, gone->item);
    uint16_t count = 0, above = gone->repetition;
    for (size_t i = end; i-- > first;) {
        PlanStep *step = &plan->steps[i];
        if (step->stride || repeat_around(plan, step->item) != repeat)
            continue;
        if (step->repetition > above || step->repetition == gone->repetition)
            return; // an earlier pass; or something is left of the repetition
        above = step->repetition;
        if (count == 0)
            count = above;
        step->repetitions = count;
    }
}

bool plan_drop_last(Plan *plan, size_t step, PlanEdit *ret_edit)
{
    const size_t first = plan_next_repetition(plan, step), end = plan_set_end(plan, step);
    if (first == plan->step_count)
        return no_edit(ret_edit);
    size_t last = end - 1;
    while (!plan_is_repetition(plan, last))
        last--;
    const PlanStep gone = plan->steps[last];
    remember(plan, first, ret_edit);
    if (last + 1 == end)
        while (last > first && !plan_is_repetition(plan, last - 1))
            last--;
    take_out(plan, last, end);
    count_anew(plan, first, last, &gone);
    return true;
}

bool plan_end_set(Plan *plan, size_t step, PlanEdit *ret_edit)
{
    const size_t first = plan_next_repetition(plan, step);
    if (first == plan->step_count)
        return no_edit(ret_edit);
    remember(plan, first, ret_edit);
    take_out(plan, first, plan_set_end(plan, step));
    return true;
}

bool plan_insert(Plan *plan, size_t step, const PlanStep *steps, size_t count, PlanEdit *ret_edit)
{
    const size_t first = step + 1;
    if (plan->step_count + count > PLAN_STEPS_MAX)
        return no_edit(ret_edit);
    remember(plan, first, ret_edit);
    memmove(plan->steps + first + count, plan->steps + first,
            ret_edit->count * sizeof *plan->steps);
    memcpy(plan->steps + first, steps, count * sizeof *steps);
    plan->step_count += count;
    return true;
}

bool plan_undo(Plan *plan, size_t step, PlanEdit *edit)
{
    if (step >= edit->first)
        return false;
    memcpy(plan->steps + edit->first, edit->steps, edit->count * sizeof *edit->steps);
    plan->step_count = edit->first + edit->count;
    no_edit(edit);
    return true;
}
