// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The grammar of a workout's lines. What is hard is to be lenient about form alone: a unit, a
// number that does not fit, or a line cut in the middle is never guessed at.

#include "workout/item.h"

#include "workout/aids-text.h"
#include "workout/length.h"
#include "workout/split-text.h"
#include "workout/target-text.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define EXPECTED     "a step such as 10min @ 6'00''/km or 2min rest, or 5 lots of:"

// Round ones, among them two of Word's own letters and hollow or square ones of a second level;
// then dashes.
#define ROUND_BULLETS "•◦▪●‣·○∙■□▫\uf0b7\uf0a7"
static const char BULLETS[] = ROUND_BULLETS "-*–—−\u2010\u2011⁃";

// Which of them is there and is taken, or NULL. Of Word's second level is "o" with a tab.
static const char *accept_bullet(Line *line)
{
    const size_t left = (size_t)(line->end - line->at);
    const size_t length = left > 0 ? line_character(line) : 0;
    if (left > 1 && line->at[0] == 'o' && line->at[1] == '\t')
        return line->at++, BULLETS;
    for (const char *bullet = BULLETS; *bullet != '\0' && length > 0; bullet++)
        if (*bullet == *line->at && strncmp(bullet, line->at, length) == 0) {
            line->at += length;
            return bullet;
        }
    return NULL;
}

bool item_bullet(Line *line, uint32_t *ret_indent, bool *ret_round)
{
    Line ahead = *line;
    uint32_t indent = 0;
    for (size_t length; (length = line_blank(&ahead)) > 0; ahead.at += length)
        if (*ahead.at == '\t')
            indent = (indent / 4 + 1) * 4;
        else
            indent += !line_blank_is_narrow(&ahead);
    const char *bullet = accept_bullet(&ahead);
    if (bullet == NULL)
        return false;
    if (ahead.at < ahead.end && !line_at_digit(&ahead) && line_blank(&ahead) == 0)
        return false;
    line_skip_blanks(&ahead);
    *line = ahead;
    *ret_indent = indent;
    *ret_round = bullet < BULLETS + sizeof ROUND_BULLETS - 1;
    return true;
}

static bool item_add(const Line *line, Plan *plan, const PlanItem *item, TextError *ret_error)
{
    if (plan->item_count == PLAN_ITEMS_MAX)
        return line_fail(line, "a workout of at most 500 lines", ret_error);
    plan->items[plan->item_count++] = *item;
    return true;
}

// ── headers ──

// ", no last rest" and the colon.
static bool header_finish(Line *line, const char *expected, bool *ret_no_last, TextError *ret_error)
{
    line_skip_blanks(line);
    *ret_no_last = line_accept_words(line, ", no last rest");
    line_skip_blanks(line);
    if (!line_accept(line, ":"))
        return line_fail(line, expected, ret_error);
    return line_at_end(line) ||
           (line_skip_blanks(line), line_fail(line, "the end of the line", ret_error));
}

// "of:" after "5 lots".
static bool lots_parse(Line *line, const Number *count, PlanItem item, Plan *plan,
                       TextError *ret_error)
{
    if (!line_accept_words(line, "of"))
        return line_skip_blanks(line), line_fail(line, "\"lots of:\"", ret_error);
    item.kind = ITEM_REPEAT;
    if (!header_finish(line, "\"lots of:\"", &item.no_last, ret_error))
        return false;
    if (count->decimals > 0 || count->scaled == 0 || count->scaled > PLAN_STEPS_MAX)
        return line_fail(&count->at, "1 to 500 lots", ret_error);
    item.repeats = (uint16_t)count->scaled;
    return item_add(line, plan, &item, ret_error);
}

static void step_set_length(Step *step, const WrittenLength *written)
{
    step->duration = written_duration(written);
    step->distance_mm = written_distance_mm(written);
    step->measure = step->duration > 0      ? MEASURE_TIME
                    : step->distance_mm > 0 ? MEASURE_DISTANCE
                                            : MEASURE_OPEN;
}

