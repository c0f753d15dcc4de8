// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Doubts about a workout that is legal. What is hard is to be worth reading: an easy jog between
// hard repetitions is no slip, nor are strides without a rest or minutes over and under a
// threshold, and who sees a doubt about what was meant will not read the next. So a block, written
// as a repeat at any depth or out in full, is judged by its fastest step, and no number is called
// hard that the plan itself has nothing easier beside, or that is not so for the runner.

#include "workout/lint.h"

#include "workout/lint-hint.h"
#include "workout/lint-limits.h"
#include "workout/lint-unit.h"
#include "workout/prose.h"

#include <stdio.h>
#include <string.h>

#define PACE_FASTEST_S 120 // a kilometre; the world record over 800 m is 2:06
#define PACE_SLOWEST_S 1200
#define CLEARLY_SLOWER 0.995 // paces per km and per mile are rounded to a second each
#define COLD           1.15  // than the plan's slowest pace, to begin with
#define WALK_MPS       2.0   // beside walking all running would be hard
#define STRIDE_S       30
#define STRIDE_M       150
#define STRIDES_MOST   8
#define THRESHOLD      0.995 // of the runner's speed there; paces are rounded
#define EASY_S_PER_KM  345.0 // of most
#define EASY_EFFORT    3.0   // and less
#define PERIOD_MOST    6     // items of a repetition that is written out again and again

static bool lint_has(const TextWarnings *warnings, uint32_t line, uint32_t column, const char *code)
{
    for (size_t i = 0; i < warnings->count; i++) {
        const TextWarning *warning = &warnings->items[i];
        if (warning->line == line && warning->column == column && strcmp(warning->code, code) == 0)
            return true;
    }
    return false;
}

void lint_add(TextWarnings *warnings, uint32_t line, uint32_t column, const char *code,
              const char *text)
{
    if (warnings == NULL || warnings->count == TEXT_WARNINGS_MAX ||
        lint_has(warnings, line, column, code))
        return;
    size_t at = warnings->count++;
    for (; at > 0; at--) {
        const TextWarning *before = &warnings->items[at - 1];
        if (before->line < line || (before->line == line && before->column <= column))
            break;
        warnings->items[at] = *before;
    }
    TextWarning *warning = &warnings->items[at];
    *warning = (TextWarning){.line = line, .column = column, .code = code};
    snprintf(warning->text, sizeof warning->text, "%s", text);
}

static void lint_item(const PlanItem *item, TextWarnings *warnings, const char *code,
                      const char *text)
{
    lint_add(warnings, item->line, item->column, code, text);
}

const char *lint_pace(double speed_mps, char ret_text[LINT_PACE_MAX])
{
    const int seconds = (int)lround(speed_s_per_km(speed_mps));
    snprintf(ret_text, LINT_PACE_MAX, "%d:%02d/km", seconds / 60, seconds % 60);
    return ret_text;
}

const char *lint_place(const PlanItem *item, char ret_text[LINT_PLACE_MAX])
{
    snprintf(ret_text, LINT_PLACE_MAX, "%s %u", item->column > 0 ? "the step in line" : "step",
             item->line);
    return ret_text;
}

bool lint_is_stride(const PlanStep *step)
{
    const Step *length = &step->step;
    return step->repetitions <= STRIDES_MOST &&
           ((length->measure == MEASURE_TIME && length->duration <= STRIDE_S * USEC_PER_SEC) ||
            (length->measure == MEASURE_DISTANCE &&
             length->distance_mm <= STRIDE_M * INT64_C(1000)));
}

// What a plan's items come to, as far as it is known without a runner or with one.
typedef struct {
    const Plan *plan;
    const AthleteModel *model; // may be NULL
    TextWarnings *warnings;
    double slowest;                          // m/s of the work that has a pace; NAN: none has
    double weakest, strongest;               // W likewise
    const PlanStep *first[PLAN_ITEMS_MAX];   // an item's first step; NULL: it is not run
    const PlanStep *fastest[PLAN_ITEMS_MAX]; // its fastest step; NULL: it has no pace
} Linter;

