// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl check: reads a workout's text and shows what will be run, in all and step by step, and
// what is doubtful about it, before anybody laces a shoe.

#include "pacectl/import.h"
#include "pacectl/show.h"

#include <math.h>

static void print_check_json(const Import *import)
{
    const Plan *plan = import->plan;
    const TextWarnings *warnings = import->warnings;
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_string(builder, "name", plan->name);
    json_builder_set_member_name(builder, "steps");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < plan->step_count; i++) {
        json_builder_begin_object(builder);
        show_step_json(builder, &plan->steps[i]);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_add_int(builder, "expanded_steps", (gint64)plan->step_count);
    json_add_double(builder, "total_m", plan_total_m(plan));
    json_add_double(builder, "total_s", plan_total_s(plan));
    json_builder_set_member_name(builder, "warnings");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < warnings->count; i++) {
        const TextWarning *warning = &warnings->items[i];
        json_builder_begin_object(builder);
        json_add_int(builder, "line", warning->line);
        json_add_int(builder, "column", warning->column);
        json_add_string(builder, "code", warning->code);
        json_add_string(builder, "text", warning->text);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    if (import->losses->len > 0) {
        json_builder_set_member_name(builder, "losses");
        json_builder_begin_array(builder);
        for (guint i = 0; i < import->losses->len; i++)
            json_builder_add_string_value(builder, import->losses->pdata[i]);
        json_builder_end_array(builder);
    }
    json_builder_end_object(builder);
    print_json_builder(builder);
}

// What is doubtful, and what another format says that a plan cannot.
static void print_doubts(const char *file, const Import *import)
{
    for (size_t i = 0; i < import->warnings->count; i++) {
        const TextWarning *warning = &import->warnings->items[i];
        if (import->format == IMPORT_FIT) // which has no lines
            printf("%s: step %u", file, warning->line);
        else
            printf("%s:%u:%u", file, warning->line, warning->column);
        printf(": warning: %s [%s]\n", warning->text, warning->code);
    }
    for (guint i = 0; i < import->losses->len; i++)
        printf("%s\n", (const char *)import->losses->pdata[i]);
}

static void print_check(const Plan *plan)
{
    char length[SHOW_MAX], pace[SHOW_MAX], total[SHOW_MAX];
    printf("%s\n", plan->name);
    for (size_t i = 0; i < plan->step_count; i++) {
        const PlanStep *step = &plan->steps[i];
        show_step_length(&step->step, length);
        show_pace(aim_speed(&step->aim), pace);
        printf("%4zu  %-5s %10s", i + 1, step_kind_name(step->step.kind), length);
        if (step->aim.quantity == AIM_SPEED)
            printf("  at %s /km", pace);
        if (step->repetitions > 0)
            printf("  (%u of %u)", step->repetition, step->repetitions);
        putchar('\n');
    }
    show_duration(plan_total_s(plan), total);
    printf("In all: %zu steps, %.2f km, %s\n", plan->step_count, plan_total_m(plan) / 1000, total);
}

int verb_check(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;

    g_auto(Import) import = {0};
    const int code = import_read(argv[1], IMPORT_ANY, &import);
    if (code != EXIT_DONE)
        return code;
    if (json)
        print_check_json(&import);
    else {
        print_check(import.plan);
        print_doubts(argv[1], &import);
    }
    return EXIT_DONE;
}
