// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Running workouts of Zwift: XML, <workout_file> with a <workout> in it. There is no specification;
// what is here follows what editors and other readers of such files agree on.
//
// - sportType is to be "run". durationType says what each Duration is: "time", in seconds, or
//   "distance", in metres, which is also what a run without it has.
// - SteadyState, Warmup, Ramp, Cooldown, IntervalsT, FreeRide or FreeRun, and MaxEffort are the
//   steps; any other is refused, for without it the workout would be another.
// - Power is a share of a speed: that of the race that `pace` numbers (0 a mile, 1 5 km, 2 10 km,
//   3 a half marathon, 4 a marathon), or, where the file has it, of thresholdSecPerKm. Without
//   either it is a share of nothing, and the step has no target; nor has one with a `pace` alone.
//   Each attribute of a step that nothing is made of is told of.
// - Warmup and Ramp go from PowerLow to PowerHigh as they stand there, Cooldown from the higher to
//   the lower, for editors differ in what they call low.
// - Cadence is both feet's; below 120 it can only be one's.
// - Texts are spoken as their step begins, those of an IntervalsT with each repetition.

#pragma once

#include <glib.h>

#include "workout/losses.h"
#include "workout/text.h"

// Whether it begins as XML does, behind blanks.
gboolean zwo_is(const char *text, gsize length);

// Wants UTF-8. Without a name of its own the plan gets this one. FALSE and *ret_error: it cannot be
// read, or says what cannot be run; *ret_plan is then undefined.
gboolean zwo_parse(const char *text, gsize length, const char *name, Plan *ret_plan,
                   const Losses *losses, TextError *ret_error);