// "of 400m, 800m and back:" after "ladder".
static bool ladder_parse(Line *line, PlanItem header, Plan *plan, TextError *ret_error)
{
    if (!line_accept_words(line, "of"))
        return line_skip_blanks(line), line_fail(line, "\"ladder of\"", ret_error);
    const size_t first = plan->item_count;
    header.kind = ITEM_LADDER;
    if (!item_add(line, plan, &header, ret_error))
        return false;
    do {
        line_skip_blanks(line);
        PlanItem rung = {.kind = ITEM_RUNG, .line = header.line, .column = line_column(line)};
        const Line at = *line;
        if (!length_parse(line, &rung.written, ret_error))
            return false;
        step_set_length(&rung.step, &rung.written);
        if (rung.step.measure == MEASURE_OPEN)
            return line_fail(&at, "a length above zero", ret_error);
        if (!item_add(&at, plan, &rung, ret_error))
            return false;
        Line ahead = *line;
        line_skip_blanks(&ahead);
        if (!line_accept(&ahead, ",") || (line_skip_blanks(&ahead), !line_at_digit(&ahead)))
            break;
        *line = ahead;
    } while (true);
    PlanItem *added = &plan->items[first];
    added->and_back = line_accept_words(line, "and back");
    return header_finish(line, "a further length, \"and back\", or :", &added->no_last, ret_error);
}

// ── steps ──

// "< 120 (1min..3min)" after "rest until HR".
static bool until_parse(Line *line, PlanItem *item, TextError *ret_error)
{
    Step *step = &item->step;
    uint32_t number;
    line_skip_blanks(line);
    if (!line_accept(line, "<"))
        return line_fail(line, "< and a heart rate", ret_error);
    line_skip_blanks(line);
    const Line at = *line;
    if (!number_parse_whole(line, 1, 250, "a heart rate up to 250, or a percentage", &number,
                            ret_error))
        return false;
    step->heart_is_percent = line_accept_words(line, "%");
    if (!step->heart_is_percent)
        line_accept_words(line, "bpm");
    if (number < (step->heart_is_percent ? 20 : 40) ||
        number > (step->heart_is_percent ? 100 : 250))
        return line_fail(&at, "a heart rate from 40 to 250, or 20% to 100%", ret_error);
    step->heart_below = (uint16_t)number;
    step->measure = MEASURE_HEART;
    step->least = UNTIL_LEAST;
    step->duration = UNTIL_MOST;
    item->written.unit = WRITTEN_UNTIL;
    Line ahead = *line;
    line_skip_blanks(&ahead);
    if (!line_accept(&ahead, "("))
        return true;
    *line = ahead;
    if (!length_parse(line, &item->least, ret_error))
        return false;
    line_skip_blanks(line);
    if (!line_accept(line, "..") && !line_accept_words(line, "to") && !line_accept_dash(line))
        return line_fail(line, ".. and the most it may last", ret_error);
    const Line most = (line_skip_blanks(line), *line);
    if (!length_parse(line, &item->most, ret_error))
        return false;
    line_skip_blanks(line);
    if (!line_accept(line, ")"))
        return line_fail(line, ")", ret_error);
    step->least = written_duration(&item->least);
    step->duration = written_duration(&item->most);
    item->bounded = true;
    return (step->least > 0 && step->duration >= step->least) ||
           line_fail(&most, "two times, the least first and above zero", ret_error);
}

static bool extent_parse(Line *line, PlanItem *item, TextError *ret_error)
{
    static const struct {
        const char *words;
        WrittenUnit written;
        StepMeasure measure;
    } extents[] = {
        {"open", WRITTEN_OPEN, MEASURE_OPEN},
        {"rung", WRITTEN_RUNG, MEASURE_OPEN},
        {"equal time", WRITTEN_EQUAL_TIME, MEASURE_EQUAL_TIME},
        {"equal distance", WRITTEN_EQUAL_DISTANCE, MEASURE_EQUAL_DISTANCE},
    };
    for (size_t i = 0; i < COUNT(extents); i++)
        if (line_accept_words(line, extents[i].words)) {
            item->written.unit = extents[i].written;
            item->step.measure = extents[i].measure;
            return true;
        }
    if (!line_at_digit(line))
        return line_fail(line, EXPECTED, ret_error);
    if (!length_parse(line, &item->written, ret_error))
        return false;
    step_set_length(&item->step, &item->written);
    return true;
}

