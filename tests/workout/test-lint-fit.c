// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A plan that a watch gave back is another one: its strides are steps of their own, its recoveries
// have what a watch can say, and it has no lines. It is no more doubtful than it was as a text.

#include "watch.h"

#include "workout/lint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define FOLDER TEST_DATA "/../../config/workouts/"

static Plan plan; // 150 kB: not for the stack
static TextWarnings warnings;

static AthleteModel resolve(Plan *of)
{
    Athlete athlete = athlete_unknown();
    size_t ignored;
    athlete.race_count = 1;
    athlete.races[0] = (Race){.distance_m = 5000, .time_s = 1320, .maximal = true};
    athlete.heart_max = 188;
    athlete.heart_rest = 50;
    const AthleteModel model = athlete_model(&athlete);
    plan_resolve(of, &athlete, &model, false, &ignored);
    return model;
}

// Through a FIT file, and for the runner; `again` then is the plan, and `warnings` are of it.
static void doubt_as_fit(const char *text)
{
    TextError error;
    cr_assert(text_parse(text, strlen(text), &plan, NULL, &error), "%s%s", text, error.text);
    resolve(&plan);
    const size_t length = fitplan_write(&plan, 1e9, 1, bytes, sizeof bytes, &losses);
    cr_assert(read_bytes(bytes, length), "%s%zu: %s", text, wrong.byte, wrong.text);
    warnings.count = 0;
    const AthleteModel model = resolve(&again);
    lint_plan(&again, &model, &warnings);
}

Test(lint_fit, what_is_shipped_is_not_doubtful_after_a_watch)
{
    DIR *folder = opendir(FOLDER);
    size_t count = 0;
    cr_assert(folder != NULL);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[512], text[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, FOLDER "%s", entry->d_name);
        FILE *file = fopen(path, "r");
        cr_assert(file != NULL, "%s", path);
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        doubt_as_fit(text);
        cr_expect(eq(sz, warnings.count, 0), "%s: %s", entry->d_name, warnings.items[0].text);
        count++;
    }
    closedir(folder);
    cr_assert(ge(sz, count, 30));
}

Test(lint_fit, a_file_has_steps_and_no_lines)
{
    doubt_as_fit("Workout - T\n\n- 10min @ 8'00''/km\n- 3km @ 4'00''/km\n- 5 lots of:\n- 200m @ "
                 "4'20''/km\n- 1min rest\n- 10min @ 8'00''/km\n");
    cr_assert(eq(sz, warnings.count, 1));
    cr_expect_str_eq(warnings.items[0].code, "slower-than-longer");
    cr_expect(eq(u32, warnings.items[0].line, 3));
    cr_expect(strstr(warnings.items[0].text, "slower than step 2, which is longer") != NULL, "%s",
              warnings.items[0].text);
}
