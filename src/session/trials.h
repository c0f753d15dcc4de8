// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was run all out in a run, and how fast: a step that asked for everything, in one piece,
// whose speed was known well all the way, measured by a sensor that a known distance stands behind.
// From anything less nothing is proposed; the runner may call it a race and say how far it was.

#pragma once

#include "estimate/estimate.h"
#include "workout/engine.h"

#define TRIALS_MAX 2 // the latest ones of a run: two on one day give a critical speed

typedef struct {
    double distance_m, time_s;
} Trial;

typedef struct {
    double seconds, known_s; // of the lap that runs, and of them with a speed to go by
    uint32_t count;
    Trial found[TRIALS_MAX];
} Trials;

void trials_begin(Trials *trials);
void trials_sample(Trials *trials, double seconds, const Estimate *speed);

// `compared`: a known distance stands behind what measures the way.
void trials_lap(Trials *trials, const Lap *lap, bool compared);
