// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The text of intervals.icu, line by line. What is hard: a line without a dash is a heading, the
// head of a repeat or prose, and an empty line ends a repeat, so what was pasted without either
// would be another workout. A step that lost its dash is therefore an error, and words that find no
// place are said.

#include "workout/icu.h"

#include "workout/foreign.h"
#include "workout/icu-length.h"
#include "workout/icu-step.h"
#include "workout/icu-value.h"
#include "workout/item.h"

#include <string.h>

#define NO_STEP   "expected a line such as \"- 10m 90% Pace\", found none"
#define NO_DASH   "expected a dash before the step"
#define LOST_DASH "expected a repeat on a line of its own, without a dash"
#define SHOWN_MAX 40

typedef struct {
    Lines lines;
    Line line;
    Plan *plan;
    const Losses *losses;
    TextError *error;
    bool repeats; // the steps belong to a repeat
    size_t first; // and this is the first of them
    Line heading; // words that wait for a step
    uint32_t heading_number;
} Parser;

static bool parser_fail(Parser *parser, const Line *at, const char *text)
{
    parser->error->column = line_column(at);
    strncpy(parser->error->text, text, sizeof parser->error->text - 1);
    return false;
}

static bool parser_add(Parser *parser, const PlanItem *item)
{
    return foreign_insert(parser->plan, parser->plan->item_count, item) ||
           parser_fail(parser, &parser->line, "a workout of at most 500 lines");
}

static Line without_blanks(Line words)
{
    const char *end = words.at;
    line_skip_blanks(&words);
    for (Line at = words; at.at < at.end;) {
        const size_t blank = line_blank(&at);
        at.at += blank > 0 ? blank : 1;
        if (blank == 0)
            end = at.at;
    }
    words.end = end > words.at ? end : words.at;
    return words;
}

// ── steps ──

// "3x" or "10x": how often, 0 when it is no such word. "0x" is as much too much as "501x".
static uint32_t times_of(const Line *word)
{
    Line line = *word;
    Number number;
    TextError ignored;
    if (!line_at_digit(&line) || !number_parse(&line, &number, &ignored) || number.decimals > 0 ||
        !(icu_accept(&line, "x") || line_accept(&line, "×")))
        return 0;
    line_accept(&line, ":");
    if (line.at != line.end)
        return 0;
    return number.scaled > 0 ? number.scaled : UINT32_MAX;
}

// "6 x" before a length, which is no label of a step: the step would be run once.
static bool is_times(Line label)
{
    static const char *const words[] = {"x", "times", "sets", "reps", "lots"};
    Number number;
    TextError ignored;
    line_skip_blanks(&label);
    if (!line_at_digit(&label) || !number_parse(&label, &number, &ignored))
        return false;
    line_skip_blanks(&label);
    bool is = line_accept(&label, "×") || line_accept(&label, "*");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        is |= icu_accept(&label, words[i]);
    return is;
}

// What says no more than that it is a rest.
static bool rests(Line label, StepManner *ret_manner)
{
    static const struct {
        const char *word;
        StepManner manner;
    } words[] = {
        {"rest", MANNER_PLAIN}, {"recovery", MANNER_PLAIN}, {"recover", MANNER_PLAIN},
        {"walk", MANNER_WALK},  {"jog", MANNER_JOG},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        Line at = label;
        if (!icu_accept(&at, words[i].word) || !line_at_end(&at))
            continue;
        *ret_manner = words[i].manner;
        return true;
    }
    return false;
}

// The label without what is no word of it: "press lap", and the times of prompts. True: it had
// some.
static bool clean_label(const Line *label, char *ret_words, size_t size)
{
    bool prompts = false;
    size_t length = 0;
    for (Line at = *label; at.at < at.end && length + 1 < size;) {
        Line ahead = at;
        Number number;
        TextError ignored;
        if (icu_accept_press_lap(&ahead) || line_accept(&ahead, "<!>")) {
            at = ahead;
            continue;
        }
        if (line_at_digit(&ahead) && number_parse(&ahead, &number, &ignored) &&
            line_accept(&ahead, "^")) { // "33^Look up": after so many seconds
            prompts = true;
            ret_words[length++] = ' ';
            at = ahead;
            continue;
        }
        ret_words[length++] = *at.at++;
    }
    ret_words[length] = '\0';
    return prompts;
}

// Words of a step, before or behind its length: what it is, or what is said as it begins.
static void parser_say(Parser *parser, PlanItem *item, const char *said)
{
    const Line words = without_blanks((Line){said, said, said + strlen(said)});
    if (item->target.kind == TARGET_NONE && rests(words, &item->step.manner))
        item->step.kind = STEP_REST;
    else
        foreign_note(parser->plan, item, words.at, (size_t)(words.end - words.at), parser->losses);
}

static void parser_words(Parser *parser, IcuStep *step)
{
    char label[512];
    PlanItem *item = &step->item;
    const Line heading = parser->heading;
    if (heading.at != NULL) {
        foreign_note(parser->plan, item, heading.at, (size_t)(heading.end - heading.at),
                     parser->losses);
        parser->heading.at = NULL;
    }
    if (clean_label(&step->label, label, sizeof label))
        losses_say(parser->losses, item->line, "all its prompts are spoken as it begins");
    parser_say(parser, item, label);
    parser_say(parser, item, step->words);
}

static bool parser_step(Parser *parser)
{
    IcuStep step;
    Line *line = &parser->line;
    const Line word = icu_word(line);
    if (times_of(&word) > 0)
        return parser_fail(parser, line, LOST_DASH);
    if (!icu_step(line, parser->lines.number, parser->losses, &step, parser->error))
        return false;
    if (is_times(step.label))
        return parser_fail(parser, &step.label, LOST_DASH);
    parser_words(parser, &step);
    step.item.depth = parser->repeats;
    return parser_add(parser, &step.item);
}

