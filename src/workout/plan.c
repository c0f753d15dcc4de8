// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Unrolls a workout's items into the steps that will be run, and says what they add up to. What is
// hard is to trust nothing: items come from a text that may ask for a repeat of nothing or for more
// steps than anybody runs, so the work done is bounded by the room, never by the numbers asked for.

#include "workout/plan.h"

#include <string.h>

// ── lengths as written ──

Usec written_duration(const WrittenLength *written)
{
    if (written->unit != WRITTEN_TIME)
        return 0;
    return ((written->h * INT64_C(60) + written->min) * 60 + written->s) * USEC_PER_SEC;
}

int64_t written_distance_mm(const WrittenLength *written)
{
    static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000};
    const int64_t power = powers[written->decimals];
    switch (written->unit) {
    case WRITTEN_METRES:
        return written->scaled * INT64_C(1000);
    case WRITTEN_KM:
        return (written->scaled * INT64_C(1000000) + power / 2) / power;
    case WRITTEN_MILES:
        return (written->scaled * INT64_C(1609344) + power / 2) / power;
    case WRITTEN_TIME:
    case WRITTEN_OPEN:
    case WRITTEN_RUNG:
    case WRITTEN_EQUAL_TIME:
    case WRITTEN_EQUAL_DISTANCE:
    case WRITTEN_UNTIL:
        return 0;
    }
    return 0;
}

// ── building ──

void plan_clear(Plan *ret_plan)
{
    memset(ret_plan->name, 0, sizeof ret_plan->name);
    ret_plan->style = PLAN_STYLE_BULLETS;
    ret_plan->endless = false;
    ret_plan->item_count = ret_plan->step_count = 0;
    ret_plan->notes[0] = '\0';
    ret_plan->notes_length = 1;
}

bool plan_add_note(Plan *plan, const char *text, size_t length, uint16_t *ret_note)
{
    for (size_t at = 1, span; at < plan->notes_length; at += span + 1) {
        span = strlen(plan->notes + at);
        if (span != length || memcmp(plan->notes + at, text, length) != 0)
            continue;
        *ret_note = (uint16_t)at;
        return true;
    }
    if (length > PLAN_NOTE_MAX || plan->notes_length + length + 1 > PLAN_NOTES_MAX)
        return false;
    *ret_note = (uint16_t)plan->notes_length;
    memcpy(plan->notes + plan->notes_length, text, length);
    plan->notes[plan->notes_length + length] = '\0';
    plan->notes_length += length + 1;
    return true;
}

const char *plan_note(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    // A step's strides are said as such; a free run has no items.
    return plan->item_count == 0 || this->stride ? "" : plan->notes + plan->items[this->item].note;
}

size_t plan_block_end(const Plan *plan, size_t repeat)
{
    size_t end = repeat + 1;
    while (end < plan->item_count && plan->items[end].depth > plan->items[repeat].depth)
        end++;
    return end;
}

// ── unrolling ──

typedef struct {
    Plan *plan;
    UnrollOutcome outcome;
    size_t item;                      // that is at fault
    uint16_t repetition, repetitions; // of the innermost repeat
    size_t ladder;                    // the innermost one
    size_t rung, rungs;               // its next, and how many it has both ways; 0: no ladder
} Unroller;

static bool unroll_fail(Unroller *unroller, UnrollOutcome outcome, size_t item)
{
    unroller->outcome = outcome;
    unroller->item = item;
    return false;
}

static bool unroll_add(Unroller *unroller, const PlanStep *step)
{
    Plan *plan = unroller->plan;
    if (plan->step_count == PLAN_STEPS_MAX)
        return unroll_fail(unroller, UNROLL_FULL, step->item);
    PlanStep *added = &plan->steps[plan->step_count++];
    *added = *step;
    added->planned = (uint32_t)(step->step.measure == MEASURE_TIME ? step->step.duration / 1000
                                                                   : step->step.distance_mm);
    return true;
}

static Step step_by(const Step *like, Usec duration, int64_t distance_mm)
{
    Step step = *like;
    step.measure = duration > 0 ? MEASURE_TIME : MEASURE_DISTANCE;
    step.duration = duration;
    step.distance_mm = distance_mm;
    return step;
}

