// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The core as one module: it lets the estimator hear the sensors, the engine walk the plan and the
// coach choose its words, and turns what they say into effects.
//
// What was hard: one late event (a machine that slept, a burst after a stall) can make more happen
// than one array holds. Every call therefore drains as long as there is room and leaves the rest
// where it is: in the engine, which gives out one event at a time, and in the coach.
// session_deadline() then asks to be called again at once.

#include "coach/words.h"
#include "session/session-inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const SessionConfig SESSION_CONFIG_DEFAULT = {
    .phrases = NULL,
    .drift_band = DRIFT_BAND_DEFAULT,
    .words_a_minute = WORDS_A_MINUTE_DEFAULT,
    .adapt = true,
    .verbosity = VERBOSITY_NORMAL,
};

// A tick is wanted once a second, on the second since the first event, so that it falls together
// for all that watch.
#define TICK_EVERY USEC_PER_SEC

// Runners change their pace as they near the line, not on it.
#define CHANGE_AHEAD (1500 * USEC_PER_MSEC)

// From the heart's being low enough to the end of its rest: long enough for "in ten: …".
#define HEART_NOTICE (15 * USEC_PER_SEC)

// What must stay free when the engine or the coach is asked for more: a round of either makes two
// effects, a command (stop: STEP, RECORD, DONE, STATE, ANSWER) five, and the tick one.
#define EFFECTS_RESERVE 8

// ── effects ──

bool session_has_room(const Effects *effects)
{
    return effects->count + EFFECTS_RESERVE <= EFFECTS_MAX;
}

// The contract promises the same bytes for the same events, so no byte of an effect may be left to
// chance: it is zeroed, and what is then copied into it whole has no padding or was zeroed as well.
_Static_assert(sizeof(Lap) == 4 * 4 + 8 * 8 + sizeof(Aim), "a lap has padding");
_Static_assert(sizeof(Adaptation) == 2 * 4 + 16 + 3 * 8, "an adaptation has padding");
_Static_assert(sizeof(Step) == 4 * 4 + 3 * 8, "a step has padding");
_Static_assert(sizeof(Aim) == 2 * 4 + 4 * 8, "an aim has padding");
_Static_assert(sizeof(PlanStep) == sizeof(Step) + sizeof(Aim) + 2 * 8, "a plan's step has padding");

Effect *effect_add(Effects *effects, EffectKind kind, Usec at)
{
    assert(effects->count < EFFECTS_MAX);
    Effect *effect = &effects->items[effects->count++];
    memset(effect, 0, sizeof *effect);
    effect->kind = kind;
    effect->at = at;
    return effect;
}

// ── averages ──

// As the snapshot shows it, which is of the latest turn.
static AdaptingView session_adapting_view(const Session *session)
{
    const Snapshot *snapshot = &session->snapshot;
    return (AdaptingView){
        .speed = snapshot->speed,
        .cadence = snapshot->cadence,
        .step_length = snapshot->step_length,
        .heart_rate = snapshot->heart_rate,
        .d_prime_fraction = snapshot->effort.d_prime_balance.value / session->model.d_prime.value,
    };
}

// Adds the span since the last sample at the values it began with: what came in at its end belongs
// to the next one.
static void session_sample(Session *session)
{
    double seconds = usec_to_s(session->now - session->sampled_at);
    session->sampled_at = session->now;
    if (!session->active || session->engine.paused || seconds <= 0)
        return;
    const Snapshot *snapshot = &session->snapshot;
    averages_add(&session->lap, seconds, &snapshot->heart_rate, &snapshot->cadence,
                 &snapshot->speed);
    averages_add(&session->run, seconds, &snapshot->heart_rate, &snapshot->cadence,
                 &snapshot->speed);
    trials_sample(&session->trials, seconds, &snapshot->speed);
    if (adapting_attends(&session->adapting)) {
        const AdaptingView view = session_adapting_view(session);
        adapting_sample(&session->adapting, session->now, seconds, &view, &session->engine);
    }
    load_add(&session->load, &session->model, session->athlete.sex, seconds,
             snapshot->heart_rate.value, snapshot->flat_speed.value);
}

// ── views ──

bool session_runs(const Session *session)
{
    return session->active && !session->engine.paused;
}

