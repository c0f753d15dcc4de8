// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// All runs as a page of trends. A point is a run, and stands where its day does.

#include "pacectl/plot.h"
#include "pacectl/report.h"
#include "pacectl/show.h"

#include <math.h>

#define DAY_S 86400.0

typedef double (*TrendField)(const TrendRun *run);

static double load_of(const TrendRun *run)
{
    return run->load;
}

static double efficiency_of(const TrendRun *run)
{
    return run->efficiency;
}

static double cadence_of(const TrendRun *run)
{
    return run->cadence;
}

static double critical_of(const TrendRun *run)
{
    return -1000 / run->critical;
}

static double week_of(const TrendRun *run)
{
    return run->distance / 1000;
}

// Days since 1970, by the clocks of where the report is made.
static double day_of(const TrendRun *run)
{
    g_autoptr(GDateTime) when =
        g_date_time_new_from_unix_local((gint64)floor(usec_to_s(run->started)));
    const gint64 offset = g_date_time_get_utc_offset(when) / G_TIME_SPAN_SECOND;
    return floor((double)(g_date_time_to_unix(when) + offset) / DAY_S);
}

static void label_day(double value, char ret_text[PLOT_LABEL])
{
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc((gint64)(value * DAY_S));
    g_autofree char *text = g_date_time_format(when, "%-d %b %y");
    g_strlcpy(ret_text, text, PLOT_LABEL);
}

// ── figures ──

static const TrendRun *run_at(const GArray *runs, guint i)
{
    return &g_array_index(runs, TrendRun, i);
}

static void add_trend(GString *page, const GArray *runs, TrendField field, const PlotFrame *like,
                      const char *note, const char *class)
{
    PlotFrame frame = *like;
    double least = NAN, most = NAN;
    guint count = 0;
    for (guint i = 0; i < runs->len; i++) {
        const double value = field(run_at(runs, i));
        least = fmin(least, value);
        most = fmax(most, value);
        count += isfinite(value);
    }
    if (count == 0)
        return;
    const double room = plot_room(least, most, 0.15);
    const double first = day_of(run_at(runs, 0)), last = day_of(run_at(runs, runs->len - 1));
    g_autofree char *description =
        g_strdup_printf("%u runs; the table of runs has the same in numbers.", count);
    frame.description = description;
    frame.x_least = first - fmax((last - first) * 0.03, 1);
    frame.x_most = last + fmax((last - first) * 0.03, 1);
    frame.x_step = fmax(ceil((frame.x_most - frame.x_least) / 4), 1);
    frame.y_least = least - room;
    frame.y_most = most + room;
    frame.x_label = label_day;
    g_string_append_printf(page, "<section>\n<h2>%s</h2>\n<p class=\"note\">%s</p>\n", frame.title,
                           note);
    Plot plot = plot_begin(page, &frame);
    plot_axes(&plot, &frame);
    for (guint i = 0; i < runs->len; i++)
        plot_point(&plot, class, day_of(run_at(runs, i)), field(run_at(runs, i)));
    plot_end(&plot);
    g_string_append(page, "</section>\n");
}

static void add_trends(GString *page, const GArray *runs, double pace)
{
    char text[SHOW_MAX];
    show_pace(pace, text);
    g_autofree char *cadence =
        g_strdup_printf("Steps a minute at %s /km, give or take 3 %%.", text);
    add_trend(page, runs, critical_of,
              &(PlotFrame){.id = "critical", .title = "Critical speed", .y_label = plot_label_pace},
              "As a pace, minutes a kilometre, by what was known on the day; higher is faster.",
              "pace");
    add_trend(page, runs, efficiency_of,
              &(PlotFrame){.id = "efficiency", .title = "Efficiency", .y_label = plot_label_number},
              "Metres a heart beat while moving, as on the flat; more is better at equal effort.",
              "heart");
    add_trend(
        page, runs, cadence_of,
        &(PlotFrame){.id = "cadence", .title = "Cadence at one pace", .y_label = plot_label_number},
        cadence, "form");
    add_trend(page, runs, load_of,
              &(PlotFrame){.id = "load", .title = "Load", .y_label = plot_label_number},
              "rTSS of each run, or TRIMP where that is not known.", "pace");
    add_trend(page, runs, week_of,
              &(PlotFrame){.id = "distance", .title = "Distance", .y_label = plot_label_number},
              "Kilometres of each run.", "pace");
}

