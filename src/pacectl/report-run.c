// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One run as a page. Pace is drawn upside down, as runners read it: faster is higher, and a metre
// of paper is as many seconds a kilometre everywhere. Only what was known is drawn.

#include "pacectl/plot.h"
#include "pacectl/report.h"
#include "pacectl/show.h"
#include "pacectl/summary.h"

#include <math.h>
#include <string.h>

#define POINTS      480
#define SLOWEST     900.0 // s/km: slower is standing about
#define BARS_LABELS 16
#define BARS_MOST   60

typedef double (*Field)(const RunSecond *second);

static double heart_of(const RunSecond *second)
{
    return second->heart;
}

static double pace_of(const RunSecond *second)
{
    return second->speed > 1000 / SLOWEST ? second->speed : NAN;
}

static double target_of(const RunSecond *second)
{
    return second->target;
}

// Who stands takes no steps, rather than 0 a minute.
static double cadence_of(const RunSecond *second)
{
    return second->cadence > 0 ? second->cadence : NAN;
}

static double step_of(const RunSecond *second)
{
    return second->step_length;
}

static double drift_of(const RunSecond *second)
{
    return second->form_drift;
}

static double d_prime_of(const RunSecond *second)
{
    return second->d_prime;
}

// ── series ──

typedef struct {
    double values[POINTS];
    gsize count;
    double step;        // s between them
    double least, most; // NAN: there are none
} Series;

static double length_of(const Run *run)
{
    return fmax(run->summary.elapsed_s, 1);
}

// Means over as many equal spans as fit on the paper.
static void series_fill(Series *series, const Run *run, Field field, gboolean as_pace)
{
    double sums[POINTS] = {0};
    guint counts[POINTS] = {0};
    series->count = (gsize)CLAMP(length_of(run), 2, POINTS);
    series->step = length_of(run) / (double)series->count;
    series->least = series->most = NAN;
    for (guint i = 0; i < run_seconds(run); i++) {
        const RunSecond *second = run_second(run, i);
        const double value = field(second);
        const gsize at = MIN((gsize)(second->t / series->step), series->count - 1);
        if (second->paused || !isfinite(value))
            continue;
        sums[at] += value;
        counts[at]++;
    }
    for (gsize i = 0; i < series->count; i++) {
        double value = counts[i] > 0 ? sums[i] / counts[i] : NAN;
        value = as_pace ? -1000 / value : value;
        series->values[i] = value;
        series->least = fmin(series->least, value);
        series->most = fmax(series->most, value);
    }
}

static gboolean series_known(const Series *series)
{
    return isfinite(series->least);
}

// ── axes ──

static void label_time(double value, char ret_text[PLOT_LABEL])
{
    if (value >= 3600)
        g_snprintf(ret_text, PLOT_LABEL, "%d:%02d h", (int)value / 3600, (int)value / 60 % 60);
    else
        g_snprintf(ret_text, PLOT_LABEL, "%g min", value / 60);
}

static double round_step(double width, int most)
{
    static const double steps[] = {5,   10,  15,   30,   60,   120,   300,
                                   600, 900, 1800, 3600, 7200, 14400, 28800};
    gsize i = 0;
    while (i + 1 < G_N_ELEMENTS(steps) && width / steps[i] > most)
        i++;
    return steps[i];
}

static PlotFrame frame_of(const Run *run, const char *id, const char *title,
                          const char *description, const Series *series)
{
    const double room = plot_room(series->least, series->most, 0.06);
    return (PlotFrame){
        .id = id,
        .title = title,
        .description = description,
        .x_most = length_of(run),
        .x_step = round_step(length_of(run), 6),
        .y_least = series->least - room,
        .y_most = series->most + room,
        .x_label = label_time,
        .y_label = plot_label_number,
    };
}

// ── figures ──

static void begin(GString *page, const char *title, const char *note)
{
    g_string_append_printf(page, "<section>\n<h2>%s</h2>\n<p class=\"note\">%s</p>\n", title, note);
}

static void end(GString *page)
{
    g_string_append(page, "</section>\n");
}

static void add_rests(Plot *plot, const Run *run)
{
    for (guint i = 0; i < run->laps->len; i++) {
        const RunLap *lap = run_lap(run, i);
        if (lap->lap.kind == STEP_REST)
            plot_band(plot, "rest", lap->start, lap->end, -INFINITY, INFINITY);
    }
}

