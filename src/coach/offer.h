// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Something that could be said: what every part of the coach offers and the arbitration in
// arbiter.c chooses from. Offers are made afresh from the state each time, so none can go stale in
// a queue. Each has as many forms as make sense, and the longest that can be borne is said.

#pragma once

#include "coach/cue.h"

typedef struct {
    Usec from;    // the voice may begin to prepare it; USEC_NEVER: there is nothing to say
    Usec due;     // when it should be heard
    Usec expires; // from then on it is worthless
    Usec over;    // the words have to be over by then, or fewer are said; USEC_NEVER: no matter
    CueKind kind;
    CuePriority priority;
    CueWhy why;
    const char *full;  // borrowed from whoever offers it
    const char *brief; // likewise; NULL: nothing shorter says it
    bool brief_anyway; // even where it is not over in time: the countdown may cut it short
    Tone tone;         // that can stand for the words; TONE_NONE: none can
} Offer;

#define OFFER_NONE ((Offer){.from = USEC_NEVER, .over = USEC_NEVER})
