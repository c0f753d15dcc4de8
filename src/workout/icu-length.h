// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Words and lengths in the text of intervals.icu. For its readers alone.

#pragma once

#include "workout/line.h"
#include "workout/plan.h"

// A word in any case, and neither a letter, a digit nor = follows it; `word` is in lower case.
bool icu_accept(Line *line, const char *word);
bool icu_accept_ahead(Line *line, const char *word); // behind blanks
bool icu_accept_press_lap(Line *line);

Line icu_word(const Line *line); // from `at` to the next blank

// Reads a length at a word's beginning. False, with nothing consumed, when there is none. *ret_odd:
// it is in minutes, as it says, but so many that metres may have been meant.
bool icu_length(Line *line, PlanItem *item, bool *ret_odd);
