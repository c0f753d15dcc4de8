// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is what people mean by "1:30" and "5000": two parts are always minutes and seconds,
// a number without a unit is always asked about, and where a guess would have helped the refusal
// says how to write it.

#include "athlete/race.h"

#include "athlete/vdot.h"

#include <stdio.h>
#include <string.h>

#define RACE_METRES_MIN 800.0
#define RACE_METRES_MAX 100000.0
#define VDOT_LEAST      15.0
#define VDOT_MOST       90.0
#define SAME_METRES     0.5
#define PARTS_MAX       3 // h, min, s
#define DIGITS_MAX      9

// ── names ──

static bool is_multiple(double distance_m, double unit_m)
{
    double count = round(distance_m / unit_m);
    return count >= 1 && fabs(distance_m - count * unit_m) < SAME_METRES;
}

const char *race_name(double distance_m, char ret_name[RACE_NAME_MAX])
{
    double miles = round(distance_m / METRES_PER_MILE);
    if (fabs(distance_m - METRES_HALF) < SAME_METRES)
        snprintf(ret_name, RACE_NAME_MAX, "half marathon");
    else if (fabs(distance_m - METRES_MARATHON) < SAME_METRES)
        snprintf(ret_name, RACE_NAME_MAX, "marathon");
    else if (is_multiple(distance_m, METRES_PER_KM))
        snprintf(ret_name, RACE_NAME_MAX, "%.0f km", round(distance_m / METRES_PER_KM));
    else if (is_multiple(distance_m, METRES_PER_MILE) && miles == 1)
        snprintf(ret_name, RACE_NAME_MAX, "mile");
    else if (is_multiple(distance_m, METRES_PER_MILE))
        snprintf(ret_name, RACE_NAME_MAX, "%.0f miles", miles);
    else
        snprintf(ret_name, RACE_NAME_MAX, "%.7g m", distance_m);
    return ret_name;
}

const char *race_time_text(double time_s, char ret_text[RACE_TIME_MAX])
{
    const unsigned tenths = (unsigned)lround(time_s * 10), whole = tenths / 10;
    const unsigned h = whole / 3600, min = whole / 60 % 60, s = whole % 60;
    int used = h > 0 ? snprintf(ret_text, RACE_TIME_MAX, "%u:%02u:%02u", h, min, s)
                     : snprintf(ret_text, RACE_TIME_MAX, "%u:%02u", min, s);
    if (tenths % 10 > 0)
        snprintf(ret_text + used, RACE_TIME_MAX - (size_t)used, ".%u", tenths % 10);
    return ret_text;
}

// ── what can be ──

bool race_check(const Race *race, char *ret_why)
{
    char name[RACE_NAME_MAX], time[RACE_TIME_MAX], hours[RACE_TIME_MAX];
    if (!(race->distance_m >= RACE_METRES_MIN && race->distance_m <= RACE_METRES_MAX)) {
        snprintf(ret_why, WHY_MAX, "a race is %.0f m to %.0f km long", RACE_METRES_MIN,
                 RACE_METRES_MAX / METRES_PER_KM);
        return false;
    }
    race_name(race->distance_m, name);
    if (race->day < 0) {
        snprintf(ret_why, WHY_MAX, "%s: its day is before the first", name);
        return false;
    }
    if (!(race->time_s > 0 && race->time_s <= RACE_TIME_MOST)) {
        snprintf(ret_why, WHY_MAX, "%s: a race takes more than no time and less than a day", name);
        return false;
    }
    race_time_text(race->time_s, time);
    double vdot = vdot_formula(race->distance_m, race->time_s);
    double in_hours = vdot_formula(race->distance_m, race->time_s * 60);
    if (vdot >= VDOT_LEAST && vdot <= VDOT_MOST)
        return true;
    if (vdot < VDOT_LEAST)
        snprintf(ret_why, WHY_MAX, "%s in %s is walking, of which nothing follows for a run", name,
                 time);
    else if (in_hours >= VDOT_LEAST && in_hours <= VDOT_MOST)
        snprintf(ret_why, WHY_MAX,
                 "%s in %s is faster than anybody has run; %s is minutes and seconds: hours are "
                 "written %s",
                 name, time, time, race_time_text(race->time_s * 60, hours));
    else
        snprintf(ret_why, WHY_MAX,
                 "%s in %s is faster than anybody has run (VDOT %.0f; world records are below 88)",
                 name, time, vdot);
    return false;
}

