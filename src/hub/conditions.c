// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Three looks at the machine; each is a system call that answers at once.

#include "hub/conditions.h"

#include "io/clock.h"

#include <sys/statvfs.h>

static gboolean is_full(const char *database)
{
    g_autofree char *folder = g_path_get_dirname(database);
    struct statvfs disk;
    return statvfs(folder, &disk) == 0 && (guint64)disk.f_bavail * disk.f_frsize < DISK_LOW_BYTES;
}

unsigned conditions_now(const char *database, StoreState store)
{
    return (store == STORE_READY ? 0u : CONDITION_STORE_DEGRADED) |
           (is_full(database) ? CONDITION_DISK_LOW : 0u) |
           (clock_wall() == 0 ? CONDITION_CLOCK_UNSET : 0u);
}