// With what the snapshot shows, or will show.
static CoachView session_view_of(const Session *session, const Snapshot *shown)
{
    return (CoachView){
        .at = session->now,
        .running = session_runs(session),
        .plan = session->active ? &session->plan : NULL,
        .engine = session->active ? &session->engine : NULL,
        .boundary =
            session->active ? engine_boundary(&session->engine, shown->speed.value) : USEC_NEVER,
        .speed = shown->speed,
        .heart_rate = shown->heart_rate,
        // Who hears the metronome needs no words on his feet, and no other number.
        .cadence =
            session->rhythm.clicks > 0 || session->rhythm.leads ? ESTIMATE_UNKNOWN : shown->cadence,
        .power = shown->power,
        .form_drift = shown->form_drift,
        .sensors = session->estimator.sensors,
        .profiles = session->estimator.profiles,
        .snapped_m = session->snapped_m,
        .rivals = &session->estimator.pace.rivals,
        .conditions = session->conditions,
    };
}

CoachView session_view(const Session *session)
{
    const Estimator *estimator = &session->estimator;
    const Snapshot shown = {
        .speed = estimator_speed(estimator),
        .heart_rate = estimator_heart_rate(estimator),
        .cadence = estimator_cadence(estimator),
        .power = estimator_power(estimator),
        .form_drift = estimator_form_drift(estimator),
    };
    return session_view_of(session, &shown);
}

static SessionState session_state(const Session *session)
{
    if (!session->active)
        return STATE_IDLE;
    return session->engine.paused ? STATE_PAUSED : STATE_RUNNING;
}

// m/s that the plan wants in a step; NAN when it wants none, and after the last.
static double session_aim(const Session *session, size_t step)
{
    return step < session->plan.step_count ? aim_speed(&session->plan.steps[step].aim) : NAN;
}

// Of the run, without pauses; NAN where nothing measured it.
static double session_way(const Session *session)
{
    return averages_way(&session->run, session->engine.active, session->engine.active_m);
}

// Made anew each time, so that nothing of a run that is over is left in it.
static void session_refresh(Session *session)
{
    Snapshot *snapshot = &session->snapshot;
    *snapshot = (Snapshot){
        .at = session->now,
        .state = session_state(session),
        .step_remaining = NAN,
        .target_speed_mps = NAN,
        .clamped = session->clamped,
        .silence = session->silence,
        .metronome = session->rhythm.metronome,
        .clicks = session->rhythm.clicks,
        .pacer_m = session->rhythm.pacer_m,
    };
    snapshot_take_estimates(snapshot, &session->estimator);
    snapshot_take_load(snapshot, session->active ? &session->load : NULL, &session->model);
    if (!session->active)
        return;
    snapshot_take_engine(snapshot, &session->plan, &session->engine);
    snapshot->distance_m = session_way(session);
}

// ── a session ──

Session *session_new(const SessionConfig *config)
{
    Session *session = calloc(1, sizeof *session);
    assert(session);
    session->config = *config;
    phrases_init_english(&session->english);
    coach_init(&session->coach,
               &(CoachConfig){
                   .phrases = config->phrases ? config->phrases : &session->english,
                   .band = config->drift_band,
                   .words_a_minute = config->words_a_minute,
                   .verbosity = config->verbosity,
                   .silent = config->silent,
               });
    estimator_init(&session->estimator);
    session->athlete = athlete_unknown();
    session->model = athlete_model(&session->athlete);
    session->next_tick = USEC_NEVER;
    marks_init(&session->marks);
    session_refresh(session);
    return session;
}

void session_free(Session *session)
{
    free(session);
}

// ── the plan ──

