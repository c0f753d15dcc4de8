// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The signs are made afresh from the numbers whenever something is asked; what is kept of earlier
// repetitions is only what a later one is held against. Comparisons are written so that a NAN makes
// them false: what is unknown is no sign.

#include "workout/adapt.h"

#include <string.h>

#define SLOW         0.97 // of the target
#define VERY_SLOW    0.95
#define LOW_LEFT     0.15 // of D′
#define EMPTY_LEFT   0.05
#define HEART_HIGH   0.80 // of the maximal rate
#define HEART_LATE   8.0  // bpm above the baseline's
#define HEART_DRIFT  6.0
#define SAME_SPEED   0.02
#define FEWER_STEPS  0.97
#define LONGER_STEPS 1.02
#define RPE_HARD     8.5
#define RPE_ALL_OUT  9.5
#define MUCH_LONGER  1.25 // than the baseline

#define POINTS_SHORTEN 3
#define POINTS_REST    2
#define REPS_APART     2 // from one shortening to the next

#define STRONG_REPS    3
#define STRONG_MEAN    0.995 // of the target, by the splits of so many
#define STRONG_FADE    0.99  // of the first of them
#define STRONG_RPE     7.0
#define STRONG_LEFT    0.60 // of D′
#define MORE_REST      0.25
#define MORE_REST_MOST 60.0 // s
#define EXTRA_SHARE    10   // one part in so many
#define EXTRA_MM       200000
#define GRID_MM        100000
#define GRID_TRACK_MM  200000
#define GRID_MS        15000

// ── signs ──

static bool speed_known(const RepResult *rep)
{
    return rep->speed_share >= ADAPT_SPEED_SHARE && !isnan(rep->speed_mps);
}

static bool heart_known(const RepResult *rep)
{
    return rep->heart_share >= ADAPT_HEART_SHARE && !isnan(rep->heart_bpm);
}

static bool is_short(double seconds)
{
    return seconds < ADAPT_SHORT_S;
}

static bool same_speed(const RepResult *rep, const RepResult *baseline)
{
    return fabs(rep->speed_mps / baseline->speed_mps - 1) <= SAME_SPEED;
}

// The plan asks for more than it did then.
static bool harder(const RepResult *rep, const RepResult *baseline)
{
    return rep->duration_s > MUCH_LONGER * baseline->duration_s ||
           rep->target_mps > (1 + SAME_SPEED) * baseline->target_mps;
}

static void sign(AdaptFlags *flags, AdaptFlag flag, bool known, int points)
{
    if (known)
        flags->points[flag] = (uint8_t)points;
    else
        flags->missing |= (uint8_t)(1u << flag);
}

static void judge_recovery(const Adapt *adapt, const RepResult *baseline, AdaptFlags *flags)
{
    if (!adapt->rested || is_short(adapt->ahead.rest_s))
        return;
    const double bpm = adapt->rest.heart_bpm, most = HEART_HIGH * adapt->set.heart_max;
    double late = NAN;
    if (baseline && !harder(&adapt->rep, baseline) && heart_known(baseline))
        late = adapt->baseline_recovered + HEART_LATE;
    const bool comparable = !isnan(most) || !isnan(late);
    sign(flags, ADAPT_RECOVERY, heart_known(&adapt->rep) && !isnan(bpm) && comparable,
         bpm > most || bpm > late);
}

static void judge_beside(const RepResult *rep, const RepResult *baseline, AdaptFlags *flags)
{
    const bool speeds = speed_known(rep) && speed_known(baseline);
    if (speeds && !same_speed(rep, baseline))
        return;
    const double steps = rep->cadence / baseline->cadence, lengths = rep->step_m / baseline->step_m;
    sign(flags, ADAPT_FORM, speeds && !isnan(steps) && !isnan(lengths),
         steps <= FEWER_STEPS && lengths >= LONGER_STEPS);
    if (!harder(rep, baseline))
        sign(flags, ADAPT_DRIFT, speeds && heart_known(rep) && heart_known(baseline),
             rep->heart_bpm >= baseline->heart_bpm + HEART_DRIFT);
}

static AdaptFlags judge(const Adapt *adapt)
{
    const RepResult *rep = &adapt->rep, *baseline = adapt->done > 1 ? &adapt->baseline : NULL;
    AdaptFlags flags = {0};
    if (!isnan(rep->target_mps) && rep->duration_s > ADAPT_PACE_S)
        sign(&flags, ADAPT_PACE, speed_known(rep),
             (rep->speed_mps < SLOW * rep->target_mps) +
                 (rep->speed_mps < VERY_SLOW * rep->target_mps));
    sign(&flags, ADAPT_RPE, true, (rep->rpe >= RPE_HARD) + (rep->rpe >= RPE_ALL_OUT));
    if (is_short(rep->duration_s))
        return flags;
    const double left = rep->d_prime_fraction;
    sign(&flags, ADAPT_D_PRIME, !isnan(left), (left < LOW_LEFT) + (left < EMPTY_LEFT));
    judge_recovery(adapt, baseline, &flags);
    if (baseline)
        judge_beside(rep, baseline, &flags);
    return flags;
}

