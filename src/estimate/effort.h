// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How hard it is: one number on the scale that runners are asked by, RPE from 0 (rest) over 3
// (easy), 5 (hard) and 7 (very hard) to 10 (all there is). It means: what the present pace would
// feel like if it were held for three to five minutes, on this day.
//
// Up to three witnesses say a number each, with a standard deviation, and effort is their mean
// weighted by inverse variance:
//
// - speed, on the flat and relative to critical speed: 75 % 2.5, 85 % 3.5, 93 % 4.75, 98 % 6, 102 %
//   7, 106 % 8, 112 % 9, straight between (bands of coaching practice); ± 0.7, and what the
//   uncertainties of critical speed and of the speed itself make of the slope there;
// - the heart as it will be, from the speed by what was learnt of this heart (kinetics.h), and
// - the heart as it is, both by the reserve (35 % 2, 50 % 3, 65 % 4, 75 % 5, 85 % 6.5, 92 % 8,
//   100 % 10) or by the rate at threshold (80 % 3, 90 % 4.5, 95 % 5.5, 100 % 6.5, 103 % 7.5, 106 %
//   8.5); ± 1, and the uncertainties of the prediction and of a maximal rate that is a guess; the
//   heart as it is further by a tenth for every bpm that it is still on its way, so that it is
//   hardly heard in the minute or two after a change.
//
// In a repeat, each repetition after the fourth adds a half: they are felt to be harder at equal
// speed (Schoenmakers and Reed 2019). Confidence is 1/(1 + variance): 0.5 is ± 1 on the scale. When
// nothing is known of the athlete, neither speed nor rate says how hard it is, and effort is
// unknown.

#pragma once

#include "estimate/dprime.h"
#include "estimate/estimate.h"
#include "estimate/kinetics.h"

// RPE of a speed as a fraction of critical speed, 0 … 10; NAN for a NAN.
double effort_of_speed(double relative);

// RPE of a heart rate; NAN when the model has no zones.
double effort_of_heart(const AthleteModel *model, double bpm);

typedef struct {
    Kinetics kinetics;
    DPrime dprime;
    AthleteModel model;
    unsigned repetition; // 1-based; 0: none
} Effort;

void effort_init(Effort *effort, const AthleteModel *model);

// The athlete told something else. What was learnt of the heart is learnt anew, for it began with
// what was told.
void effort_know(Effort *effort, const AthleteModel *model);

// A step begins: the how manieth hard one of a repeat, 0 for all others.
void effort_set_repetition(Effort *effort, unsigned repetition);

// Some time at these values, which held until its end. The speed is that on the flat, out of doors,
// which costs the same; see grade.h.
void effort_advance(Effort *effort, const Estimate *flat, const Estimate *heart, double seconds);

// As of now. Source: that of the speed's when the heart does not count, SOURCE_STRAP when the heart
// alone does, SOURCE_FUSED for both; SOURCE_HELD when none is fresh.
Estimate effort_now(const Effort *effort, const Estimate *flat, const Estimate *heart); // 0 … 10

// Where the heart will settle at this speed, known a minute or two before it shows, in bpm.
// Confidence 0.5 is ± 5 bpm.
Estimate effort_predicted_heart_rate(const Effort *effort, const Estimate *flat);

// The zone the heart is in: an index into athlete_zones(). Confidence is lower by half when the
// maximal rate is a guess from the age.
Estimate effort_heart_zone(const Effort *effort, const Estimate *heart);

// m; confidence 0.5 is ± 15 % of D′. ret_sd: m, NAN when unknown.
Estimate effort_d_prime_balance(const Effort *effort, const Estimate *flat, double *ret_sd);

// Whether a pace may be corrected by this effort. In a repetition of less than two minutes the
// heart has not heard of it yet, so there an effort that the heart alone tells corrects nobody.
// `step_s`: how long the step takes, or, when that is open, has taken so far.
#define EFFORT_HEART_FROM_S 120.0
bool effort_cues_pace(const Estimate *effort, double step_s);
