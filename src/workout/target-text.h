// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What stands behind the @ of a step, both ways. The grammar, beside the source format's pace:
//
//     target := point | point "-" point | "between " point " and " point
//             | "from " point " to " point | point " building to " point
//             | "HR " limits [ "%" [ " of threshold" ] ] | "HR zone " limits
//             | "RPE " limits | limits " spm" | limits " W" | "max"
//             | race split
//     point  := base [ ("-"|"+") NUM "%" | ("-"|"+") INT "s" ("/" | " per ") unit ]
//             | race " in " time
//     unit   := "km" | "mi" | INT "m"
//     base   := pace | NUM "km/h" | NUM "mph" | "E" | "M" | "T" | "I" | "R"
//             | [ "goal " ] race " pace"
//     race   := INT "m" | NUM "km" | "mile" | "half marathon" | "marathon"
//     limits := NUM | NUM "-" NUM | "<" NUM | ">" NUM
//     split  := " in " time [ "-" time ]
//     time   := INT "s" | INT ":" 2DIGIT
//
// A split is how long so much takes, "400m in 90s"; of a range the first "s" is left out. Of a step
// by distance it stands without the @, and is of that distance.
//
// An offset is one of time: "- 5%" is 5 % less time for the same way; it is at most 50 % less,
// which is twice the speed, or 300 % more, a walk at mile pace. "from … to" changes from repetition
// to repetition, "building to" within the step. % alone is of the maximal heart rate.
//
// Also read, and printed as above: easy, marathon, threshold, tempo, interval and repetition for
// the letters (with or without "pace"), "5k" for 5km, "all out" for max, bpm behind a heart rate;
// "1min 30s" and 1'30'' for the time of a split, which is printed in seconds below two minutes.

#pragma once

#include "workout/line.h"
#include "workout/printer.h"

#define OFFSET_LESS_MOST 500 // of an offset, in tenths of a percent
#define OFFSET_MORE_MOST 3000

bool target_parse(Line *line, Target *ret_target, TextError *ret_error);
void target_print(Printer *printer, const Target *target);

// The times behind "in", for that distance; target_is_split() says what can be printed so.
bool split_parse(Line *line, int64_t distance_mm, Target *ret_target, TextError *ret_error);
void split_print(Printer *printer, const Target *target);