unsigned adapt_points(const AdaptFlags *flags)
{
    unsigned points = 0;
    for (size_t i = 0; i < ADAPT_FLAGS; i++)
        points += flags->points[i];
    return points;
}

static bool is_strong(const RepResult *rep, const AdaptFlags *flags)
{
    return adapt_points(flags) == 0 && flags->missing == 0 &&
           fabs(rep->speed_mps / rep->target_mps - 1) <= SAME_SPEED;
}

// A strap is worn, and what it should have told of this repetition is not known.
static bool heart_lost(const Adapt *adapt)
{
    const RepResult *rep = &adapt->rep;
    if (isnan(rep->heart_share) || is_short(rep->duration_s))
        return false;
    return !heart_known(rep) || (isnan(adapt->rest.heart_bpm) && !is_short(adapt->ahead.rest_s));
}

// ── decisions ──

static AdaptReason why_stop(const Adapt *adapt, const uint8_t *points)
{
    if (points[ADAPT_RPE] == 2)
        return ADAPT_WHY_ALL_OUT;
    if (points[ADAPT_PACE] == 2 && adapt->pace_before == 2)
        return ADAPT_WHY_FADING;
    if (points[ADAPT_PACE] == 2 && points[ADAPT_D_PRIME] == 2)
        return ADAPT_WHY_EMPTY;
    return ADAPT_WHY_NONE;
}

static AdaptReason why_less(const Adapt *adapt, const AdaptFlags *flags)
{
    if (adapt->done - adapt->changed_at < REPS_APART)
        return ADAPT_WHY_NONE;
    if (flags->points[ADAPT_PACE] > 0 && adapt->pace_before > 0)
        return ADAPT_WHY_FADING;
    return adapt_points(flags) >= POINTS_SHORTEN ? ADAPT_WHY_TIRED : ADAPT_WHY_NONE;
}

// The last one is dropped by a stop only.
static AdaptDecision less(const Adapt *adapt)
{
    const AdaptAhead *ahead = &adapt->ahead;
    const RepLength cut = adapt_shortened(ahead->next, ahead->next_plan, adapt->set.on_track);
    if (cut.milli < ahead->next.milli)
        return ADAPT_SHORTEN;
    return ahead->reps > 1 ? ADAPT_DROP : ADAPT_NOTHING;
}

static AdaptReason why_rest(const Adapt *adapt, const AdaptFlags *flags)
{
    if (!(adapt->ahead.rest_s > 0))
        return ADAPT_WHY_NONE;
    if (flags->points[ADAPT_RECOVERY])
        return ADAPT_WHY_HEART_HIGH;
    if (flags->points[ADAPT_PACE])
        return ADAPT_WHY_SLOW;
    if (flags->points[ADAPT_D_PRIME] == 2)
        return ADAPT_WHY_EMPTY;
    return adapt_points(flags) >= POINTS_REST ? ADAPT_WHY_TIRED : ADAPT_WHY_NONE;
}

static double held(const RepResult *rep)
{
    return rep->whole_mps / rep->target_mps;
}

// Each may be 2 % off, but who was told "one over" time and again is not strong, nor is who fades.
static bool kept_it_up(const Adapt *adapt)
{
    const double *before = adapt->held_before, last = held(&adapt->rep);
    return before[0] + before[1] + last >= STRONG_REPS * STRONG_MEAN &&
           last >= STRONG_FADE * before[0];
}

static void after_last(const Adapt *adapt, AdaptAdvice *advice)
{
    advice->decision = ADAPT_FINISH;
    const bool strong = is_strong(&adapt->rep, &advice->flags);
    if (!strong && heart_lost(adapt)) {
        advice->decision = ADAPT_UNDECIDED;
        advice->reason = ADAPT_WHY_NO_HEART;
    }
    if (!strong || adapt->strong_before + 1 < STRONG_REPS || adapt->offered || adapt->eased ||
        !kept_it_up(adapt))
        return;
    const double rpe = adapt->rep.rpe, left = adapt->rest.d_prime_fraction;
    if (isnan(rpe)) {
        advice->reason = ADAPT_WHY_UNTOLD;
    } else if (isnan(left)) {
        advice->reason = ADAPT_WHY_NO_D_PRIME;
    } else if (rpe <= STRONG_RPE && left >= STRONG_LEFT) {
        const bool heavy = adapt->set.load_7d > ADAPT_LOAD_MOST * adapt->set.load_28d;
        advice->decision = heavy ? ADAPT_FINISH : ADAPT_ADD;
        advice->reason = heavy ? ADAPT_WHY_LOAD : ADAPT_WHY_STRONG;
    }
}

