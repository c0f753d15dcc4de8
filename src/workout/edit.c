// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Edits on the executed steps. What is hard is "three of five" after one was dropped: the
// repetitions of its repeat are counted anew, for those that are still to come.

#include "workout/edit.h"

#include <string.h>

// From here on it is a jog between repetitions, and no other kind of repetition: training paces are
// up to 12 % apart from the next but one, and easy running 16 % or more from all of them.
#define JOG_SLOWER 0.15
#define NEARLY     0.92 // of what a set asks for

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

bool plan_is_jog_between(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    return this->step.kind == STEP_WORK && !this->stride &&
           plan_set_of(plan, step) != PLAN_ITEMS_MAX && !plan_is_repetition(plan, step);
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

bool plan_next_is_like_all(const Plan *plan, size_t step)
{
    const size_t next = plan_next_repetition(plan, step);
    size_t i = next;
    if (next == plan->step_count)
        return false;
    while ((i = plan_next_repetition(plan, i)) < plan->step_count)
        if (plan->steps[i].step.duration != plan->steps[next].step.duration ||
            plan->steps[i].step.distance_mm != plan->steps[next].step.distance_mm)
            return false;
    return plan_repetitions_left(plan, next) > 0;
}

// The most that the set around a step asks for in a quantity; NAN: it asks for none of it.
static double most_of_set(const Plan *plan, size_t step, AimQuantity quantity)
{
    const size_t set = plan_set_of(plan, step);
    double most = (double)NAN;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan_set_of(plan, i) == set && plan->steps[i].aim.quantity == quantity)
            most = fmax(most, plan->steps[i].aim.value); // which ignores NAN
    return most;
}

// As hard as the set around `step`, or hard by itself.
static bool is_hard_after(const Plan *plan, size_t step, const PlanStep *next)
{
    const Aim *aim = &next->aim;
    if (next->step.kind != STEP_WORK || next->stride)
        return false;
    const double most = most_of_set(plan, step, aim->quantity);
    const double effort = target_effort(&plan->items[next->item].target, (double)NAN);
    return effort >= EFFORT_HARD || aim->value >= NEARLY * most; // never of NAN
}

bool plan_goes_on(const Plan *plan, size_t step)
{
    for (size_t i = plan_set_end(plan, step); i < plan->step_count; i++)
        if (is_hard_after(plan, step, &plan->steps[i]) || plan_is_repetition(plan, i))
            return true;
    return false;
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

// A rest that is as long, or as far, as the work before it stays so.
static void keep_equal(const Plan *plan, PlanStep *rest, const Step *work)
{
    const WrittenUnit unit = plan->items[rest->item].written.unit;
    if ((unit == WRITTEN_EQUAL_TIME || unit == WRITTEN_EQUAL_DISTANCE) &&
        rest->step.measure == work->measure) {
        rest->step.duration = work->duration;
        rest->step.distance_mm = work->distance_mm;
    }
}

bool plan_shorten(Plan *plan, size_t step, Step (*shortened)(const PlanStep *step, void *data),
                  void *data, PlanEdit *ret_edit)
{
    const size_t first = plan_next_repetition(plan, step), end = plan_set_end(plan, step);
    bool changed = false;
    remember(plan, first, ret_edit);
    const Step *work = NULL;
    for (size_t i = first; i < end; i++) {
        if (!plan_is_repetition(plan, i)) {
            if (work)
                keep_equal(plan, &plan->steps[i], work);
            continue;
        }
        const Step now = shortened(&plan->steps[i], data);
        changed |= now.duration != plan->steps[i].step.duration ||
                   now.distance_mm != plan->steps[i].step.distance_mm;
        plan->steps[i].step = now;
        work = &plan->steps[i].step;
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

// Where the repeat right around a repetition is over, this pass of it: behind its last step.
static size_t pass_end(const Plan *plan, size_t step)
{
    const size_t repeat = repeat_around(plan, plan->steps[step].item),
                 block_end = plan_block_end(plan, repeat), end = plan_set_end(plan, step);
    uint16_t above = plan->steps[step].repetition;
    for (size_t i = step + 1; i < end; i++) {
        const PlanStep *this = &plan->steps[i];
        if (this->item <= repeat || this->item >= block_end)
            return i;
        if (this->stride || repeat_around(plan, this->item) != repeat)
            continue;
        if (this->repetition < above)
            return i;
        above = this->repetition;
    }
    return end;
}

bool plan_begins_inner(const Plan *plan, size_t step)
{
    const size_t next = plan_next_repetition(plan, step);
    return next < plan->step_count && plan->steps[next].repetition == 1 &&
           plan->items[repeat_around(plan, plan->steps[next].item)].depth > 0;
}

bool plan_drop_last(Plan *plan, size_t step, PlanEdit *ret_edit)
{
    const size_t first = plan_next_repetition(plan, step);
    if (first == plan->step_count)
        return no_edit(ret_edit);
    const size_t end = pass_end(plan, first);
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
