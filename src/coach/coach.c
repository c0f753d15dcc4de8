// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What happens, as the coach takes it in: each event leaves words to be said and the state that
// offers are made from. When and whether they are said is arbiter.c's business.

#include "coach/coach-inside.h"
#include "coach/script.h"

#include <string.h>

#define GO_LATE         USEC_PER_SEC // after a boundary that is only known afterwards
#define STEP_LATE       (6 * USEC_PER_SEC)
#define FIRST_LATE      (20 * USEC_PER_SEC) // the pre-flight may have to end first
#define SPLIT_LATE      (5 * USEC_PER_SEC)
#define ADAPTED_LATE    (15 * USEC_PER_SEC)
#define PAUSE_LATE      (10 * USEC_PER_SEC)
#define SUMMARY_LATE    (30 * USEC_PER_SEC)
#define PROPOSAL_LATE   (60 * USEC_PER_SEC) // the summary comes first
#define PREFLIGHT_LATE  (30 * USEC_PER_SEC)
#define PREFLIGHT_HOLDS (120 * USEC_PER_SEC) // so long it need not be said again
#define BLIND_SHARE     20                   // one part in so many may be unknown

// ── what happens ──

static void lines_clear(Coach *coach)
{
    for (LineKind kind = 0; kind < LINE_COUNT; kind++)
        coach_clear_line(coach, kind);
}

static void line_set(Coach *coach, LineKind kind, Words text, Usec due, Usec expires)
{
    coach->lines[kind] = (Line){.text = text, .due = due, .expires = expires};
}

static Words say(const Coach *coach, PhraseId id)
{
    return phrases_fill(coach->config.phrases, id, NULL);
}

void coach_init(Coach *coach, const CoachConfig *config)
{
    memset(coach, 0, sizeof *coach);
    coach->config = *config;
    coach->config.words_a_minute = phrases_rate(config->phrases, config->words_a_minute);
    coach->target = NAN;
    coach->grace = coach->deadline = USEC_NEVER;
    coach->observed_at = coach->measured_at = coach->preflight_at = USEC_NEVER;
    notices_init(&coach->notices);
    drift_init(&coach->drift);
    watch_init(&coach->pod);
    watch_init(&coach->strap);
    lines_clear(coach);
}

// Once for each packet: between two of them the estimate moves by itself, and what is said must not
// hang on how often anybody asks.
static void measure_drift(Coach *coach, const CoachView *view)
{
    bool confident = coach->speed_known && view->speed.confidence >= COACH_CONFIDENT;
    Usec measured_at = confident ? view->at - view->speed.age : USEC_NEVER;
    if (!view->running || (confident && measured_at == coach->measured_at))
        return;
    if (coach->measured_at == USEC_NEVER) // nothing was known until this instant
        drift_measure(&coach->drift, view->at, NAN);
    coach->measured_at = measured_at;
    drift_retarget(&coach->drift, engine_target_speed(view->engine)); // of a step that builds
    drift_measure(&coach->drift, view->at, confident ? view->speed.value : NAN);
}

PreflightView coach_preflight_view(const CoachView *view, const Plan *plan)
{
    return (PreflightView){view->at,     view->sensors,    view->profiles,
                           view->rivals, view->conditions, plan};
}

// What the sensors say at this instant, and for how long they have said nothing.
void coach_observe(Coach *coach, const CoachView *view)
{
    const PreflightView sensors = coach_preflight_view(view, NULL);
    if (view->sensors && coach->begun)
        notices_observe(&coach->notices, coach->config.phrases, &sensors);
    watch_observe(&coach->pod, view->at, &view->speed);
    watch_observe_strap(&coach->strap, view->at, &view->heart_rate, view->sensors);
    if (coach->observed_at != USEC_NEVER && !coach->speed_known) {
        coach->step_blind += view->at - coach->observed_at;
        coach->run_blind += view->at - coach->observed_at;
    }
    coach->observed_at = view->running ? view->at : USEC_NEVER;
    coach->speed_known = estimate_known(&view->speed);
    measure_drift(coach, view);
}

void coach_preflight(Coach *coach, const CoachView *view, const Plan *plan)
{
    if (!view->sensors)
        return;
    const PreflightView sensors = coach_preflight_view(view, plan);
    line_set(coach, LINE_PREFLIGHT, preflight_words(coach->config.phrases, &sensors), view->at,
             view->at + PREFLIGHT_LATE);
    coach->preflight_at = view->at;
}

