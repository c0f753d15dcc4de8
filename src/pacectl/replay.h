// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What can be put through the core again, a file each. All return an exit code and have complained.

#pragma once

#include <glib.h>

// A capture: what was said, and what else came of it.
int replay_capture(const char *file, gboolean json);

// A pod's speeds, and what else is known of that run: the estimates, once a second, as CSV.
typedef struct {
    char *pod;       // t_s,rsc_raw: a packet each, its speed in 1/256 m/s
    char *marks;     // t_s,cum_dist_m: metres since t = 0 that are known; NULL: none
    char *plan;      // t_s: when another pace was due; NULL: never
    double scale_sd; // standard deviation of the pod's scale; NAN: as for any pod
} ReplayPod;

int replay_pod(const ReplayPod *files);
