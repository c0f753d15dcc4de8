// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Arbitration. Every part of the coach makes offers from its state; here the most important one
// that may be said now is chosen. Saying and waiting ask the same question (verdict()), so the
// deadline can neither miss a word nor spin on one that must not be said.

#include "coach/advice.h"
#include "coach/coach-inside.h"
#include "coach/script.h"

#include <string.h>

#define VOICE_OVERDUE  (3 * USEC_PER_SEC) // after the estimate: the voice's report is lost
#define COUNT_OVERDUE  (300 * USEC_PER_MSEC)
#define LATENCY_MAX    (2 * USEC_PER_SEC)  // a larger one is a broken report
#define GIVEN_UP       (60 * USEC_PER_SEC) // until the next try: for this while it is
#define SENSOR_LATE    (5 * USEC_PER_SEC)
#define BOUNDARY_TONE  (400 * USEC_PER_MSEC) // which no word covers
#define MILESTONE_STEP (20 * USEC_PER_MSEC)
#define ON_PACE_AGAIN  (20 * USEC_PER_SEC) // after the last correction

void coach_clear_line(Coach *coach, LineKind kind)
{
    coach->lines[kind].due = coach->lines[kind].expires = USEC_NEVER;
    coach->empty |= 1u << kind;
}

bool coach_is_speaking(const Coach *coach, Usec at)
{
    return coach->speaking.id != 0 && at < coach->speaking.until;
}

Usec coach_takes_to_say(const Coach *coach, const char *text)
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
    return offer->priority > PRIORITY_CORRECTION && offer->priority > coach->speaking.priority &&
           offer->kind != coach->speaking.kind;
}

// ── offers ──

typedef enum {
    OFFER_PAUSE,
    OFFER_STATUS,
    OFFER_SUMMARY,
    OFFER_PROPOSAL,
    OFFER_GO, // from here on only while a plan is run
    OFFER_COUNT,
    OFFER_SPLIT_REST,
    OFFER_STEP,
    OFFER_ANNOUNCEMENT,
    OFFER_SPLIT,
    OFFER_KILOMETRE,
    OFFER_ADAPTED,
    OFFER_POD,
    OFFER_STRAP,
    OFFER_UNMEASURED,
    OFFER_PREFLIGHT,
    OFFER_NOTICE,
    OFFER_DRIFT,
    OFFER_CLICKS,
    OFFER_FORM,
    OFFER_MARK,
    OFFER_PRAISE,
    OFFER_KINDS,
} OfferKind;

// The line that an offer is of; LINE_COUNT: of none.
static const unsigned char LINE_OF[OFFER_KINDS] = {
    [OFFER_STATUS] = LINE_STATUS,
    [OFFER_PAUSE] = LINE_PAUSE,
    [OFFER_GO] = LINE_GO,
    [OFFER_COUNT] = LINE_COUNT,
    [OFFER_SPLIT_REST] = LINE_SPLIT_REST,
    [OFFER_STEP] = LINE_STEP,
    [OFFER_ANNOUNCEMENT] = LINE_COUNT,
    [OFFER_SPLIT] = LINE_SPLIT,
    [OFFER_KILOMETRE] = LINE_KILOMETRE,
    [OFFER_ADAPTED] = LINE_ADAPTED,
    [OFFER_SUMMARY] = LINE_SUMMARY,
    [OFFER_PROPOSAL] = LINE_PROPOSAL,
    [OFFER_POD] = LINE_COUNT,
    [OFFER_STRAP] = LINE_COUNT,
    [OFFER_UNMEASURED] = LINE_UNMEASURED,
    [OFFER_PREFLIGHT] = LINE_PREFLIGHT,
    [OFFER_NOTICE] = LINE_COUNT,
    [OFFER_DRIFT] = LINE_COUNT,
    [OFFER_CLICKS] = LINE_CLICKS,
    [OFFER_FORM] = LINE_COUNT,
    [OFFER_MARK] = LINE_COUNT,
    [OFFER_PRAISE] = LINE_PRAISE,
};

