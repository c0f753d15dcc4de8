// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Holds a plan against its runner. What is hard is where to draw the line: training is meant to be
// faster than a race, but not by much over the same way at one go, and repetitions together may be
// longer than a race at their pace, but not several times. So the limits are wide, and who crosses
// one has most likely copied somebody else's paces.

#include "workout/lint-personal.h"

#include "estimate/load.h"
#include "workout/lint-unit.h"
#include "workout/lint.h"

#include <stdio.h>

#define FASTER_MOST    1.15 // of the speed of a race over the same way
#define SLOWER_MOST    0.6  // of easy running
#define GOES_ON        0.97 // a step so much slower than the one before goes on with it
#define RACES_MOST     3.0  // so many races' way at their pace, in all its repetitions
#define REPETITIONS_M  2400.0
#define RACE_LEAST_M   400.0
#define RACE_MOST_M    100000.0
#define SPRINT_S       30.0 // what is shorter is not run on oxygen
#define SPRINT_M       150.0
#define LONGER_MOST    1.3
#define LONGER_LEAST_M 2000.0
#define LONGER_LEAST_S 600.0
#define HEAVIER_MOST   1.5  // of the heaviest run, and of a week
#define HEAVIER_LEAST  20.0 // rTSS: a fifth of an hour at threshold
#define RUNS_LEAST     3    // that make a habit
#define SAME_SPEED     0.995
#define HALVINGS       40

RunnerHistory history_unknown(void)
{
    return (RunnerHistory){.longest_m = NAN,
                           .longest_s = NAN,
                           .heaviest_rtss = NAN,
                           .days_rtss = NAN,
                           .week_rtss = NAN};
}

typedef struct {
    const Plan *plan;
    const Athlete *athlete;
    const AthleteModel *model;
    TextWarnings *warnings;
} Personal;

// The items that were told of already, for a repetition is no better the next time.
typedef struct {
    bool items[PLAN_ITEMS_MAX];
} Told;

static void warn_step(const Personal *personal, size_t step, const char *code, const char *text)
{
    const PlanItem *item = &personal->plan->items[personal->plan->steps[step].item];
    lint_add(personal->warnings, item->line, item->column, code, text);
}

static bool tell_once(Told *told, const PlanStep *step)
{
    const bool first = !told->items[step->item];
    told->items[step->item] = true;
    return first;
}

// ── targets without a number ──

static Resolution step_lacks(const Personal *personal, const PlanStep *step)
{
    const PlanItem *item = &personal->plan->items[step->item];
    Aim ignored;
    if (step->step.measure == MEASURE_HEART && step->step.heart_is_percent)
        return LACKS_HEART_MAX;
    if (step->stride || step->aim.quantity != AIM_NONE || item->target.kind == TARGET_NONE)
        return RESOLVED;
    return target_resolve(&item->target, personal->athlete, personal->model, step->repetition,
                          step->repetitions, &ignored);
}

static void lint_unresolved(const Personal *personal)
{
    Told told = {0};
    char text[TEXT_MESSAGE_MAX];
    for (size_t i = 0; i < personal->plan->step_count; i++) {
        const PlanStep *step = &personal->plan->steps[i];
        const Resolution lacks = step_lacks(personal, step);
        if (lacks == RESOLVED || !tell_once(&told, step))
            continue;
        snprintf(text, sizeof text, "%s%s", resolution_text(lacks),
                 lacks >= LACKS_SENSE ? "" : ", or run it by effort (--by-effort)");
        warn_step(personal, i, "unresolved", text);
    }
}

// ── paces ──

// Of a step, on average; NAN for what has no pace, strides, and what is over before it counts.
static double held_speed(const PlanStep *step)
{
    const double metres = step_planned_m(step), seconds = step_planned_s(step);
    if (step->step.kind != STEP_WORK || step->stride || isnan(aim_speed(&step->aim)) ||
        !(metres > 0 && seconds > 0) || metres <= SPRINT_M || seconds <= SPRINT_S)
        return (double)NAN;
    return metres / seconds;
}

