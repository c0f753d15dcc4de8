// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The next harder version of a workout, for who runs it as it stands without a sign of fatigue: one
// repetition more; where there are enough of them a shorter rest; and where that is short enough a
// faster pace, if the text names one: training paces follow from the runner, not from the text
// (facts 4.4: repetitions, then rest, then pace). One step at a time. Repetitions and rests stay
// within what sets of that kind are made of; the pace within what the runner holds.

#pragma once

#include "workout/plan.h"

typedef enum {
    PROGRESS_NONE,
    PROGRESS_REPEAT,
    PROGRESS_REST,
    PROGRESS_PACE,
} ProgressKind;

typedef struct {
    ProgressKind kind;
    uint32_t from, to;           // repetitions, seconds of rest, or seconds per km or mile
    uint32_t line;               // of the item in its text
    WrittenLength before, after; // of the rest
    PaceUnit unit;               // of the pace
} Progress;

// Of the workout's main set: the outermost repeat with most work in it. NONE where its repetitions
// are nested, more than one rest belongs to each or the rest is by no time, the work has no length
// in time, or there is enough of everything and no one pace for all of it.
Progress plan_progress(const Plan *plan);

// The text with that one number changed, in its title as well where the number of repetitions
// ("5 x") or the pace ("3'40''", with or without its unit) stands there once, NUL-terminated. 0
// where it is written in some other way than it prints, or does not fit.
size_t progress_text(const Progress *progress, const char *text, size_t length, char *buffer,
                     size_t size);
