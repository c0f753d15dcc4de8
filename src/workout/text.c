// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Finds the workout in a text, gives its list the structure that the indent or the rule for flat
// lists says, and prints a plan back. What is hard is the end of the list: prose ends it, but a
// list that was cut or mangled must be an error and never a shorter workout. So a line with a
// bullet must parse while it stands in the list, a step that lost its bullet is an error too, and
// steps that come after the end are warned about.

#include "workout/item.h"
#include "workout/lint.h"
#include "workout/target-text.h"

#include <stdio.h>
#include <string.h>

#define TITLE_EXPECTED                                                                             \
    "no line that starts with 'Workout - ': begin with one, as 'Workout - Tuesday', and put each " \
    "step in a line of its own behind a '• '"

typedef enum {
    AT_PROSE, // no title yet
    AT_LIST,
    AT_END, // behind the list
} Place;

typedef struct {
    Lines lines;
    Line line;

    Place place;
    uint32_t title_number;
    bool after_blank; // a blank line stands before this one
    bool round;       // the first bullet was a round one
    bool second_title, stray_item;
    uint32_t indents[PLAN_ITEMS_MAX];

    Plan *plan;
    TextWarnings *warnings; // NULL when nobody wants them
    TextError *error;
} Parser;

static bool parser_fail(Parser *parser, uint32_t line, uint32_t column, const char *text)
{
    parser->error->line = line;
    parser->error->column = column;
    snprintf(parser->error->text, sizeof parser->error->text, "%s", text);
    return false;
}

static bool item_fail(Parser *parser, const PlanItem *item, const char *text)
{
    return parser_fail(parser, item->line, item->column, text);
}

static bool plan_fail(Parser *parser, size_t item, const char *text)
{
    return item_fail(parser, &parser->plan->items[item], text);
}

static void item_warn(Parser *parser, const PlanItem *item, const char *code, const char *text)
{
    lint_add(parser->warnings, item->line, item->column, code, text);
}

static bool parser_title(Parser *parser)
{
    Line line = parser->line;
    const char *end = line.at;
    for (Line at = line; at.at < at.end;) {
        size_t blank = line_blank(&at);
        const uint8_t *u = (const uint8_t *)at.at;
        if (*u == 0x7f || (*u < 0x20 && *u != '\t') || (*u == 0xc2 && u[1] < 0xa0))
            return line_fail(&at, "no control character in the name", parser->error);
        at.at += blank > 0 ? blank : line_character(&at);
        if (blank == 0)
            end = at.at;
    }
    size_t length = (size_t)(end - line.at);
    if (length == 0)
        return line_fail(&line, "a name after 'Workout - '", parser->error);
    if (length >= PLAN_NAME_MAX)
        return line_fail(&line, "a name of at most 255 bytes", parser->error);
    memcpy(parser->plan->name, line.at, length);
    parser->plan->name[length] = '\0';
    parser->place = AT_LIST;
    parser->title_number = parser->lines.number;
    parser->stray_item = false;
    return true;
}

// Adds the item or items that the line has.
static bool parser_add_items(Parser *parser, Line *line, uint32_t indent)
{
    Plan *plan = parser->plan;
    size_t item = plan->item_count;
    if (!item_parse(line, parser->lines.number, plan, parser->error))
        return false;
    for (; item < plan->item_count; item++)
        parser->indents[item] = indent;
    return true;
}

// Whether the line would be an item. Nothing is added.
static bool parser_is_item(Parser *parser, Line line)
{
    Plan *plan = parser->plan;
    const size_t items = plan->item_count, notes = plan->notes_length;
    TextError ignored;
    const bool is = item_parse(&line, parser->lines.number, plan, &ignored);
    plan->item_count = items;
    plan->notes_length = notes;
    return is;
}

