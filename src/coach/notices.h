// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the runner ought to hear once about his sensors while he runs: a battery that runs low, a
// belt that says kilometres and means miles, a belt and a pod that do not agree on how fast it is;
// and that the run is not being kept, or soon may not be.

#pragma once

#include "coach/preflight.h"

typedef struct {
    uint16_t told; // a bit for each sensor's battery, then one for each other notice
    int next;      // the bit to tell next; -1
    Usec due;      // since when; USEC_NEVER when there is none
    Words text;
} Notices;

void notices_init(Notices *notices);
void notices_observe(Notices *notices, const Phrases *phrases, const PreflightView *view);
void notices_told(Notices *notices);                                   // the next one was told
void notices_told_before(Notices *notices, const PreflightView *view); // what the pre-flight tells
void notices_forget(Notices *notices, SensorId sensor);                // another has its number now
