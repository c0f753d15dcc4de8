// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What becomes of what the other format cannot hold: it is said, each in a sentence of its own with
// the place where it stood. Nothing that a converter leaves out is left out in silence.

#pragma once

#include <stdint.h>

typedef struct {
    // `where`: the line of the text, or the number of the step, that it stood in, 1-based; 0: it is
    // true of all of the workout. `text` without an end, valid during the call.
    void (*say)(void *data, uint32_t where, const char *text);
    void *data;
} Losses;

// Nothing when `losses` is NULL. Longer than 199 bytes it is cut.
void losses_say(const Losses *losses, uint32_t where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
