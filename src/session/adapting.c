// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is hard is the moment. A rest's end is foreseen, and looked at while there is time to say
// something and to announce what follows; a rest made longer is looked at once more at its new end.
// After the set the rest is not in the plan: it is taken to be as long as the one before.

#include "session/adapting.h"

#include "coach/coach.h"

#define OPENING_S       5.0  // of a repetition: it gets going, and its speed says nothing
#define OPENING_SHORT_S 10.0 // of a short one, of whose mean the pod's delay would be a part
#define WHOLE           0.94 // of its length: a runner who ends it by hand knows better
#define GAP_S           5.0  // a longer span without a look says nothing of what was in it
#define SETTLED         (3 * USEC_PER_SEC) // into what follows the set, at the earliest
#define VETO_NOTICE     (5 * USEC_PER_SEC) // for a countdown, where a rest that was lengthened is over
#define WHY_TOLD        2                  // why a rest gets longer, in a set, one after the other
#define ROOM            2                  // steps that an offer may need
#define AHEAD_OF_MARK                                                                              \
    (35 * USEC_PER_SEC)          // where "thirty seconds to go" would be said, and be wrong
#define TOLD (20 * USEC_PER_SEC) // it takes to tell of a change, and to take it back

void adapting_begin(Adapting *adapting, bool on, double heart_max, double week, bool on_track)
{
    const AdaptSet set = {
        .heart_max = heart_max,
        .load_7d = week,
        .load_28d = 1,
        .on_track = on_track,
    };
    adapting->on = on;
    adapting->set = PLAN_ITEMS_MAX;
    adapting->running = adapting->waiting = adapting->asked = adapting->rated = false;
    adapting->strap = false;
    adapting->changes = 0;
    adapting->rpe = (double)NAN;
    adapting->until = USEC_NEVER;
    recent_reset(&adapting->heart);
    adapt_begin(&adapting->rules, &set);
}

bool adapting_attends(const Adapting *adapting)
{
    return adapting->running || adapting->waiting || adapting->until != USEC_NEVER;
}

// ── measuring ──

static void add(double *sum, double *known_s, const Estimate *estimate, double seconds)
{
    if (!coach_trusts(estimate) || seconds > GAP_S)
        return;
    *sum += estimate->value * seconds;
    *known_s += seconds;
}

void adapting_sample(Adapting *adapting, Usec at, double seconds, const AdaptingView *view,
                     const Engine *engine)
{
    Repetition *rep = &adapting->rep;
    const bool heart = coach_trusts(&view->heart_rate) && seconds <= GAP_S;
    recent_add(&adapting->heart, at, seconds, heart ? view->heart_rate.value : (double)NAN);
    adapting->strap |= heart;
    if (engine->paused || !engine->running || !adapting->running)
        return;
    if (heart)
        rep->heart_s += seconds;
    if (usec_to_s(engine->step_active) < rep->opening_s)
        return;
    rep->seconds += seconds;
    add(&rep->metres, &rep->known_s, &view->speed, seconds);
    add(&rep->cadence_sum, &rep->cadence_s, &view->cadence, seconds);
    add(&rep->step_sum, &rep->step_s, &view->step_length, seconds);
}

static double mean(double sum, double seconds)
{
    return seconds > 0 ? sum / seconds : (double)NAN;
}

static double share(double known, double seconds)
{
    return seconds > 0 ? known / seconds : 0;
}

static RepResult rep_result(const Adapting *adapting, const Lap *lap, const AdaptingView *view)
{
    const Repetition *rep = &adapting->rep;
    const double seconds = usec_to_s(lap->duration);
    const Aim *aim = &lap->aim;
    const bool by_heart = aim->quantity == AIM_HEART;
    return (RepResult){
        .target_mps = aim_speed(aim),
        .effort_most = aim->quantity == AIM_EFFORT ? aim->high : 0,
        .heart_least = by_heart ? aim->low : 0,
        .heart_most = by_heart ? aim->high : 0,
        .speed_mps = mean(rep->metres, rep->known_s),
        .whole_mps = lap->speed_mps,
        .speed_share = share(rep->known_s, rep->seconds),
        .cadence = mean(rep->cadence_sum, rep->cadence_s),
        .step_m = mean(rep->step_sum, rep->step_s),
        .heart_bpm = recent_mean(&adapting->heart, lap->ended),
        .heart_share = adapting->strap ? share(rep->heart_s, seconds) : (double)NAN,
        .d_prime_fraction = view->d_prime_fraction,
        .rpe = adapting->rpe,
        .duration_s = seconds,
    };
}

