// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A runner in a set of repetitions, for the tests of what becomes of it: the whole session on a
// stage, with a strap and a pod that send once a second what the test says. A test runs from step
// to step; what was decided, said and run is kept.

#pragma once

#include "codec/hrs.h"
#include "codec/rscs.h"
#include "sim/stage.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define SEC(s)   ((Usec)((s)*1e6))
#define KEPT_MAX 400
#define JOGGING  2.2
#define RESTED   120.0
#define WORKING  165.0

typedef struct {
    Stage stage;
    Usec next; // packet
    double speed, heart, cadence;
    bool pod, strap;
    size_t adapted_count, said_count, laps;
    Adaptation adapted[KEPT_MAX];
    char said[KEPT_MAX][CUE_TEXT_MAX];
    Usec said_at[KEPT_MAX];
    Lap lap; // the latest
    AnswerReason answer;
    RunSummary summary;
    bool done;
    double clicks; // of the metronome, as they were told last
    Usec clicks_at;
    size_t bouts, ticks; // of the metronome; of the pacer
    Cue tick;            // the latest
    Usec tick_at;        // when it was told
} World;

static World world; // of the test that runs; large
static double week; // COMMAND_LOAD before the start; 0: nothing is known

static inline void world_see(const Effect *effect, const Snapshot *snapshot, void *data)
{
    if (effect->kind == EFFECT_ADAPTED && world.adapted_count < KEPT_MAX)
        world.adapted[world.adapted_count++] = effect->adaptation;
    if ((effect->kind == EFFECT_SAY || effect->kind == EFFECT_TONE) &&
        world.said_count < KEPT_MAX) {
        world.said_at[world.said_count] = effect->cue.due;
        strcpy(world.said[world.said_count++], effect->cue.text);
    }
    if (effect->kind == EFFECT_METRONOME) {
        world.bouts += effect->clicks > 0;
        world.clicks = effect->clicks;
        world.clicks_at = effect->at;
    }
    if (effect->kind == EFFECT_TONE && effect->cue.kind == CUE_PACER) {
        world.ticks++;
        world.tick = effect->cue;
        world.tick_at = effect->at;
    }
    if (effect->kind == EFFECT_RECORD) {
        world.laps++;
        world.lap = effect->lap;
    }
    if (effect->kind == EFFECT_ANSWER)
        world.answer = effect->answer.reason;
    if (effect->kind == EFFECT_DONE)
        world.summary = effect->summary;
    world.done |= effect->kind == EFFECT_DONE;
}

static inline const Snapshot *now(void)
{
    return session_snapshot(world.stage.session);
}

static inline void send(SensorId sensor, uint16_t characteristic, const uint8_t *bytes,
                        size_t length)
{
    Event event = {.kind = EVENT_NOTIFY};
    event.notify.sensor = sensor;
    event.notify.characteristic = characteristic;
    event.notify.length = (uint8_t)length;
    memcpy(event.notify.bytes, bytes, length);
    stage_handle(&world.stage, event);
}

static inline void packets(void)
{
    uint8_t bytes[NOTIFY_BYTES_MAX];
    const RscsMeasurement pod = {.speed_256 = (uint16_t)lround(world.speed * 256),
                                 .cadence = (uint8_t)world.cadence,
                                 .running = true};
    const HrsMeasurement strap = {.heart_rate = (uint16_t)lround(world.heart)};
    if (world.pod)
        send(0, CHARACTERISTIC_RSCS_MEASUREMENT, bytes, rscs_encode(&pod, bytes, sizeof bytes));
    if (world.strap)
        send(1, CHARACTERISTIC_HRS_MEASUREMENT, bytes, hrs_encode(&strap, bytes, sizeof bytes));
}

static inline void pass(double seconds)
{
    const Usec until = world.stage.now + SEC(seconds);
    while (world.stage.now < until) {
        while (stage_step(&world.stage, world.next < until ? world.next : until))
            ;
        if (world.stage.now == world.next) {
            packets();
            world.next += USEC_PER_SEC;
        }
    }
}

