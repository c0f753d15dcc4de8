// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Arbitration. Every part of the coach makes offers from its state; here the most important one
// that may be said now is chosen. Saying and waiting ask the same question (verdict()), so the
// deadline can neither miss a word nor spin on one that must not be said.

#include "coach/coach.h"

#include "coach/script.h"

#include <string.h>

#define VOICE_OVERDUE   (3 * USEC_PER_SEC) // after the estimate: the voice's report is lost
#define COUNT_OVERDUE   (300 * USEC_PER_MSEC)
#define LATENCY_MAX     (2 * USEC_PER_SEC)  // a larger one is a broken report
#define LAST_CORRECTION (10 * USEC_PER_SEC) // before a step is over: it cannot work any more
#define GO_LATE         USEC_PER_SEC        // after a boundary that is only known afterwards
#define STEP_LATE       (6 * USEC_PER_SEC)
#define FIRST_LATE      (20 * USEC_PER_SEC) // the pre-flight may have to end first
#define SPLIT_LATE      (5 * USEC_PER_SEC)
#define PAUSE_LATE      (10 * USEC_PER_SEC)
#define SUMMARY_LATE    (30 * USEC_PER_SEC)
#define SENSOR_LATE     (5 * USEC_PER_SEC)
#define PREFLIGHT_LATE  (30 * USEC_PER_SEC)
#define PREFLIGHT_HOLDS (120 * USEC_PER_SEC) // so long it need not be said again
#define BREATH          (2 * USEC_PER_SEC)   // of silence on either side of a correction
#define BLIND_SHARE     20                   // one part in so many may be unknown

// ── what happens ──

static void line_clear(Coach *coach, LineKind kind)
{
    coach->lines[kind].due = coach->lines[kind].expires = USEC_NEVER;
}

static void lines_clear(Coach *coach)
{
    for (LineKind kind = 0; kind < LINE_COUNT; kind++)
        line_clear(coach, kind);
}

static void line_set(Coach *coach, LineKind kind, Words text, Usec due, Usec expires)
{
    coach->lines[kind] = (Line){text, due, expires};
}

static Usec takes_to_say(const Coach *coach, const char *text)
{
    return speech_duration(text, coach->config.words_a_minute);
}

static Words say(const Coach *coach, PhraseId id)
{
    return phrases_fill(coach->config.phrases, id, NULL);
}

void coach_init(Coach *coach, const CoachConfig *config)
{
    memset(coach, 0, sizeof *coach);
    coach->config = *config;
    coach->target = NAN;
    coach->grace = USEC_NEVER;
    coach->observed_at = coach->measured_at = coach->preflight_at = USEC_NEVER;
    notices_init(&coach->notices);
    drift_init(&coach->drift);
    watch_init(&coach->pod);
    watch_init(&coach->strap);
    lines_clear(coach);
}

static bool is_speaking(const Coach *coach, Usec at)
{
    return coach->speaking.id != 0 && at < coach->speaking.until;
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

static PreflightView preflight_view(const CoachView *view, const Plan *plan)
{
    return (PreflightView){view->at,     view->sensors,    view->profiles,
                           view->rivals, view->conditions, plan};
}

// What the sensors say at this instant, and for how long they have said nothing.
static void observe(Coach *coach, const CoachView *view)
{
    const PreflightView sensors = preflight_view(view, NULL);
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
    const PreflightView sensors = preflight_view(view, plan);
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
    observe(coach, view);
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
        return;
    }
    if (view->plan->endless) // the runner knows that the run goes on; the lap is told
        return;
    bool counted = before->count < APPROACH_COUNT_FROM;
    bool gone = before->count < 0;
    bool cut_short = is_speaking(coach, view->at) && coach->speaking.kind == CUE_STEP;
    if (!gone && (before->announced || counted))
        line_set(coach, LINE_GO, say(coach, PHRASE_GO), at, at + GO_LATE);
    if (!before->announced || cut_short)
        line_set(coach, LINE_STEP, text, view->at, view->at + STEP_LATE);
}

