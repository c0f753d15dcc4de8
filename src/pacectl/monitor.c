// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl monitor: watch until Ctrl-C; see follow.h.

#include "pacectl/follow.h"

int verb_monitor(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 0))
        return EXIT_BAD_USAGE;
    g_autoptr(GDBusObjectManager) objects = NULL;
    int code = daemon_open(&objects);
    return code == EXIT_DONE ? follow(objects, FOLLOW_FOR_EVER, json) : code;
}
