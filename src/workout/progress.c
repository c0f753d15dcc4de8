// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is to change nothing else: the author's words and lines stay as they are, so the
// number is exchanged where it stands instead of the plan being printed anew.

#include "workout/progress.h"

#include "workout/length.h"
#include "workout/line.h"
#include "workout/printer.h"
#include "workout/target-text.h"

#include <string.h>

#define REST_STEP 5    // s: rests are whole ones of these
#define REST_LESS 0.15 // of a rest, at a time
#define PACE_LESS 0.01 // of the time for a way, at a time

// How much work a set may come to, and the shortest rest, by how long a repetition is: what is
// usual for speed, for intervals and for runs at threshold (facts 2.1: Daniels' doses).
static const struct {
    double repetition_s, most_s;
    double rest_part; // of the repetition
    double rest_s;    // at least
} DOSES[] = {
    {120, 720, 1, 30},
    {360, 1800, 0.3, 60},
    {INFINITY, 2400, 0.2, 60},
};

typedef struct {
    size_t repeat;        // the item
    double work_s;        // of one repetition
    const PlanItem *rest; // NULL: not one, or not by time
    const PlanItem *work; // NULL: not one
} Set;

// What one repetition of a block without blocks is made of. False: it is none, or jogging.
static bool set_read(const Plan *plan, size_t repeat, Set *ret_set)
{
    const size_t end = plan_block_end(plan, repeat);
    *ret_set = (Set){.repeat = repeat};
    unsigned rests = 0, works = 0;
    for (size_t i = repeat + 1; i < end; i++) {
        if (plan->items[i].kind != ITEM_STEP)
            return false;
        rests += plan->items[i].step.kind == STEP_REST;
        works += plan->items[i].step.kind == STEP_WORK;
        if (plan->items[i].step.kind == STEP_WORK)
            ret_set->work = &plan->items[i];
        if (plan->items[i].step.kind == STEP_REST && plan->items[i].written.unit == WRITTEN_TIME)
            ret_set->rest = &plan->items[i];
    }
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        if (step->item <= repeat || step->item >= end || step->repetition != 1 ||
            step->step.kind != STEP_WORK)
            continue;
        const double seconds = step_planned_s(step);
        if (seconds <= 0 || step->stride || plan_step_is_easy(plan, i))
            return false;
        ret_set->work_s += seconds;
    }
    if (rests != 1)
        ret_set->rest = NULL;
    if (works != 1)
        ret_set->work = NULL;
    return rests <= 1 && ret_set->work_s > 0;
}

static WrittenLength written_seconds(uint32_t seconds)
{
    const uint32_t min = seconds / 60, s = seconds % 60;
    return (WrittenLength){.unit = WRITTEN_TIME,
                           .parts = (uint8_t)((min > 0 ? 2 : 0) | (s > 0 ? 4 : 0)),
                           .min = min,
                           .s = s};
}

static Progress shorter_rest(const Set *set, double least)
{
    if (!set->rest)
        return (Progress){0};
    const double now = usec_to_s(set->rest->step.duration);
    const double wanted = fmax(now * (1 - REST_LESS), least);
    const uint32_t to = (uint32_t)(floor(wanted / REST_STEP) * REST_STEP);
    if (to < least || to >= now)
        return (Progress){0};
    return (Progress){
        .kind = PROGRESS_REST,
        .from = (uint32_t)now,
        .to = to,
        .line = set->rest->line,
        .before = set->rest->written,
        .after = written_seconds(to),
    };
}

static Progress faster(const Set *set)
{
    const Target *target = set->work ? &set->work->target : NULL;
    if (!target || target->kind != TARGET_AT || target->from.kind != POINT_PACE ||
        target->from.percent_tenths != 0 || target->from.offset_s != 0)
        return (Progress){0};
    const uint32_t now = target->from.number;
    return (Progress){
        .kind = PROGRESS_PACE,
        .from = now,
        .to = (uint32_t)floor(now * (1 - PACE_LESS)),
        .line = set->work->line,
        .unit = target->from.unit,
    };
}

