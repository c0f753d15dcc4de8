// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How the heart answers to load, and what it will say before it says it. Its rate goes towards
// where the present speed will bring it as a first-order lag does; at a steady speed that is a
// line:
//   dHR/dt = (base + gain·v − HR) / τ
// In running τ is 57.6 ± 23.6 s, the same up and down, and the gain 24.2 ± 8.3 bpm per m/s (Hunt et
// al. 2015, s12938-015-0112-7), which rises with time: drift. So in a repetition of less than two
// minutes the heart never gets there, and what it shows there is mostly of what was before.
//
// Base and gain are learnt while running, from what the athlete told on: a Kalman filter that
// compares the heart with base + gain·u, u being the speed behind the same lag. Base may wander, by
// 5 bpm in twenty minutes: that is drift, and the day.

#pragma once

#include "athlete/athlete.h"

#define KINETICS_TAU_S 57.6

// The rate after so many seconds on its way to where it settles: exact, in however many steps.
double kinetics_step(double bpm, double settles_bpm, double seconds, double tau_s);

typedef struct {
    double load_mps;      // the speed as the heart has heard of it; NAN before the first
    double known_s;       // for so long without a break was the speed known
    double base, gain;    // bpm, bpm per m/s
    double p00, p01, p11; // their covariance
    double max_bpm;       // NAN: not known
} Kinetics;

// With what the athlete told: the resting and maximal rates, the rate at threshold and critical
// speed, as far as they are known. Nothing learnt.
void kinetics_init(Kinetics *kinetics, const AthleteModel *model);

// What is told changed: learns anew, but for the load.
void kinetics_know(Kinetics *kinetics, const AthleteModel *model);

// Some time, a few seconds at most, at a speed on the flat (NAN: unknown) that ended with this rate
// of a trusted strap (NAN: unknown). It learns when the speed was known for two minutes before.
void kinetics_advance(Kinetics *kinetics, double speed_mps, double bpm, double seconds);

// Where the rate settles at this speed, with its standard deviation, in bpm; not above the maximal
// rate, or 220, whatever speed a satellite jumped at. Both NAN when they are not known to 15 bpm.
#define KINETICS_SD_MAX 15.0
typedef struct {
    double bpm, sd;
} Prediction;
Prediction kinetics_predict(const Kinetics *kinetics, double speed_mps);

// How far the heart is from where the present speed will bring it, by the model, in bpm: large
// after a change of speed, for a minute or two. 0 before the first speed.
double kinetics_unsettled(const Kinetics *kinetics, double speed_mps);
