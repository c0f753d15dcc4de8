// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The limits of a step. What is hard is that nearly all is run by somebody: strides are as short as
// a slip, and who jogs home jogs for longer than anybody recovers. So a limit holds for one place
// only, and what is personal only for whom it is known.

#include "workout/lint-limits.h"

#include "workout/lint-unit.h"
#include "workout/lint.h"

#include <stdio.h>

// Lengths that nobody means anywhere, at either end of a workout, and of a recovery.
#define SHORTEST_MM     INT64_C(50000) // what people write who mean minutes
#define END_SHORTEST_MM INT64_C(300000)
#define END_SHORTEST    (30 * USEC_PER_SEC)
#define SET_SHORTEST    (60 * USEC_PER_SEC) // beside what is so short, one as short is of a set
#define LITTLE_MM       INT64_C(1500000)
#define LITTLE          (300 * USEC_PER_SEC)
#define REST_LONGEST    (15 * 60 * USEC_PER_SEC)
#define REST_LONGEST_MM INT64_C(3000000)
#define REST_SHORTEST_S 5U
#define REST_SHORT_MM   INT64_C(100000) // after what is REST_SHARE times as long
#define REST_SHARE      4
#define REST_AFTER      (60 * USEC_PER_SEC) // or after so much

// Paces, in s a kilometre.
#define PACE_FASTEST_S 120 // the world record over 800 m is 2:06
#define PACE_SLOWEST_S 1200
#define ROUNDING_S     0.1
#define RANGE_WIDEST   1.6 // its ends: easy running and a mile's race are less apart

// A maximum that was told, or guessed, may be off by so many of its standard deviations.
#define DEVIATIONS    2
#define NEARLY_RESTED 1.1  // of the resting rate, which no recovery comes to
#define AT_ONCE       0.95 // of the maximum, which is hardly reached before

// What anybody's heart and feet do in a minute while running.
typedef struct {
    double least, most;
} Limits;
static const Limits hearts = {30, 230}, cadences = {120, 240}, steps_meant = {140, 220};

typedef struct {
    const Plan *plan;
    const AthleteModel *model; // may be NULL
    const PlanItem *item;
    const PlanStep *step;
    TextWarnings *warnings;
} Limited;

static void tell(const Limited *limited, const char *code, const char *text)
{
    lint_add(limited->warnings, limited->item->line, limited->item->column, code, text);
}

// ── lengths ──

static void limit_length(const Limited *limited)
{
    const WrittenLength *written = &limited->item->written;
    const Step *step = &limited->item->step;
    if (step->measure == MEASURE_OPEN && written->unit <= WRITTEN_MILES)
        tell(limited, "zero-length",
             "a length of zero: the step will last until it is ended by hand");
    if (written->unit == WRITTEN_TIME &&
        ((written->parts & 1 && written->min > 59) || (written->parts & 3 && written->s > 59)))
        tell(limited, "odd-time", "more than 59 of a part of the time");
    if (step->measure == MEASURE_DISTANCE && step->distance_mm < SHORTEST_MM)
        tell(limited, "short-distance",
             "a distance of less than 50 m: m is metres, minutes are min");
}

// One may walk or jog into a workout and out of it for as long as one likes.
static bool is_recovery(const Limited *limited)
{
    const Plan *plan = limited->plan;
    const size_t at = (size_t)(limited->step - plan->steps);
    bool before = false, after = false;
    for (size_t i = 0; i < plan->step_count; i++) {
        before |= i < at && plan->steps[i].step.kind == STEP_WORK;
        after |= i > at && plan->steps[i].step.kind == STEP_WORK;
    }
    return limited->step->step.manner == MANNER_PLAIN || (before && after);
}

