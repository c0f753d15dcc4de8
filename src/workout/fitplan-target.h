// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The target of one step of a FIT workout, both ways, and whose file it is. For fitplan-read.c and
// fitplan-write.c alone.

#pragma once

#include "codec/fit.h"
#include "workout/losses.h"
#include "workout/target.h"

// How our own files are told from others of those who have no number.
#define FITPLAN_MANUFACTURER 255
#define FITPLAN_PRODUCT      0x7061

// A target's words, NUL-terminated and cut where they are longer.
#define FITPLAN_WORDS_MAX 128
void fitplan_target_words(const Target *target, char ret_words[FITPLAN_WORDS_MAX]);

typedef enum {
    FITPLAN_HELD,
    FITPLAN_RANGE_ONLY, // it builds its pace: what is held is from the slowest to the fastest
    FITPLAN_NOT_HELD,   // left open
} FitplanHeld;

// Fills the step's target_type, target, low and high; `aim` is what the target has come to.
FitplanHeld fitplan_target_write(const Target *target, const Aim *aim, FitStep *step);

// Of all speeds of a file together: whether they are paces in whole seconds per mile rather than
// per km. Give each step; ask at the end.
typedef struct {
    uint32_t limits, km, miles; // all that there are, and those that are whole in it
} FitplanUnits;
void fitplan_units_add(FitplanUnits *units, const FitStep *step);
PaceUnit fitplan_units_unit(const FitplanUnits *units);

// What the step asks for. `ours`: the file is, so a name that needs a runner is to be trusted; else
// only one that says the same as the numbers. `number`: of the step, for what is lost. *ret_named:
// the name says it in our own words, and needs no other place.
Target fitplan_target_read(const FitStep *step, bool ours, PaceUnit unit, uint32_t number,
                           const Losses *losses, bool *ret_named);
