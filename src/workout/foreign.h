// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Other people's workouts as plans of ours: what the readers of foreign formats share. They put
// items together by these functions, and what comes out can be printed as text and read back as
// the same plan. What cannot be held is said (losses.h).

#pragma once

#include "workout/losses.h"
#include "workout/text.h"

// Keeps these words as the plan's name: blanks for control characters, '?' for what is not UTF-8,
// cut where they are too long. "Workout" where no word is left.
void foreign_name(Plan *plan, const char *text, size_t length, const Losses *losses);

// Keeps these words, likewise, as the note of an item that is not yet in the plan; after those that
// it has. Nothing where no word is left.
void foreign_note(Plan *plan, PlanItem *item, const char *text, size_t length,
                  const Losses *losses);

// The step's length, written the way people do. False, with nothing done, when it is zero or less,
// or more than a text may say (24 h, 1000 km).
bool foreign_time(PlanItem *item, int64_t seconds);
bool foreign_distance(PlanItem *item, int64_t distance_mm); // to the centimetre

// Any length as it was written, of a number above zero.
void foreign_length(PlanItem *item, const WrittenLength *written);

// The point that is `share` of the speed of another: 0.9 of T is "T + 11.1%". False when a text
// cannot say so.
bool foreign_share(const TargetPoint *of, double share, TargetPoint *ret_point);

// Adds an item at the end, or in front of that one. False: there are PLAN_ITEMS_MAX already.
bool foreign_insert(Plan *plan, size_t before, const PlanItem *item);

// Unrolls the finished plan. False when a text that said so would be refused: *ret_error has the
// line of the item (what that means is the reader's business).
bool foreign_finish(Plan *plan, TextError *ret_error);