// A list item that cannot be prose: it begins as one of ours do.
static bool begins_as_item(Line line)
{
    static const char *const words[] = {"ladder",         "open", "rung", "equal time",
                                        "equal distance", "rest", "jog",  "walk"};
    if (line.at == line.end || line_at_digit(&line))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (line_accept_words(&line, words[i]))
            return true;
    return false;
}

// What lists begin with elsewhere, and no bullet of ours: "1. ", "2) ", "+ ", "o ", "→ ". False,
// with nothing consumed, when the line begins with none.
static bool accept_strange_bullet(Line *line)
{
    static const char *const marks[] = {"+", "o", "→", "➤", "✓", "#", ">", "~"};
    static const char *const behind[] = {".", ")", ":"};
    Line ahead = *line;
    line_skip_blanks(&ahead);
    bool is = line_accept_any(&ahead, marks, sizeof marks / sizeof *marks);
    if (!is && line_at_digit(&ahead)) {
        while (line_at_digit(&ahead))
            ahead.at++;
        is = line_accept_any(&ahead, behind, sizeof behind / sizeof *behind);
    }
    if (!is || line_blank(&ahead) == 0)
        return false;
    line_skip_blanks(&ahead);
    *line = ahead;
    return true;
}

// Whether a line without a bullet of ours may be a step that would be lost. Behind a blank line
// one that is cut passes for prose, as it does with a bullet.
static bool parser_loses(Parser *parser, Line content)
{
    const bool strange = accept_strange_bullet(&content);
    return parser_is_item(parser, content) ||
           (strange && !parser->after_blank && begins_as_item(content));
}

static bool parser_list_line(Parser *parser)
{
    Line *line = &parser->line;
    uint32_t indent;
    bool round;
    bool first = parser->plan->item_count == 0;
    if (item_bullet(line, &indent, &round)) {
        Line content = *line;
        if (parser_add_items(parser, line, indent)) {
            if (first)
                parser->round = round;
            return true;
        }
        if (first || begins_as_item(content) || !parser->after_blank)
            return false;
        lint_add(parser->warnings, parser->lines.number, line_column(&content), "list-ended",
                 "this line with a bullet is no step: the workout ends before it");
        parser->place = AT_END;
        return true;
    }
    Line content = *line;
    line_skip_blanks(&content);
    if (first || parser_loses(parser, content))
        return line_fail(&content, "a bullet and a step", parser->error);
    parser->place = AT_END;
    return true;
}

// Around the list nothing counts, but what looks like a lost part of a workout is not passed over
// in silence.
static void parser_prose_line(Parser *parser)
{
    uint32_t indent;
    bool round;
    if (parser->warnings == NULL || parser->second_title || parser->stray_item)
        return;
    if (!item_bullet(&parser->line, &indent, &round) && !accept_strange_bullet(&parser->line))
        line_skip_blanks(&parser->line);
    if (!begins_as_item(parser->line) || !parser_is_item(parser, parser->line))
        return;
    parser->stray_item = true;
    const bool before = parser->place == AT_PROSE;
    lint_add(parser->warnings, parser->lines.number, line_column(&parser->line),
             before ? "items-before-title" : "items-after-end",
             before ? "a step above the title, which does not count"
                    : "a step after the end of the list, which does not count");
}

static bool parser_line(Parser *parser)
{
    Line *line = &parser->line;
    if (line_at_end(line)) {
        parser->after_blank = true;
        return true;
    }
    if (line_accept_title(line)) {
        if (parser->place == AT_PROSE)
            return parser_title(parser);
        if (!parser->second_title)
            lint_add(parser->warnings, parser->lines.number, 1, "several-workouts",
                     "another workout begins here; the first one counts");
        parser->second_title = true;
        parser->place = AT_END;
        return true;
    }
    switch (parser->place) {
    case AT_LIST: {
        bool ok = parser_list_line(parser);
        parser->after_blank = false;
        return ok;
    }
    case AT_PROSE:
    case AT_END:
        parser_prose_line(parser);
        return true;
    }
    return true;
}