static bool has_nothing(const Coach *coach, OfferKind kind)
{
    return coach->empty & 1u << LINE_OF[kind] ||
           (kind == OFFER_NOTICE && coach->notices.due == USEC_NEVER);
}

static bool is_running(const Coach *coach, const CoachView *view)
{
    return view->running && coach->begun;
}

int coach_most_of(const Coach *coach, CueKind kind)
{
    return coach->config.silent & 1u << kind ? FORM_SILENT
                                             : verbosity_most(coach->config.verbosity, kind);
}

bool coach_counts_in_tones(const Coach *coach)
{
    return coach_most_of(coach, CUE_COUNTDOWN) == FORM_EARCON;
}

// Nothing is near while nothing is run.
static ApproachView approach_view(const Coach *coach, const CoachView *view)
{
    if (!is_running(coach, view))
        return (ApproachView){.at = view->at, .boundary = USEC_NEVER, .remaining = NAN};
    return (ApproachView){
        .at = view->at,
        .latency = coach->latency,
        .boundary = view->boundary,
        .started = coach->step_started,
        .remaining =
            view->engine->now.measure == MEASURE_HEART ? NAN : engine_remaining(view->engine),
        .tones = coach_counts_in_tones(coach),
    };
}

static Offer offer_line(const Coach *coach, LineKind line, CueKind kind, CuePriority priority,
                        CueWhy why)
{
    const Line *this = &coach->lines[line];
    return (Offer){
        .from = this->due,
        .due = this->due,
        .expires = this->expires,
        .over = USEC_NEVER,
        .kind = kind,
        .priority = priority,
        .why = why,
        .full = this->text.text,
        .brief = this->brief.text[0] ? this->brief.text : NULL,
        .tone = this->tone,
    };
}

// A line that must not run into an announcement or a countdown.
static Offer offer_aside(const Coach *coach, LineKind line, CueKind kind, CuePriority priority,
                         CueWhy why, const ApproachView *near)
{
    Offer offer = offer_line(coach, line, kind, priority, why);
    offer.over = approach_begins(&coach->approach, near);
    return offer;
}

static Offer offer_step(const Coach *coach, const ApproachView *near)
{
    Offer offer = offer_aside(coach, LINE_STEP, CUE_STEP, PRIORITY_STEP, CUE_WHY_STEP_BEGINS, near);
    offer.brief = offer.full;
    offer.brief_anyway = true;
    return offer;
}

// What changes what the runner can rely on, as soon as it does not disturb.
static Offer offer_sensor(const Coach *coach, const CoachView *view, const ApproachView *near,
                          Usec due, CuePriority priority, const char *text)
{
    if (due == USEC_NEVER)
        return OFFER_NONE;
    return (Offer){
        .from = due,
        .due = usec_later(due, view->at),
        .expires = usec_later(due, view->at) + SENSOR_LATE,
        .over = approach_begins(&coach->approach, near),
        .kind = CUE_SAFETY,
        .priority = priority,
        .why = CUE_WHY_SENSOR,
        .full = text,
    };
}

static Offer offer_watch(const Coach *coach, const CoachView *view, const ApproachView *near,
                         const Watch *watch, PhraseId lost, PhraseId back)
{
    return offer_sensor(coach, view, near, watch_due(watch), PRIORITY_SAFETY,
                        coach->config.phrases->phrase[watch->lost ? back : lost]);
}

static Offer offer_mark(const Coach *coach, const CoachView *view, const ApproachView *near)
{
    const Drift *drift = &coach->drift;
    const bool on_pace = coach->aim == AIM_SPEED && drift->now == DRIFT_STEADY &&
                         drift->correcting == DRIFT_NONE &&
                         view->at >= drift->corrected_at + ON_PACE_AGAIN;
    if (milestones_near(&coach->milestones, view->engine, view->speed.value))
        return OFFER_NONE;
    return approach_mark(&coach->approach, coach->config.phrases, near, on_pace);
}

