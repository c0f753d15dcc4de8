// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl check: reads a workout of any format and shows what will be run, in all and step by step,
// for this runner as far as one is known, and what is doubtful about it, before anybody laces a
// shoe.

#include "pacectl/import.h"
#include "pacectl/show.h"
#include "pacectl/told.h"
#include "workout/aids.h"
#include "workout/lint.h"

#include <math.h>
#include <string.h>

// ── JSON ──

static void add_warnings_json(JsonBuilder *builder, const TextWarnings *warnings)
{
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
}

static void print_check_json(const Import *import)
{
    const Plan *plan = import->plan;
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_string(builder, "name", plan->name);
    json_builder_set_member_name(builder, "steps");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < plan->step_count; i++) {
        json_builder_begin_object(builder);
        show_plan_step_json(builder, plan, i);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_add_int(builder, "expanded_steps", (gint64)plan->step_count);
    json_add_double(builder, "total_m", plan_total_m(plan));
    json_add_double(builder, "total_s", plan_total_s(plan));
    add_warnings_json(builder, import->warnings);
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

// ── for people ──

// "rest", "jog"; "work", "stride".
static const char *step_word(const PlanStep *step)
{
    if (step->stride)
        return "stride";
    return step->step.manner == MANNER_PLAIN ? step_kind_name(step->step.kind)
                                             : step_manner_name(step->step.manner);
}

// What is asked for, and how that was written where it says something else.
static void print_asked(const Plan *plan, const PlanStep *step)
{
    g_autofree char *asked = show_asked(plan, step);
    char text[SHOW_MAX];
    if (!asked)
        return;
    const TargetPoint *from = &plan->items[step->item].target.from;
    const gboolean resolved = show_aim(&step->aim, text);
    const gboolean same = plan->items[step->item].target.kind == TARGET_AT &&
                          from->kind == POINT_PACE && from->unit == PACE_PER_KM &&
                          from->percent_tenths == 0 && from->offset_s == 0;
    if (!resolved)
        printf("  at %s", asked);
    else if (step->aim.quantity == AIM_SPEED)
        printf("  at %s", text);
    else
        printf("  %s", text);
    if (resolved && !same)
        printf(" (%s)", asked);
}

static void print_step(const Plan *plan, size_t index)
{
    const PlanStep *step = &plan->steps[index];
    char length[SHOW_MAX];
    show_step_length(&step->step, length);
    printf("%4zu  %-6s %9s", index + 1, step_word(step), length);
    print_asked(plan, step);
    if (step->step.measure == MEASURE_HEART)
        printf("  until the heart is below %u%s", step->step.heart_below,
               step->step.heart_is_percent ? " %" : "");
    if (step->repetitions > 0)
        printf("  (%u of %u)", step->repetition, step->repetitions);
    char metronome[METRONOME_TEXT_MAX];
    if (aids_metronome(plan, index) != METRONOME_OFF)
        printf("  metronome %s", aids_metronome_text(aids_metronome(plan, index), metronome));
    if (aids_pacer(plan, index) != 0)
        printf("  pacer %u m", aids_pacer(plan, index));
    if (*plan_note(plan, index))
        printf("  \"%s\"", plan_note(plan, index));
    putchar('\n');
}

static void print_check(const Plan *plan, const Gist *gist)
{
    char in_all[2 * SHOW_MAX];
    printf("%s\n", plan->name);
    for (size_t i = 0; i < plan->step_count; i++)
        print_step(plan, i);
    show_in_all((guint)plan->step_count, gist, in_all);
    puts(in_all);
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

// ── the runner ──

// Who was told here, or else whom the daemon knows; all that is doubtful for them, and what it
// comes to in all.
static int make_personal(const char *file, const Told *told, gboolean by_effort, Import *import,
                         Gist *ret_gist)
{
    Athlete athlete = told->athlete;
    RunnerHistory history = history_unknown();
    if (athlete_is_unknown(&athlete))
        told_quietly(&athlete, &history);
    const AthleteModel model = athlete_model(&athlete);
    const int code = import_resolve(file, import, &athlete, &model, by_effort);
    if (code != EXIT_DONE)
        return code;
    g_autofree Plan *taken = g_memdup2(import->plan, sizeof *import->plan); // it is resolved anew
    *ret_gist = gist_of_plan(taken, &athlete, &model);
    lint_plan(import->plan, &model, import->warnings);
    lint_personal(import->plan, ret_gist, &athlete, &model, &history, import->warnings);
    return EXIT_DONE;
}

int verb_check(int argc, char **argv)
{
    gboolean json = FALSE, by_effort = FALSE;
    g_auto(Told) told = told_nothing();
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
        {"by-effort", 0, 0, G_OPTION_ARG_NONE, &by_effort, NULL, NULL},
        TOLD_OPTIONS(&told),
        {NULL},
    };
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    g_auto(Import) import = {0};
    int code = told_finish(&told);
    if (code == EXIT_DONE)
        code = import_read(argv[1], IMPORT_ANY, &import);
    if (code != EXIT_DONE)
        return code;
    Gist gist;
    code = make_personal(argv[1], &told, by_effort, &import, &gist);
    if (code != EXIT_DONE)
        return code;
    if (json)
        print_check_json(&import);
    else {
        print_check(import.plan, &gist);
        print_doubts(argv[1], &import);
    }
    return EXIT_DONE;
}
