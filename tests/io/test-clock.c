// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Alarms on one timer: who rings, in which order, and how often the loop is woken for it.

#include "io/clock.h"

#include <glib/gstdio.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

typedef struct {
    Alarm *alarm;
    GString *log;
    char name;
    int again; // how often it sets itself for the past
} Bell;

static void ring(gpointer data)
{
    Bell *bell = data;
    g_string_append_c(bell->log, bell->name);
    if (bell->again-- > 0)
        alarm_set(bell->alarm, 0);
}

static Bell bell_new(GString *log, char name)
{
    return (Bell){.log = log, .name = name};
}

// Lets the loop turn until at least so many have rung.
static void turn_until(GString *log, gsize rings)
{
    while (log->len < rings)
        g_main_context_iteration(NULL, TRUE);
}

Test(clock, alarms_ring_in_the_order_of_their_instants)
{
    g_autoptr(GString) log = g_string_new(NULL);
    Bell bells[] = {bell_new(log, 'a'), bell_new(log, 'b'), bell_new(log, 'c')};
    for (gsize i = 0; i < G_N_ELEMENTS(bells); i++)
        bells[i].alarm = alarm_new(ring, &bells[i]);
    Usec now = clock_now();
    alarm_set(bells[0].alarm, now + 30000);
    alarm_set(bells[1].alarm, now + 10000);
    alarm_set(bells[2].alarm, 0);
    turn_until(log, 3);
    cr_expect_str_eq(log->str, "cba");
    cr_expect(clock_now() >= now + 30000);
    for (gsize i = 0; i < G_N_ELEMENTS(bells); i++)
        alarm_free(bells[i].alarm);
}

Test(clock, a_loose_alarm_rings_with_another)
{
    g_autoptr(GString) log = g_string_new(NULL);
    Bell loose = bell_new(log, 'l'), exact = bell_new(log, 'e');
    loose.alarm = alarm_new(ring, &loose);
    exact.alarm = alarm_new(ring, &exact);
    Usec now = clock_now();
    alarm_set_loosely(loose.alarm, now + 5000, 60 * USEC_PER_SEC);
    alarm_set(exact.alarm, now + 20000);
    turn_until(log, 1);
    cr_expect_str_eq(log->str, "le");
    cr_expect(clock_now() >= now + 20000);
    // Alone it rings at its latest.
    alarm_set_loosely(loose.alarm, clock_now(), 10000);
    now = clock_now();
    turn_until(log, 3);
    cr_expect(clock_now() >= now + 9000);
    alarm_free(loose.alarm);
    alarm_free(exact.alarm);
}

Test(clock, an_alarm_that_is_always_due_starves_nobody)
{
    g_autoptr(GString) log = g_string_new(NULL);
    Bell greedy = bell_new(log, 'g'), other = bell_new(log, 'o');
    greedy.again = 20;
    greedy.alarm = alarm_new(ring, &greedy);
    other.alarm = alarm_new(ring, &other);
    alarm_set(greedy.alarm, 0);
    alarm_set(other.alarm, clock_now());
    turn_until(log, 22);
    cr_expect(strchr(log->str, 'o') - log->str < 3, "%s", log->str);
    alarm_free(greedy.alarm);
    alarm_free(other.alarm);
}

Test(clock, a_disarmed_alarm_stays_silent)
{
    g_autoptr(GString) log = g_string_new(NULL);
    Bell silent = bell_new(log, 's'), last = bell_new(log, 'x');
    silent.alarm = alarm_new(ring, &silent);
    last.alarm = alarm_new(ring, &last);
    alarm_set(silent.alarm, clock_now() + 5000);
    alarm_set(silent.alarm, USEC_NEVER);
    alarm_set(last.alarm, clock_now() + 15000);
    turn_until(log, 1);
    cr_expect_str_eq(log->str, "x");
    alarm_free(silent.alarm);
    alarm_free(last.alarm);
}

// A chip that lost its power counts from 1970, or from 2000, or cannot be read.
Test(clock, a_chip_is_believed_where_it_says_the_same)
{
    static const struct {
        const char *chip;
        gboolean agrees;
    } rows[] = {{"1800000030\n", TRUE}, {"1799999900\n", TRUE}, {"1800000200\n", FALSE},
                {"41\n", FALSE},        {"946684841\n", FALSE}, {"", FALSE}};
    g_autofree char *folder = g_dir_make_tmp("paced-clock-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "since_epoch", NULL);
    const Usec wall = INT64_C(1800000000) * USEC_PER_SEC;
    cr_expect(not(clock_chip_agrees(path, wall)), "there is none");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_file_set_contents(path, rows[i].chip, -1, NULL);
        cr_expect(eq(int, clock_chip_agrees(path, wall), rows[i].agrees), "%s", rows[i].chip);
    }
    g_unlink(path);
    g_rmdir(folder);
}
