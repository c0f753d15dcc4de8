// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Doubts about a workout that is legal. What is hard is to be worth reading: an easy jog between
// hard repetitions is no slip, nor are strides without a rest or minutes over and under a
// threshold, and who sees a doubt about what was meant will not read the next. So a block is judged
// by its fastest step alone, and nothing is called hard that the plan itself has nothing easier
// beside.

#include "workout/lint.h"

#include "workout/prose.h"

#include <stdio.h>
#include <string.h>

#define SHORTEST_MM    50000 // what people write who mean minutes
#define PACE_FASTEST_S 120   // a kilometre; the world record over 800 m is 2:06
#define PACE_SLOWEST_S 1200
#define ROUNDING_S     0.1
#define CLEARLY_SLOWER 0.995 // paces per km and per mile are rounded to a second each
#define HARDER         1.08  // than what is easy
#define COLD           1.15  // than the plan's slowest pace, to begin with
#define HARD_EFFORT    6
#define HARD_OF_MAX    88 // percent
#define HARD_OF_LIMIT  95 // percent of the rate at threshold
#define HARD_ZONE      4
#define HARD_RACE_MM   INT64_C(21100000)
#define STRIDE_S       30
#define STRIDE_M       150
#define STRIDES_MOST   8
#define REST_LONGEST_S (15 * 60)

static bool lint_has(const TextWarnings *warnings, uint32_t line, uint32_t column, const char *code)
{
    for (size_t i = 0; i < warnings->count; i++) {
        const TextWarning *warning = &warnings->items[i];
        if (warning->line == line && warning->column == column && strcmp(warning->code, code) == 0)
            return true;
    }
    return false;
}

void lint_add(TextWarnings *warnings, uint32_t line, uint32_t column, const char *code,
              const char *text)
{
    if (warnings == NULL || warnings->count == TEXT_WARNINGS_MAX ||
        lint_has(warnings, line, column, code))
        return;
    size_t at = warnings->count++;
    for (; at > 0; at--) {
        const TextWarning *before = &warnings->items[at - 1];
        if (before->line < line || (before->line == line && before->column <= column))
            break;
        warnings->items[at] = *before;
    }
    TextWarning *warning = &warnings->items[at];
    *warning = (TextWarning){.line = line, .column = column, .code = code};
    snprintf(warning->text, sizeof warning->text, "%s", text);
}

static void lint_item(const PlanItem *item, TextWarnings *warnings, const char *code,
                      const char *text)
{
    lint_add(warnings, item->line, item->column, code, text);
}

const char *lint_pace(double speed_mps, char ret_text[LINT_PACE_MAX])
{
    const int seconds = (int)lround(speed_s_per_km(speed_mps));
    snprintf(ret_text, LINT_PACE_MAX, "%d:%02d/km", seconds / 60, seconds % 60);
    return ret_text;
}

// What a plan's items come to, as far as it is known without a runner or with one.
typedef struct {
    const Plan *plan;
    TextWarnings *warnings;
    double slowest;                          // m/s of the work that has a pace; NAN: none has
    const PlanStep *fastest[PLAN_ITEMS_MAX]; // an item's fastest step; NULL: it has no pace
} Linter;

static void linter_init(Linter *linter, const Plan *plan, TextWarnings *warnings)
{
    linter->plan = plan;
    linter->warnings = warnings;
    linter->slowest = NAN;
    memset(linter->fastest, 0, plan->item_count * sizeof *linter->fastest);
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        const PlanStep **fastest = &linter->fastest[step->item];
        const double speed = aim_speed(&step->aim);
        if (isnan(speed))
            continue;
        if (*fastest == NULL || speed > aim_speed(&(*fastest)->aim))
            *fastest = step;
        linter->slowest = fmin(linter->slowest, speed);
    }
}

static bool is_rest(const PlanItem *item)
{
    return item->kind == ITEM_STEP && item->step.kind == STEP_REST;
}

// ── one step ──