// The step as far as its strides leave it, then each of them and what is left of its share.
static bool unroll_strides(Unroller *unroller, const PlanStep *whole)
{
    const Strides *strides = &unroller->plan->items[whole->item].strides;
    const Usec each = written_duration(&strides->each);
    const int64_t each_mm = written_distance_mm(&strides->each);
    const Usec every =
        strides->every_said ? written_duration(&strides->every) : each * STRIDES_EVERY;
    const int64_t every_mm =
        strides->every_said ? written_distance_mm(&strides->every) : each_mm * STRIDES_EVERY;
    const Usec lead = whole->step.duration - every * strides->count;
    const int64_t lead_mm = whole->step.distance_mm - every_mm * strides->count;
    if ((each == 0 && each_mm == 0) || every < each || every_mm < each_mm || lead < 0 ||
        lead_mm < 0 || (every > 0) != (each > 0))
        return unroll_fail(unroller, UNROLL_STRIDES, whole->item);
    PlanStep step = *whole;
    step.step = step_by(&whole->step, lead, lead_mm);
    if ((lead > 0 || lead_mm > 0) && !unroll_add(unroller, &step))
        return false;
    for (uint16_t n = 1; n <= strides->count; n++) {
        step = *whole;
        step.step = step_by(&whole->step, each, each_mm);
        step.stride = 1;
        step.repetition = n;
        step.repetitions = strides->count;
        if (!unroll_add(unroller, &step))
            return false;
        step = *whole;
        step.step = step_by(&whole->step, every - each, every_mm - each_mm);
        if ((every > each || every_mm > each_mm) && !unroll_add(unroller, &step))
            return false;
    }
    return true;
}

// What an equal rest is equal to; NULL: there is none.
static const PlanStep *work_before(const Plan *plan, size_t step)
{
    while (step-- > 0)
        if (plan->steps[step].step.kind == STEP_WORK)
            return &plan->steps[step];
    return NULL;
}

static bool unroll_step(Unroller *unroller, size_t item)
{
    const PlanItem *this = &unroller->plan->items[item];
    PlanStep step = {
        .step = this->step,
        .aim = AIM_NOTHING,
        .repetition = unroller->repetition,
        .repetitions = unroller->repetitions,
        .item = (uint32_t)item,
    };
    if (this->written.unit == WRITTEN_RUNG) {
        if (unroller->rung >= unroller->rungs)
            return unroll_fail(unroller, UNROLL_RUNGS, item);
        const size_t up = unroller->plan->items[unroller->ladder].and_back
                              ? (unroller->rungs + 1) / 2
                              : unroller->rungs;
        const size_t n = unroller->rung++;
        const size_t rung = n < up ? n : 2 * up - 2 - n;
        const Step *length = &unroller->plan->items[unroller->ladder + 1 + rung].step;
        step.step = step_by(&step.step, length->duration, length->distance_mm);
    }
    const bool equal =
        step.step.measure == MEASURE_EQUAL_TIME || step.step.measure == MEASURE_EQUAL_DISTANCE;
    const PlanStep *work = equal ? work_before(unroller->plan, unroller->plan->step_count) : NULL;
    if (equal && work == NULL)
        return unroll_fail(unroller, UNROLL_NOT_AFTER, item);
    const Step *before = equal ? &work->step : NULL;
    if ((step.step.measure == MEASURE_EQUAL_TIME && before->measure == MEASURE_TIME) ||
        (step.step.measure == MEASURE_EQUAL_DISTANCE && before->measure == MEASURE_DISTANCE))
        step.step = step_by(&step.step, before->duration, before->distance_mm);
    return this->strides.count > 0 ? unroll_strides(unroller, &step) : unroll_add(unroller, &step);
}

static bool unroll_span(Unroller *unroller, size_t first, size_t end);

bool item_is_rest(const PlanItem *item)
{
    return item->kind == ITEM_STEP && item->step.kind == STEP_REST;
}

// One pass through a block. Every pass adds a step or fails, so a huge count ends as soon as the
// room does.
static bool unroll_pass(Unroller *unroller, size_t first, size_t end, bool cut_rest)
{
    while (cut_rest && end > first + 1 && item_is_rest(&unroller->plan->items[end - 1]))
        end--;
    return unroll_span(unroller, first, end);
}