void session_finish(Session *session, Usec at, bool completed, Effects *effects)
{
    const Engine *engine = &session->engine;
    double heart_rate = averages_heart_rate(&session->run);
    CoachView view = session_view(session);
    coach_finished(&session->coach, &view, engine->active_m, engine->active, heart_rate, completed);
    session->active = false;
    marks_end(&session->marks, session->now, engine->active_m);
    estimator_set_repetition(&session->estimator, session->now, 0);
    session_refresh(session);
    RunSummary *summary = &effect_add(effects, EFFECT_DONE, at)->summary;
    summary->duration_s = usec_to_s(engine->active);
    summary->elapsed_s = usec_to_s(at - engine->started);
    summary->distance_m = session_way(session);
    summary->corrected_m =
        marks_corrected(&session->marks, &session->estimator.pace, engine->active_m);
    summary->heart_rate = heart_rate;
    load_summarise(&session->load, &session->model, &summary->load);
    summary->laps = session->laps;
    summary->adaptations = session->adapting.changes;
    summary->completed = completed;
    const SessionOutcome outcome = adapt_outcome(&session->adapting.rules, 0);
    // By feel or by heart, what was left out might have been what was too hard.
    summary->outcome.clean = outcome.clean && (completed || !isnan(outcome.faster));
    summary->outcome.faster = outcome.faster;
    summary->outcome.stopped = outcome.stopped;
    summary->trial_count = session->trials.count;
    memcpy(summary->trials, session->trials.found, sizeof summary->trials);
    effect_add(effects, EFFECT_STATE, at);
}

void session_tell_adaptation(Session *session, const Adaptation *adaptation, Effects *effects)
{
    const CoachView view = session_view(session);
    coach_adapted(&session->coach, &view, adaptation);
    memcpy(&effect_add(effects, EFFECT_ADAPTED, session->now)->adaptation, adaptation,
           sizeof *adaptation);
    session->dirty = true;
}

void session_take_engine_event(Session *session, EngineEvent *event, Effects *effects)
{
    switch (event->kind) {
    case ENGINE_STEP_STARTED: {
        // A change of target is a change of speed to come; at the very start the runner may as well
        // stand.
        estimator_expect_change(&session->estimator, event->at, session_aim(session, event->step));
        const PlanStep *planned = &session->plan.steps[event->step];
        estimator_set_repetition(&session->estimator, session->now,
                                 planned->step.kind == STEP_WORK ? planned->repetition : 0);
        session->change_expected = false;
        CoachView view = session_view(session);
        coach_step_started(&session->coach, &view);
        rhythm_step_started(session);
        adapting_step_started(&session->adapting, &session->plan, event->step);
        Effect *step = effect_add(effects, EFFECT_STEP, event->at);
        step->step.index = (uint16_t)event->step;
        step->step.plan = session->plan.steps[event->step];
        step->step.plan.step = session->engine.now;
        break;
    }
    case ENGINE_STEP_ENDED: {
        averages_end_lap(&session->lap, &event->lap);
        trials_lap(&session->trials, &event->lap, session->estimator.pace.scale.compared);
        session->laps++;
        CoachView view = session_view(session);
        coach_lap(&session->coach, &view, &event->lap);
        effect_add(effects, EFFECT_RECORD, event->at)->lap = event->lap;
        const AdaptingView measured = session_adapting_view(session);
        Adaptation adaptation;
        if (adapting_step_ended(&session->adapting, &session->plan, &session->engine, &event->lap,
                                &measured, &adaptation))
            session_tell_adaptation(session, &adaptation, effects);
        break;
    }
    case ENGINE_FINISHED:
        session_finish(session, event->at, true, effects);
        break;
    }
    session->dirty = true;
}

// ── one turn ──

// A rest that waits for the heart ends when it is low enough, with time to be told what comes: at
// its least when it was low before. What is not known well ends nothing.
static void session_wait_for_heart(Session *session)
{
    const Step *step = &session->engine.now;
    if (!session_runs(session) || step->measure != MEASURE_HEART)
        return;
    const Estimate heart = estimator_heart_rate(&session->estimator);
    const Usec until_least = step->least - session->engine.step_active;
    if (until_least <= HEART_NOTICE && coach_trusts(&heart) && heart.value < step->heart_below)
        engine_shorten(&session->engine, usec_later(until_least, HEART_NOTICE));
}

// Looks at a rest that is about to end.
static void session_adapt(Session *session, Effects *effects)
{
    if (!session->active || !adapting_attends(&session->adapting))
        return;
    const AdaptingView view = session_adapting_view(session);
    const Usec boundary =
        engine_boundary(&session->engine, estimator_speed(&session->estimator).value);
    Adaptation adaptation;
    if (adapting_look(&session->adapting, session->now, boundary, &session->plan, &session->engine,
                      &view, &adaptation))
        session_tell_adaptation(session, &adaptation, effects);
}