static Offer offer_unmeasured(const Coach *coach, const CoachView *view, const ApproachView *near)
{
    const Estimate measured = advice_measured(coach, view);
    if (estimate_known(&measured))
        return OFFER_NONE;
    return offer_aside(coach, LINE_UNMEASURED, CUE_SAFETY, PRIORITY_SPLIT, CUE_WHY_SENSOR, near);
}

static Offer offer_running(const Coach *coach, const CoachView *view, const ApproachView *near,
                           OfferKind kind)
{
    switch (kind) {
    case OFFER_GO:
        return offer_line(coach, LINE_GO, CUE_COUNTDOWN, PRIORITY_STEP, CUE_WHY_BOUNDARY);
    case OFFER_COUNT:
        return approach_count(&coach->approach, coach->config.phrases, near);
    case OFFER_SPLIT_REST:
        return offer_aside(coach, LINE_SPLIT_REST, CUE_SPLIT, PRIORITY_STEP, CUE_WHY_STEP_ENDED,
                           near);
    case OFFER_STEP:
        return offer_step(coach, near);
    case OFFER_ANNOUNCEMENT:
        return approach_announcement(&coach->approach, near);
    case OFFER_SPLIT:
        return offer_aside(coach, LINE_SPLIT, CUE_SPLIT, PRIORITY_SPLIT, CUE_WHY_STEP_ENDED, near);
    case OFFER_KILOMETRE:
        return offer_aside(coach, LINE_KILOMETRE, CUE_KILOMETRE, PRIORITY_SPLIT, CUE_WHY_ON_THE_WAY,
                           near);
    case OFFER_ADAPTED:
        return offer_aside(coach, LINE_ADAPTED, CUE_ADAPTATION, PRIORITY_SPLIT,
                           CUE_WHY_PLAN_CHANGED, near);
    case OFFER_POD:
        return offer_watch(coach, view, near, &coach->pod, PHRASE_POD_LOST, PHRASE_POD_BACK);
    case OFFER_STRAP:
        return offer_watch(coach, view, near, &coach->strap, PHRASE_STRAP_LOST, PHRASE_STRAP_BACK);
    case OFFER_UNMEASURED:
        return offer_unmeasured(coach, view, near);
    case OFFER_CLICKS:
        return offer_aside(coach, LINE_CLICKS, CUE_STEP, PRIORITY_CORRECTION, CUE_WHY_STEP_BEGINS,
                           near);
    case OFFER_PREFLIGHT:
        return offer_aside(coach, LINE_PREFLIGHT, CUE_SAFETY, PRIORITY_SPLIT, CUE_WHY_PREFLIGHT,
                           near);
    case OFFER_NOTICE:
        return offer_sensor(coach, view, near, coach->notices.due, PRIORITY_CORRECTION,
                            coach->notices.text.text);
    case OFFER_DRIFT:
        return advice_on_drift(coach, view, near);
    case OFFER_FORM:
        return advice_on_form(coach, view, near);
    case OFFER_MARK:
        return offer_mark(coach, view, near);
    case OFFER_PRAISE:
        return offer_aside(coach, LINE_PRAISE, CUE_PRAISE, PRIORITY_ENCOURAGEMENT, CUE_WHY_EVEN,
                           near);
    case OFFER_PAUSE:
    case OFFER_STATUS:
    case OFFER_SUMMARY:
    case OFFER_PROPOSAL:
    case OFFER_KINDS:
        break;
    }
    return OFFER_NONE;
}

