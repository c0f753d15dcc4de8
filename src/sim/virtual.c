// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A whole workout in virtual time; see virtual.h.

#include "sim/virtual.h"

#include "coach/words.h"
#include "codec/location.h"

VirtualOptions virtual_default(void)
{
    return (VirtualOptions){.seed = 1, .pod_scale = 1.0, .session = SESSION_CONFIG_DEFAULT};
}

enum {
    STRAP,
    POD
};

// The sensors have been on for a while before anybody says "start", as they would be.
#define WARM_UP         (12 * USEC_PER_SEC)
#define PACKET_GAP      USEC_PER_SEC
#define POD_PHASE       (400 * USEC_PER_MSEC) // the two do not send together
#define OPEN_STEP       (60 * USEC_PER_SEC)   // then the lap button
#define REST_SPEED      2.0                   // m/s: an easy jog between repetitions
#define AFTERWARDS      (15 * USEC_PER_SEC)   // for the last words
#define LONGEST         (VIRTUAL_HOURS_MAX * 3600 * USEC_PER_SEC)
#define ORIGIN          (1000 * USEC_PER_SEC) // the start; an instant like any other
#define CORRECTED       0.015 // the runner who is told something and is this near the target leaves it
#define WALK_SPEED      1.4
#define SECOND_THOUGHT  (2 * USEC_PER_SEC) // until an answer to what the coach has said
#define TROUBLE_LEAST_S 2.0
#define TROUBLE_MOST_S  45.0
#define CATCHES_BREATH  (5 * USEC_PER_SEC) // after a repetition, until it is told how it felt

// By feel: what a point of effort adds to the easy pace, which is one of 2.5.
#define EASY_EFFORT      2.5
#define FASTER_PER_POINT 0.09
#define ALL_OUT_EFFORT   9.0

// What the heart is trusted with: of the reserve at threshold, and above the resting rate where one
// stands ready to run.
#define RESERVE_AT_THRESHOLD 0.85
#define READY_BPM            20

// Buttons, and when each is pressed next; USEC_NEVER.
typedef enum {
    PRESS_LAP, // in an open step
    PRESS_RATE,
    PRESS_VETO,
    PRESS_ACCEPT,
    PRESSES,
} Press;