static void linter_init(Linter *linter, const Plan *plan, const AthleteModel *model,
                        TextWarnings *warnings)
{
    linter->plan = plan;
    linter->model = model;
    linter->warnings = warnings;
    linter->slowest = linter->weakest = linter->strongest = NAN;
    memset(linter->first, 0, plan->item_count * sizeof *linter->first);
    memset(linter->fastest, 0, plan->item_count * sizeof *linter->fastest);
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        const PlanStep **fastest = &linter->fastest[step->item];
        const double speed = aim_speed(&step->aim);
        if (linter->first[step->item] == NULL)
            linter->first[step->item] = step;
        if (step->aim.quantity == AIM_POWER) {
            linter->weakest = fmin(linter->weakest, step->aim.value);
            linter->strongest = fmax(linter->strongest, step->aim.value);
        }
        if (isnan(speed))
            continue;
        if (*fastest == NULL || speed > aim_speed(&(*fastest)->aim))
            *fastest = step;
        if (speed > WALK_MPS)
            linter->slowest = fmin(linter->slowest, speed);
    }
}

// ── what is hard ──

// Whoever runs it, or beside the powers of the plan.
static bool is_hard_by_itself(const Linter *linter, const PlanStep *step)
{
    const double heart_max = model_heart_max(linter->model);
    return target_effort(&linter->plan->items[step->item].target, heart_max) >= EFFORT_HARD ||
           (step->aim.quantity == AIM_POWER && step->aim.value > linter->weakest * COLD &&
            step->aim.value > linter->strongest / LINT_HARDER);
}

// Faster than a limit in m/s, or hard in itself.
static bool is_hard(const Linter *linter, const PlanStep *step, double limit)
{
    return step->step.kind == STEP_WORK && !step->stride &&
           (is_hard_by_itself(linter, step) || aim_speed(&step->aim) > limit);
}

// Not hard, and beside the plan's other paces no fast one either.
static bool is_easy(const Linter *linter, size_t step)
{
    const PlanStep *this = &linter->plan->steps[step];
    return this->step.kind == STEP_WORK && !is_hard_by_itself(linter, this) &&
           (plan_step_is_easy(linter->plan, step) ||
            !(aim_speed(&this->aim) > linter->slowest * LINT_HARDER));
}

// ── the order of steps ──

// One may walk or jog into a workout, out of it, and by turns.
static void lint_rests(const Plan *plan, TextWarnings *warnings)
{
    const PlanItem *first = &plan->items[0], *last = &plan->items[plan->item_count - 1];
    if (item_is_rest(first) && first->step.manner == MANNER_PLAIN)
        lint_item(first, warnings, "rest-at-start", "the workout starts with a rest");
    if (item_is_rest(last) && last->step.manner == MANNER_PLAIN && last->depth == 0)
        lint_item(last, warnings, "rest-at-end", "the workout ends with a rest");
    for (const PlanItem *item = first; item < last; item++)
        if (item_is_rest(item) && item_is_rest(item + 1) && item[0].depth == item[1].depth &&
            item[0].step.manner == item[1].step.manner)
            lint_item(item + 1, warnings, "rests-in-a-row", "a rest follows a rest");
}

// The first step of work; the number of steps when there is none.
static size_t first_work(const Plan *plan)
{
    size_t first = 0;
    while (first < plan->step_count && plan->steps[first].step.kind != STEP_WORK)
        first++;
    return first;
}

// A repetition with rests, and nothing in the plan that is slower: how hard it is cannot be seen by
// its pace, but by what it is.
static bool begins_a_set(const Linter *linter, size_t step)
{
    const PlanStep *first = &linter->plan->steps[step];
    const size_t next = step + 1;
    return first->repetitions > 1 && aim_speed(&first->aim) > LINT_BRISK_MPS &&
           next < linter->plan->step_count && linter->plan->steps[next].step.kind == STEP_REST;
}

// A lone step by a race's pace, or by a number, is a race; what is said by a zone, and a time
// trial, is training.
static bool begins_alone(const Plan *plan)
{
    const Target *target = &plan->items[plan->steps[0].item].target;
    return target->from.kind == POINT_ZONE || target->kind == TARGET_MAXIMAL;
}

