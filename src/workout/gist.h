// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A workout in a line, as one looks for it: how long it takes a runner, how far it leads, and what
// kind of session it is. The kind follows from what is run, never from the name.

#pragma once

#include "workout/plan.h"

// One workout may be several: strides in an easy run, threshold repetitions up a ladder. Work is
// easy, moderate (from marathon pace to that of 10 km) or hard; how a pace of numbers is to be
// taken follows from the runner's race, and where none is told from the other paces beside it.
typedef enum {
    KIND_EASY,        // no work that is moderate or hard
    KIND_LONG,        // 80 minutes or 15 km without recoveries, and hardly any of it hard
    KIND_THRESHOLD,   // ten minutes of moderate work, in one or in parts
    KIND_INTERVAL,    // work again and again, with recoveries between
    KIND_FARTLEK,     // changes by time without a stop, by feel or of three lengths and more
    KIND_LADDER,      // repetitions that become longer, or shorter, or both in turn
    KIND_PROGRESSION, // ever faster, within a step or from one to the next
    KIND_STRIDES,     // easy but for a few fast half minutes, or hundreds of metres
    KIND_TIME_TRIAL,  // all out
    KIND_COUNT,
} WorkoutKind;

// "easy", "long", "threshold", "interval", "fartlek", "ladder", "progression", "strides",
// "time-trial"
const char *kind_name(WorkoutKind kind);

typedef struct {
    double s, m;               // NAN: nobody can tell before, for a step ends by hand
    bool s_guessed, m_guessed; // not all of it is asked for in so many words: a jog, an effort, a
                               // rest until the heart is down, a pace where no race is told
    uint32_t kinds;            // 1 << WorkoutKind, together
} Gist;

// Of a runner who told no race.
#define GIST_RACE_M 5000.0
#define GIST_RACE_S 1500.0

// Resolves the plan as plan_resolve() does, for a runner who told no race by GIST_RACE_M in
// GIST_RACE_S; what still cannot be resolved is taken by how it feels. `athlete` and its `model`
// may be NULL.
Gist gist_of_plan(Plan *plan, const Athlete *athlete, const AthleteModel *model);
