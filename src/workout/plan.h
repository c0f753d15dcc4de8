// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A workout as data: the items as the text has them, and the steps as they will be executed. All
// limits are fixed and checked while parsing, so a plan is a plain value that needs no allocation.

#pragma once

#include "base/units.h"
#include "workout/target.h"

#define PLAN_NAME_MAX  256  // bytes with the NUL; UTF-8
#define PLAN_ITEMS_MAX 500  // lines of a workout, and rungs of its ladders
#define PLAN_STEPS_MAX 500  // executed steps after repeats are unrolled
#define PLAN_DEPTH_MAX 3    // repeats within repeats
#define PLAN_NOTES_MAX 8192 // bytes of all different notes, each with its NUL
#define PLAN_NOTE_MAX  160  // bytes of one, without its NUL: it has to be spoken
#define PLAN_TIME_MAX  (24 * 3600 * USEC_PER_SEC)

typedef enum {
    STEP_WORK,
    STEP_REST, // recovery without a target; its distance is recorded all the same
} StepKind;

typedef enum {
    MANNER_PLAIN, // work; or a rest that leaves it to the runner
    MANNER_WALK,
    MANNER_JOG,
} StepManner;

typedef enum {
    MEASURE_TIME,
    MEASURE_DISTANCE,
    MEASURE_OPEN,       // ends by hand
    MEASURE_HEART,      // when the heart is below a limit, at the earliest after `least`, at the
                        // latest after `duration`
    MEASURE_EQUAL_TIME, // as long as the work before it took
    MEASURE_EQUAL_DISTANCE, // as far as the work before it went
} StepMeasure;

// Of MEASURE_HEART where the text does not say.
#define UNTIL_LEAST (30 * USEC_PER_SEC)
#define UNTIL_MOST  (300 * USEC_PER_SEC)

typedef struct {
    StepKind kind;
    StepMeasure measure;
    StepManner manner;
    uint16_t heart_below; // MEASURE_HEART: bpm, or percent of the maximal rate
    uint16_t heart_is_percent;
    Usec duration;       // TIME, HEART: > 0; else 0
    Usec least;          // HEART: 0 < least ≤ duration; else 0
    int64_t distance_mm; // DISTANCE: > 0; else 0
} Step;

// How a length was written, so that it prints back the same: "90s" is not "1min 30s".
typedef enum {
    WRITTEN_TIME, // h, min, s as three numbers, the absent ones left out
    WRITTEN_METRES,
    WRITTEN_KM,
    WRITTEN_MILES,
    WRITTEN_OPEN,
    WRITTEN_RUNG, // of the ladder around it
    WRITTEN_EQUAL_TIME,
    WRITTEN_EQUAL_DISTANCE,
    WRITTEN_UNTIL,
} WrittenUnit;

typedef struct {
    WrittenUnit unit;
    uint8_t decimals;   // of a distance: "1.0km" has 1
    uint8_t parts;      // of a time: bit 0 hours, bit 1 minutes, bit 2 seconds were written
    uint32_t h, min, s; // of a time, as written
    uint32_t scaled;    // of a distance: the number times 10^decimals
} WrittenLength;

Usec written_duration(const WrittenLength *written);       // 0 when it is no time
int64_t written_distance_mm(const WrittenLength *written); // 0 when it is no distance

typedef enum {
    ITEM_STEP,
    ITEM_REPEAT, // repeats the items that follow it while their depth is greater
    ITEM_LADDER, // likewise, once a rung: the ITEM_RUNGs that follow it, then what it repeats
    ITEM_RUNG,   // a length of the ladder
} ItemKind;

// Short fast runs in the last part of a step, the last of them ending `every` less `each` before
// the step does: "12min @ E with 4 strides of 20s every 1min". Both lengths are of the step's kind.
typedef struct {
    uint16_t count; // 0: none
    bool every_said;
    WrittenLength each, every;
} Strides;

// Where the text does not say: as long again, and as much again, to jog.
#define STRIDES_EVERY 3

typedef struct {
    ItemKind kind;
    uint8_t depth;    // 0 top; what a repeat holds is one deeper (also where the text lost its
                      // indent); at most PLAN_DEPTH_MAX
    uint16_t repeats; // ITEM_REPEAT: ≥ 1
    bool no_last;    // ITEM_REPEAT, ITEM_LADDER: the rest that ends the last repetition is left out
    bool and_back;   // ITEM_LADDER: down again, the top once
    bool bounded;    // ITEM_STEP by heart: least and most were written
    Step step;       // ITEM_STEP
    Target target;   // ITEM_STEP
    Strides strides; // ITEM_STEP
    uint16_t metronome, pacer_m; // ITEM_STEP of work; see aids.h
    WrittenLength written, least, most;
    uint16_t note;         // ITEM_STEP: where in Plan.notes; 0: none
    uint32_t line, column; // where it stands in its text, 1-based; column in characters. A column
                           // of 0: it comes from no text, and `line` is the number of its step
} PlanItem;
bool item_is_rest(const PlanItem *item); // a step of rest, not what repeats one

