// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl show: how a run went, step by step, as a page of text or as JSON.

#include "pacectl/show.h"
#include "pacectl/summary.h"

#include <math.h>
#include <string.h>

#define BAR 24

// A dash is three bytes and one column: pad by characters.
static void put(const char *text, int width)
{
    printf("%*s%s", (int)MAX(1, width - g_utf8_strlen(text, -1)), "", text);
}

static void put_number(double value, int digits, int width)
{
    char text[SHOW_MAX];
    show_number(value, digits, text);
    put(text, width);
}

static void put_share(double share, int width)
{
    char text[SHOW_MAX];
    if (isfinite(share))
        g_snprintf(text, sizeof text, "%+.1f%%", round(share * 1000) / 10 + 0.0);
    else
        show_duration(NAN, text);
    put(text, width);
}

static char *date_of(gint64 started, const char *format)
{
    if (started == 0)
        return g_strdup("(clock not set)");
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(started / (gint64)USEC_PER_SEC);
    return g_date_time_format(when, format);
}

static void print_head(const Run *run)
{
    char distance[SHOW_MAX], duration[SHOW_MAX], pace[SHOW_MAX], drift[SHOW_MAX];
    g_autofree char *date = date_of(run->started, "%A %-d %B %Y, %H:%M");
    show_distance(summary_distance(run), distance);
    show_duration(run->summary.duration_s, duration);
    show_pace(summary_speed(run), pace);
    printf("%s\n%s", run_title(run), date);
    if (run->number)
        printf(", run %" G_GINT64_FORMAT, run->number);
    printf("%s\n\n%s in %s, %s /km", show_ending(run->ended_by), distance, duration, pace);
    if (isfinite(run->summary.heart_rate))
        printf(", %.0f bpm", run->summary.heart_rate);
    if (isfinite(run->summary.load.rtss))
        printf(", rTSS %.0f", run->summary.load.rtss);
    if (isfinite(run->summary.load.trimp))
        printf(", TRIMP %.0f", run->summary.load.trimp);
    show_number(run->summary.load.decoupling_percent, 1, drift);
    if (isfinite(run->summary.load.decoupling_percent))
        printf(", decoupling %s %%", drift);
    puts("\n");
}

static void print_lap(const Run *run, guint index)
{
    const RunLap *lap = run_lap(run, index);
    char which[SHOW_MAX] = "", text[SHOW_MAX];
    if (lap->lap.repetitions > 0)
        g_snprintf(which, sizeof which, "%u/%u", lap->lap.repetition, lap->lap.repetitions);
    printf("%4u  %-5s %-6s", index + 1, step_kind_name(lap->lap.kind), which);
    show_duration(usec_to_s(lap->lap.duration), text);
    put(text, 8);
    show_distance(lap->lap.distance_m, text);
    put(text, 9);
    show_pace(lap->lap.speed_mps, text);
    put(text, 8);
    show_aim(&lap->lap.aim, text);
    put(text, 18);
    put_share(summary_off(lap), 8);
    put_number(lap->lap.heart_rate, 0, 6);
    put_number(lap->heart_end, 0, 5);
    put_number(lap->lap.cadence, 0, 8);
    put_number(lap->step_length, 2, 7);
    put_number(lap->form_drift, 1, 7);
    put_number(lap->d_prime_end, 0, 6);
    printf("%s%s\n", lap->lap.outcome == STEP_COMPLETED ? "" : "  ",
           lap->lap.outcome == STEP_COMPLETED ? "" : step_outcome_name(lap->lap.outcome));
}

static void print_kilometres(const Run *run)
{
    g_autoptr(GArray) kilometres = summary_kilometres(run);
    double metres = 0;
    if (kilometres->len > 0)
        puts("\n Distance     Time Pace/km Heart");
    for (guint i = 0; i < kilometres->len; i++) {
        const RunKilometre *one = &g_array_index(kilometres, RunKilometre, i);
        char text[SHOW_MAX];
        show_distance(metres += one->metres, text);
        put(text, 9);
        show_duration(one->seconds, text);
        put(text, 9);
        show_pace(one->metres / one->seconds, text);
        put(text, 8);
        put_number(one->heart, 0, 6);
        putchar('\n');
    }
}

static void print_sets(const Run *run)
{
    g_autoptr(GArray) sets = summary_sets(run);
    for (guint i = 0; i < sets->len; i++) {
        g_autofree char *words = summary_words(&g_array_index(sets, RunSet, i));
        printf("\n%s.", words);
    }
    if (sets->len > 0)
        putchar('\n');
}

