// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// See advice.h.

#include "coach/advice.h"

#include "coach/coach-inside.h"
#include "coach/script.h"

#define FORM_SETTLES (20 * USEC_PER_SEC) // into a step
#define LIMIT_BAND   0.01                // beyond a limit, that is to last before it is told
#define NUMBER_AGAIN (60 * USEC_PER_SEC) // before it is said again what is asked for
#define BREATH       (2 * USEC_PER_SEC)  // of silence on either side of a correction

// ── what is asked for ──

static PhraseId correction_of(AimQuantity aim, DriftCue cue)
{
    static const PhraseId phrases[] = {
        [DRIFT_EASY] = PHRASE_EASY, [DRIFT_STEADY] = PHRASE_STEADY, [DRIFT_PUSH] = PHRASE_PUSH};
    return aim == AIM_CADENCE && cue == DRIFT_PUSH ? PHRASE_QUICK_FEET : phrases[cue];
}

// A limit on one side only is held from that side; nobody is told to take fewer steps.
static DriftGoal goal_of(const Aim *aim, double band)
{
    const bool heart = aim->quantity == AIM_HEART, steps = aim->quantity == AIM_CADENCE;
    const bool measured =
        heart || steps || aim->quantity == AIM_SPEED || aim->quantity == AIM_POWER;
    DriftGoal goal = {.target = measured ? aim->value : (double)NAN, .band = band};
    if (steps || isnan(aim->high))
        goal.only = DRIFT_PUSH;
    else if (isnan(aim->low))
        goal.only = DRIFT_EASY;
    if (isnan(aim->low) || isnan(aim->high))
        goal.band = LIMIT_BAND;
    else
        goal.band = fmax(band, aim_width(aim));
    return goal;
}

// With its number; "" where it has none.
static Words correction_in_full(const Coach *coach, const Plan *plan, size_t step, DriftCue cue,
                                double speed)
{
    if (isnan(coach->goal.target))
        return (Words){0};
    return script_correction(coach->config.phrases, plan, step, correction_of(coach->aim, cue),
                             cue == DRIFT_EASY, speed);
}

void advice_begin_step(Coach *coach, const Plan *plan, size_t step, Usec length)
{
    drift_end(&coach->drift, coach->step_started);
    const Aim *aim = coach->resting ? &AIM_NOTHING : &plan->steps[step].aim;
    coach->easy = !coach->resting && plan_step_is_easy(plan, step);
    const bool easy = aim->quantity == AIM_SPEED && coach->easy;
    const double band = coach->config.band;
    coach->aim = aim->quantity;
    coach->goal = goal_of(aim, easy ? fmax(band, DRIFT_BAND_EASY) : band);
    if (easy) // on the way to work, between it and home: who wants it easier still, may
        coach->goal.only = DRIFT_EASY;
    coach->length = length;
    coach->number_again = 0;
    const double speed = aim_speed(aim);
    coach->corrections[DRIFT_EASY] = correction_in_full(coach, plan, step, DRIFT_EASY, speed);
    coach->corrections[DRIFT_PUSH] = correction_in_full(coach, plan, step, DRIFT_PUSH, speed);
}

void advice_begin(Coach *coach, Usec at)
{
    drift_begin(&coach->drift, at, coach->aim == AIM_HEART ? &DRIFT_OF_HEART : &DRIFT_OF_PACE,
                &coach->goal, coach->length);
    coach->measured_at = USEC_NEVER;
}

// ── how it goes ──

Estimate advice_measured(const Coach *coach, const CoachView *view)
{
    switch (coach->aim) {
    case AIM_HEART:
        return view->heart_rate;
    case AIM_CADENCE:
        return view->cadence;
    case AIM_POWER:
        return view->power;
    case AIM_NONE:
    case AIM_SPEED:
    case AIM_EFFORT:
    case AIM_MAXIMAL:
        break;
    }
    return view->speed;
}

// Once for each packet: between two of them the estimate moves by itself, and what is said must not
// hang on how often anybody asks.
static void measure_drift(Coach *coach, const CoachView *view)
{
    const Estimate measured = advice_measured(coach, view);
    const bool confident = coach_trusts(&measured);
    Usec measured_at = confident ? view->at - measured.age : USEC_NEVER;
    if (!view->running || (confident && measured_at == coach->measured_at))
        return;
    if (coach->measured_at == USEC_NEVER) // nothing was known until this instant
        drift_measure(&coach->drift, view->at, NAN);
    coach->measured_at = measured_at;
    const double speed = coach->aim == AIM_SPEED ? engine_target_speed(view->engine) : (double)NAN;
    const bool builds = coach->aim == AIM_SPEED && speed != coach->drift.goal.target;
    if (coach->aim == AIM_SPEED)
        drift_retarget(&coach->drift, speed);
    drift_measure(&coach->drift, view->at, confident ? measured.value : NAN);
    const DriftCue now = coach->drift.now;
    if (builds && (now == DRIFT_EASY || now == DRIFT_PUSH))
        coach->corrections[now] =
            correction_in_full(coach, view->plan, view->engine->step, now, speed);
}

