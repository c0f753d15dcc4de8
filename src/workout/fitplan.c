// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The steps of a FIT workout and the items of a plan. What was hard: a file counts its repeats
// backwards, by a step behind the block that names the block's first, and such numbers lie; and a
// plan repeats in more ways than a file can. So what is written are the executed steps, and a
// repeat is wherever they are in truth the same again.

#include "workout/fitplan.h"

#include "workout/fitplan-target.h"
#include "workout/foreign.h"

#include "codec/fit-write.h"

#include <stdio.h>
#include <string.h>

#define FILE_WORKOUT  5
#define FILE_ACTIVITY 4
#define MANUFACTURER  255    // has no number of its own
#define PRODUCT       0x7061 // ours, among those without a number
#define SPORT_ANY     0
#define SPORT_RUNNING 1
#define SPORT_WALKING 11
#define SPORT_HIKING  17
#define CAPABILITIES  0x20
#define HEART_OFFSET  100
#define MS_PER_S      1000
#define MM_PER_CM     10
#define UNTIL_BPM_LOW 40 // what a text may say
#define UNTIL_BPM_TOP 250
#define UNTIL_LOW     20 // percent

#define COUNT(array) (sizeof(array) / sizeof *(array))

// ── reading ──

typedef struct {
    Plan *plan;
    const Losses *losses;
    FitplanError *error;
    size_t byte; // of the message that is being read
    PaceUnit unit;
    bool ours;
    bool is_workout;                 // its message was read
    bool over;                       // what follows is of another workout
    double promised;                 // steps
    uint32_t number;                 // of the step, 1-based
    uint16_t at[PLAN_ITEMS_MAX + 1]; // items of the steps, by their index
} Reader;

static bool reader_fail(Reader *reader, const char *text)
{
    FitplanError *error = reader->error;
    error->byte = reader->byte;
    error->text[0] = '\0';
    if (reader->number > 0)
        snprintf(error->text, sizeof error->text, "step %u: ", reader->number);
    strncat(error->text, text, sizeof error->text - strlen(error->text) - 1);
    return false;
}

// Words that only say what the step is anyway.
static bool says_nothing(FitText name)
{
    static const char *const roles[] = {
        "",          "warm up", "warmup",   "warm-up", "cool down", "cooldown",
        "cool-down", "rest",    "recovery", "recover", "rep",       "interval",
        "active",    "run",     "jog",      "walk",    "work",      "step",
    };
    char lower[16] = "";
    if (name.length >= sizeof lower)
        return false;
    for (size_t i = 0; i < name.length; i++)
        lower[i] = (char)(name.at[i] | (name.at[i] >= 'A' && name.at[i] <= 'Z' ? 0x20 : 0));
    for (size_t i = 0; i < COUNT(roles); i++)
        if (strcmp(lower, roles[i]) == 0)
            return true;
    return false;
}

static bool name_is(FitText name, const char *word) // "Jog", in any case of its first letter
{
    return name.length == strlen(word) && (name.at[0] | 0x20) == (word[0] | 0x20) &&
           memcmp(name.at + 1, word + 1, name.length - 1) == 0;
}

// "Until the heart is below" of a rest; elsewhere it becomes a step that ends by hand.
static void read_until(Reader *reader, const FitStep *step, PlanItem *item)
{
    const bool percent = step->duration <= HEART_OFFSET;
    const double limit = percent ? step->duration : step->duration - HEART_OFFSET;
    const bool sayable =
        percent ? limit >= UNTIL_LOW : limit >= UNTIL_BPM_LOW && limit <= UNTIL_BPM_TOP;
    if (item->target.kind != TARGET_NONE || !sayable) {
        losses_say(reader->losses, reader->number,
                   "it waits for the heart, which %s: it ends by hand",
                   sayable ? "only a rest can" : "is no limit that can be said");
        item->written.unit = WRITTEN_OPEN;
        return;
    }
    item->step.kind = STEP_REST;
    item->step.measure = MEASURE_HEART;
    item->step.heart_below = (uint16_t)limit;
    item->step.heart_is_percent = percent;
    item->step.least = UNTIL_LEAST;
    item->step.duration = UNTIL_MOST;
    item->written.unit = WRITTEN_UNTIL;
}

