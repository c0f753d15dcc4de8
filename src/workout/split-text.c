// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How far and how long, within a target. What is hard is the range, "88-92s", of which the first
// number is of no unit until the second has been read.

#include "workout/split-text.h"

#include "workout/length.h"

#define MM_PER_KM     INT64_C(1000000)
#define MM_PER_MILE   INT64_C(1609344)
#define MM_HALF       INT64_C(21097500)
#define MM_MARATHON   INT64_C(42195000)
#define RACE_MM_LEAST INT64_C(400000)
#define RACE_MM_MOST  INT64_C(100000000)

bool clock_finish(Line *line, const Number *minutes, uint32_t *ret_seconds, TextError *ret_error)
{
    if (minutes->scaled > 99)
        return line_fail(&minutes->at, "a pace below 100 minutes", ret_error);
    const bool colon = line_accept(line, ":");
    if (!colon && !line_accept_minute_mark(line))
        return line_fail(line, "' after the minutes of the pace", ret_error);
    const Line at_seconds = *line;
    Number seconds;
    if (!line_at_digit(line))
        return line_fail(line, "two digits of seconds", ret_error);
    if (!number_parse(line, &seconds, ret_error))
        return false;
    if (line->at - at_seconds.at != 2 || seconds.scaled > 59)
        return line_fail(&at_seconds, "two digits of seconds, 00 to 59", ret_error);
    const bool marked = line_accept_double_quote(line) ||
                        (line_accept_minute_mark(line) && line_accept_minute_mark(line));
    if (!colon && !marked)
        return line_fail(line, "'' after the seconds of the pace", ret_error);
    if (minutes->scaled + seconds.scaled == 0)
        return line_fail(&minutes->at, "a pace above zero", ret_error);
    *ret_seconds = minutes->scaled * 60 + seconds.scaled;
    return true;
}

// ── distances ──

static const struct {
    const char *name;
    int64_t mm;
} RACES[] = {
    {"half marathon", MM_HALF},
    {"marathon", MM_MARATHON},
    {"mile", MM_PER_MILE},
};

static bool in_race_range(int64_t mm)
{
    return mm >= RACE_MM_LEAST && mm <= RACE_MM_MOST;
}

// Of any length; false where it is none that can be printed.
static bool distance_parse(Line *line, int64_t *ret_mm)
{
    for (size_t i = 0; i < sizeof RACES / sizeof *RACES; i++)
        if (line_accept_words(line, RACES[i].name)) {
            *ret_mm = RACES[i].mm;
            return true;
        }
    Line ahead = *line;
    Number number;
    TextError ignored;
    if (!line_at_digit(&ahead) || !number_parse(&ahead, &number, &ignored) || number.decimals > 3)
        return false;
    line_skip_blanks(&ahead);
    int64_t unit_mm = 0;
    if (line_accept_word(&ahead, "km") || line_accept_word(&ahead, "k") ||
        line_accept_word(&ahead, "K"))
        unit_mm = MM_PER_KM;
    else if (line_accept_word(&ahead, "m"))
        unit_mm = 1000;
    else if (line_accept_word(&ahead, "mi") || line_accept_word(&ahead, "mile"))
        unit_mm = MM_PER_MILE;
    int64_t power = 1;
    for (unsigned i = 0; i < number.decimals; i++)
        power *= 10;
    *ret_mm = (number.scaled * unit_mm + power / 2) / power;
    *line = ahead;
    return true;
}

bool race_distance_parse(Line *line, int64_t *ret_mm)
{
    Line ahead = *line;
    int64_t mm;
    if (!distance_parse(&ahead, &mm) || !in_race_range(mm))
        return false;
    *line = ahead;
    *ret_mm = mm;
    return true;
}

void race_distance_print(Printer *printer, int64_t distance_mm)
{
    for (size_t i = 0; i < sizeof RACES / sizeof *RACES; i++)
        if (distance_mm == RACES[i].mm) {
            print_text(printer, RACES[i].name);
            return;
        }
    if (distance_mm % MM_PER_KM == 0)
        print_number(printer, (uint32_t)(distance_mm / MM_PER_KM), "km");
    else if (distance_mm % 1000 == 0)
        print_number(printer, (uint32_t)(distance_mm / 1000), "m");
    else { // of a mile: thousandths come back as they were written
        uint32_t scaled = (uint32_t)((distance_mm * 1000 + MM_PER_MILE / 2) / MM_PER_MILE);
        unsigned decimals = 3;
        for (; decimals > 0 && scaled % 10 == 0; decimals--)
            scaled /= 10;
        print_scaled(printer, scaled, decimals);
        print_text(printer, "mi");
    }
}

// ── times for a distance ──

#define SPLIT_LONGEST_S  5999
#define SPLIT_SECONDS_TO 120 // from here on minutes and seconds are printed
#define SPLIT_FASTEST    12  // m/s; what lies outside nobody runs or walks
#define SPLIT_SLOWEST_OF 3   // s for a metre

