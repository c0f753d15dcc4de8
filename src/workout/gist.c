// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Says of a workout how long it is and what kind. What is hard is that texts speak of effort in so
// many ways: a training pace, a zone of the heart and a number a kilometre are all brought to one
// scale, Borg's, where the step stands between its neighbours and where its runner does.

#include "workout/gist.h"

#define EASY_MOST     4.0 // of Borg's CR-10
#define MODERATE_MOST 7.0

#define EASY     2.5
#define MARATHON 4.5
#define MODERATE 6.5
#define HARD     8.5
#define HARDER   9.0
#define ALL_OUT  10.0

#define WALK_MPS       1.5
#define HEART_MAX_BPM  185.0 // of no one who told his own
#define SAME_PACE      0.97  // of the fastest: a run at one pace
#define EASIER         0.92  // what is slower lies between the repetitions
#define LONG_WORK_S    360.0 // nobody keeps 5 km pace up for longer, again and again
#define THRESHOLD_S    600.0
#define LONG_RUN_S     4800.0
#define LONG_RUN_M     15000.0
#define LONG_HARD      0.1 // of its time
#define STRIDE_S       30.0
#define STRIDE_M       150.0
#define STRIDES_MOST   10
#define PROGRESS_S     180.0 // a part that counts
#define PROGRESS_PARTS 3
#define LENGTHS        3 // so many of them, and changes are play

typedef struct {
    const Plan *plan;
    double heart_max;
    VdotSpeeds speeds;
    bool told; // they are the runner's own
} Reader;

// ── how hard ──

static double speed_effort(const VdotSpeeds *speeds, double speed)
{
    const struct {
        double slower, faster, effort;
    } below[] = {
        {speeds->easy_fast, speeds->marathon, EASY},
        {speeds->marathon, speeds->threshold, MARATHON},
        {speeds->threshold, speeds->interval, MODERATE},
        {speeds->interval, speeds->repetition, HARD},
    };
    for (size_t i = 0; i < sizeof below / sizeof *below; i++)
        if (speed < (below[i].slower + below[i].faster) / 2)
            return below[i].effort;
    return HARDER;
}

static double effort_speed(const VdotSpeeds *speeds, double effort)
{
    return effort <= EASY_MOST                  ? speeds->easy
           : effort < (MARATHON + MODERATE) / 2 ? speeds->marathon
           : effort <= MODERATE_MOST            ? speeds->threshold
           : effort < HARDER                    ? speeds->interval
                                                : speeds->repetition;
}

static bool is_number(const Target *target)
{
    return target->kind == TARGET_POWER || target->from.kind == POINT_PACE ||
           target->from.kind == POINT_SPEED || target->from.kind == POINT_SPLIT;
}

// By the paces, or powers, beside it.
static double number_effort(const Reader *reader, const PlanStep *step)
{
    const Plan *plan = reader->plan;
    double slowest = step->aim.value, fastest = step->aim.value;
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *other = &plan->steps[i];
        if (other->aim.quantity != step->aim.quantity || other->stride != 0)
            continue;
        slowest = fmin(slowest, other->aim.value);
        fastest = fmax(fastest, other->aim.value);
    }
    if (slowest > fastest * SAME_PACE || step->aim.value <= fastest * EASIER)
        return EASY;
    return step_planned_s(step) >= LONG_WORK_S ? MODERATE : HARD;
}

static double felt_effort(const Reader *reader, const Target *target)
{
    const double effort = target_effort(target, reader->heart_max);
    return isnan(effort) ? EASY : effort;
}

static double step_effort(const Reader *reader, const PlanStep *step)
{
    const Target *target = &reader->plan->items[step->item].target;
    if (step->step.kind == STEP_REST)
        return 0;
    if (step->stride != 0)
        return HARDER;
    switch (step->aim.quantity) {
    case AIM_SPEED:
        if (is_number(target) && !reader->told)
            return number_effort(reader, step);
        return speed_effort(&reader->speeds, fmax(step->aim.value, step->aim.end));
    case AIM_POWER:
        return number_effort(reader, step);
    case AIM_NONE: // no target, or one that nothing told of this runner resolves
    case AIM_HEART:
    case AIM_CADENCE:
    case AIM_EFFORT:
    case AIM_MAXIMAL:
        return felt_effort(reader, target);
    }
    return EASY;
}

// ── how long and how far ──

typedef struct {
    double s, m;
    bool s_guessed, m_guessed;
} Extent;

