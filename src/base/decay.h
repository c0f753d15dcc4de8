// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// e^-x out of the four rules of arithmetic, the same to the last bit on every machine: libm's exp()
// is not, and a run replayed elsewhere must come out the same. series.h has an exact one; with it
// in the pace filter a core step takes a thousand instructions more, one in twenty, for digits that
// no filter needs.

#pragma once

#include <math.h>

// e^-x for x ≥ 0, to 1e-6 of its value below 3 and to 1e-3 below 8; 0 beyond 40.
static inline double decay(double x)
{
    if (x > 40)
        return 0;
    double y = x / 8;
    int squarings = 3;
    for (; y > 1; y /= 2)
        squarings++;
    double e = 1 / (1 + y * (1 + y / 2 * (1 + y / 3 * (1 + y / 4 * (1 + y / 5 * (1 + y / 6))))));
    for (int i = 0; i < squarings; i++)
        e *= e;
    return e;
}
