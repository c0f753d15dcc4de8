// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Where the runner is in the plan: boundaries on their microsecond, commands, pauses, and the
// properties that hold for every run, however finely it is watched.

#include "workout/engine.h"
#include "workout/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define S        USEC_PER_SEC
#define START    (1000 * S)
#define START_M  77.0
#define LAPS_MAX 64

static Plan plan; // 70 kB: not for the stack
static Engine engine;
static EngineEvent event;
static Lap laps[LAPS_MAX];
static size_t lap_count;
static bool finished;

// Starts the list and takes the first announcement; time and metres then count from zero.
static void start(const char *list)
{
    char text[1024];
    TextError error;
    snprintf(text, sizeof text, "Workout - T\n%s", list);
    cr_assert(text_parse(text, strlen(text), &plan, NULL, &error), "%s", error.text);
    engine_start(&engine, &plan, START, START_M);
    cr_assert(engine_advance(&engine, START, START_M, &event));
    cr_assert(eq(int, event.kind, ENGINE_STEP_STARTED));
    lap_count = 0;
    finished = false;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

static bool advance(Usec at, double metres)
{
    return engine_advance(&engine, START + at, START_M + metres, &event);
}

static void expect_event(EngineEventKind kind, size_t step, Usec at)
{
    cr_expect(eq(int, event.kind, kind));
    cr_expect(eq(sz, event.step, step));
    cr_expect(eq(i64, event.at, START + at));
}

static void keep(const EngineEvent *it)
{
    if (it->kind == ENGINE_STEP_ENDED)
        laps[lap_count++] = it->lap;
    finished = finished || it->kind == ENGINE_FINISHED;
}

// Moves on and keeps all laps; events must pair and never lie outside of the span.
static void run_to(Usec at, double metres)
{
    Usec latest = engine.at;
    while (advance(at, metres)) {
        cr_assert(event.at >= latest && event.at <= START + at);
        latest = event.at;
        keep(&event);
    }
}

Test(engine, a_step_by_time_ends_on_its_instant)
{
    start("- 10s @ 5'00''/km\n- 10s rest\n");
    cr_expect(not(advance(9 * S, 27)));
    cr_expect(advance(12 * S, 39));
    expect_event(ENGINE_STEP_ENDED, 0, 10 * S);
    cr_expect(eq(int, event.lap.outcome, STEP_COMPLETED));
    cr_expect(eq(int, event.lap.kind, STEP_WORK));
    cr_expect(eq(i64, event.lap.duration, 10 * S));
    cr_expect(eq(i64, event.lap.started, START));
    cr_expect(eq(i64, event.lap.ended, START + 10 * S));
    cr_expect(is_near(event.lap.distance_m, 31)); // 27 m and a third of 12 m
    cr_expect(is_near(event.lap.speed_mps, 3.1));
    cr_expect(is_near(aim_speed(&event.lap.aim), 1000.0 / 300));
    cr_expect(isnan(event.lap.heart_rate) != 0);
    cr_expect(advance(12 * S, 39));
    expect_event(ENGINE_STEP_STARTED, 1, 10 * S);
    cr_expect(not(advance(12 * S, 39)));
    cr_expect(is_near(engine_remaining(&engine), 8));
    cr_expect(is_near(engine.step_m, 8));
}

Test(engine, a_step_by_distance_ends_between_the_instants)
{
    start("- 200m @ 5'00''/km\n- 1km @ 5'00''/km\n");
    cr_expect(not(advance(50 * S, 199)));
    cr_expect(advance(51 * S, 202)); // the 200th metre after a third of the second
    expect_event(ENGINE_STEP_ENDED, 0, 50333333);
    cr_expect(is_near(event.lap.distance_m, 200));
    cr_expect(advance(51 * S, 202));
    expect_event(ENGINE_STEP_STARTED, 1, 50333333);
    cr_expect(not(advance(51 * S, 202)));
    cr_expect(is_near(engine.step_m, 2));
    cr_expect(eq(i64, engine.step_active, 666667));
    cr_expect(is_near(engine_remaining(&engine), 998));
}

Test(engine, a_distance_reached_exactly_ends_the_step_then)
{
    start("- 200m @ 5'00''/km\n- 10s rest\n");
    cr_expect(advance(40 * S, 200));
    expect_event(ENGINE_STEP_ENDED, 0, 40 * S);
}

Test(engine, a_jump_of_distance_at_one_instant_ends_steps_there)
{
    start("- 200m @ 5'00''/km\n- 200m @ 5'00''/km\n- 10s rest\n");
    cr_expect(not(advance(S, 3)));
    run_to(S, 450);
    cr_assert(eq(sz, lap_count, 2));
    cr_expect(eq(i64, laps[1].ended, START + S));
    cr_expect(eq(i64, laps[1].duration, 0));
    cr_expect(isnan(laps[1].speed_mps) != 0);
    cr_expect(is_near(engine.step_m, 50));
}

Test(engine, one_advance_may_span_the_whole_workout)
{
    start("- 60s @ 5'00''/km\n- 2 lots of:\n- 200m @ 5'00''/km\n- 30s rest\n- 1min @ 5'00''/km\n");
    run_to(400 * S, 1600); // 4 m/s: 60, 50 + 30, 50 + 30, 60 s
    const Usec ends[] = {60, 110, 140, 190, 220, 280};
    const double metres[] = {240, 200, 120, 200, 120, 240};
    const int repetition[] = {0, 1, 1, 2, 2, 0};
    cr_assert(eq(sz, lap_count, 6));
    for (size_t i = 0; i < 6; i++) {
        cr_expect(eq(int, laps[i].step, (int)i));
        cr_expect(eq(i64, laps[i].ended, START + ends[i] * S));
        cr_expect(is_near(laps[i].distance_m, metres[i])); // also of a rest
        cr_expect(eq(int, laps[i].repetition, repetition[i]));
        cr_expect(eq(int, laps[i].repetitions, repetition[i] > 0 ? 2 : 0));
    }
    cr_expect(eq(int, laps[2].kind, STEP_REST));
    cr_expect(eq(int, laps[2].aim.quantity, AIM_NONE));
    cr_expect(finished);
    cr_expect(not(engine.running));
    cr_expect(eq(i64, engine.active, 280 * S));
    cr_expect(is_near(engine.active_m, 1120));
    cr_expect(isnan(engine_remaining(&engine)) != 0);
    cr_expect(eq(i64, engine_boundary(&engine, 4), USEC_NEVER));
    cr_expect(not(advance(500 * S, 2000)));
    cr_expect(eq(i64, engine.active, 280 * S));
}

Test(engine, a_pause_stops_the_clock_and_the_metres)
{
    start("- 10s @ 5'00''/km\n- 100m @ 5'00''/km\n");
    cr_expect(not(engine_resume(&engine)));
    run_to(4 * S, 12);
    cr_expect(engine_pause(&engine));
    cr_expect(not(engine_pause(&engine)));
    cr_expect(eq(i64, engine_boundary(&engine, 3), USEC_NEVER));
    run_to(3600 * S, 500); // walked about for an hour
    cr_expect(engine_resume(&engine));
    cr_expect(eq(i64, engine_boundary(&engine, 3), START + 3606 * S));
    run_to(3606 * S, 518);
    cr_assert(eq(sz, lap_count, 1));
    cr_expect(eq(i64, laps[0].duration, 10 * S));
    cr_expect(eq(i64, laps[0].started, START));
    cr_expect(eq(i64, laps[0].ended, START + 3606 * S));
    cr_expect(is_near(laps[0].distance_m, 30));
    run_to(3616 * S, 548);
    cr_expect(engine_pause(&engine));
    run_to(4000 * S, 700);
    cr_expect(engine_resume(&engine));
    run_to(4100 * S, 1000); // 70 m to go at 3 m/s
    cr_assert(eq(sz, lap_count, 2));
    cr_expect(eq(i64, laps[1].ended, START + 4000 * S + 23333333));
    cr_expect(eq(i64, laps[1].duration, 10 * S + 23333333));
}

Test(engine, lap_and_skip_end_a_step_by_hand)
{
    start("- 10min @ 5'00''/km\n- 0.0mi @ 5'00''/km\n- 1min rest\n");
    run_to(20 * S, 60);
    cr_expect(engine_end_step(&engine, STEP_LAPPED, &event));
    expect_event(ENGINE_STEP_ENDED, 0, 20 * S);
    cr_expect(eq(int, event.lap.outcome, STEP_LAPPED));
    cr_expect(is_near(event.lap.distance_m, 60));
    cr_expect(advance(20 * S, 60));
    expect_event(ENGINE_STEP_STARTED, 1, 20 * S);
    run_to(9000 * S, 9000); // an open step never ends of itself
    cr_expect(eq(sz, engine.step, 1));
    cr_expect(isnan(engine_remaining(&engine)) != 0);
    cr_expect(eq(i64, engine_boundary(&engine, 3), USEC_NEVER));
    cr_expect(engine_end_step(&engine, STEP_SKIPPED, &event));
    cr_expect(eq(int, event.lap.outcome, STEP_SKIPPED));
    cr_expect(is_near(event.lap.distance_m, 8940));
    cr_expect(advance(9000 * S, 9000));
    cr_expect(engine_end_step(&engine, STEP_LAPPED, &event)); // the last one
    cr_expect(isnan(event.lap.speed_mps) != 0);
    cr_expect(advance(9000 * S, 9000));
    expect_event(ENGINE_FINISHED, 2, 9000 * S);
    cr_expect(not(advance(9001 * S, 9000)));
    cr_expect(not(engine_end_step(&engine, STEP_LAPPED, &event)));
    cr_expect(not(engine_pause(&engine)));
    cr_expect(not(engine_stop(&engine, &event)));
}

Test(engine, a_step_ended_in_a_pause_leaves_the_next_one_paused)
{
    start("- 10s @ 5'00''/km\n- 10s rest\n");
    run_to(4 * S, 12);
    cr_expect(engine_pause(&engine));
    cr_expect(engine_end_step(&engine, STEP_SKIPPED, &event));
    run_to(60 * S, 12);
    cr_expect(eq(sz, engine.step, 1));
    cr_expect(eq(i64, engine.step_active, 0));
    cr_expect(engine_resume(&engine));
    run_to(70 * S, 40);
    cr_expect(finished);
}

Test(engine, stop_ends_it_anywhere)
{
    start("- 10s @ 5'00''/km\n- 10s rest\n");
    run_to(4 * S, 12);
    cr_expect(engine_pause(&engine));
    cr_expect(engine_stop(&engine, &event));
    expect_event(ENGINE_STEP_ENDED, 0, 4 * S);
    cr_expect(eq(int, event.lap.outcome, STEP_STOPPED));
    cr_expect(advance(5 * S, 15));
    expect_event(ENGINE_FINISHED, 0, 4 * S);
    cr_expect(not(advance(50 * S, 150)));
    cr_expect(not(engine_resume(&engine)));
    cr_expect(is_near(engine.active_m, 12));

    // Also before the first step was announced.
    engine_start(&engine, &plan, START, START_M);
    cr_expect(engine_stop(&engine, &event));
    cr_expect(advance(S, 3));
    expect_event(ENGINE_FINISHED, 0, 0);
}

Test(engine, time_and_distance_never_run_backwards)
{
    start("- 10s @ 5'00''/km\n- 10s rest\n");
    cr_expect(not(advance(5 * S, 15)));
    cr_expect(not(advance(3 * S, 9)));
    cr_expect(not(advance(4 * S, (double)NAN)));
    cr_expect(not(advance(5 * S, (double)INFINITY)));
    cr_expect(eq(i64, engine.active, 5 * S));
    cr_expect(is_near(engine.active_m, 15));
}

Test(engine, predicts_where_a_distance_ends)
{
    start("- 200m @ 5'00''/km\n");
    run_to(10 * S, 40);
    cr_expect(eq(i64, engine_boundary(&engine, 4), START + 50 * S));
    cr_expect(eq(i64, engine_boundary(&engine, 0), USEC_NEVER));
    cr_expect(eq(i64, engine_boundary(&engine, -1), USEC_NEVER));
    cr_expect(eq(i64, engine_boundary(&engine, 1e-12), USEC_NEVER));
    cr_expect(eq(i64, engine_boundary(&engine, (double)NAN), USEC_NEVER));
    cr_expect(is_near(engine_remaining(&engine), 160));
}

Test(engine, a_free_run_goes_on_until_it_is_stopped)
{
    plan_free_run(&plan);
    engine_start(&engine, &plan, START, START_M);
    lap_count = 0;
    run_to(3600 * S, 10000);
    cr_expect(engine_stop(&engine, &event));
    cr_expect(is_near(event.lap.distance_m, 10000));
    cr_expect(eq(int, event.lap.aim.quantity, AIM_NONE));
}

static uint64_t random_state = 88172645463325252U;

static uint32_t random_below(uint32_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % bound;
}

static const char MIXED[] = "- 5min @ 6'00''/km\n- 4 lots of:\n- 200m @ 4'00''/km\n- 45s rest\n"
                            "- 3 lots of:\n- 1.0mi @ 7'30''/mi\n- 400m rest\n- 1min @ 6'00''/km\n";

Test(engine, many_small_advances_equal_one)
{
    const double speed = 3.7;
    const Usec whole = 4000 * S;
    Lap once[LAPS_MAX];
    start(MIXED);
    run_to(whole, speed * usec_to_s(whole));
    memcpy(once, laps, sizeof once);
    const size_t count = lap_count;
    cr_assert(eq(sz, count, plan.step_count));
    for (int round = 0; round < 20; round++) {
        start(MIXED);
        for (Usec at = 0; at < whole;) {
            at += 1 + random_below(3 * S);
            run_to(at, speed * usec_to_s(at));
        }
        cr_assert(eq(sz, lap_count, count));
        for (size_t i = 0; i < count; i++) {
            Usec apart = laps[i].ended - once[i].ended;
            cr_expect(apart >= -(Usec)i - 1 && apart <= (Usec)i + 1, "lap %zu: %ld us", i,
                      (long)apart); // each boundary rounds to its microsecond
            cr_expect(fabs(laps[i].distance_m - once[i].distance_m) < 1e-4);
        }
    }
}

Test(engine, laps_add_up_to_the_run_whatever_happens)
{
    for (int round = 0; round < 500; round++) {
        Usec at = 0;
        double metres = 0, paused_m = 0;
        Usec paused = 0;
        start(MIXED);
        while (!finished && lap_count < LAPS_MAX - 1) {
            Usec span = random_below(4) ? random_below(2 * S) : random_below(400 * S);
            double covered = usec_to_s(span) * random_below(60) / 10.0;
            bool was_paused = engine.paused;
            at += span;
            metres += covered;
            run_to(at, metres);
            paused += was_paused ? span : 0;
            paused_m += was_paused ? covered : 0;
            uint32_t what = random_below(40);
            if (what == 0)
                engine_pause(&engine);
            else if (what < 5)
                engine_resume(&engine);
            else if (what < 7 && engine_end_step(&engine, STEP_LAPPED, &event))
                keep(&event);
            else if (what == 7 && random_below(8) == 0 && engine_stop(&engine, &event))
                keep(&event);
        }
        Usec duration = 0;
        double distance = 0;
        Usec ended = START;
        for (size_t i = 0; i < lap_count; i++) {
            cr_expect(eq(i64, laps[i].started, ended));
            ended = laps[i].ended;
            duration += laps[i].duration;
            distance += laps[i].distance_m;
        }
        cr_expect(eq(i64, duration, engine.active));
        cr_expect(eq(i64, ended - START, duration + paused));
        cr_expect(is_near(distance, engine.active_m));
        cr_expect(distance + paused_m <= metres + 1e-6);
    }
}

Test(engine, a_lap_in_a_free_run_begins_another_and_only_a_stop_ends_it)
{
    plan_free_run(&plan);
    engine_start(&engine, &plan, 0, 0);
    cr_assert(engine_advance(&engine, 0, 0, &event) && event.kind == ENGINE_STEP_STARTED);
    cr_expect(not(engine_advance(&engine, 300000000, 1000, &event)));
    cr_assert(engine_end_step(&engine, STEP_LAPPED, &event));
    cr_expect(epsilon_eq(dbl, event.lap.distance_m, 1000, 1e-9));
    cr_assert(engine_advance(&engine, 300000000, 1000, &event) &&
              event.kind == ENGINE_STEP_STARTED);
    cr_expect(not(engine_advance(&engine, 400000000, 1300, &event)));
    cr_assert(engine_stop(&engine, &event));
    cr_expect(epsilon_eq(dbl, event.lap.distance_m, 300, 1e-9));
    cr_assert(engine_advance(&engine, 400000000, 1300, &event) && event.kind == ENGINE_FINISHED);
}

Test(engine, what_a_step_asks_for_builds_as_it_goes)
{
    start("- 100s @ 6'00''/km building to 5'00''/km\n- 400m @ 6'00''/km building to 5'00''/km\n"
          "- 1min @ 5'00''/km\n- 1min rest\n");
    cr_expect(is_near(1000 / engine_target_speed(&engine), 360));
    run_to(50 * S, 150);
    cr_expect(is_near(1000 / engine_target_speed(&engine), 330));
    cr_assert(engine_pause(&engine));
    run_to(80 * S, 150);
    cr_expect(is_near(1000 / engine_target_speed(&engine), 330));
    cr_assert(engine_resume(&engine));
    run_to(130 * S, 300);
    cr_expect(is_near(1000 / engine_target_speed(&engine), 360)); // the next
    run_to(150 * S, 600);
    cr_expect(is_near(1000 / engine_target_speed(&engine), 315));
    run_to(160 * S, 800);
    cr_expect(engine_target_speed(&engine) == 1000.0 / 300, "not a bit off");
    run_to(240 * S, 1000);
    cr_expect(isnan(engine_target_speed(&engine)));
}
