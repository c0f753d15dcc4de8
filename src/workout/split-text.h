// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How far and how long, as targets say it, both ways: "half marathon", "400m in 90s"; the grammar
// is in target-text.h. For the readers and printers of steps and targets.

#pragma once

#include "workout/line.h"
#include "workout/printer.h"
#include "workout/target.h"

// Behind the minutes: "'30''" or ":30".
bool clock_finish(Line *line, const Number *minutes, uint32_t *ret_seconds, TextError *ret_error);

// A race's distance as it is said in a target: "5km", "1500m", "half marathon", "mile".
bool race_distance_parse(Line *line, int64_t *ret_mm);
void race_distance_print(Printer *printer, int64_t distance_mm);

// "400m in", behind which the times stand. Nothing is consumed where there is none.
bool split_begin(Line *line, int64_t *ret_mm);

// What stands behind "in": one time, or also a range of two.
bool split_point_parse(Line *line, int64_t distance_mm, TargetPoint *ret_point,
                       TextError *ret_error);
bool split_parse(Line *line, int64_t distance_mm, Target *ret_target, TextError *ret_error);

// All of a point; and the times alone of a target that target_is_split().
void split_point_print(Printer *printer, const TargetPoint *point);
void split_print(Printer *printer, const Target *target);
