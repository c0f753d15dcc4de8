// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What callers ask of a session: each command is obeyed or refused with a reason, at the instant it
// came.

#include "session/session-inside.h"

#include <stdio.h>

#define STANDING 0.5 // m/s; so slow, nobody is on the way

static void session_tell_correction(Session *session, Effects *effects)
{
    effect_add(effects, EFFECT_CORRECTED, session->now)->corrected_m =
        marks_corrected(&session->marks, &session->estimator.pace, session->engine.active_m);
}

// What the plan asks for, in numbers of this runner. Not OK: *ret_error says what is missing.
static AnswerReason session_resolve_plan(Session *session, bool by_effort, TextError *ret_error)
{
    Plan *plan = &session->plan;
    size_t step;
    const Resolution resolution =
        plan_resolve(plan, &session->athlete, &session->model, by_effort, &step);
    if (resolution == RESOLVED)
        return REASON_OK;
    const PlanItem *item = &plan->items[plan->steps[step].item];
    ret_error->line = item->line;
    ret_error->column = item->column;
    snprintf(ret_error->text, sizeof ret_error->text, "%s", resolution_text(resolution));
    return resolution < LACKS_SENSE ? REASON_LACKS_NUMBER : REASON_BAD_TEXT;
}

// The plan of a command that brings one. Only while none is being run: there is room for one.
static AnswerReason session_read_plan(Session *session, const Event *event, TextError *ret_error)
{
    if (session->active)
        return REASON_ALREADY_RUNNING;
    if (event->command.length == 0)
        plan_free_run(&session->plan);
    else if (!text_parse(event->command.text, event->command.length, &session->plan, NULL,
                         ret_error))
        return REASON_BAD_TEXT;
    return REASON_OK;
}

static AnswerReason session_start(Session *session, const Event *event, TextError *ret_error)
{
    AnswerReason reason = session_read_plan(session, event, ret_error);
    if (reason == REASON_OK)
        reason = session_resolve_plan(session, event->command.verb == COMMAND_START_BY_EFFORT,
                                      ret_error);
    if (reason != REASON_OK)
        return reason;
    session->active = true;
    session->broken = false;
    session->laps = 0;
    averages_reset(&session->lap);
    averages_reset(&session->run);
    load_reset(&session->load);
    trials_begin(&session->trials);
    session->proposed = PROPOSAL_NONE; // asked too long ago
    const Known *most = &session->model.heart_max;
    adapting_begin(&session->adapting, session->config.adapt,
                   most->how == KNOWN_SET ? most->value : NAN,
                   session->week > 0 ? session->week : NAN, session->track > 0);
    engine_start(&session->engine, &session->plan, session->now,
                 estimator_distance(&session->estimator));
    marks_begin(&session->marks, &session->estimator.pace, session->now);
    rhythm_begin(session);
    CoachView view = session_view(session);
    coach_started(&session->coach, &view);
    return REASON_OK;
}

static AnswerReason session_preflight(Session *session, const Event *event, TextError *ret_error)
{
    AnswerReason reason = session_read_plan(session, event, ret_error);
    if (reason != REASON_OK)
        return reason;
    TextError unresolved; // what it lacks is said as it starts
    session_resolve_plan(session, false, &unresolved);
    CoachView view = session_view(session);
    coach_preflight(&session->coach, &view, &session->plan);
    return REASON_OK;
}

// A command may find a step that has begun and not been told of yet, when much happened at once:
// whoever hears of its end has to have heard of its beginning.
static void session_tell_step(Session *session, Effects *effects)
{
    EngineEvent event;
    if (session->engine.announce &&
        engine_advance(&session->engine, session->engine.at, session->engine.distance, &event))
        session_take_engine_event(session, &event, effects);
}

// A press after a whole number of laps of the track is a known distance.
static void session_snap(Session *session, Effects *effects)
{
    const double metres = marks_lap(&session->marks, &session->estimator.pace, session->now,
                                    session->engine.active_m, session->track);
    session->snapped_m = isnan(metres) ? 0 : metres;
    if (session->snapped_m > 0)
        session_tell_correction(session, effects);
}

static AnswerReason session_end_step(Session *session, StepOutcome outcome, Effects *effects)
{
    EngineEvent ended;
    if (session->engine.paused)
        return REASON_ALREADY_PAUSED;
    session_tell_step(session, effects);
    if (!engine_end_step(&session->engine, outcome, &ended))
        return REASON_NOT_RUNNING;
    if (outcome == STEP_LAPPED)
        session_snap(session, effects);
    session_take_engine_event(session, &ended, effects);
    session->snapped_m = 0;
    return REASON_OK;
}

