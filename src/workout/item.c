// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Reads one item of a workout's list. What is hard is to be lenient with what word processors do
// to a text (quotes, blanks, bullets) and strict with what it means: a unit that is not in the
// grammar, a number that does not fit, or a line cut in the middle is never guessed at.

#include "workout/item.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_MAX      999999999U
#define DECIMALS_MAX    5
#define DISTANCE_MAX_MM (INT64_C(1000) * 1000 * 1000)
#define FOUND_MAX       24 // characters of the text that an error repeats

static const char *const WIDE_BLANKS[] = {
    "\u00a0", "\u2002", "\u2003", "\u2007", "\u2009",
    "\u200a", "\u200b", "\u202f", "\u2060", "\ufeff",
};
static const char *const ROUND_BULLETS[] = {"•", "◦", "▪", "●", "‣", "·"};
static const char *const DASH_BULLETS[] = {"-", "*", "–", "—", "−"};
static const char *const MINUTE_MARKS[] = {"'", "’", "′", "‘", "´", "`"};
static const char *const SECOND_MARKS[] = {"\"", "”", "″", "“"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static size_t line_match(const Line *line, const char *text)
{
    size_t length = strlen(text);
    bool fits = (size_t)(line->end - line->at) >= length;
    return fits && memcmp(line->at, text, length) == 0 ? length : 0;
}

static size_t line_match_any(const Line *line, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = line_match(line, texts[i]);
        if (length > 0)
            return length;
    }
    return 0;
}

static bool line_accept_any(Line *line, const char *const *texts, size_t count)
{
    size_t length = line_match_any(line, texts, count);
    line->at += length;
    return length > 0;
}

bool line_accept(Line *line, const char *text)
{
    size_t length = line_match(line, text);
    line->at += length;
    return length > 0;
}

size_t line_blank(const Line *line)
{
    if (line->at == line->end)
        return 0;
    if ((uint8_t)*line->at < 0x80)
        return *line->at == ' ' || *line->at == '\t';
    return line_match_any(line, WIDE_BLANKS, COUNT(WIDE_BLANKS));
}

