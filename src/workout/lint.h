// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Doubts about a workout that is legal: things its author most likely did not mean.

#pragma once

#include "workout/text.h"

// Adds a warning in the order of lines, when there is room and somebody listens (`warnings` may be
// NULL).
void lint_add(TextWarnings *warnings, uint32_t line, uint32_t column, const char *code,
              const char *text);

// Looks at an unrolled plan with at least one item; text.h has the codes.
void lint_plan(const Plan *plan, TextWarnings *warnings);
