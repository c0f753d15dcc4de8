// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a verb made, as a whole, where the user wants it: there afterwards in full or not at all.

#pragma once

#include "pacectl/pacectl.h"

// Writes it to `path`; "-": standard output. What is there already is written over only where
// `force`; a device or a pipe is simply written to. For its owner's eyes only. An exit code; it was
// complained of.
int output_write(const char *path, const void *bytes, gsize length, gboolean force);

// Whether a file can be made there, as far as its folder says. An exit code; it was complained of.
int output_check(const char *path);

// A name for a file of its own: what cannot be in one, or would only trouble a shell, is a hyphen.
// At most so many bytes, which leaves room for a date and an ending. Free with g_free().
#define OUTPUT_NAME_MAX 200
char *output_name(const char *title);