// Lets the engine catch up with the present, one event at a time while there is room.
static void session_advance(Session *session, Effects *effects)
{
    estimator_advance(&session->estimator, session->now);
    session_sample(session);
    marks_follow(&session->marks, &session->estimator.pace, session->now, session->engine.active_m);
    session_wait_for_heart(session);
    double distance = estimator_distance(&session->estimator);
    EngineEvent event;
    while (session->active) {
        if (!session_has_room(effects)) {
            session->more = true;
            return;
        }
        if (!engine_advance(&session->engine, session->now, distance, &event))
            break;
        session_take_engine_event(session, &event, effects);
    }
    session_adapt(session, effects);
}

// When the step will end, as far as it can be foreseen and is not known already: the runner will
// change the pace. USEC_NEVER else.
static Usec session_change(const Session *session)
{
    if (!session_runs(session) || session->change_expected)
        return USEC_NEVER;
    return engine_boundary(&session->engine, estimator_speed(&session->estimator).value);
}

// When to tell the estimator of it.
static Usec session_change_at(const Session *session)
{
    const Usec change = session_change(session);
    return change == USEC_NEVER ? USEC_NEVER : change - CHANGE_AHEAD;
}

static void session_look_ahead(Session *session)
{
    if (session_change_at(session) > session->now)
        return;
    estimator_expect_change(&session->estimator, session_change(session),
                            session_aim(session, session->engine.step + 1));
    session->change_expected = true;
}

static void session_know(Session *session, const Athlete *athlete)
{
    char why[WHY_MAX];
    if (!athlete_check(athlete, why))
        return;
    session->athlete = athlete_recorded(athlete);
    session->model = athlete_model(&session->athlete);
    estimator_know(&session->estimator, session->now, &session->model);
}

static void session_take(Session *session, const Event *event, Effects *effects)
{
    switch (event->kind) {
    case EVENT_NOTIFY:
        estimator_notify(&session->estimator, session->now, event->notify.sensor,
                         event->notify.characteristic, event->notify.bytes, event->notify.length);
        break;
    case EVENT_LINK:
        estimator_link(&session->estimator, session->now, event->link.sensor, event->link.up);
        session->dirty = true;
        break;
    case EVENT_COMMAND:
        session_command(session, event, effects);
        break;
    case EVENT_VOICE:
        switch (event->voice.kind) {
        case VOICE_STARTED:
            coach_voice_started(&session->coach, session->now, event->voice.cue);
            break;
        case VOICE_DONE:
            coach_voice_done(&session->coach, session->now, event->voice.cue);
            break;
        case VOICE_LATENCY:
            coach_voice_latency(&session->coach, event->voice.latency);
            break;
        }
        break;
    case EVENT_SENSOR:
        estimator_describe(&session->estimator, session->now, event->sensor.sensor,
                           &event->sensor.profile);
        if (event->sensor.profile.services == 0)
            coach_forget_sensor(&session->coach, event->sensor.sensor);
        break;
    case EVENT_CONDITION:
        session->conditions = event->condition.set;
        break;
    case EVENT_ATHLETE:
        session_know(session, &event->athlete);
        break;
    case EVENT_TIME:
        break;
    }
}

static void session_speak(Session *session, Effects *effects)
{
    CoachView view = session_view_of(session, &session->snapshot); // of this moment
    for (;;) {
        Cue cue;
        uint32_t hush;
        if (!session_has_room(effects)) {
            session->more = true;
            return;
        }
        if (!coach_speak(&session->coach, &view, &cue, &hush))
            return;
        if (hush != 0)
            effect_add(effects, EFFECT_HUSH, session->now)->hush = hush;
        if (cue.kind == CUE_ADAPTATION)
            adapting_said(&session->adapting, session->now + cue.takes);
        const EffectKind kind = cue.form == FORM_EARCON ? EFFECT_TONE : EFFECT_SAY;
        memcpy(&effect_add(effects, kind, session->now)->cue, &cue, sizeof cue);
        if (kind == EFFECT_TONE)
            session->rhythm.toned = cue.due;
    }
}

static bool session_watched(const Session *session)
{
    if (session->active || session->dirty || session->known)
        return true;
    for (size_t i = 0; i < SENSORS_MAX; i++)
        if (session->estimator.sensors[i].linked)
            return true;
    return false;
}