static Offer offer_ever(const Coach *coach, const ApproachView *near, OfferKind kind)
{
    if (kind == OFFER_PAUSE)
        return offer_line(coach, LINE_PAUSE, CUE_SAFETY, PRIORITY_SAFETY, CUE_WHY_PAUSE);
    if (kind == OFFER_STATUS)
        return offer_aside(coach, LINE_STATUS, CUE_STATUS, PRIORITY_SPLIT, CUE_WHY_ASKED, near);
    if (kind == OFFER_SUMMARY)
        return offer_line(coach, LINE_SUMMARY, CUE_SUMMARY, PRIORITY_SPLIT, CUE_WHY_RUN_ENDED);
    return offer_line(coach, LINE_PROPOSAL, CUE_ADAPTATION, PRIORITY_SPLIT, CUE_WHY_PROPOSED);
}

static Offer offer_of(const Coach *coach, const CoachView *view, const ApproachView *near,
                      OfferKind kind)
{
    if (kind < OFFER_GO)
        return offer_ever(coach, near, kind);
    if (kind == OFFER_PREFLIGHT && !view->plan) // a start that comes meanwhile waits for its end
        return offer_line(coach, LINE_PREFLIGHT, CUE_SAFETY, PRIORITY_SAFETY, CUE_WHY_PREFLIGHT);
    if (!is_running(coach, view))
        return OFFER_NONE;
    return offer_running(coach, view, near, kind);
}

// ── forms ──

typedef struct {
    CueForm form;
    const char *text;
} Choice;

// Of words that are due: whether they can be said now, and if not, when the budget may allow it.
static bool can_say(const Coach *coach, Usec at, const Offer *offer, const char *text, bool anyway,
                    Usec *ret_again)
{
    const Usec takes = coach_takes_to_say(coach, text);
    *ret_again = USEC_NEVER;
    // A button is owed an answer, and the end of the run a word; what is asked after it takes
    // nobody's breath.
    const bool in_brief = offer->why == CUE_WHY_ASKED || offer->why == CUE_WHY_RUN_ENDED;
    const bool answers = offer->why == CUE_WHY_PAUSE || offer->why == CUE_WHY_PROPOSED ||
                         (in_brief && text == offer->brief);
    const bool go_waits =
        coach->lines[LINE_GO].due != USEC_NEVER && at < coach->lines[LINE_GO].expires;
    if (!anyway && offer->over != USEC_NEVER &&
        (go_waits || offer->over - at < takes + coach->latency))
        return false;
    // A countdown goes on as it began.
    if (offer->kind == CUE_COUNTDOWN && coach->approach.count < APPROACH_COUNT_FROM)
        return coach->speaking.kind == CUE_COUNTDOWN;
    return answers || budget_allows(&coach->budget, at, offer->kind, takes, ret_again);
}

// The longest form that can be borne now. False: none can, and *ret_again is when it should be
// asked again.
static bool choose_form(const Coach *coach, Usec at, Offer *offer, Choice *ret_choice,
                        Usec *ret_again)
{
    const int most = coach_most_of(coach, offer->kind);
    const char *words[] = {offer->full, offer->brief};
    *ret_again = USEC_NEVER;
    if (most == FORM_SHORT && !offer->brief)
        words[FORM_SHORT] = offer->full;
    for (int form = most; form < FORM_EARCON; form++) {
        Usec again;
        if (!words[form] || words[form][0] == '\0')
            continue;
        *ret_choice = (Choice){(CueForm)form, words[form]};
        if (can_say(coach, at, offer, words[form], false, &again))
            return true;
        *ret_again = usec_earlier(*ret_again, again);
    }
    const char *least = offer->brief ? offer->brief : offer->full;
    if (most < FORM_EARCON && offer->brief_anyway &&
        can_say(coach, at, offer, least, true, ret_again)) {
        *ret_choice = (Choice){FORM_SHORT, least};
        offer->priority = PRIORITY_SPLIT; // the countdown may cut it short
        return true;
    }
    // A tone stands in for what has its moment; what can wait does.
    *ret_choice = (Choice){FORM_EARCON, offer->full};
    const bool stands_in =
        most < FORM_EARCON && offer->full[0] != '\0' && offer->priority >= PRIORITY_COUNTDOWN;
    return offer->tone != TONE_NONE && (most == FORM_EARCON || stands_in);
}