// ── what comes ──

static RepLength length_of(const Step *step)
{
    const bool by_time = step->measure == MEASURE_TIME;
    return (RepLength){by_time, by_time ? step->duration / 1000 : step->distance_mm};
}

static bool has_length(const Step *step)
{
    return step->measure == MEASURE_TIME || step->measure == MEASURE_DISTANCE;
}

static bool is_in_set(const Adapting *adapting, const Plan *plan, size_t step)
{
    return plan_set_of(plan, step) == adapting->set;
}

// Of the steps from `first` to before `end`; 0 where the plan does not know it.
static Usec time_between(const Plan *plan, const Engine *engine, size_t first, size_t end)
{
    Usec time = 0;
    for (size_t i = first; i < end; i++) {
        const Step *step = i == engine->step ? &engine->now : &plan->steps[i].step;
        if (step->measure != MEASURE_TIME)
            return 0;
        time += step->duration;
    }
    return time;
}

// From the step that is being run to the next repetition of the set around `step`, or the set's
// end.
static Usec rest_to_next(const Plan *plan, const Engine *engine, size_t step)
{
    const size_t next = plan_next_repetition(plan, step);
    return time_between(plan, engine, engine->step,
                        next < plan->step_count ? next : plan_set_end(plan, step));
}

// After the repetition `step`, which ended just now.
static Usec rest_after(const Adapting *adapting, const Plan *plan, const Engine *engine,
                       size_t step)
{
    size_t begin = step;
    if (is_in_set(adapting, plan, engine->step))
        return rest_to_next(plan, engine, step);
    while (begin > 0 && is_in_set(adapting, plan, begin - 1) &&
           !plan_is_repetition(plan, begin - 1))
        begin--;
    return time_between(plan, engine, begin, step);
}

// In what follows the set the heart is not resting, and its rate says nothing: no rest at all.
static AdaptAhead ahead_of(const Adapting *adapting, const Plan *plan, const Engine *engine,
                           size_t step)
{
    const size_t next = plan_next_repetition(plan, step);
    AdaptAhead ahead = {
        .reps = plan_repetitions_left(plan, step),
        .rest_s = adapting->rest > 0 ? usec_to_s(adapting->rest) : (double)NAN,
    };
    if (!is_in_set(adapting, plan, engine->step))
        ahead.rest_s = 0;
    if (next < plan->step_count && has_length(&plan->steps[next].step)) {
        ahead.next = length_of(&plan->steps[next].step);
        ahead.next_plan = plan->steps[next].planned;
    }
    return ahead;
}

static Step with_length(const Step *like, RepLength length)
{
    Step step = *like;
    step.measure = length.by_time ? MEASURE_TIME : MEASURE_DISTANCE;
    step.duration = length.by_time ? length.milli * 1000 : 0;
    step.distance_mm = length.by_time ? 0 : length.milli;
    return step;
}

// ── doing ──

static void tell_length(Adaptation *adaptation, const Step *step)
{
    if (step->measure == MEASURE_TIME)
        adaptation->duration_s = usec_to_s(step->duration);
    else
        adaptation->distance_m = (double)step->distance_mm / 1000;
}

static Step shortened(const PlanStep *step, void *data)
{
    const bool *on_track = data;
    if (!has_length(&step->step))
        return step->step;
    return with_length(&step->step,
                       adapt_shortened(length_of(&step->step), step->planned, *on_track));
}

// One more repetition like the latest, or a bit of it.
static Step extra_step(const Adapting *adapting, const Plan *plan, size_t latest)
{
    const Step *like = &plan->steps[latest].step;
    int64_t volume = plan_set_volume(plan, latest, like);
    if (like->measure == MEASURE_TIME)
        volume /= 1000; // ms
    return with_length(like, adapt_extra(length_of(like), volume, adapting->rules.rep.target_mps));
}

static size_t latest_repetition(const Plan *plan, size_t step)
{
    while (step > 0 && !plan_is_repetition(plan, step))
        step--;
    return step;
}

