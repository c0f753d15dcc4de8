// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A pace that was written for the other unit: per mile where per kilometre is meant, or the other
// way round. For those who doubt, lint.c and lint-personal.c.

#pragma once

#include "workout/text.h"

#define LINT_HINT_MAX 64

// " (perhaps 7'00''/mi is meant)" where the pace of a step's item, read for the other unit, lies
// between two speeds in m/s, else "". Returns ret_text.
const char *lint_unit_hint(const Plan *plan, const PlanStep *step, double slowest, double fastest,
                           char ret_text[LINT_HINT_MAX]);

// Whether its unit is another one than most of the other paces are written in.
bool lint_unit_is_odd(const Plan *plan, const PlanStep *step);

// Doubts the unit of an item's pace, code odd-unit. `fastest`: of each item of the plan the fastest
// step, NULL where it has no pace. A `model` with races doubts nothing: lint_personal() does.
void lint_unit(const Plan *plan, const AthleteModel *model, const PlanStep *const *fastest,
               size_t item, TextWarnings *warnings);
