// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "io/clock.h"

#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "io/watch.h"

// 2024-01-01: a wall clock before it belongs to a machine that has not been told the time.
#define WALL_CLOCK_FLOOR (INT64_C(1704067200) * USEC_PER_SEC)

#define CHIP_WITHIN (120 * USEC_PER_SEC)

static Usec clock_read(clockid_t clock)
{
    struct timespec now;
    int failed = clock_gettime(clock, &now);
    g_assert(failed == 0);
    return (Usec)now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000;
}

gboolean clock_chip_agrees(const char *since_epoch, Usec wall)
{
    g_autofree char *text = NULL;
    return g_file_get_contents(since_epoch, &text, NULL, NULL) &&
           ABS(g_ascii_strtoll(text, NULL, 10) * USEC_PER_SEC - wall) <= CHIP_WITHIN;
}

gboolean clock_wall_is_sure(void)
{
    struct timex state = {0};
    return clock_chip_agrees("/sys/class/rtc/rtc0/since_epoch", clock_wall()) ||
           (adjtimex(&state) != TIME_ERROR && !(state.status & STA_UNSYNC));
}

static Usec shifted; // the store's thread reads it as well

Usec clock_shifted(void)
{
    return __atomic_load_n(&shifted, __ATOMIC_RELAXED);
}

Usec clock_now(void)
{
    return clock_read(CLOCK_BOOTTIME) + clock_shifted();
}

Usec clock_wall(void)
{
    Usec wall = clock_read(CLOCK_REALTIME);
    return wall < WALL_CLOCK_FLOOR ? 0 : wall;
}

struct Alarm {
    Usec at, latest; // USEC_NEVER when disarmed
    guint turn;      // in which it rang last
    void (*ring)(gpointer data);
    gpointer data;
};

// The one timer: armed for the first instant that some alarm cannot be later than.
static struct {
    GPtrArray *alarms; // Alarm, not owned
    int fd;
    guint source;
    Usec set_for;
    guint turn;
    gboolean ringing; // armed once all have rung
} timer;

static void timer_arm(void)
{
    if (timer.ringing)
        return;
    Usec at = USEC_NEVER;
    for (guint i = 0; i < timer.alarms->len; i++)
        at = MIN(at, ((Alarm *)timer.alarms->pdata[i])->latest);
    if (at == timer.set_for)
        return;
    timer.set_for = at;
    struct itimerspec when = {0};
    if (at != USEC_NEVER) {
        Usec instant = MAX(at - clock_shifted(), 1); // all zero would disarm
        when.it_value.tv_sec = (time_t)(instant / USEC_PER_SEC);
        when.it_value.tv_nsec = (long)(instant % USEC_PER_SEC * 1000);
    }
    int failed = timerfd_settime(timer.fd, TFD_TIMER_ABSTIME, &when, NULL);
    g_assert(failed == 0);
}

void clock_shift(Usec shift)
{
    const Usec by = shift - clock_shifted();
    __atomic_store_n(&shifted, shift, __ATOMIC_RELAXED);
    if (!timer.alarms || by == 0)
        return;
    for (guint i = 0; i < timer.alarms->len; i++) {
        Alarm *alarm = timer.alarms->pdata[i];
        if (alarm->at != USEC_NEVER)
            alarm->at += by;
        if (alarm->latest != USEC_NEVER)
            alarm->latest += by;
    }
    timer.set_for = 0; // it is not what it was set for any more
    timer_arm();
}

static Alarm *timer_next_due(Usec now)
{
    Alarm *next = NULL;
    for (guint i = 0; i < timer.alarms->len; i++) {
        Alarm *alarm = timer.alarms->pdata[i];
        if (alarm->at <= now && alarm->turn != timer.turn && (!next || alarm->at < next->at))
            next = alarm;
    }
    return next;
}

static gboolean timer_fired(int fd, GIOCondition condition, gpointer data)
{
    guint64 expirations;
    if (read(fd, &expirations, sizeof expirations) != sizeof expirations)
        return G_SOURCE_CONTINUE; // set anew between poll and read
    timer.set_for = USEC_NEVER;
    // What a ring sets for the past rings in the next turn, so that nobody starves.
    timer.turn++;
    timer.ringing = TRUE;
    Usec now = clock_now();
    Alarm *alarm;
    while (timer.alarms && (alarm = timer_next_due(now))) {
        alarm->at = alarm->latest = USEC_NEVER;
        alarm->turn = timer.turn;
        alarm->ring(alarm->data);
    }
    timer.ringing = FALSE;
    if (timer.alarms)
        timer_arm();
    return G_SOURCE_CONTINUE;
}

Alarm *alarm_new(void (*ring)(gpointer data), gpointer data)
{
    if (!timer.alarms) {
        timer.alarms = g_ptr_array_new();
        timer.set_for = USEC_NEVER;
        timer.fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
        g_assert(timer.fd >= 0);
        timer.source = watch_fd(timer.fd, timer_fired, NULL);
    }
    Alarm *alarm = g_new0(Alarm, 1);
    alarm->ring = ring;
    alarm->data = data;
    alarm->at = alarm->latest = USEC_NEVER;
    g_ptr_array_add(timer.alarms, alarm);
    return alarm;
}

void alarm_set(Alarm *alarm, Usec at)
{
    alarm_set_loosely(alarm, at, 0);
}

void alarm_set_loosely(Alarm *alarm, Usec at, Usec slack)
{
    alarm->at = at;
    alarm->latest = at > USEC_NEVER - slack ? USEC_NEVER : at + slack;
    timer_arm();
}

void alarm_free(Alarm *alarm)
{
    if (!alarm)
        return;
    g_ptr_array_remove_fast(timer.alarms, alarm);
    g_free(alarm);
    timer_arm();
    if (timer.alarms->len > 0)
        return;
    g_clear_pointer(&timer.alarms, g_ptr_array_unref);
    g_source_remove(timer.source);
    close(timer.fd);
}
