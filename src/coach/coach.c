// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What happens, as the coach takes it in: each event leaves words to be said and the state that
// offers are made from. When and whether they are said is arbiter.c's business.

#include "coach/advice.h"
#include "coach/coach-inside.h"
#include "coach/script.h"
#include "coach/words.h"

#include <string.h>

#define GO_LATE         USEC_PER_SEC // after a boundary that is only known afterwards
#define STEP_LATE       (6 * USEC_PER_SEC)
#define FIRST_LATE      (20 * USEC_PER_SEC) // the pre-flight may have to end first
#define CLICKS_LATE     (15 * USEC_PER_SEC)
#define SPLIT_LATE      (5 * USEC_PER_SEC)
#define ADAPTED_LATE    (15 * USEC_PER_SEC)
#define PACE_SETTLES    (8 * USEC_PER_SEC) // into a step
#define STATUS_LATE     (5 * USEC_PER_SEC)
#define PRAISE_LATE     (15 * USEC_PER_SEC) // the split and the rest come first
#define EVEN_LEAST      3
#define EVEN_WITHIN     0.01               // of the target: four seconds in a mile
#define UNMEASURED      (8 * USEC_PER_SEC) // into a step: what nothing has told by then, nothing does
#define UNMEASURED_LATE (20 * USEC_PER_SEC) // a step may begin with other words
#define PAUSE_LATE      (10 * USEC_PER_SEC)
#define CONTINUED_LATE  (30 * USEC_PER_SEC) // the voice may not be up yet
#define SUMMARY_LATE    (30 * USEC_PER_SEC)
#define PROPOSAL_LATE   (60 * USEC_PER_SEC) // the summary comes first
#define PREFLIGHT_LATE  (30 * USEC_PER_SEC)
#define PREFLIGHT_HOLDS (120 * USEC_PER_SEC) // so long it need not be said again

// ── what happens ──

static void lines_clear(Coach *coach)
{
    for (LineKind kind = 0; kind < LINE_COUNT; kind++)
        coach_clear_line(coach, kind);
}

// With the tone that can stand for the words; so `late` they are worthless.
static void line_set_tone(Coach *coach, LineKind kind, Words text, Tone tone, Usec due, Usec late)
{
    coach->lines[kind] = (Line){.text = text, .tone = tone, .due = due, .expires = due + late};
    coach->empty &= ~(1u << kind);
}

static void line_set(Coach *coach, LineKind kind, Words text, Usec due, Usec late)
{
    line_set_tone(coach, kind, text, TONE_NONE, due, late);
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
    coach->goal.target = NAN;
    coach->length = coach->deadline = USEC_NEVER;
    form_begin(&coach->form, 0);
    coach->observed_at = coach->measured_at = coach->preflight_at = USEC_NEVER;
    coach->speed_heard = coach->heart_heard = (Heard){.at = USEC_NEVER, .doubt = 1};
    notices_init(&coach->notices);
    drift_init(&coach->drift);
    milestones_end(&coach->milestones);
    watch_init(&coach->pod);
    watch_init(&coach->strap);
    lines_clear(coach);
}

PreflightView coach_preflight_view(const CoachView *view, const Plan *plan)
{
    return (PreflightView){view->at,     view->sensors,    view->profiles,
                           view->rivals, view->conditions, plan};
}

static void hear(Heard *heard, const Estimate *estimate, Usec now)
{
    const Usec at = estimate_known(estimate) ? now - estimate->age : USEC_NEVER;
    if (at == heard->at)
        return;
    heard->at = at;
    heard->doubt = 1 - estimate->confidence;
}

// Of a span that ends now: what is only held by then is not believed in any more.
static double doubt_of(const Heard *heard, Usec now, Usec span)
{
    if (heard->at == USEC_NEVER)
        return (double)span;
    Usec held = now - heard->at - STALE_AFTER;
    held = held < 0 ? 0 : usec_earlier(held, span);
    return (double)held + (double)(span - held) * heard->doubt;
}

// A step begins with a change of pace, by which a speed is doubted for some seconds, and which says
// nothing against a split: else of short repetitions one would have it and the next not.
static double doubt_in_step(const Coach *coach, Usec at, Usec span, bool blind, double doubt)
{
    const bool changes = !blind && at < coach->step_started + PACE_SETTLES;
    return changes ? fmin(doubt, (1 - COACH_CONFIDENT) * (double)span) : doubt;
}

static void look_for_milestone(Coach *coach, const CoachView *view)
{
    Words told;
    const Sight *seen = view->plan->endless ? &coach->run_seen : &coach->step_seen;
    if (!milestones_look(&coach->milestones, view->engine, view->speed.value, seen,
                         coach->config.phrases, &told))
        return;
    if (told.text[0] != '\0' && view->boundary > view->at + MILESTONE_LAST)
        line_set(coach, LINE_KILOMETRE, told, view->at, SPLIT_LATE);
}

