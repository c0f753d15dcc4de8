// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Between which limits a step makes sense by itself and in its place: how long it is, how fast, and
// what it wants of heart and feet. All the limits stand in lint-limits.c. For lint.c alone.

#pragma once

#include "workout/text.h"

// Of an item: a step, of which `first` is the first that is run, and `fastest` its fastest; NULL
// where it has no pace. `model` may be NULL: then only what nobody does or has is doubted.
void lint_limits_step(const Plan *plan, const AthleteModel *model, const PlanStep *first,
                      const PlanStep *fastest, TextWarnings *warnings);

// A first or last item, or a whole plan, so short that minutes were meant. Only what is easy is
// doubted at an end: strides are as short.
void lint_limits_ends(const Plan *plan, bool easy_first, bool easy_last, TextWarnings *warnings);