static void add_figure(GString *page, const Run *run, const Series *series, const PlotFrame *frame,
                       const char *class)
{
    Plot plot = plot_begin(page, frame);
    add_rests(&plot, run);
    plot_axes(&plot, frame);
    plot_line(&plot, class, series->values, series->count, series->step / 2, series->step);
    plot_end(&plot);
}

static void add_pace(GString *page, const Run *run)
{
    Series pace, target;
    series_fill(&pace, run, pace_of, TRUE);
    series_fill(&target, run, target_of, TRUE);
    if (!series_known(&pace))
        return;
    char mean[SHOW_MAX];
    show_pace(summary_speed(run), mean);
    g_autofree char *description =
        g_strdup_printf("The pace over the run%s%s%s; the table of steps has its means.",
                        summary_speed(run) > 0 ? ", " : "", summary_speed(run) > 0 ? mean : "",
                        summary_speed(run) > 0 ? " a kilometre in the mean" : "");
    begin(page, series_known(&target) ? "Pace against target" : "Pace",
          series_known(&target)
              ? "Minutes a kilometre, faster is higher. <i class=\"pace\"></i>run "
                "<i class=\"aim\"></i>asked for; rests are shaded."
              : "Minutes a kilometre, faster is higher.");
    PlotFrame frame = frame_of(run, "pace", "Pace", description, &pace);
    frame.y_least = fmax(fmin(frame.y_least, target.least - 10), -SLOWEST);
    frame.y_most = fmax(frame.y_most, target.most + 10);
    if (series_known(&target)) // who walks in the rests is not to press all else flat
        frame.y_least = fmax(frame.y_least, target.least * 1.4);
    frame.y_step = round_step(frame.y_most - frame.y_least, 5);
    frame.y_label = plot_label_pace;
    Plot plot = plot_begin(page, &frame);
    add_rests(&plot, run);
    plot_axes(&plot, &frame);
    plot_line(&plot, "pace", pace.values, pace.count, pace.step / 2, pace.step);
    plot_line(&plot, "aim", target.values, target.count, target.step / 2, target.step);
    plot_end(&plot);
    end(page);
}

static void add_heart(GString *page, const Run *run)
{
    const HeartZones *zones = athlete_zones(&run->model);
    Series series;
    series_fill(&series, run, heart_of, FALSE);
    if (!series_known(&series))
        return;
    g_autofree char *mean = isfinite(run->summary.heart_rate)
                                ? g_strdup_printf(", %.0f in the mean", run->summary.heart_rate)
                                : g_strdup("");
    g_autofree char *description =
        g_strdup_printf("The heart rate over the run, between %.0f and %.0f beats a minute%s.",
                        series.least, series.most, mean);
    begin(page, "Heart",
          zones->count > 0 ? "Beats a minute; the ground is the zones, darker is harder."
                           : "Beats a minute.");
    const PlotFrame frame = frame_of(run, "heart", "Heart rate", description, &series);
    Plot plot = plot_begin(page, &frame);
    for (gsize i = 0; i < zones->count; i++) {
        g_autofree char *class = g_strdup_printf("z%zu", i);
        plot_band(&plot, class, 0, INFINITY, zones->from[i],
                  i + 1 < zones->count ? zones->from[i + 1] : INFINITY);
    }
    plot_axes(&plot, &frame);
    plot_line(&plot, "heart", series.values, series.count, series.step / 2, series.step);
    plot_end(&plot);
    end(page);
}

static void add_gait(GString *page, const Run *run)
{
    Series cadence, step;
    series_fill(&cadence, run, cadence_of, FALSE);
    series_fill(&step, run, step_of, FALSE);
    if (!series_known(&cadence))
        return;
    begin(page, "Cadence and stride",
          "Steps a minute, both feet; below, metres from one foot to the other.");
    PlotFrame frame = frame_of(run, "cadence", "Cadence", "Steps a minute over the run.", &cadence);
    add_figure(page, run, &cadence, &frame, "form");
    if (series_known(&step)) {
        frame = frame_of(run, "step", "Step length", "The length of a step over the run.", &step);
        add_figure(page, run, &step, &frame, "pace");
    }
    end(page);
}

