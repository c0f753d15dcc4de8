// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Steps that grow longer and fewer as a runner tires, told while it can still be mended: against
// his own line of steps at this speed, not against anybody's ideal. It is a hint, so it is given
// once in two minutes at most, and not again in a run to whom it was given twice in vain.

#pragma once

#include "base/units.h"

#define FORM_MISSING 0.04                 // of his steps; facts 4.2 count 0.03 as a sign of fatigue
#define FORM_ENTER   (10 * USEC_PER_SEC)  // for so long
#define FORM_GAP     (120 * USEC_PER_SEC) // between two hints
#define FORM_VAIN    2
#define FORM_HEEDED  0.5 // of what was missing

typedef struct {
    Usec right_at; // when all was well or nothing was known; USEC_NEVER before a run
    Usec told_at;  // USEC_NEVER
    double missing, missing_told, missing_least; // now, when last told, at best since
    unsigned vain;
} Form;

void form_begin(Form *form, Usec at); // a run

// Of the steps that are usual at this speed, the share that is missing; NAN when it is not known
// well enough.
void form_measure(Form *form, Usec at, double missing);

// From when on it should be told; USEC_NEVER: not at all.
Usec form_due(const Form *form);
void form_told(Form *form, Usec at);