static AnswerReason session_stop(Session *session, Effects *effects)
{
    EngineEvent ended;
    session_tell_step(session, effects);
    if (!engine_stop(&session->engine, &ended))
        return REASON_NOT_RUNNING;
    session_take_engine_event(session, &ended, effects);
    session_finish(session, ended.at, false, effects);
    return REASON_OK;
}

static bool session_stands(const Session *session)
{
    const double speed = estimator_speed(&session->estimator).value;
    return session->engine.paused || !(speed > STANDING);
}

static AnswerReason session_said(Session *session, double metres, Effects *effects)
{
    static const AnswerReason reasons[] = {
        [MARKS_DONE] = REASON_OK,
        [MARKS_NO_RUN] = REASON_NO_RUN,
        [MARKS_MOVING] = REASON_MOVING,
        [MARKS_TOO_FAR] = REASON_TOO_FAR,
        [MARKS_NOTHING] = REASON_NOTHING_TO_UNDO,
    };
    Marks *marks = &session->marks;
    Pace *pace = &session->estimator.pace;
    const MarksVerdict verdict =
        isnan(metres) ? marks_undo(marks, pace, session->now)
                      : marks_said(marks, pace, session->now, session->engine.active_m,
                                   session_stands(session), metres);
    if (verdict == MARKS_DONE)
        session_tell_correction(session, effects);
    return reasons[verdict];
}

// With a length, or not at all.
static AnswerReason session_measure(Session *session, const Event *event, Effects *effects)
{
    const double metres = event->command.number;
    const bool good = metres > 0 && metres <= COMMAND_NUMBER_MAX;
    if (event->command.verb == COMMAND_DISTANCE)
        return good ? session_said(session, metres, effects) : REASON_BAD_LENGTH;
    if (metres != 0 && !(metres >= TRACK_LEAST && metres <= TRACK_MOST))
        return REASON_BAD_LENGTH;
    session->track = metres;
    return REASON_OK;
}

// Whether a command of this kind is one for a run that is on.
static bool is_of_run(CommandVerb verb)
{
    switch (verb) {
    case COMMAND_START:
    case COMMAND_START_BY_EFFORT:
    case COMMAND_PREFLIGHT:
    case COMMAND_DISTANCE:
    case COMMAND_UNDO:
    case COMMAND_TRACK:
    case COMMAND_LOAD:
    case COMMAND_PROPOSE:
    case COMMAND_STATUS:
        return false;
    case COMMAND_PAUSE:
    case COMMAND_RESUME:
    case COMMAND_LAP:
    case COMMAND_SKIP:
    case COMMAND_STOP:
    case COMMAND_VETO:
    case COMMAND_ACCEPT:
    case COMMAND_RATE:
    case COMMAND_METRONOME:
    case COMMAND_PACER:
    case COMMAND_BREAK:
    case COMMAND_CONTINUE:
        return true;
    }
    return true;
}

static AnswerReason session_veto(Session *session, Effects *effects)
{
    Adaptation adaptation;
    if (!adapting_veto(&session->adapting, session->now, &session->plan, &session->engine,
                       &adaptation))
        return REASON_NOTHING_TO_VETO;
    session_tell_adaptation(session, &adaptation, effects);
    return REASON_OK;
}

static AnswerReason session_accept(Session *session, Effects *effects)
{
    Adaptation adaptation;
    if (!adapting_accept(&session->adapting, session->now, &session->plan, &session->engine,
                         &adaptation))
        return REASON_NOTHING_OFFERED;
    session_tell_adaptation(session, &adaptation, effects);
    return REASON_OK;
}

static AnswerReason session_rate(Session *session, double rating)
{
    if (!(rating >= 0 && rating <= RATING_MOST))
        return REASON_BAD_RATING;
    adapting_rated(&session->adapting, rating);
    return REASON_OK;
}

// In a run nobody is asked: it is shown, and asked after another.
static AnswerReason session_propose(Session *session, const Event *event)
{
    const ProposalKind kind = proposal_parse(event->command.text, event->command.length);
    if (session->active)
        return REASON_ALREADY_RUNNING;
    session->proposed = kind;
    const CoachView view = session_view(session);
    const Trials *trials = &session->trials;
    const Trial *latest = trials->count > 0 ? &trials->found[trials->count - 1] : NULL;
    coach_propose(&session->coach, &view, kind, latest ? latest->distance_m : NAN,
                  latest ? latest->time_s : NAN, !isnan(session->model.vdot));
    return REASON_OK;
}

