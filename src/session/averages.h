// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Means over a lap or a run, weighted by time: what was not known for a while counts for nothing in
// that while.

#pragma once

#include "estimate/estimate.h"
#include "workout/engine.h"

typedef struct {
    double heart_sum, heart_max, heart_s;
    double cadence_sum, cadence_s;
} Averages;

void averages_reset(Averages *averages);

// The values held for so long; an unknown one is left out.
void averages_add(Averages *averages, double seconds, const Estimate *heart,
                  const Estimate *cadence);

// The means of a lap that ended, into it; the next begins.
void averages_end_lap(Averages *averages, Lap *lap);

double averages_heart_rate(const Averages *averages); // NAN when never known; so for the others
double averages_heart_rate_max(const Averages *averages);
double averages_cadence(const Averages *averages);