static const struct {
    const char *word;
    StepManner manner;
} RESTS[] = {{"rest", MANNER_PLAIN}, {"walk", MANNER_WALK}, {"jog", MANNER_JOG}};

static bool rest_word(Line *line, PlanItem *item)
{
    for (size_t i = 0; i < COUNT(RESTS); i++)
        if (line_accept_words(line, RESTS[i].word)) {
            item->step.kind = STEP_REST;
            item->step.manner = RESTS[i].manner;
            return true;
        }
    return false;
}

// "4 strides of 20s every 1min" after "with".
static bool strides_parse(Line *line, PlanItem *item, TextError *ret_error)
{
    Strides *strides = &item->strides;
    uint32_t count;
    line_skip_blanks(line);
    const Line at = *line;
    if (!number_parse_whole(line, 1, 20, "1 to 20 strides", &count, ret_error))
        return false;
    strides->count = (uint16_t)count;
    if (!line_accept_words(line, "strides of") && !line_accept_words(line, "stride of"))
        return line_skip_blanks(line), line_fail(line, "\"strides of\" and a length", ret_error);
    if (!length_parse(line, &strides->each, ret_error))
        return false;
    strides->every_said = line_accept_words(line, "every");
    if (strides->every_said && !length_parse(line, &strides->every, ret_error))
        return false;
    const bool by_time = strides->each.unit == WRITTEN_TIME;
    const StepMeasure measure = item->step.measure;
    const bool fits =
        (measure == MEASURE_TIME && by_time) || (measure == MEASURE_DISTANCE && !by_time);
    if (!fits)
        return line_fail(&at, "strides by time in a step by time, by distance in one by distance",
                         ret_error);
    return true;
}

// "…" in quotes, of which the last in the line closes it.
static bool note_parse(Line *line, Plan *plan, PlanItem *item, TextError *ret_error)
{
    const Line start = *line;
    const char *end = NULL;
    for (const char *c = line->end; c > line->at && end == NULL;) {
        Line at = {line->start, --c, line->end};
        const bool letter = (uint8_t)*c < 0x80 && *c != '"';
        if (!letter && line_accept_double_quote(&at))
            end = c;
    }
    if (end == NULL)
        return line_fail(&start, "a closing \" of the note", ret_error);
    Line inside = {line->start, line->at, end};
    for (const char *c = inside.at; c < inside.end; c++)
        if ((uint8_t)*c < 0x20 || *c == 0x7f)
            return line_fail(&start, "no control character in a note", ret_error);
    const size_t length = (size_t)(inside.end - inside.at);
    if (line_at_end(&inside))
        return line_fail(&start, "words in the note", ret_error);
    if (length > PLAN_NOTE_MAX)
        return line_fail(&start, "a note of at most 160 bytes: it is to be spoken", ret_error);
    if (!plan_add_note(plan, inside.at, length, &item->note))
        return line_fail(&start, "fewer or shorter notes", ret_error);
    line->at = end;
    return line_accept_double_quote(line);
}

static bool step_parse(Line *line, PlanItem item, Plan *plan, TextError *ret_error)
{
    if (rest_word(line, &item)) {
        if (!line_accept_words(line, "until HR"))
            return line_skip_blanks(line),
                   line_fail(line, "until HR < and a heart rate, or a length before the rest",
                             ret_error);
        if (!until_parse(line, &item, ret_error))
            return false;
    } else {
        if (!extent_parse(line, &item, ret_error))
            return false;
        line_skip_blanks(line);
        if (item.step.measure == MEASURE_DISTANCE && line_accept_words(line, "in")) {
            if (!split_parse(line, item.step.distance_mm, &item.target, ret_error))
                return false;
        } else if (line_accept(line, "@")) {
            if (!target_parse(line, &item.target, ret_error))
                return false;
        } else if (!rest_word(line, &item) && !line_accept_words(line, "run"))
            return line_fail(line, "@ and a pace, or rest", ret_error);
    }
    if (item.step.kind == STEP_WORK && line_accept_words(line, "with") &&
        !strides_parse(line, &item, ret_error))
        return false;
    if (item.step.kind == STEP_WORK && !aids_parse(line, &item, ret_error))
        return false;
    line_skip_blanks(line);
    if (line_accept_double_quote(line) && !note_parse(line, plan, &item, ret_error))
        return false;
    line_skip_blanks(line);
    if (line->at != line->end)
        return line_fail(line, "the end of the line", ret_error);
    return item_add(line, plan, &item, ret_error);
}