// Not while he is told of anything else that is wrong, which would change his steps as well.
static void measure_form(Coach *coach, const CoachView *view)
{
    const Estimate *few = &view->form_drift, *cadence = &view->cadence;
    const bool known = view->running && !coach->resting && coach->drift.correcting == DRIFT_NONE &&
                       estimate_known(cadence) && coach_trusts(few);
    form_measure(&coach->form, view->at,
                 known ? few->value / (cadence->value + few->value) : (double)NAN);
}

void advice_measure(Coach *coach, const CoachView *view)
{
    measure_drift(coach, view);
    measure_form(coach, view);
}

// ── what is said of it ──

// Words that ask for something at this pace: from `due` on, with a breath before them, but not when
// what follows is on the runner's mind, nor later than they can work, and a mark of the way that is
// told soon comes first. OFFER_NONE: not any more.
static Offer offer_advice(const Coach *coach, const CoachView *view, const ApproachView *near,
                          Usec due, Usec works, const char *text)
{
    if (coach->approach.announced)
        return OFFER_NONE;
    const Usec over = approach_begins(&coach->approach, near);
    if (usec_later(due, view->at) >= over - works)
        return OFFER_NONE;
    due = usec_later(due, coach->quiet_at + BREATH);
    if (due <= view->at) {
        const Offer mark = approach_mark(&coach->approach, coach->config.phrases, near, false);
        if (coach_most_of(coach, CUE_PROGRESS) == FORM_FULL && mark.from != USEC_NEVER &&
            mark.from - view->at < coach_takes_to_say(coach, text) + coach->latency + BREATH)
            due = mark.expires;
    }
    return (Offer){
        .from = due,
        .due = usec_later(due, view->at),
        .expires = usec_later(due, view->at) + 2 * USEC_PER_SEC,
        .over = over,
        .priority = PRIORITY_CORRECTION,
        .full = text,
    };
}

Offer advice_on_drift(const Coach *coach, const CoachView *view, const ApproachView *near)
{
    static const CueWhy reasons[] = {[DRIFT_EASY] = CUE_WHY_TOO_FAST,
                                     [DRIFT_STEADY] = CUE_WHY_RIGHT_AGAIN,
                                     [DRIFT_PUSH] = CUE_WHY_TOO_SLOW};
    static const Tone tones[] = {
        [DRIFT_EASY] = TONE_SLOWER, [DRIFT_STEADY] = TONE_STEADY, [DRIFT_PUSH] = TONE_FASTER};
    Usec due;
    const DriftCue cue = drift_wanted(&coach->drift, &due);
    // Nobody is sent after a pace that is given up a moment later.
    if (cue == DRIFT_NONE || (cue == DRIFT_PUSH && coach->sent_home))
        return OFFER_NONE;
    const char *brief = coach->config.phrases->phrase[correction_of(coach->aim, cue)];
    const char *full = coach->corrections[cue].text;
    if (full[0] == '\0' || cue == coach->drift.correcting || view->at < coach->number_again)
        full = brief;
    Offer offer = offer_advice(coach, view, near, due, coach->drift.rule->works, full);
    offer.kind = CUE_DRIFT;
    offer.why = reasons[cue];
    offer.brief = full == brief ? NULL : brief;
    offer.tone = tones[cue];
    return offer;
}

Offer advice_on_form(const Coach *coach, const CoachView *view, const ApproachView *near)
{
    Usec due = form_due(&coach->form);
    if (due == USEC_NEVER || coach->sent_home || coach->easy)
        return OFFER_NONE;
    due = usec_later(due, coach->drift.corrected_at + DRIFT_OF_PACE.gap);
    Offer offer =
        offer_advice(coach, view, near, usec_later(due, coach->step_started + FORM_SETTLES),
                     DRIFT_OF_PACE.works, coach->config.phrases->phrase[PHRASE_QUICK_FEET]);
    offer.kind = CUE_FORM;
    offer.why = CUE_WHY_FORM;
    return offer;
}

void advice_on_drift_given(Coach *coach, Usec at, bool number)
{
    Usec due;
    drift_said(&coach->drift, at, drift_wanted(&coach->drift, &due));
    if (number)
        coach->number_again = at + NUMBER_AGAIN;
}

void advice_on_form_given(Coach *coach, Usec at)
{
    form_told(&coach->form, at);
    drift_yield(&coach->drift, at);
}
