// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Numbers of intervals.icu as targets. What is hard is that its numbers are shares of what the site
// knows of the athlete, which the text does not say: each is taken for the nearest that a plan
// resolves against its own runner, and that is said.

#include "workout/icu-value.h"

#include "workout/foreign.h"
#include "workout/icu-length.h"

#define COUNT(array)     (sizeof(array) / sizeof *(array))
#define ONE_LEG_MOST     120 // turns a minute; above it are both legs' steps
#define PACE_SECONDS_MAX 5999
#define ZONES            7
#define VALUE_EXPECTED   "a target such as 90%, 250w, 5:00/km Pace or Z2"

// ── reading ──

static bool at_zone(const Line *line)
{
    return line->at < line->end && (*line->at | 0x20) == 'z';
}

bool icu_at_value(const Line *line)
{
    Line ahead = *line;
    ahead.at += at_zone(&ahead);
    return line_at_digit(&ahead);
}

static IcuUnit accept_unit(Line *line)
{
    static const struct {
        const char *word;
        IcuUnit unit;
    } units[] = {
        {"%", ICU_PERCENT}, {"watts", ICU_WATT}, {"w", ICU_WATT},
        {"rpm", ICU_TURNS}, {"spm", ICU_STEPS},  {"bpm", ICU_BPM},
    };
    for (size_t i = 0; i < COUNT(units); i++)
        if (icu_accept_ahead(line, units[i].word))
            return units[i].unit;
    return ICU_NONE;
}

// "/km" and its kin behind a pace, in metres.
static bool accept_pace_unit(Line *line, double *ret_metres)
{
    static const struct {
        const char *word;
        double metres;
    } units[] = {
        {"/km", METRES_PER_KM}, {"/mi", METRES_PER_MILE}, {"/mile", METRES_PER_MILE},
        {"/100m", 100},         {"/200m", 200},           {"/250m", 250},
        {"/400m", 400},         {"/500m", 500},           {"/100y", 91.44},
    };
    for (size_t i = 0; i < COUNT(units); i++)
        if (icu_accept(line, units[i].word)) {
            *ret_metres = units[i].metres;
            return true;
        }
    return false;
}

// A number, or a pace's minutes and seconds.
static bool accept_number(Line *line, IcuValue *value, double *ret_number, TextError *ret_error)
{
    Number number, seconds;
    const Line start = *line;
    if (!line_at_digit(line))
        return line_fail(line, VALUE_EXPECTED, ret_error);
    if (!number_parse(line, &number, ret_error))
        return false;
    *ret_number = number_value(&number);
    if (number.decimals > 0 || !line_accept(line, ":"))
        return value->unit != ICU_PACE || line_fail(&start, "another pace", ret_error);
    const Line at = *line;
    if (!line_at_digit(line))
        return line_fail(line, "two digits of seconds", ret_error);
    if (!number_parse(line, &seconds, ret_error))
        return false;
    if (line->at - at.at != 2 || seconds.scaled > 59 || number.scaled > 99)
        return line_fail(&at, "two digits of seconds, 00 to 59", ret_error);
    value->unit = ICU_PACE;
    *ret_number = number.scaled * 60.0 + seconds.scaled;
    accept_pace_unit(line, &value->metres);
    return true;
}

static IcuDomain accept_domain(Line *line)
{
    static const struct {
        const char *word;
        IcuDomain domain;
    } domains[] = {
        {"hr", ICU_OF_HEART},  {"lthr", ICU_OF_THRESHOLD_HEART},
        {"pace", ICU_OF_PACE}, {"power", ICU_OF_POWER},
        {"ftp", ICU_OF_POWER}, {"mmp", ICU_OF_OTHER},
    };
    for (size_t i = 0; i < COUNT(domains); i++)
        if (icu_accept_ahead(line, domains[i].word))
            return domains[i].domain;
    return ICU_OF_POWER;
}

// Whether a dash and a further number, or zone, follow: then they are read as far as that.
static bool accept_range(Line *line, bool zone)
{
    Line ahead = *line;
    line_skip_blanks(&ahead);
    if (!line_accept_dash(&ahead))
        return false;
    line_skip_blanks(&ahead);
    ahead.at += zone && at_zone(&ahead);
    if (!line_at_digit(&ahead))
        return false;
    *line = ahead;
    return true;
}

