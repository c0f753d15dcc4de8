// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The program's only clock and its only timer. Durations come from CLOCK_BOOTTIME: a Pi has no
// clock chip, its wall clock jumps by hours when the network comes, and CLOCK_MONOTONIC stands
// still in suspend. Nothing else in the shell calls g_timeout_add() or asks for the time.

#pragma once

#include <glib.h>

#include "base/units.h"

Usec clock_now(void); // CLOCK_BOOTTIME

// The wall clock's reading now, µs since 1970, or 0 while it is plainly not set (before 2024).
Usec clock_wall(void);

// A one-shot alarm on the default main context. All alarms of the program share one timer.
typedef struct Alarm Alarm;
Alarm *alarm_new(void (*ring)(gpointer data), gpointer data);
void alarm_set(Alarm *alarm, Usec at); // an instant; the past rings at once; USEC_NEVER disarms

// Rings at `at` or up to `slack` later, together with another alarm where one rings in between: a
// watchdog that does not mind costs no wake-up of its own.
void alarm_set_loosely(Alarm *alarm, Usec at, Usec slack);

void alarm_free(Alarm *alarm); // takes NULL; also from within a ring
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Alarm, alarm_free)