// Something can be put in: in the set's own rest it comes next, else what runs breaks off for it,
// which by distance it cannot.
static bool can_add(const Adapting *adapting, const Plan *plan, const Engine *engine)
{
    return engine->running && !plan_is_repetition(plan, engine->step) &&
           plan->step_count + ROOM <= PLAN_STEPS_MAX &&
           has_length(&plan->steps[latest_repetition(plan, engine->step)].step) &&
           (is_in_set(adapting, plan, engine->step) || step_ends_by_clock(&engine->now));
}

// To what is easily said: five seconds, and at least that.
static double round_to(double seconds)
{
    return fmax(5, 5 * round(seconds / 5));
}

// Until the next repetition begins; 0: the plan does not know it, or the set is over.
static Usec rest_left(const Adapting *adapting, const Plan *plan, const Engine *engine)
{
    if (!is_in_set(adapting, plan, engine->step) || plan_is_repetition(plan, engine->step))
        return 0;
    const Usec rest = rest_to_next(plan, engine, engine->step);
    return rest > engine->step_active ? rest - engine->step_active : 0;
}

static bool lengthen_by(Adapting *adapting, Engine *engine, Usec more)
{
    adapting->longer = engine->step;
    adapting->before = engine->now;
    return engine_lengthen(engine, more);
}

// What nobody could be told in time, nor take back, is not done.
static bool lengthen(Adapting *adapting, const Plan *plan, Engine *engine, Adaptation *adaptation)
{
    const Usec left = rest_left(adapting, plan, engine);
    adaptation->rest_s = round_to(adapt_more_rest_s(usec_to_s(adapting->rest)));
    const Usec more = usec_from_s(adaptation->rest_s);
    if ((left > 0 && left + more < TOLD) || !lengthen_by(adapting, engine, more))
        return false;
    if (adapt_waits(&adapting->rules) &&
        engine_until_heart(engine, ADAPT_HEART_RECOVERED * adapting->rules.set.heart_max)) {
        engine->now.least = engine->now.duration;
        engine_lengthen(engine, more);
        adaptation->rest_s *= 2;
        adaptation->heart_below = (uint8_t)engine->now.heart_below;
    }
    if (adaptation->reason != adapting->why_longer)
        adapting->longer_rests = 0;
    adapting->why_longer = adaptation->reason;
    adaptation->again = adapting->longer_rests++ >= WHY_TOLD;
    return true;
}

// A change to what comes next takes as much of a rest as telling it does; after other words in the
// same rest the minute's are spent, and twice that passes until what follows can be announced.
static void make_room(Adapting *adapting, Engine *engine, Usec left, Adaptation *adaptation)
{
    const Usec room = adapting->spoken ? 2 * TOLD : TOLD;
    if (left > 0 && left < room && lengthen_by(adapting, engine, room - left))
        adaptation->rest_s = usec_to_s(room - left);
}

// Does it, and fills in what it comes to. False: it could not be done.
static bool act(Adapting *adapting, Plan *plan, Engine *engine, Adaptation *adaptation)
{
    const size_t step = engine->step;
    Step extra;
    switch (adaptation->decision) {
    case ADAPT_NOTHING:
    case ADAPT_UNDECIDED:
    case ADAPT_CONTINUE:
    case ADAPT_FINISH:
        return true;
    case ADAPT_ADD:
        if (!can_add(adapting, plan, engine))
            return false;
        extra = extra_step(adapting, plan, latest_repetition(plan, step));
        tell_length(adaptation, &extra);
        adaptation->on_offer = 1;
        return true;
    case ADAPT_REST_PLUS:
        return lengthen(adapting, plan, engine, adaptation);
    case ADAPT_DROP:
        adaptation->goes_on = plan_begins_inner(plan, step);
        return plan_drop_last(plan, step, &adapting->edit);
    case ADAPT_SHORTEN:
        if (!plan_shorten(plan, step, shortened, &adapting->rules.set.on_track, &adapting->edit))
            return false;
        tell_length(adaptation, &plan->steps[plan_next_repetition(plan, step)].step);
        adaptation->goes_on = plan_next_is_like_all(plan, step);
        return true;
    case ADAPT_STOP:
        adaptation->goes_on = plan_goes_on(plan, step);
        return plan_end_set(plan, step, &adapting->edit);
    }
    return false;
}