static bool unroll_repeat(Unroller *unroller, size_t header, size_t end)
{
    const PlanItem *this = &unroller->plan->items[header];
    if (end == header + 1 || this->repeats == 0)
        return unroll_fail(unroller, UNROLL_NOTHING, header);
    unroller->repetitions = this->repeats;
    for (uint16_t n = 1; n <= this->repeats; n++) {
        unroller->repetition = n;
        if (!unroll_pass(unroller, header + 1, end, this->no_last && n == this->repeats))
            return false;
    }
    return true;
}

// Each pass takes as many rungs as its block has steps for them.
static bool unroll_ladder(Unroller *unroller, size_t header, size_t end)
{
    const PlanItem *items = unroller->plan->items;
    size_t first = header + 1, taken = 0;
    while (first < end && items[first].kind == ITEM_RUNG)
        first++;
    for (size_t i = first; i < end; i++)
        taken += items[i].depth == items[header].depth + 1 && items[i].kind == ITEM_STEP &&
                 items[i].written.unit == WRITTEN_RUNG;
    const size_t up = first - header - 1;
    const size_t rungs = items[header].and_back ? 2 * up - 1 : up;
    if (up == 0 || taken == 0 || rungs % taken != 0 || rungs > PLAN_STEPS_MAX)
        return unroll_fail(unroller, UNROLL_RUNGS, header);
    unroller->ladder = header;
    unroller->rung = 0;
    unroller->rungs = rungs;
    const uint16_t passes = (uint16_t)(rungs / taken);
    for (uint16_t n = 1; n <= passes; n++) {
        unroller->repetition = n;
        unroller->repetitions = passes;
        if (!unroll_pass(unroller, first, end, items[header].no_last && n == passes))
            return false;
    }
    return true;
}

static bool unroll_span(Unroller *unroller, size_t first, size_t end)
{
    for (size_t i = first; i < end;) {
        const PlanItem *item = &unroller->plan->items[i];
        if (item->kind == ITEM_STEP) {
            if (!unroll_step(unroller, i))
                return false;
            i++;
            continue;
        }
        if (item->kind == ITEM_RUNG) // without its ladder
            return unroll_fail(unroller, UNROLL_NOTHING, i);
        const size_t block_end = plan_block_end(unroller->plan, i);
        if (item->depth >= PLAN_DEPTH_MAX)
            return unroll_fail(unroller, UNROLL_DEEP, i);
        const Unroller outer = *unroller;
        if (item->kind == ITEM_REPEAT)
            unroller->rungs = 0; // an inner repeat has no rungs of an outer ladder
        if (!(item->kind == ITEM_REPEAT ? unroll_repeat(unroller, i, block_end)
                                        : unroll_ladder(unroller, i, block_end)))
            return false;
        *unroller = outer;
        i = block_end;
    }
    return true;
}

// The most that anybody ran in 24 hours was 320 km.
#define DAY_FASTEST_MPS 3.7

static bool is_too_long(const Plan *plan, size_t *ret_step)
{
    double total_s = 0, work_s = 0;
    for (size_t i = 0; i < plan->step_count; i++) {
        const Step *step = &plan->steps[i].step;
        double step_s = plan_step_s(plan, i);
        if (step->measure == MEASURE_EQUAL_TIME || step->measure == MEASURE_EQUAL_DISTANCE)
            step_s = work_s;
        else if (step->measure == MEASURE_DISTANCE && step_s <= 0)
            step_s = (double)step->distance_mm / 1000 / DAY_FASTEST_MPS;
        if (step->kind == STEP_WORK)
            work_s = step_s;
        total_s += step_s;
        if (total_s > usec_to_s(PLAN_TIME_MAX)) {
            *ret_step = i;
            return true;
        }
    }
    return false;
}

UnrollOutcome plan_unroll(Plan *plan, size_t *ret_item)
{
    Unroller unroller = {.plan = plan, .outcome = UNROLLED};
    plan->step_count = 0;
    if (plan->item_count == 0)
        unroll_fail(&unroller, UNROLL_NOTHING, 0);
    else
        unroll_span(&unroller, 0, plan->item_count);
    if (unroller.outcome != UNROLLED) {
        *ret_item = unroller.item;
        return unroller.outcome;
    }
    size_t step;
    plan_resolve(plan, NULL, NULL, false, &step);
    if (!is_too_long(plan, &step))
        return UNROLLED;
    *ret_item = plan->steps[step].item;
    return UNROLL_LONG;
}

