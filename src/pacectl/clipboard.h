// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was copied elsewhere, as text.

#pragma once

#include "pacectl/pacectl.h"

// By the first of wl-paste (Wayland), xclip and xsel (X) that does it; at most a byte more than
// TEXT_INPUT_MAX. NUL-terminated; free with g_free(). NULL: it was complained of, with what was
// tried.
char *clipboard_read(gsize *ret_length, int *ret_code);