static void add_drift(GString *page, const Run *run)
{
    Series series;
    series_fill(&series, run, drift_of, FALSE);
    if (!series_known(&series))
        return;
    begin(
        page, "Form",
        "Steps a minute fewer than you take at that speed while fresh: above 0 you stretch them.");
    PlotFrame frame =
        frame_of(run, "drift", "Form drift", "How many steps a minute are missing.", &series);
    frame.y_least = fmin(frame.y_least, -2);
    frame.y_most = fmax(frame.y_most, 2);
    add_figure(page, run, &series, &frame, "form");
    end(page);
}

static void add_d_prime(GString *page, const Run *run)
{
    Series series;
    series_fill(&series, run, d_prime_of, FALSE);
    if (!series_known(&series))
        return;
    begin(page, "What was left", "Metres of D′, which running faster than critical speed spends.");
    PlotFrame frame =
        frame_of(run, "dprime", "D′ balance", "What was left of D′ over the run.", &series);
    frame.y_least = fmin(frame.y_least, 0);
    add_figure(page, run, &series, &frame, "pace");
    end(page);
}

// ── splits ──

typedef struct {
    double speed, target;
    gboolean rest;
} Split;

static GArray *splits_of(const Run *run)
{
    GArray *splits = g_array_new(FALSE, FALSE, sizeof(Split));
    g_autoptr(GArray) kilometres = summary_kilometres(run);
    for (guint i = 0; i < kilometres->len; i++) {
        const RunKilometre *one = &g_array_index(kilometres, RunKilometre, i);
        const Split split = {one->metres / one->seconds, NAN, FALSE};
        g_array_append_val(splits, split);
    }
    for (guint i = 0; kilometres->len == 0 && i < run->laps->len; i++) {
        const RunLap *lap = run_lap(run, i);
        const Split split = {lap->lap.speed_mps, lap->target, lap->lap.kind == STEP_REST};
        g_array_append_val(splits, split);
    }
    return splits;
}

static void draw_splits(Plot *plot, const GArray *splits)
{
    for (guint i = 0; i < splits->len; i++) {
        const Split *split = &g_array_index(splits, Split, i);
        const double pace = -1000 / split->speed;
        char text[SHOW_MAX];
        if (!(split->speed > 1000 / SLOWEST))
            continue;
        plot_band(plot, split->rest ? "slow" : "bar", i + 0.12, i + 0.88, -INFINITY, pace);
        plot_mark(plot, "aim", i + 0.04, i + 0.96, -1000 / split->target);
        show_pace(split->speed, text);
        if (splits->len <= BARS_LABELS)
            plot_text(plot, split->rest ? "" : "in", i + 0.5, plot->y_least, text);
    }
}

static void label_lap(double value, char ret_text[PLOT_LABEL])
{
    g_snprintf(ret_text, PLOT_LABEL, "%s", "");
}

static void add_splits(GString *page, const Run *run)
{
    g_autoptr(GArray) splits = splits_of(run);
    double least = NAN, most = NAN;
    for (guint i = 0; i < splits->len; i++) {
        const Split *split = &g_array_index(splits, Split, i);
        const double pace = split->speed > 1000 / SLOWEST ? -1000 / split->speed : NAN;
        least = split->rest ? least : fmin(least, pace);
        most = fmax(fmax(most, pace), -1000 / split->target);
    }
    if (splits->len < 2 || splits->len > BARS_MOST || !isfinite(least))
        return;
    g_autoptr(GArray) sets = summary_sets(run);
    begin(page, "Splits",
          run->laps->len < 2
              ? "Each kilometre, in minutes; higher is faster."
              : "Each step, in minutes a kilometre, paler where it was a rest; the dashes are "
                "what was asked for.");
    for (guint i = 0; i < sets->len; i++) {
        g_autofree char *words = summary_words(&g_array_index(sets, RunSet, i));
        g_string_append_printf(page, "<p>%s.</p>\n", words);
    }
    const PlotFrame frame = {
        .id = "splits",
        .title = "Splits",
        .description = "A bar for each split; the table of steps has the same in numbers.",
        .x_most = splits->len,
        .y_least = least - (most - least) * 0.5 - 20,
        .y_most = most + (most - least) * 0.15 + 5,
        .y_step = round_step((most - least) * 1.65 + 25, 5),
        .x_label = label_lap,
        .y_label = plot_label_pace,
    };
    Plot plot = plot_begin(page, &frame);
    plot_axes(&plot, &frame);
    draw_splits(&plot, splits);
    plot_end(&plot);
    end(page);
}

// ── tables ──

