// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The filter. What was hard is not to learn what is not there: a runner who only ever ran at one
// speed has shown a point, not a line, and the covariance keeps that in mind where a table of means
// would not.

#include "estimate/kinetics.h"

#include "base/series.h"
#include "base/square.h"

#define GAIN         24.2 // bpm per m/s, and its spread among runners
#define GAIN_SD      8.3
#define GAIN_MIN     8.0
#define GAIN_MAX     50.0
#define BASE         70.0 // bpm where the line meets 0 m/s, when nothing is told
#define BASE_SD      25.0
#define BASE_MIN     30.0
#define BASE_MAX     140.0
#define ABOVE_REST   12.0 // where it does, above the resting rate
#define ABOVE_SD     10.0
#define AT_CRITICAL  0.88 // of the reserve, at critical speed, when no threshold is told
#define CRITICAL_SD  6.0  // bpm
#define WANDER       0.15 // bpm/√s
#define NOISE_SD     20.0 // bpm, of one second's reading: the next twenty say the same again
#define LEARN_AFTER  120.0
#define NEVER_BEYOND 220.0 // bpm: of whom no maximal rate is known

double kinetics_step(double bpm, double settles_bpm, double seconds, double tau_s)
{
    return settles_bpm + (bpm - settles_bpm) * series_exp(-seconds / tau_s);
}

void kinetics_know(Kinetics *kinetics, const AthleteModel *model)
{
    const double rest = model->heart_rest, max = model->heart_max.value;
    const double critical = model->critical_speed.value;
    kinetics->max_bpm = max;
    kinetics->base = isnan(rest) ? BASE : rest + ABOVE_REST;
    kinetics->p00 = square(isnan(rest) ? BASE_SD : ABOVE_SD);
    kinetics->gain = GAIN;
    kinetics->p11 = square(GAIN_SD);
    kinetics->p01 = 0;
    double at_critical = model->heart_threshold, sd = CRITICAL_SD;
    if (isnan(at_critical)) {
        at_critical = rest + AT_CRITICAL * (max - rest);
        sd += AT_CRITICAL * model->heart_max.sd * max;
    }
    if (isnan(at_critical) || isnan(critical))
        return;
    // The line goes through a known point: what it has more in base it has less in gain.
    kinetics->gain = (at_critical - kinetics->base) / critical;
    kinetics->p01 = -kinetics->p00 / critical;
    kinetics->p11 = (square(sd) + kinetics->p00) / square(critical);
}

void kinetics_init(Kinetics *kinetics, const AthleteModel *model)
{
    *kinetics = (Kinetics){.load_mps = NAN};
    kinetics_know(kinetics, model);
}

static void learn(Kinetics *kinetics, double bpm)
{
    const double u = kinetics->load_mps;
    const double h0 = kinetics->p00 + u * kinetics->p01, h1 = kinetics->p01 + u * kinetics->p11;
    const double variance = h0 + u * h1 + square(NOISE_SD);
    const double k0 = h0 / variance, k1 = h1 / variance;
    const double residual = bpm - kinetics->base - kinetics->gain * u;
    kinetics->base = fmax(BASE_MIN, fmin(kinetics->base + k0 * residual, BASE_MAX));
    kinetics->gain = fmax(GAIN_MIN, fmin(kinetics->gain + k1 * residual, GAIN_MAX));
    kinetics->p00 -= k0 * h0;
    kinetics->p01 -= k0 * h1;
    kinetics->p11 -= k1 * h1;
}

void kinetics_advance(Kinetics *kinetics, double speed_mps, double bpm, double seconds)
{
    kinetics->p00 = fmin(kinetics->p00 + square(WANDER) * seconds, square(BASE_SD));
    if (isnan(speed_mps)) {
        kinetics->known_s = 0;
        return;
    }
    if (isnan(kinetics->load_mps))
        kinetics->load_mps = speed_mps;
    kinetics->load_mps = kinetics_step(kinetics->load_mps, speed_mps, seconds, KINETICS_TAU_S);
    kinetics->known_s += seconds;
    if (kinetics->known_s >= LEARN_AFTER && !isnan(bpm))
        learn(kinetics, bpm);
}

Prediction kinetics_predict(const Kinetics *kinetics, double speed_mps)
{
    const double variance =
        kinetics->p00 + 2 * speed_mps * kinetics->p01 + square(speed_mps) * kinetics->p11;
    if (!(variance <= square(KINETICS_SD_MAX)))
        return (Prediction){NAN, NAN};
    const double bpm = kinetics->base + kinetics->gain * speed_mps;
    const double most = isnan(kinetics->max_bpm) ? NEVER_BEYOND : kinetics->max_bpm;
    return (Prediction){fmin(bpm, most), sqrt(fmax(variance, 0))};
}

double kinetics_unsettled(const Kinetics *kinetics, double speed_mps)
{
    return isnan(kinetics->load_mps) ? 0 : kinetics->gain * fabs(speed_mps - kinetics->load_mps);
}