static bool decided(Adapting *adapting, AdaptAdvice advice, Usec at, Plan *plan, Engine *engine,
                    Adaptation *ret_adaptation)
{
    if (advice.decision == ADAPT_NOTHING)
        return false;
    Adaptation adaptation = {
        .decision = advice.decision,
        .reason = advice.reason,
        .flags = advice.flags,
        .rest_s = (double)NAN,
        .duration_s = (double)NAN,
        .distance_m = (double)NAN,
    };
    const Usec left = rest_left(adapting, plan, engine);
    adapting->longer = PLAN_STEPS_MAX;
    if (!act(adapting, plan, engine, &adaptation))
        return false;
    if (adaptation.decision >= ADAPT_DROP)
        make_room(adapting, engine, left, &adaptation);
    if (adaptation.decision >= ADAPT_ADD) {
        adapting->latest = adaptation;
        adapting->until = at + ADAPTING_UNSAID;
        adapting->heard = false;
        adapting->spoken = true;
        adapting->changes += !adaptation.on_offer;
    }
    *ret_adaptation = adaptation;
    return true;
}

// ── moments ──

void adapting_step_started(Adapting *adapting, const Plan *plan, size_t step)
{
    adapting->running = adapting->on && plan_is_repetition(plan, step);
    if (!adapting->running)
        return;
    const size_t set = plan_set_of(plan, step);
    if (adapting->set != set)
        adapting->longer_rests = 0;
    if (adapting->set != PLAN_ITEMS_MAX && adapting->set != set)
        adapt_next_set(&adapting->rules);
    adapting->set = set;
    adapting->waiting = adapting->asked = adapting->rated = false;
    adapting->until = USEC_NEVER; // it is being run
    adapting->rpe = (double)NAN;
    const double planned = step_planned_s(&plan->steps[step]);
    const bool is_short = planned > 0 && planned < ADAPT_SHORT_S;
    adapting->rep = (Repetition){.opening_s = is_short ? OPENING_SHORT_S : OPENING_S};
}

// In one piece, to its end or nearly so.
static bool ran_whole(const Lap *lap, const Step *step)
{
    if (lap->ended - lap->started != lap->duration)
        return false; // paused
    const double run = step_ends_by_clock(step) ? usec_to_s(lap->duration) : lap->distance_m;
    const double length = step_length(step); // NAN of one that ends by hand
    return lap->outcome == STEP_COMPLETED ||
           (lap->outcome == STEP_LAPPED && (run >= WHOLE * length || isnan(length)));
}

bool adapting_step_ended(Adapting *adapting, Plan *plan, Engine *engine, const Lap *lap,
                         const AdaptingView *view, Adaptation *ret_adaptation)
{
    if (!adapting->running || !engine->running || !ran_whole(lap, &plan->steps[lap->step].step) ||
        plan_is_repetition(plan, engine->step))
        return false;
    const RepResult rep = rep_result(adapting, lap, view);
    adapting->rest = rest_after(adapting, plan, engine, lap->step);
    const AdaptAhead ahead = ahead_of(adapting, plan, engine, lap->step);
    adapting->waiting = true;
    adapting->spoken = false;
    return decided(adapting, adapt_rep_ended(&adapting->rules, &rep, &ahead), lap->ended, plan,
                   engine, ret_adaptation);
}

// When the rest of the latest repetition is to be looked at: before its last step ends. USEC_NEVER:
// not in this step, or after `at`.
static Usec look_at(const Adapting *adapting, Usec at, Usec boundary, const Plan *plan,
                    const Engine *engine)
{
    const size_t next = engine->step + 1;
    if (!adapting->waiting || !engine->running || engine->paused)
        return USEC_NEVER;
    if (!is_in_set(adapting, plan, engine->step))
        return engine->step_started + usec_later(SETTLED, adapting->rest - ADAPTING_AHEAD);
    const Usec look =
        boundary -
        (approach_tells_thirty_seconds(plan, engine->step) ? AHEAD_OF_MARK : ADAPTING_AHEAD);
    if (boundary == USEC_NEVER || (look > at && !adapting->rated) ||
        (next < plan->step_count && is_in_set(adapting, plan, next) &&
         !plan_is_repetition(plan, next)))
        return USEC_NEVER;
    return look;
}

