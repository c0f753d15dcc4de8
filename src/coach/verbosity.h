// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How much a runner wants to hear. What nobody may miss (a sensor lost, the plan changed, the end,
// an answer to a button) is told in words at every level, unless that kind is switched off.

#pragma once

#include "coach/cue.h"

typedef enum {
    VERBOSITY_FULL,   // all there is, and the countdown in words
    VERBOSITY_NORMAL, // the countdown in tones
    VERBOSITY_TERSE,  // the short form of what must be known; nothing on the way
    VERBOSITY_TONES,  // steps, their ends and corrections in tones only
    VERBOSITIES,
} Verbosity;

const char *verbosity_name(Verbosity verbosity); // "full", "normal", "terse", "tones"
bool verbosity_from_name(const char *name, Verbosity *ret_verbosity);

// The most of a kind that is told; FORM_SILENT: none of it.
#define FORM_SILENT (FORM_EARCON + 1)
int verbosity_most(Verbosity verbosity, CueKind kind);
