// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Reading people's text, line by line. What is hard is what word processors and web pages make of
// plain characters: wide blanks, curled quotes, longer dashes are all read as what they were.

#include "workout/line.h"

#include <stdio.h>
#include <string.h>

#define FOUND_MAX 24 // characters of the text that an error repeats

// Beside U+00A0; all of three bytes.
static const uint16_t WIDE_BLANKS[] = {0x2002, 0x2003, 0x2007, 0x2009, 0x200a,
                                       0x200b, 0x202f, 0x2060, 0xfeff};
static const char *const DASHES[] = {"-", "–", "—", "−", "‑", "‐"};
static const char *const MINUTE_MARKS[] = {"'", "’", "′", "‘", "´", "`"};
static const char *const DOUBLE_QUOTES[] = {"\"", "”", "″", "“", "„"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static size_t line_match(const Line *line, const char *text)
{
    if (line->at == line->end || *line->at != *text)
        return 0; // as nearly always
    size_t length = strlen(text);
    bool fits = (size_t)(line->end - line->at) >= length;
    return fits && memcmp(line->at, text, length) == 0 ? length : 0;
}

static size_t line_match_any(const Line *line, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count && line->at < line->end; i++) {
        size_t length = *texts[i] == *line->at ? line_match(line, texts[i]) : 0;
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
    const uint8_t *u = (const uint8_t *)line->at;
    const size_t left = (size_t)(line->end - line->at);
    if (left == 0)
        return 0;
    if (u[0] < 0x80)
        return u[0] == ' ' || u[0] == '\t';
    if (u[0] == 0xc2)
        return left > 1 && u[1] == 0xa0 ? 2 : 0;
    if ((u[0] & 0xf0) != 0xe0 || left < 3)
        return 0;
    const unsigned code = (u[0] & 0x0fU) << 12 | (u[1] & 0x3fU) << 6 | (u[2] & 0x3fU);
    for (size_t i = 0; i < COUNT(WIDE_BLANKS); i++)
        if (code == WIDE_BLANKS[i])
            return 3;
    return 0;
}

bool line_blank_is_narrow(const Line *line)
{
    const uint8_t *u = (const uint8_t *)line->at;
    return u[0] == 0xef || (u[0] == 0xe2 && (u[2] == 0x8b || u[1] == 0x81));
}

void line_skip_blanks(Line *line)
{
    while (line->at < line->end && *line->at == ' ')
        line->at++;
    const uint8_t next = line->at < line->end ? (uint8_t)*line->at : 0;
    if (next > ' ' && next < 0x80) // mostly, and then it is no wider one
        return;
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
    if (line->at == line->end)
        return true;
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
    if (line->end - line->at > 1 && *line->at == ',' && is_digit(line->at[1]))
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

static const char *find(const Lines *lines, char c)
{
    if (*lines->at == c)
        return lines->at;
    const char *at = memchr(lines->at, c, (size_t)(lines->end - lines->at));
    return at != NULL ? at : lines->end;
}

#define SEPARATOR_BYTES 3

// U+2028 or U+2029, or `stop`.
static const char *find_separator(const char *at, const char *stop)
{
    for (; stop - at >= SEPARATOR_BYTES && (at = memchr(at, 0xe2, (size_t)(stop - at) - 2)); at++)
        if (at[1] == '\x80' && (at[2] == '\xa8' || at[2] == '\xa9'))
            return at;
    return stop;
}

bool lines_end_before(const char *at, const char *text)
{
    return at[-1] == '\n' || at[-1] == '\r' ||
           (at - text >= SEPARATOR_BYTES && find_separator(at - SEPARATOR_BYTES, at) < at);
}

// The next of each is remembered: a text of one of them alone must not be searched to its end for
// every line.
bool lines_next(Lines *lines, Line *ret_line)
{
    if (lines->at == lines->end)
        return false;
    if (lines->number == 0 || lines->newline < lines->at)
        lines->newline = find(lines, '\n');
    if (lines->number == 0 || lines->cr < lines->at)
        lines->cr = find(lines, '\r');
    if (lines->number == 0 || lines->separator < lines->at)
        lines->separator = find_separator(lines->at, lines->end);
    const char *end = lines->cr < lines->newline ? lines->cr : lines->newline;
    const char *stop = lines->separator < end ? lines->separator : end;
    *ret_line = (Line){.start = lines->at, .at = lines->at, .end = stop};
    lines->at = stop < end ? stop + SEPARATOR_BYTES : stop;
    lines->number++;
    if (stop < end)
        return true;
    if (lines->at < lines->end && *lines->at == '\r')
        lines->at++;
    if (lines->at < lines->end && lines->at == lines->newline)
        lines->at++;
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
    if (line->at == line->end)
        return true;
    Line at = *line;
    while (at.at < at.end) {
        if (at.end - at.at >= 8 && is_plain_word(at.at)) {
            at.at += 8;
            continue;
        }
        if ((int8_t)*at.at > 0) {
            at.at++;
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
