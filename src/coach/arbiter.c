// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Arbitration. Every part of the coach makes offers from its state; here the most important one
// that may be said now is chosen. Saying and waiting ask the same question (verdict()), so the
// deadline can neither miss a word nor spin on one that must not be said.

#include "coach/coach-inside.h"
#include "coach/script.h"

#include <string.h>

#define VOICE_OVERDUE   (3 * USEC_PER_SEC) // after the estimate: the voice's report is lost
#define COUNT_OVERDUE   (300 * USEC_PER_MSEC)
#define LATENCY_MAX     (2 * USEC_PER_SEC)  // a larger one is a broken report
#define LAST_CORRECTION (10 * USEC_PER_SEC) // before a step is over: it cannot work any more
#define SENSOR_LATE     (5 * USEC_PER_SEC)
#define BREATH          (2 * USEC_PER_SEC) // of silence on either side of a correction

void coach_clear_line(Coach *coach, LineKind kind)
{
    coach->lines[kind].due = coach->lines[kind].expires = USEC_NEVER;
}

bool coach_is_speaking(const Coach *coach, Usec at)
{
    return coach->speaking.id != 0 && at < coach->speaking.until;
}

static Usec takes_to_say(const Coach *coach, const char *text)
{
    return speech_duration(text, coach->config.words_a_minute);
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
    OFFER_ADAPTED,
    OFFER_SUMMARY,
    OFFER_PROPOSAL,
    OFFER_POD,
    OFFER_STRAP,
    OFFER_PREFLIGHT,
    OFFER_NOTICE,
    OFFER_DRIFT,
    OFFER_MARK,
    OFFER_KINDS,
} OfferKind;

static bool is_running(const Coach *coach, const CoachView *view)
{
    return view->running && coach->begun;
}

// Nothing is near while nothing is run.
static ApproachView approach_view(const Coach *coach, const CoachView *view)
{
    if (!is_running(coach, view))
        return (ApproachView){.at = view->at, .boundary = USEC_NEVER, .remaining = NAN};
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
    if (cue == DRIFT_NONE || coach->approach.announced || (cue == DRIFT_PUSH && coach->sent_home) ||
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
    case OFFER_ADAPTED:
        return offer_line(coach, LINE_ADAPTED, CUE_ADAPTATION, PRIORITY_SPLIT, true);
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
    case OFFER_PROPOSAL:
    case OFFER_KINDS:
        break;
    }
    return OFFER_NONE;
}

static Offer offer_of(const Coach *coach, const CoachView *view, const ApproachView *near,
                      OfferKind kind)
{
    if (kind == OFFER_PAUSE)
        return offer_line(coach, LINE_PAUSE, CUE_SAFETY, PRIORITY_SAFETY, false);
    if (kind == OFFER_SUMMARY)
        return offer_line(coach, LINE_SUMMARY, CUE_SUMMARY, PRIORITY_SPLIT, false);
    if (kind == OFFER_PROPOSAL)
        return offer_line(coach, LINE_PROPOSAL, CUE_ADAPTATION, PRIORITY_SPLIT, false);
    if (kind == OFFER_PREFLIGHT && !view->plan) // a start that comes meanwhile waits for its end
        return offer_line(coach, LINE_PREFLIGHT, CUE_SAFETY, PRIORITY_SAFETY, false);
    if (!is_running(coach, view))
        return OFFER_NONE;
    Offer offer = offer_running(coach, view, near, kind);
    if (offer.from == USEC_NEVER || offer.from > view->at || !offer.yields)
        return offer;
    Usec takes = takes_to_say(coach, offer.text), again;
    Usec free_until = approach_begins(&coach->approach, near);
    bool go_waits =
        view->at < coach->lines[LINE_GO].expires && coach->lines[LINE_GO].due != USEC_NEVER;
    if (go_waits || free_until - view->at < takes + coach->latency)
        return OFFER_NONE;
    if (!budget_allows(&coach->budget, view->at, offer.kind, takes, &again))
        offer.from = again;
    else if (kind == OFFER_DRIFT) {
        Offer mark = approach_mark(&coach->approach, coach->config.phrases, near, false);
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
    if (coach_is_speaking(coach, view->at) && !interrupts(coach, offer))
        return coach->speaking.until;
    return view->at;
}

// Its place is empty now, and its limits know.
static void settle(Coach *coach, const CoachView *view, OfferKind kind)
{
    Usec due;
    switch (kind) {
    case OFFER_PAUSE:
        coach_clear_line(coach, LINE_PAUSE);
        break;
    case OFFER_GO:
        coach_clear_line(coach, LINE_GO);
        break;
    case OFFER_STEP:
        coach_clear_line(coach, LINE_STEP);
        break;
    case OFFER_SPLIT:
        coach_clear_line(coach, LINE_SPLIT);
        break;
    case OFFER_ADAPTED:
        coach_clear_line(coach, LINE_ADAPTED);
        break;
    case OFFER_SUMMARY:
        coach_clear_line(coach, LINE_SUMMARY);
        break;
    case OFFER_PROPOSAL:
        coach_clear_line(coach, LINE_PROPOSAL);
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
        const PreflightView sensors = coach_preflight_view(view, NULL);
        notices_told_before(&coach->notices, &sensors);
        coach_clear_line(coach, LINE_PREFLIGHT);
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
    coach_observe(coach, view);
    Offer best = OFFER_NONE;
    OfferKind chosen = OFFER_KINDS;
    const ApproachView near = approach_view(coach, view);
    for (OfferKind kind = 0; kind < OFFER_KINDS; kind++) {
        Offer offer = offer_of(coach, view, &near, kind);
        if (verdict(coach, view, &offer) <= view->at &&
            (chosen == OFFER_KINDS || offer.priority > best.priority)) {
            best = offer;
            chosen = kind;
        }
    }
    if (chosen == OFFER_KINDS)
        return false;
    *ret_hush = coach_is_speaking(coach, view->at) ? coach->speaking.id : 0;
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
    const ApproachView near = approach_view(coach, view);
    Usec deadline = USEC_NEVER;
    for (OfferKind kind = 0; kind < OFFER_KINDS; kind++) {
        Offer offer = offer_of(coach, view, &near, kind);
        Usec when = verdict(coach, view, &offer);
        if (when < deadline)
            deadline = when;
    }
    return deadline;
}
