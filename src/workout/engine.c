// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Runs a plan. What is hard is exactness: an advance may span several boundaries, so it goes from
// one to the next on the straight line between the two instants that the caller knows; and the
// metres of all laps must add up to the metres run, so a step's distance is what the runner covered
// from boundary to boundary, never what the plan asked for.

#include "workout/engine.h"

#define FORESEEABLE_S 1e9 // a boundary further away than this is none

// The step as it stands in the plan, but for what only the run could say.
static void engine_begin_step(Engine *engine)
{
    Step *now = &engine->now;
    *now = engine->plan->steps[engine->step].step;
    if (now->measure == MEASURE_EQUAL_TIME) {
        now->measure = MEASURE_TIME;
        now->duration = engine->work_active;
    } else if (now->measure == MEASURE_EQUAL_DISTANCE) {
        now->measure = MEASURE_DISTANCE;
        now->distance_mm = llround(engine->work_m * 1000);
    }
}

void engine_start(Engine *engine, const Plan *plan, Usec at, double distance_m)
{
    *engine = (Engine){
        .plan = plan,
        .running = true,
        .announce = true,
        .at = at,
        .distance = distance_m,
        .started = at,
        .step_started = at,
    };
    engine_begin_step(engine);
}

// Time and metres pass; both count unless paused.
static void engine_move(Engine *engine, Usec at, double distance_m)
{
    if (engine->running && !engine->paused) {
        engine->active += at - engine->at;
        engine->step_active += at - engine->at;
        engine->active_m += distance_m - engine->distance;
        engine->step_m += distance_m - engine->distance;
    }
    engine->at = at;
    engine->distance = distance_m;
}

// The current step's end on the straight line from here to `at` and `distance_m`.
static bool engine_find_end(const Engine *engine, Usec at, double distance_m, Usec *ret_at,
                            double *ret_distance)
{
    const Step *step = &engine->now;
    switch (step->measure) {
    case MEASURE_TIME:
    case MEASURE_HEART: {
        Usec left = step->duration - engine->step_active;
        if (at - engine->at < left)
            return false;
        double part = at > engine->at ? (double)left / (double)(at - engine->at) : 0;
        *ret_at = engine->at + left;
        *ret_distance = engine->distance + (distance_m - engine->distance) * part;
        return true;
    }
    case MEASURE_DISTANCE: {
        double left = engine_remaining(engine);
        double covered = distance_m - engine->distance;
        if (covered < left)
            return false;
        double part = covered > 0 ? left / covered : 0;
        *ret_at = engine->at + (Usec)llround((double)(at - engine->at) * part);
        *ret_distance = engine->distance + left;
        return true;
    }
    case MEASURE_OPEN:
    case MEASURE_EQUAL_TIME: // engine_begin_step() made them times and distances
    case MEASURE_EQUAL_DISTANCE:
        return false;
    }
    return false;
}

// Ends the current step here and begins the next one, which engine_advance() will announce.
static void engine_next_step(Engine *engine, StepOutcome outcome, EngineEvent *ret_event)
{
    const PlanStep *step = &engine->plan->steps[engine->step];
    double seconds = usec_to_s(engine->step_active);
    *ret_event = (EngineEvent){
        .kind = ENGINE_STEP_ENDED,
        .at = engine->at,
        .step = engine->step,
        .lap =
            {
                .step = (uint32_t)engine->step,
                .outcome = outcome,
                .kind = step->step.kind,
                .repetition = step->repetition,
                .repetitions = step->repetitions,
                .started = engine->step_started,
                .ended = engine->at,
                .duration = engine->step_active,
                .distance_m = engine->step_m,
                .speed_mps = seconds > 0 ? engine->step_m / seconds : (double)NAN,
                .aim = step->aim,
                .heart_rate = (double)NAN,
                .cadence = (double)NAN,
                .heart_rate_max = (double)NAN,
            },
    };
    if (step->step.kind == STEP_WORK) {
        engine->work_active = engine->step_active;
        engine->work_m = engine->step_m;
    }
    bool last = engine->step + 1 == engine->plan->step_count;
    if (outcome == STEP_STOPPED || (last && !engine->plan->endless)) {
        engine->running = engine->paused = engine->announce = false;
        engine->finishing = true;
        return;
    }
    if (!last)
        engine->step++;
    engine->announce = true;
    engine->step_started = engine->at;
    engine->step_active = 0;
    engine->step_m = 0;
    engine_begin_step(engine);
}