// For this runner, whatever it would be for others.
static bool is_hard_for_runner(const Linter *linter, const PlanStep *step)
{
    return linter->model != NULL && !lint_is_stride(step) &&
           aim_speed(&step->aim) >= linter->model->speeds.threshold * THRESHOLD;
}

// A walk or a jog before all work warms up, too.
static bool begins_gently(const Plan *plan, size_t first)
{
    for (size_t i = 0; i < first; i++)
        if (plan->steps[i].step.manner != MANNER_PLAIN)
            return true;
    return false;
}

// `slow`: the first step is doubted already, as the faster one.
static void lint_warm_up(const Linter *linter, bool slow)
{
    const Plan *plan = linter->plan;
    const size_t first = first_work(plan);
    char text[TEXT_MESSAGE_MAX], pace[LINT_PACE_MAX], hint[LINT_HINT_MAX];
    if (first == plan->step_count || (plan->step_count < 2 && !begins_alone(plan)) ||
        begins_gently(plan, first))
        return;
    const PlanStep *step = &plan->steps[first];
    const double limit = fmax(linter->slowest * COLD, LINT_BRISK_MPS);
    const bool hard = is_hard(linter, step, limit) || begins_a_set(linter, first);
    if (!slow && (is_hard(linter, step, INFINITY) || (hard && !plan_step_is_easy(plan, first))))
        snprintf(text, sizeof text,
                 "the workout begins hard: nothing easier stands before this step as a warm-up%s",
                 lint_unit_is_odd(plan, step) ? lint_unit_hint(plan, step, 0, limit, hint) : "");
    else if (is_hard_for_runner(linter, step))
        snprintf(text, sizeof text,
                 "the workout begins at %s, which is hard for you: nothing easier stands before it "
                 "as a warm-up",
                 lint_pace(aim_speed(&step->aim), pace));
    else
        return;
    lint_item(&plan->items[step->item], linter->warnings, "no-warm-up", text);
}

// Whether two steps are of a repeat and alike, or are written out: lines that ask for the same, in
// the same words.
static bool is_again(const Plan *plan, const PlanStep *before, const PlanStep *step)
{
    const PlanItem *one = &plan->items[before->item], *other = &plan->items[step->item];
    if (!target_same(&other->target, &one->target) || other->target.kind == TARGET_PROGRESS)
        return false;
    if (step->repetitions >= 2 && step->repetition >= 2 && step->item <= before->item)
        return true;
    return step->item == before->item + 1 && other->depth == one->depth &&
           other->written.unit == one->written.unit && other->written.parts == one->written.parts &&
           other->step.duration == one->step.duration &&
           other->step.distance_mm == one->step.distance_mm && other->note == one->note;
}

// A repetition that follows another of the same pace at once. Hard is what is harder than the
// warm-up, for recoveries may be slower still.
static void lint_missing_rests(const Linter *linter)
{
    const Plan *plan = linter->plan;
    const size_t first = first_work(plan);
    const bool warm = first < plan->step_count && plan->steps[first].repetitions == 0;
    const double easy = warm ? aim_speed(&plan->steps[first].aim) : linter->slowest;
    // Of a warm-up whose pace nobody knows, every pace is harder.
    const double limit = warm && isnan(easy) ? 0 : easy * LINT_HARDER;
    uint32_t told = UINT32_MAX;
    for (size_t i = 1; i < plan->step_count; i++) {
        const PlanStep *before = &plan->steps[i - 1], *step = &plan->steps[i];
        if (lint_is_stride(step) || !is_again(plan, before, step) ||
            !is_hard(linter, before, limit) || !is_hard(linter, step, limit))
            continue;
        if (step->item != told && before->item != told)
            lint_item(&plan->items[step->item], linter->warnings, "no-rest",
                      "nothing stands between these repetitions, which makes one long run of them: "
                      "perhaps a rest is missing");
        told = step->item;
    }
}

// ── repeats ──

// Whether an item may be the fast one of its block, though it has no pace. Beside it what has one
// is to rest by.
static bool hides_speed(const Linter *linter, size_t item)
{
    const PlanItem *this = &linter->plan->items[item];
    if (this->kind != ITEM_STEP || this->step.kind == STEP_REST)
        return false;
    return this->strides.count > 0 || (linter->fastest[item] == NULL &&
                                       !(target_effort(&this->target, (double)NAN) <= EASY_EFFORT));
}