bool icu_value(Line *line, IcuValue *ret_value, TextError *ret_error)
{
    const Line start = *line;
    IcuValue value = {.at = *line};
    if (at_zone(line)) {
        value.unit = ICU_ZONE;
        line->at++;
    }
    if (!accept_number(line, &value, &value.low, ret_error))
        return false;
    if (value.unit == ICU_NONE)
        value.unit = accept_unit(line);
    value.high = value.low;
    value.range = accept_range(line, value.unit == ICU_ZONE);
    if (value.range) {
        if (!accept_number(line, &value, &value.high, ret_error))
            return false;
        const IcuUnit after =
            value.unit == ICU_ZONE || value.unit == ICU_PACE ? value.unit : accept_unit(line);
        if (value.unit != ICU_NONE && after != ICU_NONE && after != value.unit)
            return line_fail(&value.at, "one unit for both", ret_error);
        value.unit = after != ICU_NONE ? after : value.unit;
    }
    value.domain = accept_domain(line);
    Line ahead = *line;
    PlanItem ignored = {0};
    bool odd;
    line_skip_blanks(&ahead);
    if (value.domain == ICU_OF_OTHER && icu_length(&ahead, &ignored, &odd))
        *line = ahead; // "60% MMP 5m": of the best of five minutes
    value.at.end = line->at;
    if (value.unit == ICU_PACE && value.metres == 0)
        return line_fail(&start, "a pace with /km or /mi (the site's setting is not in the text)",
                         ret_error);
    if (value.unit == ICU_NONE && fmax(value.low, value.high) > 0)
        return line_fail(&start, VALUE_EXPECTED, ret_error);
    *ret_value = value;
    return true;
}

bool icu_effort(Line *line, IcuValue *ret_value, TextError *ret_error)
{
    const Line start = *line;
    IcuValue value = {.at = *line, .unit = ICU_EFFORT};
    if (!accept_number(line, &value, &value.low, ret_error))
        return false;
    value.high = value.low;
    if (accept_range(line, false) && !accept_number(line, &value, &value.high, ret_error))
        return false;
    if (value.unit != ICU_EFFORT)
        return line_fail(&start, "an effort from 1 to 10", ret_error);
    value.at.end = line->at;
    *ret_value = value;
    return true;
}

// ── targets ──

static const TargetPoint THRESHOLD = {.kind = POINT_ZONE, .zone = TRAINING_THRESHOLD};

// Shares of the speed at threshold, from the first as it was written to the second.
static bool share_target(double from, double to, bool ramp, Target *target)
{
    target->kind = from == to ? TARGET_AT : ramp ? TARGET_BUILD : TARGET_RANGE;
    return foreign_share(&THRESHOLD, from, &target->from) &&
           (from == to || foreign_share(&THRESHOLD, to, &target->to));
}

static bool pace_target(const IcuValue *value, bool ramp, Target *target)
{
    const double numbers[] = {value->low, value->high};
    TargetPoint *points[] = {&target->from, &target->to};
    for (size_t i = 0; i < (value->range ? 2 : 1); i++) {
        // A mile's pace stays one; any other is one per km.
        const bool mile = value->metres == METRES_PER_MILE;
        const double seconds = mile ? numbers[i] : numbers[i] / value->metres * METRES_PER_KM;
        if (!(seconds >= 1 && seconds <= PACE_SECONDS_MAX))
            return false;
        *points[i] = (TargetPoint){.kind = POINT_PACE,
                                   .unit = mile ? PACE_PER_MILE : PACE_PER_KM,
                                   .number = (uint32_t)lround(seconds)};
    }
    target->kind = !value->range || target->from.number == target->to.number ? TARGET_AT
                   : ramp                                                    ? TARGET_BUILD
                                                                             : TARGET_RANGE;
    if (target->kind == TARGET_AT)
        target->to = (TargetPoint){0};
    return true;
}

// Limits in whole numbers, in their order.
static bool limits_target(TargetKind kind, HeartScale scale, double unit, double most,
                          const IcuValue *value, Target *target)
{
    const double low = round(fmin(value->low, value->high) * unit);
    const double high = round(fmax(value->low, value->high) * unit);
    if (low < 1 || high > most)
        return false;
    *target = (Target){.kind = kind, .scale = scale, .low = (uint16_t)low, .high = (uint16_t)high};
    return true;
}