static void open_rest(Coach *coach, const CoachView *view)
{
    Words rest = script_step(coach->config.phrases, view->plan, view->engine->step, false);
    if (coach->lines[LINE_SPLIT].due != USEC_NEVER)
        coach->with_split =
            phrases_fill(coach->config.phrases, PHRASE_SPLIT_REST, "split",
                         coach->lines[LINE_SPLIT].text.text, "rest", rest.text, NULL);
    line_clear(coach, LINE_SPLIT);
    if (!coach->begun && view->plan->step_count > 1)
        rest = phrases_fill(coach->config.phrases, PHRASE_FIRST, "step", rest.text, NULL);
    line_set(coach, LINE_STEP, rest, view->at, view->at + SPLIT_LATE);
}

void coach_step_started(Coach *coach, const CoachView *view)
{
    size_t step = view->engine->step;
    const Step *this = &view->engine->now;
    const Aim *aim = &view->plan->steps[step].aim;
    Approach before = coach->approach;
    approach_begin(&coach->approach, coach->config.phrases, coach->config.words_a_minute,
                   view->plan, step);
    line_clear(coach, LINE_GO);
    line_clear(coach, LINE_STEP);
    coach->with_split = (Words){0};
    coach->resting = this->kind == STEP_REST;
    if (coach->resting)
        open_rest(coach, view);
    else
        open_work(coach, view, &before);
    coach->begun = true;
    coach->step_started = view->engine->step_started;
    coach->target = coach->resting ? NAN : aim_speed(aim);
    coach->grace = drift_grace(expected_length(this, coach->target));
    coach->band = fmax(coach->config.band, aim_width(aim));
    if (plan_step_is_easy(view->plan, step))
        coach->band = fmax(coach->band, DRIFT_BAND_EASY);
    drift_begin(&coach->drift, coach->step_started, coach->target, coach->band, coach->grace);
    coach->measured_at = USEC_NEVER;
}

static bool seen_enough(Usec blind, Usec duration)
{
    return blind <= duration / BLIND_SHARE;
}

void coach_lap(Coach *coach, const CoachView *view, const Lap *lap)
{
    observe(coach, view);
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
    line_clear(coach, LINE_SPLIT);
    if (split.text[0])
        line_set(coach, LINE_SPLIT, split, view->at, view->at + SPLIT_LATE);
}

void coach_paused(Coach *coach, const CoachView *view)
{
    lines_clear(coach);
    line_set(coach, LINE_PAUSE, say(coach, PHRASE_PAUSED), view->at, view->at + PAUSE_LATE);
}

void coach_resumed(Coach *coach, const CoachView *view)
{
    line_set(coach, LINE_PAUSE, say(coach, PHRASE_RESUMED), view->at, view->at + PAUSE_LATE);
    drift_begin(&coach->drift, view->at, coach->target, coach->band, coach->grace);
    coach->measured_at = USEC_NEVER;
}

void coach_finished(Coach *coach, const CoachView *view, double metres, Usec duration,
                    double heart_rate, bool completed)
{
    observe(coach, view);
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
    coach->begun = false;
    coach->observed_at = USEC_NEVER;
}

// ── the voice ──

// A number of the countdown does not wait for the lost report of the one before.
static Usec voice_overdue(const Coach *coach, Usec at)
{
    Usec grace = coach->speaking.kind == CUE_COUNTDOWN ? COUNT_OVERDUE : VOICE_OVERDUE;
    return at + coach->latency + coach->speaking.takes + grace;
}

void coach_voice_started(Coach *coach, Usec at, uint32_t cue)
{
    if (cue == coach->speaking.id)
        coach->speaking.until = voice_overdue(coach, at);
}

void coach_voice_done(Coach *coach, Usec at, uint32_t cue)
{
    if (cue != coach->speaking.id)
        return;
    coach->speaking.id = 0;
    coach->quiet_at = at;
}

void coach_voice_latency(Coach *coach, Usec latency)
{
    coach->latency = latency < 0 ? 0 : latency > LATENCY_MAX ? LATENCY_MAX : latency;
}

