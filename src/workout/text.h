// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The text format that running articles publish, both ways, exactly:
//
//     workout  := "Workout - " NAME NL item+
//     item     := INDENT BULLET " " ( step | header )
//     header   := INT " lots of:"
//     step     := length " @ " pace | length " rest"
//     length   := duration | distance
//     duration := [INT "h"] [INT "min"] [INT "s"]
//     distance := INT "m" | DEC "km" | DEC "mi"
//     pace     := INT "'" 2DIGIT "''/" ("km"|"mi")
//
// It can be fed a whole article: what stands before "Workout - " and after the list is prose. An
// unknown unit is an error, never a guess (`m` is metres). What is legal but doubtful is a warning.
// No allocation and no state: the session parses with it in mid-run.

#pragma once

#include "workout/plan.h"

#define TEXT_MESSAGE_MAX  200
#define TEXT_WARNINGS_MAX 32
#define TEXT_INPUT_MAX    (1024 * 1024) // bytes; a longer text is refused at once

typedef struct {
    uint32_t line;   // 1-based
    uint32_t column; // 1-based, in characters (not bytes)
    char text[TEXT_MESSAGE_MAX];
} TextError;

typedef struct {
    uint32_t line, column;
    const char *code; // stable, e.g. "ambiguous-block"; static
    char text[TEXT_MESSAGE_MAX];
} TextWarning;

typedef struct {
    size_t count; // further warnings are dropped
    TextWarning items[TEXT_WARNINGS_MAX];
} TextWarnings;

// Returns false and fills *ret_error when the text holds no workout or a broken one; *ret_plan is
// then undefined. `ret_warnings` may be NULL.
bool text_parse(const char *text, size_t length, Plan *ret_plan, TextWarnings *ret_warnings,
                TextError *ret_error);

// Prints the plan as text, NUL-terminated. Returns the length without the NUL; when that is ≥ size
// the output was cut (call again with more room).
size_t text_print(const Plan *plan, char *buffer, size_t size);