// What the sensors say at this instant, and how well they were heard until it.
void coach_observe(Coach *coach, const CoachView *view)
{
    const PreflightView sensors = coach_preflight_view(view, NULL);
    if (view->sensors && coach->begun)
        notices_observe(&coach->notices, coach->config.phrases, &sensors);
    watch_observe(&coach->pod, view->at, &view->speed);
    watch_observe_strap(&coach->strap, view->at, &view->heart_rate, view->sensors);
    if (coach->observed_at != USEC_NEVER && view->at > coach->observed_at) {
        const Usec span = view->at - coach->observed_at;
        const double doubt = doubt_of(&coach->speed_heard, view->at, span);
        const Usec blind = coach->speed_heard.at == USEC_NEVER ? span : 0;
        coach->step_seen.doubt += doubt_in_step(coach, view->at, span, blind > 0, doubt);
        coach->run_seen.doubt += doubt;
        coach->step_seen.blind += blind;
        coach->run_seen.blind += blind;
        coach->run_heart_doubt += doubt_of(&coach->heart_heard, view->at, span);
    }
    coach->observed_at = view->running ? view->at : USEC_NEVER;
    if (view->running)
        look_for_milestone(coach, view);
    hear(&coach->speed_heard, &view->speed, view->at);
    hear(&coach->heart_heard, &view->heart_rate, view->at);
    advice_measure(coach, view);
}

void coach_preflight(Coach *coach, const CoachView *view, const Plan *plan)
{
    if (!view->sensors)
        return;
    const PreflightView sensors = coach_preflight_view(view, plan);
    line_set(coach, LINE_PREFLIGHT, preflight_words(coach->config.phrases, &sensors), view->at,
             PREFLIGHT_LATE);
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
    for (LineKind kind = LINE_PREFLIGHT + 1; kind < LINE_COUNT; kind++)
        coach_clear_line(coach, kind);
    if (coach->preflight_at == USEC_NEVER || view->at - coach->preflight_at > PREFLIGHT_HOLDS)
        coach_preflight(coach, view, view->plan);
    coach->begun = false;
    coach->lap = 1;
    coach->even = coach->unmeasured = 0;
    coach->clicks_told = false;
    form_begin(&coach->form, view->at);
    drift_init(&coach->drift);
    milestones_end(&coach->milestones);
    coach->run_seen = coach->step_seen = (Sight){0};
    coach->run_heart_doubt = 0;
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
    const Tone tone = approach_tone(view->plan, step);
    if (!coach->begun) {
        if (view->plan->step_count > 1)
            text = phrases_fill(coach->config.phrases, PHRASE_FIRST, "step", text.text, NULL);
        line_set_tone(coach, LINE_STEP, text, tone, view->at, FIRST_LATE);
        return;
    }
    if (view->plan->endless) // the runner knows that the run goes on; the lap is told
        return;
    bool counted = before->count < APPROACH_COUNT_FROM;
    bool gone = approach_foretold(before, at);
    bool cut_short = coach_is_speaking(coach, view->at) && coach->speaking.kind == CUE_STEP;
    bool untold = verbosity_most(coach->config.verbosity, CUE_STEP) == FORM_EARCON;
    if (!gone && (before->announced || counted || untold))
        line_set_tone(coach, LINE_GO, say(coach, tone == TONE_GO ? PHRASE_GO : PHRASE_EASY), tone,
                      at, GO_LATE);
    if (!before->announced || cut_short)
        line_set(coach, LINE_STEP, text, view->at, STEP_LATE);
}

static void open_rest(Coach *coach, const CoachView *view, const Approach *before)
{
    const Usec at = view->engine->step_started;
    const bool unforeseen = coach->begun && !approach_foretold(before, at);
    if (unforeseen && coach_counts_in_tones(coach))
        line_set_tone(coach, LINE_GO, (Words){0}, TONE_REST, at, GO_LATE);
    const Line split = coach->lines[LINE_SPLIT];
    if (coach->begun && before->announced && split.due == USEC_NEVER)
        return;
    Words rest = script_step(coach->config.phrases, view->plan, view->engine->step, false);
    if (!coach->begun && view->plan->step_count > 1)
        rest = phrases_fill(coach->config.phrases, PHRASE_FIRST, "step", rest.text, NULL);
    const Phrases *phrases = coach->config.phrases;
    coach_clear_line(coach, LINE_SPLIT);
    // A minute that has no room for the words has it for a tone.
    line_set_tone(coach, LINE_STEP, rest,
                  coach_counts_in_tones(coach) || !coach->begun ? TONE_NONE : TONE_REST, view->at,
                  SPLIT_LATE);
    if (split.due == USEC_NEVER)
        return;
    line_set(coach, LINE_SPLIT_REST, script_both(phrases, split.text, rest), view->at, SPLIT_LATE);
    if (split.brief.text[0] != '\0')
        coach->lines[LINE_SPLIT_REST].brief = script_both(phrases, split.brief, rest);
}

