// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Something that could be said: what every part of the coach offers and the arbitration in coach.c
// chooses from. Offers are made afresh from the state each time, so none can go stale in a queue.

#pragma once

#include "coach/cue.h"

typedef struct {
    Usec from;    // the voice may begin to prepare it; USEC_NEVER: there is nothing to say
    Usec due;     // when it should be heard
    Usec expires; // from then on it is worthless
    CueKind kind;
    CuePriority priority;
    bool yields;      // must not run into an announcement or a countdown
    const char *text; // borrowed from whoever offers it
} Offer;

#define OFFER_NONE ((Offer){.from = USEC_NEVER})
