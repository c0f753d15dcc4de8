// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A plan as a FIT workout. What was hard: a plan repeats in more ways than a file can. So what is
// written are the executed steps, and a repeat is wherever they are in truth the same again.

#include "workout/fitplan.h"

#include "codec/fit-write.h"
#include "workout/fitplan-target.h"

#include <string.h>

#define FILE_WORKOUT  5
#define SPORT_RUNNING 1
#define CAPABILITIES  0x20
#define HEART_OFFSET  100
#define MM_PER_CM     10

enum { // what has been said of an item, bit by bit
    SAID_TARGET = 1,
    SAID_LENGTH = 2,
};

typedef struct {
    const Plan *plan;
    const Losses *losses;
    FitWriter *fit; // NULL: the steps are only counted
    uint32_t index; // of the next
    uint8_t said[PLAN_ITEMS_MAX];
} Writing;

static const PlanItem *item_of(const Plan *plan, size_t step)
{
    return &plan->items[plan->steps[step].item];
}

static bool same_step(const PlanStep *one, const PlanStep *other)
{
    const Step *a = &one->step, *b = &other->step;
    return one->item == other->item && one->stride == other->stride && a->kind == b->kind &&
           a->measure == b->measure && a->manner == b->manner && a->heart_below == b->heart_below &&
           a->heart_is_percent == b->heart_is_percent && a->duration == b->duration &&
           a->least == b->least && a->distance_mm == b->distance_mm &&
           memcmp(&one->aim, &other->aim, sizeof one->aim) == 0;
}

static bool same_span(const Plan *plan, size_t one, size_t other, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!same_step(&plan->steps[one + i], &plan->steps[other + i]))
            return false;
    return true;
}

// What is written together, and how often in all.
typedef struct {
    size_t first, length;
    uint32_t times;
} Block;

// The steps from here that are repeated at once; else the one step, once. Of several ways to see
// it, the one that covers most, and of these the shortest block.
static Block block_at(const Plan *plan, size_t first)
{
    Block best = {first, 1, 1};
    const size_t left = plan->step_count - first;
    for (size_t length = 1; length <= left / 2; length++) {
        uint32_t times = 1;
        while ((times + 1) * length <= left &&
               same_span(plan, first, first + times * length, length))
            times++;
        if (times > 1 && times * length > best.times * best.length)
            best = (Block){first, length, times};
    }
    return best;
}

static void say_once(Writing *writing, uint32_t item, uint8_t what, const char *text)
{
    if (writing->fit == NULL || writing->said[item] & what)
        return;
    writing->said[item] |= what;
    losses_say(writing->losses, writing->plan->items[item].line, "%s", text);
}

static bool has_harder(const Plan *plan, size_t step)
{
    const bool aimless = item_of(plan, step)->target.kind == TARGET_NONE;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].repetitions > 0 ||
            (aimless && item_of(plan, i)->target.kind != TARGET_NONE))
            return true;
    return false;
}

// The first and the last step are there to warm up and to cool down, unless they are the work.
static FitIntensity intensity_of(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    if (this->step.kind == STEP_REST)
        return FIT_REST;
    if (this->stride)
        return FIT_ACTIVE;
    const bool easy = plan_step_is_easy(plan, step);
    if (this->repetitions > 0)
        return easy ? FIT_RECOVERY : FIT_ACTIVE;
    if (!easy && !(isnan(aim_speed(&this->aim)) && has_harder(plan, step)))
        return FIT_ACTIVE;
    return step == 0 ? FIT_WARM_UP : step + 1 == plan->step_count ? FIT_COOL_DOWN : FIT_ACTIVE;
}

static void write_length(Writing *writing, const PlanStep *this, FitStep *step)
{
    switch (this->step.measure) {
    case MEASURE_TIME:
        step->duration_type = FIT_LASTS_TIME;
        step->duration = (double)(this->step.duration / USEC_PER_MSEC);
        return;
    case MEASURE_DISTANCE:
        step->duration_type = FIT_LASTS_DISTANCE;
        step->duration = fmax(round((double)this->step.distance_mm / MM_PER_CM), 1);
        return;
    case MEASURE_HEART:
        step->duration_type = FIT_LASTS_HEART_BELOW;
        step->duration = this->step.heart_below + (this->step.heart_is_percent ? 0 : HEART_OFFSET);
        if (writing->plan->items[this->item].bounded)
            say_once(writing, this->item, SAID_LENGTH,
                     "it waits for the heart alone: the least and most are left out");
        return;
    case MEASURE_OPEN:
        step->duration_type = FIT_LASTS_OPEN;
        return;
    case MEASURE_EQUAL_TIME:
    case MEASURE_EQUAL_DISTANCE:
        step->duration_type = FIT_LASTS_OPEN;
        say_once(writing, this->item, SAID_LENGTH,
                 "how long it is will only be known on the run: it ends by hand");
        return;
    }
}