bool race_pair_check(const Race *one, const Race *other, char *ret_why)
{
    const Race *near = one->distance_m < other->distance_m ? one : other;
    const Race *far = near == one ? other : one;
    char near_name[RACE_NAME_MAX], far_name[RACE_NAME_MAX];
    char near_time[RACE_TIME_MAX], far_time[RACE_TIME_MAX];
    if (far->distance_m - near->distance_m < SAME_METRES)
        return true;
    bool sooner = far->time_s <= near->time_s;
    bool faster = near->maximal && far->maximal &&
                  far->distance_m * near->time_s > near->distance_m * far->time_s;
    if (!sooner && !faster)
        return true;
    snprintf(ret_why, WHY_MAX,
             "the longer race is the faster one: %s in %s and %s in %s cannot both be one runner's "
             "best; leave out the one that is not",
             race_name(near->distance_m, near_name), race_time_text(near->time_s, near_time),
             race_name(far->distance_m, far_name), race_time_text(far->time_s, far_time));
    return false;
}

double riegel_time(double distance_m, double time_s, double other_m, double exponent)
{
    return time_s * pow(other_m / distance_m, exponent);
}

double riegel_exponent(const Race *one, const Race *other)
{
    if (fabs(one->distance_m - other->distance_m) < SAME_METRES)
        return NAN;
    return log(other->time_s / one->time_s) / log(other->distance_m / one->distance_m);
}

// ── reading ──

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

static const char *skip_blanks(const char *at)
{
    // A no-break space (U+00A0) is what a copied table has between a number and its unit.
    for (;;) {
        if (*at == ' ' || *at == '\t')
            at++;
        else if (strncmp(at, "\xc2\xa0", 2) == 0)
            at += 2;
        else
            return at;
    }
}

// "12", "12.5", "12,5". False when there is none, or more digits than a race can need.
static bool read_number(const char **at, double *ret_number, bool *ret_whole)
{
    double number = 0, scale = 1;
    size_t digits = 0;
    const char *from = *at;
    for (; is_digit(*from) && digits <= DIGITS_MAX; digits++)
        number = 10 * number + (*from++ - '0');
    *ret_whole = true;
    if (digits > 0 && (*from == '.' || *from == ',') && is_digit(from[1])) {
        *ret_whole = false;
        for (from++; is_digit(*from) && digits <= DIGITS_MAX; digits++) {
            scale *= 10;
            number = 10 * number + (*from++ - '0');
        }
    }
    if (digits == 0 || digits > DIGITS_MAX)
        return false;
    *ret_number = number / scale;
    *at = from;
    return true;
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

// Whether `word` stands at *at, in either case; then goes past it. Not within a longer word.
static bool take_word(const char **at, const char *word)
{
    const char *from = *at;
    for (; *word != '\0'; word++, from++)
        if (lower(*from) != *word)
            return false;
    char next = lower(*from);
    if (next >= 'a' && next <= 'z')
        return false;
    *at = from;
    return true;
}

typedef struct {
    const char *word;
    double value;
} Word;

// The value of the first word that stands here; 0 when none does.
static double take_one(const char **at, const Word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (take_word(at, words[i].word))
            return words[i].value;
    return 0;
}

#define TAKE_ONE(at, words) take_one(at, words, sizeof(words) / sizeof *(words))

static const Word lengths[] = {
    {"half marathon", METRES_HALF},
    {"half-marathon", METRES_HALF},
    {"halfmarathon", METRES_HALF},
    {"half", METRES_HALF},
    {"hm", METRES_HALF},
    {"marathon", METRES_MARATHON},
    {"mile", METRES_PER_MILE},
};

static const Word units[] = {
    {"km", METRES_PER_KM},
    {"kms", METRES_PER_KM},
    {"k", METRES_PER_KM},
    {"mi", METRES_PER_MILE},
    {"miles", METRES_PER_MILE},
    {"mile", METRES_PER_MILE},
    {"metres", 1},
    {"meters", 1},
    {"m", 1},
};

static bool read_distance(const char **at, double *ret_metres, char *ret_why)
{
    double number;
    bool whole;
    *at = skip_blanks(*at);
    *ret_metres = TAKE_ONE(at, lengths);
    if (*ret_metres > 0)
        return true;
    if (!read_number(at, &number, &whole)) {
        snprintf(ret_why, WHY_MAX,
                 "expected a distance such as 5km, 1500m, mile, half or marathon");
        return false;
    }
    *at = skip_blanks(*at);
    double unit = TAKE_ONE(at, units);
    if (unit == 0)
        snprintf(ret_why, WHY_MAX, "%.9g what? a distance is written 5km, 5000m or 3.1mi", number);
    *ret_metres = number * unit;
    return unit > 0;
}

typedef enum {
    MARK_NONE,
    MARK_COLON,
    MARK_H,
    MARK_MIN,
    MARK_S,
} Mark;

static const struct {
    const char *text;
    Mark mark;
} marks[] = {
    // The longer first: two primes are seconds.
    {":", MARK_COLON},
    {"''", MARK_S},
    {"\"", MARK_S},
    {"\xe2\x80\x9d", MARK_S},
    {"\xe2\x80\xb3", MARK_S},
    {"\xe2\x80\x99\xe2\x80\x99", MARK_S},
    {"'", MARK_MIN},
    {"\xe2\x80\x99", MARK_MIN},
    {"\xe2\x80\xb2", MARK_MIN},
    {"hours", MARK_H},
    {"h", MARK_H},
    {"min", MARK_MIN},
    {"m", MARK_MIN},
    {"sec", MARK_S},
    {"s", MARK_S},
};

static Mark take_mark(const char **at)
{
    *at = skip_blanks(*at);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t length = strlen(marks[i].text);
        if (strncmp(*at, marks[i].text, length) != 0)
            continue;
        *at += length;
        return marks[i].mark;
    }
    return MARK_NONE;
}

