// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What tones and the metronome cost while nobody speaks: processor time, and how often they wake
// the program up. Fails beyond the budget.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "ear.h"
#include "io/clock.h"

#define SECONDS 15

typedef struct {
    double cpu; // of a core
    double wakeups_s;
} Cost;

static double seconds_of(struct timeval span)
{
    return (double)span.tv_sec + (double)span.tv_usec / 1e6;
}

static bool time_has_come(gpointer data)
{
    return clock_now() >= *(Usec *)data;
}

static Cost cost_of_waiting(void)
{
    struct rusage before, after;
    Usec end = clock_now() + 3 * USEC_PER_SEC; // what begins has begun
    until(time_has_come, &end, 3);
    end = clock_now() + SECONDS * USEC_PER_SEC;
    getrusage(RUSAGE_SELF, &before);
    until(time_has_come, &end, SECONDS);
    getrusage(RUSAGE_SELF, &after);
    const double spent = seconds_of(after.ru_utime) + seconds_of(after.ru_stime) -
                         seconds_of(before.ru_utime) - seconds_of(before.ru_stime);
    return (Cost){spent / SECONDS, (double)(after.ru_nvcsw - before.ru_nvcsw) / SECONDS};
}

static bool report(const char *what, double value, const char *unit, double most)
{
    printf("%s: %.2f %s (budget %g)\n", what, value, unit, most);
    return value <= most;
}

int main(void)
{
    char *home = home_new();
    GPid server = server_start(home, true);
    bool kept = true;
    {
        g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){"pulse", NULL});
        g_assert_true(speaker_wait_state(speaker, VOICE_READY, 10));
        voice_awake(speaker->voice, true);
        kept &= report("wake-ups a second to keep the sink awake", cost_of_waiting().wakeups_s, "",
                       0.35);
        voice_metronome(speaker->voice, 180);
        const Cost cost = cost_of_waiting();
        kept &= report("CPU of the metronome", cost.cpu * 100, "% of a core here", 1);
        kept &= report("wake-ups a second of the metronome", cost.wakeups_s, "", 20);
    }
    server_end(server, SIGTERM);
    home_remove(home);
    return kept ? EXIT_SUCCESS : EXIT_FAILURE;
}
