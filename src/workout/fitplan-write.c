// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A plan as a FIT workout. What was hard: a plan repeats in more ways than a file can. So what is
// written are the executed steps, and a repeat is wherever they are in truth the same again.

#include "workout/fitplan.h"

#include "codec/fit-write.h"
#include "workout/aids.h"
#include "workout/fitplan-target.h"
#include "workout/length.h"
#include "workout/target-text.h"

#include <string.h>

#define FILE_WORKOUT  5
#define SPORT_RUNNING 1
#define CAPABILITIES  0x20
#define HEART_OFFSET  100
#define MM_PER_CM     10

enum { // what has been said of an item, bit by bit
    SAID_TARGET = 1,
    SAID_LENGTH = 2,
    SAID_AIDS = 4,
    SAID_STRIDES = 8,
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

#define SAY_MAX 200

static void print_pace(Printer *printer, double speed, const char *behind)
{
    const Target pace = target_of_pace(pace_of_speed(speed, PACE_PER_KM));
    target_print(printer, &pace);
    print_text(printer, behind);
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
FitIntensity fitplan_intensity(const Plan *plan, size_t step)
{
    const PlanStep *this = &plan->steps[step];
    if (this->step.kind == STEP_REST)
        return FIT_REST;
    if (this->stride)
        return FIT_ACTIVE;
    const bool easy = plan_step_is_easy(plan, step);
    if (this->repetitions > 0)
        return easy && !isnan(aim_speed(&this->aim)) ? FIT_RECOVERY : FIT_ACTIVE;
    if (!easy && !(isnan(aim_speed(&this->aim)) && has_harder(plan, step)))
        return FIT_ACTIVE;
    return step == 0 ? FIT_WARM_UP : step + 1 == plan->step_count ? FIT_COOL_DOWN : FIT_ACTIVE;
}

static void write_length(Writing *writing, const PlanStep *this, FitStep *step)
{
    const PlanItem *item = &writing->plan->items[this->item];
    char text[SAY_MAX];
    Printer printer = {text, sizeof text, 0};
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
        // A percentage as it was written, for the watch knows its runner.
        step->duration = item->step.heart_is_percent ? item->step.heart_below
                                                     : this->step.heart_below + HEART_OFFSET;
        if (!item->bounded)
            return;
        print_text(&printer, "it waits for the heart alone: the watch does not hold the least (");
        length_print(&printer, &item->least);
        print_text(&printer, ") and the most (");
        length_print(&printer, &item->most);
        print_text(&printer, ")");
        print_end(&printer);
        say_once(writing, this->item, SAID_LENGTH, text);
        return;
    case MEASURE_OPEN:
        step->duration_type = FIT_LASTS_OPEN;
        return;
    case MEASURE_EQUAL_TIME:
    case MEASURE_EQUAL_DISTANCE:
        step->duration_type = FIT_LASTS_OPEN;
        print_text(&printer, "\"");
        length_print(&printer, &item->written);
        print_text(&printer, "\" will only be known on the run: it ends by the lap button");
        print_end(&printer);
        say_once(writing, this->item, SAID_LENGTH, text);
        return;
    }
}

// A pace of its own for each repetition, of which the file does not say that they belong together.
static bool is_progress(const PlanStep *this, const Target *target)
{
    return target->kind == TARGET_PROGRESS && this->repetitions > 1 &&
           this->aim.quantity != AIM_NONE;
}

static void write_target(Writing *writing, const PlanStep *this, FitStep *step)
{
    const Target none = {0};
    const Target *target = this->stride ? &none : &writing->plan->items[this->item].target;
    char text[SAY_MAX];
    Printer printer = {text, sizeof text, 0};
    print_text(&printer, "\"");
    target_print(&printer, target);
    switch (fitplan_target_write(target, &this->aim, step)) {
    case FITPLAN_HELD:
        if (!is_progress(this, target))
            return;
        print_text(&printer, "\" becomes a pace for each repetition: the watch does not know that "
                             "they change");
        break;
    case FITPLAN_RANGE_ONLY:
        print_text(&printer, "\": the watch has one range for all of the step, from ");
        print_pace(&printer, fmin(this->aim.value, this->aim.end), " to ");
        print_pace(&printer, fmax(this->aim.value, this->aim.end), "");
        break;
    case FITPLAN_NOT_HELD:
        print_text(&printer,
                   this->aim.quantity == AIM_NONE
                       ? "\" needs its runner (--athlete, or what you tell of yourself): the "
                         "watch asks for nothing, the step is called so"
                       : "\" is no target of a watch: it asks for nothing, the step is "
                         "called so");
        break;
    }
    print_end(&printer);
    say_once(writing, this->item, SAID_TARGET, text);
}

static void say_aids(Writing *writing, size_t at)
{
    const unsigned metronome = aids_metronome(writing->plan, at);
    const unsigned pacer = aids_pacer(writing->plan, at);
    char text[SAY_MAX], rate[METRONOME_TEXT_MAX];
    if (metronome == METRONOME_OFF && pacer == 0)
        return;
    Printer printer = {text, sizeof text, 0};
    if (metronome != METRONOME_OFF) {
        print_text(&printer, "its metronome (");
        print_text(&printer, aids_metronome_text(metronome, rate));
        print_text(&printer, pacer != 0 ? ") and " : ")");
    }
    if (pacer != 0) {
        print_text(&printer, "its pacer (");
        print_number(&printer, pacer, "m)");
    }
    print_text(&printer,
               metronome != METRONOME_OFF && pacer != 0 ? " are left out" : " is left out");
    print_end(&printer);
    say_once(writing, writing->plan->steps[at].item, SAID_AIDS, text);
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
    if (target.kind == TARGET_NONE || is_progress(this, &target))
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
        .intensity = fitplan_intensity(writing->plan, at),
        .second_target_type = NAN,
        .name = {name, strlen(name)},
        .notes = {*note != '\0' ? note : NULL, strlen(note)},
    };
    write_length(writing, this, &message.step);
    if (this->stride)
        say_once(writing, this->item, SAID_STRIDES,
                 "its strides become steps of their own, called so: the watch asks for nothing");
    write_target(writing, this, &message.step);
    say_aids(writing, at);
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

uint32_t fitplan_step_index(const Plan *plan, size_t step)
{
    uint32_t index = 0;
    for (size_t i = 0; i < plan->step_count;) {
        const Block block = block_at(plan, i);
        const size_t length = block.length * block.times;
        if (step < i + length)
            return index + (uint32_t)((step - i) % block.length);
        index += (uint32_t)block.length + (block.times > 1);
        i += length;
    }
    return index;
}

void fitplan_put(FitWriter *fit, const Plan *plan, const Losses *losses)
{
    Writing writing = {.plan = plan};
    write_steps(&writing);
    fit_write(fit, &(FitMessage){.kind = FIT_WORKOUT,
                                 .workout = {.sport = SPORT_RUNNING,
                                             .capabilities = CAPABILITIES,
                                             .step_count = writing.index,
                                             .name = {plan->name, strlen(plan->name)}}});
    writing.fit = fit;
    writing.losses = losses;
    write_steps(&writing);
}

size_t fitplan_write(const Plan *plan, double created, uint32_t serial, uint8_t *bytes, size_t size,
                     const Losses *losses)
{
    FitWriter fit;
    if (strlen(plan->name) > FIT_TEXT_MAX)
        losses_say(losses, 0, "the name is cut after %d bytes", FIT_TEXT_MAX);
    fit_writer_init(&fit, bytes, size);
    fit_write(&fit, &(FitMessage){.kind = FIT_FILE,
                                  .file = {.type = FILE_WORKOUT,
                                           .manufacturer = FITPLAN_MANUFACTURER,
                                           .product = FITPLAN_PRODUCT,
                                           .serial = serial,
                                           .created = created}});
    fitplan_put(&fit, plan, losses);
    return fit_writer_end(&fit);
}
