// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A plan against its runner: one of a 20-minute 5 km (VDOT 49.8), who races 1 km at 3:28, 10 km at
// 4:09 and runs easily at 5:19/km, by Daniels' tables.

#include "workout/lint-personal.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan plan, taken;
static TextWarnings warnings;

static Athlete racer(void)
{
    Athlete athlete = athlete_unknown();
    athlete.race_count = 1;
    athlete.races[0] = (Race){.distance_m = 5000, .time_s = 1200, .maximal = true};
    return athlete;
}

// Every warning as "line code", one after the other.
static const char *warned(const char *items, const Athlete *athlete, const RunnerHistory *history,
                          bool by_effort)
{
    static char text[8 * 1024], found[1024];
    const AthleteModel model = athlete_model(athlete);
    TextError error;
    size_t ignored;
    snprintf(text, sizeof text, "Workout - T\n%s", items);
    cr_assert(text_parse(text, strlen(text), &plan, NULL, &error), "%s\n%u:%u: %s", text,
              error.line, error.column, error.text);
    plan_resolve(&plan, athlete, &model, by_effort, &ignored);
    warnings.count = 0;
    taken = plan;
    const Gist gist = gist_of_plan(&taken, athlete, &model);
    lint_personal(&plan, &gist, athlete, &model, history, &warnings);
    found[0] = '\0';
    for (size_t i = 0; i < warnings.count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%u %s", *found ? ", " : "",
                 warnings.items[i].line, warnings.items[i].code);
    return found;
}

Test(lint_personal, paces_are_held_to_what_the_runner_races)
{
    static const struct {
        const char *items, *warnings;
    } table[] = {
        // The way at one go: 15 % faster than its race is too fast.
        {"- 5 lots of:\n- 1km @ 2'55''/km\n- 3min rest\n", "3 faster-than-race"},
        {"- 5 lots of:\n- 1km @ 3'05''/km\n- 3min rest\n", "3 too-much-at-pace"},
        {"- 5 lots of:\n- 1km @ 3'55''/km\n- 2min rest\n", ""},
        {"- 5km @ 3'25''/km\n", "2 faster-than-race"},
        {"- 5km @ 3'35''/km\n", "2 too-much-at-pace"},
        {"- 5km @ 3'52''/km\n", ""},
        {"- 20min @ 3'25''/km\n", "2 faster-than-race"},
        // Without a rest they are one.
        {"- 5 lots of:\n- 1km @ 3'25''/km\n- 5min @ 6'00''/km\n- 1min rest\n",
         "3 too-much-at-pace"},
        {"  - 5 lots of:\n    - 1km @ 3'25''/km\n  - 1min rest\n", "3 faster-than-race"},
        {"- 2km @ 5'00''/km\n- 2km @ 4'00''/km\n- 5km @ 3'25''/km\n", "4 faster-than-race"},
        // Together too much of what a race is run at.
        {"- 10 lots of:\n- 1km @ 3'28''/km\n- 2min rest\n", "3 too-much-at-pace"},
        {"- 6 lots of:\n- 1km @ 3'58''/km\n- 2min rest\n", ""},
        {"- 20 lots of:\n- 1km @ 3'58''/km\n- 2min rest\n", "3 too-much-at-pace"},
        {"- 12 lots of:\n- 400m @ 3'38''/km\n- 2min rest\n", ""},
        {"- 10 lots of:\n- 200m @ 3'15''/km\n- 2min rest\n", ""},
        {"- 42km @ 4'31''/km\n", ""},
        // Sprints are not run on oxygen.
        {"- 6 lots of:\n- 20s @ 2'40''/km\n- 1min rest\n", ""},
        {"- 4 lots of:\n- 100m @ 2'30''/km\n- 1min rest\n", ""},
        // A repetition that is none.
        {"- 5 lots of:\n- 1km @ 9'00''/km\n- 2min rest\n", "3 slower-than-easy"},
        {"- 5 lots of:\n- 1km @ 4'00''/km\n- 400m @ 10'00''/km\n- 10s rest\n", ""},
        {"- 30min @ 9'00''/km\n", ""},
        // His own paces are his own.
        {"  - 15min @ E\n  - 5 lots of:\n    - 1km @ I\n    - 3min jog\n  - 6 lots of:\n    - 200m "
         "@ R\n"
         "    - 200m jog\n  - 20min @ T\n",
         ""},
    };
    const Athlete athlete = racer(), unknown = athlete_unknown();
    for (size_t i = 0; i < COUNT(table); i++) {
        const char *found = warned(table[i].items, &athlete, NULL, false);
        cr_expect_str_eq(found, table[i].warnings, "%sgives %s\n%s", table[i].items, found,
                         warnings.items[0].text);
        found = warned(table[i].items, &unknown, NULL, true);
        cr_expect_str_eq(found, "", "%sgives %s to whom nobody knows", table[i].items, found);
    }
    warned(table[0].items, &athlete, NULL, false);
    cr_expect_str_eq(warnings.items[0].text,
                     "2:55/km over 1000 m is 19 % faster than you race that, which is about "
                     "3:28/km");
}

