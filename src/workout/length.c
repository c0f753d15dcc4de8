// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Lengths as text. What is hard is to refuse: a unit that looks like a slip is named in the error,
// but never taken for what was probably meant.

#include "workout/length.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array)    (sizeof(array) / sizeof *(array))
#define DISTANCE_MAX_MM (INT64_C(1000) * 1000 * 1000)

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

bool line_fail_unit(const Line *line, const char *units, TextError *ret_error)
{
    char lower[12] = "";
    char expected[80];
    const size_t length = line_word_length(line);
    for (size_t i = 0; i < length && length < sizeof lower; i++)
        lower[i] = (char)(line->at[i] | 0x20);
    for (size_t slip = 0; slip < COUNT(SLIPS); slip++) {
        if (strcmp(lower, SLIPS[slip].written) != 0)
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
    for (size_t unit = 0; unit < COUNT(UNITS); unit++) {
        if (!line_accept_word(line, UNITS[unit]))
            continue;
        *ret_unit = (Unit)unit;
        return true;
    }
    return line_fail_unit(line, "h, min, s, m, km or mi", ret_error);
}

// The number and unit of a distance: metres are whole, the others may have decimals.
static bool distance_finish(const Number *number, Unit unit, WrittenLength *ret_length,
                            TextError *ret_error)
{
    if (unit == UNIT_M && number->decimals > 0)
        return line_fail(&number->at, "whole metres", ret_error);
    const WrittenLength length = {
        .unit = unit == UNIT_MI   ? WRITTEN_MILES
                : unit == UNIT_KM ? WRITTEN_KM
                                  : WRITTEN_METRES,
        .decimals = number->decimals,
        .scaled = number->scaled,
    };
    if (written_distance_mm(&length) > DISTANCE_MAX_MM)
        return line_fail(&number->at, "at most 1000km", ret_error);
    *ret_length = length;
    return true;
}

// The further parts of a duration after its first number and unit.
static bool duration_finish(Line *line, Number number, Unit unit, WrittenLength *ret_length,
                            TextError *ret_error)
{
    const Line start = number.at;
    WrittenLength length = {.unit = WRITTEN_TIME};
    uint32_t *parts[] = {&length.h, &length.min, &length.s};
    for (;;) {
        if (unit > UNIT_S || length.parts >> unit != 0)
            return line_fail(&number.at, "hours, minutes, seconds in this order", ret_error);
        if (number.decimals > 0)
            return line_fail(&number.at, "a whole number (1min 30s, not 1.5min)", ret_error);
        *parts[unit] = number.scaled;
        length.parts |= (uint8_t)(1U << unit);
        Line ahead = *line;
        line_skip_blanks(&ahead);
        if (!line_at_digit(&ahead))
            break;
        *line = ahead;
        if (!number_parse(line, &number, ret_error) || !unit_parse(line, &unit, ret_error))
            return false;
    }
    if (written_duration(&length) > PLAN_TIME_MAX)
        return line_fail(&start, "at most 24 hours", ret_error);
    *ret_length = length;
    return true;
}

bool length_parse(Line *line, WrittenLength *ret_length, TextError *ret_error)
{
    Number number;
    Unit unit;
    line_skip_blanks(line);
    if (!line_at_digit(line))
        return line_fail(line, "a length such as 10min or 400m", ret_error);
    if (!number_parse(line, &number, ret_error) || !unit_parse(line, &unit, ret_error))
        return false;
    return unit <= UNIT_S ? duration_finish(line, number, unit, ret_length, ret_error)
                          : distance_finish(&number, unit, ret_length, ret_error);
}

static void print_duration(Printer *printer, const WrittenLength *length)
{
    const uint32_t parts[] = {length->h, length->min, length->s};
    const char *separator = "";
    for (unsigned i = 0; i < COUNT(parts); i++) {
        if ((length->parts >> i & 1) == 0)
            continue;
        print_text(printer, separator);
        print_number(printer, parts[i], UNITS[i]);
        separator = " ";
    }
}

void length_print(Printer *printer, const WrittenLength *length)
{
    switch (length->unit) {
    case WRITTEN_TIME:
        print_duration(printer, length);
        break;
    case WRITTEN_METRES:
        print_number(printer, length->scaled, "m");
        break;
    case WRITTEN_KM:
    case WRITTEN_MILES:
        print_scaled(printer, length->scaled, length->decimals);
        print_text(printer, length->unit == WRITTEN_KM ? "km" : "mi");
        break;
    case WRITTEN_OPEN:
        print_text(printer, "open");
        break;
    case WRITTEN_RUNG:
        print_text(printer, "rung");
        break;
    case WRITTEN_EQUAL_TIME:
        print_text(printer, "equal time");
        break;
    case WRITTEN_EQUAL_DISTANCE:
        print_text(printer, "equal distance");
        break;
    case WRITTEN_UNTIL: // its item has more to say than a length (item.c)
        break;
    }
}