static void limit_long_rest(const Limited *limited)
{
    const Step *step = &limited->step->step;
    const WrittenLength *written = &limited->item->written;
    char text[TEXT_MESSAGE_MAX];
    if (step->measure == MEASURE_DISTANCE && step->distance_mm > REST_LONGEST_MM)
        snprintf(text, sizeof text, "a recovery of more than 3 km");
    else if ((step->measure == MEASURE_TIME ? step->duration : step->least) <= REST_LONGEST)
        return;
    else if (written->parts == 2 && step->measure == MEASURE_TIME)
        snprintf(text, sizeof text,
                 "a rest of more than a quarter of an hour: perhaps %us is meant", written->min);
    else
        snprintf(text, sizeof text, "a rest of more than a quarter of an hour");
    tell(limited, "long-rest", text);
}

// Whether what stands before a rest is far longer than it.
static bool is_after_longer(const Limited *limited, int64_t distance_mm)
{
    const size_t at = (size_t)(limited->step - limited->plan->steps);
    const Step *before = at > 0 ? &limited->plan->steps[at - 1].step : NULL;
    return before != NULL && before->kind == STEP_WORK &&
           (before->measure == MEASURE_TIME ? before->duration >= REST_AFTER
                                            : before->distance_mm >= distance_mm * REST_SHARE);
}

static void limit_rest(const Limited *limited)
{
    const Step *step = &limited->step->step;
    const WrittenLength *written = &limited->item->written;
    char text[TEXT_MESSAGE_MAX];
    if (is_recovery(limited))
        limit_long_rest(limited);
    if (written->parts == 4 && step->measure == MEASURE_TIME &&
        step->duration < REST_SHORTEST_S * USEC_PER_SEC) {
        snprintf(text, sizeof text, "a rest of less than %u seconds: perhaps %umin is meant",
                 REST_SHORTEST_S, written->s);
        tell(limited, "short-rest", text);
    }
    if (written->unit == WRITTEN_METRES && step->manner == MANNER_PLAIN &&
        step->distance_mm < REST_SHORT_MM && is_after_longer(limited, step->distance_mm)) {
        snprintf(text, sizeof text, "a rest of %u m: m is metres (perhaps %us is meant)",
                 written->scaled, written->scaled);
        tell(limited, "short-distance", text);
    }
}

// ── either end ──

// Written as minutes are, but for the unit, and far too short.
static bool looks_like_minutes(const PlanItem *item)
{
    const WrittenLength *written = &item->written;
    if (item->kind != ITEM_STEP || item->depth > 0)
        return false;
    return (written->unit == WRITTEN_METRES && item->step.measure == MEASURE_DISTANCE &&
            item->step.distance_mm < END_SHORTEST_MM) ||
           (written->unit == WRITTEN_TIME && written->parts == 4 &&
            item->step.measure == MEASURE_TIME && item->step.duration < END_SHORTEST);
}

static bool is_short(const Step *step, Usec most)
{
    return (step->measure == MEASURE_DISTANCE && step->distance_mm < END_SHORTEST_MM) ||
           (step->measure == MEASURE_TIME && step->duration <= most);
}

// Beside another that is as short it is one of a set, written out.
static bool is_of_a_set(const PlanItem *neighbour)
{
    return neighbour->kind == ITEM_STEP && neighbour->depth == 0 &&
           is_short(&neighbour->step, SET_SHORTEST);
}

// Some sprints, or a demonstration: all of it is short, and there is little of it.
static bool is_little(const Plan *plan)
{
    int64_t sum_mm = 0;
    Usec sum = 0;
    for (size_t i = 0; i < plan->step_count; i++) {
        const Step *step = &plan->steps[i].step;
        if (step->kind != STEP_WORK)
            continue;
        if (!is_short(step, END_SHORTEST))
            return false;
        sum_mm += step->distance_mm;
        sum += step->duration;
    }
    return sum_mm <= LITTLE_MM && sum <= LITTLE;
}

static bool is_jog(const PlanItem *item)
{
    return item_is_rest(item) && item->step.manner == MANNER_JOG;
}