bool adapting_look(Adapting *adapting, Usec at, Usec boundary, Plan *plan, Engine *engine,
                   const AdaptingView *view, Adaptation *ret_adaptation)
{
    if (adapting->until != USEC_NEVER && at >= adapting->until)
        adapting->until = USEC_NEVER;
    const Usec look = look_at(adapting, at, boundary, plan, engine);
    const bool due = look <= at && !(adapting->asked && look <= adapting->asked_at);
    if (!due && !(adapting->asked && adapting->rated && look != USEC_NEVER))
        return false;
    // Told late how it felt, the rules have heard the heart already, and a rest whose end may be
    // counted down by now gets no longer.
    const RestResult rest = {due ? recent_mean(&adapting->heart, at) : (double)NAN,
                             view->d_prime_fraction, adapting->rpe};
    adapting->rated = false;
    if (due) {
        adapting->asked = true;
        adapting->asked_at = at;
    } else { // what follows may have been announced
        adapting->spoken = true;
    }
    return decided(adapting, adapt_rest_ending(&adapting->rules, &rest), at, plan, engine,
                   ret_adaptation);
}

void adapting_rated(Adapting *adapting, double rpe)
{
    adapting->rpe = rpe;
    adapting->rated = adapting->waiting;
}

void adapting_said(Adapting *adapting, Usec at)
{
    adapting->heard = adapting->until != USEC_NEVER;
    if (adapting->heard)
        adapting->until = at + ADAPTING_VETO;
}

static bool is_open(const Adapting *adapting, Usec at)
{
    return adapting->until != USEC_NEVER && at < adapting->until;
}

bool adapting_is_known(const Adapting *adapting, Usec at)
{
    return is_open(adapting, at) && adapting->heard;
}

bool adapting_veto(Adapting *adapting, Usec at, Plan *plan, Engine *engine,
                   Adaptation *ret_adaptation)
{
    if (!is_open(adapting, at) || !engine->running)
        return false;
    const bool longer = engine->step == adapting->longer;
    const bool edited = adapting->latest.decision >= ADAPT_DROP;
    if (adapting->latest.decision == ADAPT_REST_PLUS && !longer)
        return false;
    if (edited && !plan_undo(plan, engine->step, &adapting->edit))
        return false;
    if (longer)
        engine_restore(engine, &adapting->before, VETO_NOTICE);
    adapting->until = USEC_NEVER;
    adapting->changes -= !adapting->latest.on_offer;
    adapt_refused(&adapting->rules);
    *ret_adaptation = adapting->latest;
    ret_adaptation->taken_back = 1;
    ret_adaptation->on_offer = 0;
    return true;
}

// In the set's own rest it comes next; else what runs breaks off for it, after as much of it as
// there was rest before, and begins again.
bool adapting_accept(Adapting *adapting, Usec at, Plan *plan, Engine *engine,
                     Adaptation *ret_adaptation)
{
    if (!is_open(adapting, at) || !engine->running || !adapting->latest.on_offer ||
        !can_add(adapting, plan, engine))
        return false;
    const size_t latest = latest_repetition(plan, engine->step);
    const bool in_rest = is_in_set(adapting, plan, engine->step);
    const Usec due = is_in_set(adapting, plan, latest + 1) ? 0 : adapting->rest;
    PlanStep steps[ROOM] = {plan->steps[latest], plan->steps[engine->step]};
    steps[0].step = extra_step(adapting, plan, latest);
    steps[0].repetition = ++steps[0].repetitions;
    plan_insert(plan, engine->step, steps, in_rest ? 1 : ROOM, &adapting->edit);
    if (!in_rest)
        engine_shorten(engine, usec_later(due - engine->step_active, ADAPTING_AHEAD));
    adapting->until = USEC_NEVER;
    adapting->changes++;
    *ret_adaptation = adapting->latest;
    ret_adaptation->on_offer = 0;
    return true;
}

Usec adapting_deadline(const Adapting *adapting, Usec boundary, const Plan *plan,
                       const Engine *engine)
{
    const Usec look = look_at(adapting, USEC_NEVER, boundary, plan, engine);
    return adapting->asked && look <= adapting->asked_at ? USEC_NEVER : look;
}
