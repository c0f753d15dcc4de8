// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// From the decision to speak to the first loud sample at the null sink's monitor, for phrases in
// the cache and for new ones, and beside it what the voice itself reported as the output's delay.
// The listener's own way (parec) is in the figures, so they are upper bounds. The budgets hold 95
// of 100 to the bound, which is above what the output itself takes. The words begin with a vowel:
// of "two" the first 30 ms are too soft to be taken for sound.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "ear.h"
#include "io/clock.h"

#define REPETITIONS 40
#define CACHED_MS   60
#define NEW_MS      150

static bool is_heard(gpointer data)
{
    return ear_first_loud(data) >= 0;
}

static double heard_after_ms(Speaker *speaker, Ear *ear, uint32_t id, const char *text)
{
    int done = speaker->done;
    ear_forget(ear);
    Usec decided_at = clock_now();
    speaker_say(speaker, id, text, 10 * USEC_PER_SEC);
    g_assert_true(until(is_heard, ear, 10));
    double heard_ms = (double)(clock_now() - decided_at) / 1000;
    g_assert_true(speaker_wait_done(speaker, done + 1, 10));
    g_assert_true(ear_listen(ear, 0.1));
    return heard_ms;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static bool print_figures(const char *what, double *ms, double budget_ms, double output_ms)
{
    qsort(ms, REPETITIONS, sizeof *ms, compare);
    double median = ms[REPETITIONS / 2], p95 = ms[REPETITIONS * 95 / 100],
           most = ms[REPETITIONS - 1];
    printf("%s: median %.1f ms, p95 %.1f ms, most %.1f ms (budget %.0f ms, output %.1f ms)\n", what,
           median, p95, most, budget_ms, output_ms);
    return p95 <= budget_ms + output_ms;
}

int main(void)
{
    char *home = home_new();
    GPid server = server_start(home, true);
    double cached[REPETITIONS], new[REPETITIONS];
    bool kept;
    {
        g_autoptr(Ear) ear = ear_new();
        g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){"pulse", NULL});
        g_assert_true(speaker_wait_state(speaker, VOICE_READY, 10));
        uint32_t id = 1;
        heard_after_ms(speaker, ear, id++, "easy now");
        for (int i = 0; i < REPETITIONS; i++) {
            g_autofree char *text = g_strdup_printf("%d", 10 + i);
            cached[i] = heard_after_ms(speaker, ear, id++, "easy now");
            new[i] = heard_after_ms(speaker, ear, id++, text);
        }
        const double output_ms = (double)speaker->latency / 1000;
        kept = print_figures("cached", cached, CACHED_MS, output_ms);
        kept &= print_figures("new", new, NEW_MS, output_ms);
    }
    {
        // A listener makes the sink run in small blocks; without one it takes its time.
        g_autoptr(Speaker) speaker = speaker_new("en-us", (const char *[]){"pulse", NULL});
        speaker_say(speaker, 1, "go", 10 * USEC_PER_SEC);
        g_assert_true(speaker_wait_done(speaker, 1, 10));
        printf("and with nobody listening: %.1f ms\n", (double)speaker->latency / 1000);
    }
    server_end(server, SIGTERM);
    home_remove(home);
    return kept ? EXIT_SUCCESS : EXIT_FAILURE;
}
