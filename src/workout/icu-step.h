// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One step of the text of intervals.icu, without its dash. For icu.c alone.

#pragma once

#include "workout/line.h"
#include "workout/losses.h"
#include "workout/plan.h"

#define ICU_STEP_MAX 1000 // bytes

typedef struct {
    PlanItem item;                 // without its note
    Line label;                    // what stands before the length
    char words[2 * PLAN_NOTE_MAX]; // what means nothing behind it, or has no place of its own
} IcuStep;

// Reads a step to the end of the line; `number` is the line's, for its item and what is lost. False
// fills *ret_error but for its line.
bool icu_step(Line *line, uint32_t number, const Losses *losses, IcuStep *ret_step,
              TextError *ret_error);