// "90s", "3:10"; `bare`: also "88", where the unit follows with the other time of a range.
static bool split_time_parse(Line *line, bool *bare, uint32_t *ret_seconds, TextError *ret_error)
{
    static const char expected[] = "a time such as 90s or 3:10";
    line_skip_blanks(line);
    const Line at = *line;
    Number number;
    if (!line_at_digit(line))
        return line_fail(line, expected, ret_error);
    if (!number_parse(line, &number, ret_error))
        return false;
    Line ahead = *line;
    if (number.decimals == 0 && (line_accept(&ahead, ":") || line_accept_minute_mark(&ahead))) {
        *bare = false;
        return clock_finish(line, &number, ret_seconds, ret_error);
    }
    line_skip_blanks(&ahead);
    if (*bare && number.decimals == 0 && line_accept_dash(&ahead)) {
        *ret_seconds = number.scaled;
        return true;
    }
    *bare = false;
    WrittenLength written;
    *line = at;
    if (!length_parse(line, &written, ret_error))
        return false;
    *ret_seconds = (uint32_t)(written_duration(&written) / USEC_PER_SEC);
    return written.unit == WRITTEN_TIME || line_fail(&at, expected, ret_error);
}

#define RANGE_EXPECTED "the other time of a range, as 88-92s"

// "92s" behind "88-".
static bool seconds_parse(Line *line, uint32_t *ret_seconds, TextError *ret_error)
{
    if (!number_parse_whole(line, 1, SPLIT_LONGEST_S, RANGE_EXPECTED, ret_seconds, ret_error))
        return false;
    line_skip_blanks(line);
    return line_accept_word(line, "s") || line_fail(line, "s behind the seconds", ret_error);
}

static bool split_point(const Line *at, int64_t distance_mm, uint32_t seconds,
                        TargetPoint *ret_point, TextError *ret_error)
{
    const int64_t ms = seconds * INT64_C(1000);
    if (seconds > SPLIT_LONGEST_S)
        return line_fail(at, "a time below 100 minutes", ret_error);
    if (distance_mm > ms * SPLIT_FASTEST || ms > distance_mm * SPLIT_SLOWEST_OF)
        return line_fail(at, "a time that somebody runs this distance in", ret_error);
    *ret_point = (TargetPoint){.kind = POINT_SPLIT, .number = seconds, .distance_mm = distance_mm};
    return true;
}

bool split_parse(Line *line, int64_t distance_mm, Target *ret_target, TextError *ret_error)
{
    const Line first = (line_skip_blanks(line), *line);
    Target target = {.kind = TARGET_AT};
    uint32_t seconds;
    bool bare = true;
    if (!split_time_parse(line, &bare, &seconds, ret_error))
        return false;
    Line ahead = *line;
    line_skip_blanks(&ahead);
    if (line_accept_dash(&ahead) && (line_skip_blanks(&ahead), line_at_digit(&ahead))) {
        const Line second = ahead;
        uint32_t other;
        *line = ahead;
        target.kind = TARGET_RANGE;
        if (!(bare ? seconds_parse(line, &other, ret_error)
                   : split_time_parse(line, &bare, &other, ret_error)) ||
            !split_point(&second, distance_mm, other, &target.to, ret_error))
            return false;
    } else if (bare)
        return line_fail(&ahead, RANGE_EXPECTED, ret_error);
    if (!split_point(&first, distance_mm, seconds, &target.from, ret_error))
        return false;
    *ret_target = target;
    return true;
}

bool split_point_parse(Line *line, int64_t distance_mm, TargetPoint *ret_point,
                       TextError *ret_error)
{
    const Line at = (line_skip_blanks(line), *line);
    uint32_t seconds;
    bool bare = false;
    return split_time_parse(line, &bare, &seconds, ret_error) &&
           split_point(&at, distance_mm, seconds, ret_point, ret_error);
}

bool split_begin(Line *line, int64_t *ret_mm)
{
    Line ahead = *line;
    line_skip_blanks(&ahead);
    if (!distance_parse(&ahead, ret_mm) || *ret_mm <= 0 || *ret_mm > RACE_MM_MOST ||
        !line_accept_words(&ahead, "in"))
        return false;
    *line = ahead;
    return true;
}

// ── printing ──

static void print_split(Printer *printer, uint32_t seconds, bool plain, const char *unit)
{
    if (plain) {
        print_number(printer, seconds, unit);
        return;
    }
    print_number(printer, seconds / 60, ":");
    print_number(printer, seconds % 60 / 10, "");
    print_number(printer, seconds % 10, "");
}

void split_point_print(Printer *printer, const TargetPoint *point)
{
    race_distance_print(printer, point->distance_mm);
    print_text(printer, " in ");
    print_split(printer, point->number, point->number < SPLIT_SECONDS_TO, "s");
}

void split_print(Printer *printer, const Target *target)
{
    const bool range = target->kind == TARGET_RANGE;
    const bool plain =
        target->from.number < SPLIT_SECONDS_TO && (!range || target->to.number < SPLIT_SECONDS_TO);
    print_split(printer, target->from.number, plain, range ? "" : "s");
    if (!range)
        return;
    print_text(printer, "-");
    print_split(printer, target->to.number, plain, "s");
}
