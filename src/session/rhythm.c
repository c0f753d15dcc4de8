// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a run sounds like beside its words: the metronome and the pacer (coach/turnover.h, pacer.h).
// Here is what is wanted of them, and by whom: a command of this run, else the step's text, else
// the settings.

#include "session/session-inside.h"
#include "workout/aids.h"

#define APART (600 * USEC_PER_MSEC) // of a tick and another tone, or they are heard as one

static bool is_stride(const Session *session)
{
    return session->plan.steps[session->engine.step].stride;
}

// What is wanted in the step that is run.
static void settle_metronome(Session *session)
{
    Rhythm *rhythm = &session->rhythm;
    const unsigned written = aids_metronome(&session->plan, session->engine.step);
    rhythm->metronome = rhythm->metronome_said     ? rhythm->metronome_told
                        : written != METRONOME_OFF ? written
                                                   : session->config.metronome;
    rhythm->metronome_here = rhythm->metronome_said || written != METRONOME_OFF;
    rhythm->leads = rhythm->metronome != METRONOME_OFF &&
                    session->plan.steps[session->engine.step].aim.quantity == AIM_CADENCE;
    turnover_step(&rhythm->turnover, session->now);
}

static void settle_pacer(Session *session)
{
    Rhythm *rhythm = &session->rhythm;
    const unsigned written = aids_pacer(&session->plan, session->engine.step);
    const bool untold = is_stride(session) || session->config.silent & 1u << CUE_PACER;
    rhythm->pacer_m = rhythm->pacer_said ? rhythm->pacer_told
                      : written != 0     ? written
                                         : session->config.pacer_m;
    pacer_begin(&rhythm->pacer, &session->engine, untold ? 0 : rhythm->pacer_m,
                session->coach.latency);
}

void rhythm_begin(Session *session)
{
    Rhythm *rhythm = &session->rhythm;
    rhythm->metronome_said = rhythm->pacer_said = false;
    rhythm->toned = -APART;
    turnover_init(&rhythm->turnover);
}

void rhythm_step_started(Session *session)
{
    settle_metronome(session);
    settle_pacer(session);
}

AnswerReason rhythm_command(Session *session, CommandVerb verb, double number)
{
    Rhythm *rhythm = &session->rhythm;
    if (!(verb == COMMAND_METRONOME ? aids_metronome_valid : aids_pacer_valid)(number))
        return REASON_BAD_AID;
    if (verb == COMMAND_METRONOME) {
        rhythm->metronome_said = true;
        rhythm->metronome_told = (unsigned)number;
        settle_metronome(session);
    } else {
        rhythm->pacer_said = true;
        rhythm->pacer_told = (unsigned)number;
        settle_pacer(session);
    }
    return REASON_OK;
}

// ── the metronome ──

// A number that was asked for in this place, the step's own cadence, one of the settings, or what
// this runner takes at this speed.
static void set_target(const Session *session, TurnoverView *view)
{
    const Aim *aim = &session->plan.steps[session->engine.step].aim;
    const unsigned metronome = session->rhythm.metronome;
    view->target = view->low = view->high = NAN;
    if (metronome > METRONOME_OWN &&
        (session->rhythm.metronome_here || aim->quantity != AIM_CADENCE)) {
        view->target = metronome;
    } else if (aim->quantity == AIM_CADENCE) {
        view->target = aim->value;
        view->low = aim->ranged ? aim->low : NAN;
        view->high = aim->ranged ? aim->high : NAN;
    } else if (coach_trusts(&session->snapshot.speed)) {
        view->target =
            gait_cadence(&session->estimator.learnt.gait, session->snapshot.speed.value, NULL);
        view->only_more = true;
    }
}

