// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl continue: a run that the end of the daemon cut off goes on. Not "resume", which ends a
// pause.

#include "pacectl/pacectl.h"
#include "paced1-dbus.h"

int verb_continue(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 0, 0))
        return EXIT_BAD_USAGE;
    g_autoptr(GDBusObjectManager) objects = NULL;
    const int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1Runner) runner = daemon_find(objects, "org.paced1.Runner");
    g_autoptr(GError) error = NULL;
    if (!runner)
        return complain_stranger();
    return paced1_runner_call_continue_sync(runner, NULL, NULL, &error)
               ? EXIT_DONE
               : complain_error(g_steal_pointer(&error));
}