void coach_forget_sensor(Coach *coach, SensorId sensor)
{
    if (sensor < SENSORS_MAX)
        notices_forget(&coach->notices, sensor);
}

void coach_started(Coach *coach, const CoachView *view)
{
    coach_observe(coach, view);
    watch_begin(&coach->pod, view->at);
    watch_begin(&coach->strap, view->at);
    Line preflight = coach->lines[LINE_PREFLIGHT];
    lines_clear(coach);
    coach->lines[LINE_PREFLIGHT] = preflight;
    if (coach->preflight_at == USEC_NEVER || view->at - coach->preflight_at > PREFLIGHT_HOLDS)
        coach_preflight(coach, view, view->plan);
    coach->begun = false;
    coach->lap = 1;
    coach->run_blind = coach->step_blind = 0;
}

// How long a step will take if it goes by the plan; USEC_NEVER when the plan does not say.
static Usec expected_length(const Step *step, double target)
{
    if (step_ends_by_clock(step))
        return step->duration;
    if (step->measure == MEASURE_DISTANCE && target > 0)
        return usec_from_s(step_length(step) / target);
    return USEC_NEVER;
}

static void open_work(Coach *coach, const CoachView *view, const Approach *before)
{
    size_t step = view->engine->step;
    Words text = script_step(coach->config.phrases, view->plan, step, true);
    Usec at = view->engine->step_started;
    if (!coach->begun) {
        if (view->plan->step_count > 1)
            text = phrases_fill(coach->config.phrases, PHRASE_FIRST, "step", text.text, NULL);
        line_set(coach, LINE_STEP, text, view->at, view->at + FIRST_LATE);
        coach->lines[LINE_STEP].tone = TONE_GO;
        return;
    }
    if (view->plan->endless) // the runner knows that the run goes on; the lap is told
        return;
    bool counted = before->count < APPROACH_COUNT_FROM;
    bool gone = before->count < 0;
    bool cut_short = coach_is_speaking(coach, view->at) && coach->speaking.kind == CUE_STEP;
    if (!gone && (before->announced || counted || coach->config.verbosity == VERBOSITY_TONES)) {
        line_set(coach, LINE_GO, say(coach, PHRASE_GO), at, at + GO_LATE);
        coach->lines[LINE_GO].tone = TONE_GO;
    }
    if (!before->announced || cut_short)
        line_set(coach, LINE_STEP, text, view->at, view->at + STEP_LATE);
}

static void open_rest(Coach *coach, const CoachView *view, const Approach *before)
{
    const Usec at = view->engine->step_started;
    if (coach->begun && before->count >= 0 &&
        coach_counts_in_tones(coach)) { // the line was not foreseen
        line_set(coach, LINE_GO, (Words){0}, at, at + GO_LATE);
        coach->lines[LINE_GO].tone = TONE_REST;
    }
    const Line split = coach->lines[LINE_SPLIT];
    Words rest = script_step(coach->config.phrases, view->plan, view->engine->step, false);
    if (!coach->begun && view->plan->step_count > 1)
        rest = phrases_fill(coach->config.phrases, PHRASE_FIRST, "step", rest.text, NULL);
    coach_clear_line(coach, LINE_SPLIT);
    line_set(coach, LINE_STEP, rest, view->at, view->at + SPLIT_LATE);
    if (split.due == USEC_NEVER)
        return;
    coach->lines[LINE_STEP].brief = rest;
    coach->lines[LINE_STEP].text = phrases_fill(coach->config.phrases, PHRASE_SPLIT_REST, "split",
                                                split.text.text, "rest", rest.text, NULL);
}

void coach_step_started(Coach *coach, const CoachView *view)
{
    size_t step = view->engine->step;
    const Step *this = &view->engine->now;
    const Aim *aim = &view->plan->steps[step].aim;
    Approach before = coach->approach;
    approach_begin(&coach->approach, coach->config.phrases, coach->config.words_a_minute,
                   view->plan, step);
    coach_clear_line(coach, LINE_GO);
    coach_clear_line(coach, LINE_STEP);
    coach->resting = this->kind == STEP_REST;
    if (coach->resting)
        open_rest(coach, view, &before);
    else
        open_work(coach, view, &before);
    coach->begun = true;
    coach->step_started = view->engine->step_started;
    coach->target = coach->resting ? NAN : aim_speed(aim);
    coach->grace = drift_grace(expected_length(this, coach->target));
    coach->band = fmax(coach->config.band, aim_width(aim));
    if (plan_step_is_easy(view->plan, step))
        coach->band = fmax(coach->band, DRIFT_BAND_EASY);
    else if (!coach->resting)
        coach->sent_home = false;
    drift_begin(&coach->drift, coach->step_started, coach->target, coach->band, coach->grace);
    coach->measured_at = USEC_NEVER;
}

