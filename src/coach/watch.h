// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One sensor as the runner cares for it: it was there, it is gone, it is back. A blip is not worth
// a word, nor is a sensor that was never there, and one that comes and goes is told once a minute
// at most.

#pragma once

#include "estimate/estimator.h"

#define WATCH_BACK  (3 * USEC_PER_SEC)  // known for this long before it counts as back
#define WATCH_AGAIN (60 * USEC_PER_SEC) // before it is called lost again

typedef struct {
    Usec seen_at;    // the newest measurement; USEC_NEVER before the first
    Usec back_since; // after a loss: since when it is there again; USEC_NEVER
    Usec lost_at;    // when a loss was last told; USEC_NEVER
    bool lost;       // and not yet told to be back
} Watch;

void watch_init(Watch *watch);

// A run begins: what was lost before does not matter to it.
void watch_begin(Watch *watch, Usec at);
void watch_observe(Watch *watch, Usec at, const Estimate *estimate);
// The same of a heart rate, of which only a strap's counts: that hands leave a treadmill's grips is
// no loss. `sensors`: SENSORS_MAX of them; NULL: it is a strap's.
void watch_observe_strap(Watch *watch, Usec at, const Estimate *heart_rate,
                         const SensorView *sensors);

// When the change of `lost` should be told; USEC_NEVER when nothing changed.
Usec watch_due(const Watch *watch);
void watch_told(Watch *watch, Usec at);
