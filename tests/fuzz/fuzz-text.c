// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hostile workout texts. What must hold: an error says where, in printable characters; a plan is
// within its limits; what is printed parses, to the same plan, and prints the same again. Every
// plan that parses is then run to its end, with the rest of the input as the runner.

#include "fuzz.h"

#include "workout/engine.h"
#include "workout/gist.h"
#include "workout/lint-personal.h"
#include "workout/lint.h"

#include <string.h>

static Plan first, second, third; // 150 kB each
static char printed[256 * 1024], again[256 * 1024];

static void check_message(const char *text)
{
    CHECK(*text != '\0' && strlen(text) < TEXT_MESSAGE_MAX);
    for (const uint8_t *c = (const uint8_t *)text; *c != '\0'; c++)
        CHECK(*c >= 0x20 && *c != 0x7f);
}

static void check_limits(const Plan *plan)
{
    CHECK(plan->item_count >= 1 && plan->item_count <= PLAN_ITEMS_MAX);
    CHECK(plan->step_count >= 1 && plan->step_count <= PLAN_STEPS_MAX);
    CHECK(plan_total_s(plan) <= usec_to_s(PLAN_TIME_MAX) && plan_total_m(plan) >= 0);
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        CHECK(step->item < plan->item_count && step->repetition <= step->repetitions);
        CHECK(step_ends_by_clock(&step->step) == (step->step.duration > 0));
        CHECK((step->step.measure == MEASURE_HEART) == (step->step.least > 0));
        CHECK(step->step.least <= step->step.duration);
        CHECK((step->step.measure == MEASURE_DISTANCE) == (step->step.distance_mm > 0));
        CHECK(step->step.kind == STEP_WORK || step->aim.quantity == AIM_NONE);
        CHECK(isnan(aim_speed(&step->aim)) || aim_speed(&step->aim) > 0);
        CHECK(strlen(plan_note(plan, i)) <= PLAN_NOTE_MAX);
    }
}

static void check_printing(void)
{
    TextError error;
    size_t length = text_print(&first, printed, sizeof printed);
    CHECK(length < sizeof printed);
    CHECK(text_parse(printed, length, &second, NULL, &error));
    CHECK(strcmp(first.name, second.name) == 0 && first.step_count == second.step_count);
    for (size_t i = 0; i < first.step_count; i++) {
        const PlanStep *a = &first.steps[i], *b = &second.steps[i];
        CHECK(a->step.kind == b->step.kind && a->step.measure == b->step.measure);
        CHECK(a->step.duration == b->step.duration && a->step.distance_mm == b->step.distance_mm);
        CHECK(memcmp(&a->aim, &b->aim, sizeof a->aim) == 0 && a->item == b->item);
        CHECK(target_same(&first.items[a->item].target, &second.items[b->item].target));
        CHECK(strcmp(plan_note(&first, i), plan_note(&second, i)) == 0);
        CHECK(a->repetition == b->repetition && a->repetitions == b->repetitions);
    }
    CHECK(text_print(&second, again, sizeof again) == length && strcmp(printed, again) == 0);
}

// Of `second`, whose targets it resolves.
static void check_gist(void)
{
    const Gist gist = gist_of_plan(&second, NULL, NULL);
    CHECK(gist.kinds != 0 && gist.kinds < 1U << KIND_COUNT);
    CHECK(isnan(gist.s) || (gist.s >= 0 && isfinite(gist.s)));
    CHECK(isnan(gist.m) || (gist.m >= 0 && isfinite(gist.m)));
}

static void check_running(const uint8_t *data, size_t size)
{
    Engine engine;
    EngineEvent event;
    Usec at = 0, laps = 0;
    double metres = 0;
    engine_start(&engine, &first, 0, 0);
    for (size_t i = 0; i < size; i++) {
        at += data[i] * data[i] * USEC_PER_MSEC;
        metres += data[i] / 4.0;
        while (engine_advance(&engine, at, metres, &event)) {
            CHECK(event.at <= at && event.step < first.step_count);
            if (event.kind != ENGINE_STEP_ENDED)
                continue;
            laps += event.lap.duration;
            CHECK(event.lap.duration >= 0 && event.lap.distance_m >= 0);
        }
        if (data[i] % 32 == 1)
            engine_lengthen(&engine, data[i] * USEC_PER_SEC);
        if (data[i] % 32 == 3)
            engine_shorten(&engine, data[i] * USEC_PER_MSEC);
        if (data[i] % 16 == 0 && engine_end_step(&engine, STEP_LAPPED, &event))
            laps += event.lap.duration;
    }
    CHECK(laps + (engine.running ? engine.step_active : 0) == engine.active);
}

static void check_warnings(const TextWarnings *warnings)
{
    CHECK(warnings->count <= TEXT_WARNINGS_MAX);
    for (size_t i = 0; i < warnings->count; i++) {
        const TextWarning *warning = &warnings->items[i];
        CHECK(warning->line >= 1 && warning->column >= 1 && *warning->code != '\0');
        CHECK(i == 0 || warning[-1].line <= warning->line);
        check_message(warning->text);
    }
}

// For a runner of whom little is known.
static void check_personal(const TextWarnings *parsed)
{
    TextWarnings warnings = *parsed;
    Athlete athlete = athlete_unknown();
    size_t ignored;
    athlete.race_count = 1;
    athlete.races[0] = (Race){.distance_m = 5000, .time_s = 1500, .maximal = true};
    const AthleteModel model = athlete_model(&athlete);
    second = first;
    plan_resolve(&second, &athlete, &model, false, &ignored);
    lint_plan(&second, NULL, &warnings);
    third = second;
    const Gist gist = gist_of_plan(&third, &athlete, &model);
    lint_personal(&second, &gist, &athlete, &model, &(RunnerHistory){3, 10000, 3600}, &warnings);
    check_warnings(&warnings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TextWarnings warnings;
    TextError error = {0};
    if (!lint_text((const char *)data, size, &first, &warnings, &error)) {
        CHECK(error.line >= 1 && error.column >= 1);
        check_message(error.text);
        return 0;
    }
    check_warnings(&warnings);
    check_personal(&warnings);
    check_limits(&first);
    check_printing();
    check_gist();
    check_running(data, size);
    return 0;
}
