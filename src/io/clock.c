// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "io/clock.h"

#include <glib-unix.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

// 2024-01-01: a wall clock before it belongs to a machine that has not been told the time.
#define WALL_CLOCK_FLOOR (INT64_C(1704067200) * USEC_PER_SEC)

static Usec clock_read(clockid_t clock)
{
    struct timespec now;
    int failed = clock_gettime(clock, &now);
    g_assert(failed == 0);
    return (Usec)now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000;
}

Usec clock_now(void)
{
    return clock_read(CLOCK_BOOTTIME);
}

Usec clock_wall(void)
{
    Usec wall = clock_read(CLOCK_REALTIME);
    return wall < WALL_CLOCK_FLOOR ? 0 : wall;
}

struct Alarm {
    int fd;
    guint source;
    Usec set_for;
    void (*ring)(gpointer data);
    gpointer data;
};

static gboolean alarm_fired(int fd, GIOCondition condition, gpointer data)
{
    Alarm *alarm = data;
    guint64 expirations;
    if (read(fd, &expirations, sizeof expirations) != sizeof expirations)
        return G_SOURCE_CONTINUE; // disarmed between poll and read
    alarm->set_for = USEC_NEVER;
    alarm->ring(alarm->data);
    return G_SOURCE_CONTINUE;
}

Alarm *alarm_new(void (*ring)(gpointer data), gpointer data)
{
    Alarm *alarm = g_new0(Alarm, 1);
    alarm->ring = ring;
    alarm->data = data;
    alarm->set_for = USEC_NEVER;
    alarm->fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    g_assert(alarm->fd >= 0);
    alarm->source = g_unix_fd_add(alarm->fd, G_IO_IN, alarm_fired, alarm);
    return alarm;
}

void alarm_set(Alarm *alarm, Usec at)
{
    if (at == alarm->set_for)
        return;
    alarm->set_for = at;
    struct itimerspec when = {0};
    if (at != USEC_NEVER) {
        Usec instant = MAX(at, 1); // all zero would disarm
        when.it_value.tv_sec = (time_t)(instant / USEC_PER_SEC);
        when.it_value.tv_nsec = (long)(instant % USEC_PER_SEC * 1000);
    }
    int failed = timerfd_settime(alarm->fd, TFD_TIMER_ABSTIME, &when, NULL);
    g_assert(failed == 0);
}

void alarm_free(Alarm *alarm)
{
    if (!alarm)
        return;
    g_source_remove(alarm->source);
    close(alarm->fd);
    g_free(alarm);
}
