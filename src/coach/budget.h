// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How much has been said lately, and whether more can be borne: at most six utterances in any
// minute, and three quarters of it silent, whatever happens. Of that, what only accompanies the run
// leaves room for what must be known and for the split that the runner waits for: of an
// announcement and a split, some eight seconds, each other kind leaves most. Tones cost nothing.

#pragma once

#include "coach/cue.h"

#define BUDGET_UTTERANCES 6                   // a minute
#define BUDGET_SPEAKING   (15 * USEC_PER_SEC) // of a minute
#define BUDGET_RECENT     32

typedef struct {
    struct {
        Usec at, takes;
        bool counted;        // a countdown is one utterance with what it announces
    } recent[BUDGET_RECENT]; // a ring
    size_t next;
} Budget;

// Whether words that take so long may be said at this instant; if not, *ret_again is when the
// oldest words of the last minute leave it.
bool budget_allows(const Budget *budget, Usec at, CueKind kind, Usec takes, Usec *ret_again);
void budget_spend(Budget *budget, Usec at, CueKind kind, Usec takes);
