// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// D′ balance: how many metres beyond critical speed are left. Above it they are spent one for one;
// below, what is missing comes back as exponentials do, the faster the slower one runs (the
// differential form of Skiba and Clarke 2021, with speed for power):
//   v ≥ CS: dD/dt = −(v − CS)      v < CS: dD/dt = (D′ − D)·(CS − v)/D′
//
// It is advice. On the track neither this nor the integral form told well when runners would have
// to stop (Galbraith et al. 2015), and D′ itself is known to 15 % at best; so the balance is kept
// three times, for a runner as told, a weaker and a stronger one, and their spread is its
// uncertainty.

#pragma once

#include "athlete/athlete.h"

// The balance after so many seconds at one speed: exact, in however many steps. May become
// negative, which says that critical speed or D′ is too low.
double dprime_step(double balance_m, double critical_mps, double d_prime_m, double speed_mps,
                   double seconds);

typedef struct {
    double critical_mps, d_prime_m; // NAN: not known
    double value, low, high;        // m, signed
    double critical_sd, d_prime_sd; // as fractions
} DPrime;

// Rested. With a model that says nothing of critical speed or D′, the balance stays unknown.
void dprime_init(DPrime *dprime, const AthleteModel *model);

// The model changed: the balance stays the same part of D′.
void dprime_know(DPrime *dprime, const AthleteModel *model);

// Time passes at a speed on the flat, as well as it is known. NAN: the balance stays, and may have
// come back all the faster: the spread grows.
void dprime_advance(DPrime *dprime, double speed_mps, double seconds);

double dprime_balance(const DPrime *dprime); // m, not below 0; NAN when unknown
double dprime_sd(const DPrime *dprime);      // m, one standard deviation
