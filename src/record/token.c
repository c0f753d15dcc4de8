// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Numbers are written and read digit by digit: no floating point, no locale, and what is read back
// is what was written.

#include "record/token.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_MAX 12 // of seconds, before the point

void token_text(Writer *writer, const char *text)
{
    writer_bytes(writer, (const uint8_t *)text, strlen(text));
}

void token_number(Writer *writer, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    token_text(writer, text);
}

void token_seconds(Writer *writer, Usec span)
{
    char text[40];
    const uint64_t usec = span < 0 ? -(uint64_t)span : (uint64_t)span;
    snprintf(text, sizeof text, "%s%" PRIu64 ".%06u", span < 0 ? "-" : "", usec / USEC_PER_SEC,
             (unsigned)(usec % USEC_PER_SEC));
    token_text(writer, text);
}

void token_word(Writer *writer, const char *word)
{
    token_text(writer, " ");
    token_text(writer, word);
}

void token_millionths(Writer *writer, int64_t millionths)
{
    char text[40];
    const uint64_t size = millionths < 0 ? -(uint64_t)millionths : (uint64_t)millionths;
    int length = snprintf(text, sizeof text, "%s%" PRIu64 ".%06u", millionths < 0 ? "-" : "",
                          size / 1000000, (unsigned)(size % 1000000));
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    text[length] = '\0';
    token_text(writer, text);
}

bool token_blank(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

char *token_next(char **at)
{
    while (token_blank(**at))
        (*at)++;
    char *word = *at;
    while (**at != '\0' && !token_blank(**at))
        (*at)++;
    if (**at != '\0')
        *(*at)++ = '\0';
    return word;
}

bool token_read_number(const char *word, uint64_t most, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (*word == '\0')
        return false;
    for (; *word >= '0' && *word <= '9'; word++) {
        const uint64_t digit = (uint64_t)(*word - '0');
        if (number > (most - digit) / 10)
            return false;
        number = 10 * number + digit;
    }
    *ret_number = number;
    return *word == '\0';
}

bool token_read_seconds(const char *word, Usec *ret_span)
{
    const bool negative = *word == '-';
    word += negative;
    Usec span = 0;
    size_t digits = 0;
    for (; *word >= '0' && *word <= '9' && digits < DIGITS_MAX; digits++)
        span = 10 * span + (*word++ - '0');
    if (digits == 0)
        return false;
    const bool fraction = *word == '.';
    word += fraction;
    for (int decimals = 0; decimals < 6; decimals++)
        span = 10 * span + (fraction && *word >= '0' && *word <= '9' ? *word++ - '0' : 0);
    if (*word != '\0')
        return false;
    *ret_span = negative ? -span : span;
    return true;
}
