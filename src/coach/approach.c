// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Everything here is a function of the boundary as it is believed now; only what was said is kept.
// What is past its moment is stepped over without being forgotten, so that a prediction that moves
// out again brings it back.

#include "coach/approach.h"

#include "coach/script.h"
#include "workout/edit.h"

#include <string.h>

#define MARK_LATE     (1500 * USEC_PER_MSEC)
#define ANNOUNCE_LATE USEC_PER_SEC
#define ON_TIME       (10 * USEC_PER_MSEC)  // a boundary that moves is not chased any closer
#define GO_STANDS     (5 * USEC_PER_SEC)    // a boundary that comes so much later was another
#define FELT          0.03                  // slower by less is the same to the legs
#define STEP_OPENING  (800 * USEC_PER_MSEC) // the first moment of a step belongs to its own "go"

static Words coming(const Phrases *phrases, unsigned lead, Words step)
{
    return phrases_fill(phrases, PHRASE_COMING, "lead", phrases->number[lead], "step", step.text,
                        NULL);
}

static void choose_lead(Approach *approach, const Phrases *phrases, Words step, Words brief)
{
    for (unsigned lead = 5; lead <= 15; lead += 5) {
        approach->lead = lead;
        approach->ahead = coming(phrases, lead, step);
        if (speech_duration(approach->ahead.text, approach->words_a_minute) + APPROACH_CLEAR <=
            lead * USEC_PER_SEC)
            return;
    }
    approach->ahead = coming(phrases, approach->lead, brief);
}

static void add_mark(Approach *approach, double remaining, bool halfway, Words text)
{
    size_t i = approach->mark_count++;
    approach->marks[i].remaining = remaining;
    approach->marks[i].halfway = halfway;
    approach->marks[i].text = text;
}

static Words to_go(const Phrases *phrases, PhraseId id, unsigned n)
{
    return phrases_fill(phrases, id, "n", words_number(phrases, n).text, NULL);
}

static void mark_distance(Approach *approach, const Phrases *phrases, double metres)
{
    if (metres >= 600)
        add_mark(approach, metres / 2, true, (Words){0});
    if (metres >= 400)
        add_mark(approach, 200, false, to_go(phrases, PHRASE_METRES_TO_GO, 200));
    else if (metres > 100)
        add_mark(approach, 50, false, to_go(phrases, PHRASE_METRES_TO_GO, 50));
}

// Ten seconds to go are not told where the announcement says so. Nor are thirty in a short step or
// rest: who was told its length a moment ago and is told what follows a moment later needs no third
// voice.
static bool tells_thirty_seconds(double seconds, bool work)
{
    return seconds >= (work ? 90 : 120);
}

static void mark_time(Approach *approach, const Phrases *phrases, double seconds, bool work)
{
    if (work && seconds >= 120)
        add_mark(approach, seconds / 2, true, (Words){0});
    if (tells_thirty_seconds(seconds, work) && !approach->rests_on)
        add_mark(approach, 30, false, to_go(phrases, PHRASE_SECONDS_TO_GO, 30));
    if (work && seconds >= 20 && !approach->announce)
        add_mark(approach, 10, false, to_go(phrases, PHRASE_SECONDS_TO_GO, 10));
}

static bool rests(const Plan *plan, size_t step)
{
    return step < plan->step_count && plan->steps[step].step.kind == STEP_REST;
}

// What a step asks for at most beside what was run until it, as a part of that; NAN where the two
// cannot be compared.
static double rise_into(const Plan *plan, size_t step)
{
    const Aim *before = &plan->steps[step - 1].aim, *this = &plan->steps[step].aim;
    const bool hard = this->quantity == AIM_SPEED || this->quantity == AIM_HEART ||
                      this->quantity == AIM_POWER || this->quantity == AIM_EFFORT;
    return hard && this->quantity == before->quantity
               ? fmax(this->value, this->end) / before->end - 1
               : (double)NAN;
}

static bool is_in_one_repetition(const PlanStep *before, const PlanStep *this)
{
    return this->repetitions > 1 && before->repetitions == this->repetitions &&
           before->repetition == this->repetition;
}

