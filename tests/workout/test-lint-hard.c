// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is hard to begin with, and what only looks so: whoever the runner is.

#include "workout/lint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan plan; // 70 kB: not for the stack
static TextWarnings warnings;

static void read_list(const char *list)
{
    char text[512];
    TextError error;
    snprintf(text, sizeof text, "Workout - T\n%s", list);
    cr_assert(lint_text(text, strlen(text), &plan, &warnings, &error), "%s%s", text, error.text);
}

// "5 slower-than-warm-up, 7 no-rest".
static const char *told(void)
{
    static char found[512];
    found[0] = '\0';
    for (size_t i = 0; i < warnings.count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%u %s", *found ? ", " : "",
                 warnings.items[i].line, warnings.items[i].code);
    return found;
}

static bool tells(const char *code)
{
    return strstr(told(), code) != NULL;
}

Test(lint_hard, a_beginning_is_hard_or_not_by_all_that_its_target_says)
{
    static const struct {
        const char *list;
        bool hard;
    } table[] = {
        {"- 10min @ T\n- 10min @ E\n", true},
        {"- 10min @ T + 2%\n- 10min @ E\n", true},
        {"- 10min @ I + 5s per 400m\n- 10min @ E\n", true},
        {"- 10min @ between T and I\n- 10min @ E\n", true},
        {"- 10min @ T + 30%\n- 10min @ T\n", false}, // 70 % of the pace at threshold
        {"- 10min @ T + 90s/km\n- 10min @ T\n", false},
        {"- 10min @ R + 20s per 200m\n- 10min @ T\n", false},
        {"- 10min @ between T + 43% and T + 67%\n- 10min @ T\n", false},
        {"- 10min @ between I and E\n- 10min @ T\n", false},
        {"- 10min @ between E and I\n- 10min @ T\n", false},
        {"- 10min @ HR 60-90%\n- 10min @ T\n", false},
        {"- 20min @ T\n- 5 lots of:\n- 200m @ R\n- 200m jog\n", true},
        {"- 5min @ 400 W\n- 2 lots of:\n- 10min @ 200 W\n- 2min rest\n- 5min @ 180 W\n", true},
        {"- 5min @ 200 W\n- 5min @ 400 W\n", false},
        {"- 10min @ 250 W\n- 3 lots of:\n- 3min @ 300 W\n- 2min rest\n- 5min @ 200 W\n", false},
        // Strides are no beginning, but one may walk or jog into it.
        {"- 8 lots of:\n- 100m @ R\n- 1min rest\n- 10min @ E\n", true},
        {"- 8 lots of:\n- 100m @ 3'20''/km\n- 1min rest\n- 10min @ 6'00''/km\n", true},
        {"- 5min @ E\n- 8 lots of:\n- 100m @ R\n- 1min rest\n- 10min @ E\n", false},
        {"- 10min jog\n- 5 lots of:\n- 1km @ T\n- 1min rest\n- 10min @ E\n", false},
        // Alone.
        {"- 20min @ T\n", true},
        {"- 1.0mi @ max\n", true},
        {"- 5km @ 5km pace\n", false},
        {"- 20min @ M\n", false},
        // Running and walking by turns.
        {"- 8 lots of:\n- 1min @ 7'00''/km\n- 90s @ 10'00''/km\n- 1min rest\n", false},
        {"- 1min @ 7'00''/km\n- 90s @ 10'00''/km\n", false},
        {"- 10min @ 5'00''/km\n- 10min @ 7'00''/km\n", true},
        {"- 10min @ 6'00''/km\n- 10min @ 7'00''/km\n", false},
        {"- 10min @ 6'00''/km\n- 3 lots of:\n- 5min @ 6'00''/km\n- 1min @ 9'00''/km\n- 5min run\n",
         false},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        read_list(table[i].list);
        cr_expect(tells("no-warm-up") == table[i].hard, "%s", table[i].list);
    }
}

