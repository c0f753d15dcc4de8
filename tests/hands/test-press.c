// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a button means, edge by edge. An edge is written as its instant in ms, with + or -.

#include "hands/press.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char told[200];

static void tell(PressTold what, Usec at)
{
    static const char *const names[] = {[TOLD_PRESS] = "press",
                                        [TOLD_DOUBLE] = "double",
                                        [TOLD_HOLD] = "hold",
                                        [TOLD_STUCK] = "stuck"};
    if (what != TOLD_NOTHING)
        sprintf(told + strlen(told), "%s%s@%d", *told ? " " : "", names[what],
                (int)(at / USEC_PER_MSEC));
}

static void pass(Press *press, Usec until)
{
    for (Usec at; (at = press_deadline(press)) <= until;)
        tell(press_time(press, at), at);
}

// As a main loop would: woken at every deadline, then by the edge.
static char *play_as(const char *edges, bool at_once)
{
    Press press;
    press_init(&press);
    told[0] = '\0';
    for (char *next = (char *)edges; *next;) {
        const bool down = *next == '+';
        const Usec at = strtol(next + 1, &next, 10) * USEC_PER_MSEC;
        next += strspn(next, " ");
        pass(&press, at);
        tell(press_edge(&press, at, down, at_once), at);
    }
    pass(&press, 60 * USEC_PER_SEC);
    cr_assert(press_deadline(&press) == USEC_NEVER, "it would wake up for ever");
    return told;
}

static char *play(const char *edges)
{
    return play_as(edges, false);
}

Test(press, press_double_and_hold)
{
    cr_assert(eq(str, play("+1000 -1100"), (char *)"press@1400"));
    cr_assert(eq(str, play("+1000 -1100 +1250 -1330"), (char *)"double@1250"));
    cr_assert(eq(str, play("+1000 -1900"), (char *)"hold@1900"));
    cr_assert(eq(str, play("+1000 -1100 +1600 -1700"), (char *)"press@1400 press@2000"));
    cr_assert(
        eq(str, play("+1000 -1100 +1250 -1330 +1500 -1600"), (char *)"double@1250 press@1900"));
    cr_assert(eq(str, play("+1000 -1100 +1250 -3000"), (char *)"double@1250"));
}

Test(press, bounces)
{
    // at the press, at the release, at both
    cr_assert(eq(str, play("+1000 -1003 +1005 -1011 +1012 -1120"), (char *)"press@1420"));
    cr_assert(eq(str, play("+1000 -1120 +1124 -1130"), (char *)"press@1420"));
    cr_assert(eq(str, play("+1000 -1004 +1009 -1900 +1905 -1907"), (char *)"hold@1900"));
    // so short that only what is believed at rest ends it
    cr_assert(eq(str, play("+1000 -1020"), (char *)"press@1320"));
    // what bounces and stays down is down
    cr_assert(eq(str, play("+1000 -1010 +1020 -1800"), (char *)"hold@1800"));
}

Test(press, stuck)
{
    cr_assert(eq(str, play("+1000 -30000"), (char *)"stuck@11000"));
    cr_assert(eq(str, play("+1000 -30000 +31000 -31100"), (char *)"stuck@11000 press@31400"));
    cr_assert(eq(str, play("+1000"), (char *)"stuck@11000"));
    cr_assert(eq(str, play("+1000 -10999"), (char *)"hold@10999"));
    cr_assert(eq(str, play_as("+1000 -30000", true), (char *)"press@1000 stuck@11000"));
}

Test(press, one_that_says_no_more_is_told_as_it_begins)
{
    cr_assert(eq(str, play_as("+1000 -1004 +1006 -1900", true), (char *)"press@1000"));
    cr_assert(eq(str, play_as("+1000 -1100 +1200 -1300", true), (char *)"press@1000 press@1200"));
}

Test(press, what_is_let_go_was_pressed_before)
{
    cr_assert(eq(str, play("-1000"), (char *)""));
    cr_assert(eq(str, play("-1000 +1500 -1600"), (char *)"press@1900"));
}

Test(press, a_late_loop_judges_by_the_edges)
{
    Press press;
    press_init(&press);
    press_edge(&press, USEC_PER_SEC, true, false);
    press_edge(&press, USEC_PER_SEC + 100 * USEC_PER_MSEC, false, false);
    cr_assert(eq(int, press_time(&press, 20 * USEC_PER_SEC), TOLD_PRESS));
    cr_assert(eq(int, press_time(&press, 20 * USEC_PER_SEC), TOLD_NOTHING));
}
