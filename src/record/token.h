// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The words that a capture's lines are made of, both ways.

#pragma once

#include "base/cursor.h"
#include "base/units.h"

void token_text(Writer *writer, const char *text);
void token_number(Writer *writer, uint64_t number);
void token_seconds(Writer *writer, Usec span);     // "-0.500000"
void token_word(Writer *writer, const char *word); // a blank before it

// A number in millionths, without the noughts at its end: "35", "4.25".
void token_millionths(Writer *writer, int64_t millionths);

bool token_blank(char letter);

// The next word, NUL-terminated in place; "" at the end.
char *token_next(char **at);

bool token_read_number(const char *word, uint64_t most, uint64_t *ret_number);

// "12", "-0.5", "12.345678"; digits beyond the microsecond are refused rather than rounded.
bool token_read_seconds(const char *word, Usec *ret_span);
