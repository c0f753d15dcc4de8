// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Paces of the other unit. What is hard is that both are legal, and some plans need both: nobody is
// told of one that the plan does not make odd.

#include "workout/lint-unit.h"

#include <stdio.h>

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
