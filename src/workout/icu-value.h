// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a step of intervals.icu asks for: its numbers, and what they are in a plan. For icu.c and
// icu-step.c alone.

#pragma once

#include "workout/line.h"
#include "workout/losses.h"
#include "workout/target.h"

typedef enum {
    ICU_NONE,
    ICU_PERCENT,
    ICU_WATT,
    ICU_TURNS, // of one leg
    ICU_STEPS,
    ICU_BPM,
    ICU_ZONE,
    ICU_PACE, // with `metres`
    ICU_EFFORT,
} IcuUnit;

typedef enum {
    ICU_OF_POWER, // where nothing is said
    ICU_OF_HEART,
    ICU_OF_THRESHOLD_HEART,
    ICU_OF_PACE,
    ICU_OF_OTHER, // MMP
} IcuDomain;

typedef struct {
    Line at; // from its beginning to its end
    IcuUnit unit;
    IcuDomain domain;
    double low, high; // as written; of a pace: seconds
    double metres;    // of a pace; 0: not said
    bool range;
} IcuValue;

// Whether a number or a zone stands here.
bool icu_at_value(const Line *line);

// Reads one, with what says of what it is. False fills *ret_error but for its line.
bool icu_value(Line *line, IcuValue *ret_value, TextError *ret_error);

// The numbers behind "RPE", likewise.
bool icu_effort(Line *line, IcuValue *ret_value, TextError *ret_error);

// Its target; `ramp`: from its first number to its second. What is taken for something else is
// said. False: a plan has none like it.
bool icu_target(const IcuValue *value, bool ramp, uint32_t number, const Losses *losses,
                Target *ret_target);
