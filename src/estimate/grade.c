// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Slope to speed. The equation for a belt, (3.6 + 0.01 v²) v = what the belt costs, is solved by
// Newton's method from above, where it converges without fail: the left side only rises, ever more
// steeply. Multiplications and divisions only, so that every machine finds the same last bit.

#include "estimate/grade.h"

// From the start below, a belt of 20 m/s at 45 % needs eight.
#define STEPS_MAX 30

double grade_cost(double percent)
{
    if (isnan(percent))
        return NAN;
    const double i = fmax(-GRADE_MAX, fmin(GRADE_MAX, percent)) / 100;
    return ((((155.4 * i - 30.4) * i - 43.3) * i + 46.3) * i + 19.5) * i + GRADE_FLAT_COST;
}

double grade_flat_speed(double speed_mps, double percent)
{
    return speed_mps * grade_cost(percent) / GRADE_FLAT_COST;
}

double grade_belt_speed(double belt_mps, double percent)
{
    const double cost = belt_mps * grade_cost(percent); // W/kg
    if (isnan(cost) || belt_mps < 0)
        return NAN;
    double v = cost / GRADE_FLAT_COST; // without air it would be this, so it is less
    for (int step = 0; step < STEPS_MAX; step++) {
        const double excess = (GRADE_FLAT_COST + GRADE_AIR * v * v) * v - cost;
        const double next = v - excess / (GRADE_FLAT_COST + 3 * GRADE_AIR * v * v);
        if (!(next < v))
            break;
        v = next;
    }
    return v;
}