// The limit of a rest that waits for the heart, in bpm. By feel such a rest lasts what it lasts on
// average.
static Resolution until_resolve(Step *step, const AthleteModel *model, bool by_effort)
{
    if (step->measure != MEASURE_HEART || !step->heart_is_percent)
        return RESOLVED;
    const double most = model_heart_max(model);
    if (!isnan(most)) {
        step->heart_below = (uint16_t)lround(most * step->heart_below / 100);
        step->heart_is_percent = 0;
        return RESOLVED;
    }
    if (!by_effort)
        return LACKS_HEART_MAX;
    step->measure = MEASURE_TIME;
    step->duration = (step->least + step->duration) / 2;
    step->least = 0;
    return RESOLVED;
}

Resolution plan_resolve(Plan *plan, const Athlete *athlete, const AthleteModel *model,
                        bool by_effort, size_t *ret_step)
{
    Resolution first = RESOLVED;
    for (size_t i = 0; i < plan->step_count && plan->item_count > 0; i++) {
        PlanStep *step = &plan->steps[i];
        if (step->stride) // by feel: nobody paces twenty seconds
            continue;
        const Target *target = &plan->items[step->item].target;
        Resolution resolution =
            target_resolve(target, athlete, model, step->repetition, step->repetitions, &step->aim);
        if (resolution != RESOLVED && by_effort)
            resolution =
                target_resolve_by_effort(target, step->repetition, step->repetitions, &step->aim);
        if (resolution == RESOLVED)
            resolution = until_resolve(&step->step, model, by_effort);
        if (resolution == RESOLVED || first != RESOLVED)
            continue;
        first = resolution;
        *ret_step = i;
    }
    return first == RESOLVED && is_too_long(plan, ret_step) ? LACKS_TIME : first;
}

void plan_free_run(Plan *ret_plan)
{
    plan_clear(ret_plan);
    memcpy(ret_plan->name, "Free run", sizeof "Free run");
    ret_plan->steps[0] = (PlanStep){
        .step = {.kind = STEP_WORK, .measure = MEASURE_OPEN},
        .aim = AIM_NOTHING,
    };
    ret_plan->step_count = 1;
    ret_plan->endless = true;
}

// ── what it promises ──

// Of a step that builds its pace in the middle of its time, or of its way.
static double planned_speed(const PlanStep *step)
{
    const Aim *aim = &step->aim;
    const double speed = aim_speed(aim);
    if (isnan(speed) || aim->end == speed)
        return speed;
    return step->step.measure == MEASURE_TIME ? (speed + aim->end) / 2 : aim_speed_at(aim, 0.5);
}

double step_planned_m(const PlanStep *step)
{
    const bool moves = step->step.kind == STEP_WORK || step->step.manner != MANNER_PLAIN;
    double speed;
    switch (step->step.measure) {
    case MEASURE_TIME:
        speed = planned_speed(step);
        return isnan(speed) ? 0 : usec_to_s(step->step.duration) * speed;
    case MEASURE_DISTANCE:
        return moves ? (double)step->step.distance_mm / 1000 : 0;
    case MEASURE_OPEN:
    case MEASURE_HEART:
    case MEASURE_EQUAL_TIME:
    case MEASURE_EQUAL_DISTANCE:
        return 0;
    }
    return 0;
}

double step_planned_s(const PlanStep *step)
{
    double speed;
    switch (step->step.measure) {
    case MEASURE_TIME:
        return usec_to_s(step->step.duration);
    case MEASURE_DISTANCE:
        speed = planned_speed(step);
        return isnan(speed) ? 0 : (double)step->step.distance_mm / 1000 / speed;
    case MEASURE_HEART:
        return usec_to_s(step->step.least + step->step.duration) / 2;
    case MEASURE_OPEN:
    case MEASURE_EQUAL_TIME:
    case MEASURE_EQUAL_DISTANCE:
        return 0;
    }
    return 0;
}

double plan_step_m(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step], *work = NULL;
    if (this->step.measure == MEASURE_EQUAL_DISTANCE && this->step.manner != MANNER_PLAIN)
        work = work_before(plan, step);
    return step_planned_m(work != NULL ? work : this);
}

double plan_step_s(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step], *work = NULL;
    if (this->step.measure == MEASURE_EQUAL_TIME)
        work = work_before(plan, step);
    return step_planned_s(work != NULL ? work : this);
}

