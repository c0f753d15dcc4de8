// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A pacemaker that is heard: he runs the step at its target from its first moment on, and a tone is
// sounded as he passes each mark of his way, every 50, 100 or 200 m. Its pitch says where the
// runner is: ahead of him, with him, behind him. What was hard is that a tone is only worth
// something at its moment: it is told a little ahead, as those of a countdown are, and dropped when
// it is late for whatever reason. He stands while the run is paused.
//
// Plain data, no allocation.

#pragma once

#include "coach/cue.h"
#include "workout/engine.h"

// So far from the pacemaker the runner is still with him: what a runner can tell by himself, or as
// much of his time so far as a good pod may be wrong by; the more of the two.
#define PACER_WITH_S     1.5
#define PACER_WITH_SHARE 0.015

typedef struct {
    unsigned every; // m; 0: none
    uint32_t mark;  // the next one, in `every`
    Usec passes;    // when he passes it, in the step's own time; USEC_NEVER: none is left
    Tone told;      // at the latest mark that was told; TONE_NONE for none
} Pacer;

// The engine's step has begun, or another `every` is wanted in it: from the first mark that is
// still to be told; `latency`: the output's.
void pacer_begin(Pacer *pacer, const Engine *engine, unsigned every, Usec latency);

// When the next mark is to be heard; USEC_NEVER while there is none.
Usec pacer_due(const Pacer *pacer, const Engine *engine);

// When to ask, so that it is heard in time: from then on pacer_next() is called.
Usec pacer_deadline(const Pacer *pacer, const Engine *engine, Usec latency);

// The next mark is told now, or cannot be told any more: goes on to the one behind it.
void pacer_next(Pacer *pacer, const Engine *engine);

// Where the runner is by the pacemaker at the next mark's moment, at his speed by now (m/s).
Tone pacer_place(const Pacer *pacer, const Engine *engine, double speed_mps);