static void tell_end(const PlanItem *item, const char *which, TextWarnings *warnings)
{
    const WrittenLength *written = &item->written;
    const bool metres = written->unit == WRITTEN_METRES;
    const uint32_t number = metres ? written->scaled : written->s;
    char text[TEXT_MESSAGE_MAX];
    snprintf(text, sizeof text, "%s is only %u %s long: perhaps %umin is meant", which, number,
             metres ? "m" : "s", number);
    lint_add(warnings, item->line, item->column, metres ? "short-distance" : "short-time", text);
}

void lint_limits_ends(const Plan *plan, bool easy_first, bool easy_last, TextWarnings *warnings)
{
    const PlanItem *first = &plan->items[0], *last = &plan->items[plan->item_count - 1];
    bool whole = true;
    int64_t sum_mm = 0;
    Usec sum = 0;
    for (size_t i = 0; i < plan->item_count; i++) {
        whole &= looks_like_minutes(&plan->items[i]) && !item_is_rest(&plan->items[i]);
        sum_mm += plan->items[i].step.distance_mm;
        sum += plan->items[i].step.duration;
    }
    if (whole && sum_mm < END_SHORTEST_MM && sum < END_SHORTEST) {
        tell_end(first, first == last ? "the whole workout" : "the first step", warnings);
        return;
    }
    if (first == last || is_little(plan))
        return;
    if (looks_like_minutes(first) && (easy_first || is_jog(first)) && !is_of_a_set(first + 1))
        tell_end(first, "the first step", warnings);
    if (looks_like_minutes(last) && (easy_last || (is_jog(last) && last[-1].depth > 0)) &&
        !is_of_a_set(last - 1))
        tell_end(last, "the last step", warnings);
}

// ── paces ──

static void limit_pace(const Limited *limited, const PlanStep *fastest)
{
    const double most = METRES_PER_KM / PACE_FASTEST_S, least = METRES_PER_KM / PACE_SLOWEST_S;
    const double s_per_km = speed_s_per_km(fmax(aim_speed(&fastest->aim), fastest->aim.end));
    const bool fast = s_per_km < PACE_FASTEST_S - ROUNDING_S;
    char text[TEXT_MESSAGE_MAX], hint[LINT_HINT_MAX];
    if (!fast && s_per_km <= PACE_SLOWEST_S + ROUNDING_S)
        return;
    snprintf(text, sizeof text, "a pace %s a kilometre, which no runner has%s",
             fast ? "faster than 2:00" : "slower than 20:00",
             lint_unit_hint(limited->plan, fastest, least, most, hint));
    tell(limited, "implausible-pace", text);
}

static bool is_written(const TargetPoint *point)
{
    return point->kind == POINT_PACE || point->kind == POINT_SPEED || point->kind == POINT_SPLIT;
}

// From E to R is far, but whoever writes that means it.
static void limit_range(const Limited *limited, const PlanStep *fastest)
{
    const Target *target = &limited->item->target;
    const Aim *aim = &fastest->aim;
    char text[TEXT_MESSAGE_MAX], slow[LINT_PACE_MAX], fast[LINT_PACE_MAX];
    if (target->kind != TARGET_RANGE || !is_written(&target->from) || !is_written(&target->to) ||
        !(aim->high > aim->low * RANGE_WIDEST))
        return;
    snprintf(text, sizeof text,
             "a range from %s to %s leaves all of it open: perhaps one is a slip",
             lint_pace(aim->low, slow), lint_pace(aim->high, fast));
    tell(limited, "wide-range", text);
}

// ── hearts and feet ──

// In bpm, NAN: not known.
static double heart_rest(const AthleteModel *model)
{
    return model != NULL ? model->heart_rest : (double)NAN;
}

// No heart of this runner, or of anybody.
static double heart_most(const AthleteModel *model)
{
    const double max = model_heart_max(model);
    return isnan(max) ? hearts.most : max * (1 + DEVIATIONS * model->heart_max.sd);
}

// All that is asked for lies beyond a limit. Where one side is open the other one counts.
static bool is_below(const Aim *aim, double least)
{
    return (isnan(aim->high) ? aim->low : aim->high) < least;
}