double plan_total_m(const Plan *plan)
{
    double total = 0;
    for (size_t i = 0; i < plan->step_count; i++)
        total += plan_step_m(plan, i);
    return total;
}

double plan_total_s(const Plan *plan)
{
    double total = 0;
    for (size_t i = 0; i < plan->step_count; i++)
        total += plan_step_s(plan, i);
    return total;
}

#define EASY_SLOWER 0.08
#define EASY_EFFORT 3. // of Borg's ten, at most; the work is by half of it harder

// The steps of the innermost repeat around this one, or all of the plan's: those whose items lie
// between the two.
static void block_around(const Plan *plan, size_t item, size_t *ret_begin, size_t *ret_end)
{
    *ret_begin = 0;
    *ret_end = plan->item_count;
    for (size_t i = item; i-- > 0;) {
        if (plan->items[i].depth >= plan->items[item].depth)
            continue;
        *ret_begin = i + 1;
        *ret_end = plan_block_end(plan, i);
        return;
    }
}

// The fastest that it becomes; NAN of what asks for no speed.
static double top_speed(const Aim *aim)
{
    const double speed = aim_speed(aim);
    return aim->end == aim->value ? speed : fmax(speed, aim_speed_at(aim, 1));
}

bool plan_step_is_slower(const Plan *plan, size_t step, double by)
{
    const double speed = top_speed(&plan->steps[step].aim);
    if (isnan(speed)) // nor has a free run any items
        return false;
    size_t begin, end;
    block_around(plan, plan->steps[step].item, &begin, &end);
    double fastest = speed;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].item >= begin && plan->steps[i].item < end) // fmax ignores NAN
            fastest = fmax(fastest, top_speed(&plan->steps[i].aim));
    return speed <= fastest * (1 - by);
}

// Beside work that is measured in no speed. A pace in numbers says nothing of how hard it is: only
// the last one, which none is slower than, is the way home.
static bool is_easier_by_feel(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    if (plan->item_count == 0 || this->stride || this->step.kind == STEP_REST)
        return false;
    size_t begin, end;
    block_around(plan, this->item, &begin, &end);
    double hardest = (double)NAN;
    for (size_t i = begin; i < end; i++)
        hardest = fmax(hardest, target_effort(&plan->items[i].target, (double)NAN));
    const double effort = target_effort(&plan->items[this->item].target, (double)NAN);
    if (!isnan(effort))
        return effort <= EASY_EFFORT && hardest >= effort + EASY_EFFORT / 2;
    const double speed = top_speed(&this->aim);
    double slowest = speed;
    for (size_t i = 0; i < plan->step_count; i++)
        slowest = fmin(slowest, top_speed(&plan->steps[i].aim));
    return step + 1 == plan->step_count && speed <= slowest && hardest >= EFFORT_HARD;
}

bool plan_step_is_easy(const Plan *plan, size_t step)
{
    return plan_step_is_slower(plan, step, EASY_SLOWER) || is_easier_by_feel(plan, step);
}

const char *step_kind_name(StepKind kind)
{
    switch (kind) {
    case STEP_WORK:
        return "work";
    case STEP_REST:
        return "rest";
    }
    return "unknown";
}

const char *step_manner_name(StepManner manner)
{
    switch (manner) {
    case MANNER_PLAIN:
        return "plain";
    case MANNER_WALK:
        return "walk";
    case MANNER_JOG:
        return "jog";
    }
    return "unknown";
}

const char *step_measure_name(StepMeasure measure)
{
    switch (measure) {
    case MEASURE_TIME:
        return "time";
    case MEASURE_DISTANCE:
        return "distance";
    case MEASURE_OPEN:
        return "open";
    case MEASURE_HEART:
        return "heart";
    case MEASURE_EQUAL_TIME:
        return "equal-time";
    case MEASURE_EQUAL_DISTANCE:
        return "equal-distance";
    }
    return "unknown";
}

bool step_ends_by_clock(const Step *step)
{
    return step->measure == MEASURE_TIME || step->measure == MEASURE_HEART;
}

double step_length(const Step *step)
{
    if (step_ends_by_clock(step))
        return usec_to_s(step->duration);
    return step->measure == MEASURE_DISTANCE ? (double)step->distance_mm / 1000 : (double)NAN;
}
