// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A plan as the workout that watches load, a FIT file, both ways.
//
// What a file cannot hold is said. Repeats are one level deep, as many watches know no more: what
// is repeated around a repeat is written out, and so is what differs from one repetition to the
// next. A target becomes a range: 3 % to both sides of a single speed, 5 bpm, 4 steps a minute, or
// 5 % of a power; what the text calls it stands in the step's name and is taken from there when the
// file is read again, where it is not at odds with the range.

#pragma once

#include "codec/fit-write.h"
#include "workout/losses.h"
#include "workout/text.h"

#define FITPLAN_BYTES_MAX (512 * 1024) // no plan needs more

typedef struct {
    size_t byte; // where it stands, from 0
    char text[TEXT_MESSAGE_MAX];
} FitplanError;

// False and *ret_error when it is no workout for runners, is damaged, or says what cannot be run;
// *ret_plan is then undefined. The items' lines are the numbers of the file's steps, from 1,
// without a column, and so are those of what is lost.
bool fitplan_read(const uint8_t *bytes, size_t length, Plan *ret_plan, const Losses *losses,
                  FitplanError *ret_error);

// Writes a plan, resolved (plan_resolve()) as far as its runner is known: a target without an aim
// is left open, its words in the name, but for heart zones, which a watch has of its own. `created`
// in s since the FIT epoch and `serial`, above 0, tell the file from others: watches keep one of
// two that have both in common. Returns its length; 0 when it does not fit into `size`.
size_t fitplan_write(const Plan *plan, double created, uint32_t serial, uint8_t *bytes, size_t size,
                     const Losses *losses);

// The same as messages of a file of another kind, and what the laps of a run say of its steps:
// which of these messages a step of the plan is, and what it is for. The plan has items.
void fitplan_put(FitWriter *fit, const Plan *plan, const Losses *losses);
uint32_t fitplan_step_index(const Plan *plan, size_t step);
FitIntensity fitplan_intensity(const Plan *plan, size_t step);
