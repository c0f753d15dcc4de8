// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The form in which words go to the voice, and the names of the kinds, which programs on the bus
// script against.

#include "coach/cue.h"

#include <string.h>

// Of U+0100 to U+017E, where capitals and small letters take turns, but not all in one order.
static bool is_small(unsigned letter)
{
    const bool odd_is_capital =
        (letter >= 0x139 && letter <= 0x148) || (letter >= 0x179 && letter <= 0x17e);
    return letter <= 0x17e && letter % 2 != odd_is_capital;
}

// As far as Latin scripts in UTF-8 go: é, ś, ł.
static void capitalise(unsigned char *at)
{
    if (at[0] >= 'a' && at[0] <= 'z')
        at[0] = (unsigned char)(at[0] - 'a' + 'A');
    else if (at[0] == 0xc3 && at[1] >= 0xa0 && at[1] <= 0xbe && at[1] != 0xb7)
        at[1] = (unsigned char)(at[1] - 0x20);
    else if ((at[0] == 0xc4 || at[0] == 0xc5) &&
             is_small((at[0] == 0xc4 ? 0x100U : 0x140U) + (at[1] & 0x3f)))
        at[1]--;
}

void cue_set_text(Cue *cue, const char *text)
{
    size_t length = strlen(text);
    memcpy(cue->text, text, length + 1);
    for (size_t i = 2; i < length; i++)
        if (text[i - 2] == '.' && text[i - 1] == ' ')
            capitalise((unsigned char *)cue->text + i);
}

const char *cue_kind_name(CueKind kind)
{
    switch (kind) {
    case CUE_SAFETY:
        return "safety";
    case CUE_STEP:
        return "step";
    case CUE_COUNTDOWN:
        return "countdown";
    case CUE_SPLIT:
        return "split";
    case CUE_DRIFT:
        return "drift";
    case CUE_PROGRESS:
        return "progress";
    case CUE_SUMMARY:
        return "summary";
    case CUE_ADAPTATION:
        return "adaptation";
    case CUE_STATUS:
        return "status";
    case CUE_FORM:
        return "form";
    case CUE_PRAISE:
        return "praise";
    case CUE_PACER:
        return "pacer";
    case CUE_KILOMETRE:
        return "kilometre";
    }
    return "";
}

bool cue_kind_from_name(const char *name, CueKind *ret_kind)
{
    for (CueKind kind = 0; kind < CUE_KINDS; kind++) {
        if (strcmp(name, cue_kind_name(kind)) != 0)
            continue;
        *ret_kind = kind;
        return true;
    }
    return false;
}

const char *cue_why_name(CueWhy why)
{
    static const char names[CUE_WHY_COUNT][16] = {
        [CUE_WHY_STEP_COMES] = "step-comes",
        [CUE_WHY_STEP_BEGINS] = "step-begins",
        [CUE_WHY_BOUNDARY] = "boundary",
        [CUE_WHY_STEP_ENDED] = "step-ended",
        [CUE_WHY_TOO_FAST] = "too-fast",
        [CUE_WHY_TOO_SLOW] = "too-slow",
        [CUE_WHY_RIGHT_AGAIN] = "right-again",
        [CUE_WHY_ON_THE_WAY] = "on-the-way",
        [CUE_WHY_PLAN_CHANGED] = "plan-changed",
        [CUE_WHY_SENSOR] = "sensor",
        [CUE_WHY_PREFLIGHT] = "preflight",
        [CUE_WHY_PAUSE] = "pause",
        [CUE_WHY_RUN_ENDED] = "run-ended",
        [CUE_WHY_ASKED] = "asked",
        [CUE_WHY_FORM] = "form",
        [CUE_WHY_EVEN] = "even",
        [CUE_WHY_PROPOSED] = "proposed",
        [CUE_WHY_PACED] = "paced",
        [CUE_WHY_PLACE_CHANGED] = "place-changed",
    };
    return names[why];
}

const char *cue_form_name(CueForm form)
{
    switch (form) {
    case FORM_FULL:
        return "full";
    case FORM_SHORT:
        return "short";
    case FORM_EARCON:
        return "earcon";
    }
    return "";
}

const char *tone_name(Tone tone)
{
    static const char names[TONE_COUNT_OF][8] = {
        [TONE_COUNT] = "count",   [TONE_GO] = "go",         [TONE_REST] = "rest",
        [TONE_FASTER] = "faster", [TONE_SLOWER] = "slower", [TONE_STEADY] = "steady",
        [TONE_NOTICE] = "notice", [TONE_YES] = "yes",       [TONE_NO] = "no",
        [TONE_AHEAD] = "ahead",   [TONE_LEVEL] = "level",   [TONE_BEHIND] = "behind",
    };
    return names[tone];
}
