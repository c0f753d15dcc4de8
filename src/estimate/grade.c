// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The polynomial, and the one root of a cubic that rises everywhere.

#include "estimate/grade.h"

#define AIR 0.01 // J/kg/m per (m/s)²

double grade_cost(double grade)
{
    const double i = fmax(-GRADE_MAX, fmin(grade, GRADE_MAX));
    return ((((155.4 * i - 30.4) * i - 43.3) * i + 46.3) * i + 19.5) * i + 3.6;
}

double grade_factor(double grade)
{
    return grade_cost(grade) / grade_cost(0);
}

double grade_belt_to_ground(double belt_mps, double grade)
{
    const double power = grade_cost(grade) * belt_mps, flat = grade_cost(0);
    double speed = power / flat; // above the root, from where Newton's steps only come down
    for (int step = 0; step < 6; step++)
        speed -= ((flat + AIR * speed * speed) * speed - power) / (flat + 3 * AIR * speed * speed);
    return speed;
}
