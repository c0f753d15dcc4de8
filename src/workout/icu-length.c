// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Lengths as intervals.icu writes them. What is hard is that a length has no place of its own: any
// word may be one, and 10min, which is none there, must not be taken for the 10 of something else.

#include "workout/icu-length.h"

#include "workout/foreign.h"

#define COUNT(array)    (sizeof(array) / sizeof *(array))
#define ODD_MINUTES     100 // and their multiples
#define MM_PER_YARD_X10 9144

// ── words ──

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool is_word(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

bool icu_accept(Line *line, const char *word)
{
    const char *c = line->at;
    for (; *word != '\0'; word++, c++)
        if (c == line->end || lower(*c) != *word)
            return false;
    if (c < line->end && (is_word(*c) || *c == '=') && is_word(c[-1]))
        return false;
    line->at = c;
    return true;
}

bool icu_accept_ahead(Line *line, const char *word) // behind blanks
{
    Line ahead = *line;
    line_skip_blanks(&ahead);
    if (!icu_accept(&ahead, word))
        return false;
    *line = ahead;
    return true;
}

bool icu_accept_press_lap(Line *line)
{
    Line ahead = *line;
    if (!icu_accept(&ahead, "press") || !icu_accept_ahead(&ahead, "lap"))
        return false;
    *line = ahead;
    return true;
}

Line icu_word(const Line *line)
{
    Line word = {line->start, line->at, line->at};
    for (Line at = *line; at.at < at.end && line_blank(&at) == 0;)
        word.end = ++at.at;
    return word;
}

// ── lengths ──

static bool at_word_end(const Line *line)
{
    return line_at_end(line) || line_blank(line) > 0 || *line->at == ',';
}

static const struct {
    const char *word;
    int64_t seconds;
} TIMES[] = {{"h", 3600}, {"m", 60}, {"s", 1}};

static const struct {
    const char *word;
    WrittenUnit unit; // WRITTEN_OPEN: yards
} DISTANCES[] = {
    {"km", WRITTEN_KM},         {"mi", WRITTEN_MILES},     {"mile", WRITTEN_MILES},
    {"miles", WRITTEN_MILES},   {"mtr", WRITTEN_METRES},   {"meter", WRITTEN_METRES},
    {"meters", WRITTEN_METRES}, {"metre", WRITTEN_METRES}, {"metres", WRITTEN_METRES},
    {"y", WRITTEN_OPEN},        {"yd", WRITTEN_OPEN},      {"yds", WRITTEN_OPEN},
    {"yrd", WRITTEN_OPEN},      {"yard", WRITTEN_OPEN},    {"yards", WRITTEN_OPEN},
};

static bool distance_finish(Line *line, const Number *number, PlanItem *item)
{
    Line ahead = *line;
    line_skip_blanks(&ahead);
    for (size_t i = 0; i < COUNT(DISTANCES); i++) {
        if (!icu_accept(&ahead, DISTANCES[i].word))
            continue;
        *line = ahead;
        const WrittenLength written = {DISTANCES[i].unit, number->decimals,
                                       .scaled = number->scaled};
        const int64_t mm = written.unit == WRITTEN_OPEN
                               ? llround(number_value(number) * MM_PER_YARD_X10 / 10)
                           : written.unit == WRITTEN_METRES ? llround(number_value(number) * 1000)
                                                            : written_distance_mm(&written);
        if (!foreign_distance(item, mm))
            return false;
        if (written.unit == WRITTEN_KM || written.unit == WRITTEN_MILES)
            foreign_length(item, &written); // as it stands there
        return true;
    }
    return false;
}

// The seconds of one part of a time; 0 when its unit is none of one, or no whole second comes out.
static int64_t time_part(Line *line, const Number *number, size_t *unit)
{
    size_t i = *unit;
    if (number->decimals == 0 && *unit <= 1 && line_accept_minute_mark(line)) {
        if (!line_accept_minute_mark(line)) {
            *unit = 2;
            return number->scaled * INT64_C(60);
        }
        *unit = COUNT(TIMES); // two of them are a second's mark
        return number->scaled;
    }
    if (number->decimals == 0 && line_accept_double_quote(line)) {
        *unit = COUNT(TIMES);
        return number->scaled;
    }
    for (; i < COUNT(TIMES); i++) {
        const bool accepted =
            line->at < line->end && lower(*line->at) == TIMES[i].word[0] &&
            !(line->end - line->at > 1 && lower(line->at[1]) >= 'a' && lower(line->at[1]) <= 'z');
        if (!accepted)
            continue;
        line->at++;
        *unit = i + 1;
        const double seconds = number_value(number) * (double)TIMES[i].seconds;
        return seconds == round(seconds) ? (int64_t)seconds : 0;
    }
    // 1m30 has seconds, 1h30 minutes.
    if (*unit == 0 || *unit == COUNT(TIMES) || !at_word_end(line))
        return 0;
    const int64_t seconds = number->scaled * TIMES[*unit].seconds;
    *unit = COUNT(TIMES);
    return number->decimals == 0 ? seconds : 0;
}

bool icu_length(Line *line, PlanItem *item, bool *ret_odd)
{
    Line ahead = *line;
    Number number;
    TextError ignored;
    if (!line_at_digit(&ahead) || !number_parse(&ahead, &number, &ignored))
        return false;
    *ret_odd = false;
    Line behind = ahead;
    PlanItem way = *item;
    if (distance_finish(&behind, &number, &way) && at_word_end(&behind)) {
        *item = way;
        *line = behind;
        return true;
    }
    int64_t seconds = 0;
    for (size_t unit = 0;;) {
        const int64_t part = time_part(&ahead, &number, &unit);
        if (part == 0)
            return false;
        seconds += part;
        if (at_word_end(&ahead))
            break;
        if (unit == COUNT(TIMES) || !line_at_digit(&ahead) ||
            !number_parse(&ahead, &number, &ignored))
            return false;
    }
    if (!foreign_time(item, seconds))
        return false;
    *ret_odd =
        lower(ahead.at[-1]) == 'm' && number.at.at == line->at && number.scaled % ODD_MINUTES == 0;
    *line = ahead;
    return true;
}