Test(lint_personal, a_target_without_a_number_says_what_it_lacks)
{
    static const char items[] =
        "  - 10min @ E\n  - 3 lots of:\n    - 1km @ from 10km pace to 5km pace\n    - rest until "
        "HR "
        "< 65%\n  - 5km @ goal 10km pace\n  - 10min @ HR zone 2\n  - 5min @ HR 80-90% of "
        "threshold\n  - 5min @ RPE 4\n  - 1km @ 5'00''/km\n";
    const Athlete athlete = racer(), unknown = athlete_unknown();
    cr_expect_str_eq(warned(items, &unknown, NULL, false),
                     "2 unresolved, 4 unresolved, 5 unresolved, 6 unresolved, 7 unresolved, 8 "
                     "unresolved");
    cr_expect(strstr(warnings.items[0].text, "pacectl athlete race") != NULL);
    cr_expect(strstr(warnings.items[0].text, "or run it by effort") != NULL);
    cr_expect(strstr(warnings.items[2].text, "heart-max") != NULL);
    cr_expect_str_eq(warned(items, &unknown, NULL, true), "");
    cr_expect_str_eq(warned(items, &athlete, NULL, false),
                     "5 unresolved, 6 unresolved, 7 unresolved, 8 unresolved");
    cr_expect(strstr(warnings.items[1].text, "athlete goal") != NULL);
    // For nobody at all.
    warnings.count = 0;
    plan_resolve(&plan, NULL, NULL, false, &(size_t){0});
    lint_personal(&plan, NULL, NULL, NULL, NULL, &warnings);
    cr_expect(eq(sz, warnings.count, 6));
}

