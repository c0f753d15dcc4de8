// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl monitor: watch until Ctrl-C; see follow.h.

#include "pacectl/follow.h"

int verb_monitor(int argc, char **argv)
{
    gboolean json = FALSE, estimates = FALSE;
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
        {"estimates", 0, 0, G_OPTION_ARG_NONE, &estimates, NULL, NULL},
        {NULL},
    };
    if (!verb_options(&argc, &argv, options, 0, 0))
        return EXIT_BAD_USAGE;
    g_autoptr(GDBusObjectManager) objects = NULL;
    int code = daemon_open(&objects);
    FollowHow how = json ? FOLLOW_JSON : estimates ? FOLLOW_ESTIMATES : FOLLOW_EVENTS;
    return code == EXIT_DONE ? follow(objects, FOLLOW_FOR_EVER, how) : code;
}