static bool is_header(const PlanItem *item)
{
    return item->kind == ITEM_REPEAT || item->kind == ITEM_LADDER;
}

// Which steps belong to a repeat when the indent is lost: up to the last rest before the next
// repeat or the end; without a rest all of them before another repeat, and at the end of the list
// all but the last, which is the cool-down, unless it is the only one.
static void flat_depths(const Plan *plan, uint8_t *ret_depths)
{
    size_t i = 0;
    while (i < plan->item_count) {
        ret_depths[i] = 0;
        if (plan->items[i++].kind == ITEM_STEP)
            continue;
        for (; i < plan->item_count && plan->items[i].kind == ITEM_RUNG; i++)
            ret_depths[i] = 1;
        size_t first = i, behind_rest = i;
        for (; i < plan->item_count && plan->items[i].kind == ITEM_STEP; i++)
            if (plan->items[i].step.kind == STEP_REST)
                behind_rest = i + 1;
        size_t end = i;
        if (behind_rest > first)
            end = behind_rest;
        else if (i == plan->item_count && i - first > 1)
            end = i - 1;
        for (size_t member = first; member < i; member++)
            ret_depths[member] = member < end;
    }
}

static void parser_structure_flat(Parser *parser)
{
    Plan *plan = parser->plan;
    uint8_t depths[PLAN_ITEMS_MAX];
    flat_depths(plan, depths);
    for (size_t i = 0; i < plan->item_count; i++)
        plan->items[i].depth = depths[i];
    for (size_t i = 0; i < plan->item_count; i++) {
        if (!is_header(&plan->items[i]))
            continue;
        size_t rests = 0;
        for (size_t member = i + 1; member < plan_block_end(plan, i); member++)
            rests += plan->items[member].step.kind == STEP_REST;
        if (rests > 1)
            item_warn(parser, &plan->items[i], "ambiguous-block",
                      "the indent is lost and there is more than one rest: the repeat is taken to "
                      "end with the last");
    }
}

// A step belongs to the innermost repeat before it that is indented less.
static bool parser_structure_indented(Parser *parser)
{
    Plan *plan = parser->plan;
    uint32_t repeats[PLAN_DEPTH_MAX + 1]; // indents of the open repeats
    uint32_t siblings[PLAN_DEPTH_MAX + 1];
    size_t depth = 0;
    bool opened = true; // this item is the first of its block
    for (size_t i = 0; i < plan->item_count; i++) {
        PlanItem *item = &plan->items[i];
        uint32_t indent = parser->indents[i];
        if (item->kind == ITEM_RUNG) { // stands in its ladder's line
            item->depth = (uint8_t)depth;
            continue;
        }
        while (depth > 0 && repeats[depth - 1] >= indent) {
            depth--;
            opened = false;
        }
        if (opened)
            siblings[depth] = indent;
        else if (siblings[depth] != indent)
            item_warn(parser, item, "odd-indent", "indented unlike the steps beside it");
        opened = false;
        item->depth = (uint8_t)depth;
        if (!is_header(item))
            continue;
        if (depth == PLAN_DEPTH_MAX)
            return item_fail(parser, item, "more than three repeats inside each other");
        repeats[depth++] = indent;
        opened = true;
    }
    return true;
}

static bool parser_structure(Parser *parser)
{
    Plan *plan = parser->plan;
    bool flat = true;
    for (size_t i = 1; i < plan->item_count; i++)
        flat = flat && parser->indents[i] <= parser->indents[0];
    plan->style = flat && !parser->round ? PLAN_STYLE_DASHES : PLAN_STYLE_BULLETS;
    if (flat)
        parser_structure_flat(parser);
    else if (!parser_structure_indented(parser))
        return false;
    for (size_t i = 0; i < plan->item_count; i++) {
        if (!is_header(&plan->items[i]))
            continue;
        size_t first = i + 1;
        while (first < plan->item_count && plan->items[first].kind == ITEM_RUNG)
            first++;
        if (plan_block_end(plan, i) <= first)
            return plan_fail(parser, i, "expected steps to repeat, found none");
    }
    return true;
}

