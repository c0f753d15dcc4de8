// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the coach wants said: words, and all that an output needs to decide whether they still help.

#pragma once

#include "base/units.h"

#define CUE_TEXT_MAX 200 // bytes with the NUL; UTF-8, words only (no notation)

typedef enum {
    CUE_SAFETY,     // stop, pause, sensors: what changes what the runner can rely on
    CUE_STEP,       // what is coming, what begins
    CUE_COUNTDOWN,  // three, two, one, go
    CUE_SPLIT,      // how a repetition went
    CUE_DRIFT,      // easy now, hold steady, push a little harder
    CUE_PROGRESS,   // halfway, to go
    CUE_SUMMARY,    // the end
    CUE_ADAPTATION, // what was changed of the plan, and why
} CueKind;

// Higher is more important; the order of facts section 5.
typedef enum {
    PRIORITY_ENCOURAGEMENT,
    PRIORITY_CORRECTION,
    PRIORITY_SPLIT,
    PRIORITY_COUNTDOWN,
    PRIORITY_STEP,
    PRIORITY_SAFETY,
} CuePriority;

typedef struct {
    uint32_t id; // 1, 2, 3 … within a session
    CueKind kind;
    CuePriority priority;
    Usec due;     // when it should be heard
    Usec expires; // from then on it is worthless: drop it
    char text[CUE_TEXT_MAX];
} Cue;

// Voices take a full stop before a small letter for an abbreviation and run on: "four fifty three
// of five". So sentences begin with a capital there.
void cue_set_text(Cue *cue, const char *text);

// "safety", "step", "countdown", "split", "drift", "progress", "summary", "adaptation": as on
// D-Bus.
const char *cue_kind_name(CueKind kind);