// ── tables ──

static void cell(GString *page, double value, int digits)
{
    if (isfinite(value))
        g_string_append_printf(page, "<td>%.*f</td>", digits, value);
    else
        g_string_append(page, "<td>–</td>");
}

static void add_zones(GString *page, const GArray *runs)
{
    gsize zones = 0;
    for (guint i = 0; i < runs->len; i++)
        zones = MAX(zones, run_at(runs, i)->zones);
    if (zones == 0)
        return;
    g_string_append(page, "<section>\n<h2>Zones</h2>\n<p class=\"note\">Percent of each run's time "
                          "in the zones of the "
                          "heart.</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                          "aria-label=\"Zones\"><table><thead><tr>"
                          "<th scope=\"col\">Day</th>");
    for (gsize zone = 0; zone < zones; zone++)
        g_string_append_printf(page, "<th scope=\"col\">%zu</th>", zone + 1);
    g_string_append(page, "</tr></thead>\n<tbody>\n");
    for (guint i = runs->len; i > 0; i--) {
        const TrendRun *run = run_at(runs, i - 1);
        char day[PLOT_LABEL];
        label_day(day_of(run), day);
        g_string_append_printf(page, "<tr><td>%s</td>", day);
        for (gsize zone = 0; zone < zones; zone++)
            cell(page, zone < run->zones ? run->zone_share[zone] * 100 : NAN, 0);
        g_string_append(page, "</tr>\n");
    }
    g_string_append(page, "</tbody></table></div>\n</section>\n");
}

static void add_runs(GString *page, const GArray *runs)
{
    g_string_append(
        page,
        "<section>\n<h2>Runs</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"Runs\"><table><thead><tr><th scope=\"col\">Day</th><th "
        "scope=\"col\">Workout</th>"
        "<th scope=\"col\">Distance</th><th scope=\"col\">Time</th><th scope=\"col\">/km</th>"
        "<th scope=\"col\">Heart</th><th scope=\"col\">Load</th><th scope=\"col\">m/beat</th>"
        "<th scope=\"col\">Cadence</th><th scope=\"col\">CS /km</th></tr></thead>\n<tbody>\n");
    for (guint i = runs->len; i > 0; i--) {
        const TrendRun *run = run_at(runs, i - 1);
        char day[PLOT_LABEL], distance[SHOW_MAX], time[SHOW_MAX], pace[SHOW_MAX],
            critical[SHOW_MAX];
        g_autofree char *title = g_markup_escape_text(run->title, -1);
        label_day(day_of(run), day);
        show_distance(run->distance, distance);
        show_duration(run->duration, time);
        show_pace(run->distance / run->duration, pace);
        show_pace(run->critical, critical);
        g_string_append_printf(page, "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>",
                               day, title, distance, time, pace);
        cell(page, run->heart, 0);
        cell(page, run->load, 0);
        cell(page, run->efficiency, 2);
        cell(page, run->cadence, 0);
        g_string_append_printf(page, "<td>%s</td></tr>\n", critical);
    }
    g_string_append(page, "</tbody></table></div>\n</section>\n");
}

GString *report_all(GArray *runs, double pace)
{
    GString *page = report_begin("All runs");
    double metres = NAN, seconds = 0;
    char count[SHOW_MAX], text[SHOW_MAX];
    for (guint i = 0; i < runs->len; i++) {
        const double way = run_at(runs, i)->distance;
        metres = isnan(metres) ? way : metres + (isnan(way) ? 0 : way);
        seconds += run_at(runs, i)->duration;
    }
    g_snprintf(count, sizeof count, "%u", runs->len);
    g_string_append(page, "<p class=\"when\">What changes from run to run.</p>\n<dl>\n");
    report_fact(page, count, "runs");
    show_distance(metres, text);
    report_fact(page, text, "together");
    show_duration(seconds, text);
    report_fact(page, text, "time");
    g_string_append(page, "</dl>\n");
    add_trends(page, runs, pace);
    add_zones(page, runs);
    add_runs(page, runs);
    report_end(page);
    return page;
}
