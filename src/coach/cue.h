// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the coach wants heard: words or a tone, and all that an output needs to decide whether they
// still help.

#pragma once

#include "base/units.h"

#define CUE_TONE_AHEAD                                                                             \
    (250 * USEC_PER_MSEC) // beyond the output's latency that a tone is told, for whoever places it
                          // to the sample
#define CUE_TEXT_MAX 200  // bytes with the NUL; UTF-8, words only (no notation)

typedef enum {
    CUE_SAFETY,     // stop, pause, sensors: what changes what the runner can rely on
    CUE_STEP,       // what is coming, what begins
    CUE_COUNTDOWN,  // three, two, one, go
    CUE_SPLIT,      // how a repetition went
    CUE_DRIFT,      // easy now, hold steady, push a little harder
    CUE_PROGRESS,   // halfway, to go
    CUE_SUMMARY,    // the end
    CUE_ADAPTATION, // what was changed of the plan, and why; after a run, what is proposed
    CUE_STATUS,     // where the runner is, as he asked
    CUE_FORM,       // quick feet
    CUE_PRAISE,     // earned
    CUE_PACER,      // the pacemaker passes a mark: a tone, which only exists where it is asked for
    CUE_KILOMETRE,  // one more, or a mile, of a long step, and how long it took
} CueKind;

#define CUE_KINDS (CUE_KILOMETRE + 1)

// Higher is more important; the order of facts section 5.
typedef enum {
    PRIORITY_ENCOURAGEMENT,
    PRIORITY_CORRECTION,
    PRIORITY_SPLIT,
    PRIORITY_COUNTDOWN,
    PRIORITY_STEP,
    PRIORITY_SAFETY,
} CuePriority;

// How much of it: all the words, fewer, or a tone in their place.
typedef enum {
    FORM_FULL,
    FORM_SHORT,
    FORM_EARCON,
} CueForm;

// Told apart by ear alone, so few of them.
typedef enum {
    TONE_NONE,   // words
    TONE_COUNT,  // a second less until the boundary
    TONE_GO,     // the boundary: work begins, or it becomes faster
    TONE_REST,   // the boundary: work is over, ease begins or the run ends
    TONE_FASTER, // too slow
    TONE_SLOWER, // too fast
    TONE_STEADY, // right again
    TONE_NOTICE, // something is worth a look or a question
    TONE_YES,    // a button was understood
    TONE_NO,     // it was, and nothing can be done
    TONE_AHEAD,  // the pacer's tick: the runner is ahead of the target
    TONE_LEVEL,  // … is with it
    TONE_BEHIND, // … is behind
    TONE_COUNT_OF,
} Tone;

// What made the coach speak.
typedef enum {
    CUE_WHY_STEP_COMES,
    CUE_WHY_STEP_BEGINS,
    CUE_WHY_BOUNDARY, // three, two, one, go
    CUE_WHY_STEP_ENDED,
    CUE_WHY_TOO_FAST,
    CUE_WHY_TOO_SLOW,
    CUE_WHY_RIGHT_AGAIN,
    CUE_WHY_ON_THE_WAY, // halfway, so much to go, kilometres
    CUE_WHY_PLAN_CHANGED,
    CUE_WHY_SENSOR,
    CUE_WHY_PREFLIGHT,
    CUE_WHY_PAUSE, // or its end
    CUE_WHY_RUN_ENDED,
    CUE_WHY_ASKED,         // where he is, by the runner; or a button was pressed
    CUE_WHY_FORM,          // fewer and longer steps than his own
    CUE_WHY_EVEN,          // one repetition after the other on target
    CUE_WHY_PROPOSED,      // after a run, or that it was answered
    CUE_WHY_PACED,         // the pacemaker passes a mark
    CUE_WHY_PLACE_CHANGED, // and the runner's place by him is another than at the mark before
    CUE_WHY_COUNT,
} CueWhy;

typedef struct {
    uint32_t id; // 1, 2, 3 … within a session
    CueKind kind;
    CuePriority priority;
    CueWhy why;
    CueForm form;
    Tone tone;               // FORM_EARCON: what is heard; else TONE_NONE
    Tone meaning;            // the tone that could stand for it in any form: what is felt
    Usec due;                // when it should be heard
    Usec expires;            // from then on it is worthless: drop it
    Usec takes;              // how long its words will take, as far as that is known; 0 of a tone
    char text[CUE_TEXT_MAX]; // of a tone, the word it stands for; may be empty
} Cue;

// Voices take a full stop before a small letter for an abbreviation and run on: "four fifty three
// of five". So sentences begin with a capital there.
void cue_set_text(Cue *cue, const char *text);

// "safety", "step", "countdown", "split", "drift", "progress", "summary", "adaptation",
// "status", "form", "praise", "pacer", "kilometre": as on D-Bus.
const char *cue_kind_name(CueKind kind);
bool cue_kind_from_name(const char *name, CueKind *ret_kind);
const char *cue_why_name(CueWhy why);    // "step-comes", "too-fast", …
const char *cue_form_name(CueForm form); // "full", "short", "earcon"
const char *tone_name(Tone tone);        // "count", "go", …; "" for none