static void print_zones(const Run *run)
{
    const HeartZones *zones = athlete_zones(&run->model);
    double all = 0;
    for (gsize i = 0; i < zones->count; i++)
        all += run->zone_s[i];
    if (all <= 0)
        return;
    puts("\nHeart zone            Time");
    for (gsize i = 0; i < zones->count; i++) {
        char bar[4 * BAR + 1], time[SHOW_MAX];
        show_duration(run->zone_s[i], time);
        show_bar(run->zone_s[i] / all, BAR, bar, sizeof bar);
        printf("%2s %-15s%8s  %s\n", zones_label(zones, i), zones_name(zones, i), time, bar);
    }
}

static void print_changes(const Run *run)
{
    g_autoptr(GPtrArray) changes = summary_changes(run);
    if (changes->len > 0)
        puts("\nWhat was changed");
    for (guint i = 0; i < changes->len; i++)
        puts(changes->pdata[i]);
}

static void print_before(const Run *run)
{
    g_autoptr(GArray) before = summary_before(run);
    if (before->len > 0)
        puts("\nThe same workout before  Distance     Time Pace/km Heart Repetitions");
    for (guint i = 0; i < before->len; i++) {
        const RunBefore *one = &g_array_index(before, RunBefore, i);
        char text[SHOW_MAX];
        g_autofree char *date = date_of(one->started, "%Y-%m-%d %H:%M");
        printf("%4" G_GINT64_FORMAT "  %-17s", one->number, date);
        show_distance(one->distance, text);
        put(text, 10);
        show_duration(one->duration, text);
        put(text, 9);
        show_pace(one->distance / one->duration, text);
        put(text, 8);
        put_number(one->heart, 0, 6);
        show_pace(one->repetition, text);
        put(text, 12);
        putchar('\n');
    }
}

// ── JSON ──

static double milli(double value)
{
    return round(value * 1000) / 1000;
}

static void add_lap(JsonBuilder *builder, const Run *run, guint index)
{
    const RunLap *lap = run_lap(run, index);
    json_builder_begin_object(builder);
    json_add_string(builder, "kind", step_kind_name(lap->lap.kind));
    json_add_string(builder, "outcome", step_outcome_name(lap->lap.outcome));
    if (lap->lap.repetitions > 0) {
        json_add_int(builder, "repetition", lap->lap.repetition);
        json_add_int(builder, "repetitions", lap->lap.repetitions);
    }
    json_add_double(builder, "start_s", milli(lap->start));
    json_add_double(builder, "duration_s", milli(usec_to_s(lap->lap.duration)));
    json_add_double(builder, "distance_m", milli(lap->lap.distance_m));
    json_add_double(builder, "speed_mps", milli(lap->lap.speed_mps));
    show_target_json(builder, &lap->lap.aim, NULL);
    json_add_double(builder, "off_target_percent", milli(summary_off(lap) * 100));
    json_add_double(builder, "heart_rate_bpm", milli(lap->lap.heart_rate));
    json_add_double(builder, "heart_rate_end_bpm", milli(lap->heart_end));
    json_add_double(builder, "recovery_bpm", milli(summary_recovery(run, index)));
    json_add_double(builder, "cadence_spm", milli(lap->lap.cadence));
    json_add_double(builder, "step_length_m", milli(lap->step_length));
    json_add_double(builder, "power_w", milli(lap->power));
    json_add_double(builder, "form_drift_spm", milli(lap->form_drift));
    json_add_double(builder, "d_prime_balance_m", milli(lap->d_prime_end));
    json_builder_end_object(builder);
}