// Which way it goes from here, where that can be told: in a progression what is easy beside its end
// is faster all the same. But whoever rests after it works in it, and likewise whoever rested
// before it in a set, however slow it is beside what else there is, unless it is of the same
// repetition.
Tone approach_tone(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    if (this->step.kind == STEP_REST)
        return TONE_REST;
    if (step == 0)
        return TONE_GO;
    const bool one = is_in_one_repetition(this - 1, this);
    const bool works = rests(plan, step + 1) || (this->repetitions > 1 && rests(plan, step - 1));
    const double rise = rise_into(plan, step);
    if (rise > 0)
        return TONE_GO;
    const bool back = one && this[-1].stride && !this->stride;
    const bool ease = back || (rise < -FELT && (one || !works)) ||
                      plan_is_jog_between(plan, step) || (!works && plan_step_is_easy(plan, step));
    return ease ? TONE_REST : TONE_GO;
}

static bool is_work(const Plan *plan, size_t step)
{
    return plan->steps[step].step.kind == STEP_WORK && !plan_is_jog_between(plan, step);
}

bool approach_tells_thirty_seconds(const Plan *plan, size_t step)
{
    const Step *this = &plan->steps[step].step;
    return this->measure == MEASURE_TIME &&
           tells_thirty_seconds(usec_to_s(this->duration), is_work(plan, step));
}

void approach_renew(Approach *approach, const Phrases *phrases, const Plan *plan, size_t step)
{
    const bool last = step + 1 == plan->step_count;
    const bool work_follows = !last && plan->steps[step + 1].step.kind == STEP_WORK;
    approach->rests_on = rests(plan, step) && rests(plan, step + 1);
    approach->go_timed = step_ends_by_clock(&plan->steps[step].step) && work_follows;
    approach->last = last ? TONE_REST : approach_tone(plan, step + 1);
    Words late = {0};
    if (work_follows || approach->rests_on) {
        const Words whole = script_step(phrases, plan, step + 1, true);
        const Words brief = script_step(phrases, plan, step + 1, false);
        choose_lead(approach, phrases, whole, brief);
        late = phrases_fill(phrases, PHRASE_NEXT, "step", whole.text, NULL);
        approach->late_brief = phrases_fill(phrases, PHRASE_NEXT, "step", brief.text, NULL);
    }
    // What was announced and does not follow any more is announced anew, or told as it begins.
    if (strcmp(late.text, approach->late.text) != 0)
        approach->announced = false;
    approach->late = late;
    // A rest after work is told when it begins: nobody has to get ready for it. One after another
    // rest is told before, or whoever waits for work would get ready for nothing.
    approach->announce = (work_follows || approach->rests_on) && !approach->announced;
}

void approach_begin(Approach *approach, const Phrases *phrases, int words_a_minute,
                    const Plan *plan, size_t step)
{
    const Step *this = &plan->steps[step].step;
    *approach = (Approach){
        .words_a_minute = words_a_minute,
        .count = APPROACH_COUNT_FROM,
    };
    approach_renew(approach, phrases, plan, step);
    const bool work = is_work(plan, step);
    if (this->measure == MEASURE_TIME)
        mark_time(approach, phrases, usec_to_s(this->duration), work);
    else if (this->measure == MEASURE_DISTANCE && work)
        mark_distance(approach, phrases, (double)this->distance_mm / 1000.0);
}

// When the voice must be told, for something to be heard when it is due.
static Usec from_for(const ApproachView *view, Usec due)
{
    Usec from = due - view->latency;
    return from > view->at && from <= view->at + ON_TIME ? view->at : from;
}

// The next number that is neither said nor too late; -1 for none.
static int next_count(const Approach *approach, const ApproachView *view)
{
    if (view->boundary == USEC_NEVER)
        return -1;
    for (int count = approach->rests_on && approach->count > 0 ? 0 : approach->count; count >= 0;
         count--) {
        Usec due = view->boundary - count * USEC_PER_SEC;
        if (count == 0 && !approach->go_timed && !view->tones)
            return -1;
        if (view->at < due + APPROACH_WORD_LATE &&
            (count == 0 || due >= view->started + STEP_OPENING))
            return count;
    }
    return -1;
}