static AnswerReason session_answer_proposal(Session *session, bool accepted, Effects *effects)
{
    const CoachView view = session_view(session);
    session->proposed = PROPOSAL_NONE;
    coach_proposal_answered(&session->coach, &view, accepted);
    effect_add(effects, EFFECT_PROPOSAL, session->now)->accepted = accepted;
    return REASON_OK;
}

static AnswerReason session_status(Session *session)
{
    const CoachView view = session_view(session);
    if (session->active)
        coach_status(&session->coach, &view);
    else
        coach_preflight(&session->coach, &view, NULL);
    return REASON_OK;
}

// What the program had in its hands is gone with it: links, and words half said.
static void session_break(Session *session, Effects *effects)
{
    if (!session->broken) // else it was gone again before it was back
        session->stood_before = !engine_pause(&session->engine);
    session->broken = true;
    estimator_break(&session->estimator, session->now);
    coach_broken(&session->coach);
    effect_add(effects, EFFECT_STATE, session->now);
}

static AnswerReason session_continue(Session *session, Effects *effects)
{
    if (!session->broken)
        return REASON_NOTHING_INTERRUPTED;
    session->broken = false;
    if (!session->stood_before)
        engine_resume(&session->engine);
    const CoachView view = session_view(session);
    coach_continued(&session->coach, &view);
    effect_add(effects, EFFECT_STATE, session->now);
    return REASON_OK;
}

static AnswerReason session_obey(Session *session, const Event *event, Effects *effects,
                                 TextError *ret_error)
{
    CommandVerb verb = event->command.verb;
    if (!session->active && session->proposed != PROPOSAL_NONE &&
        (verb == COMMAND_ACCEPT || verb == COMMAND_VETO))
        return session_answer_proposal(session, verb == COMMAND_ACCEPT, effects);
    if (is_of_run(verb) && !session->active)
        return REASON_NOT_RUNNING;
    switch (verb) {
    case COMMAND_START:
    case COMMAND_START_BY_EFFORT: {
        AnswerReason reason = session_start(session, event, ret_error);
        if (reason == REASON_OK)
            effect_add(effects, EFFECT_STATE, session->now);
        return reason;
    }
    case COMMAND_PAUSE: {
        if (!engine_pause(&session->engine))
            return REASON_ALREADY_PAUSED;
        CoachView view = session_view(session);
        coach_paused(&session->coach, &view);
        effect_add(effects, EFFECT_STATE, session->now);
        return REASON_OK;
    }
    case COMMAND_RESUME: {
        if (!engine_resume(&session->engine))
            return REASON_NOT_PAUSED;
        CoachView view = session_view(session);
        coach_resumed(&session->coach, &view);
        effect_add(effects, EFFECT_STATE, session->now);
        return REASON_OK;
    }
    case COMMAND_LAP:
        return session_end_step(session, STEP_LAPPED, effects);
    case COMMAND_SKIP:
        return session_end_step(session, STEP_SKIPPED, effects);
    case COMMAND_STOP:
        return session_stop(session, effects);
    case COMMAND_PREFLIGHT:
        return session_preflight(session, event, ret_error);
    case COMMAND_DISTANCE:
    case COMMAND_TRACK:
        return session_measure(session, event, effects);
    case COMMAND_UNDO:
        return session_said(session, NAN, effects);
    case COMMAND_VETO:
        return session_veto(session, effects);
    case COMMAND_ACCEPT:
        return session_accept(session, effects);
    case COMMAND_RATE:
        return session_rate(session, event->command.number);
    case COMMAND_LOAD:
        session->week = fmax(event->command.number, 0);
        return REASON_OK;
    case COMMAND_PROPOSE:
        return session_propose(session, event);
    case COMMAND_STATUS:
        return session_status(session);
    case COMMAND_METRONOME:
    case COMMAND_PACER:
        return rhythm_command(session, verb, event->command.number);
    case COMMAND_BREAK:
        session_break(session, effects);
        return REASON_OK;
    case COMMAND_CONTINUE:
        return session_continue(session, effects);
    }
    return REASON_NOT_RUNNING;
}

void session_command(Session *session, const Event *event, Effects *effects)
{
    TextError error = {0};
    AnswerReason reason = session_obey(session, event, effects, &error);
    Effect *answer = effect_add(effects, EFFECT_ANSWER, session->now);
    answer->answer.verb = event->command.verb;
    answer->answer.id = event->command.id;
    answer->answer.reason = reason;
    if (answer_has_error(reason))
        answer->answer.error = error;
    session->dirty = true;
}
