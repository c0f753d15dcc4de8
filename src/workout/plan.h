// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A workout as data: the items as the text has them, and the steps as they will be executed. All
// limits are fixed and checked while parsing, so a plan is a plain value that needs no allocation.

#pragma once

#include "base/units.h"

#define PLAN_NAME_MAX  256 // bytes with the NUL; UTF-8
#define PLAN_ITEMS_MAX 500 // lines of a workout
#define PLAN_STEPS_MAX 500 // executed steps after repeats are unrolled
#define PLAN_DEPTH_MAX 3   // repeats within repeats
#define PLAN_TIME_MAX  (24 * 3600 * USEC_PER_SEC)

typedef enum {
    STEP_WORK,
    STEP_REST, // recovery without a target; its distance is recorded all the same
} StepKind;

typedef enum {
    MEASURE_TIME,
    MEASURE_DISTANCE,
    MEASURE_OPEN, // ends by hand
} StepMeasure;

typedef enum {
    PACE_NONE,
    PACE_PER_KM,
    PACE_PER_MILE,
} PaceUnit;

typedef struct {
    uint32_t seconds; // per unit; 0 with PACE_NONE
    PaceUnit unit;
} PaceTarget;

// How a length was written, so that it prints back the same: "90s" is not "1min 30s".
typedef enum {
    WRITTEN_TIME, // h, min, s as three numbers, the absent ones left out
    WRITTEN_METRES,
    WRITTEN_KM,
    WRITTEN_MILES,
} WrittenUnit;

typedef struct {
    WrittenUnit unit;
    uint8_t decimals;   // of a distance: "1.0km" has 1
    uint8_t parts;      // of a time: bit 0 hours, bit 1 minutes, bit 2 seconds were written
    uint32_t h, min, s; // of a time, as written
    uint32_t scaled;    // of a distance: the number times 10^decimals
} WrittenLength;

typedef struct {
    StepKind kind;
    StepMeasure measure;
    Usec duration;       // MEASURE_TIME: > 0
    int64_t distance_mm; // MEASURE_DISTANCE: > 0
    PaceTarget pace;     // PACE_NONE for a rest
} Step;

typedef enum {
    ITEM_STEP,
    ITEM_REPEAT, // repeats the items that follow it while their depth is greater
} ItemKind;

typedef struct {
    ItemKind kind;
    uint8_t depth;    // 0 top; what a repeat holds is one deeper (also where the text lost its
                      // indent); at most PLAN_DEPTH_MAX
    uint16_t repeats; // ITEM_REPEAT: ≥ 1
    Step step;        // ITEM_STEP
    WrittenLength written;
    uint32_t line, column; // where it stands in its text, 1-based; column in characters
} PlanItem;

// One executed step.
typedef struct {
    Step step;
    uint16_t repetition;  // 1-based within its innermost repeat; 0 outside any
    uint16_t repetitions; // 0 outside any
    uint32_t item;        // index into items[]
} PlanStep;

typedef enum {
    PLAN_STYLE_BULLETS, // "  • " and "    • ", a blank line under the title
    PLAN_STYLE_DASHES,  // "- ", indent lost, no blank line
} PlanStyle;

typedef struct {
    char name[PLAN_NAME_MAX];
    PlanStyle style;
    size_t item_count;
    PlanItem items[PLAN_ITEMS_MAX];
    size_t step_count;
    PlanStep steps[PLAN_STEPS_MAX];
    bool endless; // a lap in the last step begins it again: only a stop ends the run
} Plan;

// Unrolls items[] into steps[]. Returns false, and the plan is then unusable, when there is nothing
// to run, a repeat holds nothing or is too deep, or the steps do not fit (steps[] is then full).
bool plan_unroll(Plan *plan);

// Where the block of the repeat at items[repeat] ends: the index behind its last item.
size_t plan_block_end(const Plan *plan, size_t repeat);

// A free run: one open step without a target, which a lap begins anew. It comes from no text: it
// has no items.
void plan_free_run(Plan *ret_plan);

double pace_target_speed(PaceTarget pace);    // m/s; NAN with PACE_NONE
double pace_target_s_per_km(PaceTarget pace); // NAN with PACE_NONE

// What the plan promises: a paced step by time covers time ÷ pace, a paced step by distance takes
// distance × pace; a rest covers no distance; what is open or unpaced counts as nothing. Never NAN.
double step_planned_m(const Step *step);
double step_planned_s(const Step *step);
double plan_total_m(const Plan *plan);
double plan_total_s(const Plan *plan);

// Whether a step is paced for easy running (a warm-up, a cool-down, a jog between repetitions)
// rather than for the work itself: at least 8 % slower than the fastest paced step. Within a repeat
// the fastest of its block counts, outside of any that of the whole plan: strides before kilometres
// do not turn the kilometres into jogging.
bool plan_step_is_easy(const Plan *plan, size_t step);

const char *step_kind_name(StepKind kind); // "work", "rest"
