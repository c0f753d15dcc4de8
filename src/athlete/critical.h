// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Critical speed (CS) and D′: the speed that can be held for long, and how many metres can be run
// beyond it. Fitted to two or more races of two to twenty minutes in the three ways that are in
// use; they weigh errors differently, so where they disagree the trials do not lie on one curve,
// and no way is to be believed.

#pragma once

#include "athlete/race.h"

#define CRITICAL_TRIALS_MAX 6
#define CRITICAL_TIME_MIN   120.0  // s
#define CRITICAL_TIME_MAX   1200.0 // s

typedef enum {
    CRITICAL_DISTANCE,   // d = CS·t + D′, least squares in d: the one to go by
    CRITICAL_INVERSE,    // v = CS + D′/t, least squares in v
    CRITICAL_HYPERBOLIC, // t = D′/(v − CS), least squares in t
    CRITICAL_FITS,
} CriticalKind;

typedef enum {
    CRITICAL_GOOD,
    CRITICAL_DISAGREE,    // usable, but the three fits differ by more than their published error
    CRITICAL_FEW,         // not two races of the right length
    CRITICAL_NARROW,      // the longest less than 2.5 times the shortest
    CRITICAL_CONTRADICTS, // a longer one was not run slower
    CRITICAL_RESIDUAL,    // a trial lies more than 3 % of its distance off the line
    CRITICAL_SPEED,       // CS outside 2 … 7 m/s
    CRITICAL_D_PRIME,     // D′ outside 50 … 450 m
} CriticalVerdict;

typedef struct {
    double speed_mps, d_prime_m; // NAN when it has no solution
} CriticalPoint;

typedef struct {
    CriticalVerdict verdict;
    CriticalPoint fits[CRITICAL_FITS];   // NAN where there was nothing to fit
    size_t trials;                       // that were used
    size_t one, other;                   // CONTRADICTS: which two; RESIDUAL: `one` is the worst
    double worst;                        // the largest residual, as a fraction of its distance
    double speed_spread, d_prime_spread; // of the three fits, largest less least over their mean
} CriticalFit;

// How far fits that agree may be apart.
#define CRITICAL_SPEED_SPREAD   0.02
#define CRITICAL_D_PRIME_SPREAD 0.15

// Fits those of the races that can be trials: maximal, and long and short enough. `one` and
// `other` are indices into `races`.
CriticalFit critical_fit(const Race *races, size_t count);

bool critical_usable(const CriticalFit *fit); // GOOD or DISAGREE

// Why the fit was refused or is doubtful, as a sentence with the races' names; "" when it is good.
// ret_why: WHY_MAX bytes; returned.
const char *critical_why(const CriticalFit *fit, const Race *races, char *ret_why);

// What one race implies: the line through the 1500, 3000 and 5000 m that go with its VDOT.
CriticalPoint critical_from_vdot(double vdot);

// Published errors, as one standard deviation. From trials on one day: CS 2 % (coefficient of
// variation 1.3 to 2.0 %), D′ 15 % (9.8 to 18.4 %; Galbraith et al. 2014 and its successors). One
// race says as much as field trials say of a treadmill test: CS 0.14 m/s, D′ 88 m.
#define CRITICAL_SPEED_SD   0.02
#define CRITICAL_D_PRIME_SD 0.15
#define DERIVED_SPEED_SD    0.14
#define DERIVED_D_PRIME_SD  88.0
