// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The text format that running articles publish, both ways, exactly:
//
//     workout  := "Workout - " NAME NL item+
//     item     := INDENT BULLET " " ( step | header )
//     header   := INT " lots of:"
//     step     := length " @ " pace | length " rest"
//     length   := duration | distance
//     duration := [INT "h"] [INT "min"] [INT "s"]
//     distance := INT "m" | DEC "km" | DEC "mi"
//     pace     := INT "'" 2DIGIT "''/" ("km"|"mi")
//
// and what their prose says beside it:
//
//     header   := ( INT " lots of" | "ladder of " length { ", " length } [ " and back" ] )
//                 [ ", no last rest" ] ":"
//     step     := ( ( extent ( " @ " target | " run" ) | distance split )
//                   [ strides ] [ metro ] [ pacer ]
//                 | extent recovery
//                 | recovery " until HR < " INT [ "%" ] [ " (" duration ".." duration ")" ] )
//                 [ " \"" NOTE "\"" ]
//     extent   := length | "open" | "rung" | "equal time" | "equal distance"
//     recovery := "rest" | "walk" | "jog"
//     strides  := " with " INT " strides of " length [ " every " length ]
//     metro    := ", metronome" [ " " INT ]
//     pacer    := ", pacer " ( "50m" | "100m" | "200m" )
//     target, split := see target-text.h
//
// A ladder gives each "rung" of its block the next of its lengths. "Equal" is as long, or as far,
// as the work before. Strides fill the end of their step. A metronome and a pacer (aids.h) stand in
// either order. A note is spoken with its step.
//
// Bullets may be round or square ones, or dashes; the quotes and blanks that word processors make
// of the plain ones are read, and a pace may be written 7:36/mi. Where any line is indented deeper
// than the first the indent says what a repeat holds (up to three inside each other); where the
// indent is lost, a block ends with its last rest, or holds all up to the next repeat, or all but
// the list's last.
//
// It can be fed a whole article: what stands before "Workout - " is prose, and the list ends at the
// first line without a bullet. A line with a bullet that does not parse is an error, for it may be
// a step that was cut; only behind a blank line, and when it starts with no digit, it is prose. A
// step with no bullet, or with one of other lists ("1. ", "+ ", "o "), is an error likewise. An
// unknown unit is an error, never a guess (`m` is metres). What is legal but doubtful is a warning.
// No allocation and no state: the session parses with it in mid-run.

#pragma once

#include "workout/plan.h"

#define TEXT_MESSAGE_MAX  200
#define TEXT_WARNINGS_MAX 32
#define TEXT_INPUT_MAX    (1024 * 1024) // bytes; a longer text is refused at once

typedef struct {
    uint32_t line;   // 1-based
    uint32_t column; // 1-based, in characters (not bytes)
    char text[TEXT_MESSAGE_MAX];
} TextError;

typedef struct {
    uint32_t line, column;
    const char *code; // stable, of the list below; static
    char text[TEXT_MESSAGE_MAX];
} TextWarning;

// The codes:
//   ambiguous-block        a repeat without indent that holds more than one rest
//   odd-indent             a step indented unlike those beside it
//   list-ended             the list ends at a line with a bullet that is prose
//   items-before-title     a step above the title, which does not count
//   items-after-end        a step behind the end of the list, which does not count
//   several-workouts       another title; the first workout counts
// of these text_parse() tells itself. lint_text() tells of them too, and of the plan:
//   zero-length            a length of 0 ("0.0mi"): the step ends by hand
//   implausible-pace       faster than 2:00 or slower than 20:00 a kilometre
//   wide-range             a range of paces whose ends are a walk and a sprint to each other
//   odd-unit               a pace per mile among such per km that is the fastest read either way;
//                          or one per km to jog at, for laps of a track with a rest by the watch
//   short-distance         less than 50 m, an easy first or last step or a plan of less than 300 m,
//                          or a rest of less than 100 m: minutes or seconds may have been meant
//   short-time             an easy first or last step, or a plan, of less than 30 s: likewise
//   odd-time               more than 59 minutes beside hours, or seconds beside minutes
//   long-rest              more than a quarter of an hour, or 3 km: seconds may have been meant
//   short-rest             less than 5 s: minutes may have been meant
//   until-never            a recovery until the heart is about as low as at rest
//   until-at-once          a recovery until the heart is below nearly its maximum
//   implausible-heart      above the runner's maximum or below the resting rate, or nobody's
//   implausible-cadence    below 120 steps a minute or above 240: one foot's may have been meant
//   rest-at-start, rest-at-end, rests-in-a-row
//   rest-only              a repeat without any work
//   no-rest                hard repetitions one after the other
//   no-warm-up             the first step is hard
//   slower-than-warm-up    repetitions slower than the first step
//   easier-than-warm-up    likewise, by heart or effort
//   slower-than-longer     repetitions slower than a longer step outside their block
// of the title and the article around the list:
//   slower-than-title      nothing as fast as the race that the title is for ("Sub-20 5K")
//   not-progressive        repetitions that are to change, and are all alike; or to be a
//                          progression, and become slower
//   nearly-a-mile          1.6 km that is called a mile
//   prose-arithmetic       two ways of saying a pace that do not come to the same
//   prose-race-paces       two race paces that no runner has both
//   prose-percent          a percentage that differs by whether it is of time or of speed
//   prose-pace             a pace that the list has not
//   prose-comparison       "faster than", and slower in the list; or the other way round
//   prose-count            repetitions more or fewer than the list's
//   prose-recovery         a recovery other than the list's
// and lint_personal() of the runner:
//   unresolved             a target without a number for this runner
//   faster-than-race       15 % faster than this runner races as far
//   too-much-at-pace       three times as far, in all, as this runner races at a pace
//   slower-than-easy       repetitions far slower than this runner's easy running
//   longer-than-usual      in all far more than the longest of the last runs
//   heavier-than-usual     a load far above the heaviest of the last runs, or of a week
typedef struct {
    size_t count; // in the order of lines; further warnings are dropped
    TextWarning items[TEXT_WARNINGS_MAX];
} TextWarnings;

// Returns false and fills *ret_error when the text holds no workout or a broken one; *ret_plan is
// then undefined. `ret_warnings` may be NULL; who wants all that can be doubted calls lint_text().
bool text_parse(const char *text, size_t length, Plan *ret_plan, TextWarnings *ret_warnings,
                TextError *ret_error);

// The target of a step's line, as its text has it: "5km pace - 2%", "HR zone 2"; "" for none, and
// in a free run. Returns ret_text.
#define TARGET_TEXT_MAX 128
const char *text_print_target(const Plan *plan, size_t step, char ret_text[TARGET_TEXT_MAX]);

// Prints the plan as text, NUL-terminated. Returns the length without the NUL; when that is ≥ size
// the output was cut (call again with more room). The source format comes back byte for byte; a
// plan that a flat list cannot express is printed with bullets. A free run prints its title alone.
size_t text_print(const Plan *plan, char *buffer, size_t size);