static void in_between(const Adapt *adapt, AdaptAdvice *advice)
{
    if ((advice->reason = why_stop(adapt, advice->flags.points))) {
        advice->decision = ADAPT_STOP;
        return;
    }
    if ((advice->reason = why_less(adapt, &advice->flags))) {
        advice->decision = less(adapt);
        if (advice->decision != ADAPT_NOTHING)
            return;
    }
    if ((advice->reason = why_rest(adapt, &advice->flags))) {
        advice->decision = ADAPT_REST_PLUS;
    } else if (heart_lost(adapt)) {
        advice->decision = ADAPT_UNDECIDED;
        advice->reason = ADAPT_WHY_NO_HEART;
    } else {
        advice->decision = ADAPT_CONTINUE;
    }
}

static AdaptAdvice decide(const Adapt *adapt)
{
    AdaptAdvice advice = {.flags = judge(adapt)};
    if (adapt->done == 1 && adapt->ahead.reps > 0) {
        advice.decision = ADAPT_CONTINUE;
        advice.reason = ADAPT_WHY_FIRST;
    } else if (!speed_known(&adapt->rep)) {
        advice.decision = ADAPT_UNDECIDED;
        advice.reason = ADAPT_WHY_NO_SPEED;
    } else if (adapt->ahead.reps == 0) {
        after_last(adapt, &advice);
    } else {
        in_between(adapt, &advice);
    }
    return advice;
}

static AdaptAdvice answer(Adapt *adapt, AdaptAdvice advice)
{
    if (advice.decision == ADAPT_NOTHING) {
        advice.reason = ADAPT_WHY_NONE;
        return advice;
    }
    adapt->answered = advice.decision;
    if (advice.decision == ADAPT_SHORTEN || advice.decision == ADAPT_DROP)
        adapt->changed_at = adapt->done;
    adapt->eased |= advice.decision >= ADAPT_REST_PLUS;
    adapt->offered |= advice.decision == ADAPT_ADD;
    adapt->stopped |= advice.decision == ADAPT_STOP;
    return advice;
}

// ── from one repetition to the next ──

static bool is_by_heart(const RepResult *rep)
{
    return rep->heart_least > 0 || rep->heart_most > 0;
}

static bool heart_was_off(const RepResult *rep)
{
    return rep->duration_s < ADAPT_HEART_S || !heart_known(rep) ||
           rep->heart_bpm < rep->heart_least - ADAPT_HEART_ABOUT ||
           rep->heart_bpm > rep->heart_most + ADAPT_HEART_ABOUT;
}

// A repetition that is not run by speed. That its speed is not known is no gap then, that a worn
// strap did not tell the recovery is. A rating stands for the easier repetitions before it, too.
static void close_asked(Adapt *adapt, const AdaptFlags *flags)
{
    const RepResult *rep = &adapt->rep;
    adapt->flawed |= adapt_points(flags) > 0 ||
                     (rep->effort_most > 0 && rep->rpe > rep->effort_most) ||
                     (!isnan(rep->heart_share) && (flags->missing & 1u << ADAPT_RECOVERY) != 0);
    adapt->asked = true;
    if (is_by_heart(rep))
        adapt->off |= heart_was_off(rep);
    else
        adapt->off = isnan(rep->rpe);
}

// The latest repetition becomes one that others are held against.
static void close_rep(Adapt *adapt)
{
    if (adapt->done == 0)
        return;
    const RepResult *rep = &adapt->rep;
    const AdaptFlags flags = judge(adapt);
    adapt->pace_before = flags.points[ADAPT_PACE];
    adapt->held_before[0] = adapt->held_before[1];
    adapt->held_before[1] = held(rep);
    adapt->strong_before = is_strong(rep, &flags) ? adapt->strong_before + 1 : 0;
    if (adapt->done <= 2) {
        adapt->baseline = *rep;
        adapt->baseline_recovered = adapt->rest.heart_bpm;
    }
    if (rep->effort_most > 0 || is_by_heart(rep))
        close_asked(adapt, &flags);
    else
        adapt->flawed |= adapt_points(&flags) > 0 || flags.missing != 0;
    if (!is_short(rep->duration_s) && !isnan(rep->target_mps)) {
        adapt->evident++;
        adapt->evident_ratio += rep->speed_mps / rep->target_mps;
    }
}

void adapt_begin(Adapt *adapt, const AdaptSet *set)
{
    memset(adapt, 0, sizeof *adapt);
    adapt->set = *set;
}