static double guessed_speed(const Reader *reader, const PlanStep *step, double effort)
{
    if (step->step.kind == STEP_WORK)
        return effort_speed(&reader->speeds, effort);
    switch (step->step.manner) {
    case MANNER_PLAIN:
        return 0;
    case MANNER_WALK:
        return WALK_MPS;
    case MANNER_JOG:
        return reader->speeds.easy_slow;
    }
    return 0;
}

// `work`: of the work before it.
static Extent step_extent(const Reader *reader, const PlanStep *step, double effort,
                          const Extent *work)
{
    const Target *target = &reader->plan->items[step->item].target;
    const bool paced = step->aim.quantity == AIM_SPEED;
    const bool guessed = !paced || (!reader->told && !is_number(target));
    const double speed = paced ? step->aim.value : guessed_speed(reader, step, effort);
    const double walk = speed > 0 ? speed : WALK_MPS;
    Extent extent = {.s = step_planned_s(step), .m = step_planned_m(step)};
    switch (step->step.measure) {
    case MEASURE_TIME:
        if (!paced)
            extent.m = extent.s * speed;
        extent.m_guessed = guessed && speed > 0;
        break;
    case MEASURE_DISTANCE:
        if (!paced)
            extent.s = step_length(&step->step) / walk;
        extent.s_guessed = guessed;
        break;
    case MEASURE_OPEN:
        extent.s = extent.m = (double)NAN;
        break;
    case MEASURE_HEART:
        extent = (Extent){extent.s, extent.s * speed, true, speed > 0};
        break;
    case MEASURE_EQUAL_TIME:
        extent = (Extent){work->s, work->s * speed, work->s_guessed, speed > 0};
        break;
    case MEASURE_EQUAL_DISTANCE:
        extent = (Extent){work->m / walk, work->m, true, work->m_guessed};
        break;
    }
    return extent;
}

// ── what kind ──

// What a plan's steps have shown so far.
typedef struct {
    Extent total, work; // in all; of the latest work
    double moderate_s, hard_s;
    // Bouts: work that is moderate or hard, without strides.
    unsigned bouts, apart; // all; those with a recovery before them
    bool recovered;        // since the last bout
    bool stood;            // a recovery between bouts that is not run
    bool by_time, by_feel; // all of them
    double length;         // of the last one, in its own measure
    unsigned rises, falls, zigzags;
    double lengths[LENGTHS]; // that differ
    unsigned length_count;
    bool strides;
    // A run that becomes faster part by part.
    double part_speed;
    unsigned parts, parts_most;
    uint32_t kinds;
} Seen;

static void see_bout(Seen *seen, const PlanStep *step, const Target *target)
{
    const bool by_time = step_ends_by_clock(&step->step);
    const double length = step_length(&step->step);
    if (seen->bouts == 0) {
        seen->by_time = seen->by_feel = true;
        seen->recovered = true;
        seen->stood = false;
    } else if (by_time != seen->by_time || isnan(length)) {
        seen->zigzags++;
    } else if (length > seen->length) {
        seen->rises++;
        seen->zigzags += seen->falls > 0;
    } else if (length < seen->length) {
        seen->falls++;
    }
    seen->by_time &= by_time;
    seen->by_feel &= target->kind == TARGET_EFFORT || target->kind == TARGET_HEART;
    unsigned same = 0;
    while (same < seen->length_count && seen->lengths[same] != length)
        same++;
    if (same == seen->length_count && same < LENGTHS)
        seen->lengths[seen->length_count++] = length;
    seen->length = length;
    seen->bouts++;
    seen->apart += seen->recovered;
    seen->recovered = false;
}

static void see_part(Seen *seen, const PlanStep *step, const Extent *extent)
{
    const double speed = extent->m / extent->s;
    if (step->step.kind == STEP_REST || step->stride != 0 || !(extent->s >= PROGRESS_S)) {
        seen->parts = 0;
        return;
    }
    seen->parts = seen->parts > 0 && speed > seen->part_speed ? seen->parts + 1 : 1;
    seen->part_speed = speed;
    seen->parts_most = seen->parts > seen->parts_most ? seen->parts : seen->parts_most;
}