void line_skip_blanks(Line *line)
{
    for (size_t length; (length = line_blank(line)) > 0;)
        line->at += length;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_continuation(char c)
{
    return ((uint8_t)c & 0xc0) == 0x80;
}

static bool line_at_digit(const Line *line)
{
    return line->at < line->end && is_digit(*line->at);
}

uint32_t line_column(const Line *line)
{
    uint32_t column = 1;
    for (const char *c = line->start; c < line->at; c++)
        column += !is_continuation(*c);
    return column;
}

// What stands at `at`, fit to be shown on a terminal.
static void line_found(const Line *line, char *ret_found, size_t size)
{
    Line rest = *line;
    line_skip_blanks(&rest);
    if (rest.at == rest.end) {
        snprintf(ret_found, size, "the end of the line");
        return;
    }
    size_t length = 0, characters = 0;
    ret_found[length++] = '"';
    const char *c = line->at;
    for (; c < line->end; c++) {
        characters += !is_continuation(*c);
        if (characters > FOUND_MAX)
            break;
        bool c1 = *c == '\xc2' && (uint8_t)c[1] < 0xa0; // U+0080 … U+009F
        if (c1)
            c++;
        bool control = c1 || (uint8_t)*c < 0x20 || *c == 0x7f;
        ret_found[length++] = control ? '?' : *c;
    }
    snprintf(ret_found + length, size - length, c < line->end ? "…\"" : "\"");
}

bool line_fail(const Line *line, const char *expected, TextError *ret_error)
{
    char found[4 * FOUND_MAX + 8];
    line_found(line, found, sizeof found);
    ret_error->column = line_column(line);
    snprintf(ret_error->text, sizeof ret_error->text, "expected %s, found %s", expected, found);
    return false;
}

bool item_bullet(Line *line, uint32_t *ret_indent, bool *ret_round)
{
    Line ahead = *line;
    uint32_t indent = 0;
    for (size_t length; (length = line_blank(&ahead)) > 0; ahead.at += length)
        indent = *ahead.at == '\t' ? (indent / 4 + 1) * 4 : indent + 1;
    bool round = line_accept_any(&ahead, ROUND_BULLETS, COUNT(ROUND_BULLETS));
    if (!round && !line_accept_any(&ahead, DASH_BULLETS, COUNT(DASH_BULLETS)))
        return false;
    if (ahead.at < ahead.end && !is_digit(*ahead.at) && line_blank(&ahead) == 0)
        return false;
    line_skip_blanks(&ahead);
    *line = ahead;
    *ret_indent = indent;
    *ret_round = round;
    return true;
}

// A number as written: `scaled` is it times 10^decimals.
typedef struct {
    Line at; // where it stands
    uint32_t scaled;
    uint8_t decimals;
} Number;

static bool number_parse(Line *line, Number *ret_number, TextError *ret_error)
{
    Number number = {.at = *line};
    bool point = false;
    uint64_t scaled = 0;
    for (; line->at < line->end; line->at++) {
        if (*line->at == '.' && !point && line->at > number.at.at) {
            point = true;
            continue;
        }
        if (!is_digit(*line->at))
            break;
        scaled = scaled * 10 + (uint64_t)(*line->at - '0');
        number.decimals += point;
        if (scaled > NUMBER_MAX)
            return line_fail(&number.at, "a smaller number", ret_error);
        if (number.decimals > DECIMALS_MAX)
            return line_fail(&number.at, "fewer decimals", ret_error);
    }
    if (point && number.decimals == 0)
        return line_fail(line, "a digit after the point", ret_error);
    if (line->at < line->end && *line->at == ',')
        return line_fail(line, "a unit (decimals follow a point, not a comma)", ret_error);
    number.scaled = (uint32_t)scaled;
    *ret_number = number;
    return true;
}

typedef enum {
    UNIT_H,
    UNIT_MIN,
    UNIT_S,
    UNIT_M,
    UNIT_KM,
    UNIT_MI,
} Unit;

static const char *const UNITS[] = {"h", "min", "s", "m", "km", "mi"};

// What people write instead, in lower case: never taken for the unit, only named in the error.
static const struct {
    const char *written;
    Unit likely;
} SLIPS[] = {
    {"h", UNIT_H},           {"hr", UNIT_H},          {"hrs", UNIT_H},
    {"hour", UNIT_H},        {"hours", UNIT_H},       {"min", UNIT_MIN},
    {"mins", UNIT_MIN},      {"minute", UNIT_MIN},    {"minutes", UNIT_MIN},
    {"mn", UNIT_MIN},        {"s", UNIT_S},           {"sec", UNIT_S},
    {"secs", UNIT_S},        {"second", UNIT_S},      {"seconds", UNIT_S},
    {"meter", UNIT_M},       {"meters", UNIT_M},      {"metre", UNIT_M},
    {"metres", UNIT_M},      {"mtr", UNIT_M},         {"mtrs", UNIT_M},
    {"k", UNIT_KM},          {"km", UNIT_KM},         {"kms", UNIT_KM},
    {"kilometer", UNIT_KM},  {"kilometers", UNIT_KM}, {"kilometre", UNIT_KM},
    {"kilometres", UNIT_KM}, {"mi", UNIT_MI},         {"mile", UNIT_MI},
    {"miles", UNIT_MI},
};

static bool word_is(const char *word, size_t length, const char *other)
{
    return strlen(other) == length && memcmp(word, other, length) == 0;
}

static size_t line_word_length(const Line *line)
{
    const char *c = line->at;
    while (c < line->end && is_letter(*c))
        c++;
    return (size_t)(c - line->at);
}

// The word is no unit: say so, and which one it may be meant for.
static bool unit_fail(const Line *line, size_t length, const char *units, TextError *ret_error)
{
    char lower[12];
    char expected[80];
    size_t i;
    for (i = 0; i < length && i < sizeof lower; i++)
        lower[i] = (char)(line->at[i] | 0x20);
    for (size_t slip = 0; i == length && slip < COUNT(SLIPS); slip++) {
        if (!word_is(lower, length, SLIPS[slip].written))
            continue;
        snprintf(expected, sizeof expected, "the unit %s (perhaps \"%s\" is meant)", units,
                 UNITS[SLIPS[slip].likely]);
        return line_fail(line, expected, ret_error);
    }
    snprintf(expected, sizeof expected, "the unit %s", units);
    return line_fail(line, expected, ret_error);
}

static bool unit_parse(Line *line, Unit *ret_unit, TextError *ret_error)
{
    line_skip_blanks(line);
    size_t length = line_word_length(line);
    for (size_t unit = 0; unit < COUNT(UNITS); unit++) {
        if (!word_is(line->at, length, UNITS[unit]))
            continue;
        line->at += length;
        *ret_unit = (Unit)unit;
        return true;
    }
    return unit_fail(line, length, "h, min, s, m, km or mi", ret_error);
}

// The number and unit of a distance: metres are whole, the others may have decimals.
static bool distance_finish(const Number *number, Unit unit, PlanItem *item, TextError *ret_error)
{
    static const int64_t POWERS[DECIMALS_MAX + 1] = {1, 10, 100, 1000, 10000, 100000};
    if (unit == UNIT_M && number->decimals > 0)
        return line_fail(&number->at, "whole metres", ret_error);
    int64_t unit_mm = unit == UNIT_MI ? 1609344 : unit == UNIT_KM ? 1000000 : 1000;
    int64_t power = POWERS[number->decimals];
    int64_t mm = (number->scaled * unit_mm + power / 2) / power;
    if (mm > DISTANCE_MAX_MM)
        return line_fail(&number->at, "at most 1000km", ret_error);
    item->written.unit = unit == UNIT_MI   ? WRITTEN_MILES
                         : unit == UNIT_KM ? WRITTEN_KM
                                           : WRITTEN_METRES;
    item->written.decimals = number->decimals;
    item->written.scaled = number->scaled;
    item->step.measure = mm > 0 ? MEASURE_DISTANCE : MEASURE_OPEN;
    item->step.distance_mm = mm;
    return true;
}

// The further parts of a duration after its first number and unit.
static bool duration_finish(Line *line, Number number, Unit unit, PlanItem *item,
                            TextError *ret_error)
{
    static const int64_t UNIT_SECONDS[] = {3600, 60, 1};
    Line start = number.at;
    uint32_t *parts[] = {&item->written.h, &item->written.min, &item->written.s};
    int64_t seconds = 0;
    for (;;) {
        if (unit > UNIT_S || item->written.parts >> unit != 0)
            return line_fail(&number.at, "hours, minutes, seconds in this order", ret_error);
        if (number.decimals > 0)
            return line_fail(&number.at, "a whole number (1min 30s, not 1.5min)", ret_error);
        *parts[unit] = number.scaled;
        item->written.parts |= (uint8_t)(1U << unit);
        seconds += number.scaled * UNIT_SECONDS[unit];
        line_skip_blanks(line);
        if (!line_at_digit(line))
            break;
        if (!number_parse(line, &number, ret_error) || !unit_parse(line, &unit, ret_error))
            return false;
    }
    if (seconds > PLAN_TIME_MAX / USEC_PER_SEC)
        return line_fail(&start, "at most 24 hours", ret_error);
    item->written.unit = WRITTEN_TIME;
    item->step.measure = seconds > 0 ? MEASURE_TIME : MEASURE_OPEN;
    item->step.duration = seconds * USEC_PER_SEC;
    return true;
}

static bool pace_parse(Line *line, PaceTarget *ret_pace, TextError *ret_error)
{
    Line start = *line;
    Number minutes, seconds;
    if (!line_at_digit(line))
        return line_fail(line, "a pace such as 6'00''/km", ret_error);
    if (!number_parse(line, &minutes, ret_error))
        return false;
    if (minutes.decimals > 0)
        return line_fail(&start, "a pace such as 6'00''/km", ret_error);
    if (minutes.scaled > 99)
        return line_fail(&start, "a pace below 100 minutes", ret_error);
    bool colon = line_accept(line, ":");
    if (!colon && !line_accept_any(line, MINUTE_MARKS, COUNT(MINUTE_MARKS)))
        return line_fail(line, "' after the minutes of the pace", ret_error);
    Line at_seconds = *line;
    if (!line_at_digit(line))
        return line_fail(line, "two digits of seconds", ret_error);
    if (!number_parse(line, &seconds, ret_error))
        return false;
    if (line->at - at_seconds.at != 2 || seconds.scaled > 59)
        return line_fail(&at_seconds, "two digits of seconds, 00 to 59", ret_error);
    bool marked = line_accept_any(line, SECOND_MARKS, COUNT(SECOND_MARKS)) ||
                  (line_accept_any(line, MINUTE_MARKS, COUNT(MINUTE_MARKS)) &&
                   line_accept_any(line, MINUTE_MARKS, COUNT(MINUTE_MARKS)));
    if (!colon && !marked)
        return line_fail(line, "'' after the seconds of the pace", ret_error);
    if (minutes.scaled + seconds.scaled == 0)
        return line_fail(&start, "a pace above zero", ret_error);
    if (!line_accept(line, "/"))
        return line_fail(line, "/km or /mi", ret_error);
    size_t length = line_word_length(line);
    bool mile = word_is(line->at, length, "mi");
    if (!mile && !word_is(line->at, length, "km"))
        return unit_fail(line, length, "km or mi", ret_error);
    line->at += length;
    ret_pace->unit = mile ? PACE_PER_MILE : PACE_PER_KM;
    ret_pace->seconds = (uint16_t)(minutes.scaled * 60 + seconds.scaled);
    return true;
}

static bool line_expect_end(Line *line, TextError *ret_error)
{
    line_skip_blanks(line);
    return line->at == line->end || line_fail(line, "the end of the line", ret_error);
}

static bool word_accept(Line *line, const char *word)
{
    if (!word_is(line->at, line_word_length(line), word))
        return false;
    line->at += strlen(word);
    return true;
}

// " of:" after "5 lots".
static bool header_finish(Line *line, const Number *count, PlanItem *item, TextError *ret_error)
{
    line_skip_blanks(line);
    if (!word_accept(line, "of") || (line_skip_blanks(line), !line_accept(line, ":")))
        return line_fail(line, "\"lots of:\"", ret_error);
    if (count->decimals > 0 || count->scaled == 0 || count->scaled > PLAN_STEPS_MAX)
        return line_fail(&count->at, "1 to 500 lots", ret_error);
    item->kind = ITEM_REPEAT;
    item->repeats = (uint16_t)count->scaled;
    return line_expect_end(line, ret_error);
}

bool item_parse(Line *line, PlanItem *ret_item, TextError *ret_error)
{
    line_skip_blanks(line);
    PlanItem item = {.kind = ITEM_STEP, .column = line_column(line)};
    Number number;
    if (!line_at_digit(line))
        return line_fail(line,
                         "a step such as 10min @ 6'00''/km or 2min rest, or 5 lots of:", ret_error);
    if (!number_parse(line, &number, ret_error))
        return false;
    Line after_number = *line;
    line_skip_blanks(line);
    if (word_accept(line, "lots")) {
        if (!header_finish(line, &number, &item, ret_error))
            return false;
        *ret_item = item;
        return true;
    }
    Unit unit;
    *line = after_number;
    if (!unit_parse(line, &unit, ret_error))
        return false;
    if (unit <= UNIT_S ? !duration_finish(line, number, unit, &item, ret_error)
                       : !distance_finish(&number, unit, &item, ret_error))
        return false;
    line_skip_blanks(line);
    if (line_accept(line, "@")) {
        line_skip_blanks(line);
        if (!pace_parse(line, &item.step.pace, ret_error))
            return false;
    } else if (word_accept(line, "rest")) {
        item.step.kind = STEP_REST;
    } else {
        return line_fail(line, "@ and a pace, or rest", ret_error);
    }
    if (!line_expect_end(line, ret_error))
        return false;
    *ret_item = item;
    return true;
}