// A runner with a maximal rate of 190, at threshold at 4:17/km.
Test(lint_hard, a_beginning_is_hard_for_its_runner)
{
    static const struct {
        const char *list;
        bool hard, hard_for_him;
    } table[] = {
        {"- 10min @ HR 185-190\n- 10min @ E\n", false, true},
        {"- 10min @ HR 125-135\n- 10min @ T\n", false, false},
        {"- 20min @ 4'10''/km\n- 10min @ 4'10''/km\n", false, true},
        {"- 20min @ 4'10''/km\n- 10min @ 3'40''/km\n", false, true},
        {"- 20min @ 4'40''/km\n- 10min @ 4'10''/km\n", false, false},
        {"- 3 lots of:\n- 2km @ 4'10''/km\n- 400m jog\n- 10min @ 4'20''/km\n", true, true},
        {"- 10km @ 4'10''/km\n", false, false}, // a race
    };
    Athlete athlete = athlete_unknown();
    athlete.race_count = 1;
    athlete.races[0] = (Race){.distance_m = 5000, .time_s = 1200, .maximal = true};
    athlete.heart_max = 190;
    const AthleteModel model = athlete_model(&athlete);
    for (size_t i = 0; i < COUNT(table); i++) {
        size_t ignored;
        read_list(table[i].list);
        cr_expect(tells("no-warm-up") == table[i].hard, "%s", table[i].list);
        plan_resolve(&plan, &athlete, &model, false, &ignored);
        lint_plan(&plan, &model, &warnings);
        cr_expect(tells("no-warm-up") == table[i].hard_for_him, "%s", table[i].list);
    }
}

Test(lint_hard, repetitions_slower_than_the_warm_up_are_told_however_they_are_written)
{
    static const struct {
        const char *list, *told;
    } table[] = {
        // Both of them.
        {"- 10min @ 6'00''/km\n- 5 lots of:\n- 400m @ 8'00''/km\n- 400m @ 6'30''/km\n- 5min @ "
         "7'00''/km\n",
         "4 slower-than-warm-up, 5 slower-than-warm-up"},
        // Inside of a set whose other part is fast.
        {"  - 10min @ 6'00''/km\n  - 2 lots of:\n    - 4 lots of:\n      - 400m @ 7'00''/km\n    "
         "  - 1min rest\n    - 5min @ 4'00''/km\n    - 2min rest\n  - 10min @ 6'00''/km\n",
         "5 slower-than-warm-up"},
        {"  - 10min @ 6'00''/km\n  - 2 lots of:\n    - 4 lots of:\n      - 400m @ 3'40''/km\n    "
         "  - 1min rest\n    - 5min @ 4'00''/km\n    - 2min rest\n  - 10min @ 6'00''/km\n",
         ""},
        // Written out.
        {"- 10min @ 6'00''/km\n- 1.0km @ 8'00''/km\n- 2min rest\n- 1.0km @ 8'00''/km\n- 2min "
         "rest\n- 10min @ 6'30''/km\n",
         "3 slower-than-warm-up"},
        {"- 10min @ 6'00''/km\n- 1.0km @ 8'00''/km\n- 2min rest\n- 1.0km @ 8'00''/km\n",
         "3 slower-than-warm-up"},
        {"- 10min @ 6'00''/km\n- 400m @ 8'00''/km\n- 400m @ 7'00''/km\n- 2min rest\n- 400m @ "
         "8'00''/km\n- 400m @ 7'00''/km\n- 10min @ 6'10''/km\n",
         "3 slower-than-warm-up, 4 slower-than-warm-up"},
        {"- 10min @ 8'00''/km\n- 3km @ 4'00''/km\n- 2min rest\n- 200m @ 4'30''/km\n- 1min rest\n- "
         "200m @ 4'30''/km\n- 10min @ 8'00''/km\n",
         "5 slower-than-longer"},
        // The way home is slower than the way out.
        {"- 10min @ 6'00''/km\n- 2km @ 4'30''/km\n- 2min rest\n- 2km @ 4'30''/km\n- 2min rest\n- "
         "10min @ 7'00''/km\n",
         ""},
        {"- 5min @ 6'30''/km\n- 1min rest\n- 5min @ 6'30''/km\n- 20min @ 5'00''/km\n", ""},
        {"  - 10min @ 6'00''/km\n  - 5 lots of:\n    - 1km @ 4'30''/km\n    - 2min @ 9'00''/km\n  "
         "- "
         "10min @ 6'30''/km\n",
         ""},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        read_list(table[i].list);
        cr_expect_str_eq(told(), table[i].told, "%sgives %s", table[i].list, told());
    }
}

