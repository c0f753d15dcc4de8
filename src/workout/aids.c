// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The numbers, their words, and where they count; see aids.h.

#include "workout/aids.h"

#include <stdio.h>
#include <string.h>

bool aids_metronome_valid(double metronome)
{
    return metronome == METRONOME_OFF || metronome == METRONOME_OWN ||
           (metronome >= METRONOME_CADENCE_FROM && metronome <= METRONOME_CADENCE_TO &&
            metronome == floor(metronome));
}

bool aids_pacer_valid(double metres)
{
    return metres == 0 || metres == 50 || metres == 100 || metres == 200;
}

// Three digits at most: no more make sense. 0, which nobody writes, for anything else before `end`.
static unsigned whole(const char *text, const char *end)
{
    unsigned number = 0;
    if (end - text > 3)
        return 0;
    for (; text < end; text++) {
        if (*text < '0' || *text > '9')
            return 0;
        number = number * 10 + (unsigned)(*text - '0');
    }
    return number;
}

bool aids_read_metronome(const char *text, unsigned *ret_metronome)
{
    const unsigned number = whole(text, text + strlen(text));
    if (strcmp(text, "off") == 0)
        *ret_metronome = METRONOME_OFF;
    else if (strcmp(text, "on") == 0)
        *ret_metronome = METRONOME_OWN;
    else if (number > METRONOME_OWN && aids_metronome_valid(number))
        *ret_metronome = number;
    else
        return false;
    return true;
}

const char *aids_metronome_text(unsigned metronome, char ret_text[METRONOME_TEXT_MAX])
{
    if (metronome <= METRONOME_OWN)
        return metronome == METRONOME_OWN ? "on" : "off";
    snprintf(ret_text, METRONOME_TEXT_MAX, "%u", metronome);
    return ret_text;
}

bool aids_read_pacer(const char *text, unsigned *ret_metres)
{
    const size_t length = strlen(text);
    const unsigned number = whole(text, text + length - (length > 0 && text[length - 1] == 'm'));
    const bool off = strcmp(text, "off") == 0;
    if (!off && (number == 0 || !aids_pacer_valid(number)))
        return false;
    *ret_metres = off ? 0 : number;
    return true;
}

// ── as it is run ──

// NULL: nothing is to go with it, or it comes from no text.
static const PlanItem *item_of_work(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    return plan->item_count == 0 || this->stride || this->step.kind != STEP_WORK
               ? NULL
               : &plan->items[this->item];
}

unsigned aids_metronome(const Plan *plan, size_t step)
{
    const PlanItem *item = item_of_work(plan, step);
    return item ? item->metronome : METRONOME_OFF;
}

unsigned aids_pacer(const Plan *plan, size_t step)
{
    const PlanItem *item = item_of_work(plan, step);
    return item ? item->pacer_m : 0;
}