// A correction is never so urgent that another sentence has to be broken off for it.
static bool interrupts(const Coach *coach, const Offer *offer)
{
    return offer->kind != CUE_DRIFT && offer->priority > coach->speaking.priority &&
           offer->kind != coach->speaking.kind;
}

// ── offers ──

typedef enum {
    OFFER_PAUSE,
    OFFER_GO,
    OFFER_COUNT,
    OFFER_STEP,
    OFFER_ANNOUNCEMENT,
    OFFER_SPLIT,
    OFFER_SUMMARY,
    OFFER_POD,
    OFFER_STRAP,
    OFFER_PREFLIGHT,
    OFFER_NOTICE,
    OFFER_DRIFT,
    OFFER_MARK,
    OFFER_KINDS,
} OfferKind;

static ApproachView approach_view(const Coach *coach, const CoachView *view)
{
    return (ApproachView){view->at, coach->latency, view->boundary, coach->step_started,
                          engine_remaining(view->engine)};
}

static Offer offer_line(const Coach *coach, LineKind line, CueKind kind, CuePriority priority,
                        bool yields)
{
    const Line *this = &coach->lines[line];
    return (Offer){this->due, this->due, this->expires, kind, priority, yields, this->text.text};
}

// A rest is told with the split before it where both fit before the next announcement.
static Offer offer_step(const Coach *coach, const CoachView *view, const ApproachView *near)
{
    Offer offer = offer_line(coach, LINE_STEP, CUE_STEP, PRIORITY_STEP, false);
    if (offer.from == USEC_NEVER || view->at >= offer.expires)
        return offer; // as it nearly always is; how long it takes need not be found out
    Usec free_until = approach_begins(&coach->approach, near);
    Usec takes = takes_to_say(coach, coach->with_split.text), again;
    if (takes > 0 && free_until - view->at > takes + coach->latency &&
        budget_allows(&coach->budget, view->at, CUE_SPLIT, takes, &again)) {
        offer.kind = CUE_SPLIT;
        offer.text = coach->with_split.text;
    } else if (free_until - view->at < takes_to_say(coach, offer.text) + coach->latency)
        offer.priority = PRIORITY_SPLIT; // the countdown may cut it short
    return offer;
}

// What changes what the runner can rely on, as soon as it does not disturb.
static Offer offer_sensor(const CoachView *view, Usec due, CuePriority priority, const char *text)
{
    if (due == USEC_NEVER)
        return OFFER_NONE;
    return (Offer){
        .from = due,
        .due = usec_later(due, view->at),
        .expires = usec_later(due, view->at) + SENSOR_LATE,
        .kind = CUE_SAFETY,
        .priority = priority,
        .yields = true,
        .text = text,
    };
}

static Offer offer_watch(const Coach *coach, const CoachView *view, const Watch *watch,
                         PhraseId lost, PhraseId back)
{
    return offer_sensor(view, watch_due(watch), PRIORITY_SAFETY,
                        coach->config.phrases->phrase[watch->lost ? back : lost]);
}

static Offer offer_drift(const Coach *coach, const CoachView *view, const ApproachView *near)
{
    static const PhraseId phrases[] = {
        [DRIFT_EASY] = PHRASE_EASY, [DRIFT_STEADY] = PHRASE_STEADY, [DRIFT_PUSH] = PHRASE_PUSH};
    Usec due;
    DriftCue cue = drift_wanted(&coach->drift, &due);
    // Once the next step is on the runner's mind, this one is over; nor is anybody sent after a
    // pace that is given up a moment later.
    Usec over = coach->approach.announce ? approach_begins(&coach->approach, near) : view->boundary;
    if (cue == DRIFT_NONE || coach->approach.announced ||
        usec_later(due, view->at) >= over - LAST_CORRECTION)
        return OFFER_NONE;
    due = usec_later(due, coach->quiet_at + BREATH);
    return (Offer){
        .from = due,
        .due = usec_later(due, view->at),
        .expires = usec_later(due, view->at) + 2 * USEC_PER_SEC,
        .kind = CUE_DRIFT,
        .priority = PRIORITY_CORRECTION,
        .yields = true,
        .text = coach->config.phrases->phrase[phrases[cue]],
    };
}