static void cell(GString *page, double value, int digits)
{
    char text[SHOW_MAX];
    show_number(value, digits, text);
    g_string_append_printf(page, "<td>%s</td>", text);
}

static void add_step_row(GString *page, const Run *run, guint index)
{
    const RunLap *lap = run_lap(run, index);
    char time[SHOW_MAX], distance[SHOW_MAX], pace[SHOW_MAX], target[SHOW_MAX], which[SHOW_MAX] = "";
    show_duration(usec_to_s(lap->lap.duration), time);
    show_distance(lap->lap.distance_m, distance);
    show_pace(lap->lap.speed_mps, pace);
    show_aim(&lap->lap.aim, target);
    g_autofree char *aim = g_markup_escape_text(target, -1);
    if (lap->lap.repetitions > 0)
        g_snprintf(which, sizeof which, " %u/%u", lap->lap.repetition, lap->lap.repetitions);
    g_string_append_printf(page,
                           "<tr%s><td>%u %s%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>",
                           lap->lap.kind == STEP_REST ? " class=\"rest\"" : "", index + 1,
                           step_kind_name(lap->lap.kind), which, time, distance, pace, aim);
    cell(page, summary_off(lap) * 100, 1);
    cell(page, lap->lap.heart_rate, 0);
    cell(page, lap->heart_end, 0);
    cell(page, lap->lap.cadence, 0);
    cell(page, lap->step_length, 2);
    cell(page, lap->form_drift, 1);
    cell(page, lap->d_prime_end, 0);
    g_string_append(page, "</tr>\n");
}

static void add_steps(GString *page, const Run *run)
{
    begin(page, "Step by step",
          "A share above 0 is faster than asked. Drift: steps a minute that are missing.");
    g_string_append(
        page,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Step by step\"><table>\n"
        "<thead><tr><th scope=\"col\">Step</th><th scope=\"col\">Time</th>"
        "<th scope=\"col\">Distance</th><th scope=\"col\">/km</th><th scope=\"col\">Asked</th>"
        "<th scope=\"col\">Off %</th><th scope=\"col\">Heart</th><th scope=\"col\">At end</th>"
        "<th scope=\"col\">Cadence</th><th scope=\"col\">Step m</th><th scope=\"col\">Drift</th>"
        "<th scope=\"col\">D′ m</th></tr></thead>\n<tbody>\n");
    for (guint i = 0; i < run->laps->len; i++)
        add_step_row(page, run, i);
    g_string_append(page, "</tbody></table></div>\n");
    end(page);
}

static void add_kilometres(GString *page, const Run *run)
{
    g_autoptr(GArray) kilometres = summary_kilometres(run);
    if (kilometres->len == 0)
        return;
    begin(page, "Kilometre by kilometre",
          "Where each ends, and what it took; the last is what was left.");
    g_string_append(page,
                    "<table><thead><tr><th scope=\"col\">Distance</th><th scope=\"col\">Time</th>"
                    "<th scope=\"col\">/km</th><th scope=\"col\">Heart</th></tr></thead>\n"
                    "<tbody>\n");
    double metres = 0;
    for (guint i = 0; i < kilometres->len; i++) {
        const RunKilometre *one = &g_array_index(kilometres, RunKilometre, i);
        char distance[SHOW_MAX], time[SHOW_MAX], pace[SHOW_MAX];
        show_distance(metres += one->metres, distance);
        show_duration(one->seconds, time);
        show_pace(one->metres / one->seconds, pace);
        g_string_append_printf(page, "<tr><td>%s</td><td>%s</td><td>%s</td>", distance, time, pace);
        cell(page, one->heart, 0);
        g_string_append(page, "</tr>\n");
    }
    g_string_append(page, "</tbody></table>\n");
    end(page);
}

static void add_zones(GString *page, const Run *run)
{
    const HeartZones *zones = athlete_zones(&run->model);
    double all = 0, most = 0;
    for (gsize i = 0; i < zones->count; i++) {
        all += run->zone_s[i];
        most = fmax(most, run->zone_s[i]);
    }
    if (all <= 0)
        return;
    begin(page, "Time in zones", "Of the heart.");
    g_string_append(page, "<table><thead><tr><th scope=\"col\">Zone</th><th scope=\"col\">From</th>"
                          "<th scope=\"col\">Time</th><th class=\"wide\" "
                          "scope=\"col\">Share</th></tr></thead>\n<tbody>\n");
    for (gsize i = 0; i < zones->count; i++) {
        char time[SHOW_MAX];
        show_duration(run->zone_s[i], time);
        g_string_append_printf(
            page,
            "<tr><td>%s %s</td><td>%.0f</td><td>%s</td><td class=\"wide\"><span class=\"share\" "
            "style=\"width:%.1f%%\" role=\"img\" aria-label=\"%.0f %%\"></span></td></tr>\n",
            zones_label(zones, i), zones_name(zones, i), zones->from[i], time,
            run->zone_s[i] / most * 100, run->zone_s[i] / all * 100);
    }
    g_string_append(page, "</tbody></table>\n");
    end(page);
}