static void look_at_turnover(Session *session)
{
    const Snapshot *shown = &session->snapshot;
    TurnoverView view = {
        .at = session->now,
        .wanted = true,
        .boundary = engine_boundary(&session->engine, shown->speed.value),
        .cadence = coach_trusts(&shown->cadence) ? shown->cadence : ESTIMATE_UNKNOWN,
    };
    set_target(session, &view);
    turnover_look(&session->rhythm.turnover, &view);
}

// The least that the step asks for, which the voice has told.
static double asked_for(const Session *session)
{
    const Aim *aim = &session->plan.steps[session->engine.step].aim;
    if (!session->rhythm.leads)
        return NAN;
    return aim->ranged && !isnan(aim->low) ? aim->low : aim->value;
}

static void turn_metronome(Session *session, bool tick, Effects *effects)
{
    Rhythm *rhythm = &session->rhythm;
    const bool wanted = session_runs(session) && session->engine.now.kind == STEP_WORK &&
                        !is_stride(session) && rhythm->metronome != METRONOME_OFF;
    if (!wanted)
        turnover_hush(&rhythm->turnover, session->now);
    else if (tick)
        look_at_turnover(session);
    session->snapshot.clicks = rhythm->turnover.clicks;
    if (rhythm->turnover.clicks == rhythm->clicks)
        return;
    rhythm->clicks = rhythm->turnover.clicks;
    if (rhythm->clicks > 0 && rhythm->clicks < floor(asked_for(session)))
        coach_clicks(&session->coach, session->now, rhythm->clicks);
    effect_add(effects, EFFECT_METRONOME, session->now)->clicks = rhythm->clicks;
}

// ── the pacer ──

// Whether a tick may be heard then: where the place is known, and away from other tones. It is no
// number, so that what the first seconds of a run were known by is good enough.
static bool may_tick(const Session *session, Usec due)
{
    const Estimate *speed = &session->snapshot.speed;
    const Engine *engine = &session->engine;
    const Usec boundary = engine_boundary(engine, speed->value);
    return due >= session->now + session->coach.latency && coach_trusts(speed) &&
           sight_whole(&session->coach.step_seen, engine->step_active) &&
           (boundary == USEC_NEVER || due < boundary - APPROACH_CLEAR) &&
           due >= session->rhythm.toned + APART;
}

static void tick_pacer(Session *session, Usec due, Effects *effects)
{
    Pacer *pacer = &session->rhythm.pacer;
    const Tone tone = pacer_place(pacer, &session->engine, session->snapshot.speed.value);
    Cue *cue = &effect_add(effects, EFFECT_TONE, session->now)->cue;
    cue->id = ++session->coach.last_id;
    cue->kind = CUE_PACER;
    cue->priority = PRIORITY_ENCOURAGEMENT;
    cue->why = tone == pacer->told ? CUE_WHY_PACED : CUE_WHY_PLACE_CHANGED;
    cue->form = FORM_EARCON;
    cue->tone = pacer->told = tone;
    cue->due = due;
    cue->expires = due + APPROACH_WORD_LATE;
}

static void turn_pacer(Session *session, Effects *effects)
{
    Pacer *pacer = &session->rhythm.pacer;
    while (pacer_deadline(pacer, &session->engine, session->coach.latency) <= session->now) {
        const Usec due = pacer_due(pacer, &session->engine);
        if (may_tick(session, due))
            tick_pacer(session, due, effects);
        pacer_next(pacer, &session->engine);
    }
}

void rhythm_turn(Session *session, bool tick, Effects *effects)
{
    // Of a step that has not been told of yet nothing is known here; the call that tells of it
    // comes at once.
    if (session->more || !session_has_room(effects) || session->engine.announce)
        return;
    const Rhythm *rhythm = &session->rhythm;
    if (rhythm->clicks > 0 || (tick && session->active && rhythm->metronome != METRONOME_OFF))
        turn_metronome(session, tick, effects);
    turn_pacer(session, effects);
}

Usec rhythm_deadline(const Session *session)
{
    return pacer_deadline(&session->rhythm.pacer, &session->engine, session->coach.latency);
}