static Offer offer_running(const Coach *coach, const CoachView *view, const ApproachView *near,
                           OfferKind kind)
{
    const Drift *drift = &coach->drift;
    switch (kind) {
    case OFFER_GO:
        return offer_line(coach, LINE_GO, CUE_COUNTDOWN, PRIORITY_STEP, false);
    case OFFER_COUNT:
        return approach_count(&coach->approach, coach->config.phrases, near);
    case OFFER_STEP:
        return offer_step(coach, view, near);
    case OFFER_ANNOUNCEMENT:
        return approach_announcement(&coach->approach, near);
    case OFFER_SPLIT:
        return offer_line(coach, LINE_SPLIT, CUE_SPLIT, PRIORITY_SPLIT, true);
    case OFFER_POD:
        return offer_watch(coach, view, &coach->pod, PHRASE_POD_LOST, PHRASE_POD_BACK);
    case OFFER_STRAP:
        return offer_watch(coach, view, &coach->strap, PHRASE_STRAP_LOST, PHRASE_STRAP_BACK);
    case OFFER_PREFLIGHT:
        return offer_line(coach, LINE_PREFLIGHT, CUE_SAFETY, PRIORITY_SPLIT, true);
    case OFFER_NOTICE:
        return offer_sensor(view, coach->notices.due, PRIORITY_CORRECTION,
                            coach->notices.text.text);
    case OFFER_DRIFT:
        return offer_drift(coach, view, near);
    case OFFER_MARK:
        return approach_mark(&coach->approach, coach->config.phrases, near,
                             drift->now == DRIFT_STEADY && drift->correcting == DRIFT_NONE);
    case OFFER_PAUSE:
    case OFFER_SUMMARY:
    case OFFER_KINDS:
        break;
    }
    return OFFER_NONE;
}

static bool is_running(const Coach *coach, const CoachView *view)
{
    return view->running && coach->begun;
}

static Offer offer_of(const Coach *coach, const CoachView *view, OfferKind kind)
{
    if (kind == OFFER_PAUSE)
        return offer_line(coach, LINE_PAUSE, CUE_SAFETY, PRIORITY_SAFETY, false);
    if (kind == OFFER_SUMMARY)
        return offer_line(coach, LINE_SUMMARY, CUE_SUMMARY, PRIORITY_SPLIT, false);
    if (kind == OFFER_PREFLIGHT && !view->plan) // a start that comes meanwhile waits for its end
        return offer_line(coach, LINE_PREFLIGHT, CUE_SAFETY, PRIORITY_SAFETY, false);
    if (!is_running(coach, view))
        return OFFER_NONE;
    ApproachView near = approach_view(coach, view);
    Offer offer = offer_running(coach, view, &near, kind);
    if (offer.from == USEC_NEVER || offer.from > view->at || !offer.yields)
        return offer;
    Usec takes = takes_to_say(coach, offer.text), again;
    Usec free_until = approach_begins(&coach->approach, &near);
    bool go_waits =
        view->at < coach->lines[LINE_GO].expires && coach->lines[LINE_GO].due != USEC_NEVER;
    if (go_waits || free_until - view->at < takes + coach->latency)
        return OFFER_NONE;
    if (!budget_allows(&coach->budget, view->at, offer.kind, takes, &again))
        offer.from = again;
    else if (kind == OFFER_DRIFT) {
        Offer mark = approach_mark(&coach->approach, coach->config.phrases, &near, false);
        if (mark.from != USEC_NEVER && mark.from - view->at < takes + coach->latency + BREATH)
            offer.from = mark.expires;
    }
    return offer;
}

// When this offer can be said if nothing happens before; USEC_NEVER for not at all.
static Usec verdict(const Coach *coach, const CoachView *view, const Offer *offer)
{
    if (offer->from == USEC_NEVER || view->at >= offer->expires)
        return USEC_NEVER;
    if (offer->from > view->at)
        return offer->from;
    if (is_speaking(coach, view->at) && !interrupts(coach, offer))
        return coach->speaking.until;
    return view->at;
}