// Ticks stand on a grid of whole seconds from the first thing that needed one, so that two watchers
// and the store share a wake-up; a late tick does not shift the next.
static void session_tick(Session *session, Effects *effects)
{
    const bool known = snapshot_knows(&session->snapshot);
    session->dirty |= session->known && !known; // that the last value is gone is news, too
    session->known = known;
    if (!session_watched(session)) {
        session->next_tick = USEC_NEVER;
        return;
    }
    if (session->next_tick == USEC_NEVER) {
        session->next_tick = session->now + TICK_EVERY;
        return;
    }
    if (session->now < session->next_tick)
        return;
    const CoachView view = session_view_of(session, &session->snapshot);
    session->silence = session->snapshot.silence = coach_silence(&session->coach, &view);
    effect_add(effects, EFFECT_TICK, session->now);
    session->dirty = false;
    session->next_tick += (1 + (session->now - session->next_tick) / TICK_EVERY) * TICK_EVERY;
}

void session_handle(Session *session, const Event *event, Effects *ret_effects)
{
    ret_effects->count = 0;
    session->more = false;
    if (event->at < session->now)
        session->clamped++;
    else
        session->now = event->at;
    session_advance(session, ret_effects);
    session_look_ahead(session);
    session_take(session, event, ret_effects);
    // What the event began (a first step, the step after a lap) begins in this turn, not in the
    // next.
    session_advance(session, ret_effects);
    session_refresh(session);
    session_speak(session, ret_effects);
    rhythm_turn(session, session->now >= session->next_tick, ret_effects);
    session_tick(session, ret_effects);
}

// A distance boundary is a prediction: asking again sooner than this would chase it in ever smaller
// steps.
#define BOUNDARY_STEP (20 * USEC_PER_MSEC)

static Usec session_boundary_at(const Session *session, Usec boundary)
{
    if (boundary == USEC_NEVER || session->engine.now.measure != MEASURE_DISTANCE)
        return boundary;
    return usec_later(boundary, session->now + BOUNDARY_STEP);
}

static Usec expires_at(const Estimate *estimate, Usec now)
{
    return estimate_known(estimate) ? now + STALE_LIMIT - estimate->age + 1 : USEC_NEVER;
}

Usec session_deadline(const Session *session)
{
    if (session->more)
        return session->now;
    Usec deadline = usec_earlier(session->next_tick, coach_deadline(&session->coach));
    if (!session_runs(session))
        return deadline;
    const Estimate speed = estimator_speed(&session->estimator);
    const Estimate heart_rate = estimator_heart_rate(&session->estimator);
    const Estimate cadence = estimator_cadence(&session->estimator);
    const Usec boundary = engine_boundary(&session->engine, speed.value);
    deadline = usec_earlier(deadline, session_boundary_at(session, boundary));
    deadline = usec_earlier(deadline, usec_later(session_change_at(session), session->now));
    deadline = usec_earlier(deadline, rhythm_deadline(session));
    const Usec look =
        adapting_deadline(&session->adapting, boundary, &session->plan, &session->engine);
    deadline = usec_earlier(deadline, usec_later(look, session->now + BOUNDARY_STEP));
    // For how long nothing was known is told of a lap, so it has to be known when that begins.
    deadline = usec_earlier(deadline, expires_at(&heart_rate, session->now));
    deadline = usec_earlier(deadline, expires_at(&speed, session->now));
    return usec_earlier(deadline, expires_at(&cadence, session->now));
}

const Snapshot *session_snapshot(const Session *session)
{
    return &session->snapshot;
}

const char *session_coming(const Session *session)
{
    return session_runs(session) ? coach_coming(&session->coach) : NULL;
}

const Athlete *session_athlete(const Session *session)
{
    return &session->athlete;
}

const AthleteModel *session_athlete_model(const Session *session)
{
    return &session->model;
}

SensorKnown session_known(const Session *session, SensorId sensor)
{
    return estimator_known(&session->estimator, sensor);
}

bool session_asks(const Session *session)
{
    return adapting_is_known(&session->adapting, session->now);
}

double session_week(const Session *session)
{
    return session->week;
}

double session_track(const Session *session)
{
    return session->track;
}
