// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Paces of the other unit. What is hard is that both are legal, and some plans need both: nobody is
// told of one that the plan does not make odd.

#include "workout/lint-unit.h"

#include "workout/lint.h"

#include <stdio.h>

#define TRACK_MM INT64_C(400000)
#define JOG_MPS  2.4 // 7:00 a kilometre, nearly

const char *lint_unit_hint(const Plan *plan, const PlanStep *step, double slowest, double fastest,
                           char ret_text[LINT_HINT_MAX])
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

bool lint_unit_is_odd(const Plan *plan, const PlanStep *step)
{
    const PaceUnit unit = target_unit(&plan->items[step->item].target);
    int same = 0;
    for (size_t i = 0; i < plan->item_count; i++) {
        const PaceUnit other = target_unit(&plan->items[i].target);
        if (plan->items[i].kind == ITEM_STEP && i != step->item && other != PACE_NONE)
            same += other == unit ? 1 : -1;
    }
    return same < 0;
}

// A pace per mile among paces per kilometre that would be the hardest of all even when read as one
// of them; but a mile may well be run by miles.
static void lint_miles(const Plan *plan, const PlanStep *const *fastest, size_t item,
                       TextWarnings *warnings)
{
    const PlanItem *this = &plan->items[item];
    const PlanStep *step = fastest[item];
    double most = NAN;
    char text[TEXT_MESSAGE_MAX], hint[LINT_HINT_MAX], pace[LINT_PACE_MAX];
    if (lint_is_stride(step) || !lint_unit_is_odd(plan, step) ||
        this->written.unit == WRITTEN_MILES)
        return;
    for (size_t i = 0; i < plan->item_count; i++)
        if (fastest[i] != NULL && target_unit(&plan->items[i].target) == PACE_PER_KM)
            most = fmax(most, aim_speed(&fastest[i]->aim));
    lint_unit_hint(plan, step, most * LINT_HARDER, INFINITY, hint);
    if (*hint == '\0')
        return;
    snprintf(text, sizeof text, "a pace per mile among paces per kilometre, where it is %s%s",
             lint_pace(aim_speed(&step->aim), pace), hint);
    lint_add(warnings, this->line, this->column, "odd-unit", text);
}

// A lap of a track or less, with a rest by the watch. Who runs and walks walks as far, or begins by
// walking; and where a warm-up has a pace, that says how slow a repetition may be.
static bool is_lap(const Plan *plan, const PlanStep *const *fastest, size_t item)
{
    const PlanItem *lap = &plan->items[item], *rest = lap + 1;
    return plan->steps[0].step.kind == STEP_WORK && fastest[0] == NULL &&
           item + 1 < plan->item_count && lap->depth > 0 && lap->step.measure == MEASURE_DISTANCE &&
           lap->step.distance_mm <= TRACK_MM && item_is_rest(rest) && rest->depth == lap->depth &&
           rest->step.manner == MANNER_PLAIN && step_ends_by_clock(&rest->step);
}

// A lap at a pace per kilometre to jog at, after which nobody need stand; per mile many would.
static void lint_jogged_lap(const Plan *plan, const PlanStep *const *fastest, size_t item,
                            TextWarnings *warnings)
{
    const double speed = aim_speed(&fastest[item]->aim);
    char text[TEXT_MESSAGE_MAX], hint[LINT_HINT_MAX], pace[LINT_PACE_MAX];
    if (speed > JOG_MPS || !is_lap(plan, fastest, item))
        return;
    lint_unit_hint(plan, fastest[item], LINT_BRISK_MPS, INFINITY, hint);
    if (*hint == '\0')
        return;
    snprintf(text, sizeof text, "so short, with a rest behind it, and only to be jogged (%s)%s",
             lint_pace(speed, pace), hint);
    lint_add(warnings, plan->items[item].line, plan->items[item].column, "odd-unit", text);
}

void lint_unit(const Plan *plan, const AthleteModel *model, const PlanStep *const *fastest,
               size_t item, TextWarnings *warnings)
{
    if (fastest[item] == NULL || (model != NULL && !isnan(model->vdot)))
        return;
    if (target_unit(&plan->items[item].target) == PACE_PER_MILE)
        lint_miles(plan, fastest, item, warnings);
    else
        lint_jogged_lap(plan, fastest, item, warnings);
}
