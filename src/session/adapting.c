// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is hard is the moment. A rest's end is foreseen, and looked at while there is time to say
// something and to announce what follows; a rest made longer is looked at once more at its new end.

#include "session/adapting.h"

#define OPENING_S   5.0                // of a repetition: it gets going, and its speed says nothing
#define SETTLED     (3 * USEC_PER_SEC) // into a cool-down that begins without a rest
#define VETO_NOTICE (5 * USEC_PER_SEC) // for a countdown, where a rest that was lengthened is over

void adapting_begin(Adapting *adapting, bool on, double heart_max, bool on_track)
{
    const AdaptSet set = {
        .heart_max = heart_max,
        .load_7d = (double)NAN,
        .load_28d = (double)NAN,
        .on_track = on_track,
    };
    adapting->on = on;
    adapting->set = PLAN_ITEMS_MAX;
    adapting->running = adapting->waiting = adapting->asked = false;
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

void adapting_sample(Adapting *adapting, Usec at, double seconds, const AdaptingView *view,
                     const Engine *engine)
{
    recent_add(&adapting->heart, at, seconds, view->heart_rate.value);
    if (engine->paused || !engine->running || !adapting->running)
        return;
    if (estimate_known(&view->heart_rate))
        adapting->rep.heart_s += seconds;
    if (usec_to_s(engine->step_active) < OPENING_S)
        return;
    adapting->rep.seconds += seconds;
    if (estimate_known(&view->speed)) {
        adapting->rep.known_s += seconds;
        adapting->rep.metres += view->speed.value * seconds;
    }
    if (estimate_known(&view->cadence)) {
        adapting->rep.cadence_sum += view->cadence.value * seconds;
        adapting->rep.cadence_s += seconds;
    }
    if (estimate_known(&view->step_length)) {
        adapting->rep.step_sum += view->step_length.value * seconds;
        adapting->rep.step_s += seconds;
    }
}

static double mean(double sum, double seconds)
{
    return seconds > 0 ? sum / seconds : (double)NAN;
}

static RepResult rep_result(const Adapting *adapting, const Lap *lap, const AdaptingView *view,
                            Usec at)
{
    const double seconds = usec_to_s(lap->duration);
    const double heart_share = adapting->rep.heart_s / seconds;
    return (RepResult){
        .target_mps = aim_speed(&lap->aim),
        .speed_mps = mean(adapting->rep.metres, adapting->rep.known_s),
        .speed_share =
            adapting->rep.seconds > 0 ? adapting->rep.known_s / adapting->rep.seconds : 0,
        .cadence = mean(adapting->rep.cadence_sum, adapting->rep.cadence_s),
        .step_m = mean(adapting->rep.step_sum, adapting->rep.step_s),
        .heart_bpm = recent_mean(&adapting->heart, at),
        .heart_share = heart_share > 0 ? heart_share : (double)NAN,
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

static AdaptAhead ahead_of(const Plan *plan, const Engine *engine)
{
    const size_t next = plan_next_repetition(plan, engine->step);
    const bool timed = engine->now.kind == STEP_REST && engine->now.measure == MEASURE_TIME;
    AdaptAhead ahead = {
        .reps = plan_repetitions_left(plan, engine->step),
        .rest_s = timed ? usec_to_s(engine->now.duration) : (double)NAN,
    };
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

typedef struct {
    const Plan *plan;
    bool on_track;
} Shortening;

static Step shortened(const PlanStep *step, void *data)
{
    const Shortening *shortening = data;
    if (!has_length(&step->step))
        return step->step;
    return with_length(
        &step->step, adapt_shortened(length_of(&step->step), step->planned, shortening->on_track));
}

// One more repetition as the latest was planned, or a bit of it.
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

// To what is easily said: five seconds, and at least that.
static double round_to(double seconds)
{
    return fmax(5, 5 * round(seconds / 5));
}

// Does it, and fills in what it comes to. False: it could not be done.
static bool act(Adapting *adapting, Plan *plan, Engine *engine, Adaptation *adaptation)
{
    Shortening shortening = {plan, adapting->rules.set.on_track};
    const size_t step = engine->step;
    size_t latest;
    Step extra;
    switch (adaptation->decision) {
    case ADAPT_NOTHING:
    case ADAPT_UNDECIDED:
    case ADAPT_CONTINUE:
    case ADAPT_FINISH:
        return true;
    case ADAPT_ADD:
        latest = latest_repetition(plan, step);
        extra = extra_step(adapting, plan, latest);
        tell_length(adaptation, &extra);
        adaptation->on_offer = 1;
        // A cool-down by distance could not be broken off for it.
        return has_length(&plan->steps[latest].step) && step_ends_by_clock(&engine->now);
    case ADAPT_REST_PLUS:
        adaptation->rest_s =
            round_to(adapt_more_rest_s(usec_to_s(plan->steps[step].step.duration)));
        adapting->lengthened = usec_from_s(adaptation->rest_s);
        return engine_lengthen(engine, adapting->lengthened);
    case ADAPT_DROP:
        return plan_drop_last(plan, step, &adapting->edit);
    case ADAPT_SHORTEN:
        if (!plan_shorten(plan, step, shortened, &shortening, &adapting->edit))
            return false;
        tell_length(adaptation, &plan->steps[plan_next_repetition(plan, step)].step);
        return true;
    case ADAPT_STOP:
        return plan_end_set(plan, step, &adapting->edit);
    }
    return false;
}

static bool is_change(AdaptDecision decision)
{
    return decision >= ADAPT_ADD;
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
    if (!act(adapting, plan, engine, &adaptation))
        return false;
    if (is_change(adaptation.decision)) {
        adapting->latest = adaptation;
        adapting->until = at + ADAPTING_UNSAID;
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
    if (adapting->set != PLAN_ITEMS_MAX && adapting->set != set)
        adapt_next_set(&adapting->rules);
    adapting->set = set;
    adapting->waiting = adapting->asked = false;
    adapting->until = USEC_NEVER; // it is being run
    adapting->rpe = (double)NAN;
    adapting->rep = (Repetition){0};
}

bool adapting_step_ended(Adapting *adapting, Plan *plan, Engine *engine, const Lap *lap,
                         const AdaptingView *view, Adaptation *ret_adaptation)
{
    if (!adapting->on || lap->outcome != STEP_COMPLETED || !engine->running ||
        !plan_is_repetition(plan, lap->step) || plan_is_repetition(plan, engine->step))
        return false;
    const RepResult rep = rep_result(adapting, lap, view, lap->ended);
    const AdaptAhead ahead = ahead_of(plan, engine);
    adapting->waiting = true;
    adapting->asked = false;
    return decided(adapting, adapt_rep_ended(&adapting->rules, &rep, &ahead), lap->ended, plan,
                   engine, ret_adaptation);
}

// When the rest of the latest repetition is to be looked at: before its last step ends, or at once
// where the set was over without one. USEC_NEVER: not in this step.
static Usec look_at(const Adapting *adapting, Usec boundary, const Plan *plan, const Engine *engine)
{
    const size_t next = engine->step + 1;
    if (!adapting->waiting || !engine->running || engine->paused)
        return USEC_NEVER;
    if (plan_set_of(plan, engine->step) != adapting->set)
        return engine->step_started + SETTLED;
    if (boundary == USEC_NEVER ||
        (next < plan_set_end(plan, engine->step) && !plan_is_repetition(plan, next)))
        return USEC_NEVER;
    return boundary - ADAPTING_AHEAD;
}

bool adapting_look(Adapting *adapting, Usec at, Usec boundary, Plan *plan, Engine *engine,
                   const AdaptingView *view, Adaptation *ret_adaptation)
{
    if (adapting->until != USEC_NEVER && at >= adapting->until)
        adapting->until = USEC_NEVER;
    const Usec look = look_at(adapting, boundary, plan, engine);
    if (look > at || (adapting->asked && look <= adapting->asked_at))
        return false;
    adapting->asked = true;
    adapting->asked_at = at;
    const RestResult rest = {recent_mean(&adapting->heart, at), view->d_prime_fraction,
                             adapting->rpe};
    const bool is = decided(adapting, adapt_rest_ending(&adapting->rules, &rest), at, plan, engine,
                            ret_adaptation);
    if (is && ret_adaptation->decision == ADAPT_REST_PLUS && adapting->rules.longer_rests > 1)
        engine_until_heart(engine, ADAPT_HEART_RECOVERED * adapting->rules.set.heart_max);
    return is;
}

void adapting_rated(Adapting *adapting, double rpe)
{
    adapting->rpe = rpe;
    if (adapting->waiting)
        adapting->asked = false; // it may change what is right
}

void adapting_said(Adapting *adapting, Usec at)
{
    if (adapting->until != USEC_NEVER)
        adapting->until = at + ADAPTING_VETO;
}

bool adapting_open(const Adapting *adapting, Usec at)
{
    return adapting->until != USEC_NEVER && at < adapting->until;
}

bool adapting_veto(Adapting *adapting, Usec at, Plan *plan, Engine *engine,
                   Adaptation *ret_adaptation)
{
    if (!adapting_open(adapting, at))
        return false;
    adapting->until = USEC_NEVER;
    if (adapting->latest.decision == ADAPT_REST_PLUS)
        engine_take_back(engine, adapting->lengthened, VETO_NOTICE);
    else if (!adapting->latest.on_offer && !plan_undo(plan, engine->step, &adapting->edit))
        return false;
    adapt_refused(&adapting->rules);
    *ret_adaptation = adapting->latest;
    ret_adaptation->taken_back = 1;
    ret_adaptation->on_offer = 0;
    return true;
}

bool adapting_accept(Adapting *adapting, Usec at, Plan *plan, Engine *engine,
                     Adaptation *ret_adaptation)
{
    if (!adapting_open(adapting, at) || !adapting->latest.on_offer)
        return false;
    const size_t latest = latest_repetition(plan, engine->step);
    PlanStep steps[2] = {plan->steps[latest], plan->steps[engine->step]};
    const Step *rest = latest > 0 ? &plan->steps[latest - 1].step : NULL;
    const Usec wait = rest && rest->kind == STEP_REST ? rest->duration : 0;
    steps[0].step = extra_step(adapting, plan, latest);
    steps[0].repetition = steps[0].repetitions = 0;
    // In the set's own rest it comes next; else the cool-down breaks off for it, after as much of
    // it as there was rest before, and begins again.
    const bool in_rest = plan_set_of(plan, engine->step) == adapting->set;
    if (!plan_insert(plan, engine->step, steps, in_rest ? 1 : 2, &adapting->edit))
        return false;
    adapting->until = USEC_NEVER;
    *ret_adaptation = adapting->latest;
    ret_adaptation->on_offer = 0;
    if (!in_rest)
        engine_shorten(engine, usec_later(wait - engine->step_active, ADAPTING_AHEAD));
    return true;
}

Usec adapting_deadline(const Adapting *adapting, Usec boundary, const Plan *plan,
                       const Engine *engine)
{
    const Usec look = look_at(adapting, boundary, plan, engine);
    return adapting->asked && look <= adapting->asked_at ? USEC_NEVER : look;
}
