// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The pacemaker's timetable. A pace that builds is a straight line from first to last, over the way
// or over the time as the step is measured, so when a mark is passed has a closed form in both.

#include "coach/pacer.h"

// In the step's own time, when the pacemaker has come so far; USEC_NEVER: never.
static Usec passes(const Engine *engine, double metres)
{
    const Aim *aim = &engine->plan->steps[engine->step].aim;
    const double speed = aim_speed(aim);
    const double length = step_length(&engine->now);
    const bool by_way = engine->now.measure == MEASURE_DISTANCE;
    if (!(speed > 0) || engine->now.kind != STEP_WORK || (by_way && metres > length))
        return USEC_NEVER;
    const double first = 1 / speed, change = 1 / aim->end - first; // s/m
    if (change == 0 || !(length > 0))
        return usec_from_s(metres * first);
    if (by_way)
        return usec_from_s(metres * (first + change * metres / length / 2));
    const double shape = change / length;
    const Usec at = usec_from_s(first * expm1(metres * shape) / shape);
    return at > engine->now.duration ? USEC_NEVER : at;
}

static void go_to(Pacer *pacer, const Engine *engine, uint32_t mark)
{
    pacer->mark = mark;
    pacer->passes = passes(engine, (double)mark * pacer->every);
}

void pacer_begin(Pacer *pacer, const Engine *engine, unsigned every, Usec latency)
{
    *pacer = (Pacer){.every = every, .passes = USEC_NEVER};
    if (every == 0)
        return;
    // At the slower of a building step's two paces he would be here by now.
    const Aim *aim = &engine->plan->steps[engine->step].aim;
    const double way = usec_to_s(engine->step_active) * fmin(aim_speed(aim), aim->end);
    go_to(pacer, engine, (uint32_t)fmax(way / every, 0) + 1);
    while (pacer->passes < engine->step_active + CUE_TONE_AHEAD + latency)
        pacer_next(pacer, engine);
}

Usec pacer_due(const Pacer *pacer, const Engine *engine)
{
    if (pacer->every == 0 || pacer->passes == USEC_NEVER || !engine->running || engine->paused)
        return USEC_NEVER;
    return engine->at + pacer->passes - engine->step_active;
}

Usec pacer_deadline(const Pacer *pacer, const Engine *engine, Usec latency)
{
    const Usec due = pacer_due(pacer, engine);
    return due == USEC_NEVER ? USEC_NEVER : due - CUE_TONE_AHEAD - latency;
}

void pacer_next(Pacer *pacer, const Engine *engine)
{
    go_to(pacer, engine, pacer->mark + 1);
}

Tone pacer_place(const Pacer *pacer, const Engine *engine, double speed_mps)
{
    const double takes = usec_to_s(pacer->passes);
    const double metres = engine->step_m + speed_mps * (takes - usec_to_s(engine->step_active));
    const double ahead_s =
        (metres - (double)pacer->mark * pacer->every) / engine_target_speed(engine);
    const double with = fmax(PACER_WITH_S, PACER_WITH_SHARE * takes);
    return ahead_s > with ? TONE_AHEAD : ahead_s < -with ? TONE_BEHIND : TONE_LEVEL;
}
