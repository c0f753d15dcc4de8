// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What no step is likely to be: too short for its place, a heart or a cadence that nobody has, or
// not this runner. And what only looks like it: strides, drills, a lap of jogging.

#include "workout/lint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan plan;
static TextWarnings warnings;

// "5 short-distance, 7 no-rest", for a runner or, NULL, for nobody.
static const char *told_to(const char *list, const Athlete *athlete)
{
    static char found[512];
    char text[512];
    TextError error;
    size_t ignored;
    const AthleteModel model = athlete != NULL ? athlete_model(athlete) : (AthleteModel){0};
    snprintf(text, sizeof text, "Workout - T\n%s", list);
    cr_assert(lint_article(text, strlen(text), &plan, &warnings, &error), "%s%s", text, error.text);
    if (athlete != NULL)
        plan_resolve(&plan, athlete, &model, false, &ignored);
    lint_plan(&plan, athlete != NULL ? &model : NULL, &warnings);
    found[0] = '\0';
    for (size_t i = 0; i < warnings.count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%u %s", *found ? ", " : "",
                 warnings.items[i].line, warnings.items[i].code);
    return found;
}

typedef struct {
    const char *list, *told;
    const char *says; // in the first warning; may be NULL
} Row;

static void expect_rows(const Row *rows, size_t count, const Athlete *athlete)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = told_to(rows[i].list, athlete);
        cr_expect_str_eq(found, rows[i].told, "%sgives %s", rows[i].list, found);
        if (rows[i].says != NULL && warnings.count > 0)
            cr_expect(strstr(warnings.items[0].text, rows[i].says) != NULL, "%s%s", rows[i].list,
                      warnings.items[0].text);
    }
}

// Of a 22-minute 5 km, with a heart between 50 and 188.
static Athlete racer(void)
{
    Athlete athlete = athlete_unknown();
    athlete.race_count = 1;
    athlete.races[0] = (Race){.distance_m = 5000, .time_s = 1320, .maximal = true};
    athlete.heart_max = 188;
    athlete.heart_rest = 50;
    return athlete;
}

#define KILOMETRES "- 5 lots of:\n- 1.0km @ I\n- 2min rest\n"

Test(lint_limits, metres_that_were_meant_as_minutes_are_doubted)
{
    static const Row rows[] = {
        {"- 60m @ E\n", "2 short-distance", "60min"},
        {"- 90m @ E\n- 90m @ T\n", "2 short-distance", "90min"},
        {"- 15min @ E\n" KILOMETRES "- 100m @ E\n", "6 short-distance", "100min"},
        {"- 60m @ 6'00''/km\n- 5 lots of:\n- 1.0km @ 4'30''/km\n- 2min rest\n- 10min @ "
         "6'00''/km\n",
         "2 short-distance", NULL},
        {"- 60m @ HR 120-130\n" KILOMETRES "- 10min @ E\n", "2 short-distance", NULL},
        {"  - 60m jog\n  - 5 lots of:\n    - 1.0km @ I\n    - 2min rest\n  - 90m jog\n",
         "2 short-distance, 6 short-distance", NULL},
        {"- 15s @ E\n- 4 lots of:\n- 1.0km @ I\n- 2min rest\n- 10s @ E\n",
         "2 short-time, 6 short-time", "15min"},
        {"- 20s run\n", "2 short-time", NULL},
        // However short the rest of it is.
        {"- 60m @ E\n- 12 lots of:\n- 200m @ R\n- 1min rest\n- 90m @ E\n",
         "2 short-distance, 6 short-distance", "60min"},
        {"- 15s @ E\n- 20 lots of:\n- 30s @ R\n- 30s rest\n- 10s @ E\n",
         "2 short-time, 6 short-time", "15min"},
        {"- 15min @ E\n- 5 lots of:\n- 1.0km @ I\n- 90m rest\n- 10min @ E\n", "5 short-distance",
         "90s"},
        {"- 15min @ E\n- 5 lots of:\n- 3min @ I\n- 60m rest\n- 10min @ E\n", "5 short-distance",
         NULL},
    };
    expect_rows(rows, COUNT(rows), NULL);
    const Athlete athlete = racer();
    expect_rows(rows, COUNT(rows), &athlete);
}

