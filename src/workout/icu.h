// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The workout text of intervals.icu, as its quick guide and its forum describe it:
//
//     workout  := { step | header | words | empty line }
//     header   := [ words ] INT "x"                repeats the steps up to an empty line or words
//     step     := "-" [ label ] length { part }
//     length   := [INT "h"] [INT "m"] [INT "s"] | INT "'" | INT '"' | DEC ( "km" | "mi" | "mtr" |
//     "yd" ) part     := [ "ramp" ] value [ "HR" | "LTHR" | "Pace" ] | cadence | "press lap" |
//     "freeride"
//               | "maxeffort" | "intensity=" WORD | words
//     value    := range of NUM "%", NUM "w", M:SS [ "/km" | "/mi" | "/400m" … ] or "Z" DIGIT | "0"
//     cadence  := range of INT "rpm"
//
// Here `m` is minutes and `mtr` metres; in text.h it is the other way round, and no reader takes
// the other's. Keywords in any case. What it means in a plan:
//
// - A share of the threshold pace is one of T, by speed: "90% Pace" is T + 11.1 %. Pace zones have
//   the bounds that the site begins with, for the athlete's own are not in the text.
// - Without HR or Pace a target is one of power, and no threshold power is in the text: a share of
//   it becomes the same share of the speed at threshold (on the flat the two go together), a zone
//   an effort. Both are said.
// - A range without "ramp" is a range, with it the pace builds from one end to the other.
// - Cadence in "rpm" is one leg's, as FIT has it, to which the site passes the number on: 90rpm is
//   180 steps a minute. 120 and more can only be both feet's, and so is "spm". Beside another
//   target it becomes words, for a step has one target.
// - "Press lap" without a length is an open step. With one, the step ends by its length, which is
//   said, for on the site it waits; a lap ends it before, as any step.
// - Labels, words between steps and prompts become notes.

#pragma once

#include "workout/losses.h"
#include "workout/text.h"

// Whether it looks like it: a line with a dash has a length as written here, or what is asked for:
// "Z2".
bool icu_is(const char *text, size_t length);

// Without a title of its own the plan gets this name. False and *ret_error: the text cannot be
// read, or says what cannot be run; *ret_plan is then undefined.
bool icu_parse(const char *text, size_t length, const char *name, Plan *ret_plan,
               const Losses *losses, TextError *ret_error);
