// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The manager may be gone, deaf or absent: sending never blocks and never fails.

#include "io/notify.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define KICKS_A_PERIOD 3 // two may be late

static Usec kicked = USEC_NEVER; // the latest kick; USEC_NEVER while the watchdog sleeps

static void notify_send(const char *state)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t length = path ? strlen(path) : 0;
    if (length < 2 || length >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(to.sun_path, path, length);
    if (path[0] == '@')
        to.sun_path[0] = '\0'; // the abstract namespace
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    // A manager that does not listen is no fault of the run.
    (void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to,
                  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
    close(fd);
}

// 0: no watchdog.
static Usec watchdog_period(void)
{
    const char *text = g_getenv("WATCHDOG_USEC");
    return text ? g_ascii_strtoll(text, NULL, 10) : 0;
}

void notify_ready(void)
{
    notify_send(watchdog_period() > 0 ? "READY=1\nWATCHDOG_USEC=0" : "READY=1");
}

void notify_busy(void)
{
    notify_send("EXTEND_TIMEOUT_USEC=60000000");
}

void notify_stopping(void)
{
    notify_send("STOPPING=1");
}

void notify_alive(Usec now)
{
    Usec period = watchdog_period();
    if (period <= 0 || (kicked != USEC_NEVER && now - kicked < period / KICKS_A_PERIOD))
        return;
    g_autofree char *state =
        kicked == USEC_NEVER
            ? g_strdup_printf("WATCHDOG_USEC=%" G_GINT64_FORMAT "\nWATCHDOG=1", period)
            : g_strdup("WATCHDOG=1");
    notify_send(state);
    kicked = now;
}

void notify_asleep(void)
{
    if (kicked == USEC_NEVER)
        return;
    kicked = USEC_NEVER;
    notify_send("WATCHDOG_USEC=0");
}
