// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Targets as text. What is hard is the dash, which joins a range and takes an offset away: it is a
// range between two paces, and an offset where a percentage or seconds follow.

#include "workout/target-text.h"

#include "workout/length.h"
#include "workout/split-text.h"

#include <string.h>

#define EXPECTED                                                                                   \
    "a target such as 6'00''/km, T, 5km pace, HR 140-150, RPE 6-7, 180 spm, 250 W or max"

#define MM_PER_KM   INT64_C(1000000)
#define MM_PER_MILE INT64_C(1609344)

// ── points ──

// "/km" or "/mi". False with *ret_unit PACE_NONE and no error when there is no slash.
static bool pace_unit(Line *line, PaceUnit *ret_unit, TextError *ret_error)
{
    *ret_unit = PACE_NONE;
    if (!line_accept(line, "/"))
        return true;
    const Line at = *line;
    if (line_accept_word(line, "km"))
        *ret_unit = PACE_PER_KM;
    else if (line_accept_word(line, "mi"))
        *ret_unit = PACE_PER_MILE;
    else
        return line_fail_unit(&at, "km or mi", ret_error);
    return true;
}

static bool speed_finish(Line *line, const Number *number, TargetPoint *ret_point)
{
    Line ahead = *line;
    line_skip_blanks(&ahead);
    PaceUnit unit;
    if (line_accept(&ahead, "km/h") || line_accept_word(&ahead, "kph"))
        unit = PACE_PER_KM;
    else if (line_accept_word(&ahead, "mph"))
        unit = PACE_PER_MILE;
    else
        return false;
    if (number->decimals > 1 || number->scaled == 0)
        return false;
    *line = ahead;
    *ret_point = (TargetPoint){
        .kind = POINT_SPEED,
        .unit = unit,
        .number = number->decimals == 1 ? number->scaled : number->scaled * 10,
    };
    return true;
}

static bool race_parse_pace(Line *line, TargetPoint *ret_point, TextError *ret_error)
{
    Line ahead = *line;
    TargetPoint point = {.kind = POINT_RACE};
    point.goal = line_accept_words(&ahead, "goal");
    line_skip_blanks(&ahead);
    const Line at = ahead;
    if (!race_distance_parse(&ahead, &point.distance_mm)) {
        if (point.goal)
            return line_fail(&at, "a race from 400m to 100km, such as goal marathon pace",
                             ret_error);
        return false;
    }
    if (!line_accept_words(&ahead, "pace")) {
        if (point.goal)
            return line_fail(&ahead, "\"pace\" after the race", ret_error);
        return false;
    }
    *line = ahead;
    *ret_point = point;
    return true;
}

static const struct {
    const char *word;
    TrainingZone zone;
} ZONES[] = {
    // A zone's letter first.
    {"E", TRAINING_EASY},
    {"M", TRAINING_MARATHON},
    {"T", TRAINING_THRESHOLD},
    {"I", TRAINING_INTERVAL},
    {"R", TRAINING_REPETITION},
    {"easy", TRAINING_EASY},
    {"marathon", TRAINING_MARATHON},
    {"threshold", TRAINING_THRESHOLD},
    {"tempo", TRAINING_THRESHOLD},
    {"interval", TRAINING_INTERVAL},
    {"repetition", TRAINING_REPETITION},
};

static bool zone_parse(Line *line, TargetPoint *ret_point)
{
    for (size_t i = 0; i < sizeof ZONES / sizeof *ZONES; i++) {
        if (!line_accept_words(line, ZONES[i].word))
            continue;
        line_accept_words(line, "pace");
        *ret_point = (TargetPoint){.kind = POINT_ZONE, .zone = ZONES[i].zone};
        return true;
    }
    return false;
}

static bool base_parse(Line *line, bool unit_later, TargetPoint *ret_point, TextError *ret_error)
{
    line_skip_blanks(line);
    ret_error->text[0] = '\0';
    int64_t mm;
    if (split_begin(line, &mm))
        return split_point_parse(line, mm, ret_point, ret_error);
    if (race_parse_pace(line, ret_point, ret_error) || zone_parse(line, ret_point))
        return true;
    if (ret_error->text[0] != '\0')
        return false;
    Number number;
    if (!line_at_digit(line))
        return line_fail(line, EXPECTED, ret_error);
    const Line start = *line;
    if (!number_parse(line, &number, ret_error))
        return false;
    if (speed_finish(line, &number, ret_point))
        return true;
    if (number.decimals > 0)
        return line_fail(&start, EXPECTED, ret_error);
    *ret_point = (TargetPoint){.kind = POINT_PACE};
    if (!clock_finish(line, &number, &ret_point->number, ret_error) ||
        !pace_unit(line, &ret_point->unit, ret_error))
        return false;
    if (ret_point->unit == PACE_NONE && !unit_later)
        return line_fail(line, "/km or /mi", ret_error);
    return true;
}

