// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The program's only clock and its only timer. Durations come from CLOCK_BOOTTIME: a Pi has no
// clock chip, its wall clock jumps by hours when the network comes, and CLOCK_MONOTONIC stands
// still in suspend. Nothing else in the shell calls g_timeout_add() or asks for the time.

#pragma once

#include <glib.h>

#include "base/units.h"

Usec clock_now(void); // CLOCK_BOOTTIME and what it was shifted by

// A run that began before the machine was started anew has to go on on its own clock: from here on
// clock_now() is CLOCK_BOOTTIME plus `shift`. Once, at the start; alarms that are set stay where
// they are in true time.
void clock_shift(Usec shift);
Usec clock_shifted(void); // by how much

// The wall clock's reading now, µs since 1970, or 0 while it is plainly not set (before 2024).
Usec clock_wall(void);

// Whether that can be believed: a clock chip says the same, or the network has set it. Else a
// machine wakes with the time at which it went to sleep. So it does with a chip that has no
// battery, which then counts from the power's coming.
gboolean clock_wall_is_sure(void);
gboolean clock_chip_agrees(const char *since_epoch, Usec wall); // a file of sysfs: s since 1970

// A one-shot alarm on the default main context. All alarms of the program share one timer.
typedef struct Alarm Alarm;
Alarm *alarm_new(void (*ring)(gpointer data), gpointer data);
void alarm_set(Alarm *alarm, Usec at); // an instant; the past rings at once; USEC_NEVER disarms

// Rings at `at` or up to `slack` later, together with another alarm where one rings in between: a
// watchdog that does not mind costs no wake-up of its own.
void alarm_set_loosely(Alarm *alarm, Usec at, Usec slack);

void alarm_free(Alarm *alarm); // takes NULL; also from within a ring
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Alarm, alarm_free)
