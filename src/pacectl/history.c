// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl history: the runs that were kept, and their laps.

#include "pacectl/pacectl.h"
#include "pacectl/run.h"
#include "pacectl/show.h"
#include "paced1-dbus.h"

#include <math.h>
#include <string.h>

static void print_run(GVariant *run)
{
    gint64 number = 0, started = 0;
    const char *workout = "", *ended_by = "";
    double duration = NAN, metres = NAN, corrected = NAN, heart = NAN, trimp = NAN, rtss = NAN;
    char time[SHOW_MAX], distance[SHOW_MAX];
    g_autofree char *date = NULL;
    g_variant_lookup(run, "run", "x", &number);
    g_variant_lookup(run, "workout", "&s", &workout);
    g_variant_lookup(run, "ended-by", "&s", &ended_by);
    g_variant_lookup(run, "duration", "d", &duration);
    g_variant_lookup(run, "distance", "d", &metres);
    g_variant_lookup(run, "corrected-distance", "d", &corrected);
    g_variant_lookup(run, "heart-rate", "d", &heart);
    g_variant_lookup(run, "trimp", "d", &trimp);
    g_variant_lookup(run, "rtss", "d", &rtss);
    if (g_variant_lookup(run, "started", "x", &started)) {
        g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(started / USEC_PER_SEC);
        date = g_date_time_format(when, "%Y-%m-%d %H:%M");
    } else {
        date = g_strdup("(clock not set)");
    }
    show_duration(duration, time);
    show_distance(isfinite(corrected) ? corrected : metres, distance);
    printf("%4" G_GINT64_FORMAT "  %-16s %8s %9s", number, date, time, distance);
    if (isfinite(heart))
        printf("  %3.0f bpm", heart);
    else
        printf("  %7s", "");
    if (isfinite(rtss))
        printf("  rTSS  %3.0f", rtss);
    else if (isfinite(trimp))
        printf("  TRIMP %3.0f", trimp);
    else
        printf("  %9s", "");
    printf("  %s%s", *workout ? workout : "free run", show_ending(ended_by));
    // Of an import it is only what our own estimate makes of it.
    show_distance(metres, distance);
    if (isfinite(corrected) && strcmp(ended_by, "import") != 0)
        printf(", measured %s", distance);
    putchar('\n');
}

static int print_runs(Paced1History *history, guint limit, gboolean json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) runs = NULL;
    // One more shows that there are more.
    const guint most = json ? limit : MIN(limit + 1, RUNS_MAX);
    if (!paced1_history_call_list_sync(history, most, &runs, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    if (json) {
        print_dicts_json(runs);
        return EXIT_DONE;
    }
    const gsize count = g_variant_n_children(runs);
    for (gsize i = 0; i < MIN(count, limit); i++) {
        g_autoptr(GVariant) run = g_variant_get_child_value(runs, i);
        print_run(run);
    }
    if (count == 0)
        puts("No runs yet.");
    if (count > limit)
        printf("There are older ones: pacectl history --limit %u\n", MIN(10 * limit, RUNS_MAX));
    return EXIT_DONE;
}

int verb_history(int argc, char **argv)
{
    gboolean json = FALSE;
    int limit = 20;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
                                    {"limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 1))
        return EXIT_BAD_USAGE;
    gint64 run;
    if (limit < 1 || limit > RUNS_MAX)
        return complain(EXIT_BAD_USAGE, "--limit takes 1 to %d", RUNS_MAX);
    if (argc > 1 && !run_is_of_daemon(argv[1], &run))
        return complain(EXIT_BAD_USAGE, "'%s' is not a run's number; 'pacectl history' lists them",
                        argv[1]);

    g_autoptr(GDBusObjectManager) objects = NULL;
    g_autoptr(GError) error = NULL;
    int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1History) history = daemon_find(objects, "org.paced1.History");
    if (!history)
        return complain_stranger();
    if (argc == 1)
        return print_runs(history, (guint)limit, json);
    g_autoptr(GVariant) about = run_find(history, argv[1], &code), laps = NULL;
    if (!about || !g_variant_lookup(about, "run", "x", &run))
        return code;
    if (!paced1_history_call_laps_sync(history, run, &laps, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    if (json)
        print_dicts_json(laps);
    else
        show_laps(laps);
    return EXIT_DONE;
}