static double race_speed(const AthleteModel *model, double metres)
{
    return metres / vdot_race_time(model->vdot, metres);
}

// The way that this runner races at a speed, in m.
static double race_way(const AthleteModel *model, double speed_mps)
{
    double near = log(RACE_LEAST_M), far = log(RACE_MOST_M);
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = (near + far) / 2;
        if (race_speed(model, exp(middle)) > speed_mps)
            near = middle;
        else
            far = middle;
    }
    return exp(near);
}

// What a stretch that begins with a step comes to: all that follows without a rest and no slower.
static void stretch(const Plan *plan, size_t first, double *ret_m, double *ret_speed)
{
    double metres = 0, seconds = 0;
    const double least = held_speed(&plan->steps[first]) * GOES_ON;
    for (size_t i = first; i < plan->step_count && held_speed(&plan->steps[i]) >= least; i++) {
        metres += plan_step_m(plan, i);
        seconds += plan_step_s(plan, i);
    }
    *ret_m = metres;
    *ret_speed = metres / seconds;
}

// False: no stretch is too fast.
static bool lint_races(const Personal *personal)
{
    const Plan *plan = personal->plan;
    char text[TEXT_MESSAGE_MAX], pace[LINT_PACE_MAX], races[LINT_PACE_MAX];
    char hint[LINT_HINT_MAX];
    Told told = {0};
    bool any = false;
    for (size_t i = 0; i < plan->step_count; i++) {
        double metres, speed;
        stretch(plan, i, &metres, &speed);
        const double race = race_speed(personal->model, fmax(metres, RACE_LEAST_M));
        if (!(speed > race * FASTER_MOST) || !tell_once(&told, &plan->steps[i]))
            continue;
        any = true;
        snprintf(text, sizeof text,
                 "%s over %.0f m is %.0f %% faster than you race that, which is about %s%s",
                 lint_pace(speed, pace), metres, (speed / race - 1) * 100, lint_pace(race, races),
                 lint_unit_is_odd(plan, &plan->steps[i])
                     ? lint_unit_hint(plan, &plan->steps[i], 0, race * FASTER_MOST, hint)
                     : "");
        warn_step(personal, i, "faster-than-race", text);
    }
    return any;
}

// The way at a speed or faster, of all steps.
static double way_at(const Plan *plan, double speed_mps)
{
    double metres = 0;
    for (size_t i = 0; i < plan->step_count; i++)
        if (held_speed(&plan->steps[i]) >= speed_mps * SAME_SPEED)
            metres += plan_step_m(plan, i);
    return metres;
}

// The pace at which most of what can be run at it is asked for.
static void lint_volume(const Personal *personal)
{
    const Plan *plan = personal->plan;
    char text[TEXT_MESSAGE_MAX], pace[LINT_PACE_MAX];
    double worst = 1, last = NAN;
    size_t worst_step = plan->step_count;
    for (size_t i = 0; i < plan->step_count; i++) {
        const double speed = held_speed(&plan->steps[i]);
        if (isnan(speed) || speed == last)
            continue;
        last = speed;
        const double most = fmax(race_way(personal->model, speed) * RACES_MOST, REPETITIONS_M);
        const double part = way_at(plan, speed) / most;
        if (part <= worst)
            continue;
        worst = part;
        worst_step = i;
    }
    if (worst_step == plan->step_count)
        return;
    const double speed = held_speed(&plan->steps[worst_step]);
    snprintf(text, sizeof text,
             "%.1f km in all at %s or faster, which is a pace that you race over %.1f km",
             way_at(plan, speed) / METRES_PER_KM, lint_pace(speed, pace),
             race_way(personal->model, speed) / METRES_PER_KM);
    warn_step(personal, worst_step, "too-much-at-pace", text);
}

