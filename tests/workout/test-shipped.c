// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The workouts that we ship: each can be run without a doubt, says what it is for, and together
// they show all that the language can say.

#include "workout/aids.h"
#include "workout/gist.h"
#include "workout/lint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define FOLDER       TEST_DATA "/../../config/workouts/"
#define COUNT(array) (sizeof(array) / sizeof *(array))

static Plan plan;
static TextWarnings warnings;
static char text[4096], printed[4096];

typedef void Visit(const char *name);

// Reads and parses each.
static void each(Visit *visit)
{
    DIR *folder = opendir(FOLDER);
    size_t count = 0;
    cr_assert(folder != NULL);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[512];
        TextError error;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, FOLDER "%s", entry->d_name);
        FILE *file = fopen(path, "r");
        cr_assert(file != NULL, "%s", path);
        const size_t length = fread(text, 1, sizeof text - 1, file);
        fclose(file);
        text[length] = '\0';
        cr_assert(lint_text(text, length, &plan, &warnings, &error), "%s:%u:%u: %s", entry->d_name,
                  error.line, error.column, error.text);
        visit(entry->d_name);
        count++;
    }
    closedir(folder);
    cr_assert(ge(sz, count, 30));
}

static void check_text(const char *name)
{
    cr_expect(strstr(name, ".txt") != NULL, "%s", name);
    cr_expect(eq(sz, warnings.count, 0), "%s: %s", name, warnings.items[0].text);
    // What it is for, then the workout as text_print() has it.
    const char *workout = strstr(text, "\n\nWorkout - ");
    cr_assert(workout != NULL && workout > text + 40, "%s: no prose before the workout", name);
    text_print(&plan, printed, sizeof printed);
    cr_expect_str_eq(printed, workout + 2, "%s", name);
}

Test(shipped, each_says_what_it_is_for_and_leaves_nothing_to_doubt)
{
    each(check_text);
}

static Athlete runner(void)
{
    Athlete athlete = athlete_unknown();
    athlete.races[0] = (Race){.distance_m = 5000, .time_s = 22 * 60, .maximal = true};
    athlete.race_count = 1;
    return athlete;
}

static void check_runner(const char *name)
{
    Athlete athlete = runner();
    AthleteModel model = athlete_model(&athlete);
    size_t step;
    const Resolution by_race = plan_resolve(&plan, &athlete, &model, false, &step);
    cr_expect(by_race == RESOLVED || by_race == LACKS_GOAL || by_race == LACKS_ZONES ||
                  by_race == LACKS_THRESHOLD || by_race == LACKS_HEART_MAX,
              "%s: %s", name, resolution_text(by_race));
    athlete.heart_rest = 50;
    athlete.heart_max = 190;
    athlete.heart_threshold = 172;
    athlete.goals[0] = (Race){.distance_m = 21097.5, .time_s = 100 * 60};
    athlete.goal_count = 1;
    model = athlete_model(&athlete);
    const Resolution by_all = plan_resolve(&plan, &athlete, &model, false, &step);
    cr_expect(eq(int, by_all, RESOLVED), "%s: %s", name, resolution_text(by_all));
    const double fastest = model.speeds.repetition;
    for (size_t i = 0; i < plan.step_count; i++) {
        const Aim *aim = &plan.steps[i].aim;
        if (aim->quantity == AIM_SPEED &&
            plan.items[plan.steps[i].item].target.from.kind != POINT_PACE)
            cr_expect(lt(dbl, aim->value, fastest * 1.06), "%s: step %zu", name, i + 1);
    }
    const Gist gist = gist_of_plan(&plan, &athlete, &model);
    const bool open = strcmp(name, "to-the-top-and-back.txt") == 0;
    cr_expect(open ? isnan(gist.s) : gist.s > 90 && gist.s < 7200, "%s: %g s", name, gist.s);
    cr_expect(gist.kinds != 0, "%s", name);
}

Test(shipped, each_is_a_session_for_who_runs_5_km_in_22_minutes)
{
    each(check_runner);
}

// What has been seen in any of them.
static struct {
    bool measures[MEASURE_EQUAL_DISTANCE + 1];
    bool targets[TARGET_MAXIMAL + 1];
    bool scales[HEART_ZONE + 1];
    bool points[POINT_RACE + 1];
    bool zones[TRAINING_REPETITION + 1];
    bool manners[MANNER_JOG + 1];
    bool goal, percent, seconds, note, strides, every, ladder, and_back, no_last, mile, metronome,
        pacer;
    unsigned depth;
    uint32_t kinds;
} seen;

static void see_point(const TargetPoint *point)
{
    seen.points[point->kind] = true;
    seen.goal |= point->goal;
    seen.percent |= point->percent_tenths != 0;
    seen.seconds |= point->offset_s != 0;
    seen.mile |= point->unit == PACE_PER_MILE;
    if (point->kind == POINT_ZONE)
        seen.zones[point->zone] = true;
}

static void see(const char *name)
{
    for (size_t i = 0; i < plan.item_count; i++) {
        const PlanItem *item = &plan.items[i];
        seen.depth = item->depth > seen.depth ? item->depth : seen.depth;
        seen.no_last |= item->no_last;
        seen.ladder |= item->kind == ITEM_LADDER;
        seen.and_back |= item->and_back;
        if (item->kind != ITEM_STEP)
            continue;
        seen.measures[item->step.measure] = true;
        seen.targets[item->target.kind] = true;
        seen.manners[item->step.manner] = true;
        seen.note |= item->note != 0;
        seen.metronome |= item->metronome != METRONOME_OFF;
        seen.pacer |= item->pacer_m != 0;
        seen.strides |= item->strides.count > 0;
        seen.every |= item->strides.every_said;
        if (item->target.kind == TARGET_HEART)
            seen.scales[item->target.scale] = true;
        see_point(&item->target.from);
        see_point(&item->target.to);
    }
    seen.kinds |= gist_of_plan(&plan, NULL, NULL).kinds;
}

static bool all_but(const bool *set, size_t count, size_t except)
{
    for (size_t i = 0; i < count; i++)
        if (i != except && !set[i])
            return false;
    return true;
}

Test(shipped, together_they_say_all_that_can_be_said)
{
    each(see);
    cr_expect(all_but(seen.measures, COUNT(seen.measures), SIZE_MAX));
    cr_expect(all_but(seen.targets, COUNT(seen.targets), SIZE_MAX));
    cr_expect(all_but(seen.scales, COUNT(seen.scales), HEART_BPM)); // nobody's but one's own
    cr_expect(all_but(seen.points, COUNT(seen.points), SIZE_MAX));
    cr_expect(all_but(seen.zones, COUNT(seen.zones), SIZE_MAX));
    cr_expect(all_but(seen.manners, COUNT(seen.manners), SIZE_MAX));
    cr_expect(seen.goal && seen.percent && seen.seconds && seen.mile);
    cr_expect(seen.note && seen.strides && seen.every);
    cr_expect(seen.metronome && seen.pacer);
    cr_expect(seen.ladder && seen.and_back && seen.no_last);
    cr_expect(ge(uint, seen.depth, 2));
    cr_expect(eq(uint, seen.kinds, (1U << KIND_COUNT) - 1));
}
