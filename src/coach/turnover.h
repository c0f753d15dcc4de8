// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// When the metronome sounds, and how fast. It is there to bring the feet back, not to run by: it
// comes when the turnover has left its band about what it should be, goes when the runner has
// stepped with it for a while, and between two bouts there is silence whatever happens. A beat far
// from one's own steps cannot be followed and is not meant to be, so it asks for a little more than
// what he does, and the next bout for a little more again. Who has not followed three of them is
// left in peace for the step.
//
// The figures: step rates up to 5 % above one's own unload knee and hip, 10 % below loads all
// joints; feedback every one or two minutes is preferred; a beat for each step is followed better
// than one for every other (facts on running science, section 5).
//
// Plain data, no allocation; asked once a second.

#pragma once

#include "estimate/estimate.h"

#define TURNOVER_BAND     0.03  // of the target: further away the turnover has left it
#define TURNOVER_RIGHT    0.015 // of the beat: so near it is followed
#define TURNOVER_FARTHEST 0.05  // of what the runner does, when a bout begins
#define TURNOVER_ENTER    (10 * USEC_PER_SEC) // out of the band, also from the step's beginning on
#define TURNOVER_LEAVE    (20 * USEC_PER_SEC) // right again
#define TURNOVER_BOUT     (90 * USEC_PER_SEC) // at most
#define TURNOVER_PAUSE    (60 * USEC_PER_SEC) // between two, at least
#define TURNOVER_LAST     (20 * USEC_PER_SEC) // before the step is over no bout begins any more
#define TURNOVER_IN_VAIN  3                   // bouts that nobody followed

typedef struct {
    Usec at;
    bool wanted;      // work is being run that a metronome goes with
    Usec boundary;    // of the step; USEC_NEVER when unknown
    Estimate cadence; // steps a minute, both feet; only when known well enough, else unknown
    double target;    // steps a minute; NAN: none is known
    double low, high; // what is right all the same; NAN: no limit of its own
    bool only_more;   // more steps than the target are as well
} TurnoverView;

typedef struct {
    double clicks; // a minute; 0: silent
    Usec since;    // the bout or the silence
    double usual;  // steps a minute, as they were the last seconds; NAN
    Usec usual_at;
    Usec otherwise;   // when the turnover was last in the band, or off the beat
    unsigned in_vain; // bouts in a row
} Turnover;

void turnover_init(Turnover *turnover);

// Another step: whatever sounds ends, and what was in vain is forgotten.
void turnover_step(Turnover *turnover, Usec at);

// Ends what sounds.
void turnover_hush(Turnover *turnover, Usec at);

// Looks, and gives the clicks a minute from now on; 0 for none.
double turnover_look(Turnover *turnover, const TurnoverView *view);