Test(lint_limits, strides_and_what_lies_between_them_are_as_short_as_they_are)
{
    static const Row rows[] = {
        {"- 10min @ E\n- 6 lots of:\n- 60m @ max\n- 90m jog\n- 10min @ E\n", "", NULL},
        {"- 10min @ E\n- 6 lots of:\n- 60m @ max\n- 60m rest\n- 10min @ E\n", "", NULL},
        {"- 10min @ E\n- 8 lots of:\n- 150m @ R\n- 100m rest\n- 10min @ E\n", "", NULL},
        {"- 10min @ E\n" KILOMETRES "- 4 lots of:\n- 20s @ R\n- 40s @ E\n", "", NULL},
        {"- 10min @ E\n- 5 lots of:\n- 1.0km @ I\n- 200m jog\n- 10min @ E\n", "", NULL},
        {"- 10min @ E\n- 5 lots of:\n- 1.0km @ I\n- 90m jog\n- 10min @ E\n", "", NULL},
        {"- 10min @ E\n- 100m @ R\n", "", NULL},
        {"- 10min @ E\n- 100m @ R\n- 100m @ E\n- 100m @ R\n- 100m @ E\n", "", NULL},
        {"- 10min @ E\n- 200m @ R\n- 200m jog\n- 200m @ R\n- 200m jog\n", "", NULL},
        {"- 400m @ E\n- 5 lots of:\n- 1.0km @ I\n- 2min rest\n- 400m @ E\n", "", NULL},
        {"- 30s @ E\n- 4 lots of:\n- 1.0km @ I\n- 2min rest\n- 10min @ E\n", "", NULL},
        {"- 30s @ E\n- 2 lots of:\n- 100m @ R\n- 20s rest\n- 15s @ E\n", "", NULL}, // to try
        {"- 100m @ E\n- 8 lots of:\n- 60m @ R\n- 1min rest\n- 100m @ E\n", "", NULL},
        {"- 0.2km @ E\n" KILOMETRES "- 10min @ E\n", "", NULL}, // nobody's minutes
        {"  - 10min @ E\n  - 4 lots of:\n    - 200m @ R\n    - 200m jog\n  - 10min @ E\n  - 100m "
         "walk\n",
         "", NULL},
    };
    expect_rows(rows, COUNT(rows), NULL);
    const Athlete athlete = racer();
    expect_rows(rows, COUNT(rows), &athlete);
}

Test(lint_limits, a_range_of_paces_asks_for_something)
{
    static const Row rows[] = {
        {"- 20min @ 3'00''/km-9'00''/km\n", "2 wide-range", "from 9:00/km to 3:00/km"},
        {"- 20min @ between 5'00''/km and 14'00''/mi\n", "2 wide-range", NULL},
        {"- 400m in 60-100s\n", "2 wide-range", NULL},
        {"- 20min @ 4'00''-6'00''/km\n", "", NULL},
        {"- 20min @ between E and R\n", "", NULL},
        {"- 20min @ 8'00''/km building to 4'00''/km\n", "", NULL},
    };
    expect_rows(rows, COUNT(rows), NULL);
}