void coach_status(Coach *coach, const CoachView *view)
{
    const bool settled = view->at - view->engine->step_started >= PACE_SETTLES;
    StatusTold told = {
        .metres =
            sight_enough(&coach->run_seen, view->engine->active) ? view->engine->active_m : NAN,
        .speed = settled && coach_trusts(&view->speed) ? view->speed.value : NAN,
        .heart_rate = coach_trusts(&view->heart_rate) ? view->heart_rate.value : NAN,
    };
    line_set(coach, LINE_STATUS,
             script_status(coach->config.phrases, view->plan, view->engine, &told), view->at,
             STATUS_LATE);
    told.brief = true;
    coach->lines[LINE_STATUS].brief =
        script_status(coach->config.phrases, view->plan, view->engine, &told);
}

// A step is run by what nothing measures: once a run, or each repetition would say so again. Of a
// strap that is lost the runner knows.
static void tell_unmeasured(Coach *coach)
{
    const bool heart = coach->aim == AIM_HEART;
    coach_clear_line(coach, LINE_UNMEASURED);
    if ((!heart && coach->aim != AIM_POWER) || coach->unmeasured & 1u << coach->aim ||
        (heart && coach->strap.lost))
        return;
    const Usec due = coach->step_started + UNMEASURED;
    line_set(coach, LINE_UNMEASURED,
             say(coach, heart ? PHRASE_HEART_UNMEASURED : PHRASE_POWER_UNMEASURED), due,
             UNMEASURED_LATE);
}

// None where none is told: halfway would give way to nothing.
static void begin_milestones(Coach *coach, const CoachView *view)
{
    milestones_begin(&coach->milestones, view->plan, view->engine);
    if (coach_most_of(coach, CUE_KILOMETRE) == FORM_SILENT)
        milestones_end(&coach->milestones);
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
    coach_clear_line(coach, LINE_SPLIT_REST);
    if (!view->plan->endless || !coach->begun) {
        coach_clear_line(coach, LINE_KILOMETRE);
        begin_milestones(coach, view);
    }
    coach->resting = this->kind == STEP_REST;
    if (coach->resting)
        open_rest(coach, view, &before);
    else
        open_work(coach, view, &before);
    coach->begun = true;
    coach->step_started = view->engine->step_started;
    advice_begin_step(coach, view->plan, step, expected_length(this, aim_speed(aim)));
    tell_unmeasured(coach);
    if (!coach->resting && !plan_step_is_easy(view->plan, step))
        coach->sent_home = false;
    advice_begin(coach, coach->step_started);
    if (coach->lines[LINE_STATUS].due != USEC_NEVER) // it was of the step before
        coach_status(coach, view);
}

// Whether there is one stretch of work in each repetition.
static bool works_once(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    size_t work = 0;
    for (size_t i = 0; i < plan->step_count; i++)
        work += plan->steps[i].step.kind == STEP_WORK &&
                plan->steps[i].repetitions == this->repetitions &&
                plan->steps[i].repetition == this->repetition;
    return work == 1;
}

// Praise is for what was run, not for effort nobody measured: a third repetition on target after
// two others, and the whole set.
static void praise(Coach *coach, const CoachView *view, const Lap *lap, bool seen)
{
    if (lap->kind != STEP_WORK || lap->repetitions < EVEN_LEAST)
        return;
    const bool builds = lap->aim.value != lap->aim.end;
    const double asked = builds ? NAN : aim_speed(&lap->aim);
    const bool even =
        seen && lap->outcome == STEP_COMPLETED && fabs(lap->speed_mps / asked - 1) <= EVEN_WITHIN;
    coach->even = even ? coach->even + 1 : 0;
    const bool all = coach->even == lap->repetitions && lap->repetition == lap->repetitions &&
                     works_once(view->plan, lap->step);
    if (!all && coach->even != EVEN_LEAST)
        return;
    line_set(coach, LINE_PRAISE,
             phrases_fill(coach->config.phrases, all ? PHRASE_EVEN_ALL : PHRASE_EVEN, "n",
                          words_number(coach->config.phrases, coach->even).text, NULL),
             view->at, PRAISE_LATE);
}