// The jog stands behind the repetition, and is no longer; whoever walks rests, wherever it stands.
Test(lint_hard, a_repetition_slower_than_its_jog_is_told_where_nothing_is_faster_than_the_warm_up)
{
    static const struct {
        const char *block, *told;
    } table[] = {
        {"    - 400m @ 6'30''/km\n    - 400m @ 6'00''/km\n", "4 slower-than-warm-up"},
        {"    - 400m @ 6'30''/km\n    - 200m @ 6'00''/km\n", "4 slower-than-warm-up"},
        {"    - 400m @ 6'30''/km\n    - 1min @ 6'00''/km\n    - 1min rest\n",
         "4 slower-than-warm-up"},
        {"    - 400m @ 10'00''/mi\n    - 400m @ 9'40''/mi\n", "4 slower-than-warm-up"},
        // It is run and jogged, or walked.
        {"    - 1km @ 6'00''/km\n    - 400m @ 6'30''/km\n", ""},
        {"    - 400m @ 6'00''/km\n    - 400m @ 6'30''/km\n", ""},
        {"    - 5min @ 6'00''/km\n    - 1min @ 9'00''/km\n", ""},
        {"    - 5min @ 9'00''/km\n    - 1min @ 6'00''/km\n", ""},
        {"    - 1min @ 6'30''/km\n    - 5min @ 6'00''/km\n", ""},
        {"    - 3min @ 6'30''/km\n    - 3min @ 6'00''/km\n", ""},
        {"    - 400m @ 6'30''/km\n    - 400m @ 5'30''/km\n", ""},
        {"    - 5min @ 6'00''/km\n    - 1min walk\n", ""},
        {"    - 5min @ 6'00''/km\n    - 2min @ 7'00''/km\n    - 1min walk\n", ""},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char list[512];
        snprintf(list, sizeof list,
                 "  - 10min @ 6'00''/km\n  - 6 lots of:\n%s  - 5min @ 7'00''/km\n", table[i].block);
        read_list(list);
        cr_expect_str_eq(told(), table[i].told, "%sgives %s", list, told());
    }
}

// Laps at 7:30 a kilometre are a jog, and nobody rests after them by the watch; per mile they are
// what such sets are made of.
Test(lint_hard, laps_to_jog_at_are_of_the_other_unit)
{
    static const struct {
        const char *list, *told;
    } table[] = {
        {"- 12 lots of:\n- 200m @ 7'30''/km\n- 1min rest\n", "3 odd-unit"},
        {"- 10min @ E\n- 12 lots of:\n- 200m @ 7'30''/km\n- 1min rest\n- 10min @ E\n",
         "4 odd-unit"},
        {"- 10min run\n- 8 lots of:\n- 400m @ 8'00''/km\n- 90s rest\n- 10min run\n", "4 odd-unit"},
        {"- 10min @ RPE 3\n- 8 lots of:\n- 400m @ 7'10''/km\n- rest until HR < 120\n- 10min run\n",
         "4 odd-unit"},
        {"- 10min @ E\n- 12 lots of:\n- 200m @ 7'30''/mi\n- 1min rest\n- 10min @ E\n", ""},
        {"- 10min @ E\n- 12 lots of:\n- 200m @ 5'30''/km\n- 1min rest\n- 10min @ E\n", ""},
        // Running and walking by turns, and jogging.
        {"- 5min walk\n- 8 lots of:\n- 200m @ 7'30''/km\n- 90s rest\n- 5min run\n", ""},
        {"- 8 lots of:\n- 200m @ 7'30''/km\n- 200m walk\n", ""},
        {"- 8 lots of:\n- 200m @ 7'30''/km\n- 200m rest\n", ""},
        {"- 8 lots of:\n- 200m @ 7'30''/km\n- 90s walk\n", ""},
        {"- 8 lots of:\n- 90s @ 7'30''/km\n- 2min rest\n", ""},
        {"- 8 lots of:\n- 1km @ 7'30''/km\n- 2min rest\n", ""},
        {"- 10min @ 8'30''/km\n- 8 lots of:\n- 200m @ 7'30''/km\n- 90s rest\n- 10min @ 8'30''/km\n",
         ""},
        {"- 8 lots of:\n- 200m @ 14'00''/km\n- 1min rest\n", ""}, // nor by miles
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        read_list(table[i].list);
        cr_expect_str_eq(told(), table[i].told, "%sgives %s", table[i].list, told());
    }
}

