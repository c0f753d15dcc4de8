// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How loud things are: adding to 16-bit sound without wrapping round where it becomes too loud, and
// making words quieter.

#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "audio/synth.h"

// `level`: of full scale.
static inline void mix_add(int16_t *sample, double level)
{
    double sum = *sample + level * 32767;
    *sample = (int16_t)lrint(fmin(fmax(sum, INT16_MIN), INT16_MAX));
}

// What a volume of 0 to 100 is: of full scale.
static inline double mix_gain(int percent)
{
    return pow(fmin(fmax(percent, 0), 100) / 100, 3);
}

// Their marks stay (see SYNTH_WORD).
static inline void mix_scale_words(int16_t *samples, size_t count, double gain)
{
    for (size_t i = 0; i < count && gain < 1; i++)
        samples[i] =
            (int16_t)(((int)(samples[i] * gain) & ~SYNTH_WORD) | (samples[i] & SYNTH_WORD));
}