static void close_set(Adapt *adapt)
{
    close_rep(adapt);
    adapt->as_asked |= adapt->asked && !adapt->off;
    adapt->amiss |= adapt->asked && adapt->off;
}

void adapt_next_set(Adapt *adapt)
{
    close_set(adapt);
    const Adapt before = *adapt;
    adapt_begin(adapt, &before.set);
    adapt->as_asked = before.as_asked;
    adapt->amiss = before.amiss;
    adapt->evident = before.evident;
    adapt->evident_ratio = before.evident_ratio;
    adapt->flawed = before.flawed;
    adapt->stopped = before.stopped;
}

AdaptAdvice adapt_rep_ended(Adapt *adapt, const RepResult *rep, const AdaptAhead *ahead)
{
    close_rep(adapt);
    adapt->done++;
    adapt->rep = *rep;
    adapt->ahead = *ahead;
    adapt->rest = (RestResult){NAN, NAN, NAN};
    adapt->rested = false;
    adapt->answered = ADAPT_NOTHING;
    AdaptAdvice advice = decide(adapt);
    if (advice.decision < ADAPT_DROP)
        advice.decision = ADAPT_NOTHING;
    return answer(adapt, advice);
}

AdaptAdvice adapt_rest_ending(Adapt *adapt, const RestResult *rest)
{
    if (adapt->done == 0)
        return (AdaptAdvice){0};
    if (!adapt->rested)
        adapt->rest = *rest;
    adapt->rested = true;
    if (!isnan(rest->rpe))
        adapt->rep.rpe = rest->rpe;
    AdaptAdvice advice = decide(adapt);
    const bool stronger = (advice.decision == ADAPT_STOP && adapt->answered != ADAPT_STOP) ||
                          (advice.decision == ADAPT_ADD && adapt->answered == ADAPT_FINISH);
    if (adapt->answered != ADAPT_NOTHING && !stronger)
        advice.decision = ADAPT_NOTHING;
    return answer(adapt, advice);
}

void adapt_refused(Adapt *adapt)
{
    if (adapt->answered == ADAPT_STOP)
        adapt->stopped = false;
    adapt->answered = ADAPT_STOP; // nothing is stronger
}

SessionOutcome adapt_outcome(const Adapt *adapt, int32_t day)
{
    Adapt whole = *adapt;
    close_set(&whole);
    const bool as_asked = whole.as_asked && !whole.amiss;
    return (SessionOutcome){
        .day = day,
        .clean = (whole.evident > 0 || as_asked) && !whole.flawed,
        .faster = whole.evident_ratio / whole.evident - 1, // 0 / 0: a NAN
        .stopped = whole.stopped,
    };
}

// ── arithmetic ──

RepLength adapt_shortened(RepLength now, int64_t plan_milli, bool on_track)
{
    const int64_t grid = now.by_time ? GRID_MS : on_track ? GRID_TRACK_MM : GRID_MM;
    const int64_t cut = now.milli * 4 / 5 / grid * grid;
    const int64_t least = (plan_milli + 2 * grid - 1) / (2 * grid) * grid; // half, up to the grid
    const int64_t to = cut > least ? cut : least;
    return (RepLength){now.by_time, to < now.milli ? to : now.milli};
}

bool adapt_waits(const Adapt *adapt)
{
    return adapt->rest.heart_bpm >= ADAPT_HEART_RECOVERED * adapt->set.heart_max;
}

double adapt_more_rest_s(double planned_s)
{
    return fmin(MORE_REST * planned_s, MORE_REST_MOST);
}

RepLength adapt_extra(RepLength rep, int64_t volume_milli, double target_mps)
{
    const double rep_mm = rep.by_time ? (double)rep.milli * target_mps : (double)rep.milli;
    if (rep.milli <= volume_milli / EXTRA_SHARE || rep_mm <= EXTRA_MM)
        return rep;
    return (RepLength){false, EXTRA_MM};
}

// ── names ──

const char *adapt_decision_name(AdaptDecision decision)
{
    static const char *const names[] = {
        "nothing", "undecided", "continue", "finish", "add", "rest-plus", "drop", "shorten", "stop",
    };
    return names[decision];
}

const char *adapt_reason_name(AdaptReason reason)
{
    static const char *const names[] = {
        "none",  "first",      "no-speed", "no-heart", "all-out", "fading", "empty",
        "tired", "heart-high", "slow",     "strong",   "load",    "untold", "no-d-prime",
    };
    return names[reason];
}

const char *adapt_flag_name(AdaptFlag flag)
{
    static const char *const names[ADAPT_FLAGS] = {
        "pace", "recovery", "d-prime", "form", "drift", "rpe",
    };
    return names[flag];
}
