// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A watch that writes seldom was not where it wrote last until it wrote again, and laps end between
// two samples: the way is the straight line from one to the next.

#include "pacectl/run-way.h"

#include <math.h>

double run_way_at(const GArray *fixes, double t, guint *next)
{
    const Fix *all = (const Fix *)fixes->data;
    while (*next < fixes->len - 1 && all[*next].t < t)
        ++*next;
    const Fix *after = &all[*next], *before = *next > 0 ? after - 1 : after;
    if (after->t <= t || before->t >= t)
        return after->metres;
    return before->metres +
           (after->metres - before->metres) * (t - before->t) / (after->t - before->t);
}

double run_way_whole(const GArray *fixes)
{
    const Fix *all = (const Fix *)fixes->data;
    return fixes->len > 0 ? all[fixes->len - 1].metres - all[0].metres : NAN;
}

void run_measure_way(Run *run, const GArray *fixes)
{
    guint next = 0;
    for (guint i = 0; i < run_seconds(run); i++) {
        RunSecond *second = &g_array_index(run->seconds, RunSecond, i);
        second->distance = run_way_at(fixes, second->t, &next);
    }
    next = 0;
    for (guint i = 0; i < run->laps->len; i++) {
        RunLap *row = &g_array_index(run->laps, RunLap, i);
        const double seconds = usec_to_s(row->lap.duration),
                     start = run_way_at(fixes, row->start, &next);
        row->lap.distance_m = run_way_at(fixes, row->end, &next) - start;
        row->lap.speed_mps = seconds > 0 ? row->lap.distance_m / seconds : NAN;
    }
    run->summary.distance_m = run_way_whole(fixes);
}