Offer approach_count(const Approach *approach, const Phrases *phrases, const ApproachView *view)
{
    static const PhraseId words[] = {PHRASE_GO, PHRASE_ONE, PHRASE_TWO, PHRASE_THREE};
    int count = next_count(approach, view);
    if (count < 0)
        return OFFER_NONE;
    Usec due = view->boundary - count * USEC_PER_SEC;
    return (Offer){
        .from = from_for(view, view->tones ? due - CUE_TONE_AHEAD : due),
        .due = due,
        .expires = due + APPROACH_WORD_LATE,
        .over = USEC_NEVER,
        .kind = CUE_COUNTDOWN,
        .priority = count == 0 ? PRIORITY_STEP : PRIORITY_COUNTDOWN,
        .why = CUE_WHY_BOUNDARY,
        .full = count > 0 || approach->last == TONE_GO ? phrases->phrase[words[count]]
                : approach->go_timed                   ? phrases->phrase[PHRASE_EASY]
                                                       : "",
        .tone = count > 0 ? TONE_COUNT : approach->last,
    };
}

void approach_counted(Approach *approach, const ApproachView *view)
{
    approach->count = next_count(approach, view) - 1;
    approach->go_due = view->boundary;
}

bool approach_foretold(const Approach *approach, Usec ended)
{
    return approach->count < 0 && ended < approach->go_due + GO_STANDS;
}

static Usec announcement_due(const Approach *approach, const ApproachView *view)
{
    return view->boundary - approach->lead * USEC_PER_SEC;
}

Offer approach_announcement(const Approach *approach, const ApproachView *view)
{
    if (!approach->announce || view->boundary == USEC_NEVER)
        return OFFER_NONE;
    Usec due = announcement_due(approach, view);
    const bool late = view->at >= due + ANNOUNCE_LATE;
    return (Offer){
        .from = from_for(view, due),
        .due = due,
        .expires = late ? view->boundary - APPROACH_CLEAR : due + ANNOUNCE_LATE,
        .over = view->boundary - APPROACH_CLEAR + (late ? 0 : ANNOUNCE_LATE),
        .kind = CUE_STEP,
        // Not a step change yet: the countdown may cut it short.
        .priority = PRIORITY_SPLIT,
        .why = CUE_WHY_STEP_COMES,
        .full = late ? approach->late.text : approach->ahead.text,
        .brief = approach->late_brief.text,
    };
}

void approach_was_announced(Approach *approach)
{
    approach->announce = false;
    approach->announced = true;
}

// When `remaining` will be left, at the pace that leads to the boundary.
static Usec mark_due(const ApproachView *view, double remaining)
{
    double share = remaining / view->remaining;
    return view->boundary - usec_from_s(share * usec_to_s(view->boundary - view->at));
}

static size_t next_mark(const Approach *approach, const ApproachView *view)
{
    size_t i = approach->mark_next;
    if (view->boundary == USEC_NEVER || !(view->remaining > 0))
        return approach->mark_count;
    while (i < approach->mark_count &&
           view->at >= mark_due(view, approach->marks[i].remaining) + MARK_LATE)
        i++;
    return i;
}

Offer approach_mark(const Approach *approach, const Phrases *phrases, const ApproachView *view,
                    bool on_pace)
{
    size_t i = next_mark(approach, view);
    if (i == approach->mark_count)
        return OFFER_NONE;
    Usec due = mark_due(view, approach->marks[i].remaining);
    const char *text = approach->marks[i].text.text;
    if (approach->marks[i].halfway)
        text = phrases->phrase[on_pace ? PHRASE_HALFWAY_ON_PACE : PHRASE_HALFWAY];
    return (Offer){
        .from = from_for(view, due),
        .due = due,
        .expires = due + MARK_LATE,
        .over = approach_begins(approach, view),
        .kind = CUE_PROGRESS,
        .priority = PRIORITY_ENCOURAGEMENT,
        .why = CUE_WHY_ON_THE_WAY,
        .full = text,
    };
}

void approach_marked(Approach *approach, const ApproachView *view)
{
    approach->mark_next = next_mark(approach, view) + 1;
}

Usec approach_begins(const Approach *approach, const ApproachView *view)
{
    if (view->boundary == USEC_NEVER)
        return USEC_NEVER;
    Usec heard =
        approach->announce ? announcement_due(approach, view) : view->boundary - APPROACH_CLEAR;
    return heard - view->latency;
}
