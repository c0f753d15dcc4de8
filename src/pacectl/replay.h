// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What can be put through the core again, a file each. All return an exit code and have complained.

#pragma once

#include <glib.h>
#include <stdio.h>

// A file of which the beginning was looked at, to see what it is.
typedef struct {
    const char *file; // its name; "-" for standard input
    FILE *from;
    GString *head; // what was read of it already
    gsize at;      // of `head`, what was read again
} ReplayInput;

int replay_getc(ReplayInput *input); // EOF as getc() has it

// A capture: what was said, and what else came of it.
int replay_capture(ReplayInput *input, gboolean json);

// What another program or a watch recorded, as CSV or FIT: all estimates, once a second.
int replay_run(ReplayInput *input, gboolean json);

// Whether it begins like a FIT file, or like a table of a run rather than a capture.
gboolean replay_is_fit(const GString *head);
gboolean replay_is_table(const GString *head);

// A pod's speeds, and what else is known of that run: the estimates, once a second, as CSV.
typedef struct {
    char *pod;       // t_s,rsc_raw: a packet each, its speed in 1/256 m/s
    char *marks;     // t_s,cum_dist_m: metres since t = 0 that are known; NULL: none
    char *plan;      // t_s: when another pace was due; NULL: never
    double scale_sd; // standard deviation of the pod's scale; NAN: as for any pod
} ReplayPod;

int replay_pod(const ReplayPod *files);
