// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Three least squares. Two are straight lines; the hyperbola has no closed form and is found by
// damped Gauss-Newton steps (Levenberg, Marquardt) in its two parameters, from the straight line's.

#include "athlete/critical.h"

#include "athlete/vdot.h"

#include <stdio.h>

#define TIME_RATIO_MIN 2.5
#define RESIDUAL_MAX   0.03
#define SPEED_MIN      2.0 // m/s
#define SPEED_MAX      7.0
#define D_PRIME_MIN    50.0 // m
#define D_PRIME_MAX    450.0
#define SAME_METRES    0.5

#define ITERATIONS   200
#define DAMPING      1e-3
#define DAMPING_MOST 1e12
#define CLOSE        1e-13 // relative, of a step

static const CriticalPoint nowhere = {NAN, NAN};

typedef struct {
    size_t count;
    double d[CRITICAL_TRIALS_MAX], t[CRITICAL_TRIALS_MAX];
    size_t race[CRITICAL_TRIALS_MAX]; // index among the caller's
} Trials;

// ── the fits ──

// y = slope·x + base
static bool fit_line(const double *x, const double *y, size_t count, double *ret_slope,
                     double *ret_base)
{
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < count; i++) {
        mean_x += x[i] / (double)count;
        mean_y += y[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    if (!(xx > 0))
        return false;
    *ret_slope = xy / xx;
    *ret_base = mean_y - *ret_slope * mean_x;
    return true;
}

static CriticalPoint fit_distance(const Trials *trials)
{
    CriticalPoint point = nowhere;
    fit_line(trials->t, trials->d, trials->count, &point.speed_mps, &point.d_prime_m);
    return point;
}

static CriticalPoint fit_inverse(const Trials *trials)
{
    double x[CRITICAL_TRIALS_MAX], v[CRITICAL_TRIALS_MAX];
    for (size_t i = 0; i < trials->count; i++) {
        x[i] = 1 / trials->t[i];
        v[i] = trials->d[i] / trials->t[i];
    }
    CriticalPoint point = nowhere;
    fit_line(x, v, trials->count, &point.d_prime_m, &point.speed_mps);
    return point;
}

// The normal equations of t = D′/(v − CS) at a point; false beyond the slowest trial's speed, where
// the curve has another branch.
typedef struct {
    double ss, sd, dd, rs, rd; // of the Jacobian's columns (speed, D′) and the residual
    double squares;
} Normal;

static bool normal_at(const Trials *trials, CriticalPoint point, Normal *ret_normal)
{
    Normal normal = {0};
    for (size_t i = 0; i < trials->count; i++) {
        double above = trials->d[i] / trials->t[i] - point.speed_mps;
        if (!(above > 0))
            return false;
        double by_d = 1 / above, by_s = point.d_prime_m / (above * above);
        double residual = trials->t[i] - point.d_prime_m / above;
        normal.ss += by_s * by_s;
        normal.sd += by_s * by_d;
        normal.dd += by_d * by_d;
        normal.rs += by_s * residual;
        normal.rd += by_d * residual;
        normal.squares += residual * residual;
    }
    *ret_normal = normal;
    return true;
}

static CriticalPoint fit_hyperbola(const Trials *trials, CriticalPoint start)
{
    CriticalPoint point = start;
    Normal normal;
    double damping = DAMPING;
    if (!normal_at(trials, point, &normal)) {
        point = fit_inverse(trials); // passes below every trial whenever D′ > 0
        if (!normal_at(trials, point, &normal))
            return nowhere;
    }
    for (int i = 0; i < ITERATIONS && damping < DAMPING_MOST; i++) {
        double ss = normal.ss * (1 + damping), dd = normal.dd * (1 + damping);
        double determinant = ss * dd - normal.sd * normal.sd;
        if (!(determinant > 0))
            return nowhere;
        CriticalPoint step = {(normal.rs * dd - normal.rd * normal.sd) / determinant,
                              (normal.rd * ss - normal.rs * normal.sd) / determinant};
        CriticalPoint next = {point.speed_mps + step.speed_mps, point.d_prime_m + step.d_prime_m};
        Normal then;
        if (!normal_at(trials, next, &then) || then.squares > normal.squares) {
            damping *= 10;
            continue;
        }
        point = next;
        normal = then;
        damping /= 10;
        if (fabs(step.speed_mps) <= CLOSE * fabs(point.speed_mps) &&
            fabs(step.d_prime_m) <= CLOSE * fabs(point.d_prime_m))
            break;
    }
    return point;
}

// ── which trials, and what to make of them ──

// Of two over the same distance the faster counts.
static void add_trial(Trials *trials, const Race *race, size_t index)
{
    if (!race->maximal || race->time_s < CRITICAL_TIME_MIN || race->time_s > CRITICAL_TIME_MAX)
        return;
    size_t i = 0;
    while (i < trials->count && fabs(trials->d[i] - race->distance_m) >= SAME_METRES)
        i++;
    if (i == CRITICAL_TRIALS_MAX || (i < trials->count && trials->t[i] <= race->time_s))
        return;
    trials->d[i] = race->distance_m;
    trials->t[i] = race->time_s;
    trials->race[i] = index;
    trials->count += i == trials->count;
}

static bool times_apart(const Trials *trials)
{
    double least = trials->t[0], most = trials->t[0];
    for (size_t i = 1; i < trials->count; i++) {
        least = fmin(least, trials->t[i]);
        most = fmax(most, trials->t[i]);
    }
    return most / least >= TIME_RATIO_MIN;
}

// The first pair of which the longer was not run slower.
static bool find_contradiction(const Trials *trials, CriticalFit *fit)
{
    for (size_t i = 0; i < trials->count; i++)
        for (size_t j = 0; j < trials->count; j++)
            if (trials->d[i] < trials->d[j] &&
                trials->d[j] / trials->t[j] >= trials->d[i] / trials->t[i]) {
                fit->one = trials->race[i];
                fit->other = trials->race[j];
                return true;
            }
    return false;
}

static void find_worst(const Trials *trials, CriticalFit *fit)
{
    const CriticalPoint *line = &fit->fits[CRITICAL_DISTANCE];
    for (size_t i = 0; i < trials->count; i++) {
        double residual =
            fabs(line->speed_mps * trials->t[i] + line->d_prime_m - trials->d[i]) / trials->d[i];
        if (i > 0 && !(residual > fit->worst))
            continue;
        fit->worst = residual;
        fit->one = trials->race[i];
    }
}

static double spread(double a, double b, double c)
{
    // Not fmax(): a fit without a solution must not go unnoticed.
    if (isnan(a + b + c))
        return NAN;
    return (fmax(a, fmax(b, c)) - fmin(a, fmin(b, c))) / ((a + b + c) / 3);
}

static CriticalVerdict judge(const Trials *trials, CriticalFit *fit)
{
    const CriticalPoint *line = &fit->fits[CRITICAL_DISTANCE];
    if (!times_apart(trials))
        return CRITICAL_NARROW;
    if (find_contradiction(trials, fit))
        return CRITICAL_CONTRADICTS;
    find_worst(trials, fit);
    if (!(fit->worst <= RESIDUAL_MAX))
        return CRITICAL_RESIDUAL;
    if (!(line->speed_mps >= SPEED_MIN && line->speed_mps <= SPEED_MAX))
        return CRITICAL_SPEED;
    if (!(line->d_prime_m >= D_PRIME_MIN && line->d_prime_m <= D_PRIME_MAX))
        return CRITICAL_D_PRIME;
    if (!(fit->speed_spread <= CRITICAL_SPEED_SPREAD &&
          fit->d_prime_spread <= CRITICAL_D_PRIME_SPREAD))
        return CRITICAL_DISAGREE;
    return CRITICAL_GOOD;
}

CriticalFit critical_fit(const Race *races, size_t count)
{
    CriticalFit fit = {
        .verdict = CRITICAL_FEW,
        .fits = {nowhere, nowhere, nowhere},
        .worst = NAN,
        .speed_spread = NAN,
        .d_prime_spread = NAN,
    };
    Trials trials = {0};
    for (size_t i = 0; i < count; i++)
        add_trial(&trials, &races[i], i);
    fit.trials = trials.count;
    if (trials.count < 2)
        return fit;
    CriticalPoint *fits = fit.fits;
    fits[CRITICAL_DISTANCE] = fit_distance(&trials);
    fits[CRITICAL_INVERSE] = fit_inverse(&trials);
    fits[CRITICAL_HYPERBOLIC] = fit_hyperbola(&trials, fits[CRITICAL_DISTANCE]);
    fit.speed_spread = spread(fits[0].speed_mps, fits[1].speed_mps, fits[2].speed_mps);
    fit.d_prime_spread = spread(fits[0].d_prime_m, fits[1].d_prime_m, fits[2].d_prime_m);
    fit.verdict = judge(&trials, &fit);
    return fit;
}

bool critical_usable(const CriticalFit *fit)
{
    return fit->verdict == CRITICAL_GOOD || fit->verdict == CRITICAL_DISAGREE;
}

const char *critical_why(const CriticalFit *fit, const Race *races, char *ret_why)
{
    char one[RACE_NAME_MAX], other[RACE_NAME_MAX];
    const CriticalPoint *line = &fit->fits[CRITICAL_DISTANCE];
    ret_why[0] = '\0';
    switch (fit->verdict) {
    case CRITICAL_GOOD:
        break;
    case CRITICAL_DISAGREE:
        snprintf(ret_why, WHY_MAX,
                 "the three ways to fit critical speed differ by %.1f %%, and D′ by %.0f %%: the "
                 "races do not lie on one curve",
                 100 * fit->speed_spread, 100 * fit->d_prime_spread);
        break;
    case CRITICAL_FEW:
        snprintf(ret_why, WHY_MAX,
                 "critical speed needs two races or trials of 2 to 20 minutes, run all out, over "
                 "different distances");
        break;
    case CRITICAL_NARROW:
        snprintf(ret_why, WHY_MAX,
                 "critical speed needs a longest race or trial that takes at least %.1f times as "
                 "long as the shortest (of 2 to 20 minutes)",
                 TIME_RATIO_MIN);
        break;
    case CRITICAL_CONTRADICTS:
        snprintf(ret_why, WHY_MAX,
                 "the %s and the %s contradict each other: the longer was not run slower",
                 race_name(races[fit->one].distance_m, one),
                 race_name(races[fit->other].distance_m, other));
        break;
    case CRITICAL_RESIDUAL:
        snprintf(ret_why, WHY_MAX,
                 "the races do not lie on one line: the %s is %.1f %% of its distance off (3 %% "
                 "at most)",
                 race_name(races[fit->one].distance_m, one), 100 * fit->worst);
        break;
    case CRITICAL_SPEED:
        snprintf(ret_why, WHY_MAX,
                 "the races give a critical speed of %.2f m/s, which is outside %.0f to %.0f",
                 line->speed_mps, SPEED_MIN, SPEED_MAX);
        break;
    case CRITICAL_D_PRIME:
        snprintf(ret_why, WHY_MAX, "the races give a D′ of %.0f m, which is outside %.0f to %.0f",
                 line->d_prime_m, D_PRIME_MIN, D_PRIME_MAX);
        break;
    }
    return ret_why;
}

CriticalPoint critical_from_vdot(double vdot)
{
    static const double distances[] = {1500, 3000, 5000};
    Trials trials = {.count = 3};
    for (size_t i = 0; i < 3; i++) {
        trials.d[i] = distances[i];
        trials.t[i] = vdot_race_time(vdot, distances[i]);
    }
    return fit_distance(&trials);
}
