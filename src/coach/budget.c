// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What must be said is never refused, but what it takes leaves less for the rest.

#include "coach/budget.h"

#define MINUTE         (60 * USEC_PER_SEC)
#define SPEAKING_SHARE (15 * USEC_PER_SEC) // of a minute

static bool kind_counts(CueKind kind)
{
    return kind == CUE_SPLIT || kind == CUE_DRIFT || kind == CUE_PROGRESS;
}

bool budget_allows(const Budget *budget, Usec at, CueKind kind, Usec takes, Usec *ret_again)
{
    *ret_again = USEC_NEVER;
    if (!kind_counts(kind))
        return true;
    unsigned counted = 0;
    for (size_t i = 0; i < BUDGET_RECENT; i++) {
        if (budget->recent[i].takes == 0 || budget->recent[i].at <= at - MINUTE)
            continue;
        counted += budget->recent[i].counted;
        takes += budget->recent[i].takes;
        *ret_again = usec_earlier(*ret_again, budget->recent[i].at + MINUTE);
    }
    return counted < BUDGET_UTTERANCES && (kind == CUE_SPLIT || takes <= SPEAKING_SHARE);
}

void budget_spend(Budget *budget, Usec at, CueKind kind, Usec takes)
{
    const size_t i = budget->next;
    budget->recent[i].at = at;
    budget->recent[i].takes = takes;
    budget->recent[i].counted = kind_counts(kind);
    budget->next = (i + 1) % BUDGET_RECENT;
}