// " (perhaps 7'00''/mi is meant)" where a runner could run what is written by the other unit.
static const char *other_unit(const Plan *plan, const PlanStep *step, double slowest,
                              double fastest, char ret_text[LINT_HINT_MAX])
{
    const TargetPoint *point = &plan->items[step->item].target.from;
    const bool miles = point->unit == PACE_PER_MILE;
    const PaceTarget other = {point->number, miles ? PACE_PER_KM : PACE_PER_MILE};
    ret_text[0] = '\0';
    if (point->kind != POINT_PACE || plan->items[step->item].target.kind != TARGET_AT)
        return ret_text;
    const double speed = pace_target_speed(other);
    if (speed >= slowest && speed <= fastest)
        snprintf(ret_text, LINT_HINT_MAX, " (perhaps %u'%02u''/%s is meant)", other.seconds / 60,
                 other.seconds % 60, miles ? "km" : "mi");
    return ret_text;
}

static void lint_length(const Linter *linter, const PlanItem *item)
{
    const WrittenLength *written = &item->written;
    char text[TEXT_MESSAGE_MAX];
    if (item->step.measure == MEASURE_OPEN && written->unit <= WRITTEN_MILES)
        lint_item(item, linter->warnings, "zero-length",
                  "a length of zero: the step will last until it is ended by hand");
    if (written->unit == WRITTEN_TIME &&
        ((written->parts & 1 && written->min > 59) || (written->parts & 3 && written->s > 59)))
        lint_item(item, linter->warnings, "odd-time", "more than 59 of a part of the time");
    if (item->step.measure == MEASURE_DISTANCE && item->step.distance_mm < SHORTEST_MM)
        lint_item(item, linter->warnings, "short-distance",
                  "a distance of less than 50 m: m is metres, minutes are min");
    if (is_rest(item) && item->step.measure == MEASURE_TIME &&
        item->step.duration > REST_LONGEST_S * USEC_PER_SEC) {
        snprintf(text, sizeof text, "a rest of more than a quarter of an hour");
        if (written->parts == 2)
            snprintf(text, sizeof text,
                     "a rest of more than a quarter of an hour: perhaps %us is meant",
                     written->min);
        lint_item(item, linter->warnings, "long-rest", text);
    }
}

static void lint_step(const Linter *linter, size_t index)
{
    const PlanItem *item = &linter->plan->items[index];
    const PlanStep *fastest = linter->fastest[index];
    const double most = METRES_PER_KM / PACE_FASTEST_S, least = METRES_PER_KM / PACE_SLOWEST_S;
    char text[TEXT_MESSAGE_MAX], hint[LINT_HINT_MAX];
    lint_length(linter, item);
    if (fastest == NULL)
        return;
    const double s_per_km = speed_s_per_km(fmax(aim_speed(&fastest->aim), fastest->aim.end));
    const bool fast = s_per_km < PACE_FASTEST_S - ROUNDING_S;
    if (!fast && s_per_km <= PACE_SLOWEST_S + ROUNDING_S)
        return;
    snprintf(text, sizeof text, "a pace %s a kilometre, which no runner has%s",
             fast ? "faster than 2:00" : "slower than 20:00",
             other_unit(linter->plan, fastest, least, most, hint));
    lint_item(item, linter->warnings, "implausible-pace", text);
}

// ── what is hard ──

// Whether a target asks for hard running whoever runs it.
static bool target_is_hard(const Target *target)
{
    const uint16_t low = target->low != 0 ? target->low : target->high;
    switch (target->kind) {
    case TARGET_AT:
    case TARGET_RANGE:
    case TARGET_PROGRESS:
    case TARGET_BUILD: // from the pace that it begins at
        return (target->from.kind == POINT_ZONE && target->from.zone >= TRAINING_THRESHOLD) ||
               (target->from.kind == POINT_RACE && target->from.distance_mm <= HARD_RACE_MM &&
                target->from.percent_tenths <= 0 && target->from.offset_s <= 0);
    case TARGET_HEART:
        return (target->scale == HEART_MAX && low >= HARD_OF_MAX) ||
               (target->scale == HEART_THRESHOLD && low >= HARD_OF_LIMIT) ||
               (target->scale == HEART_ZONE && low >= HARD_ZONE);
    case TARGET_EFFORT:
        return low >= HARD_EFFORT * 10;
    case TARGET_MAXIMAL:
        return true;
    case TARGET_NONE:
    case TARGET_CADENCE:
    case TARGET_POWER:
        return false;
    }
    return false;
}

