// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is learnt of the runner while the owner of the speed speaks, and stands in for it when it is
// silent: how many steps he takes at a speed (gait.h), and how many watts.
//
// Plain data, no allocation.

#pragma once

#include "estimate/gait.h"
#include "estimate/pace.h"

typedef struct {
    Gait gait;
    Usec stepped_at;  // newest cadence; USEC_NEVER before the first
    double watts;     // for each m/s, on the flat
    double powered_s; // that this rests on
    Usec powered_at;
} Learnt;

void learnt_init(Learnt *learnt);

// A cadence was just measured, steps a minute with both feet.
void learnt_cadence(Learnt *learnt, Pace *pace, Usec at, double cadence);

// A power was just measured, W; `incline` of the belt in %, NAN where there is none.
void learnt_power(Learnt *learnt, Pace *pace, Usec at, double watts, double incline);