// Its place is empty now, and its limits know.
static void settle(Coach *coach, const CoachView *view, OfferKind kind)
{
    Usec due;
    switch (kind) {
    case OFFER_PAUSE:
        line_clear(coach, LINE_PAUSE);
        break;
    case OFFER_GO:
        line_clear(coach, LINE_GO);
        break;
    case OFFER_STEP:
        line_clear(coach, LINE_STEP);
        break;
    case OFFER_SPLIT:
        line_clear(coach, LINE_SPLIT);
        break;
    case OFFER_SUMMARY:
        line_clear(coach, LINE_SUMMARY);
        break;
    case OFFER_ANNOUNCEMENT:
        approach_was_announced(&coach->approach);
        break;
    case OFFER_COUNT: {
        ApproachView near = approach_view(coach, view);
        approach_counted(&coach->approach, &near);
        break;
    }
    case OFFER_MARK: {
        ApproachView near = approach_view(coach, view);
        approach_marked(&coach->approach, &near);
        break;
    }
    case OFFER_PREFLIGHT: {
        const PreflightView sensors = preflight_view(view, NULL);
        notices_told_before(&coach->notices, &sensors);
        line_clear(coach, LINE_PREFLIGHT);
        break;
    }
    case OFFER_NOTICE:
        notices_told(&coach->notices);
        break;
    case OFFER_POD:
        watch_told(&coach->pod, view->at);
        break;
    case OFFER_STRAP:
        watch_told(&coach->strap, view->at);
        break;
    case OFFER_DRIFT:
        drift_said(&coach->drift, view->at, drift_wanted(&coach->drift, &due));
        break;
    case OFFER_KINDS:
        break;
    }
}

static void take_the_voice(Coach *coach, Usec at, const Cue *cue)
{
    Usec takes = takes_to_say(coach, cue->text);
    coach->speaking.id = cue->id;
    coach->speaking.kind = cue->kind;
    coach->speaking.priority = cue->priority;
    coach->speaking.takes = takes;
    coach->speaking.until = voice_overdue(coach, at);
    coach->quiet_at = at + coach->latency + takes;
    budget_spend(&coach->budget, at, cue->kind, takes);
}

bool coach_speak(Coach *coach, const CoachView *view, Cue *ret_cue, uint32_t *ret_hush)
{
    observe(coach, view);
    Offer best = OFFER_NONE;
    OfferKind chosen = OFFER_KINDS;
    for (OfferKind kind = 0; kind < OFFER_KINDS; kind++) {
        Offer offer = offer_of(coach, view, kind);
        if (verdict(coach, view, &offer) <= view->at &&
            (chosen == OFFER_KINDS || offer.priority > best.priority)) {
            best = offer;
            chosen = kind;
        }
    }
    if (chosen == OFFER_KINDS)
        return false;
    *ret_hush = is_speaking(coach, view->at) ? coach->speaking.id : 0;
    if (*ret_hush != 0 && coach->speaking.kind == CUE_STEP)
        coach->approach.announced = false; // it has to be told again when the step begins
    memset(ret_cue, 0, sizeof *ret_cue);
    ret_cue->id = ++coach->last_id;
    ret_cue->kind = best.kind;
    ret_cue->priority = best.priority;
    ret_cue->due = best.due;
    ret_cue->expires = best.expires;
    cue_set_text(ret_cue, best.text);
    settle(coach, view, chosen);
    take_the_voice(coach, view->at, ret_cue);
    return true;
}

Usec coach_deadline(const Coach *coach, const CoachView *view)
{
    Usec deadline = USEC_NEVER;
    for (OfferKind kind = 0; kind < OFFER_KINDS; kind++) {
        Offer offer = offer_of(coach, view, kind);
        Usec when = verdict(coach, view, &offer);
        if (when < deadline)
            deadline = when;
    }
    return deadline;
}
