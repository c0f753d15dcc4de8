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

// Its parts. First the list as it stands, and the article around it; then the plan, once it is
// resolved for a runner whose `model` is known, or not: NULL. What is hard to begin with, and which
// unit was meant, may be so for one runner and not for another, so who knows one asks only then.
// The plan, which may come from elsewhere, is unrolled and has at least one item.
bool lint_article(const char *text, size_t length, Plan *ret_plan, TextWarnings *ret_warnings,
                  TextError *ret_error);
void lint_plan(const Plan *plan, const AthleteModel *model, TextWarnings *warnings);

// ── for those who doubt ──

// Adds a warning in the order of lines and columns, when there is room, somebody listens
// (`warnings` may be NULL), and it is none that was told already.
void lint_add(TextWarnings *warnings, uint32_t line, uint32_t column, const char *code,
              const char *text);

#define LINT_PACE_MAX  32
#define LINT_PLACE_MAX 32

// "4:21/km". Returns ret_text.
const char *lint_pace(double speed_mps, char ret_text[LINT_PACE_MAX]);

// "the step in line 5"; "step 5" of a plan that comes from no lines. Returns ret_text.
const char *lint_place(const PlanItem *item, char ret_text[LINT_PLACE_MAX]);

#define LINT_HARDER    1.08 // than what is easy
#define LINT_BRISK_MPS 3.0  // slower repetitions may be an easy run with breaks for walking

bool lint_is_stride(const PlanStep *step); // as short as those are, and as few