Progress plan_progress(const Plan *plan)
{
    Set main = {0};
    double most = 0;
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanItem *item = &plan->items[i];
        Set set;
        if (item->kind != ITEM_REPEAT || item->depth > 0 || !set_read(plan, i, &set) ||
            set.work_s * item->repeats <= most)
            continue;
        main = set;
        most = set.work_s * item->repeats;
    }
    const PlanItem *repeat = &plan->items[main.repeat];
    if (most <= 0 || repeat->repeats < 2)
        return (Progress){0};
    size_t dose = 0;
    while (main.work_s > DOSES[dose].repetition_s)
        dose++;
    if (most + main.work_s <= DOSES[dose].most_s)
        return (Progress){
            .kind = PROGRESS_REPEAT,
            .from = repeat->repeats,
            .to = repeat->repeats + 1U,
            .line = repeat->line,
        };
    const Progress rest =
        shorter_rest(&main, fmax(DOSES[dose].rest_s, DOSES[dose].rest_part * main.work_s));
    return rest.kind == PROGRESS_NONE ? faster(&main) : rest;
}

// ── its text ──

static bool at_digit(const char *at)
{
    return *at >= '0' && *at <= '9';
}

// The first place from `from` where `what` stands for itself, no part of a longer number or word.
static const char *find(const char *from, const char *end, const char *what, size_t length)
{
    for (const char *at = from; at + length <= end; at++)
        if (memcmp(at, what, length) == 0 &&
            (at == from || !(at_digit(at - 1) || at[-1] == '.' || at[-1] == ',')) &&
            (at + length == end || !(at_digit(what + length - 1) && at_digit(at + length))))
            return at;
    return NULL;
}

// "5 x 1km", "6×400m", "8 lots of"; "10 x 400m @ 3'40''": the number of repetitions in a title, or
// the pace. NULL where two may be it.
static const char *find_in_title(const Line *title, const Progress *progress, const char *number,
                                 size_t length)
{
    static const char *const behind[] = {"x", "X", "\u00d7", "lots"};
    const char *found = NULL;
    for (const char *at = title->start; (at = find(at, title->end, number, length)) != NULL;
         at += length) {
        Line rest = {title->start, at + length, title->end};
        line_skip_blanks(&rest);
        if (progress->kind == PROGRESS_REPEAT &&
            !line_accept_any(&rest, behind, sizeof behind / sizeof *behind))
            continue;
        if (found)
            return NULL;
        found = at;
    }
    return found;
}

// What is exchanged for what.
static void print_change(const Progress *progress, bool after, char *buffer, size_t size)
{
    Printer printer = {buffer, size, 0};
    const uint32_t number = after ? progress->to : progress->from;
    const Target pace = target_of_pace((PaceTarget){number, progress->unit});
    switch (progress->kind) {
    case PROGRESS_NONE:
        break;
    case PROGRESS_REPEAT:
        print_number(&printer, number, "");
        break;
    case PROGRESS_REST:
        length_print(&printer, after ? &progress->after : &progress->before);
        break;
    case PROGRESS_PACE:
        target_print(&printer, &pace);
        break;
    }
    print_end(&printer);
}

size_t progress_text(const Progress *progress, const char *text, size_t length, char *buffer,
                     size_t size)
{
    char before[40], after[40];
    print_change(progress, false, before, sizeof before);
    print_change(progress, true, after, sizeof after);
    // In the title, where a pace may stand without its unit, and in the item's line.
    const char *places[2] = {NULL, NULL};
    const size_t olds[2] = {strcspn(before, "/"), strlen(before)};
    const size_t news[2] = {strcspn(after, "/"), strlen(after)};
    Lines lines = lines_of(text, length);
    Line line;
    while (olds[1] > 0 && !places[1] && lines_next(&lines, &line)) {
        Line title = line;
        if (progress->kind != PROGRESS_REST && !places[0] && line_accept_title(&title))
            places[0] = find_in_title(&title, progress, before, olds[0]);
        if (lines.number == progress->line)
            places[1] = find(line.start, line.end, before, olds[1]);
    }
    if (!places[1] || length + 2 * (news[1] + 1) > size)
        return 0;
    size_t used = 0;
    const char *from = text;
    for (size_t i = 0; i < 2; i++) {
        if (!places[i])
            continue;
        const size_t kept = (size_t)(places[i] - from);
        memcpy(buffer + used, from, kept);
        memcpy(buffer + used + kept, after, news[i]);
        used += kept + news[i];
        from = places[i] + olds[i];
    }
    const size_t tail = length - (size_t)(from - text);
    memcpy(buffer + used, from, tail);
    buffer[used + tail] = '\0';
    return used + tail;
}