// When this offer can be said if nothing happens before, USEC_NEVER for not at all; now: in what
// form.
static Usec verdict(const Coach *coach, const CoachView *view, Offer *offer, Choice *ret_choice)
{
    Usec again;
    if (offer->from == USEC_NEVER || view->at >= offer->expires)
        return USEC_NEVER;
    if (offer->from > view->at)
        return offer->from;
    if (!choose_form(coach, view->at, offer, ret_choice, &again))
        return again;
    const bool words = ret_choice->form != FORM_EARCON;
    if (words && coach->tone_until - coach->latency > view->at)
        return coach->tone_until - coach->latency;
    if (words && coach_is_speaking(coach, view->at) && !interrupts(coach, offer))
        return coach->speaking.until;
    return view->at;
}

// Its place is empty now, and its limits know.
static void settle(Coach *coach, const CoachView *view, OfferKind kind, const Offer *offer,
                   CueForm form)
{
    if (LINE_OF[kind] < LINE_COUNT)
        coach_clear_line(coach, LINE_OF[kind]);
    switch (kind) {
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
        break;
    }
    case OFFER_UNMEASURED:
        coach->unmeasured |= 1u << coach->aim;
        break;
    case OFFER_CLICKS:
        coach->clicks_told = true;
        break;
    case OFFER_SPLIT_REST: // in place of each other
        coach_clear_line(coach, LINE_STEP);
        break;
    case OFFER_STEP:
        coach_clear_line(coach, LINE_SPLIT_REST);
        break;
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
        advice_on_drift_given(coach, view->at, offer->brief && form == FORM_FULL);
        break;
    case OFFER_FORM:
        advice_on_form_given(coach, view->at);
        break;
    case OFFER_PAUSE:
    case OFFER_STATUS:
    case OFFER_PRAISE:
    case OFFER_GO:
    case OFFER_SPLIT:
    case OFFER_KILOMETRE:
    case OFFER_ADAPTED:
    case OFFER_SUMMARY:
    case OFFER_PROPOSAL:
    case OFFER_KINDS:
        break;
    }
}

static void take_the_voice(Coach *coach, Usec at, const Cue *cue)
{
    const Usec takes = cue->takes;
    coach->speaking.id = cue->id;
    coach->speaking.kind = cue->kind;
    coach->speaking.priority = cue->priority;
    coach->speaking.takes = takes;
    coach->speaking.until = voice_overdue(coach, at);
    coach->quiet_at = at + coach->latency + takes;
    if (cue->kind != CUE_STATUS || cue->form == FORM_FULL) // who asks again spends his own breath
        budget_spend(&coach->budget, at, cue->kind, takes);
}

static void make_cue(Coach *coach, Usec at, const Offer *offer, const Choice *choice, Cue *ret_cue)
{
    memset(ret_cue, 0, sizeof *ret_cue);
    ret_cue->id = ++coach->last_id;
    ret_cue->kind = offer->kind;
    ret_cue->priority = offer->priority;
    ret_cue->why = offer->why;
    ret_cue->form = choice->form;
    ret_cue->tone = choice->form == FORM_EARCON ? offer->tone : TONE_NONE;
    ret_cue->meaning = offer->tone;
    ret_cue->due = offer->due;
    ret_cue->expires = offer->expires;
    // It is placed where it is due, and no output can be faster; a late "two" would be a wrong one.
    if (choice->form == FORM_EARCON && ret_cue->tone != TONE_COUNT &&
        at + coach->latency < offer->expires)
        ret_cue->due = usec_later(offer->due, at + coach->latency);
    if (choice->form != FORM_EARCON)
        ret_cue->takes = coach_takes_to_say(coach, choice->text);
    cue_set_text(ret_cue, choice->text);
}