static inline AnswerReason say(CommandVerb verb, const char *text, double number)
{
    Event event = {.kind = EVENT_COMMAND};
    event.command.verb = verb;
    event.command.text = text;
    event.command.length = text ? strlen(text) : 0;
    event.command.number = number;
    stage_handle(&world.stage, event);
    return world.answer;
}

// A runner with a maximal rate of 190, and races behind a D′ if `fit`.
static inline void know(bool fit)
{
    Event event = {.kind = EVENT_ATHLETE, .athlete = athlete_unknown()};
    event.athlete.heart_max = 190;
    event.athlete.heart_rest = 50;
    if (fit) {
        event.athlete.races[0] = (Race){5000, 1140, 0, true};
        event.athlete.race_count = 1;
    }
    stage_handle(&world.stage, event);
}

static inline void begin_with(const SessionConfig *config, const char *items)
{
    char text[2000];
    snprintf(text, sizeof text, "Workout - Set\n%s", items);
    memset(&world, 0, sizeof world);
    stage_init(&world.stage, config, SEC(1000), world_see, NULL);
    world.next = SEC(1000.3);
    world.speed = JOGGING;
    world.heart = RESTED;
    world.cadence = 170;
    world.pod = world.strap = true;
    know(false);
    pass(10);
    if (week > 0)
        say(COMMAND_LOAD, NULL, week);
    cr_assert(eq(int, say(COMMAND_START, text, 0), REASON_OK));
}

static inline void begin(const char *items)
{
    begin_with(&SESSION_CONFIG_DEFAULT, items);
}

static inline void end(void)
{
    stage_clear(&world.stage);
}

// Until another step is on, or the run is over.
static inline void to_next_step(void)
{
    const size_t laps = world.laps;
    for (int i = 0; world.laps == laps && !world.done; i++) {
        cr_assert(i < 100000);
        pass(0.2);
    }
}

// Runs the step that is on, at a part of its target.
static inline void rep(double part)
{
    world.speed = part * now()->target_speed_mps;
    world.heart = WORKING;
    to_next_step();
}

// Rests, the heart at this soon and to the end.
static inline void rest(double heart)
{
    world.speed = JOGGING;
    world.heart = heart;
    to_next_step();
}

static inline void reps(size_t count)
{
    while (count-- > 0) {
        rep(1);
        rest(RESTED);
    }
}

// Two too slow ones behind two as they should be.
static inline void begin_fading(const char *items)
{
    begin(items);
    reps(2);
    rep(0.96);
    rest(RESTED);
    rep(0.96);
}

#define FIVE                                                                                       \
    "  • 2min @ 6'00''/km\n  • 5 lots of:\n    • 800m @ 4'10''/km\n    • 2min rest\n"      \
    "  • 5min @ 6'00''/km\n"
// Into the rest of the third of them, the heart at 160 and no lower.
static inline void begin_high_rest(void)
{
    begin(FIVE);
    rest(RESTED);
    reps(2);
    rep(1);
    world.speed = JOGGING;
    world.heart = 160;
}

// "slow rest-plus": of the latest decision; "" for none since the count was `since`.
static inline const char *decision(size_t since)
{
    static char text[64];
    if (world.adapted_count <= since)
        return "";
    const Adaptation *latest = &world.adapted[world.adapted_count - 1];
    snprintf(text, sizeof text, "%s %s%s%s", adapt_reason_name(latest->reason),
             adapt_decision_name(latest->decision), latest->on_offer ? " on offer" : "",
             latest->taken_back ? " taken back" : "");
    return text;
}

static inline bool was_said(const char *text)
{
    for (size_t i = 0; i < world.said_count; i++)
        if (strcmp(world.said[i], text) == 0)
            return true;
    return false;
}

// All that was said from the words with this number on, for a test that fails.
static inline const char *said_since(size_t from)
{
    static char text[8000];
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = from; i < world.said_count && length < sizeof text - CUE_TEXT_MAX - 2; i++)
        length += (size_t)sprintf(text + length, "%s%s", length > 0 ? " | " : "", world.said[i]);
    return text;
}
