// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A whole workout in virtual time; see virtual.h.

#include "sim/virtual.h"

#include "coach/drift.h"
#include "coach/words.h"
#include "codec/location.h"

const VirtualOptions VIRTUAL_DEFAULT = {
    .seed = 1,
    .traits = NULL,
    .pod_scale = 1.0,
    .phrases = NULL,
    .drift_band = DRIFT_BAND_DEFAULT,
    .words_a_minute = WORDS_A_MINUTE_DEFAULT,
    .adapt = true,
};

enum {
    STRAP,
    POD
};

// The sensors have been on for a while before anybody says "start", as they would be.
#define WARM_UP    (12 * USEC_PER_SEC)
#define PACKET_GAP USEC_PER_SEC
#define POD_PHASE  (400 * USEC_PER_MSEC) // the two do not send together
#define OPEN_STEP  (60 * USEC_PER_SEC)   // then the lap button
#define REST_SPEED 2.0                   // m/s: an easy jog between repetitions
#define AFTERWARDS (15 * USEC_PER_SEC)   // for the last words
#define LONGEST    (26 * 3600 * USEC_PER_SEC)
#define ORIGIN     (1000 * USEC_PER_SEC) // the start; an instant like any other
#define CORRECTED  0.015 // the runner who is told something and is this near the target leaves it

typedef struct {
    Stage stage;
    Runner runner;
    WornSensor strap, pod;
    Usec strap_at, pod_at, runner_at;
    Usec lap_at; // when to press lap in an open step
    Usec end_at;
    TextError refusal;
    VirtualObserver observe;
    void *data;
} VirtualRun;

// The runner corrects itself towards the target; "hold steady" finds it there.
static void virtual_heed(VirtualRun *run, double target_mps)
{
    double wrong = run->runner.speed_mps / target_mps - 1;
    runner_heed(&run->runner, wrong > CORRECTED ? -1 : wrong < -CORRECTED ? 1 : 0);
}

static void virtual_obey(const Effect *effect, const Snapshot *snapshot, void *data)
{
    VirtualRun *run = data;
    if (run->observe)
        run->observe(usec_to_s(effect->at - ORIGIN), effect, snapshot, run->data);
    switch (effect->kind) {
    case EFFECT_SAY:
        if (effect->cue.kind == CUE_DRIFT)
            virtual_heed(run, snapshot->target_speed_mps);
        break;
    case EFFECT_STEP: {
        const Step *step = &effect->step.plan.step;
        runner_aim(&run->runner,
                   step->kind == STEP_REST ? REST_SPEED : aim_speed(&effect->step.plan.aim));
        run->lap_at = step->measure == MEASURE_OPEN ? run->stage.now + OPEN_STEP : USEC_NEVER;
        break;
    }
    case EFFECT_DONE:
        run->end_at = run->stage.now + AFTERWARDS;
        run->lap_at = USEC_NEVER;
        runner_aim(&run->runner, 0);
        break;
    case EFFECT_ANSWER:
        run->refusal = effect->answer.error;
        break;
    case EFFECT_TICK:
        if (snapshot->target_speed_mps > 0)
            runner_follow(&run->runner, snapshot->target_speed_mps);
        break;
    case EFFECT_ADAPTED:
    case EFFECT_CORRECTED:
    case EFFECT_HUSH:
    case EFFECT_RECORD:
    case EFFECT_STATE:
        break;
    }
}

static void virtual_link(VirtualRun *run, SensorId sensor)
{
    Event event = {.kind = EVENT_LINK};
    event.link.sensor = sensor;
    event.link.up = true;
    stage_handle(&run->stage, event);
}

// The strap says that it is worn on the chest, where beats are beats.
static void virtual_wear(VirtualRun *run)
{
    Event event = {.kind = EVENT_NOTIFY};
    event.notify.sensor = STRAP;
    event.notify.characteristic = CHARACTERISTIC_BODY_LOCATION;
    event.notify.length = 1;
    event.notify.bytes[0] = BODY_LOCATION_CHEST;
    stage_handle(&run->stage, event);
}

static void virtual_notify(VirtualRun *run, SensorId sensor)
{
    Event event = {.kind = EVENT_NOTIFY};
    uint8_t *bytes = event.notify.bytes;
    runner_advance(&run->runner, usec_to_s(run->stage.now - run->runner_at));
    run->runner_at = run->stage.now;
    event.notify.sensor = sensor;
    event.notify.characteristic =
        sensor == STRAP ? CHARACTERISTIC_HRS_MEASUREMENT : CHARACTERISTIC_RSCS_MEASUREMENT;
    event.notify.length =
        (uint8_t)(sensor == STRAP
                      ? worn_strap_packet(&run->strap, &run->runner, bytes, NOTIFY_BYTES_MAX)
                      : worn_pod_packet(&run->pod, &run->runner, bytes, NOTIFY_BYTES_MAX));
    if (event.notify.length > 0)
        stage_handle(&run->stage, event);
}

static void virtual_command(VirtualRun *run, CommandVerb verb, const char *text, size_t length)
{
    Event event = {.kind = EVENT_COMMAND};
    event.command.verb = verb;
    event.command.text = text;
    event.command.length = length;
    stage_handle(&run->stage, event);
}

// The world's part: the next packet or press of a button, up to `until`. False when `until` has
// come.
static bool virtual_next(VirtualRun *run, Usec until)
{
    Usec next = run->strap_at < run->pod_at ? run->strap_at : run->pod_at;
    if (run->lap_at < next)
        next = run->lap_at;
    if (next > until)
        next = until;
    if (stage_step(&run->stage, next))
        return true;
    if (next == until)
        return false;
    if (next == run->strap_at) {
        run->strap_at += PACKET_GAP;
        virtual_notify(run, STRAP);
    } else if (next == run->pod_at) {
        run->pod_at += PACKET_GAP;
        virtual_notify(run, POD);
    } else {
        run->lap_at = USEC_NEVER;
        virtual_command(run, COMMAND_LAP, NULL, 0);
    }
    return true;
}

bool virtual_run(const char *text, size_t length, const VirtualOptions *options,
                 VirtualObserver observe, void *data, TextError *ret_error)
{
    SessionConfig config = SESSION_CONFIG_DEFAULT;
    config.phrases = options->phrases;
    config.drift_band = options->drift_band;
    config.words_a_minute = options->words_a_minute;
    VirtualRun run = {
        .strap_at = ORIGIN - WARM_UP,
        .pod_at = ORIGIN - WARM_UP + POD_PHASE,
        .runner_at = ORIGIN - WARM_UP,
        .lap_at = USEC_NEVER,
        .end_at = ORIGIN + LONGEST,
        .observe = observe,
        .data = data,
    };
    stage_init(&run.stage, &config, ORIGIN - WARM_UP, virtual_obey, &run);
    runner_init(&run.runner, options->traits ? options->traits : &RUNNER_DEFAULT, options->seed);
    worn_init(&run.strap, options->seed + 1, 1.0);
    worn_init(&run.pod, options->seed + 2, options->pod_scale);
    virtual_link(&run, STRAP);
    virtual_wear(&run);
    virtual_link(&run, POD);
    while (virtual_next(&run, ORIGIN))
        ;
    virtual_command(&run, COMMAND_START, text, length);
    bool started = session_snapshot(run.stage.session)->state != STATE_IDLE;
    if (!started)
        *ret_error = run.refusal;
    while (started && virtual_next(&run, run.end_at))
        ;
    stage_clear(&run.stage);
    return started;
}