bool engine_advance(Engine *engine, Usec at, double distance_m, EngineEvent *ret_event)
{
    if (engine->announce || engine->finishing) {
        *ret_event = (EngineEvent){
            .kind = engine->announce ? ENGINE_STEP_STARTED : ENGINE_FINISHED,
            .at = engine->at,
            .step = engine->step,
        };
        engine->announce = engine->finishing = false;
        return true;
    }
    if (at < engine->at)
        at = engine->at;
    if (!(distance_m > engine->distance) || isinf(distance_m)) // nor is NAN any progress
        distance_m = engine->distance;
    Usec end;
    double end_distance;
    if (!engine->running || engine->paused ||
        !engine_find_end(engine, at, distance_m, &end, &end_distance)) {
        engine_move(engine, at, distance_m);
        return false;
    }
    engine_move(engine, end, end_distance);
    engine_next_step(engine, STEP_COMPLETED, ret_event);
    return true;
}

bool engine_pause(Engine *engine)
{
    if (!engine->running || engine->paused)
        return false;
    engine->paused = true;
    return true;
}

bool engine_resume(Engine *engine)
{
    if (!engine->paused)
        return false;
    engine->paused = false;
    return true;
}

bool engine_end_step(Engine *engine, StepOutcome outcome, EngineEvent *ret_event)
{
    if (!engine->running)
        return false;
    engine_next_step(engine, outcome, ret_event);
    return true;
}

bool engine_stop(Engine *engine, EngineEvent *ret_event)
{
    return engine_end_step(engine, STEP_STOPPED, ret_event);
}

bool engine_shorten(Engine *engine, Usec left)
{
    const Usec duration = engine->step_active + usec_later(left, 0);
    if (!engine->running || !step_ends_by_clock(&engine->now) || duration >= engine->now.duration)
        return false;
    engine->now.duration = duration;
    return true;
}

bool engine_lengthen(Engine *engine, Usec more)
{
    if (!engine->running || !step_ends_by_clock(&engine->now) || more <= 0)
        return false;
    engine->now.duration += more;
    return true;
}

void engine_restore(Engine *engine, const Step *before, Usec notice)
{
    engine->now = *before;
    if (step_ends_by_clock(before))
        engine->now.duration = usec_later(before->duration, engine->step_active + notice);
}

bool engine_until_heart(Engine *engine, double bpm)
{
    if (!engine->running || engine->now.measure != MEASURE_TIME || !(bpm >= 1 && bpm < 300))
        return false;
    engine->now.measure = MEASURE_HEART;
    engine->now.heart_below = (uint16_t)lround(bpm);
    engine->now.least = engine->step_active;
    return true;
}

Usec engine_boundary(const Engine *engine, double speed_mps)
{
    double left = engine_remaining(engine);
    if (engine->paused || isnan(left))
        return USEC_NEVER;
    const Step *step = &engine->now;
    if (step_ends_by_clock(step))
        return engine->at + step->duration - engine->step_active;
    if (!(left < speed_mps * FORESEEABLE_S)) // also when the speed is unknown or zero
        return USEC_NEVER;
    return engine->at + usec_from_s(left / speed_mps);
}

double engine_remaining(const Engine *engine)
{
    if (!engine->running)
        return (double)NAN;
    const double length = step_length(&engine->now);
    if (step_ends_by_clock(&engine->now))
        return length - usec_to_s(engine->step_active);
    return isnan(length) ? length : fmax(0, length - engine->step_m);
}

double engine_target_speed(const Engine *engine)
{
    const double length = step_length(&engine->now);
    return aim_speed_at(&engine->plan->steps[engine->step].aim,
                        1 - engine_remaining(engine) / length);
}
