// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One flag is all the difference to g_unix_fd_add().

#include "io/watch.h"

guint watch_fd(int fd, GUnixFDSourceFunc callback, gpointer data)
{
    g_autoptr(GSource) source = g_unix_fd_source_new(fd, G_IO_IN);
    g_source_set_can_recurse(source, TRUE);
    g_source_set_callback(source, G_SOURCE_FUNC(callback), data, NULL);
    return g_source_attach(source, NULL);
}
