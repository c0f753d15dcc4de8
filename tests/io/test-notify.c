// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a service manager hears over a run: the watchdog sleeps, wakes, is kicked, and sleeps again.

#include "io/notify.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int manager = -1;

static void listen_as_manager(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    cr_assert_eq(bind(manager, (struct sockaddr *)&address, sizeof address), 0);
    g_setenv("NOTIFY_SOCKET", path, TRUE);
}

// The next message, or "" when there is none.
static const char *heard(void)
{
    static char text[200];
    ssize_t length = recv(manager, text, sizeof text - 1, 0);
    text[MAX(length, 0)] = '\0';
    return text;
}

Test(notify, the_watchdog_is_awake_only_while_kicks_come)
{
    g_autofree char *directory = g_dir_make_tmp("paced-notify-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "socket", NULL);
    listen_as_manager(path);
    g_setenv("WATCHDOG_USEC", "9000000", TRUE);

    notify_ready();
    cr_assert_str_eq(heard(), "READY=1\nWATCHDOG_USEC=0");
    notify_asleep();
    cr_assert_str_eq(heard(), "", "asleep already");
    for (Usec second = 0; second < 7; second++) {
        notify_alive(second * USEC_PER_SEC);
        cr_assert_str_eq(heard(), second == 0       ? "WATCHDOG_USEC=9000000\nWATCHDOG=1"
                                  : second % 3 == 0 ? "WATCHDOG=1"
                                                    : "");
    }
    notify_asleep();
    cr_assert_str_eq(heard(), "WATCHDOG_USEC=0");
    notify_alive(100 * USEC_PER_SEC);
    cr_assert_str_eq(heard(), "WATCHDOG_USEC=9000000\nWATCHDOG=1");
    notify_stopping();
    cr_assert_str_eq(heard(), "STOPPING=1");
    close(manager);
    g_remove(path);
    g_rmdir(directory);
}

Test(notify, without_a_manager_or_a_watchdog_nothing_is_said)
{
    g_autofree char *directory = g_dir_make_tmp("paced-notify-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "socket", NULL);
    g_unsetenv("WATCHDOG_USEC");
    g_unsetenv("NOTIFY_SOCKET");
    notify_ready();
    listen_as_manager(path);
    notify_alive(0);
    notify_asleep();
    cr_assert_str_eq(heard(), "");
    notify_ready();
    cr_assert_str_eq(heard(), "READY=1");
    close(manager);
    g_remove(path);
    g_rmdir(directory);
}