// Faster than a limit in m/s, or hard in itself.
static bool is_hard(const Linter *linter, const PlanStep *step, double limit)
{
    return step->step.kind == STEP_WORK && !step->stride &&
           (target_is_hard(&linter->plan->items[step->item].target) ||
            aim_speed(&step->aim) > limit);
}

static bool is_stride(const PlanStep *step)
{
    const Step *length = &step->step;
    return step->repetitions <= STRIDES_MOST &&
           ((length->measure == MEASURE_TIME && length->duration <= STRIDE_S * USEC_PER_SEC) ||
            (length->measure == MEASURE_DISTANCE &&
             length->distance_mm <= STRIDE_M * INT64_C(1000)));
}

// ── the order of steps ──

static void lint_rests(const Plan *plan, TextWarnings *warnings)
{
    const PlanItem *first = &plan->items[0], *last = &plan->items[plan->item_count - 1];
    if (is_rest(first))
        lint_item(first, warnings, "rest-at-start", "the workout starts with a rest");
    if (is_rest(last) && last->depth == 0)
        lint_item(last, warnings, "rest-at-end", "the workout ends with a rest");
    for (const PlanItem *item = first; item < last; item++)
        if (is_rest(item) && is_rest(item + 1) && item[0].depth == item[1].depth)
            lint_item(item + 1, warnings, "rests-in-a-row", "a rest follows a rest");
}

// The first step of work; the number of steps when there is none.
static size_t first_work(const Plan *plan)
{
    size_t first = 0;
    while (first < plan->step_count && plan->steps[first].step.kind != STEP_WORK)
        first++;
    return first;
}

static void lint_warm_up(const Linter *linter)
{
    const Plan *plan = linter->plan;
    const size_t first = first_work(plan);
    if (plan->step_count < 2 || first == plan->step_count || is_stride(&plan->steps[first]) ||
        !is_hard(linter, &plan->steps[first], linter->slowest * COLD) ||
        plan_step_is_easy(plan, first))
        return;
    lint_item(&plan->items[plan->steps[first].item], linter->warnings, "no-warm-up",
              "the workout begins hard: nothing easier stands before this step as a warm-up");
}

// A repetition that follows another of the same pace at once. Hard is what is harder than the
// warm-up, for recoveries may be slower still.
static void lint_missing_rests(const Linter *linter)
{
    const Plan *plan = linter->plan;
    const size_t first = first_work(plan);
    const bool warm = first < plan->step_count && plan->steps[first].repetitions == 0;
    const double easy = warm ? aim_speed(&plan->steps[first].aim) : linter->slowest;
    const double limit = easy * HARDER;
    uint32_t told = UINT32_MAX;
    for (size_t i = 1; i < plan->step_count; i++) {
        const PlanStep *before = &plan->steps[i - 1], *step = &plan->steps[i];
        const Target *target = &plan->items[step->item].target;
        if (step->item == told || step->repetitions < 2 || step->repetition < 2 ||
            !is_hard(linter, before, limit) || !is_hard(linter, step, limit) || is_stride(step) ||
            target->kind == TARGET_PROGRESS ||
            !target_same(target, &plan->items[before->item].target))
            continue;
        told = step->item;
        lint_item(&plan->items[told], linter->warnings, "no-rest",
                  "nothing stands between these repetitions, which makes one long run of them: "
                  "perhaps a rest is missing");
    }
}