static bool zone_target(const IcuValue *value, bool ramp, uint32_t number, const Losses *losses,
                        Target *target)
{
    // What the site begins with, in percent of the threshold pace; the ends that have no bound, and
    // efforts, are ours.
    static const double paces[ZONES + 1] = {60, 77.5, 87.7, 94.3, 100, 103.4, 111.5, 125};
    static const double efforts[ZONES + 1] = {0, 2, 3, 4.5, 6.5, 8.5, 9.5, 10};
    const double first = fmin(value->low, value->high), last = fmax(value->low, value->high);
    if (first < 1 || last > ZONES || first != floor(first) || last != floor(last))
        return false;
    const bool falls = value->low > value->high;
    IcuValue by_effort = {.low = efforts[(size_t)first], .high = efforts[(size_t)last]};
    switch (value->domain) {
    case ICU_OF_HEART:
    case ICU_OF_THRESHOLD_HEART:
        return limits_target(TARGET_HEART, HEART_ZONE, 1, ZONES, value, target);
    case ICU_OF_PACE:
        losses_say(losses, number,
                   "the athlete's pace zones are not in the text: those that intervals.icu begins "
                   "with are taken");
        return share_target(paces[(size_t)(falls ? last : first - 1)] / 100,
                            paces[(size_t)(falls ? first - 1 : last)] / 100, ramp, target);
    case ICU_OF_POWER:
        losses_say(losses, number,
                   "a zone of power, and no threshold power is in the text: an effort instead");
        return limits_target(TARGET_EFFORT, HEART_BPM, 10, 100, &by_effort, target);
    case ICU_OF_OTHER:
        return false;
    }
    return false;
}

static bool percent_target(const IcuValue *value, bool ramp, uint32_t number, const Losses *losses,
                           Target *target)
{
    switch (value->domain) {
    case ICU_OF_HEART:
        return limits_target(TARGET_HEART, HEART_MAX, 1, 120, value, target);
    case ICU_OF_THRESHOLD_HEART:
        return limits_target(TARGET_HEART, HEART_THRESHOLD, 1, 120, value, target);
    case ICU_OF_POWER:
        if (!share_target(value->low / 100, value->high / 100, ramp, target))
            return false;
        losses_say(losses, number,
                   "a share of a threshold power, which is not in the text: taken as that share of "
                   "the speed at threshold");
        return true;
    case ICU_OF_PACE:
        return share_target(value->low / 100, value->high / 100, ramp, target);
    case ICU_OF_OTHER:
        return false;
    }
    return false;
}

bool icu_target(const IcuValue *value, bool ramp, uint32_t number, const Losses *losses,
                Target *ret_target)
{
    Target target = {0};
    bool known = false;
    switch (value->unit) {
    case ICU_PERCENT:
        known = percent_target(value, ramp, number, losses, &target);
        break;
    case ICU_ZONE:
        known = zone_target(value, ramp, number, losses, &target);
        break;
    case ICU_PACE:
        known = pace_target(value, ramp, &target);
        break;
    case ICU_WATT:
        known = limits_target(TARGET_POWER, HEART_BPM, 1, 2000, value, &target);
        break;
    case ICU_BPM:
        known = fmin(value->low, value->high) >= 30 &&
                limits_target(TARGET_HEART, HEART_BPM, 1, 250, value, &target);
        break;
    case ICU_EFFORT:
        known = limits_target(TARGET_EFFORT, HEART_BPM, 10, 100, value, &target);
        break;
    case ICU_TURNS:
        known = limits_target(TARGET_CADENCE, HEART_BPM,
                              fmax(value->low, value->high) < ONE_LEG_MOST ? 2 : 1, 2000, value,
                              &target);
        break;
    case ICU_STEPS:
        known = limits_target(TARGET_CADENCE, HEART_BPM, 1, 2000, value, &target);
        break;
    case ICU_NONE:
        break;
    }
    if (!known)
        return false;
    if (ramp && value->range && target.kind != TARGET_BUILD)
        losses_say(losses, number, "only a pace can build: the ramp becomes a range");
    *ret_target = target;
    return true;
}
