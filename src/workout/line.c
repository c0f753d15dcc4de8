// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Reading people's text, line by line. What is hard is what word processors and web pages make of
// plain characters: wide blanks, curled quotes, longer dashes are all read as what they were.

#include "workout/line.h"

#include <stdio.h>
#include <string.h>

#define FOUND_MAX 24 // characters of the text that an error repeats

static const char *const WIDE_BLANKS[] = {
    "\u00a0", "\u2002", "\u2003", "\u2007", "\u2009",
    "\u200a", "\u200b", "\u202f", "\u2060", "\ufeff",
};
static const char *const DASHES[] = {"-", "–", "—", "−", "‑", "‐"};
static const char *const MINUTE_MARKS[] = {"'", "’", "′", "‘", "´", "`"};
static const char *const DOUBLE_QUOTES[] = {"\"", "”", "″", "“", "„"};

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

bool line_accept_any(Line *line, const char *const *texts, size_t count)
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

bool line_accept_dash(Line *line)
{
    return line_accept_any(line, DASHES, COUNT(DASHES));
}

bool line_accept_minute_mark(Line *line)
{
    return line_accept_any(line, MINUTE_MARKS, COUNT(MINUTE_MARKS));
}

bool line_accept_double_quote(Line *line)
{
    return line_accept_any(line, DOUBLE_QUOTES, COUNT(DOUBLE_QUOTES));
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

bool line_at_digit(const Line *line)
{
    return line->at < line->end && is_digit(*line->at);
}

bool line_at_end(const Line *line)
{
    Line rest = *line;
    line_skip_blanks(&rest);
    return rest.at == rest.end;
}

size_t line_word_length(const Line *line)
{
    const char *c = line->at;
    while (c < line->end && is_letter(*c))
        c++;
    return (size_t)(c - line->at);
}

bool line_word_is(const Line *line, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(line->at, word, length) == 0;
}

bool line_accept_word(Line *line, const char *word)
{
    if (!line_word_is(line, line_word_length(line), word))
        return false;
    line->at += strlen(word);
    return true;
}

bool line_accept_words(Line *line, const char *words)
{
    Line ahead = *line;
    line_skip_blanks(&ahead);
    for (; *words != '\0'; words++) {
        if (*words == ' ') {
            if (line_blank(&ahead) == 0)
                return false;
            line_skip_blanks(&ahead);
        } else if (ahead.at == ahead.end || *ahead.at++ != *words)
            return false;
    }
    if (ahead.at < ahead.end && is_letter(*ahead.at) && is_letter(words[-1]))
        return false;
    *line = ahead;
    return true;
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
    if (line_at_end(line)) {
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

double number_value(const Number *number)
{
    static const double powers[] = {1, 10, 100, 1000, 10000, 100000};
    return number->scaled / powers[number->decimals];
}

bool number_parse(Line *line, Number *ret_number, TextError *ret_error)
{
    Number number = {.at = *line};
    bool point = false;
    uint64_t scaled = 0;
    for (; line->at < line->end; line->at++) {
        const bool range = line->end - line->at > 1 && line->at[1] == '.'; // 1min..3min
        if (*line->at == '.' && !point && !range && line->at > number.at.at) {
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

bool number_parse_whole(Line *line, uint32_t least, uint32_t most, const char *expected,
                        uint32_t *ret_number, TextError *ret_error)
{
    const Line start = *line;
    Number number;
    if (!line_at_digit(line))
        return line_fail(line, expected, ret_error);
    if (!number_parse(line, &number, ret_error))
        return false;
    if (number.decimals > 0 || number.scaled < least || number.scaled > most)
        return line_fail(&start, expected, ret_error);
    *ret_number = number.scaled;
    return true;
}

bool number_parse_tenths(Line *line, uint32_t least, uint32_t most, const char *expected,
                         uint32_t *ret_tenths, TextError *ret_error)
{
    const Line start = *line;
    Number number;
    if (!line_at_digit(line))
        return line_fail(line, expected, ret_error);
    if (!number_parse(line, &number, ret_error))
        return false;
    const uint64_t tenths = number.decimals == 0 ? (uint64_t)number.scaled * 10 : number.scaled;
    if (number.decimals > 1 || tenths < (uint64_t)least * 10 || tenths > most)
        return line_fail(&start, expected, ret_error);
    *ret_tenths = (uint32_t)tenths;
    return true;
}

Lines lines_of(const char *text, size_t length)
{
    Lines lines = {.at = text, .end = length > 0 ? text + length : text};
    if (length >= 3 && memcmp(text, "\ufeff", 3) == 0)
        lines.at += 3;
    return lines;
}

// The next LF is remembered: a text of CRs alone must not be searched to its end for every line.
bool lines_next(Lines *lines, Line *ret_line)
{
    if (lines->at == lines->end)
        return false;
    if (lines->number == 0 || lines->newline < lines->at) {
        const char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
        lines->newline = newline != NULL ? newline : lines->end;
    }
    const char *stop = lines->newline;
    const char *cr = memchr(lines->at, '\r', (size_t)(stop - lines->at));
    if (cr != NULL)
        stop = cr;
    *ret_line = (Line){.start = lines->at, .at = lines->at, .end = stop};
    lines->at = stop;
    if (lines->at < lines->end && *lines->at == '\r')
        lines->at++;
    if (lines->at < lines->end && lines->at == lines->newline)
        lines->at++;
    lines->number++;
    return true;
}

bool line_accept_title(Line *line)
{
    Line ahead = *line;
    line_skip_blanks(&ahead);
    if (!line_accept(&ahead, "Workout") || line_blank(&ahead) == 0)
        return false;
    line_skip_blanks(&ahead);
    if (!line_accept(&ahead, "-") && !line_accept(&ahead, "–") && !line_accept(&ahead, "—"))
        return false;
    if (ahead.at < ahead.end && line_blank(&ahead) == 0)
        return false;
    line_skip_blanks(&ahead);
    *line = ahead;
    return true;
}

size_t line_character(const Line *line)
{
    const uint8_t *u = (const uint8_t *)line->at;
    size_t length = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
    if (length == 0 || u[0] > 0xf4 || (size_t)(line->end - line->at) < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((u[i] & 0xc0) != 0x80)
            return 0;
    bool bad = (u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
               (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f);
    return bad ? 0 : length;
}

// Eight ASCII characters without a NUL at once: nearly all of an article.
static bool is_plain_word(const char *c)
{
    uint64_t word;
    memcpy(&word, c, sizeof word);
    uint64_t zero_or_high = (word - UINT64_C(0x0101010101010101)) | word;
    return (zero_or_high & UINT64_C(0x8080808080808080)) == 0;
}

bool line_check(const Line *line, TextError *ret_error)
{
    Line at = *line;
    while (at.at < at.end) {
        if (at.end - at.at >= 8 && is_plain_word(at.at)) {
            at.at += 8;
            continue;
        }
        const size_t length = line_character(&at);
        if (*at.at == '\0' || length == 0) {
            ret_error->column = line_column(&at);
            snprintf(ret_error->text, sizeof ret_error->text, "%s",
                     length == 0 ? "this is not UTF-8 text" : "a NUL byte: this is not text");
            return false;
        }
        at.at += length;
    }
    return true;
}
