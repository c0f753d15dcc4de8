// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Why nobody is told to do more or less at this moment: so that a runner who wonders about a
// silent coach, or its maker, need not guess.

#pragma once

#include <stdbool.h>

typedef enum {
    SILENCE_NOT_RUNNING,
    SILENCE_REST,
    SILENCE_NO_TARGET,      // the step asks for nothing that is measured
    SILENCE_SHORT,          // a correction could not work before the step is over
    SILENCE_SWITCHED_OFF,   // by the settings
    SILENCE_NOT_MEASURED,   // by any sensor
    SILENCE_LOW_CONFIDENCE, // it is not known well enough
    SILENCE_GRACE,          // the step has just begun
    SILENCE_ON_TARGET,
    SILENCE_GAVE_UP, // said often enough, and it did not help
    SILENCE_ENDING,  // the step is nearly over
    SILENCE_WAITING, // until it has lasted, or the words before are digested
    SILENCE_BUDGET,  // enough was said in this minute
    SILENCES,
} Silence;

const char *silence_name(Silence silence); // "rest", "low-confidence", …
