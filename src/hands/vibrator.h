// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the skin can tell apart while running: three lengths and three counts, no more. The kernel
// plays them; they are given to it once a device.

#pragma once

#include <glib.h>

#include "coach/cue.h"

typedef enum {
    FEEL_NOTHING,
    FEEL_GO,     // one long: work begins
    FEEL_REST,   // one of middle length: it is over, ease begins
    FEEL_FASTER, // three short
    FEEL_SLOWER, // two long
    FEEL_YES,    // one short
    FEEL_NO,     // two short
} Feel;

#define FEELS (FEEL_NO + 1)

// Motors turn so long before it is felt.
#define FEEL_AHEAD (40 * USEC_PER_MSEC)

typedef struct {
    gint16 ids[FEELS]; // the kernel's; -1: not taken
} Vibrator;

Feel feel_of(Tone tone);

// Gives what there is to feel to the device behind `fd`, 0 … 100 % strong; FALSE: it takes nothing.
gboolean vibrator_init(Vibrator *vibrator, int fd, int strength);
// Begins it now, in place of what is being felt.
void vibrator_play(const Vibrator *vibrator, int fd, Feel feel);
