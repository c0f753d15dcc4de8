// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One line of a workout's list, in the grammar of text.h: "10min @ 6'00''/km", "2min rest",
// "5 lots of:". For text.c alone; everybody else wants text_parse().

#pragma once

#include "workout/text.h"

// A line without its line end, valid UTF-8, and how far it has been read.
typedef struct {
    const char *start, *at, *end;
} Line;

// Reads a blank as people paste them (space, tab, no-break and zero-width ones): its length in
// bytes, 0 when there is none.
size_t line_blank(const Line *line);
void line_skip_blanks(Line *line);
// Reads `text` when the line goes on with it.
bool line_accept(Line *line, const char *text);
uint32_t line_column(const Line *line); // of `at`: 1-based, in characters

// Fills *ret_error but for its line: "expected EXPECTED, found …". Always false.
bool line_fail(const Line *line, const char *expected, TextError *ret_error);

// Reads indent and bullet. False, with nothing consumed, when the line has no bullet; one is only
// a bullet when a blank, a digit, or the line's end follows ("--" and "-ing" are prose).
bool item_bullet(Line *line, uint32_t *ret_indent, bool *ret_round);

// Reads the rest of the line as an item. `depth` and `line` of the item are left 0.
bool item_parse(Line *line, PlanItem *ret_item, TextError *ret_error);