static bool parser_unroll(Parser *parser)
{
    Plan *plan = parser->plan;
    size_t item;
    switch (plan_unroll(plan, &item)) {
    case UNROLLED:
        return true;
    case UNROLL_FULL: // the whole block is at fault, not the step that found no room
        while (item > 0 && plan->items[item].depth > 0)
            item--;
        return plan_fail(parser, item, "the workout has more than 500 steps");
    case UNROLL_NOTHING:
        return plan_fail(parser, item, "expected steps to repeat, found none");
    case UNROLL_DEEP:
        return plan_fail(parser, item, "more than three repeats inside each other");
    case UNROLL_RUNGS:
        return plan_fail(
            parser, item,
            "the rungs of a ladder do not come out even over the \"rung\" steps in it");
    case UNROLL_STRIDES:
        return plan_fail(parser, item, "the strides do not fit into their step");
    case UNROLL_NOT_AFTER:
        return plan_fail(parser, item, "equal to what? there is no work before it");
    case UNROLL_LONG:
        return plan_fail(parser, item, resolution_text(LACKS_TIME));
    }
    return false;
}

bool text_parse(const char *text, size_t length, Plan *ret_plan, TextWarnings *ret_warnings,
                TextError *ret_error)
{
    Parser parser = {
        .lines = lines_of(text, length),
        .plan = ret_plan,
        .warnings = ret_warnings,
        .error = ret_error,
    };
    if (ret_warnings != NULL)
        ret_warnings->count = 0;
    if (length > TEXT_INPUT_MAX)
        return parser_fail(&parser, 1, 1, "the text is longer than 1 MiB");
    plan_clear(ret_plan);
    while (lines_next(&parser.lines, &parser.line)) {
        if (!line_check(&parser.line, ret_error) || !parser_line(&parser)) {
            ret_error->line = parser.lines.number;
            return false;
        }
    }
    if (parser.place == AT_PROSE)
        return parser_fail(&parser, 1, 1, TITLE_EXPECTED);
    if (ret_plan->item_count == 0)
        return parser_fail(&parser, parser.title_number, 1,
                           "expected a list of steps after the title, found none");
    return parser_structure(&parser) && parser_unroll(&parser);
}

// A flat list says what the plan says only when the rule for flat lists gives its structure back.
static bool may_print_flat(const Plan *plan)
{
    uint8_t depths[PLAN_ITEMS_MAX];
    flat_depths(plan, depths);
    for (size_t i = 0; i < plan->item_count; i++)
        if (depths[i] != plan->items[i].depth)
            return false;
    return plan->style == PLAN_STYLE_DASHES;
}

size_t text_print(const Plan *plan, char *buffer, size_t size)
{
    Printer printer = {.buffer = buffer, .size = size};
    bool flat = may_print_flat(plan);
    print_text(&printer, "Workout - ");
    print_text(&printer, plan->name);
    print_text(&printer, flat ? "\n" : "\n\n");
    for (size_t i = 0; i < plan->item_count; i++) {
        const PlanItem *item = &plan->items[i];
        if (item->kind == ITEM_RUNG)
            continue;
        for (int depth = 0; !flat && depth <= item->depth; depth++)
            print_text(&printer, "  ");
        print_text(&printer, flat ? "- " : "• ");
        item_print(&printer, plan, i);
        print_text(&printer, "\n");
    }
    print_end(&printer);
    return printer.length;
}

const char *text_print_target(const Plan *plan, size_t step, char ret_text[TARGET_TEXT_MAX])
{
    Printer printer = {.buffer = ret_text, .size = TARGET_TEXT_MAX};
    if (plan->item_count > 0)
        target_print(&printer, &plan->items[plan->steps[step].item].target);
    print_end(&printer);
    return ret_text;
}