// When the next kilometre is passed; asked again no sooner than a prediction moves by.
static Usec milestone_at(const Coach *coach, const CoachView *view)
{
    if (!is_running(coach, view))
        return USEC_NEVER;
    const Usec ahead = milestones_ahead(&coach->milestones, view->engine, view->speed.value);
    return ahead == USEC_NEVER ? USEC_NEVER : view->at + usec_later(ahead, MILESTONE_STEP);
}

bool coach_speak(Coach *coach, const CoachView *view, Cue *ret_cue, uint32_t *ret_hush)
{
    coach_observe(coach, view);
    Offer best = OFFER_NONE;
    Choice said = {0};
    OfferKind chosen = OFFER_KINDS;
    Usec deadline = USEC_NEVER;
    const ApproachView near = approach_view(coach, view);
    for (OfferKind kind = 0; kind < OFFER_KINDS; kind++) {
        if (has_nothing(coach, kind)) // as most have nearly always
            continue;
        Offer offer = offer_of(coach, view, &near, kind);
        Choice choice;
        const Usec when = verdict(coach, view, &offer, &choice);
        deadline = usec_earlier(deadline, when);
        if (when <= view->at && (chosen == OFFER_KINDS || offer.priority > best.priority)) {
            best = offer;
            said = choice;
            chosen = kind;
        }
    }
    coach->deadline = usec_earlier(deadline, milestone_at(coach, view));
    if (chosen == OFFER_KINDS)
        return false;
    const bool sounds = said.form == FORM_EARCON;
    *ret_hush = !sounds && coach_is_speaking(coach, view->at) ? coach->speaking.id : 0;
    if (*ret_hush != 0 && coach->speaking.kind == CUE_STEP)
        coach->approach.announced = false; // it has to be told again when the step begins
    make_cue(coach, view->at, &best, &said, ret_cue);
    settle(coach, view, chosen, &best, said.form);
    if (sounds && (ret_cue->tone == TONE_GO || ret_cue->tone == TONE_REST))
        coach->tone_until = ret_cue->due + BOUNDARY_TONE;
    if (!sounds)
        take_the_voice(coach, view->at, ret_cue);
    return true;
}

Usec coach_deadline(const Coach *coach)
{
    return coach->deadline;
}

const char *coach_coming(const Coach *coach)
{
    const bool told = coach->begun && coach->approach.announce && !coach->approach.announced &&
                      coach_most_of(coach, CUE_STEP) < FORM_EARCON;
    return told ? coach->approach.ahead.text : NULL;
}

Silence coach_silence(const Coach *coach, const CoachView *view)
{
    if (!is_running(coach, view))
        return SILENCE_NOT_RUNNING;
    if (coach->resting)
        return SILENCE_REST;
    if (isnan(coach->goal.target))
        return SILENCE_NO_TARGET;
    if (coach_most_of(coach, CUE_DRIFT) == FORM_SILENT)
        return SILENCE_SWITCHED_OFF;
    if (isnan(coach->drift.goal.target))
        return SILENCE_SHORT;
    const Estimate measured = advice_measured(coach, view);
    if (!estimate_known(&measured))
        return SILENCE_NOT_MEASURED;
    if (measured.confidence < COACH_CONFIDENT)
        return SILENCE_LOW_CONFIDENCE;
    if (view->at < coach->drift.grace_until)
        return SILENCE_GRACE;
    Usec due;
    const bool off = coach->drift.now == DRIFT_EASY || coach->drift.now == DRIFT_PUSH;
    if (drift_wanted(&coach->drift, &due) == DRIFT_NONE)
        return off ? SILENCE_GAVE_UP : SILENCE_ON_TARGET;
    const ApproachView near = approach_view(coach, view);
    const Offer offer = advice_on_drift(coach, view, &near);
    if (offer.from == USEC_NEVER)
        return coach->sent_home ? SILENCE_GAVE_UP : SILENCE_ENDING;
    if (offer.from > view->at + GIVEN_UP)
        return SILENCE_GAVE_UP;
    if (offer.from > view->at || coach_is_speaking(coach, view->at))
        return SILENCE_WAITING;
    return SILENCE_BUDGET;
}