// ── repeats ──

// The fastest step of the items from `first` to before `end`; NULL when none has a pace.
static const PlanStep *fastest_of(const Linter *linter, size_t first, size_t end)
{
    const PlanStep *fastest = NULL;
    for (size_t i = first; i < end; i++) {
        const PlanStep *step = linter->fastest[i];
        if (step != NULL && (fastest == NULL || aim_speed(&step->aim) > aim_speed(&fastest->aim)))
            fastest = step;
    }
    return fastest;
}

static bool clearly_slower(const PlanStep *step, const PlanStep *than)
{
    return than != NULL && aim_speed(&step->aim) < aim_speed(&than->aim) * CLEARLY_SLOWER;
}

// False: nothing is doubtful about how fast the block of the repeat is.
static bool lint_block(const Linter *linter, size_t repeat)
{
    const Plan *plan = linter->plan;
    char text[TEXT_MESSAGE_MAX], hint[LINT_HINT_MAX], pace[LINT_PACE_MAX], than[LINT_PACE_MAX];
    const size_t end = plan_block_end(plan, repeat);
    bool works = false;
    for (size_t i = repeat + 1; i < end; i++)
        works |= plan->items[i].kind == ITEM_STEP && !is_rest(&plan->items[i]);
    if (!works)
        lint_item(&plan->items[repeat], linter->warnings, "rest-only",
                  "nothing but rest is repeated");
    const PlanStep *fastest = fastest_of(linter, repeat + 1, end);
    if (fastest == NULL)
        return false;
    const PlanItem *slow = &plan->items[fastest->item];
    lint_pace(aim_speed(&fastest->aim), pace);
    if (repeat > 0 && clearly_slower(fastest, linter->fastest[0])) {
        const double least = aim_speed(&linter->fastest[0]->aim);
        snprintf(text, sizeof text,
                 "the repetitions (%s) are slower than the first step, the warm-up (%s)%s", pace,
                 lint_pace(least, than),
                 other_unit(plan, fastest, least, METRES_PER_KM / PACE_FASTEST_S, hint));
        lint_item(slow, linter->warnings, "slower-than-warm-up", text);
        return true;
    }
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanStep *other = linter->fastest[i];
        const bool inside = i >= repeat && i < end;
        if (inside || !clearly_slower(fastest, other) ||
            step_planned_s(other) <= step_planned_s(fastest))
            continue;
        const double least = aim_speed(&other->aim);
        snprintf(text, sizeof text,
                 "the repetitions (%s) are slower than the step in line %u, which is longer (%s)%s",
                 pace, plan->items[i].line, lint_pace(least, than),
                 other_unit(plan, fastest, least, METRES_PER_KM / PACE_FASTEST_S, hint));
        lint_item(slow, linter->warnings, "slower-than-longer", text);
        return true;
    }
    return false;
}

void lint_plan(const Plan *plan, TextWarnings *warnings)
{
    Linter linter;
    bool slow = false;
    linter_init(&linter, plan, warnings);
    lint_rests(plan, warnings);
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanItem *item = &plan->items[i];
        switch (item->kind) {
        case ITEM_STEP:
            lint_step(&linter, i);
            break;
        case ITEM_REPEAT:
        case ITEM_LADDER:
            if (item->depth == 0) // an inner repeat belongs to its outer one
                slow |= lint_block(&linter, i);
            break;
        case ITEM_RUNG:
            break;
        }
    }
    if (!slow) // else it is the repetitions that are doubtful
        lint_warm_up(&linter);
    lint_missing_rests(&linter);
}

bool lint_text(const char *text, size_t length, Plan *ret_plan, TextWarnings *ret_warnings,
               TextError *ret_error)
{
    if (!text_parse(text, length, ret_plan, ret_warnings, ret_error))
        return false;
    lint_plan(ret_plan, ret_warnings);
    prose_lint(text, length, ret_plan, ret_warnings);
    return true;
}