static bool item_parse_any(Line *line, uint32_t number, Plan *plan, TextError *ret_error)
{
    line_skip_blanks(line);
    const PlanItem item = {.line = number, .column = line_column(line)};
    if (line_accept_words(line, "ladder"))
        return ladder_parse(line, item, plan, ret_error);
    Line ahead = *line;
    Number count;
    TextError ignored;
    if (line_at_digit(&ahead) && number_parse(&ahead, &count, &ignored) &&
        line_accept_words(&ahead, "lots")) {
        *line = ahead;
        return lots_parse(line, &count, item, plan, ret_error);
    }
    return step_parse(line, item, plan, ret_error);
}

bool item_parse(Line *line, uint32_t number, Plan *plan, TextError *ret_error)
{
    const size_t items = plan->item_count, notes = plan->notes_length;
    if (item_parse_any(line, number, plan, ret_error))
        return true;
    plan->item_count = items;
    plan->notes_length = notes;
    return false;
}

// ── printing ──

static void print_header(Printer *printer, const Plan *plan, size_t item)
{
    const PlanItem *header = &plan->items[item];
    if (header->kind == ITEM_REPEAT)
        print_number(printer, header->repeats, " lots of");
    else {
        const char *before = "ladder of ";
        for (size_t i = item + 1; i < plan->item_count && plan->items[i].kind == ITEM_RUNG; i++) {
            print_text(printer, before);
            length_print(printer, &plan->items[i].written);
            before = ", ";
        }
        print_text(printer, header->and_back ? " and back" : "");
    }
    print_text(printer, header->no_last ? ", no last rest:" : ":");
}

static void print_rest(Printer *printer, const PlanItem *item)
{
    if (item->written.unit != WRITTEN_UNTIL) {
        length_print(printer, &item->written);
        print_text(printer, " ");
    }
    for (size_t i = 0; i < COUNT(RESTS); i++)
        if (item->step.manner == RESTS[i].manner)
            print_text(printer, RESTS[i].word);
    if (item->written.unit != WRITTEN_UNTIL)
        return;
    print_text(printer, " until HR < ");
    print_number(printer, item->step.heart_below, item->step.heart_is_percent ? "%" : "");
    if (!item->bounded)
        return;
    print_text(printer, " (");
    length_print(printer, &item->least);
    print_text(printer, "..");
    length_print(printer, &item->most);
    print_text(printer, ")");
}

static void print_strides(Printer *printer, const Strides *strides)
{
    if (strides->count == 0)
        return;
    print_text(printer, " with ");
    print_number(printer, strides->count, " strides of ");
    length_print(printer, &strides->each);
    if (strides->every_said) {
        print_text(printer, " every ");
        length_print(printer, &strides->every);
    }
}

static void print_work(Printer *printer, const PlanItem *item)
{
    length_print(printer, &item->written);
    if (item->target.kind == TARGET_NONE)
        print_text(printer, " run");
    else if (target_is_split(&item->target, written_distance_mm(&item->written))) {
        print_text(printer, " in ");
        split_print(printer, &item->target);
    } else {
        print_text(printer, " @ ");
        target_print(printer, &item->target);
    }
    print_strides(printer, &item->strides);
    aids_print(printer, item);
}

void item_print(Printer *printer, const Plan *plan, size_t item)
{
    const PlanItem *this = &plan->items[item];
    switch (this->kind) {
    case ITEM_REPEAT:
    case ITEM_LADDER:
        print_header(printer, plan, item);
        return;
    case ITEM_RUNG:
        return;
    case ITEM_STEP:
        if (this->step.kind == STEP_REST)
            print_rest(printer, this);
        else
            print_work(printer, this);
        if (this->note != 0) {
            print_text(printer, " \"");
            print_text(printer, plan->notes + this->note);
            print_text(printer, "\"");
        }
        return;
    }
}