static void write_target(Writing *writing, const PlanStep *this, FitStep *step)
{
    const Target none = {0};
    const Target *target = this->stride ? &none : &writing->plan->items[this->item].target;
    switch (fitplan_target_write(target, &this->aim, step)) {
    case FITPLAN_HELD:
        return;
    case FITPLAN_RANGE_ONLY:
        say_once(writing, this->item, SAID_TARGET,
                 "it builds its pace: the watch has one range, from the slowest to the fastest");
        return;
    case FITPLAN_NOT_HELD:
        say_once(
            writing, this->item, SAID_TARGET,
            "no watch can hold its target to it, or no runner is known: only its name says it");
        return;
    }
}

// Whether who reads the block as a repeat counts the same repetitions of the step.
static bool counts_alike(const Plan *plan, const PlanStep *this, const Block *block)
{
    size_t found = 0;
    for (size_t i = block->first; i < block->first + block->length; i++)
        found += plan->steps[i].item == this->item;
    return found == 1 && block->times == this->repetitions;
}

// The target in our words, from which it can be read again. A progress is one from repetition to
// repetition, each with a pace of its own that has no words, or within a lone step; where it would
// be taken for the other, they are words for people only.
static const char *target_name(const Plan *plan, const PlanStep *this, const Block *block,
                               char ret_words[FITPLAN_WORDS_MAX])
{
    Target target = plan->items[this->item].target;
    const bool over = target.kind == TARGET_PROGRESS && this->repetitions > 1;
    if (target.kind == TARGET_NONE || (over && this->aim.quantity != AIM_NONE))
        return "Run";
    if (target.kind == TARGET_PROGRESS && !over)
        target.kind = TARGET_BUILD;
    fitplan_target_words(&target, ret_words);
    if (over && !counts_alike(plan, this, block))
        strncat(ret_words, ", over the repetitions", FITPLAN_WORDS_MAX - strlen(ret_words) - 1);
    return ret_words;
}

static const char *name_of(const Plan *plan, const PlanStep *this, const Block *block,
                           char ret_words[FITPLAN_WORDS_MAX])
{
    switch (this->step.kind) {
    case STEP_WORK:
        return this->stride ? "Stride" : target_name(plan, this, block, ret_words);
    case STEP_REST:
        break;
    }
    switch (this->step.manner) {
    case MANNER_PLAIN:
        break;
    case MANNER_JOG:
        return "Jog";
    case MANNER_WALK:
        return "Walk";
    }
    return "Rest";
}

static void write_step(Writing *writing, size_t at, const Block *block)
{
    const PlanStep *this = &writing->plan->steps[at];
    char words[FITPLAN_WORDS_MAX];
    const char *name = name_of(writing->plan, this, block, words);
    const char *note = plan_note(writing->plan, at);
    FitMessage message = {.kind = FIT_STEP};
    message.step = (FitStep){
        .index = writing->index++,
        .duration = NAN,
        .intensity = intensity_of(writing->plan, at),
        .second_target_type = NAN,
        .name = {name, strlen(name)},
        .notes = {*note != '\0' ? note : NULL, strlen(note)},
    };
    write_length(writing, this, &message.step);
    write_target(writing, this, &message.step);
    if (writing->fit != NULL)
        fit_write(writing->fit, &message);
}

static void write_repeat(Writing *writing, uint32_t from, uint32_t times)
{
    const FitMessage message = {
        .kind = FIT_STEP,
        .step = {.index = writing->index++,
                 .duration_type = FIT_LASTS_REPEAT,
                 .duration = from,
                 .target_type = NAN,
                 .target = times,
                 .low = NAN,
                 .high = NAN,
                 .intensity = NAN,
                 .second_target_type = NAN},
    };
    if (writing->fit != NULL)
        fit_write(writing->fit, &message);
}

static void write_steps(Writing *writing)
{
    writing->index = 0;
    for (size_t i = 0; i < writing->plan->step_count;) {
        const uint32_t from = writing->index;
        const Block block = block_at(writing->plan, i);
        for (size_t member = 0; member < block.length; member++)
            write_step(writing, i + member, &block);
        if (block.times > 1)
            write_repeat(writing, from, block.times);
        i += block.length * block.times;
    }
}

size_t fitplan_write(const Plan *plan, double created, uint32_t serial, uint8_t *bytes, size_t size,
                     const Losses *losses)
{
    FitWriter fit;
    Writing writing = {.plan = plan};
    write_steps(&writing);
    const size_t name = strlen(plan->name);
    if (name > FIT_TEXT_MAX)
        losses_say(losses, 0, "the name is cut after %d bytes", FIT_TEXT_MAX);
    fit_writer_init(&fit, bytes, size);
    fit_write(&fit, &(FitMessage){.kind = FIT_FILE,
                                  .file = {.type = FILE_WORKOUT,
                                           .manufacturer = FITPLAN_MANUFACTURER,
                                           .product = FITPLAN_PRODUCT,
                                           .serial = serial,
                                           .created = created}});
    fit_write(&fit, &(FitMessage){.kind = FIT_WORKOUT,
                                  .workout = {.sport = SPORT_RUNNING,
                                              .capabilities = CAPABILITIES,
                                              .step_count = writing.index,
                                              .name = {plan->name, name}}});
    writing.fit = &fit;
    writing.losses = losses;
    write_steps(&writing);
    return fit_writer_end(&fit);
}