// Where a block has something fast without a pace, its pace is what one rests by.
Test(lint_hard, floats_beside_what_has_no_pace_are_no_repetitions)
{
    static const struct {
        const char *fast, *told;
    } table[] = {
        {"20s @ RPE 9", ""},
        {"20s run", ""},
        {"20s @ max", ""},
        {"30s @ HR zone 5", ""},
        {"45s @ 400-450 W", ""},
        {"2min @ HR 170-180", ""},
        {"2min @ HR < 60%", "5 slower-than-longer"}, // that is how one rests
        {"2min @ RPE 2", "5 slower-than-longer"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char list[512];
        snprintf(list, sizeof list,
                 "  - 15min @ 6'00''/km\n  - 4 lots of:\n    - %s\n    - 40s @ 5'55''/km\n  - 5 "
                 "lots of:\n    - 1.0km @ 4'18''/km\n    - 2min rest\n  - 10min @ 6'00''/km\n",
                 table[i].fast);
        read_list(list);
        cr_expect_str_eq(told(), table[i].told, "%sgives %s", list, told());
    }
}

Test(lint_hard, repetitions_without_a_pace_are_held_to_a_warm_up_of_their_kind)
{
    static const struct {
        const char *list, *told;
    } table[] = {
        {"- 15min @ HR 140-150\n- 5 lots of:\n- 3min @ HR 120-130\n- 1min rest\n- 10min @ E\n",
         "4 easier-than-warm-up"},
        {"- 15min @ RPE 5\n- 5 lots of:\n- 3min @ RPE 3\n- 1min rest\n- 10min @ RPE 2\n",
         "4 easier-than-warm-up"},
        {"- 15min @ HR zone 4\n- 5 lots of:\n- 3min @ HR zone 2\n- 1min rest\n- 10min run\n",
         "4 easier-than-warm-up"},
        {"- 15min @ RPE 5\n- 3min @ RPE 3\n- 1min rest\n- 3min @ RPE 3\n- 10min @ RPE 2\n",
         "3 easier-than-warm-up"},
        {"- 15min @ HR 130-140\n- 5 lots of:\n- 3min @ HR 160-170\n- 2min @ HR < 130\n- 10min @ "
         "E\n",
         ""},
        {"- 15min @ HR 140-150\n- 5 lots of:\n- 3min @ HR 140-150\n- 1min rest\n- 10min @ E\n", ""},
        {"- 15min @ HR < 150\n- 5 lots of:\n- 3min @ HR > 130\n- 1min rest\n- 10min @ E\n", ""},
        {"- 15min @ HR 140-150\n- 5 lots of:\n- 20s run\n- 1min @ HR < 130\n- 10min @ E\n", ""},
        {"- 15min @ HR 140-150\n- 5 lots of:\n- 3min @ HR 75-80%\n- 1min rest\n- 10min @ E\n", ""},
        {"- 15min @ RPE 5\n- 20min @ RPE 3\n", ""},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        read_list(table[i].list);
        cr_expect_str_eq(told(), table[i].told, "%sgives %s", table[i].list, told());
    }
}

Test(lint_hard, repetitions_written_out_want_rests_too)
{
    static const struct {
        const char *list, *told;
    } table[] = {
        {"- 15min @ E\n- 1.0km @ I\n- 1.0km @ I\n- 1.0km @ I\n- 10min @ E\n", "4 no-rest"},
        {"- 15min @ 6'00''/km\n- 1.0km @ 4'30''/km\n- 1.0km @ 4'30''/km\n- 10min @ 6'00''/km\n",
         "4 no-rest"},
        {"  - 15min @ E\n  - 3 lots of:\n    - 1.0km @ I\n    - 1.0km @ I\n    - 2min rest\n",
         "5 no-rest"},
        {"- 15min @ E\n- 1.0km @ I\n- 1.0km @ I\n- 2min rest\n- 400m @ R\n- 400m @ R\n- 10min @ "
         "E\n",
         "4 no-rest, 7 no-rest"},
        // Laps that are told apart, of one run or of an easy one; another length; strides.
        {"- 15min @ E\n- 1.0km @ T \"hold back\"\n- 1.0km @ T \"now count\"\n- 10min @ E\n", ""},
        {"- 15min @ E\n- 1.0km @ E\n- 1.0km @ E\n", ""},
        {"- 15min @ E\n- 2.0km @ T\n- 1.0km @ T\n- 10min @ E\n", ""},
        {"- 15min @ E\n- 100m @ R\n- 100m @ R\n- 10min @ E\n", ""},
        {"- 15min @ E\n- 1.0km @ I\n- 2min rest\n- 1.0km @ I\n- 10min @ E\n", ""},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        read_list(table[i].list);
        cr_expect_str_eq(told(), table[i].told, "%sgives %s", table[i].list, told());
    }
}

static void expect_progress(const char *title, const char *list, const char *expected)
{
    char text[512];
    TextError error;
    snprintf(text, sizeof text, "Workout - %s\n%s", title, list);
    cr_assert(lint_text(text, strlen(text), &plan, &warnings, &error), "%s%s", text, error.text);
    cr_expect_str_eq(told(), expected, "%sgives %s", text, told());
}

Test(lint_hard, a_progression_does_not_slow_down)
{
#define KILOMETRES(target)                                                                         \
    "- 10min @ E\n- 5 lots of:\n- 1.0km @ " target "\n- 1min rest\n- 10min @ E\n"
    expect_progress("Progressive 1ks", KILOMETRES("from 5km pace to 10km pace"),
                    "4 not-progressive");
    expect_progress("Progressive 1ks", KILOMETRES("from 4'10''/km to 4'30''/km"),
                    "4 not-progressive");
    expect_progress("Progressive 1ks", KILOMETRES("from 10km pace to 5km pace"), "");
    expect_progress("Kilometres", KILOMETRES("from 5km pace to 10km pace"), "");
    expect_progress("A Progression", "- 10min @ E\n- 20min @ from T to M\n- 5min @ E\n",
                    "3 not-progressive");
    expect_progress("A Progression", "- 20min @ from E to T\n- 10min @ from M to E\n", "");
    expect_progress("A Progression", "- 20min @ E\n- 20min @ M\n- 10min @ from M to E\n", "");
}

Test(lint_hard, the_unit_is_doubted_where_it_is_odd)
{
    static const struct {
        const char *list, *told, *hint;
    } table[] = {
        {"- 10min @ 6'00''/mi\n- 5 lots of:\n- 1km @ 4'30''/km\n- 1min rest\n- 10min @ 6'30''/km\n",
         "2 slower-than-warm-up", "perhaps 6'00''/km is meant"},
        {"- 10min @ 8'30''/mi\n- 5 lots of:\n- 1.0mi @ 6'00''/km\n- 1min rest\n- 10min @ "
         "9'00''/mi\n",
         "4 slower-than-warm-up", "perhaps 6'00''/mi is meant"},
        // One of each: what then would be easy running.
        {"- 10min @ 6'00''/mi\n- 5 lots of:\n- 1km @ 4'30''/km\n- 1min rest\n",
         "2 slower-than-warm-up", "perhaps 6'00''/km is meant"},
        {"- 10min @ 8'30''/mi\n- 5 lots of:\n- 1km @ 6'00''/km\n- 1min rest\n",
         "4 slower-than-warm-up", "perhaps 6'00''/mi is meant"},
        {"- 10min @ 6'00''/km\n- 5 lots of:\n- 1km @ 7'00''/km\n- 1min rest\n- 10min @ 6'00''/km\n",
         "4 slower-than-warm-up", "perhaps 7'00''/mi is meant"},
        // Far faster than all the others, and fast enough the other way.
        {"- 15min @ 6'00''/km\n- 5 lots of:\n- 1.0km @ 4'30''/mi\n- 2min rest\n- 10min @ "
         "6'00''/km\n",
         "4 odd-unit", "perhaps 4'30''/km is meant"},
        // Nothing but the beginning is wrong.
        {"- 10min @ 6'00''/mi\n- 5km @ 4'30''/km\n- 10min @ 6'00''/km\n", "2 no-warm-up",
         "perhaps 6'00''/km is meant"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        read_list(table[i].list);
        cr_expect_str_eq(told(), table[i].told, "%sgives %s", table[i].list, told());
        cr_expect(strstr(warnings.items[0].text, table[i].hint) != NULL, "%s%s", table[i].list,
                  warnings.items[0].text);
    }
}

Test(lint_hard, a_plan_may_need_both_units)
{
    static const char *const lists[] = {
        "- 15min @ 6'00''/km\n- 5 lots of:\n- 1.0mi @ 5'30''/mi\n- 2min rest\n- 10min @ "
        "6'00''/km\n",
        "- 15min @ 6'00''/km\n- 5 lots of:\n- 1.0km @ 4'30''/km\n- 2min rest\n- 2min @ 7'00''/mi\n"
        "- 10min @ 6'00''/km\n",
        "- 15min @ 6'00''/km\n- 4 lots of:\n- 400m @ 5'50''/mi\n- 400m jog\n- 10min @ 6'00''/km\n",
        "- 15min @ 6'00''/km\n- 5 lots of:\n- 100m @ 4'30''/mi\n- 2min rest\n- 10min @ 6'00''/km\n",
    };
    for (size_t i = 0; i < COUNT(lists); i++) {
        read_list(lists[i]);
        cr_expect_str_eq(told(), "", "%sgives %s", lists[i], told());
    }
}

Test(lint_hard, one_may_walk_or_jog_into_a_workout_and_out_of_it)
{
    read_list("- 10min jog\n- 5km @ 5km pace\n- 2min walk\n- 5min jog\n- 1min walk\n");
    cr_expect_str_eq(told(), "");
    read_list("- 1min rest\n- 10min @ E\n- 1min walk\n- 1min walk\n- 10min @ E\n- 1min rest\n");
    cr_expect_str_eq(told(), "2 rest-at-start, 5 rests-in-a-row, 7 rest-at-end");
}

Test(lint_hard, a_rest_of_two_seconds_was_meant_in_minutes)
{
    static const char text[] = "Workout - T\n- 10min @ E\n- 5 lots of:\n- 1km @ T\n- 2s rest\n"
                               "- 10min @ E\n- 5 lots of:\n- 1km @ T\n- 10s rest\n- 5min @ E\n";
    TextError error;
    cr_assert(lint_text(text, sizeof text - 1, &plan, &warnings, &error), "%s", error.text);
    cr_assert(eq(sz, warnings.count, 1));
    cr_expect_str_eq(warnings.items[0].code, "short-rest");
    cr_expect(eq(u32, warnings.items[0].line, 5));
    cr_expect(strstr(warnings.items[0].text, "perhaps 2min is meant") != NULL);
}

// Who runs easily at 3:50/km warms up at six minutes a mile, others at six minutes a kilometre.
Test(lint_hard, the_unit_that_is_doubted_depends_on_who_runs)
{
    static const struct {
        double race_s;
        const char *told;
    } table[] = {{820, "4 slower-than-warm-up"}, {1500, "2 slower-than-warm-up"}};
    static const char text[] =
        "Workout - T\n- 10min @ 6'20''/mi\n- 5 lots of:\n- 1km @ 4'50''/km\n- "
        "1min rest\n";
    for (size_t i = 0; i < COUNT(table); i++) {
        Athlete athlete = athlete_unknown();
        TextError error;
        size_t ignored;
        athlete.race_count = 1;
        athlete.races[0] = (Race){.distance_m = 5000, .time_s = table[i].race_s, .maximal = true};
        const AthleteModel model = athlete_model(&athlete);
        cr_assert(lint_article(text, sizeof text - 1, &plan, &warnings, &error), "%s", error.text);
        cr_expect(eq(sz, warnings.count, 0), "the plan is not looked at yet");
        plan_resolve(&plan, &athlete, &model, false, &ignored);
        lint_plan(&plan, &model, &warnings);
        cr_expect(strstr(told(), table[i].told) != NULL, "%.0f s: %s", table[i].race_s, told());
    }
}