// One executed step.
typedef struct {
    Step step;
    Aim aim;              // once resolved; what needs no runner is resolved from the start
    uint16_t repetition;  // 1-based within its innermost repeat; 0 outside any
    uint16_t repetitions; // 0 outside any
    uint32_t item;        // index into items[]
    uint32_t stride;      // 1: one of a step's strides
    uint32_t planned;     // ms or mm of its length in the text, whatever became of it; 0: none
} PlanStep;

typedef enum {
    PLAN_STYLE_BULLETS, // "  • " and "    • ", a blank line under the title
    PLAN_STYLE_DASHES,  // "- ", indent lost, no blank line
} PlanStyle;

typedef struct {
    char name[PLAN_NAME_MAX];
    PlanStyle style;
    bool endless; // a lap in the last step begins it again: only a stop ends the run
    size_t item_count;
    size_t step_count;
    size_t notes_length; // bytes of notes[] in use; ≥ 1, for the first is "", which is no note
    PlanItem items[PLAN_ITEMS_MAX];
    PlanStep steps[PLAN_STEPS_MAX];
    char notes[PLAN_NOTES_MAX];
} Plan;

// Without items. What lies beyond the counts is not touched, here or later.
void plan_clear(Plan *ret_plan);

const char *plan_note(const Plan *plan, size_t step); // "" for none

// Keeps a note for an item; what is said by several is kept once. False when there is no room.
bool plan_add_note(Plan *plan, const char *text, size_t length, uint16_t *ret_note);

typedef enum {
    UNROLLED,
    UNROLL_NOTHING,   // nothing to run, or a repeat of nothing
    UNROLL_DEEP,      // a repeat too deep
    UNROLL_FULL,      // more steps than PLAN_STEPS_MAX; steps[] is then full
    UNROLL_RUNGS,     // a ladder whose rungs do not come out even over its block's, or has none
    UNROLL_STRIDES,   // strides that do not fit into their step, or are not of its kind
    UNROLL_NOT_AFTER, // "equal …" with no work before it
    UNROLL_LONG,      // more than PLAN_TIME_MAX, as far as its paces are known; what has a distance
                      // without a pace counts as nobody runs it faster
} UnrollOutcome;

// Unrolls items[] into steps[] and resolves what needs no runner. Unless UNROLLED the plan is
// unusable, and *ret_item is where.
UnrollOutcome plan_unroll(Plan *plan, size_t *ret_item);

// Resolves every step's target for a runner; by_effort: those that lack a number become an effort.
// Not RESOLVED: *ret_step is the first that could not be, and has no aim, as all others that could
// not; the rest is resolved. LACKS_TIME: all are, and in *ret_step it is longer than PLAN_TIME_MAX,
// now that paces are known: whoever resolves a plan for its runner must not go on with it.
Resolution plan_resolve(Plan *plan, const Athlete *athlete, const AthleteModel *model,
                        bool by_effort, size_t *ret_step);

// Where the block of the repeat at items[repeat] ends: the index behind its last item.
size_t plan_block_end(const Plan *plan, size_t repeat);

// A free run: one open step without a target, which a lap begins anew. It comes from no text: it
// has no items.
void plan_free_run(Plan *ret_plan);

// What the plan promises: a paced step by time covers time ÷ pace, a paced step by distance takes
// distance × pace; a rest covers no distance; what is open or unpaced counts as nothing, a rest
// that waits for the heart as half of its least and most. Never NAN. A step by itself does not know
// what an equal rest is equal to.
double step_planned_m(const PlanStep *step);
double step_planned_s(const PlanStep *step);
double plan_step_m(const Plan *plan, size_t step);
double plan_step_s(const Plan *plan, size_t step);
double plan_total_m(const Plan *plan);
double plan_total_s(const Plan *plan);

// Whether a step, where it is fastest, is paced by so much (a part of it) slower than the fastest
// paced step. Within a
// repeat the fastest of its block counts, outside of any that of the whole plan: strides before
// kilometres do not turn the kilometres into jogging.
bool plan_step_is_slower(const Plan *plan, size_t step, double by);

// Whether it is meant for easy running (a warm-up, a cool-down, a jog between repetitions) rather
// than for the work itself: by 8 %, or by how it feels beside work that asks for no speed.
bool plan_step_is_easy(const Plan *plan, size_t step);

const char *step_kind_name(StepKind kind);       // "work", "rest"
const char *step_manner_name(StepManner manner); // "plain", "walk", "jog"

// "time", "distance", "open", "heart", "equal-time", "equal-distance"
const char *step_measure_name(StepMeasure measure);

bool step_ends_by_clock(const Step *step); // by time, or by the heart, which has an end in time too

// The length in s or m that its measure counts in; of one by the heart the most; NAN when that is
// not known before.
double step_length(const Step *step);
