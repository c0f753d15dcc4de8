// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Changes to a plan that is being run. What is over and the step that is on stay as they are; an
// edit changes what comes, and can be taken back as long as no other followed it.
//
// A set is all that one outermost repeat holds; its repetitions are its steps of work that are not
// easy running and not strides.

#pragma once

#include "workout/plan.h"

// What came before an edit, to be put back.
typedef struct {
    size_t first, count; // steps[first …] were these; count 0 with first 0: nothing to take back
    PlanStep steps[PLAN_STEPS_MAX];
} PlanEdit;

// Whether this step is a repetition of a set.
bool plan_is_repetition(const Plan *plan, size_t step);

// The item of the outermost repeat around a step; PLAN_ITEMS_MAX when it stands in none.
size_t plan_set_of(const Plan *plan, size_t step);

// Where the set around a step ends: the index behind its last step. The step's own index + 1 when
// it stands in no repeat.
size_t plan_set_end(const Plan *plan, size_t step);

// The next repetition of the same set after this step; `step_count` when there is none.
size_t plan_next_repetition(const Plan *plan, size_t step);
uint32_t plan_repetitions_left(const Plan *plan, size_t step); // after this step

// What the repetitions of the set ask for in all, in mm or us by what `like` is measured in; those
// that are measured otherwise count for nothing.
int64_t plan_set_volume(const Plan *plan, size_t step, const Step *like);

// Gives every repetition of the set after `step` what `shortened` makes of it. False: nothing
// changed.
bool plan_shorten(Plan *plan, size_t step, Step (*shortened)(const PlanStep *step, void *data),
                  void *data, PlanEdit *ret_edit);

// Takes the set's last repetition, and what follows it in the set, out. False: none is to come.
bool plan_drop_last(Plan *plan, size_t step, PlanEdit *ret_edit);

// Takes all of the set after `step` out. False: there is nothing.
bool plan_end_set(Plan *plan, size_t step, PlanEdit *ret_edit);

// Puts steps in after `step`. False: there is no room.
bool plan_insert(Plan *plan, size_t step, const PlanStep *steps, size_t count, PlanEdit *ret_edit);

// Takes the edit back, as far as `step` (being run) is not behind it. False: it is, or nothing is
// to be taken back.
bool plan_undo(Plan *plan, size_t step, PlanEdit *edit);