// The fastest step of the items from `first` to before `end`; NULL when none has a pace, or another
// may be faster.
static const PlanStep *fastest_of(const Linter *linter, size_t first, size_t end)
{
    const PlanStep *fastest = NULL;
    for (size_t i = first; i < end; i++) {
        const PlanStep *step = linter->fastest[i];
        if (hides_speed(linter, i))
            return NULL;
        if (step != NULL && (fastest == NULL || aim_speed(&step->aim) > aim_speed(&fastest->aim)))
            fastest = step;
    }
    return fastest;
}

static bool clearly_slower(const PlanStep *step, const PlanStep *than)
{
    return than != NULL && aim_speed(&step->aim) < aim_speed(&than->aim) * CLEARLY_SLOWER;
}

// Whether of a warm-up and repetitions slower than it the warm-up's pace is the odd one, written
// for the other unit: it alone has its unit, or where as many have each, it is easy running, for
// the runner if one is known, when read so rather than as it stands.
static bool odd_warm_up(const Linter *linter, const PlanStep *warm_up, const PlanStep *slow)
{
    const Plan *plan = linter->plan;
    const bool odd = lint_unit_is_odd(plan, warm_up);
    const bool miles = target_unit(&plan->items[warm_up->item].target) == PACE_PER_MILE;
    if (!miles || target_unit(&plan->items[slow->item].target) != PACE_PER_KM ||
        odd != lint_unit_is_odd(plan, slow))
        return miles && odd;
    const double now = speed_s_per_km(aim_speed(&warm_up->aim));
    const double other = now * METRES_PER_MILE / METRES_PER_KM;
    const bool known = linter->model != NULL && !isnan(linter->model->speeds.easy);
    const double easy = known ? speed_s_per_km(linter->model->speeds.easy) : EASY_S_PER_KM;
    return fabs(log(other / easy)) < fabs(log(now / easy));
}

static void tell_warm_up(const Linter *linter, const PlanStep *warm_up, const PlanStep *slow)
{
    const Plan *plan = linter->plan;
    char text[TEXT_MESSAGE_MAX], hint[LINT_HINT_MAX], pace[LINT_PACE_MAX], than[LINT_PACE_MAX];
    char place[LINT_PLACE_MAX];
    const double least = aim_speed(&warm_up->aim);
    const PlanItem *told = &plan->items[slow->item];
    lint_pace(least, than);
    lint_pace(aim_speed(&slow->aim), pace);
    if (odd_warm_up(linter, warm_up, slow)) {
        snprintf(text, sizeof text,
                 "the first step, the warm-up (%s), is faster than the repetitions (%s, %s)%s",
                 than, pace, lint_place(told, place),
                 lint_unit_hint(plan, warm_up, METRES_PER_KM / PACE_SLOWEST_S, least, hint));
        told = &plan->items[warm_up->item];
    } else {
        snprintf(text, sizeof text,
                 "the repetitions (%s) are slower than the first step, the warm-up (%s)%s", pace,
                 than, lint_unit_hint(plan, slow, least, METRES_PER_KM / PACE_FASTEST_S, hint));
    }
    lint_item(told, linter->warnings, "slower-than-warm-up", text);
}

// Repetitions without a pace that are easier than the first step, by the heart or by how they feel,
// all of them.
static bool lint_easier(const Linter *linter, size_t first, size_t end)
{
    const Plan *plan = linter->plan;
    const PlanItem *warm_up = &plan->items[0], *hardest = NULL;
    const Target *asked = &warm_up->target;
    if (first == 0 || warm_up->kind != ITEM_STEP ||
        (asked->kind != TARGET_HEART && asked->kind != TARGET_EFFORT))
        return false;
    for (size_t i = first; i < end; i++) {
        const PlanItem *item = &plan->items[i];
        const Target *target = &item->target;
        if (item->kind != ITEM_STEP || item_is_rest(item))
            continue;
        if (item->strides.count > 0 || target->kind != asked->kind ||
            target->scale != asked->scale || target->high == 0 || target->high >= asked->low)
            return false;
        if (hardest == NULL || target->high > hardest->target.high)
            hardest = item;
    }
    if (hardest != NULL)
        lint_item(hardest, linter->warnings, "easier-than-warm-up",
                  "the repetitions are easier than the first step, the warm-up");
    return hardest != NULL;
}

