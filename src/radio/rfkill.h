// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Whether a switch of the kernel holds Bluetooth down, and the moment it no longer does: BlueZ
// before 5.67 tells neither. It is /dev/rfkill that says so, or what PACED_RFKILL in the environment
// names in its place, for tests.

#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Rfkill Rfkill;

Rfkill *rfkill_new(void (*changed)(gpointer data),
                   gpointer data); // of no use, but safe, without the device
void rfkill_free(Rfkill *rfkill);
bool rfkill_blocked(const Rfkill *rfkill); // there are Bluetooth switches, and all are blocked
