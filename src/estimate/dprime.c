// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Three balances of one kind.

#include "estimate/dprime.h"

#include "base/series.h"

double dprime_step(double balance_m, double critical_mps, double d_prime_m, double speed_mps,
                   double seconds)
{
    if (speed_mps >= critical_mps)
        return balance_m - (speed_mps - critical_mps) * seconds;
    return d_prime_m -
           (d_prime_m - balance_m) * series_exp(-(critical_mps - speed_mps) * seconds / d_prime_m);
}

static void take(DPrime *dprime, const AthleteModel *model)
{
    dprime->critical_mps = model->critical_speed.value;
    dprime->critical_sd = model->critical_speed.sd;
    dprime->d_prime_m = model->d_prime.value;
    dprime->d_prime_sd = model->d_prime.sd;
    if (isnan(dprime->critical_mps))
        dprime->d_prime_m = NAN;
}

void dprime_init(DPrime *dprime, const AthleteModel *model)
{
    take(dprime, model);
    dprime->value = dprime->d_prime_m;
    dprime->low = dprime->d_prime_m * (1 - dprime->d_prime_sd);
    dprime->high = dprime->d_prime_m * (1 + dprime->d_prime_sd);
}

void dprime_know(DPrime *dprime, const AthleteModel *model)
{
    const double before = dprime->d_prime_m;
    if (isnan(before)) {
        dprime_init(dprime, model);
        return;
    }
    take(dprime, model);
    const double scale = dprime->d_prime_m / before;
    dprime->value *= scale;
    dprime->low *= scale;
    dprime->high *= scale;
}

void dprime_advance(DPrime *dprime, double speed_mps, double seconds)
{
    const double d_prime = dprime->d_prime_m, critical = dprime->critical_mps;
    if (isnan(d_prime))
        return;
    const double weaker = critical * (1 - dprime->critical_sd),
                 stronger = critical * (1 + dprime->critical_sd);
    const double less = d_prime * (1 - dprime->d_prime_sd),
                 more = d_prime * (1 + dprime->d_prime_sd);
    if (isnan(speed_mps)) {
        dprime->high = dprime_step(dprime->high, stronger, more, 0, seconds);
        return;
    }
    dprime->value = dprime_step(dprime->value, critical, d_prime, speed_mps, seconds);
    dprime->low = dprime_step(dprime->low, weaker, less, speed_mps, seconds);
    dprime->high = dprime_step(dprime->high, stronger, more, speed_mps, seconds);
}

double dprime_balance(const DPrime *dprime)
{
    return isnan(dprime->d_prime_m) ? NAN : fmax(0, dprime->value);
}

double dprime_sd(const DPrime *dprime)
{
    return isnan(dprime->d_prime_m) ? NAN : (dprime->high - dprime->low) / 2;
}
