// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl check: reads a workout's text and shows what will be run, in all and step by step, and
// what is doubtful about it, before anybody laces a shoe.

#include "pacectl/pacectl.h"
#include "pacectl/show.h"
#include "workout/lint.h"

#include <math.h>

static void print_check_json(const Plan *plan, const TextWarnings *warnings)
{
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
    json_builder_end_object(builder);
    print_json_builder(builder);
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

    int code = EXIT_DONE;
    gsize length;
    g_autofree char *text = read_input(argv[1], &length, &code);
    if (!text)
        return code;
    g_autofree Plan *plan = g_new(Plan, 1);
    g_autofree TextWarnings *warnings = g_new0(TextWarnings, 1);
    TextError error;
    if (!lint_text(text, length, plan, warnings, &error))
        return complain_broken(argv[1], &error);
    if (json) {
        print_check_json(plan, warnings);
        return EXIT_DONE;
    }
    print_check(plan);
    for (size_t i = 0; i < warnings->count; i++)
        printf("%s:%u:%u: warning: %s [%s]\n", argv[1], warnings->items[i].line,
               warnings->items[i].column, warnings->items[i].text, warnings->items[i].code);
    return EXIT_DONE;
}