// In a block that has nothing faster than the warm-up, a repetition that is slower: what stands
// first in it and lasts longer than all else, run and not walked. NULL when there is none; what
// stands behind or is no longer is what one jogs.
static const PlanStep *slow_beside(const Linter *linter, size_t first, size_t end)
{
    const PlanStep *warm_up = linter->fastest[0], *slow = NULL;
    for (size_t i = first; i < end; i++) {
        const PlanStep *step = linter->fastest[i];
        if (step == NULL)
            continue;
        if (clearly_slower(warm_up, step) ||
            (slow != NULL && step_planned_s(step) >= step_planned_s(slow)))
            return NULL;
        if (slow == NULL)
            slow = step;
    }
    return clearly_slower(slow, warm_up) && aim_speed(&slow->aim) > WALK_MPS ? slow : NULL;
}

// Whether an item from `first` on asks for the same as this one.
static bool asked_before(const Plan *plan, size_t first, size_t item)
{
    while (first < item && !target_same(&plan->items[first].target, &plan->items[item].target))
        first++;
    return first < item;
}

// The block of the items from `first` to before `end`. False: nothing is doubtful about how fast it
// is.
static bool lint_block(const Linter *linter, size_t first, size_t end)
{
    const Plan *plan = linter->plan;
    char text[TEXT_MESSAGE_MAX], hint[LINT_HINT_MAX], pace[LINT_PACE_MAX], than[LINT_PACE_MAX];
    char place[LINT_PLACE_MAX];
    const PlanStep *fastest = fastest_of(linter, first, end);
    if (fastest == NULL)
        return lint_easier(linter, first, end);
    if (first > 0 && clearly_slower(fastest, linter->fastest[0])) {
        for (size_t i = first; i < end; i++)
            if (linter->fastest[i] != NULL && !asked_before(plan, first, i))
                tell_warm_up(linter, linter->fastest[0], linter->fastest[i]);
        return true;
    }
    const PlanStep *slow =
        first > 0 && linter->fastest[0] != NULL ? slow_beside(linter, first, end) : NULL;
    if (slow != NULL) {
        tell_warm_up(linter, linter->fastest[0], slow);
        return true;
    }
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanStep *other = linter->fastest[i];
        const bool inside = i >= first && i < end;
        if (inside || !clearly_slower(fastest, other) ||
            step_planned_s(other) <= step_planned_s(fastest))
            continue;
        const double least = aim_speed(&other->aim);
        snprintf(text, sizeof text,
                 "the repetitions (%s) are slower than %s, which is longer (%s)%s",
                 lint_pace(aim_speed(&fastest->aim), pace), lint_place(&plan->items[i], place),
                 lint_pace(least, than),
                 lint_unit_hint(plan, fastest, least, METRES_PER_KM / PACE_FASTEST_S, hint));
        lint_item(&plan->items[fastest->item], linter->warnings, "slower-than-longer", text);
        return true;
    }
    return false;
}

// Which way an item's pace goes, for the runner if one is known, else as it feels: above 0 it
// becomes faster. 0 where nothing says, and for the last, which may end as easily as one likes.
static double tendency(const Linter *linter, size_t item)
{
    const Plan *plan = linter->plan;
    const Target *target = &plan->items[item].target;
    const Target from = {.kind = TARGET_AT, .from = target->from};
    const Target to = {.kind = TARGET_AT, .from = target->to};
    const PlanStep *first = linter->first[item], *last = first;
    if (first == NULL || (target->kind != TARGET_PROGRESS && target->kind != TARGET_BUILD) ||
        (item + 1 == plan->item_count && first->repetitions == 0))
        return 0;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].item == item)
            last = &plan->steps[i];
    if (first->aim.quantity == AIM_SPEED)
        return last->aim.end - aim_speed(&first->aim);
    return target_effort(&to, (double)NAN) - target_effort(&from, (double)NAN);
}

