// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What an article claims of its workout, sentence by sentence, as far as it can be told without
// understanding it: a claim that is missed costs nothing, one that was never made costs the
// reader's trust. For prose.c alone.

#pragma once

#include "workout/prose-token.h"

typedef enum {
    CLAIM_SPEED,   // `length` (or, without one, the repetitions) is run at `speed`
    CLAIM_RACE,    // the pace of a race over `length` is `speed`
    CLAIM_COUNT,   // `length` is run `low` to `high` times
    CLAIM_TIMES,   // something is run `low` to `high` times: "6 reps", "do this 5x"; a `length` is
                   // only of it
    CLAIM_COMPARE, // `length` (or the repetitions) is run faster than `base`; `slower` than it
    CLAIM_PERCENT, // `low` percent faster (`slower`) than `base`, which may come to `speed`
    CLAIM_REST,    // one recovers for `length`
    CLAIM_REP,     // repetition `low` is run at `speed`
    CLAIM_CHANGE,  // the repetitions are not alike: from `base` to `speed`, or END for both
    CLAIM_MILE,    // a mile is run
    CLAIM_SAME,    // `base` and `speed` are two ways of saying one thing
    CLAIM_SUB,     // a race over `length` in less than `low` s: the title's
} ClaimKind;

typedef struct {
    ClaimKind kind;
    uint32_t sentence;            // counted through the text
    Token at;                     // where it stands
    bool title;                   // in the workout's own name
    bool past, variant, supposed; // of another day, another workout, another runner
    bool slower, loose;           // SAME: the words between do not quite say so
    double low, high;
    Token length, base, speed; // of kind TOKEN_END where there is none
} Claim;

#define COUNT_MOST 100 // more of something is no number of repetitions

#define RECOVERY_S 360 // longer ones are slower running, not recoveries
#define RECOVERY_M 800

#define CLAIMS_MAX 192 // further ones are dropped

typedef struct {
    size_t count;
    uint32_t sentences;
    Token subject; // the length that was spoken of last, in this line; else END
    Claim items[CLAIMS_MAX];
} Claims;

// Adds what a measured sentence claims; `data` is a Claims.
void claims_find(Sentence *sentence, void *data);
