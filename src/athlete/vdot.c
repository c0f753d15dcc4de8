// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Two regressions that are not each other's inverse: oxygen from speed for a race's VDOT, speed
// from oxygen for all that follows from one. Mixing them up is the classic mistake.

#include "athlete/vdot.h"

#define EASY_SLOW_FRACTION 0.59
#define EASY_FRACTION      0.67
#define EASY_FAST_FRACTION 0.74
#define THRESHOLD_FRACTION 0.88
#define INTERVAL_FRACTION  0.975
#define REPETITION_GAIN    6.0 // s on 400 m

#define FIRST_GUESS_MPS (200.0 / 60)
#define ITERATIONS      200
#define CLOSE_S         1e-7

// The fraction of the maximal oxygen uptake that can be held for so many minutes.
static double held_fraction(double min)
{
    return 0.8 + 0.1894393 * exp(-0.012778 * min) + 0.2989558 * exp(-0.1932605 * min);
}

double vdot_formula(double distance_m, double time_s)
{
    double min = time_s / 60, v = distance_m / min;
    return (-4.60 + 0.182258 * v + 0.000104 * v * v) / held_fraction(min);
}

double vdot_from_race(double distance_m, double time_s)
{
    if (!(distance_m > 0 && time_s >= VDOT_TIME_MIN && time_s <= VDOT_TIME_MAX))
        return NAN;
    return vdot_formula(distance_m, time_s);
}

// Speed from oxygen, in m/min.
#define AT_REST 29.54
#define SLOPE   5.000663
#define BEND    0.007546

double vdot_speed(double vdot, double fraction)
{
    double oxygen = vdot * fraction;
    return (AT_REST + SLOPE * oxygen - BEND * oxygen * oxygen) / 60;
}

double vdot_from_threshold(double speed_mps)
{
    const double below = SLOPE * SLOPE - 4 * BEND * (60 * speed_mps - AT_REST);
    const double oxygen = (SLOPE - sqrt(below)) / (2 * BEND);
    return oxygen > 0 ? oxygen / THRESHOLD_FRACTION : NAN;
}

double vdot_race_time(double vdot, double distance_m)
{
    double time = distance_m / FIRST_GUESS_MPS;
    for (int i = 0; i < ITERATIONS; i++) {
        double next = distance_m / vdot_speed(vdot, held_fraction(time / 60));
        if (!(next > 0 && next <= VDOT_TIME_FORMULA_MAX))
            return NAN;
        if (fabs(next - time) < CLOSE_S)
            return next;
        time = next;
    }
    return NAN;
}

VdotSpeeds vdot_speeds(double vdot)
{
    double interval = vdot_speed(vdot, INTERVAL_FRACTION);
    return (VdotSpeeds){
        .easy_slow = vdot_speed(vdot, EASY_SLOW_FRACTION),
        .easy = vdot_speed(vdot, EASY_FRACTION),
        .easy_fast = vdot_speed(vdot, EASY_FAST_FRACTION),
        .marathon = METRES_MARATHON / vdot_race_time(vdot, METRES_MARATHON),
        .threshold = vdot_speed(vdot, THRESHOLD_FRACTION),
        .interval = interval,
        .repetition = 400 / (400 / interval - REPETITION_GAIN),
    };
}
