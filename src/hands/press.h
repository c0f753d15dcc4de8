// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One button, from the edges that its contact makes to what was meant: a press, two in a row, or
// one that was held. A plain function of edges and instants.

#pragma once

#include "base/units.h"

#define PRESS_BOUNCE (30 * USEC_PER_MSEC)  // contacts are at rest then
#define PRESS_DOUBLE (300 * USEC_PER_MSEC) // from a release to the second press, at most
#define PRESS_HOLD   (700 * USEC_PER_MSEC) // from then on it is a hold, told as it is let go
#define PRESS_STUCK  (10 * USEC_PER_SEC)   // nobody holds so long: something presses it

typedef enum {
    TOLD_NOTHING,
    TOLD_PRESS,
    TOLD_DOUBLE,
    TOLD_HOLD,
    TOLD_STUCK, // once; nothing more is told until it is let go
} PressTold;

typedef struct {
    bool down;  // as the contact is
    bool held;  // as is believed
    bool spent; // what was meant by it has been told, or it is stuck
    bool stuck; // has been told
    Usec edge;  // the latest
    Usec since; // while held
    Usec waits; // since this release it may become a double; USEC_NEVER: nothing does
} Press;

void press_init(Press *press); // also when edges may have been missed: nothing is meant by it then

// What the time brings about; to be asked again until it is nothing, and before every edge.
PressTold press_time(Press *press, Usec at);

// `at_once`: a press is all that this button can say, so it is told as it begins.
PressTold press_edge(Press *press, Usec at, bool down, bool at_once);

Usec press_deadline(const Press *press); // when to ask press_time(); USEC_NEVER: after an edge
