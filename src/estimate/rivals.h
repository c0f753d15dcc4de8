// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A belt and a pod that both claim to know the runner's speed: which of them to believe. They
// differ by a few per cent because each has its own scale; by more, one of them is out; by the
// ratio of a mile to a kilometre, the belt means miles an hour and says kilometres; altogether,
// when it is not this runner's belt; and when the belt runs and the pod stands, there is nobody on
// it.
//
// Plain data, no allocation.

#pragma once

#include "base/units.h"

typedef enum {
    RIVALS_UNTOLD,    // not long enough together, or both stand
    RIVALS_AGREE,     // within RIVALS_APART
    RIVALS_DISAGREE,  // the same run, but one of them is out
    RIVALS_STRANGERS, // not the same run
    RIVALS_EMPTY,     // the belt runs with nobody on it
} RivalsVerdict;

#define RIVALS_APART 0.06 // of the speed

typedef struct {
    double ratio;   // pod by belt, both true m/s as far as they know; smoothed
    double seconds; // that they have both been running
    double unit;    // what the belt's speed is to be multiplied by: 1, or it says miles for km
    Usec belt_at;   // its newest; USEC_NEVER before the first, and so below
    Usec pod_at;
    double belt; // m/s, with its unit
    double pod;
    Usec empty_since;
} Rivals;

void rivals_init(Rivals *rivals);

// A speed of one of them, m/s. Times never run backwards. `stands`: the pod counts no steps.
void rivals_belt(Rivals *rivals, Usec at, double speed);
void rivals_pod(Rivals *rivals, Usec at, double speed, bool stands);

RivalsVerdict rivals_verdict(const Rivals *rivals, Usec at);