void coach_lap(Coach *coach, const CoachView *view, const Lap *lap)
{
    coach_observe(coach, view);
    bool seen = sight_enough(&coach->step_seen, lap->duration);
    praise(coach, view, lap, seen);
    Words split = {0}, brief = {0};
    if (view->plan->endless && lap->outcome == STEP_LAPPED) {
        Lap told = *lap;
        told.speed_mps = seen ? lap->speed_mps : NAN; // its time is true all the same
        split = script_lap(coach->config.phrases, &told, coach->lap++);
    } else if (seen) {
        split = script_split(coach->config.phrases, view->plan, lap, false);
        brief = script_split(coach->config.phrases, view->plan, lap, true);
    }
    split = script_snapped(coach->config.phrases, split, view->snapped_m);
    coach->step_seen = (Sight){0};
    coach_clear_line(coach, LINE_SPLIT);
    if (split.text[0] == '\0')
        return;
    line_set(coach, LINE_SPLIT, split, view->at, SPLIT_LATE);
    coach->lines[LINE_SPLIT].brief = brief;
}

void coach_clicks(Coach *coach, Usec at, double clicks)
{
    if (coach->clicks_told)
        return;
    const Words number = words_reading(coach->config.phrases, (uint64_t)clicks);
    line_set(coach, LINE_CLICKS,
             phrases_fill(coach->config.phrases, PHRASE_CLICKS, "n", number.text, NULL), at,
             CLICKS_LATE);
}

void coach_paused(Coach *coach, const CoachView *view)
{
    lines_clear(coach);
    line_set_tone(coach, LINE_PAUSE, say(coach, PHRASE_PAUSED), TONE_YES, view->at, PAUSE_LATE);
}

void coach_resumed(Coach *coach, const CoachView *view)
{
    line_set_tone(coach, LINE_PAUSE, say(coach, PHRASE_RESUMED), TONE_YES, view->at, PAUSE_LATE);
    advice_begin(coach, view->at);
}

void coach_broken(Coach *coach)
{
    lines_clear(coach);
    coach->speaking.id = 0;
}

void coach_continued(Coach *coach, const CoachView *view)
{
    line_set_tone(coach, LINE_PAUSE,
                  script_continued(coach->config.phrases, view->plan, view->engine), TONE_YES,
                  view->at, CONTINUED_LATE);
    advice_begin(coach, view->at);
}

void coach_adapted(Coach *coach, const CoachView *view, const Adaptation *adaptation)
{
    const Words words = script_adaptation(coach->config.phrases, adaptation);
    if (words.text[0] == '\0')
        return;
    if (adaptation->decision == ADAPT_STOP)
        coach->sent_home = !adaptation->taken_back && !adaptation->goes_on;
    if (!view->engine->announce) // else the step has yet to begin, and looks ahead then
        approach_renew(&coach->approach, coach->config.phrases, view->plan, view->engine->step);
    line_set(coach, LINE_ADAPTED, words, view->at, ADAPTED_LATE);
}

void coach_propose(Coach *coach, const CoachView *view, ProposalKind kind, double metres,
                   double seconds, bool with_vdot)
{
    const Words words = script_proposal(coach->config.phrases, kind, metres, seconds, with_vdot);
    coach_clear_line(coach, LINE_PROPOSAL);
    if (words.text[0] != '\0')
        line_set(coach, LINE_PROPOSAL, words, view->at, PROPOSAL_LATE);
}

void coach_proposal_answered(Coach *coach, const CoachView *view, bool accepted)
{
    line_set(coach, LINE_PROPOSAL,
             say(coach, accepted ? PHRASE_PROPOSAL_TAKEN : PHRASE_PROPOSAL_LEFT), view->at,
             PAUSE_LATE);
}

void coach_finished(Coach *coach, const CoachView *view, double metres, Usec duration,
                    double heart_rate, bool completed)
{
    coach_observe(coach, view);
    Line split = coach->lines[LINE_SPLIT];
    if (split.due == USEC_NEVER || view->plan->step_count == 1) // which the summary tells
        split.text = split.brief = (Words){0};
    lines_clear(coach);
    RunTold told = {
        .duration = duration,
        .metres = sight_enough(&coach->run_seen, duration) ? metres : NAN,
        .heart_rate = sight_trusted(coach->run_heart_doubt, duration) ? heart_rate : NAN,
        .unit = script_unit(view->plan),
        .completed = completed,
    };
    const Phrases *phrases = coach->config.phrases;
    line_set(coach, LINE_SUMMARY, script_both(phrases, split.text, script_summary(phrases, &told)),
             view->at, SUMMARY_LATE);
    told.brief = true;
    coach->lines[LINE_SUMMARY].brief =
        script_both(phrases, split.brief, script_summary(phrases, &told));
    coach->begun = false;
    coach->observed_at = USEC_NEVER;
}
