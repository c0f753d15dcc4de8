// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A sex, then pairs of a name and a number, then the races: each word says what follows it, so that
// what a version does not know is refused and not misread.

#include "record/athlete-line.h"

#include "record/token.h"

#include <string.h>

static const char race_word[] = "race", eased_word[] = "eased", day_word[] = "day",
                  goal_word[] = "goal";

static int64_t millionths(double value)
{
    return llround(value * 1e6);
}

static void write_number(Writer *writer, double value)
{
    token_text(writer, " ");
    token_millionths(writer, millionths(value));
}

static void write_way(Writer *writer, const char *word, const Race *race)
{
    token_word(writer, word);
    write_number(writer, race->distance_m);
    write_number(writer, race->time_s);
}

void athlete_line_write(Writer *writer, const Athlete *athlete)
{
    token_word(writer, sex_name(athlete->sex));
    for (size_t i = 0; i < ATHLETE_FIELDS; i++) {
        double value = athlete_get(athlete, i);
        if (isnan(value))
            continue;
        token_word(writer, athlete_fields[i].name);
        write_number(writer, value);
    }
    for (size_t i = 0; i < athlete->race_count; i++) {
        const Race *race = &athlete->races[i];
        write_way(writer, race_word, race);
        if (!race->maximal)
            token_word(writer, eased_word);
        if (race->day != 0) {
            token_word(writer, day_word);
            token_text(writer, " ");
            token_number(writer, (uint64_t)race->day);
        }
    }
    for (size_t i = 0; i < athlete->goal_count; i++)
        write_way(writer, goal_word, &athlete->goals[i]);
}

static bool read_value(char **at, double *ret_value)
{
    Usec value; // a number with six decimals, like any instant
    if (!token_read_seconds(token_next(at), &value))
        return false;
    *ret_value = (double)value / 1e6;
    return true;
}

static bool read_sex(const char *word, Sex *ret_sex)
{
    for (Sex sex = SEX_UNKNOWN; sex <= SEX_MALE; sex++)
        if (strcmp(word, sex_name(sex)) == 0) {
            *ret_sex = sex;
            return true;
        }
    return false;
}

// Into the next place of a list.
static bool read_way(char **at, Race *list, size_t *count, size_t most)
{
    if (*count == most)
        return false;
    Race *race = &list[(*count)++];
    *race = (Race){.maximal = true};
    return read_value(at, &race->distance_m) && read_value(at, &race->time_s);
}

// One thing that is said: a number, a race, a goal, or a word about the latest race.
static bool read_one(const char *word, char **at, Athlete *athlete)
{
    Race *latest = athlete->race_count > 0 ? &athlete->races[athlete->race_count - 1] : NULL;
    size_t field;
    if (strcmp(word, race_word) == 0)
        return read_way(at, athlete->races, &athlete->race_count, RACES_MAX);
    if (strcmp(word, goal_word) == 0)
        return read_way(at, athlete->goals, &athlete->goal_count, GOALS_MAX);
    if (latest && strcmp(word, eased_word) == 0) {
        latest->maximal = false;
        return true;
    }
    if (latest && strcmp(word, day_word) == 0) {
        uint64_t day;
        bool good = token_read_number(token_next(at), INT32_MAX, &day);
        latest->day = good ? (int32_t)day : 0;
        return good;
    }
    double value;
    if (!athlete_field_find(word, &field) || !read_value(at, &value))
        return false;
    athlete_set(athlete, field, value);
    return true;
}

const char *athlete_line_read(char *at, Athlete *ret_athlete)
{
    static const char why[] =
        "an athlete is: athlete unknown|female|male, then any of NAME NUMBER, "
        "race METRES SECONDS [eased] [day DAY] and goal METRES SECONDS";
    Athlete athlete = athlete_unknown();
    char cannot_be[WHY_MAX];
    if (!read_sex(token_next(&at), &athlete.sex))
        return why;
    for (const char *word; *(word = token_next(&at)) != '\0';)
        if (!read_one(word, &at, &athlete))
            return why;
    if (!athlete_check(&athlete, cannot_be))
        return "no runner can be so: a number of the athlete's is out of its range, or two "
               "contradict each other";
    *ret_athlete = athlete;
    return NULL;
}
