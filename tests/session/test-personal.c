// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Steps that depend on the runner, as a runner with a strap, a pod and a voice meets them: a rest
// that waits for the heart, a recovery as far as the work was, a pace that builds. What counts is
// when steps end, and that what comes is told in time.

#include "codec/hrs.h"
#include "codec/rscs.h"
#include "sim/stage.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define STEPS_MAX 8
#define SAID_MAX  100

typedef struct {
    double at_s;
    CueKind kind;
    char text[CUE_TEXT_MAX];
} Said;

// All times are seconds since the start.
static struct {
    Stage stage;
    Usec started;
    double begins_s[STEPS_MAX]; // each step; NAN
    Lap laps[STEPS_MAX];
    size_t lap_count, said_count;
    Said said[SAID_MAX];
    bool done;
} run;

static double since_start(Usec at)
{
    return usec_to_s(at - run.started);
}

static void observe(const Effect *effect, const Snapshot *snapshot, void *data)
{
    const bool sounds = effect->kind == EFFECT_TONE;
    if ((effect->kind == EFFECT_SAY || sounds) && run.said_count < SAID_MAX) {
        Said *said = &run.said[run.said_count++];
        *said = (Said){since_start(sounds ? effect->cue.due : effect->at), effect->cue.kind, ""};
        snprintf(said->text, sizeof said->text, "%s", effect->cue.text);
    }
    if (effect->kind == EFFECT_STEP && effect->step.index < STEPS_MAX)
        run.begins_s[effect->step.index] = since_start(effect->at);
    if (effect->kind == EFFECT_RECORD && run.lap_count < STEPS_MAX)
        run.laps[run.lap_count++] = effect->lap;
    run.done |= effect->kind == EFFECT_DONE;
}

static void begin(void)
{
    memset(&run, 0, sizeof run);
    for (size_t i = 0; i < STEPS_MAX; i++)
        run.begins_s[i] = NAN;
    stage_init(&run.stage, &SESSION_CONFIG_DEFAULT, 1000 * USEC_PER_SEC, observe, NULL);
}

static void end(void)
{
    stage_clear(&run.stage);
}

TestSuite(personal, .init = begin, .fini = end, .timeout = 60);

static const Snapshot *shown(void)
{
    return session_snapshot(run.stage.session);
}

// The packets of one second: NAN for a sensor that is silent.
static void second(double mps, double bpm)
{
    const Usec until = run.stage.now + USEC_PER_SEC;
    Event event = {.kind = EVENT_NOTIFY, .notify = {.sensor = 1, .characteristic = 0x2a53}};
    RscsMeasurement pod = {.cadence = 170, .running = true};
    if (!isnan(mps)) {
        pod.speed_256 = (uint16_t)lround(mps * 256);
        event.notify.length = (uint8_t)rscs_encode(&pod, event.notify.bytes, NOTIFY_BYTES_MAX);
        stage_handle(&run.stage, event);
    }
    event = (Event){.kind = EVENT_NOTIFY, .notify = {.characteristic = 0x2a37}};
    HrsMeasurement strap = {.contact = HRS_CONTACT_OK};
    if (!isnan(bpm)) {
        strap.heart_rate = (uint16_t)lround(bpm);
        event.notify.length = (uint8_t)hrs_encode(&strap, event.notify.bytes, NOTIFY_BYTES_MAX);
        stage_handle(&run.stage, event);
    }
    while (stage_step(&run.stage, until))
        ;
}

static void run_for(int seconds, double mps, double bpm)
{
    for (int i = 0; i < seconds; i++)
        second(mps, bpm);
}

static void command(CommandVerb verb, const char *text)
{
    Event event = {.kind = EVENT_COMMAND};
    event.command.verb = verb;
    event.command.text = text;
    event.command.length = text ? strlen(text) : 0;
    stage_handle(&run.stage, event);
}