// A title that promises a progression ("Progressive 1ks"), and what changes becomes slower.
static void lint_progress(const Linter *linter)
{
    const Plan *plan = linter->plan;
    size_t slows = plan->item_count;
    for (size_t i = plan->item_count; i-- > 0;) {
        const double faster = tendency(linter, i);
        if (faster > 0)
            return;
        if (faster < 0)
            slows = i;
    }
    if (slows < plan->item_count && strstr(plan->name, "rogressi") != NULL)
        lint_item(&plan->items[slows], linter->warnings, "not-progressive",
                  "the title promises a progression, but this becomes slower and slower");
}

static void lint_rest_only(const Linter *linter, size_t repeat)
{
    const Plan *plan = linter->plan;
    const size_t end = plan_block_end(plan, repeat);
    bool works = false;
    for (size_t i = repeat + 1; i < end; i++)
        works |= plan->items[i].kind == ITEM_STEP && !item_is_rest(&plan->items[i]);
    if (!works)
        lint_item(&plan->items[repeat], linter->warnings, "rest-only",
                  "nothing but rest is repeated");
}

// Whether `count` items from `one` on ask for the same as those from `other` on.
static bool items_same(const Plan *plan, size_t one, size_t other, size_t count)
{
    if (other + count > plan->item_count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const PlanItem *a = &plan->items[one + i], *b = &plan->items[other + i];
        if (a->kind != ITEM_STEP || b->kind != ITEM_STEP || a->depth != b->depth ||
            a->step.kind != b->step.kind || !target_same(&a->target, &b->target))
            return false;
    }
    return true;
}

// Where repetitions with rests between them that begin at an item, and are written out one by one,
// end; the item's own index when there are none.
static size_t written_out(const Plan *plan, size_t first)
{
    for (size_t period = 2; period <= PERIOD_MOST && first + period < plan->item_count; period++) {
        const size_t work = period - 1; // the last of them has no rest
        size_t end = first;
        while (item_is_rest(&plan->items[end + work]) &&
               items_same(plan, first, end + period, work)) {
            end += period;
            if (end + work >= plan->item_count)
                break;
        }
        if (end > first)
            return end + work;
    }
    return first;
}

void lint_plan(const Plan *plan, const AthleteModel *model, TextWarnings *warnings)
{
    Linter linter;
    bool slow = false;
    size_t out = 1; // the first step is the warm-up
    linter_init(&linter, plan, model, warnings);
    lint_rests(plan, warnings);
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanItem *item = &plan->items[i];
        switch (item->kind) {
        case ITEM_STEP:
            if (linter.first[i] != NULL)
                lint_limits_step(plan, model, linter.first[i], linter.fastest[i], warnings);
            lint_unit(plan, model, linter.fastest, i, warnings);
            if (i < out || item_is_rest(item))
                break;
            out = written_out(plan, i);
            slow |= out > i && lint_block(&linter, i, out);
            break;
        case ITEM_REPEAT:
        case ITEM_LADDER:
            lint_rest_only(&linter, i);
            slow |= lint_block(&linter, i + 1, plan_block_end(plan, i));
            break;
        case ITEM_RUNG:
            break;
        }
    }
    lint_warm_up(&linter, slow);
    lint_missing_rests(&linter);
    lint_limits_ends(plan, is_easy(&linter, 0), is_easy(&linter, plan->step_count - 1), warnings);
    lint_progress(&linter);
}

bool lint_article(const char *text, size_t length, Plan *ret_plan, TextWarnings *ret_warnings,
                  TextError *ret_error)
{
    if (!text_parse(text, length, ret_plan, ret_warnings, ret_error)) {
        const char *hint = lint_hint(text, length, ret_error);
        const size_t used = strlen(ret_error->text);
        if (hint != NULL)
            snprintf(ret_error->text + used, sizeof ret_error->text - used, ": %s", hint);
        return false;
    }
    prose_lint(text, length, ret_plan, ret_warnings);
    return true;
}

bool lint_text(const char *text, size_t length, Plan *ret_plan, TextWarnings *ret_warnings,
               TextError *ret_error)
{
    if (!lint_article(text, length, ret_plan, ret_warnings, ret_error))
        return false;
    lint_plan(ret_plan, NULL, ret_warnings);
    return true;
}
