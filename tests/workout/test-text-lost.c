// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Nothing of a workout is passed over in silence: what stands in the list like a step and is none
// of ours ends the reading with an error, and what stands behind it is told of.

#include "workout/lint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TITLE        "Workout - T\n- 10min @ 6'00''/km\n"

static Plan plan; // 70 kB: not for the stack
static TextWarnings warnings;
static TextError error;

static bool parse(const char *list)
{
    char text[512];
    snprintf(text, sizeof text, TITLE "%s", list);
    return lint_text(text, strlen(text), &plan, &warnings, &error);
}

Test(text_lost, a_step_with_a_bullet_from_elsewhere_is_an_error)
{
    static const struct {
        const char *list;
        uint32_t line, column;
    } table[] = {
        {"1. 5min @ 4'00''/km\n2. 2min rest\n", 3, 1},
        {"  2) 2min rest\n", 3, 3},
        {"\n+ 5min @ 4'00''/km\n", 4, 1},
        {"o 5min @ 4'00''/km\n", 3, 1},
        {"o 5 lots of:\n", 3, 1},
        {"→ ladder of 400m, 800m:\n", 3, 1},
        {"+ 5min @ 4'0\n", 3, 1}, // and cut
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        cr_expect(not(parse(table[i].list)), "%s", table[i].list);
        cr_expect(eq(u32, error.line, table[i].line), "%s", table[i].list);
        cr_expect(eq(u32, error.column, table[i].column), "%s", table[i].list);
        cr_expect(strstr(error.text, "expected a bullet and a step") != NULL, "%s", error.text);
    }
}

Test(text_lost, a_step_behind_the_end_is_told_of_whatever_it_begins_with)
{
    static const char *const lists[] = {
        "prose\n- 1km @ 6'00''/km\n",
        "prose\n1. 1km @ 6'00''/km\n",
        "prose\n+ 1km @ 6'00''/km\n",
        "prose\n1km @ 6'00''/km\n",
    };
    for (size_t i = 0; i < COUNT(lists); i++) {
        cr_assert(parse(lists[i]), "%s", error.text);
        cr_assert(eq(sz, warnings.count, 1), "%s", lists[i]);
        cr_expect_str_eq(warnings.items[0].code, "items-after-end");
        cr_expect(eq(u32, warnings.items[0].line, 4));
    }
}

Test(text_lost, a_step_above_the_title_is_told_of_and_does_not_count)
{
    static const struct {
        const char *prose;
        bool told;
    } table[] = {
        {"- 6 lots of:\n- 800m @ 4'00''/km\n", true},
        {"6 lots of:\n", true},
        {"1. 2min rest\n", true},
        {"6 x 800m, and 2 min rest.\n", false},
        {"10 minutes are enough; 6 of them are many.\n", false},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char text[256];
        snprintf(text, sizeof text, "%sWorkout - T\n- 5km @ 5'00''/km\n", table[i].prose);
        cr_assert(text_parse(text, strlen(text), &plan, &warnings, &error), "%s", error.text);
        cr_expect(eq(sz, plan.step_count, 1), "%s", text);
        cr_expect(eq(sz, warnings.count, table[i].told), "%s", text);
        cr_expect(warnings.count == 0 || strcmp(warnings.items[0].code, "items-before-title") == 0,
                  "%s", text);
    }
}

Test(text_lost, prose_with_such_a_bullet_is_prose)
{
    static const char *const lists[] = {
        "\n1. Run with a friend.\n2. 10 minutes are enough.\n",
        "+ Drink.\n",
        "o well\n",
        "prose\n10 minutes later it is over.\n",
    };
    for (size_t i = 0; i < COUNT(lists); i++) {
        cr_expect(parse(lists[i]), "%s: %s", lists[i], error.text);
        cr_expect(eq(sz, plan.step_count, 1));
        cr_expect(eq(sz, warnings.count, 0), "%s", lists[i]);
    }
}