static void start(const char *text)
{
    for (SensorId sensor = 0; sensor < 2; sensor++)
        stage_handle(&run.stage, (Event){.kind = EVENT_LINK, .link = {sensor, true}});
    run_for(20, 3, 150);
    run.started = run.stage.now;
    run.said_count = 0;
    command(COMMAND_START, text);
    cr_assert(eq(int, shown()->state, STATE_RUNNING));
}

// When these words were begun to be said after `from`; NAN.
static double said_at(const char *words, double from_s)
{
    for (size_t i = 0; i < run.said_count; i++)
        if (run.said[i].at_s >= from_s && strstr(run.said[i].text, words) != NULL)
            return run.said[i].at_s;
    return NAN;
}

// What step `step` is was told ahead of it, its last three seconds counted, and "go" on it.
static void expect_announced(size_t step, const char *words, double rest_begins_s)
{
    const double begins = run.begins_s[step];
    const double told = said_at(words, rest_begins_s + 6); // not with the rest's own words
    cr_expect(told <= begins - 4.5 && told >= begins - 15.5, "told at %.1f, began at %.1f", told,
              begins);
    cr_expect(epsilon_eq(dbl, said_at("three", told + 1), begins - 3, 0.3));
    cr_expect(epsilon_eq(dbl, said_at("go", told + 1), begins, 0.3));
}

#define WAITS                                                                                      \
    "Workout - Waits\n- 2min @ 4'00''/km\n- rest until HR < 120 (1min..3min)\n- 2min @ "           \
    "4'10''/km\n"

// ── a rest that waits for the heart ──

Test(personal, a_rest_ends_soon_after_the_heart_came_down)
{
    start(WAITS);
    run_for(120, 4.16, 165);
    double low_at = NAN;
    for (int t = 0; t < 200 && isnan(run.begins_s[2]); t++) {
        const double bpm = 90 + 75 * exp(-t / 80.0); // 120 after 73 s
        if (isnan(low_at) && lround(bpm) < 120)
            low_at = since_start(run.stage.now);
        second(1, bpm);
    }
    cr_assert(low_at > 120 + 60 && low_at < 120 + 90, "%f", low_at);
    cr_expect(run.begins_s[2] > low_at + 10 && run.begins_s[2] < low_at + 20, "%f, low at %f",
              run.begins_s[2], low_at);
    cr_expect(eq(int, run.laps[1].outcome, STEP_COMPLETED));
    expect_announced(2, "four ten", 120);
    cr_expect(not(isnan(said_at("rest until heart one twenty", 120))), "what it waits for is told");
}

Test(personal, a_rest_lasts_its_least_when_the_heart_was_low_before)
{
    start(WAITS);
    run_for(120, 4.16, 130);
    run_for(100, 1, 105);
    cr_expect(epsilon_eq(dbl, run.begins_s[2], 180, 0.01));
    expect_announced(2, "four ten", 120);
}

Test(personal, a_rest_lasts_its_most_without_a_strap)
{
    start(WAITS);
    run_for(120, 4.16, 165);
    run_for(20, 1, 110); // low, but for no longer than the strap was there
    run_for(180, 1, NAN);
    cr_expect(epsilon_eq(dbl, run.begins_s[2], 300, 0.01));
    expect_announced(2, "four ten", 120);
}

Test(personal, a_rest_lasts_its_most_when_the_heart_stays_high)
{
    start(WAITS);
    run_for(120, 4.16, 165);
    run_for(200, 1, 121);
    cr_expect(epsilon_eq(dbl, run.begins_s[2], 300, 0.01));
}

Test(personal, a_limit_in_percent_is_of_this_runner)
{
    Event event = {.kind = EVENT_ATHLETE, .athlete = athlete_unknown()};
    event.athlete.heart_max = 200;
    stage_handle(&run.stage, event);
    start("Workout - Waits\n- 2min @ 4'00''/km\n- rest until HR < 60% (1min..3min)\n- 2min run\n");
    run_for(120, 4.16, 165);
    run_for(90, 1, 121);
    cr_expect(isnan(run.begins_s[2]));
    run_for(30, 1, 118);
    cr_expect(epsilon_eq(dbl, run.begins_s[2], 225, 2));
}

