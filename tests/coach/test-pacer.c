// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The pacemaker passes his marks when he should, also where the pace builds, and the runner's place
// by him is told as a runner would see it.

#include "coach/pacer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define BEGAN (1000 * USEC_PER_SEC)

static Plan plan; // large
static Engine engine;
static Pacer pacer;

// A step from one speed to another, of so many seconds or metres.
static void begin(double seconds, double metres, double from, double to, unsigned every)
{
    plan_clear(&plan);
    plan.step_count = 1;
    plan.steps[0] = (PlanStep){
        .step = {.kind = STEP_WORK,
                 .measure = seconds > 0 ? MEASURE_TIME : MEASURE_DISTANCE,
                 .duration = usec_from_s(seconds),
                 .distance_mm = (int64_t)(metres * 1000)},
        .aim = {AIM_SPEED, 0, from, from, from, to},
    };
    engine_start(&engine, &plan, BEGAN, 0);
    EngineEvent event;
    engine_advance(&engine, BEGAN, 0, &event);
    pacer_begin(&pacer, &engine, every, 0);
}

static void run_to(double seconds, double metres)
{
    EngineEvent event;
    while (engine_advance(&engine, BEGAN + usec_from_s(seconds), metres, &event))
        ;
}

// Where he is after so many seconds, a millisecond at a time.
static double pacemaker(double seconds)
{
    const Aim *aim = &plan.steps[0].aim;
    const double length = step_length(&plan.steps[0].step);
    const bool by_time = plan.steps[0].step.measure == MEASURE_TIME;
    double metres = 0;
    for (double t = 0; t < seconds; t += 0.001)
        metres += 0.001 * aim_speed_at(aim, (by_time ? t : metres) / length);
    return metres;
}

Test(pacer, passes_each_mark_when_he_has_come_so_far)
{
    static const struct {
        double seconds, metres, from, to;
        unsigned every, marks;
    } steps[] = {
        {0, 1000, 4, 4, 100, 10},  {0, 1000, 3.7, 3.7, 200, 5}, {300, 0, 3.2, 3.2, 50, 19},
        {0, 1500, 3, 4.5, 50, 30}, {0, 1500, 4.5, 3, 100, 15},  {600, 0, 2.5, 4, 100, 18},
        {600, 0, 4, 2.5, 200, 9},  {0, 40, 4, 4, 50, 0},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        begin(steps[i].seconds, steps[i].metres, steps[i].from, steps[i].to, steps[i].every);
        unsigned marks = 0;
        Usec due;
        while ((due = pacer_due(&pacer, &engine)) != USEC_NEVER &&
               (steps[i].seconds == 0 || due <= BEGAN + usec_from_s(steps[i].seconds))) {
            const double at = pacemaker(usec_to_s(due - BEGAN));
            const double speed = aim_speed_at(&plan.steps[0].aim, 1);
            marks++;
            cr_expect(lt(dbl, fabs(at - marks * steps[i].every) / speed, 0.02), "%zu: %g m", i, at);
            pacer_next(&pacer, &engine);
        }
        cr_expect(eq(u32, marks, steps[i].marks), "%zu", i);
    }
}

Test(pacer, stands_in_a_pause)
{
    begin(0, 1000, 4, 4, 100);
    run_to(10, 40);
    cr_expect(eq(i64, pacer_due(&pacer, &engine), BEGAN + 25 * USEC_PER_SEC));
    engine_pause(&engine);
    run_to(70, 40);
    cr_expect(eq(i64, pacer_due(&pacer, &engine), USEC_NEVER));
    engine_resume(&engine);
    cr_expect(eq(i64, pacer_due(&pacer, &engine), BEGAN + 85 * USEC_PER_SEC));
    cr_expect(eq(i64, pacer_deadline(&pacer, &engine, 0), BEGAN + 84750 * USEC_PER_MSEC));
}

Test(pacer, switched_on_late_begins_with_the_next_mark)
{
    begin(0, 1000, 4, 4, 0);
    cr_expect(eq(i64, pacer_due(&pacer, &engine), USEC_NEVER));
    run_to(110, 430);
    pacer_begin(&pacer, &engine, 100, 0);
    cr_expect(eq(u32, pacer.mark, 5));
    run_to(124.9, 490); // too late for that one
    pacer_begin(&pacer, &engine, 100, 0);
    cr_expect(eq(u32, pacer.mark, 6));
    begin(0, 1500, 3, 4.5, 0);
    run_to(300, 900);
    pacer_begin(&pacer, &engine, 50, 0);
    cr_expect(gt(dbl, pacer.mark * 50.0, pacemaker(300)));
    cr_expect(le(dbl, pacer.mark * 50.0, pacemaker(300) + 51));
}

Test(pacer, nobody_paces_a_rest_or_what_has_no_pace)
{
    begin(0, 1000, 4, 4, 100);
    engine.now.kind = STEP_REST;
    pacer_begin(&pacer, &engine, 100, 0);
    cr_expect(eq(i64, pacer_due(&pacer, &engine), USEC_NEVER));
    engine.now.kind = STEP_WORK;
    plan.steps[0].aim = AIM_NOTHING;
    pacer_begin(&pacer, &engine, 100, 0);
    cr_expect(eq(i64, pacer_due(&pacer, &engine), USEC_NEVER));
}

Test(pacer, the_runner_s_place)
{
    // At 300 m, after 75 s: with him within a second and a half, which is six metres.
    static const struct {
        double metres;
        Tone tone;
    } places[] = {{293, TONE_BEHIND},
                  {295, TONE_LEVEL},
                  {300, TONE_LEVEL},
                  {305, TONE_LEVEL},
                  {307, TONE_AHEAD}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        begin(0, 5000, 4, 4, 300);
        run_to(74.75, places[i].metres - 1);
        cr_expect(eq(int, pacer_place(&pacer, &engine, 4), places[i].tone), "%g", places[i].metres);
    }
    // At 4000 m: within 1.5 %, which is sixty metres.
    begin(0, 5000, 4, 4, 4000);
    run_to(999.75, 3945);
    cr_expect(eq(int, pacer_place(&pacer, &engine, 4), TONE_LEVEL));
    begin(0, 5000, 4, 4, 4000);
    run_to(999.75, 3935);
    cr_expect(eq(int, pacer_place(&pacer, &engine, 4), TONE_BEHIND));
}
