// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Adding to 16-bit sound without wrapping round where it becomes too loud.

#pragma once

#include <math.h>
#include <stdint.h>

// `level`: of full scale.
static inline void mix_add(int16_t *sample, double level)
{
    double sum = *sample + level * 32767;
    *sample = (int16_t)lrint(fmin(fmax(sum, INT16_MIN), INT16_MAX));
}
