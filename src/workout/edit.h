// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Changes to a plan that is being run. What is over, the step that is on and the rest it belongs to
// stay as they are; an edit changes what comes from the next repetition on, and can be taken back
// until that begins, as long as no other edit followed.
//
// A set is all that one outermost repeat holds; its repetitions are its steps of work that are no
// strides, nor paced as a jog.

#pragma once

#include "workout/plan.h"

// What came before an edit, to be put back.
typedef struct {
    size_t first, count; // steps[first …] were these; count 0 with first 0: nothing to take back
    PlanStep steps[PLAN_STEPS_MAX];
} PlanEdit;

// Whether this step is a repetition of a set.
bool plan_is_repetition(const Plan *plan, size_t step);

// Whether it is run between two of them, slowly: a rest, although a pace is asked for.
bool plan_is_jog_between(const Plan *plan, size_t step);

// The item of the outermost repeat around a step; PLAN_ITEMS_MAX when it stands in none.
size_t plan_set_of(const Plan *plan, size_t step);

// Where the set around a step ends: the index behind its last step. The step's own index + 1 when
// it stands in no repeat.
size_t plan_set_end(const Plan *plan, size_t step);

// The next repetition of the same set after this step; `step_count` when there is none.
size_t plan_next_repetition(const Plan *plan, size_t step);
uint32_t plan_repetitions_left(const Plan *plan, size_t step); // after this step

// Whether hard running comes behind the set around this step: another set, or a step by itself.
bool plan_goes_on(const Plan *plan, size_t step);

// Whether the next repetition after this step is the first of a repeat within the set.
bool plan_begins_inner(const Plan *plan, size_t step);

// Whether all repetitions of the set after the next are as long as that, and there are any.
bool plan_next_is_like_all(const Plan *plan, size_t step);

// What the repetitions of the set ask for in all, in mm or us by what `like` is measured in; those
// that are measured otherwise count for nothing.
int64_t plan_set_volume(const Plan *plan, size_t step, const Step *like);

// Each of the three changes what comes after `step`. False: nothing to change, and nothing to be
// taken back.

// Gives every repetition of the set what `shortened` makes of it, and a rest that is equal to it as
// much.
bool plan_shorten(Plan *plan, size_t step, Step (*shortened)(const PlanStep *step, void *data),
                  void *data, PlanEdit *ret_edit);

// Takes the last repetition out of the repeat right around the next one, and what follows it there;
// or, where nothing does, the rest before it. "Four of five" becomes "four of four".
bool plan_drop_last(Plan *plan, size_t step, PlanEdit *ret_edit);

// Takes the next repetition and all behind it in the set out.
bool plan_end_set(Plan *plan, size_t step, PlanEdit *ret_edit);

// Puts steps in after `step`. False: there is no room.
bool plan_insert(Plan *plan, size_t step, const PlanStep *steps, size_t count, PlanEdit *ret_edit);

// Takes the edit back while `step` is being run. False: what was edited has begun, or there is
// nothing to be taken back.
bool plan_undo(Plan *plan, size_t step, PlanEdit *edit);
