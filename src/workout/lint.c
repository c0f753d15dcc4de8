// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Doubts about a workout that is legal. What is hard is to be worth reading: an easy jog between
// hard repetitions is no slip, so a block is judged by its fastest step alone.

#include "workout/lint.h"

#include <stdio.h>

#define SHORTEST_MM    50000 // what people write who mean minutes
#define PACE_FASTEST_S 120   // a kilometre; the world record over 800 m is 2:06
#define PACE_SLOWEST_S 1200
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

static bool is_rest(const PlanItem *item)
{
    return item->kind == ITEM_STEP && item->step.kind == STEP_REST;
}

static bool is_paced(const PlanItem *item)
{
    return item->kind == ITEM_STEP && item->step.pace.unit != PACE_NONE;
}

static void lint_step(const PlanItem *item, TextWarnings *warnings)
{
    const WrittenLength *written = &item->written;
    if (item->step.measure == MEASURE_OPEN)
        lint_item(item, warnings, "zero-length",
                  "a length of zero: the step will last until it is ended by hand");
    if (written->unit == WRITTEN_TIME &&
        ((written->parts & 1 && written->min > 59) || (written->parts & 3 && written->s > 59)))
        lint_item(item, warnings, "odd-time", "more than 59 of a part of the time");
    if (item->step.measure == MEASURE_DISTANCE && item->step.distance_mm < SHORTEST_MM)
        lint_item(item, warnings, "short-distance",
                  "a distance of less than 50 m: m is metres, minutes are min");
    if (!is_paced(item))
        return;
    double s_per_km = pace_target_s_per_km(item->step.pace);
    if (s_per_km < PACE_FASTEST_S)
        lint_item(item, warnings, "implausible-pace",
                  "a pace faster than 2:00 a kilometre, which no runner has");
    if (s_per_km > PACE_SLOWEST_S)
        lint_item(item, warnings, "implausible-pace",
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

// The fastest of the items from `first` to before `end`; NULL when none has a pace.
static const PlanItem *fastest_of(const Plan *plan, size_t first, size_t end)
{
    const PlanItem *fastest = NULL;
    for (const PlanItem *item = plan->items + first; item < plan->items + end; item++)
        if (is_paced(item) && (fastest == NULL || pace_target_speed(item->step.pace) >
                                                      pace_target_speed(fastest->step.pace)))
            fastest = item;
    return fastest;
}

static bool clearly_slower(const PlanItem *item, const PlanItem *than)
{
    return is_paced(than) &&
           pace_target_speed(item->step.pace) < pace_target_speed(than->step.pace) * CLEARLY_SLOWER;
}

static void lint_block(const Plan *plan, size_t repeat, TextWarnings *warnings)
{
    char text[TEXT_MESSAGE_MAX];
    size_t end = plan_block_end(plan, repeat);
    const PlanItem *fastest = fastest_of(plan, repeat + 1, end);
    if (fastest == NULL) {
        lint_item(&plan->items[repeat], warnings, "rest-only", "nothing but rest is repeated");
        return;
    }
    if (repeat > 0 && clearly_slower(fastest, &plan->items[0])) {
        lint_item(fastest, warnings, "slower-than-warm-up",
                  "the repetitions are slower than the first step, the warm-up");
        return;
    }
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanItem *other = &plan->items[i];
        bool inside = i >= repeat && i < end;
        if (inside || !clearly_slower(fastest, other) ||
            step_planned_s(&other->step) <= step_planned_s(&fastest->step))
            continue;
        snprintf(text, sizeof text,
                 "the repetitions are slower than the step in line %u, which is longer",
                 other->line);
        lint_item(fastest, warnings, "slower-than-longer", text);
        return;
    }
}

void lint_plan(const Plan *plan, TextWarnings *warnings)
{
    lint_rests(plan, warnings);
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanItem *item = &plan->items[i];
        if (item->kind == ITEM_STEP)
            lint_step(item, warnings);
        else if (item->depth == 0) // an inner repeat belongs to its outer one
            lint_block(plan, i, warnings);
    }
}