typedef struct {
    const VirtualOptions *options;
    Stage stage;
    Runner runner;
    WornSensor strap, pod;
    bool linked[2];
    Usec strap_at, pod_at, runner_at, trouble_at;
    Random luck;
    Usec press_at[PRESSES];
    bool rates;            // how a repetition felt
    Adaptation adaptation; // that is being said
    Usec end_at;
    AnswerReason reason; // of the start
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

static double speed_of_effort(const RunnerTraits *traits, double effort)
{
    return traits->easy_speed_mps * (1 + FASTER_PER_POINT * (effort - EASY_EFFORT));
}

// What a runner makes of a step; NAN: as easily as it likes.
static double virtual_speed(const RunnerTraits *traits, const PlanStep *step)
{
    const Aim *aim = &step->aim;
    if (step->step.kind == STEP_REST)
        return step->step.manner == MANNER_WALK ? WALK_SPEED : REST_SPEED;
    switch (aim->quantity) {
    case AIM_SPEED:
        return aim->value;
    case AIM_HEART:
        return fmax((aim->value - traits->rest_bpm) / traits->bpm_per_mps, WALK_SPEED);
    case AIM_EFFORT:
        return speed_of_effort(traits, aim->value);
    case AIM_MAXIMAL:
        return speed_of_effort(traits, ALL_OUT_EFFORT);
    case AIM_NONE:
    case AIM_CADENCE:
    case AIM_POWER:
        return NAN;
    }
    return NAN;
}

// What the runner does about what is being said.
static void virtual_answer(VirtualRun *run, const Cue *cue)
{
    const Adaptation *said = &run->adaptation;
    const Usec at =
        run->stage.now + speech_duration(cue->text, run->stage.words_a_minute) + SECOND_THOUGHT;
    if (said->on_offer && run->options->accept)
        run->press_at[PRESS_ACCEPT] = at;
    else if (said->decision >= ADAPT_ADD && !said->on_offer && run->options->veto)
        run->press_at[PRESS_VETO] = at;
    run->adaptation = (Adaptation){0};
}

static void virtual_hear(VirtualRun *run, const Cue *cue, const Snapshot *snapshot)
{
    if (cue->kind == CUE_DRIFT)
        virtual_heed(run, snapshot->target_speed_mps);
    else if (cue->kind == CUE_ADAPTATION)
        virtual_answer(run, cue);
}

static void virtual_obey(const Effect *effect, const Snapshot *snapshot, void *data)
{
    VirtualRun *run = data;
    if (run->observe)
        run->observe(usec_to_s(effect->at - ORIGIN), effect, snapshot, run->data);
    switch (effect->kind) {
    case EFFECT_SAY:
    case EFFECT_TONE:
        virtual_hear(run, &effect->cue, snapshot);
        break;
    case EFFECT_STEP: {
        const PlanStep *step = &effect->step.plan;
        runner_aim(&run->runner, virtual_speed(&run->runner.traits, step));
        run->press_at[PRESS_LAP] =
            step->step.measure == MEASURE_OPEN ? run->stage.now + OPEN_STEP : USEC_NEVER;
        break;
    }
    case EFFECT_RECORD:
        if (run->rates && snapshot->plan && plan_is_repetition(snapshot->plan, effect->lap.step))
            run->press_at[PRESS_RATE] = run->stage.now + CATCHES_BREATH;
        break;
    case EFFECT_DONE:
        run->end_at = run->stage.now + AFTERWARDS;
        for (Press press = 0; press < PRESSES; press++)
            run->press_at[press] = USEC_NEVER;
        runner_aim(&run->runner, 0);
        break;
    case EFFECT_TICK:
        if (snapshot->target_speed_mps > 0)
            runner_follow(&run->runner, snapshot->target_speed_mps);
        break;
    case EFFECT_METRONOME:
        runner_hear(&run->runner, effect->clicks);
        break;
    case EFFECT_ADAPTED:
        run->adaptation = effect->adaptation;
        if (effect->adaptation.taken_back)
            run->adaptation.decision = ADAPT_NOTHING;
        break;
    case EFFECT_ANSWER:
        if (command_starts(effect->answer.verb)) {
            run->reason = effect->answer.reason;
            run->refusal = effect->answer.error;
        }
        break;
    case EFFECT_CORRECTED:
    case EFFECT_PROPOSAL:
    case EFFECT_HUSH:
    case EFFECT_STATE:
        break;
    }
}

static void virtual_link(VirtualRun *run, SensorId sensor, bool up)
{
    Event event = {.kind = EVENT_LINK};
    event.link.sensor = sensor;
    event.link.up = run->linked[sensor] = up;
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
    WornSensor *worn = sensor == STRAP ? &run->strap : &run->pod;
    runner_advance(&run->runner, usec_to_s(run->stage.now - run->runner_at));
    run->runner_at = run->stage.now;
    event.notify.sensor = sensor;
    event.notify.characteristic =
        sensor == STRAP ? CHARACTERISTIC_HRS_MEASUREMENT : CHARACTERISTIC_RSCS_MEASUREMENT;
    event.notify.length =
        (uint8_t)(sensor == STRAP ? worn_strap_packet(worn, &run->runner, bytes, NOTIFY_BYTES_MAX)
                                  : worn_pod_packet(worn, &run->runner, bytes, NOTIFY_BYTES_MAX));
    if (worn_linked(worn) != run->linked[sensor])
        virtual_link(run, sensor, !run->linked[sensor]);
    if (sensor == POD && run->options->pod_spikes && worn->kind == MISBEHAVE_NONE)
        worn_misbehave(worn, MISBEHAVE_SPIKES, INFINITY);
    if (event.notify.length > 0)
        stage_handle(&run->stage, event);
    if (sensor != POD || !run->options->power || event.notify.length == 0)
        return;
    event.notify.characteristic = CHARACTERISTIC_CPS_MEASUREMENT;
    event.notify.length = (uint8_t)worn_power_packet(worn, &run->runner, bytes, NOTIFY_BYTES_MAX);
    if (event.notify.length > 0)
        stage_handle(&run->stage, event);
}

static Usec virtual_next_trouble(VirtualRun *run)
{
    if (!(run->options->troubles > 0))
        return USEC_NEVER;
    return run->stage.now +
           usec_from_s(-log(1 - random_uniform(&run->luck)) * 3600 / run->options->troubles);
}

static void virtual_trouble(VirtualRun *run)
{
    static const Misbehaviour kinds[] = {
        MISBEHAVE_DROP_OUT, MISBEHAVE_DROP_OUT,     MISBEHAVE_FREEZE,   MISBEHAVE_RECONNECT,
        MISBEHAVE_SPIKES,   MISBEHAVE_HALF_CADENCE, MISBEHAVE_TRUNCATE, MISBEHAVE_ZERO};
    const size_t count = sizeof kinds / sizeof *kinds;
    const Misbehaviour kind = kinds[(size_t)(random_uniform(&run->luck) * (double)count)];
    WornSensor *worn = random_uniform(&run->luck) < 0.3 ? &run->strap : &run->pod;
    worn_misbehave(worn, kind,
                   TROUBLE_LEAST_S +
                       random_uniform(&run->luck) * (TROUBLE_MOST_S - TROUBLE_LEAST_S));
    run->trouble_at = virtual_next_trouble(run);
}

static void virtual_command(VirtualRun *run, CommandVerb verb, double number)
{
    Event event = {.kind = EVENT_COMMAND};
    event.command.verb = verb;
    event.command.number = command_number(number);
    stage_handle(&run->stage, event);
}

static void virtual_start(VirtualRun *run, const char *text, size_t length)
{
    Event event = {.kind = EVENT_COMMAND};
    event.command.verb = run->options->by_effort ? COMMAND_START_BY_EFFORT : COMMAND_START;
    event.command.text = text;
    event.command.length = length;
    stage_handle(&run->stage, event);
}

// From 5, which is what repetitions are, to 10 when spent; in halves, as people say it.
static double virtual_feeling(const Runner *runner)
{
    return 5 + round(10 * runner->fatigue) / 2;
}

static void virtual_press(VirtualRun *run, Press press)
{
    static const CommandVerb verbs[] = {
        [PRESS_LAP] = COMMAND_LAP,
        [PRESS_RATE] = COMMAND_RATE,
        [PRESS_VETO] = COMMAND_VETO,
        [PRESS_ACCEPT] = COMMAND_ACCEPT,
    };
    run->press_at[press] = USEC_NEVER;
    virtual_command(run, verbs[press], press == PRESS_RATE ? virtual_feeling(&run->runner) : 0);
}

// The world's part: the next packet or press of a button, up to `until`. False when `until` has
// come.
static bool virtual_next(VirtualRun *run, Usec until)
{
    Usec next = usec_earlier(run->strap_at, run->pod_at);
    for (Press press = 0; press < PRESSES; press++)
        next = usec_earlier(next, run->press_at[press]);
    next = usec_earlier(usec_earlier(next, run->trouble_at), until);
    if (stage_step(&run->stage, next))
        return true;
    if (next == until)
        return false;
    if (next == run->strap_at) {
        run->strap_at += PACKET_GAP;
        virtual_notify(run, STRAP);
        return true;
    }
    if (next == run->pod_at) {
        run->pod_at += PACKET_GAP;
        virtual_notify(run, POD);
        return true;
    }
    if (next == run->trouble_at) {
        virtual_trouble(run);
        return true;
    }
    Press press = 0;
    while (run->press_at[press] != next)
        press++;
    virtual_press(run, press);
    return true;
}

// Of the athlete's own, what is known.
static RunnerTraits virtual_traits(const RunnerTraits *traits, const AthleteModel *model)
{
    RunnerTraits own = *traits;
    if (!isnan(model->heart_rest))
        own.rest_bpm += model->heart_rest + READY_BPM - RUNNER_DEFAULT.rest_bpm;
    if (!isnan(model->heart_max.value))
        own.max_bpm = model->heart_max.value;
    if (!isnan(model->vdot))
        own.easy_speed_mps = model->speeds.easy;
    const double threshold =
        isnan(model->heart_threshold)
            ? own.rest_bpm + RESERVE_AT_THRESHOLD * (own.max_bpm - own.rest_bpm)
            : model->heart_threshold;
    if (!isnan(model->threshold_speed.value))
        own.bpm_per_mps = (threshold - own.rest_bpm) / model->threshold_speed.value;
    return own;
}

static void virtual_know(VirtualRun *run)
{
    const Athlete *athlete = run->options->athlete;
    const RunnerTraits *traits = run->options->traits ? run->options->traits : &RUNNER_DEFAULT;
    Event event = {.kind = EVENT_ATHLETE};
    RunnerTraits own = *traits;
    if (athlete) {
        event.athlete = athlete_recorded(athlete);
        const AthleteModel model = athlete_model(&event.athlete);
        own = virtual_traits(traits, &model);
        run->rates = model.d_prime.how != KNOWN_NOT;
        stage_handle(&run->stage, event);
    }
    runner_init(&run->runner, &own, run->options->seed);
}

AnswerReason virtual_run(const char *text, size_t length, const VirtualOptions *options,
                         VirtualObserver observe, void *data, TextError *ret_error)
{
    VirtualRun run = {
        .options = options,
        .strap_at = ORIGIN - WARM_UP,
        .pod_at = ORIGIN - WARM_UP + POD_PHASE,
        .runner_at = ORIGIN - WARM_UP,
        .trouble_at = USEC_NEVER,
        .press_at = {USEC_NEVER, USEC_NEVER, USEC_NEVER, USEC_NEVER},
        .end_at = ORIGIN + LONGEST,
        .observe = observe,
        .data = data,
    };
    stage_init(&run.stage, &options->session, ORIGIN - WARM_UP, virtual_obey, &run);
    run.stage.witness = options->witness;
    run.stage.witness_data = options->witness_data;
    virtual_know(&run);
    worn_init(&run.strap, options->seed + 1, 1.0);
    worn_init(&run.pod, options->seed + 2, options->pod_scale);
    random_seed(&run.luck, options->seed + 3);
    virtual_link(&run, STRAP, true);
    virtual_wear(&run);
    virtual_link(&run, POD, true);
    while (virtual_next(&run, ORIGIN))
        ;
    run.trouble_at = virtual_next_trouble(&run);
    virtual_start(&run, text, length);
    if (run.reason != REASON_OK)
        *ret_error = run.refusal;
    while (run.reason == REASON_OK && virtual_next(&run, run.end_at))
        ;
    if (run.reason == REASON_OK && run.end_at == ORIGIN + LONGEST) {
        virtual_command(&run, COMMAND_STOP, 0);
        while (virtual_next(&run, run.end_at))
            ;
    }
    stage_clear(&run.stage);
    return run.reason;
}
