// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A line of text on its way through a parser, and what every grammar here is made of: blanks,
// words, numbers, and an error that says where it stands and what was expected. For the readers of
// this room.

#pragma once

#include "workout/text.h"

// A line without its line end, valid UTF-8, and how far it has been read.
typedef struct {
    const char *start, *at, *end;
} Line;

// A text's lines, which end with LF, CRLF, CR or Unicode's own separator of lines or paragraphs
// (three bytes); a mark of byte order before the first is no part of it.
typedef struct {
    const char *at, *end; // what is left of the text
    const char *newline, *cr,
        *separator;  // the next ones from `at` on, or `end`; from the first line on
    uint32_t number; // of the line that was read last, 1-based
} Lines;

Lines lines_of(const char *text, size_t length);
bool lines_next(Lines *lines, Line *ret_line);
bool lines_end_before(const char *at, const char *text); // `at` is behind `text`, the beginning

// Whether it is UTF-8 without a NUL. False fills *ret_error but for its line.
bool line_check(const Line *line, TextError *ret_error);

// The length of the character at `at`, where one is; 0 when it is not UTF-8: also over-long forms,
// surrogates and what lies beyond Unicode.
size_t line_character(const Line *line);

// Reads a blank as people paste them (space, tab, no-break and zero-width ones): its length in
// bytes, 0 when there is none.
size_t line_blank(const Line *line);
bool line_blank_is_narrow(const Line *line); // of no width, where line_blank() finds one
void line_skip_blanks(Line *line);
bool line_at_end(const Line *line); // nothing but blanks is left
bool line_at_digit(const Line *line);
uint32_t line_column(const Line *line); // of `at`: 1-based, in characters

// Each reads what it names when the line goes on with it, and else moves nothing.
bool line_accept(Line *line, const char *text);
bool line_accept_any(Line *line, const char *const *texts, size_t count);
bool line_accept_word(Line *line, const char *word); // and no letter follows it
bool line_accept_words(Line *line,
                       const char *words); // "half marathon": any blanks between, before
bool line_accept_dash(Line *line);         // also the longer ones
bool line_accept_minute_mark(Line *line);  // ' and its curled kin
bool line_accept_double_quote(Line *line); // " and its curled kin

// "Workout - ", also with the longer dash that word processors make of it.
bool line_accept_title(Line *line);

// The letters (A to Z in any case) at `at`: how many, and whether they are `word`.
size_t line_word_length(const Line *line);
bool line_word_is(const Line *line, size_t length, const char *word);

// Fills *ret_error but for its line: "expected EXPECTED, found …". Always false.
bool line_fail(const Line *line, const char *expected, TextError *ret_error);

// A number as written: `scaled` is it times 10^decimals; at most NUMBER_MAX and DECIMALS_MAX.
#define NUMBER_MAX   999999999U
#define DECIMALS_MAX 5
typedef struct {
    Line at; // where it stands
    uint32_t scaled;
    uint8_t decimals;
} Number;

double number_value(const Number *number);

// Wants line_at_digit().
bool number_parse(Line *line, Number *ret_number, TextError *ret_error);

// A whole number from `least` to `most`; `expected` says so in words, for the error.
bool number_parse_whole(Line *line, uint32_t least, uint32_t most, const char *expected,
                        uint32_t *ret_number, TextError *ret_error);

// With at most one decimal, in tenths: from `least` to `most` tenths.
bool number_parse_tenths(Line *line, uint32_t least, uint32_t most, const char *expected,
                         uint32_t *ret_tenths, TextError *ret_error);
