// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Chance that is the same in every run of a test.

#pragma once

#include "../codec/packet.h"

// About normal: mean 0, standard deviation 1.
static inline double noise(uint64_t *random)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += (double)(next_random(random) >> 11) / 9007199254740992.0;
    return sum - 6;
}
