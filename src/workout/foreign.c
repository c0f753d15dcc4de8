// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Pieces of foreign formats as items of a plan. What was hard is that whatever a file holds has to
// come out as a text that can be read: words of other programs hold line ends, control characters
// and broken UTF-8, and their numbers have no unit that anybody would write.

#include "workout/foreign.h"

#include "workout/line.h"
#include "workout/target-text.h"

#include <string.h>

#define MM_PER_METRE      1000
#define MM_PER_CM         10
#define MM_PER_KM         INT64_C(1000000)
#define DISTANCE_MAX_MM   (1000 * MM_PER_KM)
#define MILE_HUNDREDTH_MM 16093.44
#define MILE_SLACK_MM     5 // other formats count in centimetres

// ── words ──

// Adds the words at the end of what `into` holds, without a blank at either end, as many as fit.
// False when that was not all of them.
static bool words_add(char *into, size_t *length, size_t size, Line line)
{
    bool blank = *length > 0;
    for (line_skip_blanks(&line); line.at < line.end;) {
        const uint8_t *u = (const uint8_t *)line.at;
        const size_t wide = line_blank(&line);
        const size_t bytes = line_character(&line);
        const bool control = *u < 0x20 || *u == 0x7f || (bytes == 2 && *u == 0xc2 && u[1] < 0xa0);
        const char *from = bytes > 0 ? line.at : "?";
        const size_t count = bytes > 0 ? bytes : 1;
        line.at += wide > 0 ? wide : count;
        if (wide > 0 || control) {
            blank = *length > 0;
            continue;
        }
        if (*length + blank + count > size)
            return false;
        if (blank)
            into[(*length)++] = ' ';
        blank = false;
        memcpy(into + *length, from, count);
        *length += count;
    }
    return true;
}

void foreign_name(Plan *plan, const char *text, size_t length, const Losses *losses)
{
    size_t kept = 0;
    const Line line = {text, text, length > 0 ? text + length : text};
    if (!words_add(plan->name, &kept, sizeof plan->name - 1, line))
        losses_say(losses, 0, "the name is cut after %zu bytes", kept);
    plan->name[kept] = '\0';
    if (kept == 0)
        memcpy(plan->name, "Workout", sizeof "Workout");
}

void foreign_note(Plan *plan, PlanItem *item, const char *text, size_t length, const Losses *losses)
{
    char note[PLAN_NOTE_MAX];
    const char *before = plan->notes + item->note;
    size_t kept = item->note != 0 ? strlen(before) : 0;
    memcpy(note, before, kept);
    const size_t had = kept;
    const Line line = {text, text, length > 0 ? text + length : text};
    const bool all = words_add(note, &kept, sizeof note, line);
    if (!all)
        losses_say(losses, item->line, "its words are too many to be spoken: cut after %zu bytes",
                   kept);
    if (kept == had)
        return;
    if (!plan_add_note(plan, note, kept, &item->note))
        losses_say(losses, item->line, "its words are left out: there is no room for more");
}

// ── lengths ──

void foreign_length(PlanItem *item, const WrittenLength *written)
{
    item->written = *written;
    item->step.duration = written_duration(written);
    item->step.distance_mm = written_distance_mm(written);
    item->step.measure = item->step.duration > 0      ? MEASURE_TIME
                         : item->step.distance_mm > 0 ? MEASURE_DISTANCE
                                                      : MEASURE_OPEN;
}

bool foreign_time(PlanItem *item, int64_t seconds)
{
    if (seconds <= 0 || seconds > PLAN_TIME_MAX / USEC_PER_SEC)
        return false;
    const WrittenLength written = {
        .unit = WRITTEN_TIME,
        .parts = (uint8_t)((seconds >= 3600 ? 1 : 0) | (seconds / 60 % 60 > 0 ? 2 : 0) |
                           (seconds % 60 > 0 ? 4 : 0)),
        .h = (uint32_t)(seconds / 3600),
        .min = (uint32_t)(seconds / 60 % 60),
        .s = (uint32_t)(seconds % 60),
    };
    foreign_length(item, &written);
    return true;
}

static WrittenLength with_decimals(WrittenUnit unit, int64_t scaled, uint8_t decimals,
                                   uint8_t fewest)
{
    for (; decimals > fewest && scaled % 10 == 0; decimals--)
        scaled /= 10;
    return (WrittenLength){.unit = unit, .decimals = decimals, .scaled = (uint32_t)scaled};
}

bool foreign_distance(PlanItem *item, int64_t distance_mm)
{
    const int64_t cm = (distance_mm + MM_PER_CM / 2) / MM_PER_CM;
    if (cm <= 0 || distance_mm > DISTANCE_MAX_MM)
        return false;
    const int64_t hundredths = llround((double)distance_mm / MILE_HUNDREDTH_MM);
    const double off_mm = (double)distance_mm - (double)hundredths * MILE_HUNDREDTH_MM;
    WrittenLength written;
    if (cm % 100 == 0 && (cm < 100000 || cm % 10000 != 0))
        written = with_decimals(WRITTEN_METRES, cm / 100, 0, 0);
    else if (cm % 100 == 0)
        written = with_decimals(WRITTEN_KM, cm / 10000, 1, 1);
    else if (hundredths > 0 && fabs(off_mm) <= MILE_SLACK_MM)
        written = with_decimals(WRITTEN_MILES, hundredths, 2, 1);
    else
        written = with_decimals(WRITTEN_KM, cm, 5, 1);
    foreign_length(item, &written);
    return true;
}

// ── targets ──

bool foreign_share(const TargetPoint *of, double share, TargetPoint *ret_point)
{
    const double tenths = round((1 / share - 1) * 1000); // of the time
    if (!(share > 0) || tenths < -OFFSET_LESS_MOST || tenths > OFFSET_MORE_MOST)
        return false;
    *ret_point = *of;
    ret_point->percent_tenths = (int32_t)tenths;
    return true;
}

// ── the plan ──

bool foreign_insert(Plan *plan, size_t before, const PlanItem *item)
{
    if (plan->item_count == PLAN_ITEMS_MAX)
        return false;
    memmove(&plan->items[before + 1], &plan->items[before],
            (plan->item_count - before) * sizeof *plan->items);
    plan->items[before] = *item;
    plan->item_count++;
    return true;
}

static bool plan_fail(const Plan *plan, size_t item, const char *text, TextError *ret_error)
{
    const bool is = item < plan->item_count;
    *ret_error = (TextError){
        .line = is ? plan->items[item].line : 1,
        .column = is ? plan->items[item].column : 1,
    };
    strncpy(ret_error->text, text, sizeof ret_error->text - 1);
    return false;
}

bool foreign_finish(Plan *plan, TextError *ret_error)
{
    size_t item = 0;
    switch (plan_unroll(plan, &item)) {
    case UNROLLED:
        break;
    case UNROLL_NOTHING:
        return plan_fail(plan, item, "there is nothing to run", ret_error);
    case UNROLL_DEEP:
        return plan_fail(plan, item, "more than three repeats inside each other", ret_error);
    case UNROLL_FULL: // the whole block is at fault, not the step that found no room
        while (item > 0 && plan->items[item].depth > 0)
            item--;
        return plan_fail(plan, item, "the workout has more than 500 steps", ret_error);
    case UNROLL_RUNGS:
    case UNROLL_STRIDES:
    case UNROLL_NOT_AFTER: // nobody else has these
        return plan_fail(plan, item, "this cannot be run", ret_error);
    case UNROLL_LONG:
        return plan_fail(plan, item, resolution_text(LACKS_TIME), ret_error);
    }
    return true;
}
