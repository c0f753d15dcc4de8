// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One line of a workout's list, both ways, in the grammar of text.h: "10min @ 6'00''/km",
// "2min rest", "5 lots of:". For text.c alone; everybody else wants text_parse(). Other texts have
// the same bullets.

#pragma once

#include "workout/line.h"
#include "workout/plan.h"
#include "workout/printer.h"

// Reads indent and bullet. False, with nothing consumed, when the line has no bullet; one is only
// a bullet when a blank, a digit, or the line's end follows ("--" and "-ing" are prose).
bool item_bullet(Line *line, uint32_t *ret_indent, bool *ret_round);

// Reads the rest of the line as an item of the plan and adds it, all with depth 0 and in line
// `number`; a ladder is several: itself and its rungs. False: nothing was added.
bool item_parse(Line *line, uint32_t number, Plan *plan, TextError *ret_error);

// Without indent, bullet or line end. A ladder's rungs are printed with it, and nothing for them.
void item_print(Printer *printer, const Plan *plan, size_t item);
