// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Where an article contradicts itself or its list. Those that publish workouts write their prose
// and their list apart: the mile in 5:30 above is one in 6:00 below, five paces are five times the
// same, a jog of 400 m is a rest of 2:10. What the prose claims is found by its form (paces,
// splits, counts, races, percentages, "faster than"), never by its author's sentences, and where it
// may speak of something else than the list nothing is said. It reads English.

#pragma once

#include "workout/text.h"

// `text` is what the plan was parsed from: its lines before the title, after the list, and the
// title. text.h has the codes. Takes time in proportion to the text, some 100 kB of stack, and
// allocates nothing.
void prose_lint(const char *text, size_t length, const Plan *plan, TextWarnings *warnings);