// Numbers, each with the mark behind it.
typedef struct {
    size_t count;
    double value[PARTS_MAX];
    bool whole[PARTS_MAX];
    Mark mark[PARTS_MAX];
} Parts;

static bool read_parts(const char **at, Parts *ret_parts)
{
    *ret_parts = (Parts){0};
    while (*(*at = skip_blanks(*at)) != '\0') {
        size_t i = ret_parts->count++;
        if (i == PARTS_MAX || !read_number(at, &ret_parts->value[i], &ret_parts->whole[i]))
            return false;
        ret_parts->mark[i] = take_mark(at);
    }
    return ret_parts->count > 0;
}

// mm:ss or h:mm:ss.
static bool sum_colons(const Parts *parts, double *ret_s)
{
    double sum = 0;
    if (parts->count < 2)
        return false;
    for (size_t i = 0; i < parts->count; i++) {
        bool last = i + 1 == parts->count;
        if (parts->mark[i] != (last ? MARK_NONE : MARK_COLON) || (!last && !parts->whole[i]) ||
            (i > 0 && parts->value[i] >= 60))
            return false;
        sum = 60 * sum + parts->value[i];
    }
    *ret_s = sum;
    return true;
}

// Each part with its unit, the larger first; the last may leave it out: 3h05, 18'30.
static bool sum_units(const Parts *parts, double *ret_s)
{
    static const double seconds[] = {[MARK_H] = 3600, [MARK_MIN] = 60, [MARK_S] = 1};
    Mark before = MARK_COLON;
    double sum = 0;
    for (size_t i = 0; i < parts->count; i++) {
        bool last = i + 1 == parts->count;
        Mark mark = parts->mark[i];
        if (mark == MARK_NONE && last && (before == MARK_H || before == MARK_MIN))
            mark = (Mark)(before + 1);
        if (mark <= before || (!last && !parts->whole[i]) || (i > 0 && parts->value[i] >= 60))
            return false;
        sum += parts->value[i] * seconds[mark];
        before = mark;
    }
    *ret_s = sum;
    return true;
}

static bool read_time(const char *at, double *ret_s)
{
    Parts parts;
    return read_parts(&at, &parts) && (sum_colons(&parts, ret_s) || sum_units(&parts, ret_s));
}

bool race_parse_time(const char *text, double *ret_s)
{
    double s;
    if (!read_time(text, &s))
        return false;
    *ret_s = s;
    return true;
}

bool race_parse(const char *text, Race *ret_race, char *ret_why)
{
    Race race = {.maximal = true};
    const char *at = text;
    if (!read_distance(&at, &race.distance_m, ret_why))
        return false;
    at = skip_blanks(at);
    if (*at != '=') {
        snprintf(ret_why, WHY_MAX, "expected “=” behind the distance, as in 5km=20:00");
        return false;
    }
    if (!read_time(at + 1, &race.time_s)) {
        snprintf(ret_why, WHY_MAX,
                 "expected a time such as 20:00, 1:30:00, 18'30'' or 3h05 behind the “=”");
        return false;
    }
    *ret_race = race;
    return true;
}
