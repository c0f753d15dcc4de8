// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Kilometre by kilometre, or mile by mile, through a long stretch of running: which number it was
// and how long this one took. In a workout they are counted from the step's beginning, in a free
// run from the run's, whatever laps are pressed in it. Not in rests, jogs between work and strides,
// nor in a step in which not even one of them would be told.
//
// Plain data, no allocation; a comparison for each look.

#pragma once

#include "coach/phrases.h"
#include "coach/sight.h"
#include "workout/engine.h"

#define MILESTONES_LEAST 2                    // of them long is a step by distance that is long
#define MILESTONES_TIME  (600 * USEC_PER_SEC) // and so long one by time
#define MILESTONE_LAST   (90 * USEC_PER_SEC)  // so near the end of a step what ends it is told
#define MILESTONE_ALONE  (10 * USEC_PER_SEC)  // halfway is not told so near to one

typedef struct {
    PaceUnit unit;
    double next_m;   // of the way that is counted; INFINITY: none is told
    uint32_t passed; // until now
    Usec passed_at;  // in the time of the way that is counted: when the latest was
    Sight seen;      // of that way by then
} Milestones;

void milestones_end(Milestones *milestones);

// A step begins.
void milestones_begin(Milestones *milestones, const Plan *plan, const Engine *engine);

// Looks, with how the way that is counted was seen until now. True: one was passed; "kilometre
// three, four fifty-two" then, or no words where its time is not known well enough.
bool milestones_look(Milestones *milestones, const Engine *engine, double speed_mps,
                     const Sight *seen, const Phrases *phrases, Words *ret_words);

// In how long the next one will be passed at this speed; USEC_NEVER: it is not near, or none is
// told.
Usec milestones_ahead(const Milestones *milestones, const Engine *engine, double speed_mps);

// Whether one was passed just now, or will be in a moment.
bool milestones_near(const Milestones *milestones, const Engine *engine, double speed_mps);