static bool read_length(Reader *reader, const FitStep *step, PlanItem *item)
{
    const double type = step->duration_type;
    const bool known = step->duration > 0;
    item->step.measure = MEASURE_OPEN;
    item->written.unit = WRITTEN_OPEN;
    if (type == FIT_LASTS_TIME || type == FIT_LASTS_REPETITION || type == FIT_LASTS_TIME_ONLY) {
        const double seconds = fmax(round(step->duration / MS_PER_S), 1);
        if (known && seconds * MS_PER_S != step->duration)
            losses_say(reader->losses, reader->number, "its time is rounded to %.0f s", seconds);
        if (known && !foreign_time(item, (int64_t)seconds))
            return reader_fail(reader, "it lasts more than 24 hours");
    } else if (type == FIT_LASTS_DISTANCE) {
        if (known && !foreign_distance(item, (int64_t)step->duration * MM_PER_CM))
            return reader_fail(reader, "it is longer than 1000 km");
    } else if (type == FIT_LASTS_HEART_BELOW) {
        if (known)
            read_until(reader, step, item);
    } else {
        if (!isnan(type) && type != FIT_LASTS_OPEN)
            losses_say(reader->losses, reader->number,
                       "it ends by something that is not time, way or heart: it ends by hand");
        return true;
    }
    if (!known)
        losses_say(reader->losses, reader->number, "it has no length: it ends by hand");
    return true;
}

static bool read_step(Reader *reader, const FitStep *step)
{
    PlanItem item = {.kind = ITEM_STEP, .line = reader->number, .column = 1};
    bool named;
    item.target = fitplan_target_read(step, reader->ours, reader->unit, reader->number,
                                      reader->losses, &named);
    const bool rests = step->intensity == FIT_REST || step->intensity == FIT_RECOVERY;
    if (!read_length(reader, step, &item))
        return false;
    if (rests && item.target.kind == TARGET_NONE)
        item.step.kind = STEP_REST;
    if (item.step.kind == STEP_REST)
        item.step.manner = name_is(step->name, "Jog")    ? MANNER_JOG
                           : name_is(step->name, "Walk") ? MANNER_WALK
                                                         : MANNER_PLAIN;
    if (!isnan(step->second_target_type) && step->second_target_type != FIT_TARGET_OPEN)
        losses_say(reader->losses, reader->number, "its second target is left out");
    if (!named && !says_nothing(step->name))
        foreign_note(reader->plan, &item, step->name.at, step->name.length, reader->losses);
    if (step->notes.length > 0)
        foreign_note(reader->plan, &item, step->notes.at, step->notes.length, reader->losses);
    reader->at[reader->number - 1] = (uint16_t)reader->plan->item_count;
    return foreign_insert(reader->plan, reader->plan->item_count, &item) ||
           reader_fail(reader, "a workout has at most 500 steps");
}

// Puts a header before the block and makes what it holds one deeper. A step that is in the middle
// of an earlier block cannot begin one.
static bool read_repeat(Reader *reader, const FitStep *step)
{
    Plan *plan = reader->plan;
    const uint32_t index = reader->number - 1;
    if (!(step->duration < index))
        return reader_fail(reader, "it repeats from a step that does not stand before it");
    if (!(step->target >= 1 && step->target <= PLAN_STEPS_MAX))
        return reader_fail(reader, "expected 1 to 500 repetitions");
    const uint32_t from = (uint32_t)step->duration;
    const uint16_t first = reader->at[from];
    if (first >= plan->item_count || plan->items[first].depth > 0)
        return reader_fail(reader, "it repeats from the middle of another repeat");
    for (size_t i = first; i < plan->item_count; i++)
        if (++plan->items[i].depth > PLAN_DEPTH_MAX)
            return reader_fail(reader, "more than three repeats inside each other");
    const PlanItem header = {
        .kind = ITEM_REPEAT,
        .repeats = (uint16_t)step->target,
        .line = reader->number,
        .column = 1,
    };
    if (!foreign_insert(plan, first, &header))
        return reader_fail(reader, "a workout has at most 500 steps");
    // The first step stands for all of the block from here on, header and all.
    for (size_t i = 0; i < index; i++)
        reader->at[i] = (uint16_t)(reader->at[i] + (reader->at[i] > first));
    reader->at[index] = PLAN_ITEMS_MAX; // no block begins with a repeat
    return true;
}

