// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// g_unix_fd_add() for what is read all day. GLib takes an ordinary source's descriptor out of its
// poll while the callback runs, in case that runs a main loop of its own, and wakes itself up
// twice: four system calls a dispatch, as many as the dispatch itself. No callback of ours does.

#pragma once

#include <glib-unix.h>

// On the default main context, for reading; the id is for g_source_remove().
guint watch_fd(int fd, GUnixFDSourceFunc callback, gpointer data);