static void add_sets(JsonBuilder *builder, const Run *run)
{
    g_autoptr(GArray) sets = summary_sets(run);
    json_builder_set_member_name(builder, "sets");
    json_builder_begin_array(builder);
    for (guint i = 0; i < sets->len; i++) {
        const RunSet *set = &g_array_index(sets, RunSet, i);
        json_builder_begin_object(builder);
        json_add_int(builder, "repetitions", set->count);
        json_add_double(builder, "speed_mps", milli(set->speed));
        json_add_double(builder, "spread_percent", milli(set->spread * 100));
        json_add_double(builder, "change_percent", milli(set->change * 100));
        json_add_double(builder, "off_target_percent", milli(set->off * 100));
        json_add_double(builder, "heart_rate_end_bpm", milli(set->heart_end));
        json_add_double(builder, "recovery_bpm", milli(set->recovery));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_kilometres(JsonBuilder *builder, const Run *run)
{
    g_autoptr(GArray) kilometres = summary_kilometres(run);
    json_builder_set_member_name(builder, "kilometres");
    json_builder_begin_array(builder);
    for (guint i = 0; i < kilometres->len; i++) {
        const RunKilometre *one = &g_array_index(kilometres, RunKilometre, i);
        json_builder_begin_object(builder);
        json_add_double(builder, "distance_m", milli(one->metres));
        json_add_double(builder, "duration_s", milli(one->seconds));
        json_add_double(builder, "heart_rate_bpm", milli(one->heart));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_zones(JsonBuilder *builder, const Run *run)
{
    const HeartZones *zones = athlete_zones(&run->model);
    json_builder_set_member_name(builder, "zones");
    json_builder_begin_array(builder);
    for (gsize i = 0; i < zones->count; i++) {
        json_builder_begin_object(builder);
        json_add_string(builder, "zone", zones_label(zones, i));
        json_add_double(builder, "time_s", run->zone_s[i]);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_changes(JsonBuilder *builder, const Run *run)
{
    json_builder_set_member_name(builder, "adaptations");
    json_builder_begin_array(builder);
    for (guint i = 0; i < run->changes->len; i++) {
        const RunChange *change = &g_array_index(run->changes, RunChange, i);
        json_builder_begin_object(builder);
        json_add_double(builder, "t_s", milli(change->at));
        json_add_string(builder, "decision", adapt_decision_name(change->adaptation.decision));
        json_add_string(builder, "reason", adapt_reason_name(change->adaptation.reason));
        json_add_boolean(builder, "on_offer", change->adaptation.on_offer);
        json_add_boolean(builder, "taken_back", change->adaptation.taken_back);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_before(JsonBuilder *builder, const Run *run)
{
    g_autoptr(GArray) before = summary_before(run);
    json_builder_set_member_name(builder, "before");
    json_builder_begin_array(builder);
    for (guint i = 0; i < before->len; i++) {
        const RunBefore *one = &g_array_index(before, RunBefore, i);
        json_builder_begin_object(builder);
        json_add_int(builder, "run", one->number);
        json_add_double(builder, "distance_m", milli(one->distance));
        json_add_double(builder, "duration_s", milli(one->duration));
        json_add_double(builder, "heart_rate_bpm", milli(one->heart));
        json_add_double(builder, "repetition_speed_mps", milli(one->repetition));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static JsonBuilder *run_json(const Run *run)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    if (run->number)
        json_add_int(builder, "run", run->number);
    json_add_string(builder, "workout", run->name);
    if (run->started)
        json_add_double(builder, "started", run_unix(run, 0));
    json_add_string(builder, "ended_by", run->ended_by);
    json_add_double(builder, "duration_s", milli(run->summary.duration_s));
    json_add_double(builder, "elapsed_s", milli(run->summary.elapsed_s));
    json_add_double(builder, "distance_m", milli(run->summary.distance_m));
    json_add_double(builder, "corrected_distance_m", milli(run->corrected_m));
    json_add_double(builder, "heart_rate_bpm", milli(run->summary.heart_rate));
    json_add_double(builder, "trimp", milli(run->summary.load.trimp));
    json_add_double(builder, "rtss", milli(run->summary.load.rtss));
    json_add_double(builder, "decoupling_percent", milli(run->summary.load.decoupling_percent));
    json_builder_set_member_name(builder, "laps");
    json_builder_begin_array(builder);
    for (guint i = 0; i < run->laps->len; i++)
        add_lap(builder, run, i);
    json_builder_end_array(builder);
    add_kilometres(builder, run);
    add_sets(builder, run);
    add_zones(builder, run);
    add_changes(builder, run);
    add_before(builder, run);
    json_builder_end_object(builder);
    return builder;
}

// History.Details' answer: (details a{sv}).
static void print_run_answer(const Run *run)
{
    g_autoptr(JsonBuilder) builder = run_json(run);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autoptr(GVariant) dict = g_variant_ref_sink(json_to_dict(json_node_get_object(root)));
    GVariantDict details;
    g_variant_dict_init(&details, dict);
    if (run->started)
        g_variant_dict_insert(&details, "started", "x", run->started);
    g_autoptr(GVariant) answer =
        g_variant_ref_sink(g_variant_new("(@a{sv})", g_variant_dict_end(&details)));
    g_autofree char *printed = g_variant_print(answer, TRUE);
    puts(printed);
}

int verb_show(int argc, char **argv)
{
    gboolean json = FALSE, variant = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
                                    {"gvariant", 0, 0, G_OPTION_ARG_NONE, &variant, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    int code = EXIT_DONE;
    g_autoptr(Run) run = run_fetch(argv[1], NULL, &code);
    if (!run)
        return code;
    if (variant)
        print_run_answer(run);
    else if (json)
        print_json_builder(run_json(run));
    if (variant || json)
        return EXIT_DONE;
    print_head(run);
    puts(" Lap  Step            Time Distance Pace/km            Target     Off Heart  End Cadence "
         "Step m  Drift    D′");
    for (guint i = 0; i < run->laps->len; i++)
        print_lap(run, i);
    print_kilometres(run);
    print_sets(run);
    print_zones(run);
    print_changes(run);
    print_before(run);
    return EXIT_DONE;
}
