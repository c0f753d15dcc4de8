// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A FIT workout as a plan. What was hard: a file counts its repeats backwards, by a step behind the
// block that names the block's first, and such numbers lie.

#include "workout/fitplan.h"

#include "codec/fit.h"
#include "workout/fitplan-target.h"
#include "workout/foreign.h"

#include <stdio.h>
#include <string.h>

#define FILE_ACTIVITY 4
#define FILE_WORKOUT  5
#define SPORT_ANY     0
#define SPORT_RUNNING 1
#define SPORT_WALKING 11
#define SPORT_HIKING  17
#define HEART_OFFSET  100
#define MS_PER_S      1000
#define MM_PER_CM     10
#define UNTIL_BPM_LOW 40 // what a text may say
#define UNTIL_BPM_TOP 250
#define UNTIL_LOW     20 // percent

#define COUNT(array) (sizeof(array) / sizeof *(array))

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
            return reader_fail(reader, resolution_text(LACKS_TIME));
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
    PlanItem item = {.kind = ITEM_STEP, .line = reader->number};
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
    };
    if (!foreign_insert(plan, first, &header))
        return reader_fail(reader, "a workout has at most 500 steps");
    // The first step stands for all of the block from here on, header and all.
    for (size_t i = 0; i < index; i++)
        reader->at[i] = (uint16_t)(reader->at[i] + (reader->at[i] > first));
    reader->at[index] = PLAN_ITEMS_MAX; // no block begins with a repeat
    return true;
}

// A file may give any of them as a float; what is no whole number from 0 up is none at all.
static FitStep in_whole_numbers(const FitStep *step)
{
    FitStep whole = *step;
    double *const numbers[] = {
        &whole.index,       &whole.duration_type, &whole.duration,
        &whole.target_type, &whole.target,        &whole.low,
        &whole.high,        &whole.intensity,     &whole.second_target_type,
    };
    for (size_t i = 0; i < COUNT(numbers); i++)
        if (!(*numbers[i] >= 0) || *numbers[i] != trunc(*numbers[i]))
            *numbers[i] = NAN;
    return whole;
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
    FitStep whole;
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
        reader->ours = message->file.manufacturer == FITPLAN_MANUFACTURER &&
                       message->file.product == FITPLAN_PRODUCT;
        return true;
    case FIT_WORKOUT:
        return read_workout(reader, &message->workout);
    case FIT_STEP:
        whole = in_whole_numbers(&message->step);
        return read_any_step(reader, &whole);
    case FIT_END:
    case FIT_RECORD:
    case FIT_EVENT:
    case FIT_LAP:
    case FIT_SESSION:
    case FIT_HRV:
    case FIT_CREATOR:
    case FIT_DEVICE:
    case FIT_DEVELOPER:
    case FIT_OWN_FIELD:
    case FIT_ACTIVITY:
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
