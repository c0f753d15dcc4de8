// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a slope makes of a speed: the speed on the flat that costs the runner the same.

#pragma once

#include "base/units.h"

#define GRADE_MAX 0.45 // the steepest that was measured; beyond, this is taken

// J/kg/m on a slope (0.01: rising 1 m in 100). Minetti et al. 2002 (JAP 93:1039): a polynomial
// fitted to ten runners on a treadmill, 3.6 on the flat.
double grade_cost(double grade);

// How much faster on the flat: 1 there, 1.055 at 1 %.
double grade_factor(double grade);

// The same for a belt, on which no air has to be pushed aside: what costs as much out of doors, by
// 0.01·v² J/kg/m for the air. That is 1 % of grade at 4.5 m/s and a third of it at 2.5, and not the
// flat 1 % of the rule. NAN for a NAN; the speed is not negative.
double grade_belt_to_ground(double belt_mps, double grade);