static bool read_any_step(Reader *reader, const FitStep *step)
{
    if (!reader->is_workout)
        return reader_fail(reader, "expected a workout before its steps");
    reader->number++;
    if (reader->number > PLAN_ITEMS_MAX)
        return reader_fail(reader, "a workout has at most 500 steps");
    if (!isnan(step->index) && step->index != reader->number - 1)
        return reader_fail(reader, "its index is not that of its place");
    if (step->duration_type >= FIT_LASTS_UNTIL_FIRST && step->duration_type <= FIT_LASTS_UNTIL_LAST)
        return reader_fail(reader, "it repeats until something is reached, not so many times");
    return step->duration_type == FIT_LASTS_REPEAT ? read_repeat(reader, step)
                                                   : read_step(reader, step);
}

static bool read_workout(Reader *reader, const FitWorkout *workout)
{
    const double sport = workout->sport;
    if (reader->is_workout) {
        losses_say(reader->losses, 0, "another workout follows in the file: the first counts");
        reader->over = true;
        return true;
    }
    if (!isnan(sport) && sport != SPORT_ANY && sport != SPORT_RUNNING && sport != SPORT_WALKING &&
        sport != SPORT_HIKING)
        return reader_fail(reader, "expected a workout for runners; this one is of another sport");
    reader->is_workout = true;
    reader->promised = workout->step_count;
    foreign_name(reader->plan, workout->name.at, workout->name.length, reader->losses);
    return true;
}

static bool read_message(Reader *reader, const FitMessage *message)
{
    if (reader->over && message->kind != FIT_BAD)
        return true;
    switch (message->kind) {
    case FIT_BAD:
        reader->number = 0; // of the file, not of a step
        return reader_fail(reader, fit_fault_text(message->fault));
    case FIT_FILE:
        if (message->file.type == FILE_ACTIVITY)
            return reader_fail(reader,
                               "expected a workout; this is a run (pacectl replay reads it)");
        if (message->file.type != FILE_WORKOUT && !isnan(message->file.type))
            return reader_fail(reader, "expected a workout; this file is of another kind");
        reader->ours =
            message->file.manufacturer == MANUFACTURER && message->file.product == PRODUCT;
        return true;
    case FIT_WORKOUT:
        return read_workout(reader, &message->workout);
    case FIT_STEP:
        return read_any_step(reader, &message->step);
    case FIT_END:
    case FIT_RECORD:
    case FIT_EVENT:
    case FIT_LAP:
    case FIT_SESSION:
    case FIT_HRV:
        return true;
    }
    return true;
}

static PaceUnit unit_of(const uint8_t *bytes, size_t length)
{
    FitplanUnits units = {0};
    FitReader fit;
    FitMessage message;
    fit_reader_init(&fit, bytes, length);
    while ((message = fit_read(&fit)).kind >= FIT_FILE)
        if (message.kind == FIT_STEP)
            fitplan_units_add(&units, &message.step);
    return fitplan_units_unit(&units);
}

bool fitplan_read(const uint8_t *bytes, size_t length, Plan *ret_plan, const Losses *losses,
                  FitplanError *ret_error)
{
    Reader reader = {.plan = ret_plan, .losses = losses, .error = ret_error};
    FitReader fit;
    FitMessage message;
    reader.unit = unit_of(bytes, length);
    plan_clear(ret_plan);
    fit_reader_init(&fit, bytes, length);
    do {
        message = fit_read(&fit);
        reader.byte = message.offset;
        if (!read_message(&reader, &message))
            return false;
    } while (message.kind != FIT_END);
    const uint32_t steps = reader.number;
    reader.number = 0;
    if (!reader.is_workout || steps == 0)
        return reader_fail(&reader, "expected a workout: there is none in the file");
    if (!isnan(reader.promised) && reader.promised != steps)
        return reader_fail(&reader, "it has not as many steps as it says");
    TextError error;
    if (foreign_finish(ret_plan, &error))
        return true;
    reader.number = error.line;
    return reader_fail(&reader, error.text);
}

// ── writing ──

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
                                           .manufacturer = MANUFACTURER,
                                           .product = PRODUCT,
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