// "- 5%", "+ 10s/km", "- 12s per 200m". Nothing is consumed where none stands.
static bool offset_parse(Line *line, TargetPoint *point, TextError *ret_error)
{
    Line ahead = *line;
    line_skip_blanks(&ahead);
    const bool minus = line_accept_dash(&ahead);
    if (!minus && !line_accept(&ahead, "+"))
        return true;
    line_skip_blanks(&ahead);
    const Line at = ahead;
    Number number;
    TextError ignored;
    if (!line_at_digit(&ahead) || !number_parse(&ahead, &number, &ignored))
        return minus || line_fail(&at, "an offset such as 5% or 10s/km", ret_error);
    line_skip_blanks(&ahead);
    if (line_accept(&ahead, "%")) {
        const int64_t tenths = number.scaled * (number.decimals == 1 ? INT64_C(1) : INT64_C(10));
        if (number.decimals > 1 || tenths > (minus ? OFFSET_LESS_MOST : OFFSET_MORE_MOST))
            return line_fail(&at, "at most 50% less or 300% more, with one decimal", ret_error);
        point->percent_tenths = (int32_t)(minus ? -tenths : tenths);
        *line = ahead;
        return true;
    }
    if (!line_accept_word(&ahead, "s")) // the dash of a range, or the error of whoever reads on
        return minus || line_fail(&ahead, "% or s", ret_error);
    if (number.decimals > 0 || number.scaled > 600)
        return line_fail(&at, "at most 600 whole seconds", ret_error);
    line_skip_blanks(&ahead);
    if (!line_accept(&ahead, "/") && !line_accept_word(&ahead, "per"))
        return line_fail(&ahead, "/km, /mi or per 200m", ret_error);
    line_skip_blanks(&ahead);
    uint32_t metres;
    if (line_accept_word(&ahead, "km"))
        point->offset_mm = MM_PER_KM;
    else if (line_accept_word(&ahead, "mi") || line_accept_word(&ahead, "mile"))
        point->offset_mm = MM_PER_MILE;
    else if (!number_parse_whole(&ahead, 50, 10000, "km, mi, or 50 to 10000 m", &metres, ret_error))
        return false;
    else if (line_skip_blanks(&ahead), !line_accept_word(&ahead, "m"))
        return line_fail(&ahead, "m", ret_error);
    else
        point->offset_mm = (int64_t)metres * 1000;
    point->offset_s = (int32_t)(minus ? -(int64_t)number.scaled : (int64_t)number.scaled);
    if (point->offset_s == 0)
        point->offset_mm = 0;
    *line = ahead;
    return true;
}

static bool point_parse(Line *line, bool unit_later, TargetPoint *ret_point, TextError *ret_error)
{
    TargetPoint point;
    if (!base_parse(line, unit_later, &point, ret_error))
        return false;
    if (!(point.kind == POINT_PACE && point.unit == PACE_NONE) && point.kind != POINT_SPLIT &&
        !offset_parse(line, &point, ret_error))
        return false;
    *ret_point = point;
    return true;
}

// ── limits ──

// Whole numbers, or (decimals) tenths. "140-150", "< 150", "> 170", "145".
static bool limits_parse(Line *line, bool tenths, uint32_t most, const char *expected,
                         Target *target, TextError *ret_error)
{
    line_skip_blanks(line);
    const bool below = line_accept(line, "<");
    const bool above = !below && line_accept(line, ">");
    line_skip_blanks(line);
    uint32_t low, high;
    bool (*const parse)(Line *, uint32_t, uint32_t, const char *, uint32_t *, TextError *) =
        tenths ? number_parse_tenths : number_parse_whole;
    if (!parse(line, 1, most, expected, &low, ret_error))
        return false;
    high = low;
    Line ahead = *line;
    line_skip_blanks(&ahead);
    if (!below && !above && (line_accept_dash(&ahead) || line_accept(&ahead, ".."))) {
        line_skip_blanks(&ahead);
        if (!parse(&ahead, 1, most, expected, &high, ret_error))
            return false;
        *line = ahead;
    }
    target->low = (uint16_t)(below ? 0 : low < high ? low : high);
    target->high = (uint16_t)(above ? 0 : low < high ? high : low);
    return true;
}