Test(lint_personal, totals_are_held_to_the_last_runs)
{
    const Athlete unknown = athlete_unknown();
    const struct {
        const char *items;
        RunnerHistory history;
        const char *warnings;
    } table[] = {
        {"- 20km @ 6'00''/km\n", {12, 12000, 4500, NAN, NAN, NAN}, "2 longer-than-usual"},
        {"- 15km @ 6'00''/km\n", {12, 12000, 4500, NAN, NAN, NAN}, ""},
        {"- 4km @ 6'00''/km\n", {12, 2500, 900, NAN, NAN, NAN}, ""}, // little more in metres
        {"- 100min run\n", {12, 12000, 4500, NAN, NAN, NAN}, "2 longer-than-usual"},
        {"- 90min run\n", {12, 12000, 4500, NAN, NAN, NAN}, ""},
        {"- 20km @ 6'00''/km\n", {2, 5000, 1500, NAN, NAN, NAN}, ""}, // two runs are no habit
        {"- 20km @ 6'00''/km\n", history_unknown(), ""},
        {"- 20km @ 6'00''/km\n", {9, NAN, NAN, NAN, NAN, NAN}, ""},
        // A guess for nobody in particular.
        {"- 100min @ HR < 150\n", {9, 8000, 6000, NAN, NAN, NAN}, ""},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        const char *found = warned(table[i].items, &unknown, &table[i].history, false);
        cr_expect_str_eq(found, table[i].warnings, "%sgives %s", table[i].items, found);
    }
    warned(table[0].items, &unknown, &table[0].history, false);
    cr_expect_str_eq(warnings.items[0].text,
                     "20.0 km in all: the longest of your last 12 runs was 12.0 km");
    const Athlete athlete = racer();
    // What is jogged as far as was run before takes its time too.
    const RunnerHistory short_times = {9, 20000, 2700, NAN, NAN, NAN};
    cr_expect_str_eq(warned("- 6 lots of:\n- 1km @ 6'00''/km\n- equal distance jog\n", &athlete,
                            &short_times, false),
                     "3 longer-than-usual");
    // An hour of easy running is 11 km for who races 5 km in 20:00.
    const RunnerHistory short_runs = {9, 6000, 3600, NAN, NAN, NAN};
    cr_expect_str_eq(warned("- 60min @ HR < 150\n", &athlete, &short_runs, false),
                     "2 longer-than-usual");
}

// An hour at threshold is 100; VDOT 49.8 has it at 4:17/km.
Test(lint_personal, loads_are_held_to_the_last_runs_and_weeks)
{
    const Athlete athlete = racer(), unknown = athlete_unknown();
    const struct {
        const char *items;
        RunnerHistory history;
        const char *warnings;
    } table[] = {
        {"- 40min @ T\n", {12, 20000, 7200, 40, 100, 200}, "2 heavier-than-usual"},
        {"- 40min @ T\n", {12, 20000, 7200, 50, 100, 200}, ""},
        {"- 40min @ T\n", {12, 20000, 7200, 90, 240, 200}, "2 heavier-than-usual"}, // the week
        {"- 40min @ T\n", {12, 20000, 7200, 90, 220, 200}, ""},
        {"- 10min @ T\n", {12, 20000, 7200, 5, 0, 20}, ""}, // little more
        {"- 40min @ T\n", {12, 20000, 7200, NAN, NAN, NAN}, ""},
        {"- 40min run\n", {12, 20000, 7200, 10, 10, 10}, ""}, // of what has no pace it is unknown
        {"- 100min @ T\n", {12, 20000, 3600, 10, 10, 10}, "2 longer-than-usual"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        const char *found = warned(table[i].items, &athlete, &table[i].history, false);
        cr_expect_str_eq(found, table[i].warnings, "row %zu gives %s", i, found);
    }
    warned(table[0].items, &athlete, &table[0].history, false);
    cr_expect_str_eq(warnings.items[warnings.count - 1].text,
                     "a load of 67 (rTSS) or more: the heaviest of your last 12 runs had 40");
    warned(table[2].items, &athlete, &table[2].history, false);
    cr_expect_str_eq(warnings.items[warnings.count - 1].text,
                     "with it, seven days come to a load of 307 (rTSS) or more: in the last four "
                     "weeks a week had 200");
    cr_expect_str_eq(warned("- 40min @ 4'17''/km\n", &unknown, &table[0].history, false), "");
}

// Who runs 5 km in 22 minutes does not run kilometres at 2:48.
Test(lint_personal, what_is_too_fast_by_the_other_unit_is_told_with_it)
{
    Athlete athlete = racer();
    athlete.races[0].time_s = 1320;
    cr_expect_str_eq(warned("- 15min @ 6'00''/km\n- 5 lots of:\n- 1.0km @ 4'30''/mi\n- 2min rest\n"
                            "- 10min @ 6'00''/km\n",
                            &athlete, NULL, false),
                     "4 faster-than-race");
    cr_expect(strstr(warnings.items[0].text, "(perhaps 4'30''/km is meant)") != NULL, "%s",
              warnings.items[0].text);
}