// ── other lines ──

static void parser_lose_heading(Parser *parser)
{
    const Line heading = parser->heading;
    if (heading.at == NULL)
        return;
    const size_t length = (size_t)(heading.end - heading.at);
    losses_say(parser->losses, parser->heading_number, "these words are left out: %.*s",
               (int)(length < SHOWN_MAX ? length : SHOWN_MAX), heading.at);
    parser->heading.at = NULL;
}

static void parser_end_repeat(Parser *parser)
{
    if (parser->repeats && parser->plan->item_count > parser->first)
        parser->repeats = false;
}

// The repeat that a heading is of: "Main set 5x", "5x". *ret_words: the rest of it. 0: of none.
static uint32_t heading_times(const Line *line, Line *ret_words, Line *ret_count)
{
    const Line words = without_blanks(*line);
    Line at = words, first = icu_word(&at), last = first;
    *ret_words = words;
    while (at.at < at.end) {
        last = icu_word(&at);
        at.at = last.end;
        line_skip_blanks(&at);
    }
    *ret_count = last;
    ret_words->end = last.at;
    if (times_of(&last) > 0)
        return times_of(&last);
    *ret_count = first;
    *ret_words = (Line){words.start, first.end, words.end};
    return times_of(&first);
}

static bool parser_header(Parser *parser, uint32_t times, Line words, const Line *count)
{
    if (times > PLAN_STEPS_MAX)
        return parser_fail(parser, count, "expected 1x to 500x");
    parser_lose_heading(parser); // of what is repeated the first step's note would be each time's
    words = without_blanks(words);
    if (words.at < words.end) {
        parser->heading = words;
        parser->heading_number = parser->lines.number;
        parser_lose_heading(parser);
    }
    const PlanItem header = {
        .kind = ITEM_REPEAT,
        .repeats = (uint16_t)times,
        .line = parser->lines.number,
        .column = line_column(count),
    };
    parser->repeats = true;
    parser->first = parser->plan->item_count + 1;
    return parser_add(parser, &header);
}

// Whether the line is all a step, but for its dash.
static bool is_bare_step(Line line)
{
    IcuStep step;
    TextError ignored;
    PlanItem item = {0};
    bool odd;
    Line length = line;
    return icu_length(&length, &item, &odd) && icu_step(&line, 0, NULL, &step, &ignored) &&
           step.words[0] == '\0';
}

static bool parser_heading(Parser *parser)
{
    Line words, count;
    const Line line = without_blanks(parser->line);
    Line pool = line;
    if (is_bare_step(line))
        return parser_fail(parser, &line, NO_DASH);
    if (icu_accept(&pool, "pool length"))
        return parser_fail(parser, &line, "expected a workout for runners; swimmers have pools");
    const uint32_t times = heading_times(&line, &words, &count);
    parser->repeats = false;
    if (times > 0)
        return parser_header(parser, times, words, &count);
    parser_lose_heading(parser);
    parser->heading = line;
    parser->heading_number = parser->lines.number;
    return true;
}

static bool parser_line(Parser *parser)
{
    uint32_t indent;
    bool round;
    if (line_at_end(&parser->line)) {
        parser_end_repeat(parser);
        return true;
    }
    return item_bullet(&parser->line, &indent, &round) ? parser_step(parser)
                                                       : parser_heading(parser);
}

// ── the text ──

// What is nobody else's, so that a length that is wrong is told by this reader: a zone, or behind a
// number a percentage.
static bool is_intensity(const Line *line, bool is_step)
{
    Line at = *line;
    IcuValue value;
    TextError ignored;
    return icu_at_value(&at) && icu_value(&at, &value, &ignored) &&
           (value.unit == ICU_ZONE || (is_step && value.unit == ICU_PERCENT));
}

bool icu_is(const char *text, size_t length)
{
    Lines lines = lines_of(text, length);
    Line line;
    while (lines_next(&lines, &line)) {
        uint32_t indent;
        bool round, odd;
        PlanItem item = {0};
        TextError ignored;
        if (!line_check(&line, &ignored))
            return false;
        if (!item_bullet(&line, &indent, &round) || line.end - line.at > ICU_STEP_MAX)
            continue;
        const bool is_step = line_at_digit(&line);
        for (line_skip_blanks(&line); line.at < line.end; line_skip_blanks(&line)) {
            if (icu_length(&line, &item, &odd) || is_intensity(&line, is_step))
                return true;
            line.at = icu_word(&line).end;
        }
    }
    return false;
}

bool icu_parse(const char *text, size_t length, const char *name, Plan *ret_plan,
               const Losses *losses, TextError *ret_error)
{
    Parser parser = {
        .lines = lines_of(text, length),
        .plan = ret_plan,
        .losses = losses,
        .error = ret_error,
    };
    *ret_error = (TextError){.line = 1, .column = 1};
    if (length > TEXT_INPUT_MAX)
        return parser_fail(&parser, &parser.line, "the text is longer than 1 MiB");
    plan_clear(ret_plan);
    foreign_name(ret_plan, name, strlen(name), losses);
    while (lines_next(&parser.lines, &parser.line))
        if (!line_check(&parser.line, ret_error) || !parser_line(&parser)) {
            ret_error->line = parser.lines.number;
            return false;
        }
    parser_lose_heading(&parser);
    if (ret_plan->item_count == 0)
        return parser_fail(&parser, &(Line){0}, NO_STEP);
    return foreign_finish(ret_plan, ret_error);
}
