// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A stand-in for /dev/rfkill: a FIFO that brings struct rfkill_event records. The kernel lists
// every switch to whoever opens the device and then tells what changes; so does this, as far as a
// FIFO can: what an earlier reader left is thrown away when the next one opens it.

#pragma once

#include <gio/gio.h>

typedef struct Block Block;

// So many switches of kind Bluetooth, one an adapter, unblocked. Makes the FIFO if there is none;
// NULL and *error when it cannot be had.
Block *block_new(const char *path, guint switches, GError **error);
void block_free(Block *block);                  // takes NULL; leaves the FIFO where it is
void block_set(Block *block, gboolean blocked); // all of them
