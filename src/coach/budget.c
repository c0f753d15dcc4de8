// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A minute is any minute: what was said is forgotten when no minute that ends with the new words
// holds any of it.

#include "coach/budget.h"

#define MINUTE (60 * USEC_PER_SEC)

// What a kind leaves for others.
typedef struct {
    unsigned utterances;
    Usec speaking;
} Left;

static Left leaves(CueKind kind)
{
    switch (kind) {
    case CUE_SPLIT:
        return (Left){0, USEC_PER_SEC};
    case CUE_DRIFT:
    case CUE_KILOMETRE:
        return (Left){1, 4 * USEC_PER_SEC};
    case CUE_PROGRESS:
    case CUE_FORM:
        return (Left){2, 5 * USEC_PER_SEC};
    case CUE_PRAISE:
        return (Left){3, 5 * USEC_PER_SEC};
    case CUE_COUNTDOWN: // a tone says it as well
        return (Left){0, 5 * USEC_PER_SEC};
    case CUE_SAFETY:
    case CUE_STEP:
    case CUE_SUMMARY:
    case CUE_ADAPTATION:
    case CUE_PACER:
        break;
    case CUE_STATUS: // its short form is told in any minute
        return (Left){2, 5 * USEC_PER_SEC};
    }
    return (Left){0, 0};
}

static bool counts(CueKind kind)
{
    return kind != CUE_COUNTDOWN;
}

bool budget_allows(const Budget *budget, Usec at, CueKind kind, Usec takes, Usec *ret_again)
{
    const Left left = leaves(kind);
    unsigned utterances = left.utterances;
    Usec speaking = takes + left.speaking;
    *ret_again = USEC_NEVER;
    for (size_t i = 0; i < BUDGET_RECENT; i++) {
        const Usec began = budget->recent[i].at, length = budget->recent[i].takes;
        const bool counted = budget->recent[i].counted && began > at - MINUTE;
        const bool heard = length > 0 && began + length > at + takes - MINUTE;
        utterances += counted;
        speaking += heard ? length : 0;
        if (counted)
            *ret_again = usec_earlier(*ret_again, began + MINUTE);
        if (heard)
            *ret_again = usec_earlier(*ret_again, began + length + MINUTE - takes);
    }
    return (utterances < BUDGET_UTTERANCES || !counts(kind)) && speaking <= BUDGET_SPEAKING;
}

void budget_spend(Budget *budget, Usec at, CueKind kind, Usec takes)
{
    const size_t i = budget->next;
    budget->recent[i].at = at;
    budget->recent[i].takes = takes;
    budget->recent[i].counted = counts(kind);
    budget->next = (i + 1) % BUDGET_RECENT;
}
