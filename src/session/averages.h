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
    bool measured; // the speed was known, for a moment at least
} Averages;

void averages_reset(Averages *averages);

// The values held for so long; an unknown one is left out.
void averages_add(Averages *averages, double seconds, const Estimate *heart,
                  const Estimate *cadence, const Estimate *speed);

// The metres that it was, in so long; NAN where nothing measured them.
double averages_way(const Averages *averages, Usec duration, double metres);

// The means of a lap that ended, into it, and that its way is not known where it is not; the next
// begins.
void averages_end_lap(Averages *averages, Lap *lap);

double averages_heart_rate(const Averages *averages); // NAN when never known; so for the others
double averages_heart_rate_max(const Averages *averages);
double averages_cadence(const Averages *averages);