Test(lint_limits, a_recovery_ends_and_is_not_over_before_it_began)
{
#define RESTS(rest) "- 10min @ E\n- 5 lots of:\n- 1.0km @ I\n- " rest "\n- 10min @ E\n"
    static const Row known[] = {
        {RESTS("jog until HR < 40"), "5 until-never", "your resting rate is 50"},
        {RESTS("jog until HR < 55"), "5 until-never", NULL},
        {RESTS("jog until HR < 29%"), "5 until-never", NULL},
        {RESTS("rest until HR < 185"), "5 until-at-once", "your maximum is 188"},
        {RESTS("rest until HR < 97%"), "5 until-at-once", NULL},
        {RESTS("jog until HR < 120"), "", NULL},
        {RESTS("jog until HR < 160"), "", NULL},
        {RESTS("jog until HR < 75%"), "", NULL},
        {RESTS("rest until HR < 120 (20min..40min)"), "5 long-rest", NULL},
        {RESTS("rest until HR < 120 (1min..40min)"), "", NULL},
    };
    static const Row nobody[] = {
        {RESTS("jog until HR < 40"), "", NULL},
        {RESTS("jog until HR < 185"), "", NULL},
        {RESTS("jog until HR < 240"), "5 until-at-once", NULL},
        {RESTS("20.0km jog"), "5 long-rest", NULL},
        {RESTS("20min jog"), "5 long-rest", NULL},
        {RESTS("2.0km jog"), "", NULL},
        {"  - 20min jog\n  - 5 lots of:\n    - 1.0km @ I\n    - 2min rest\n  - 5.0km jog\n", "",
         NULL},
    };
    const Athlete athlete = racer();
    expect_rows(known, COUNT(known), &athlete);
    expect_rows(nobody, COUNT(nobody), NULL);
}

Test(lint_limits, a_heart_beats_between_its_rest_and_its_maximum)
{
    static const Row nobody[] = {
        {"- 10min @ E\n- 10min @ HR 250\n", "3 implausible-heart", "nobody"},
        {"- 10min @ E\n- 10min @ HR > 200\n", "", NULL},
        {"- 10min @ E\n- 10min @ HR < 45\n", "", NULL},
        {"- 10min @ E\n- 10min @ HR 105-110%\n", "3 implausible-heart", "more than all"},
        {"- 10min @ E\n- 10min @ HR 90-100%\n", "", NULL},
    };
    static const Row known[] = {
        {"- 10min @ E\n- 10min @ HR > 200\n", "3 implausible-heart", "your maximum is 188"},
        {"- 10min @ E\n- 10min @ HR 195-205\n", "3 implausible-heart", NULL},
        {"- 10min @ HR < 45\n- 10min @ E\n", "2 implausible-heart", "your resting rate is 50"},
        {"- 10min @ E\n- 10min @ HR 180-188\n", "", NULL},
        {"- 10min @ E\n- 10min @ HR > 180\n", "", NULL},
        {"- 10min @ E\n- 10min @ HR zone 5\n- 10min @ HR zone 1\n", "", NULL},
        {"- 10min @ E\n- 10min @ HR < 75%\n", "", NULL},
    };
    const Athlete athlete = racer();
    Athlete old = athlete_unknown();
    old.age = 40; // some 180, and some have 195
    expect_rows(nobody, COUNT(nobody), NULL);
    expect_rows(known, COUNT(known), &athlete);
    cr_expect_str_eq(told_to("- 10min @ E\n- 10min @ HR 190-193\n", &old), "");
    cr_expect_str_eq(told_to("- 10min @ E\n- 10min @ HR 215\n", &old), "3 implausible-heart");
}

Test(lint_limits, a_cadence_counts_both_feet)
{
    static const Row rows[] = {
        {"- 10min @ E\n- 10min @ 90 spm\n", "3 implausible-cadence", "perhaps 180"},
        {"- 10min @ E\n- 10min @ 85-95 spm\n", "3 implausible-cadence", "perhaps 170-190"},
        {"- 10min @ E\n- 10min @ > 90 spm\n", "3 implausible-cadence", "perhaps 180"},
        {"- 10min @ E\n- 10min @ 18 spm\n", "3 implausible-cadence", NULL},
        {"- 10min @ E\n- 10min @ 250 spm\n", "3 implausible-cadence", NULL},
        {"- 10min @ E\n- 10min @ 150 spm\n- 10min @ 175-180 spm\n- 10min @ 200 spm\n", "", NULL},
    };
    expect_rows(rows, COUNT(rows), NULL);
    told_to("- 10min @ E\n- 10min @ 18 spm\n", NULL);
    cr_expect(strstr(warnings.items[0].text, "perhaps") == NULL, "%s", warnings.items[0].text);
}