// ── a recovery as far, or as long, as the work before ──

Test(personal, a_recovery_is_as_far_as_the_work_was)
{
    start("Workout - Equal\n- 1min @ 4'00''/km\n- equal distance jog\n- 400m @ 4'00''/km\n");
    run_for(60, 4.16, 150);
    const double work = run.laps[0].distance_m;
    cr_assert(epsilon_eq(dbl, work, 250, 10));
    for (int t = 0; t < 200 && isnan(run.begins_s[2]); t++)
        second(2.5, 140);
    cr_assert(eq(sz, run.lap_count, 2));
    cr_expect(epsilon_eq(dbl, run.laps[1].distance_m, work, 0.01));
    cr_expect(epsilon_eq(dbl, run.begins_s[2] - run.begins_s[1], work / 2.5, 6));
    const double told = said_at("four hundred metres", run.begins_s[1] + 6);
    cr_expect(told < run.begins_s[2] - 2 && told > run.begins_s[2] - 17, "%f, %f", told,
              run.begins_s[2]);
}

Test(personal, a_recovery_is_as_long_as_the_work_was)
{
    start("Workout - Equal\n- 400m @ 4'00''/km\n- equal time rest\n- 400m @ 4'00''/km\n");
    while (run.lap_count == 0)
        second(4.16, 150);
    for (int t = 0; t < 200 && isnan(run.begins_s[2]); t++)
        second(1, 140);
    cr_assert(eq(sz, run.lap_count, 2));
    cr_expect(eq(i64, run.laps[1].duration, run.laps[0].duration));
    expect_announced(2, "four hundred metres", run.begins_s[1]);
}

// ── a step that builds its pace ──

#define BUILDS "Workout - Builds\n- 10min @ 6'00''/km building to 5'00''/km\n"

static size_t corrections(void)
{
    size_t count = 0;
    for (size_t i = 0; i < run.said_count; i++)
        count += run.said[i].kind == CUE_DRIFT;
    return count;
}

Test(personal, who_builds_as_asked_is_left_in_peace)
{
    start(BUILDS);
    for (int t = 0; t < 600; t++)
        second(1000 / (360 - t / 10.0), 150);
    cr_expect(eq(sz, corrections(), 0));
}

Test(personal, who_does_not_build_is_told)
{
    start(BUILDS);
    run_for(100, 1000 / 358.0, 150);
    cr_expect(eq(sz, corrections(), 0));
    run_for(200, 1000 / 358.0, 150);
    const double told = said_at("push", 0); // 347 s a km are asked for after 130 s
    cr_expect(told > 120 && told < 150, "%f", told);
}

Test(personal, the_target_that_is_shown_builds_by_time_and_by_distance)
{
    start(BUILDS);
    cr_expect(epsilon_eq(dbl, 1000 / shown()->target_speed_mps, 360, 1e-6));
    run_for(300, 3, 150);
    cr_expect(epsilon_eq(dbl, 1000 / shown()->target_speed_mps, 330, 0.2));
    command(COMMAND_PAUSE, NULL);
    run_for(60, 0, 130);
    cr_expect(epsilon_eq(dbl, 1000 / shown()->target_speed_mps, 330, 0.2));
    command(COMMAND_STOP, NULL);
    cr_expect(isnan(shown()->target_speed_mps));
    const Aim *kept = &run.laps[0].aim;
    cr_expect(epsilon_eq(dbl, 1000 / kept->value, 360, 1e-6));
    cr_expect(epsilon_eq(dbl, 1000 / kept->end, 300, 1e-6));

    start("Workout - Builds\n- 1km @ 6'00''/km building to 5'00''/km\n");
    while (shown()->step_distance_m < 500)
        second(3, 150);
    cr_expect(epsilon_eq(dbl, 1000 / shown()->target_speed_mps, 330, 0.4));
}
