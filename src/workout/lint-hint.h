// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is written otherwise elsewhere. For lint.c, when a text cannot be read: the parser, which is
// in the daemon too, says what it expected; this says how the line is written here.

#pragma once

#include "workout/text.h"

// The advice for the line that *error is about: "a repeat is "5 lots of:" …"; NULL where nothing is
// known of such a line. Static.
const char *lint_hint(const char *text, size_t length, const TextError *error);
