// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Doubts about a workout that is legal: things its author most likely did not mean. None of it is
// for a run: the daemon parses and asks nobody, so what is here stays out of it.

#pragma once

#include "workout/text.h"

// text_parse() and every doubt that there can be without knowing the runner: of the list as it
// stands, of the plan that it makes, and of the article around it. text.h has the codes.
bool lint_text(const char *text, size_t length, Plan *ret_plan, TextWarnings *ret_warnings,
               TextError *ret_error);

// The middle part alone, for a plan that came from elsewhere, or once it is resolved and more of it
// has a pace: unrolled, with at least one item.
void lint_plan(const Plan *plan, TextWarnings *warnings);

// ── for those who doubt ──

// Adds a warning in the order of lines and columns, when there is room, somebody listens
// (`warnings` may be NULL), and it is none that was told already.
void lint_add(TextWarnings *warnings, uint32_t line, uint32_t column, const char *code,
              const char *text);

#define LINT_PACE_MAX 32
#define LINT_HINT_MAX 64

// "4:21/km". Returns ret_text.
const char *lint_pace(double speed_mps, char ret_text[LINT_PACE_MAX]);
