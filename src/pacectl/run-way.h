// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How far a run that others recorded had come, by its samples.

#pragma once

#include "pacectl/run.h"

typedef struct {
    double t; // s since the run's start
    double metres;
} Fix;

// The metres at `t`, which is no less than in the call before: `*next` is 0 at first.
double run_way_at(const GArray *fixes, double t, guint *next);

double run_way_whole(const GArray *fixes); // metres; NAN without any

// Sets the distances of the seconds, of the laps with their speeds, and of the whole. `fixes`: Fix,
// in the order of time, at least one.
void run_measure_way(Run *run, const GArray *fixes);