static void add_changes(GString *page, const Run *run)
{
    g_autoptr(GPtrArray) changes = summary_changes(run);
    if (changes->len == 0)
        return;
    begin(page, "What was changed", "By the coach, on the way.");
    g_string_append(page, "<ul>\n");
    for (guint i = 0; i < changes->len; i++)
        g_string_append_printf(page, "<li>%s</li>\n", (const char *)changes->pdata[i]);
    g_string_append(page, "</ul>\n");
    end(page);
}

static void add_before(GString *page, const Run *run)
{
    g_autoptr(GArray) before = summary_before(run);
    if (before->len == 0)
        return;
    begin(page, "The same workout before", "Repetitions: their mean pace.");
    g_string_append(page,
                    "<table><thead><tr><th scope=\"col\">Day</th><th scope=\"col\">Distance</th>"
                    "<th scope=\"col\">Time</th><th scope=\"col\">Heart</th>"
                    "<th scope=\"col\">Repetitions</th></tr></thead>\n<tbody>\n");
    for (guint i = 0; i < before->len; i++) {
        const RunBefore *one = &g_array_index(before, RunBefore, i);
        char distance[SHOW_MAX], time[SHOW_MAX], pace[SHOW_MAX];
        g_autoptr(GDateTime) when =
            g_date_time_new_from_unix_local(one->started / (gint64)USEC_PER_SEC);
        g_autofree char *day = one->started ? g_date_time_format(when, "%Y-%m-%d") : g_strdup("–");
        show_distance(one->distance, distance);
        show_duration(one->duration, time);
        show_pace(one->repetition, pace);
        g_string_append_printf(page, "<tr><td>%s</td><td>%s</td><td>%s</td>", day, distance, time);
        cell(page, one->heart, 0);
        g_string_append_printf(page, "<td>%s</td></tr>\n", pace);
    }
    g_string_append(page, "</tbody></table>\n");
    end(page);
}

// ── the page ──

static void add_number(GString *page, double value, int digits, const char *what)
{
    char text[SHOW_MAX];
    show_number(value, digits, text);
    if (isfinite(value))
        report_fact(page, text, what);
}

static void add_facts(GString *page, const Run *run)
{
    char distance[SHOW_MAX], time[SHOW_MAX], pace[SHOW_MAX];
    show_distance(summary_distance(run), distance);
    show_duration(run->summary.duration_s, time);
    show_pace(summary_speed(run), pace);
    g_string_append(page, "<dl>\n");
    report_fact(page, distance, "distance");
    report_fact(page, time, "time");
    report_fact(page, pace, "pace /km");
    add_number(page, run->summary.heart_rate, 0, "heart /min");
    add_number(page, run->summary.load.rtss, 0, "rTSS");
    add_number(page, run->summary.load.trimp, 0, "TRIMP");
    add_number(page, run->summary.load.decoupling_percent, 1, "decoupling %");
    g_string_append(page, "</dl>\n");
}

GString *report_run(const Run *run)
{
    GString *page = report_begin(run_title(run));
    g_autofree char *date = g_strdup("The clock was not set");
    if (run->started) {
        g_autoptr(GDateTime) when = g_date_time_new_from_unix_local((gint64)run_unix(run, 0));
        g_free(date);
        date = g_date_time_format(when, "%A %-d %B %Y, %H:%M");
    }
    g_string_append_printf(page, "<p class=\"when\">%s</p>\n", date);
    add_facts(page, run);
    add_pace(page, run);
    add_splits(page, run);
    add_heart(page, run);
    add_zones(page, run);
    add_gait(page, run);
    add_drift(page, run);
    add_d_prime(page, run);
    add_steps(page, run);
    add_kilometres(page, run);
    add_changes(page, run);
    add_before(page, run);
    report_end(page);
    return page;
}
