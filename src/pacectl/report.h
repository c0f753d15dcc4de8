// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run, or all of them, as one page of HTML: nothing is loaded from anywhere, nothing is a script.
// It is for a phone, a screen by day and by night, and paper; what a plot shows stands in a table
// as well.

#pragma once

#include "pacectl/run.h"

GString *report_run(const Run *run);

// Of each run what a trend needs; NAN: not known.
typedef struct {
    gint64 number, started; // µs since 1970; not 0
    char *title;
    double distance, duration, heart;
    double load;       // rTSS; else TRIMP
    double efficiency; // m a beat, while moving
    double cadence;    // steps a minute at the pace that most of them have
    double critical;   // m/s, as it was known then
    double zone_share[ZONES_MAX];
    gsize zones;
} TrendRun;

// `runs`: TrendRun, oldest first. `pace`: m/s, at which cadences are compared; NAN: at none.
GString *report_all(GArray *runs, double pace);

// What both pages begin and end with. `title` is text.
GString *report_begin(const char *title);
void report_end(GString *page);
void report_fact(GString *page, const char *value, const char *what); // in a <dl>