static bool seen_enough(Usec blind, Usec duration)
{
    return blind <= duration / BLIND_SHARE;
}

void coach_lap(Coach *coach, const CoachView *view, const Lap *lap)
{
    coach_observe(coach, view);
    bool seen = seen_enough(coach->step_blind, lap->duration);
    Words split = {0};
    if (view->plan->endless && lap->outcome == STEP_LAPPED) {
        Lap told = *lap;
        told.speed_mps = seen ? lap->speed_mps : NAN; // its time is true all the same
        split = script_lap(coach->config.phrases, &told, coach->lap++);
    } else if (seen)
        split = script_split(coach->config.phrases, view->plan, lap);
    split = script_snapped(coach->config.phrases, split, view->snapped_m);
    coach->step_blind = 0;
    coach_clear_line(coach, LINE_SPLIT);
    if (split.text[0])
        line_set(coach, LINE_SPLIT, split, view->at, view->at + SPLIT_LATE);
}

void coach_paused(Coach *coach, const CoachView *view)
{
    lines_clear(coach);
    line_set(coach, LINE_PAUSE, say(coach, PHRASE_PAUSED), view->at, view->at + PAUSE_LATE);
    coach->lines[LINE_PAUSE].tone = TONE_YES;
}

void coach_resumed(Coach *coach, const CoachView *view)
{
    line_set(coach, LINE_PAUSE, say(coach, PHRASE_RESUMED), view->at, view->at + PAUSE_LATE);
    coach->lines[LINE_PAUSE].tone = TONE_YES;
    drift_begin(&coach->drift, view->at, coach->target, coach->band, coach->grace);
    coach->measured_at = USEC_NEVER;
}

void coach_adapted(Coach *coach, const CoachView *view, const Adaptation *adaptation)
{
    const Words words = script_adaptation(coach->config.phrases, adaptation);
    if (words.text[0] == '\0')
        return;
    if (adaptation->decision == ADAPT_STOP)
        coach->sent_home = !adaptation->taken_back;
    if (!view->engine->announce) // else the step has yet to begin, and looks ahead then
        approach_renew(&coach->approach, coach->config.phrases, view->plan, view->engine->step);
    line_set(coach, LINE_ADAPTED, words, view->at, view->at + ADAPTED_LATE);
}

void coach_propose(Coach *coach, const CoachView *view, ProposalKind kind, double metres,
                   double seconds, bool with_vdot)
{
    const Words words = script_proposal(coach->config.phrases, kind, metres, seconds, with_vdot);
    coach_clear_line(coach, LINE_PROPOSAL);
    if (words.text[0] != '\0')
        line_set(coach, LINE_PROPOSAL, words, view->at, view->at + PROPOSAL_LATE);
}

void coach_proposal_answered(Coach *coach, const CoachView *view, bool accepted)
{
    line_set(coach, LINE_PROPOSAL,
             say(coach, accepted ? PHRASE_PROPOSAL_TAKEN : PHRASE_PROPOSAL_LEFT), view->at,
             view->at + PAUSE_LATE);
}

void coach_finished(Coach *coach, const CoachView *view, double metres, Usec duration,
                    double heart_rate, bool completed)
{
    coach_observe(coach, view);
    lines_clear(coach);
    RunTold told = {
        .duration = duration,
        .metres = seen_enough(coach->run_blind, duration) ? metres : NAN,
        .heart_rate = heart_rate,
        .unit = script_unit(view->plan),
        .completed = completed,
    };
    line_set(coach, LINE_SUMMARY, script_summary(coach->config.phrases, &told), view->at,
             view->at + SUMMARY_LATE);
    told.brief = true;
    coach->lines[LINE_SUMMARY].brief = script_summary(coach->config.phrases, &told);
    coach->begun = false;
    coach->observed_at = USEC_NEVER;
}
