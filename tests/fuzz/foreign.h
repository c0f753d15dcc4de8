// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What must hold of a plan that came from a foreign format: it is within its limits, a text of ours
// says it, and a watch can be given it.

#pragma once

#include "fuzz.h"

#include "workout/fitplan.h"

#include <string.h>

static Plan foreign_plan, foreign_again; // 150 kB each

static void foreign_check_message(const char *text)
{
    CHECK(*text != '\0' && strlen(text) < TEXT_MESSAGE_MAX);
}

static void foreign_lost(void *data, uint32_t where, const char *text)
{
    CHECK(where <= 1000000);
    foreign_check_message(text);
}

static const Losses foreign_losses = {.say = foreign_lost};

static void foreign_check_plan(void)
{
    static char printed[512 * 1024];
    static uint8_t bytes[FITPLAN_BYTES_MAX];
    TextError error;
    FitplanError wrong;
    const Plan *plan = &foreign_plan;
    CHECK(plan->item_count >= 1 && plan->item_count <= PLAN_ITEMS_MAX);
    CHECK(plan->step_count >= 1 && plan->step_count <= PLAN_STEPS_MAX);
    const size_t length = text_print(plan, printed, sizeof printed);
    CHECK(length < sizeof printed);
    CHECK(text_parse(printed, length, &foreign_again, NULL, &error));
    CHECK(foreign_again.step_count == plan->step_count);
    CHECK(strcmp(foreign_again.name, plan->name) == 0);
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *a = &plan->steps[i], *b = &foreign_again.steps[i];
        CHECK(a->step.kind == b->step.kind && a->step.measure == b->step.measure);
        CHECK(a->step.duration == b->step.duration && a->step.distance_mm == b->step.distance_mm);
        CHECK(target_same(&plan->items[a->item].target, &foreign_again.items[b->item].target));
        CHECK(strcmp(plan_note(plan, i), plan_note(&foreign_again, i)) == 0);
    }
    const size_t written = fitplan_write(plan, 1, 1, bytes, sizeof bytes, &foreign_losses);
    CHECK(written > 0);
    CHECK(fitplan_read(bytes, written, &foreign_again, &foreign_losses, &wrong));
    CHECK(foreign_again.step_count == plan->step_count);
}