static bool heart_parse(Line *line, Target *target, TextError *ret_error)
{
    target->kind = TARGET_HEART;
    target->scale = HEART_BPM;
    if (line_accept_words(line, "zone") || line_accept_words(line, "zones")) {
        target->scale = HEART_ZONE;
        return limits_parse(line, false, ZONES_MAX, "a zone from 1 to 7", target, ret_error);
    }
    line_skip_blanks(line);
    const Line at = *line;
    if (!limits_parse(line, false, 250, "a heart rate up to 250, or a zone", target, ret_error))
        return false;
    line_skip_blanks(line);
    if (line_accept(line, "%")) {
        target->scale = line_accept_words(line, "of threshold") ? HEART_THRESHOLD : HEART_MAX;
        if (target->scale == HEART_MAX)
            line_accept_words(line, "of max");
        if (target->low > 120 || target->high > 120)
            return line_fail(&at, "at most 120%", ret_error);
        return true;
    }
    line_accept_words(line, "bpm");
    if ((target->low != 0 && target->low < 30) || (target->high != 0 && target->high < 30))
        return line_fail(&at, "a heart rate from 30 to 250, or a percentage", ret_error);
    return true;
}

// "180 spm", "175-185 spm", "250-270 W". Nothing is consumed where none stands.
static bool rate_parse(Line *line, Target *target)
{
    Line ahead = *line;
    TextError ignored;
    Target rate = {0};
    if (!limits_parse(&ahead, false, 2000, "", &rate, &ignored))
        return false;
    if (line_accept_words(&ahead, "spm") || line_accept_words(&ahead, "steps/min"))
        rate.kind = TARGET_CADENCE;
    else if (line_accept_words(&ahead, "W") || line_accept_words(&ahead, "w"))
        rate.kind = TARGET_POWER;
    else
        return false;
    *line = ahead;
    *target = rate;
    return true;
}

// ── targets ──

static bool pair_parse(Line *line, Target *target, TextError *ret_error)
{
    if (line_accept_words(line, "from")) {
        target->kind = TARGET_PROGRESS;
        if (!point_parse(line, false, &target->from, ret_error))
            return false;
        if (!line_accept_words(line, "to"))
            return line_fail(line, "\"to\" and the pace to end with", ret_error);
        return point_parse(line, false, &target->to, ret_error);
    }
    if (line_accept_words(line, "between")) {
        target->kind = TARGET_RANGE;
        if (!point_parse(line, false, &target->from, ret_error))
            return false;
        if (!line_accept_words(line, "and"))
            return line_fail(line, "\"and\" and another pace", ret_error);
        return point_parse(line, false, &target->to, ret_error);
    }
    const Line start = *line;
    int64_t mm;
    if (split_begin(line, &mm)) {
        if (!split_parse(line, mm, target, ret_error))
            return false;
        if (target->kind == TARGET_RANGE || !line_accept_words(line, "building to"))
            return true;
        target->kind = TARGET_BUILD;
        return point_parse(line, false, &target->to, ret_error);
    }
    target->kind = TARGET_AT;
    if (!point_parse(line, true, &target->from, ret_error))
        return false;
    if (line_accept_words(line, "building to")) {
        target->kind = TARGET_BUILD;
        if (!point_parse(line, false, &target->to, ret_error))
            return false;
    } else {
        Line ahead = *line;
        line_skip_blanks(&ahead);
        if (target->from.kind == POINT_PACE &&
            (line_accept_dash(&ahead) || line_accept(&ahead, ".."))) {
            target->kind = TARGET_RANGE;
            *line = ahead;
            if (!point_parse(line, false, &target->to, ret_error))
                return false;
            if (target->to.kind != POINT_PACE)
                return line_fail(&ahead, "another pace", ret_error);
        }
    }
    if (target->from.kind != POINT_PACE || target->from.unit != PACE_NONE)
        return true;
    if (target->kind == TARGET_AT)
        return line_fail(line, "/km or /mi", ret_error);
    if (target->to.kind != POINT_PACE)
        return line_fail(&start, "a pace with /km or /mi", ret_error);
    target->from.unit = target->to.unit; // 5'00''-5'10''/km
    return true;
}

bool target_parse(Line *line, Target *ret_target, TextError *ret_error)
{
    Target target = {0};
    line_skip_blanks(line);
    if (line_accept_words(line, "max") || line_accept_words(line, "all out"))
        target.kind = TARGET_MAXIMAL;
    else if (line_accept_words(line, "HR") || line_accept_words(line, "heart rate")) {
        if (!heart_parse(line, &target, ret_error))
            return false;
    } else if (line_accept_words(line, "RPE")) {
        target.kind = TARGET_EFFORT;
        if (!limits_parse(line, true, 100, "an effort from 1 to 10", &target, ret_error))
            return false;
    } else if (!rate_parse(line, &target) && !pair_parse(line, &target, ret_error))
        return false;
    *ret_target = target;
    return true;
}

// ── printing ──

static void print_pace(Printer *printer, uint32_t seconds)
{
    print_number(printer, seconds / 60, "'");
    print_number(printer, seconds % 60 / 10, "");
    print_number(printer, seconds % 10, "''");
}

