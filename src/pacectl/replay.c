// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl replay: something that was recorded, through the core of today.

#include "pacectl/replay.h"
#include "pacectl/pacectl.h"

#include <math.h>

int verb_replay(int argc, char **argv)
{
    gboolean json = FALSE;
    ReplayPod files = {.scale_sd = NAN};
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
        {"pod", 0, 0, G_OPTION_ARG_FILENAME, &files.pod, NULL, "POD.csv"},
        {"marks", 0, 0, G_OPTION_ARG_FILENAME, &files.marks, NULL, "MARKS.csv"},
        {"plan", 0, 0, G_OPTION_ARG_FILENAME, &files.plan, NULL, "PLAN.csv"},
        {"scale-sd", 0, 0, G_OPTION_ARG_DOUBLE, &files.scale_sd, NULL, "SHARE"},
        {NULL},
    };
    if (!verb_options(&argc, &argv, options, 0, 1))
        return EXIT_BAD_USAGE;
    g_autofree char *pod = files.pod, *marks = files.marks, *plan = files.plan;
    if (pod && argc == 1 && !json)
        return replay_pod(&files);
    if (pod || marks || plan || !isnan(files.scale_sd) || argc != 2)
        return complain(EXIT_BAD_USAGE,
                        "expected a FILE, or --pod POD.csv with --marks, --plan and "
                        "--scale-sd as there are");
    return replay_capture(argv[1], json);
}
