// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Times and distances as a workout's text has them, both ways: "2min 10s", "90s", "200m", "1.0km".
// An unknown unit is an error, never a guess.

#pragma once

#include "workout/line.h"
#include "workout/plan.h"
#include "workout/printer.h"

// At most 24 hours, or 1000 km; may be zero.
bool length_parse(Line *line, WrittenLength *ret_length, TextError *ret_error);
void length_print(Printer *printer, const WrittenLength *length);

// The word at `line` is none of these units: says so, and which one it may be meant for. Always
// false.
bool line_fail_unit(const Line *line, const char *units, TextError *ret_error);
