// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How much has been said lately, and whether more can be borne: of splits, corrections and progress
// at most six in any minute, and corrections and progress leave three quarters of any minute
// silent.

#pragma once

#include "coach/cue.h"

#define BUDGET_UTTERANCES 6 // a minute, of those that are counted
#define BUDGET_RECENT     32

typedef struct {
    struct {
        Usec at, takes;
        bool counted;
    } recent[BUDGET_RECENT]; // utterances, a ring
    size_t next;
} Budget;

// Whether words that take so long may be said at this instant; if not, *ret_again is when the
// oldest words of the last minute leave it.
bool budget_allows(const Budget *budget, Usec at, CueKind kind, Usec takes, Usec *ret_again);
void budget_spend(Budget *budget, Usec at, CueKind kind, Usec takes);
