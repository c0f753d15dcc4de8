// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl report: a run, or all of them, to be looked at. What a trend needs of a run is worked out
// of its journal as everything else is; it is done with one after the other, so that a year of runs
// takes time but no memory.

#include "pacectl/report.h"

#include "pacectl/output.h"
#include "pacectl/summary.h"
#include "paced1-dbus.h"

#include <math.h>
#include <string.h>

#define MOVING_MPS 1.0
#define BIN_MPS    0.05
#define BINS       160
#define LEAST_S    60 // of less a cadence says nothing

// How long a run was run at which speed, and the steps of that time.
typedef struct {
    double seconds[BINS], steps[BINS];
} Turnover;

static void turnover_fill(Turnover *turnover, const Run *run)
{
    for (guint i = 0; i < run_seconds(run); i++) {
        const RunSecond *second = run_second(run, i);
        const double bin = floor(second->speed / BIN_MPS);
        if (second->paused || isnan(second->cadence) || !(bin >= 0 && bin < BINS))
            continue;
        turnover->seconds[(gsize)bin]++;
        turnover->steps[(gsize)bin] += second->cadence;
    }
}

static double around(const double *bins, gsize bin)
{
    return bins[bin - 1] + bins[bin] + bins[bin + 1];
}

// The bin that the most runs have a minute in; of those the one that was run for longest.
static gsize common_bin(const GArray *turnovers)
{
    gsize best = 0;
    double best_score = 0;
    for (gsize bin = (gsize)(MOVING_MPS / BIN_MPS); bin + 1 < BINS; bin++) {
        double score = 0;
        for (guint i = 0; i < turnovers->len; i++) {
            const double seconds = around(g_array_index(turnovers, Turnover, i).seconds, bin);
            score += (seconds >= LEAST_S ? 1 : 0) + seconds / 1e9;
        }
        if (score > best_score) {
            best = bin;
            best_score = score;
        }
    }
    return best_score >= 1 ? best : 0;
}

static double efficiency(const Run *run)
{
    double metres = 0, beats = 0;
    for (guint i = 0; i < run_seconds(run); i++) {
        const RunSecond *second = run_second(run, i);
        const double speed = isnan(second->flat_speed) ? second->speed : second->flat_speed;
        if (second->paused || isnan(second->heart) || !(speed > MOVING_MPS))
            continue;
        metres += speed;
        beats += second->heart / 60;
    }
    return beats > 0 ? metres / beats : NAN;
}

static TrendRun trend_of(const Run *run)
{
    TrendRun trend = {
        .number = run->number,
        .started = run->started,
        .title = g_strdup(run_title(run)),
        .distance = summary_distance(run),
        .duration = run->summary.duration_s,
        .heart = run->summary.heart_rate,
        .load = isnan(run->summary.load.rtss) ? run->summary.load.trimp : run->summary.load.rtss,
        .efficiency = efficiency(run),
        .cadence = NAN,
        .critical = run->model.critical_speed.value,
        .zones = athlete_zones(&run->model)->count,
    };
    double all = 0;
    for (gsize i = 0; i < trend.zones; i++)
        all += run->zone_s[i];
    for (gsize i = 0; i < trend.zones; i++)
        trend.zone_share[i] = all > 0 ? run->zone_s[i] / all : NAN;
    return trend;
}

static GVariant *list_runs(int *ret_code)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    g_autoptr(GError) error = NULL;
    GVariant *runs = NULL;
    *ret_code = daemon_open(&objects);
    if (*ret_code != EXIT_DONE)
        return NULL;
    g_autoptr(Paced1History) history = daemon_find(objects, "org.paced1.History");
    if (!history)
        *ret_code = complain_stranger();
    else if (!paced1_history_call_list_sync(history, RUNS_MAX, &runs, NULL, &error))
        *ret_code = complain_error(g_steal_pointer(&error));
    return runs;
}

static void trend_clear(gpointer data)
{
    TrendRun *trend = data;
    g_free(trend->title);
}

// FALSE: the rest has no sense either. A run that cannot be read is complained of and left out.
static gboolean add_run(GArray *trends, GArray *turnovers, gint64 number, int *ret_code)
{
    g_autofree char *which = g_strdup_printf("%" G_GINT64_FORMAT, number);
    g_autoptr(Run) run = run_fetch(which, NULL, ret_code);
    if (!run && *ret_code == EXIT_BAD_INPUT) {
        complain(EXIT_BAD_INPUT, "run %s is left out of the report", which);
        return TRUE;
    }
    if (!run)
        return FALSE;
    const TrendRun trend = trend_of(run);
    Turnover turnover = {0};
    turnover_fill(&turnover, run);
    g_array_append_val(trends, trend);
    g_array_append_val(turnovers, turnover);
    return TRUE;
}

// Returns the speed that cadences are compared at; NAN: there is none in common.
static double compare_cadences(GArray *trends, const GArray *turnovers)
{
    const gsize bin = common_bin(turnovers);
    for (guint i = 0; i < trends->len && bin > 0; i++) {
        const Turnover *turnover = &g_array_index(turnovers, Turnover, i);
        const double seconds = around(turnover->seconds, bin);
        if (seconds >= LEAST_S)
            g_array_index(trends, TrendRun, i).cadence = around(turnover->steps, bin) / seconds;
    }
    return bin > 0 ? ((double)bin + 0.5) * BIN_MPS : NAN;
}

static GString *make_all(int *ret_code)
{
    g_autoptr(GVariant) runs = list_runs(ret_code);
    g_autoptr(GArray) trends = g_array_new(FALSE, FALSE, sizeof(TrendRun));
    g_autoptr(GArray) turnovers = g_array_new(FALSE, FALSE, sizeof(Turnover));
    g_array_set_clear_func(trends, trend_clear);
    if (!runs)
        return NULL;
    for (gsize i = g_variant_n_children(runs); i > 0; i--) {
        g_autoptr(GVariant) about = g_variant_get_child_value(runs, i - 1);
        gint64 number = 0, started = 0;
        g_variant_lookup(about, "run", "x", &number);
        if (!g_variant_lookup(about, "started", "x", &started))
            continue; // it has no place in a trend
        if (!add_run(trends, turnovers, number, ret_code))
            return NULL;
    }
    const double speed = compare_cadences(trends, turnovers);
    *ret_code = EXIT_DONE;
    if (trends->len > 0)
        return report_all(trends, speed);
    *ret_code = complain(EXIT_BAD_INPUT, "no run of a known date has been kept yet");
    return NULL;
}

static GString *make_one(const char *which, int *ret_code)
{
    g_autoptr(Run) run = run_fetch(which, NULL, ret_code);
    return run ? report_run(run) : NULL;
}

int verb_report(int argc, char **argv)
{
    g_autofree char *to = NULL;
    gboolean all = FALSE, force = FALSE;
    const GOptionEntry options[] = {
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, NULL, NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &to, NULL, NULL},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, NULL, NULL},
        {NULL},
    };
    if (!verb_options(&argc, &argv, options, 0, 1))
        return EXIT_BAD_USAGE;
    if (all == (argc == 2))
        return complain(EXIT_BAD_USAGE, "expected a RUN, 'last', a FILE, or --all");
    int code = EXIT_DONE;
    GString *page = all ? make_all(&code) : make_one(argv[1], &code);
    if (!page)
        return code;
    code = output_write(to ? to : "-", page->str, page->len, force);
    g_string_free(page, TRUE);
    return code;
}