static bool is_above(const Aim *aim, double most)
{
    return (isnan(aim->low) ? aim->high : aim->low) > most;
}

static void limit_heart(const Limited *limited)
{
    const Aim *aim = &limited->step->aim;
    const Target *target = &limited->item->target;
    const double max = model_heart_max(limited->model), rest = heart_rest(limited->model);
    char text[TEXT_MESSAGE_MAX];
    if (target->kind == TARGET_HEART && target->scale == HEART_MAX && target->low > 100)
        snprintf(text, sizeof text, "a heart rate of more than all of the maximum");
    else if (aim->quantity != AIM_HEART)
        return;
    else if (is_above(aim, heart_most(limited->model)) && isnan(max))
        snprintf(text, sizeof text, "a heart rate that nobody has");
    else if (is_above(aim, heart_most(limited->model)))
        snprintf(text, sizeof text, "a heart rate that you do not have: your maximum is %.0f", max);
    else if (is_below(aim, rest))
        snprintf(text, sizeof text,
                 "a heart rate that you do not run with: your resting rate is %.0f", rest);
    else
        return;
    tell(limited, "implausible-heart", text);
}

static void limit_until(const Limited *limited)
{
    const Step *step = &limited->step->step;
    const double max = model_heart_max(limited->model), rest = heart_rest(limited->model);
    const double share = step->heart_is_percent ? step->heart_below / 100.0 : NAN;
    const double limit = step->heart_is_percent ? share * max : step->heart_below;
    char text[TEXT_MESSAGE_MAX];
    if (limit < rest * NEARLY_RESTED + 0.5) {
        snprintf(text, sizeof text,
                 "the heart will not come below this, and the recovery will last its most: your "
                 "resting rate is %.0f",
                 rest);
        tell(limited, "until-never", text);
    } else if (share >= AT_ONCE || limit >= max * AT_ONCE || limit > hearts.most) {
        snprintf(text, sizeof text, "the heart is below this all the time");
        if (!isnan(max))
            snprintf(text, sizeof text,
                     "the heart is hardly above this, and the recovery will end at once: your "
                     "maximum is %.0f",
                     max);
        tell(limited, "until-at-once", text);
    }
}

// "perhaps 170-190 is meant": of one foot's steps.
static void limit_cadence(const Limited *limited)
{
    const Aim *aim = &limited->step->aim;
    const bool low = is_below(aim, cadences.least);
    char text[TEXT_MESSAGE_MAX], hint[LINT_HINT_MAX] = "";
    if (!low && !is_above(aim, cadences.most))
        return;
    const double from = fmin(aim->low, aim->high) * 2, to = fmax(aim->low, aim->high) * 2;
    if (from >= steps_meant.least && to <= steps_meant.most && from == to)
        snprintf(hint, sizeof hint, " (both feet count: perhaps %.0f is meant)", from);
    else if (from >= steps_meant.least && to <= steps_meant.most)
        snprintf(hint, sizeof hint, " (both feet count: perhaps %.0f-%.0f is meant)", from, to);
    snprintf(text, sizeof text, "a cadence %s than anybody runs with%s", low ? "lower" : "higher",
             low ? hint : "");
    tell(limited, "implausible-cadence", text);
}

void lint_limits_step(const Plan *plan, const AthleteModel *model, const PlanStep *first,
                      const PlanStep *fastest, TextWarnings *warnings)
{
    const Limited limited = {plan, model, &plan->items[first->item], first, warnings};
    limit_length(&limited);
    if (first->step.kind == STEP_REST)
        limit_rest(&limited);
    if (first->step.measure == MEASURE_HEART)
        limit_until(&limited);
    if (fastest != NULL) {
        limit_pace(&limited, fastest);
        limit_range(&limited, fastest);
    }
    limit_heart(&limited);
    if (first->aim.quantity == AIM_CADENCE)
        limit_cadence(&limited);
}