static void see_step(Seen *seen, const Reader *reader, const PlanStep *step)
{
    const Target *target = &reader->plan->items[step->item].target;
    const double effort = step_effort(reader, step);
    const Extent extent = step_extent(reader, step, effort, &seen->work);
    seen->total.s += extent.s;
    seen->total.m += extent.m;
    seen->total.s_guessed |= extent.s_guessed;
    seen->total.m_guessed |= extent.m_guessed;
    see_part(seen, step, &extent);
    if (step->step.kind == STEP_WORK)
        seen->work = extent;
    if (target->kind == TARGET_PROGRESS || target->kind == TARGET_BUILD)
        seen->kinds |= 1U << KIND_PROGRESSION;
    if (effort == ALL_OUT)
        seen->kinds |= 1U << KIND_TIME_TRIAL;
    if (effort <= EASY_MOST) {
        seen->recovered = true;
        seen->stood |= step->step.kind == STEP_REST && step->step.manner == MANNER_PLAIN;
        return;
    }
    const bool few = step->repetitions > 1 && step->repetitions <= STRIDES_MOST;
    const bool brief = extent.s <= STRIDE_S || extent.m <= STRIDE_M;
    if (step->stride != 0 || (effort > MODERATE_MOST && few && brief)) {
        seen->strides = true;
        return;
    }
    *(effort > MODERATE_MOST ? &seen->hard_s : &seen->moderate_s) += isnan(extent.s) ? 0 : extent.s;
    see_bout(seen, step, target);
}

static uint32_t seen_kinds(const Seen *seen)
{
    const unsigned changes = seen->rises + seen->falls;
    const bool is[KIND_COUNT] = {
        [KIND_EASY] = seen->bouts == 0,
        [KIND_LONG] = (seen->total.s >= LONG_RUN_S || seen->total.m >= LONG_RUN_M) &&
                      seen->apart < 2 && seen->hard_s <= seen->total.s * LONG_HARD,
        [KIND_THRESHOLD] = seen->moderate_s >= THRESHOLD_S,
        [KIND_INTERVAL] = seen->apart > 1,
        [KIND_FARTLEK] = seen->apart > 2 && seen->by_time && !seen->stood &&
                         (seen->by_feel || seen->length_count == LENGTHS),
        [KIND_LADDER] = changes > 1 && seen->zigzags == 0,
        [KIND_PROGRESSION] = seen->parts_most >= PROGRESS_PARTS,
        [KIND_STRIDES] = seen->bouts == 0 && seen->strides,
    };
    uint32_t kinds = seen->kinds;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        kinds |= (uint32_t)is[kind] << kind;
    if (kinds != 0)
        return kinds;
    return 1U << (seen->hard_s > 0 ? KIND_INTERVAL : KIND_THRESHOLD);
}

// ── all of it ──

// A runner who told no race is taken for another.
static void resolve(Reader *reader, Plan *plan, const Athlete *athlete, const AthleteModel *model)
{
    size_t unresolved;
    Athlete its = athlete != NULL ? *athlete : athlete_unknown();
    AthleteModel other;
    reader->told = model != NULL && !isnan(model->vdot);
    if (!reader->told) {
        its.races[0] = (Race){.distance_m = GIST_RACE_M, .time_s = GIST_RACE_S, .maximal = true};
        its.race_count = 1;
        other = athlete_model(&its);
        model = &other;
    }
    plan_resolve(plan, &its, model, false, &unresolved);
    reader->plan = plan;
    reader->speeds = model->speeds;
    reader->heart_max = isnan(model->heart_max.value) ? HEART_MAX_BPM : model->heart_max.value;
}

Gist gist_of_plan(Plan *plan, const Athlete *athlete, const AthleteModel *model)
{
    Reader reader;
    Seen seen = {0};
    resolve(&reader, plan, athlete, model);
    for (size_t i = 0; i < plan->step_count && plan->item_count > 0; i++)
        see_step(&seen, &reader, &plan->steps[i]);
    for (size_t i = 0; i < plan->item_count; i++)
        if (plan->items[i].kind == ITEM_LADDER)
            seen.kinds |= 1U << KIND_LADDER;
    return (Gist){
        .s = seen.total.s,
        .m = seen.total.m,
        .s_guessed = seen.total.s_guessed,
        .m_guessed = seen.total.m_guessed,
        .kinds = seen_kinds(&seen),
    };
}

const char *kind_name(WorkoutKind kind)
{
    static const char *const names[KIND_COUNT] = {"easy",        "long",    "threshold",
                                                  "interval",    "fartlek", "ladder",
                                                  "progression", "strides", "time-trial"};
    return names[kind];
}
