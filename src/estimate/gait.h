// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner's own line of cadence and speed, learnt while he is fresh, and what it is good for: a
// speed when only steps are counted, and how far from his fresh self he runs. Tired runners take
// fewer and longer steps at the same speed; what is too few is therefore a matter of the runner and
// the speed, not of a number in an article.
//
// Plain data, no allocation.

#pragma once

#include "base/units.h"

// Sums of what was seen, weighted by seconds: enough for both regression lines.
typedef struct {
    double seconds;                    // that it rests on; 0: nothing is known
    double cadence, speed;             // means: steps a minute (both feet), m/s
    double cadence2, speed2, together; // mean squares and product of what deviates from the means
} GaitLine;

bool gait_line_valid(const GaitLine *line); // finite, and what a runner's may be

typedef struct {
    GaitLine line;
    double fresh_s; // that were run in this session so far
    double few;     // steps a minute fewer than fresh, smoothed; NAN before GAIT_SETTLED
    double seen_s;  // that `few` rests on
} Gait;

#define GAIT_LEARNT  300.0  // s; a line that rests on less says nothing
#define GAIT_FRESH_S 1500.0 // s; of running; later the line is not moved any more
#define GAIT_SETTLED 60.0   // s; what a deviation is the mean of

void gait_init(Gait *gait);

// What was known before; only while this session has learnt nothing itself.
void gait_recall(Gait *gait, const GaitLine *line);

// So many steps a minute at this speed, for the last `seconds` (at most a few).
void gait_see(Gait *gait, double cadence, double speed, double seconds);

// m/s at this cadence, and how well that is known; NAN before GAIT_LEARNT and far beyond what was
// seen.
double gait_speed(const Gait *gait, double cadence, double *ret_deviation);

// Steps a minute that the fresh runner takes at this speed, likewise.
double gait_cadence(const Gait *gait, double speed, double *ret_deviation);

// Steps a minute fewer than the fresh runner at the same speed, over the last minute or so, and how
// well that is known. Negative: more. NAN before enough was seen.
double gait_form_drift(const Gait *gait, double *ret_deviation);
