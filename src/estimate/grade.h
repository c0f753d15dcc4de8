// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a slope and still air are worth: the speed on the flat, out of doors, that costs the runner
// as much as this belt does. Uphill costs more; on a belt there is no wind of one's own, which
// costs less, and the more so the faster.
//
// Cost of running on a slope: Minetti et al. 2002, J Appl Physiol 93:1039, a polynomial of the
// fifth degree between ±45 %. Air: 0.01 v² J/kg/m, which makes 4.5 m/s on a 1 % belt equal to 4.5
// m/s on a road (Jones and Doust 1996).

#pragma once

#include "base/units.h"

#define GRADE_MAX       45.0 // %, either way; steeper ones are taken as this
#define GRADE_AIR       0.01 // J/kg/m per (m/s)²
#define GRADE_FLAT_COST 3.6  // J/kg/m

// J a kilogram and metre along the slope, without air. NAN for NAN.
double grade_cost(double percent);

// m/s on the flat at the same cost, without air: for a slope out of doors, against one out of
// doors.
double grade_flat_speed(double speed_mps, double percent);

// The same for a belt, which has no air, against the flat out of doors, which has. 0 for a belt
// that stands; NAN where either is unknown, and for a negative speed.
double grade_belt_speed(double belt_mps, double percent);
