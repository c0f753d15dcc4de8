// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A turn comes a moment after the line was crossed, so when that was is counted back at the speed
// of now: a split is told to the second.

#include "coach/milestones.h"

#include "coach/script.h"
#include "workout/edit.h"

#define MILESTONE_AHEAD (2 * USEC_PER_SEC) // from when on it is worth an alarm

void milestones_end(Milestones *milestones)
{
    *milestones = (Milestones){.next_m = INFINITY};
}

static double metres_of(PaceUnit unit)
{
    return unit == PACE_PER_MILE ? METRES_PER_MILE : METRES_PER_KM;
}

static bool is_long(const Step *step, double every)
{
    if (step->measure == MEASURE_DISTANCE)
        return step_length(step) >= MILESTONES_LEAST * every;
    return step->measure == MEASURE_OPEN || step->duration >= MILESTONES_TIME;
}

void milestones_begin(Milestones *milestones, const Plan *plan, const Engine *engine)
{
    const size_t step = engine->step;
    milestones_end(milestones);
    milestones->unit = script_step_unit(plan, step);
    const double every = metres_of(milestones->unit);
    if (engine->now.kind == STEP_WORK && !plan->steps[step].stride &&
        !plan_is_jog_between(plan, step) && is_long(&engine->now, every))
        milestones->next_m = every;
}

static double way(const Engine *engine)
{
    return engine->plan->endless ? engine->active_m : engine->step_m;
}

static Usec time_of(const Engine *engine)
{
    return engine->plan->endless ? engine->active : engine->step_active;
}

bool milestones_look(Milestones *milestones, const Engine *engine, double speed_mps,
                     const Sight *seen, const Phrases *phrases, Words *ret_words)
{
    const double beyond = way(engine) - milestones->next_m;
    if (!(beyond >= 0))
        return false;
    const Usec now = time_of(engine);
    const Usec at = speed_mps > 0 ? now - usec_from_s(beyond / speed_mps) : now;
    const Usec took = at - milestones->passed_at;
    const Sight stretch = {seen->blind - milestones->seen.blind,
                           seen->doubt - milestones->seen.doubt};
    const bool known = sight_enough(&stretch, took) && sight_enough(seen, now);
    milestones->passed++;
    milestones->passed_at = at;
    milestones->next_m += metres_of(milestones->unit);
    milestones->seen = *seen;
    *ret_words =
        known ? script_milestone(phrases, milestones->unit, milestones->passed, took) : (Words){0};
    return true;
}

Usec milestones_ahead(const Milestones *milestones, const Engine *engine, double speed_mps)
{
    const double left = milestones->next_m - way(engine);
    return left < speed_mps * usec_to_s(MILESTONE_AHEAD) ? usec_from_s(left / speed_mps)
                                                         : USEC_NEVER;
}

bool milestones_near(const Milestones *milestones, const Engine *engine, double speed_mps)
{
    if (milestones->next_m == INFINITY)
        return false;
    return (milestones->passed > 0 && time_of(engine) - milestones->passed_at < MILESTONE_ALONE) ||
           milestones->next_m - way(engine) < speed_mps * usec_to_s(MILESTONE_ALONE);
}