static void print_point(Printer *printer, const TargetPoint *point)
{
    const bool miles = point->unit == PACE_PER_MILE;
    switch (point->kind) {
    case POINT_NONE:
        break;
    case POINT_PACE:
        print_pace(printer, point->number);
        print_text(printer, miles ? "/mi" : "/km");
        break;
    case POINT_SPEED:
        print_scaled(printer, point->number, 1);
        print_text(printer, miles ? "mph" : "km/h");
        break;
    case POINT_ZONE:
        print_text(printer, ZONES[point->zone].word);
        break;
    case POINT_RACE:
        print_text(printer, point->goal ? "goal " : "");
        race_distance_print(printer, point->distance_mm);
        print_text(printer, " pace");
        break;
    case POINT_SPLIT:
        split_point_print(printer, point);
        break;
    }
    if (point->percent_tenths != 0) {
        const uint32_t tenths =
            (uint32_t)(point->percent_tenths < 0 ? -point->percent_tenths : point->percent_tenths);
        print_text(printer, point->percent_tenths < 0 ? " - " : " + ");
        print_scaled(printer, tenths % 10 ? tenths : tenths / 10, tenths % 10 ? 1 : 0);
        print_text(printer, "%");
    }
    if (point->offset_s != 0) {
        print_text(printer, point->offset_s < 0 ? " - " : " + ");
        print_number(printer, (uint32_t)(point->offset_s < 0 ? -point->offset_s : point->offset_s),
                     "s");
        if (point->offset_mm == MM_PER_KM)
            print_text(printer, "/km");
        else if (point->offset_mm == MM_PER_MILE)
            print_text(printer, "/mi");
        else {
            print_text(printer, " per ");
            print_number(printer, (uint32_t)(point->offset_mm / 1000), "m");
        }
    }
}

static void print_limit(Printer *printer, uint16_t number, bool tenths)
{
    if (tenths && number % 10 != 0)
        print_scaled(printer, number, 1);
    else
        print_number(printer, tenths ? number / 10U : number, "");
}

static void print_limits(Printer *printer, const Target *target, bool tenths)
{
    if (target->low == 0)
        print_text(printer, "< ");
    else if (target->high == 0)
        print_text(printer, "> ");
    print_limit(printer, target->low != 0 ? target->low : target->high, tenths);
    if (target->low == 0 || target->high == 0 || target->low == target->high)
        return;
    print_text(printer, "-");
    print_limit(printer, target->high, tenths);
}

static void print_pair(Printer *printer, const char *before, const TargetPoint *from,
                       const char *middle, const TargetPoint *to)
{
    print_text(printer, before);
    print_point(printer, from);
    print_text(printer, middle);
    print_point(printer, to);
}

static bool is_plain_pace(const TargetPoint *point)
{
    return point->kind == POINT_PACE && point->percent_tenths == 0 && point->offset_s == 0;
}

static void print_range(Printer *printer, const Target *target)
{
    if (target_is_split(target, target->from.distance_mm)) {
        race_distance_print(printer, target->from.distance_mm);
        print_text(printer, " in ");
        split_print(printer, target);
        return;
    }
    const bool short_form = is_plain_pace(&target->from) && is_plain_pace(&target->to) &&
                            target->from.unit == target->to.unit;
    if (!short_form) {
        print_pair(printer, "between ", &target->from, " and ", &target->to);
        return;
    }
    print_pace(printer, target->from.number);
    print_text(printer, "-");
    print_point(printer, &target->to);
}

void target_print(Printer *printer, const Target *target)
{
    switch (target->kind) {
    case TARGET_NONE:
        break;
    case TARGET_AT:
        print_point(printer, &target->from);
        break;
    case TARGET_RANGE:
        print_range(printer, target);
        break;
    case TARGET_PROGRESS:
        print_pair(printer, "from ", &target->from, " to ", &target->to);
        break;
    case TARGET_BUILD:
        print_pair(printer, "", &target->from, " building to ", &target->to);
        break;
    case TARGET_HEART:
        print_text(printer, target->scale == HEART_ZONE ? "HR zone " : "HR ");
        print_limits(printer, target, false);
        print_text(printer, target->scale == HEART_MAX         ? "%"
                            : target->scale == HEART_THRESHOLD ? "% of threshold"
                                                               : "");
        break;
    case TARGET_EFFORT:
        print_text(printer, "RPE ");
        print_limits(printer, target, true);
        break;
    case TARGET_CADENCE:
        print_limits(printer, target, false);
        print_text(printer, " spm");
        break;
    case TARGET_POWER:
        print_limits(printer, target, false);
        print_text(printer, " W");
        break;
    case TARGET_MAXIMAL:
        print_text(printer, "max");
        break;
    }
}
