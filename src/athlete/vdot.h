// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// VDOT (Daniels and Gilbert 1979): one number for what a race says of its runner, and the paces and
// races that go with it. Speeds at a VDOT come from Daniels' own regression, not from the inverse
// of his oxygen cost, because only it gives the printed tables (within 0.7 s; the inverse is up to
// 32 s off at the marathon).
//
// Written with exp(), whose last bit differs between machines: a session derives all of this once
// from what its athlete told, and a speed that differs by 1e-15 moves no decision. Nothing of it is
// fed back from second to second.

#pragma once

#include "base/units.h"

#define VDOT_TIME_MIN 210.0   // s: 3:30, shorter races are not run on oxygen
#define VDOT_TIME_MAX 14400.0 // s: 4 h

// NAN for what is no speed at all, and for a time outside VDOT_TIME_MIN … VDOT_TIME_MAX.
double vdot_from_race(double distance_m, double time_s);

// The formula alone, at any time > 0: a yardstick for what cannot be.
double vdot_formula(double distance_m, double time_s);

// The time for a race, in s; NAN when it would take longer than VDOT_TIME_FORMULA_MAX.
double vdot_race_time(double vdot, double distance_m);
#define VDOT_TIME_FORMULA_MAX (24 * 3600.0)

// The speed in m/s at a fraction of the VDOT.
double vdot_speed(double vdot, double fraction);

// The VDOT whose threshold is this speed; NAN for a speed that is nobody's.
double vdot_from_threshold(double speed_mps);

// Daniels' training paces, as speeds in m/s. Easy is a band; `easy` is the single value of his
// tables (67 %). Marathon is the speed of the predicted marathon; repetition is interval less 6 s
// on 400 m, about that of a mile race.
typedef struct {
    double easy_slow, easy, easy_fast; // 59, 67 and 74 %
    double marathon;
    double threshold; // 88 %
    double interval;  // 97.5 %
    double repetition;
} VdotSpeeds;

VdotSpeeds vdot_speeds(double vdot); // all NAN for a NAN