// Repetitions slower than any running; what a block's fastest step is, its others may rest from.
static void lint_slow(const Personal *personal)
{
    const Plan *plan = personal->plan;
    const double least = personal->model->speeds.easy * SLOWER_MOST;
    char text[TEXT_MESSAGE_MAX], pace[LINT_PACE_MAX], easy[LINT_PACE_MAX];
    Told told = {0};
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        const double speed = held_speed(step);
        if (step->repetitions < 2 || !(speed < least) || plan_step_is_easy(plan, i) ||
            !tell_once(&told, step))
            continue;
        snprintf(text, sizeof text,
                 "the repetitions (%s) are far slower than your easy running (%s)",
                 lint_pace(speed, pace), lint_pace(personal->model->speeds.easy, easy));
        warn_step(personal, i, "slower-than-easy", text);
    }
}

// ── all of it ──

// What the steps that have a pace come to, which is the least of all.
static double plan_rtss(const Plan *plan, double threshold_mps)
{
    double sum = 0;
    for (size_t i = 0; i < plan->step_count; i++) {
        const double metres = plan_step_m(plan, i);
        const double seconds = plan_step_s(plan, i);
        if (!isnan(aim_speed(&plan->steps[i].aim)) && metres > 0 && seconds > 0)
            sum += load_rtss(seconds, metres / seconds, threshold_mps);
    }
    return sum;
}

static void lint_load(const Personal *personal, const RunnerHistory *history)
{
    char text[TEXT_MESSAGE_MAX];
    const double rtss = personal->model != NULL
                            ? plan_rtss(personal->plan, personal->model->threshold_speed.value)
                            : NAN;
    const double heaviest = history->heaviest_rtss, week = history->days_rtss + rtss;
    if (rtss > fmax(heaviest * HEAVIER_MOST, heaviest + HEAVIER_LEAST)) {
        snprintf(text, sizeof text,
                 "a load of %.0f (rTSS) or more: the heaviest of your last %u runs had %.0f", rtss,
                 history->runs, heaviest);
        warn_step(personal, 0, "heavier-than-usual", text);
    } else if (week > fmax(history->week_rtss * HEAVIER_MOST, history->week_rtss + HEAVIER_LEAST)) {
        snprintf(
            text, sizeof text,
            "with it, seven days come to a load of %.0f (rTSS) or more: in the last four weeks "
            "a week had %.0f",
            week, history->week_rtss);
        warn_step(personal, 0, "heavier-than-usual", text);
    }
}

// What is guessed of a runner who told no race says nothing against his own runs.
static void lint_history(const Personal *personal, const Gist *gist, const RunnerHistory *history)
{
    const bool told = personal->model != NULL && !isnan(personal->model->vdot);
    const double gist_m = gist != NULL && (told || !gist->m_guessed) ? gist->m : (double)NAN;
    const double gist_s = gist != NULL && (told || !gist->s_guessed) ? gist->s : (double)NAN;
    const double metres = fmax(plan_total_m(personal->plan), gist_m);
    const double seconds = fmax(plan_total_s(personal->plan), gist_s);
    char text[TEXT_MESSAGE_MAX];
    if (history->runs < RUNS_LEAST)
        return;
    if (metres > fmax(history->longest_m * LONGER_MOST, history->longest_m + LONGER_LEAST_M)) {
        snprintf(text, sizeof text, "%.1f km in all: the longest of your last %u runs was %.1f km",
                 metres / METRES_PER_KM, history->runs, history->longest_m / METRES_PER_KM);
        warn_step(personal, 0, "longer-than-usual", text);
    } else if (seconds >
               fmax(history->longest_s * LONGER_MOST, history->longest_s + LONGER_LEAST_S)) {
        snprintf(text, sizeof text,
                 "%.0f minutes in all: the longest of your last %u runs took %.0f", seconds / 60,
                 history->runs, history->longest_s / 60);
        warn_step(personal, 0, "longer-than-usual", text);
    } else {
        lint_load(personal, history);
    }
}

void lint_personal(const Plan *plan, const Gist *gist, const Athlete *athlete,
                   const AthleteModel *model, const RunnerHistory *history, TextWarnings *warnings)
{
    const Personal personal = {plan, athlete, model, warnings};
    lint_unresolved(&personal);
    if (model != NULL && !isnan(model->vdot)) {
        if (!lint_races(&personal))
            lint_volume(&personal);
        lint_slow(&personal);
    }
    if (history != NULL)
        lint_history(&personal, gist, history);
}
