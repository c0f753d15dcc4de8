// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the tones sound like: pure functions of a position, so that any part of a tone can be
// rendered again. Positions and lengths are samples; sound is 16-bit mono at `rate` Hz.

#pragma once

#include <stddef.h>
#include <stdint.h>

#include "coach/cue.h"

int64_t tone_length(Tone tone, int rate); // 0 for TONE_NONE

// Adds a tone that begins at `at` to `count` samples that begin at `from`; `gain` 1 is as loud as
// speech at its loudest.
void tone_mix(Tone tone, int rate, double gain, int64_t at, int64_t from, int16_t *samples,
              size_t count);
