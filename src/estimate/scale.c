// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A Kalman filter of the line and the way. What was hard is that the error of a lap press is in the
// lap before it and, with the other sign, in the lap after it: a regression of laps takes it for
// two. Here the way at the latest mark is a third number beside the line, with its own doubt, so
// each mark has its own error only.

#include "estimate/scale.h"

#include "base/square.h"

#include <math.h>

#define SLOPE_SHARE   0.2    // of the scale's deviation, per m/s: who errs much does so unevenly
#define WAY_NOISE     0.0008 // m² a metre: what a pod's noise adds to the way
#define DRIFT         1e-10  // a metre: laces, legs and heat move a scale by 0.1 % in a long run
#define MARK_GATE     16.0   // squared standard deviations
#define SLOPE_MAX     0.1
#define DEVIATION_MIN 0.001
#define DEVIATION_MAX 0.5

ScaleKnown scale_unknown(double deviation)
{
    return (ScaleKnown){
        .scale = 1,
        .scale_deviation = deviation,
        .slope_deviation = deviation * SLOPE_SHARE,
    };
}

ScaleKnown scale_doubted_at_least(const ScaleKnown *known, double deviation)
{
    ScaleKnown doubted = *known;
    if (!(deviation > known->scale_deviation))
        return doubted;
    doubted.scale_deviation = fmin(deviation, DEVIATION_MAX);
    // What the two have in common stays what it was.
    doubted.correlation *= known->scale_deviation / doubted.scale_deviation;
    return doubted;
}

ScaleKnown scale_doubted(const ScaleKnown *known, double deviation)
{
    return scale_doubted_at_least(known, hypot(known->scale_deviation, deviation));
}

bool scale_is_known(const ScaleKnown *known)
{
    return known->scale != 0;
}

bool scale_known_valid(const ScaleKnown *known)
{
    if (!scale_is_known(known))
        return scale_known_same(known, &(ScaleKnown){0});
    return known->scale >= SCALE_LEAST && known->scale <= SCALE_MOST &&
           fabs(known->slope) <= SLOPE_MAX && known->scale_deviation >= 0 &&
           known->scale_deviation <= DEVIATION_MAX && known->slope_deviation >= 0 &&
           known->slope_deviation <= DEVIATION_MAX && fabs(known->correlation) <= 1;
}

static double recorded(double value)
{
    return (double)llround(value * 1e6) / 1e6;
}

ScaleKnown scale_known_recorded(const ScaleKnown *known)
{
    return (ScaleKnown){
        .scale = recorded(known->scale),
        .slope = recorded(known->slope),
        .scale_deviation = recorded(known->scale_deviation),
        .slope_deviation = recorded(known->slope_deviation),
        .correlation = recorded(known->correlation),
        .compared = known->compared,
    };
}

bool scale_known_same(const ScaleKnown *one, const ScaleKnown *other)
{
    return one->scale == other->scale && one->slope == other->slope &&
           one->scale_deviation == other->scale_deviation &&
           one->slope_deviation == other->slope_deviation &&
           one->correlation == other->correlation && one->compared == other->compared;
}

void scale_init(Scale *scale, const ScaleKnown *known)
{
    const ScaleKnown at_first = scale_doubted_at_least(known, DEVIATION_MIN);
    const double a = at_first.scale_deviation, b = at_first.slope_deviation;
    *scale = (Scale){.x = {known->scale, known->slope, 0}, .compared = known->compared};
    scale->p[0][0] = square(a);
    scale->p[1][1] = square(b);
    scale->p[0][1] = scale->p[1][0] = at_first.correlation * a * b;
}

double scale_at(const Scale *scale, double raw)
{
    return scale->x[0] + scale->x[1] * (raw - SCALE_CENTRE);
}

double scale_deviation(const Scale *scale, double raw)
{
    const double away = raw - SCALE_CENTRE;
    return sqrt(
        fmax(0, scale->p[0][0] + 2 * away * scale->p[0][1] + square(away) * scale->p[1][1]));
}

// The line is nearly flat: two steps of inserting are exact to 1e-5.
double scale_raw(const Scale *scale, double speed)
{
    double raw = speed / scale_at(scale, speed);
    raw = speed / scale_at(scale, raw);
    return speed / scale_at(scale, raw);
}

void scale_travel(Scale *scale, double metres, double raw)
{
    scale->raw += metres;
    scale->weighted += metres * (raw - SCALE_CENTRE);
}

double scale_way(const Scale *scale)
{
    return scale->x[2] + scale->x[0] * scale->raw + scale->x[1] * scale->weighted;
}

// Carries the way from the latest mark to here.
static void carry(Scale *scale)
{
    const double raw = scale->raw, weighted = scale->weighted;
    const double travelled = fabs(raw);
    scale->x[2] = scale_way(scale);
    scale->p[0][0] += DRIFT * travelled;
    for (int j = 0; j < 3; j++)
        scale->p[2][j] += raw * scale->p[0][j] + weighted * scale->p[1][j];
    for (int i = 0; i < 3; i++)
        scale->p[i][2] += raw * scale->p[i][0] + weighted * scale->p[i][1];
    scale->p[2][2] += WAY_NOISE * travelled;
    scale->raw = scale->weighted = 0;
}

double scale_way_deviation(const Scale *scale)
{
    Scale here = *scale;
    carry(&here);
    return sqrt(fmax(0, here.p[2][2]));
}

void scale_anchor(Scale *scale, double deviation)
{
    carry(scale);
    for (int i = 0; i < 2; i++)
        scale->p[2][i] = scale->p[i][2] = 0;
    scale->p[2][2] = square(deviation);
}

bool scale_mark(Scale *scale, double metres, double deviation)
{
    Scale next = *scale;
    carry(&next);
    const double variance = next.p[2][2] + square(deviation);
    const double residual = metres - next.x[2];
    if (!(square(residual) <= MARK_GATE * variance))
        return false;
    const double gain[3] = {next.p[0][2], next.p[1][2], next.p[2][2]};
    for (int i = 0; i < 3; i++) {
        next.x[i] += gain[i] / variance * residual;
        for (int j = 0; j < 3; j++)
            next.p[i][j] -= gain[i] * gain[j] / variance;
    }
    next.compared = true;
    next.marks++;
    const ScaleKnown known = scale_known(&next);
    if (!scale_known_valid(&known))
        return false;
    *scale = next;
    return true;
}

ScaleKnown scale_known(const Scale *scale)
{
    const double a = sqrt(fmax(0, scale->p[0][0])), b = sqrt(fmax(0, scale->p[1][1]));
    return (ScaleKnown){
        .scale = scale->x[0],
        .slope = scale->x[1],
        .scale_deviation = a,
        .slope_deviation = b,
        .correlation = a > 0 && b > 0 ? fmax(-1, fmin(1, scale->p[0][1] / (a * b))) : 0,
        .compared = scale->compared,
    };
}
