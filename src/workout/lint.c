// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Doubts about a workout that is legal. What is hard is to be worth reading: an easy jog between
// hard repetitions is no slip, so a block is judged by its fastest step alone.

#include "workout/lint.h"

#include <stdio.h>
#include <string.h>

#define SHORTEST_MM    50000 // what people write who mean minutes
#define PACE_FASTEST_S 120   // a kilometre; the world record over 800 m is 2:06
#define PACE_SLOWEST_S 1200
#define ROUNDING_S     0.1
#define CLEARLY_SLOWER 0.995 // paces per km and per mile are rounded to a second each

void lint_add(TextWarnings *warnings, uint32_t line, uint32_t column, const char *code,
              const char *text)
{
    if (warnings == NULL || warnings->count == TEXT_WARNINGS_MAX)
        return;
    size_t at = warnings->count++;
    for (; at > 0 && warnings->items[at - 1].line > line; at--)
        warnings->items[at] = warnings->items[at - 1];
    TextWarning *warning = &warnings->items[at];
    *warning = (TextWarning){.line = line, .column = column, .code = code};
    snprintf(warning->text, sizeof warning->text, "%s", text);
}

static void lint_item(const PlanItem *item, TextWarnings *warnings, const char *code,
                      const char *text)
{
    lint_add(warnings, item->line, item->column, code, text);
}

// What a plan's items come to, as far as it is known without a runner or with one.
typedef struct {
    const Plan *plan;
    TextWarnings *warnings;
    const PlanStep *first[PLAN_ITEMS_MAX];   // an item's first step; NULL: none
    const PlanStep *fastest[PLAN_ITEMS_MAX]; // its fastest; NULL: it has no pace
} Linter;

static void linter_init(Linter *linter, const Plan *plan, TextWarnings *warnings)
{
    linter->plan = plan;
    linter->warnings = warnings;
    memset(linter->first, 0, plan->item_count * sizeof *linter->first);
    memset(linter->fastest, 0, plan->item_count * sizeof *linter->fastest);
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        const PlanStep **fastest = &linter->fastest[step->item];
        if (linter->first[step->item] == NULL)
            linter->first[step->item] = step;
        if (!isnan(aim_speed(&step->aim)) &&
            (*fastest == NULL || aim_speed(&step->aim) > aim_speed(&(*fastest)->aim)))
            *fastest = step;
    }
}

static bool is_rest(const PlanItem *item)
{
    return item->kind == ITEM_STEP && item->step.kind == STEP_REST;
}

static void lint_step(const Linter *linter, size_t index)
{
    const PlanItem *item = &linter->plan->items[index];
    const WrittenLength *written = &item->written;
    const PlanStep *fastest = linter->fastest[index];
    const bool written_length = written->unit <= WRITTEN_MILES;
    if (item->step.measure == MEASURE_OPEN && written_length)
        lint_item(item, linter->warnings, "zero-length",
                  "a length of zero: the step will last until it is ended by hand");
    if (written->unit == WRITTEN_TIME &&
        ((written->parts & 1 && written->min > 59) || (written->parts & 3 && written->s > 59)))
        lint_item(item, linter->warnings, "odd-time", "more than 59 of a part of the time");
    if (item->step.measure == MEASURE_DISTANCE && item->step.distance_mm < SHORTEST_MM)
        lint_item(item, linter->warnings, "short-distance",
                  "a distance of less than 50 m: m is metres, minutes are min");
    if (fastest == NULL)
        return;
    const double s_per_km = speed_s_per_km(fmax(aim_speed(&fastest->aim), fastest->aim.end));
    if (s_per_km < PACE_FASTEST_S - ROUNDING_S)
        lint_item(item, linter->warnings, "implausible-pace",
                  "a pace faster than 2:00 a kilometre, which no runner has");
    if (s_per_km > PACE_SLOWEST_S + ROUNDING_S)
        lint_item(item, linter->warnings, "implausible-pace",
                  "a pace slower than 20:00 a kilometre, which no runner has");
}

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

static void lint_block(const Linter *linter, size_t repeat)
{
    const Plan *plan = linter->plan;
    char text[TEXT_MESSAGE_MAX];
    const size_t end = plan_block_end(plan, repeat);
    bool works = false;
    for (size_t i = repeat + 1; i < end; i++)
        works |= plan->items[i].kind == ITEM_STEP && !is_rest(&plan->items[i]);
    if (!works) {
        lint_item(&plan->items[repeat], linter->warnings, "rest-only",
                  "nothing but rest is repeated");
        return;
    }
    const PlanStep *fastest = fastest_of(linter, repeat + 1, end);
    if (fastest == NULL)
        return;
    const PlanItem *slow = &plan->items[fastest->item];
    if (repeat > 0 && clearly_slower(fastest, linter->fastest[0])) {
        lint_item(slow, linter->warnings, "slower-than-warm-up",
                  "the repetitions are slower than the first step, the warm-up");
        return;
    }
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanStep *other = linter->fastest[i];
        const bool inside = i >= repeat && i < end;
        if (inside || !clearly_slower(fastest, other) ||
            step_planned_s(other) <= step_planned_s(fastest))
            continue;
        snprintf(text, sizeof text,
                 "the repetitions are slower than the step in line %u, which is longer",
                 plan->items[i].line);
        lint_item(slow, linter->warnings, "slower-than-longer", text);
        return;
    }
}

void lint_plan(const Plan *plan, TextWarnings *warnings)
{
    Linter linter;
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
                lint_block(&linter, i);
            break;
        case ITEM_RUNG:
            break;
        }
    }
}
