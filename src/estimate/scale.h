// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How many true metres a sensor's metre has, and how sure that is. A sensor cannot know its own
// scale, so only known distances move it: laps of a track, a run of known length. The scale is a
// straight line over speed, for a foot pod errs by another share at a jog than in a repetition:
//
//     true = raw · (scale + slope · (raw - SCALE_CENTRE))
//
// with speeds in m/s. Plain data, no allocation.

#pragma once

#include <stdbool.h>

#define SCALE_CENTRE 3.5 // m/s
#define SCALE_LEAST  0.7 // of any sensor that counts as one
#define SCALE_MOST   1.4

// What is known of a sensor on a surface from one run to the next. All zero: nothing is.
typedef struct {
    double scale;           // 1: as it says
    double slope;           // per m/s
    double scale_deviation; // standard deviations
    double slope_deviation;
    double correlation; // of the two, -1 … 1
    bool compared;      // a known distance stands behind it, or a belt's
} ScaleKnown;

// A sensor that was never compared with anything and may be out by a share of `deviation`.
ScaleKnown scale_unknown(double deviation);

// The same with a doubt of `deviation` beside its own, or with no less than that. It is a doubt of
// the whole line's height, and so makes it more doubtful at every speed; 0.5 is the most.
ScaleKnown scale_doubted(const ScaleKnown *known, double deviation);
ScaleKnown scale_doubted_at_least(const ScaleKnown *known, double deviation);

// Nothing known, or finite and within what any sensor that counts as one may have.
bool scale_known_valid(const ScaleKnown *known);

bool scale_is_known(const ScaleKnown *known); // something is

// To millionths, as it is kept and recorded.
ScaleKnown scale_known_recorded(const ScaleKnown *known);
bool scale_known_same(const ScaleKnown *one, const ScaleKnown *other);

typedef struct {
    double x[3];          // scale, slope, and the true way at the latest mark, m
    double p[3][3];       // their covariance
    double raw, weighted; // m by the sensor since then, plain and times (speed - centre)
    unsigned marks;       // since scale_init()
    bool compared;
} Scale;

void scale_init(Scale *scale, const ScaleKnown *known);

double scale_at(const Scale *scale, double raw);        // true by raw, at that speed
double scale_deviation(const Scale *scale, double raw); // of scale_at()
double scale_raw(const Scale *scale, double speed); // the raw speed that is `speed` m/s in truth

// The sensor went on by `metres` of its own at `raw` m/s. May be negative by a little.
void scale_travel(Scale *scale, double metres, double raw);

// True metres since scale_init(). A mark may set it back.
double scale_way(const Scale *scale);

// Standard deviation of the true metres since the latest anchor or mark.
double scale_way_deviation(const Scale *scale);

// Here is a place to measure from, give or take `deviation`: what was covered before says nothing
// about the scale any more.
void scale_anchor(Scale *scale, double deviation);

// Since scale_init() it has truly been `metres`, give or take `deviation`. False when that cannot
// be: it is no number, is further from what was counted than all doubts together explain, or would
// take the scale to where scale_known_valid() has none. Nothing has changed then.
bool scale_mark(Scale *scale, double metres, double deviation);

ScaleKnown scale_known(const Scale *scale);
