// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A file that may be written to without waiting for its disk. A card that is busy, or a network
// that is gone, holds up whoever writes to a file on it, for seconds, and nothing tells beforehand;
// a pipe never does. So there is a pipe, a megabyte deep, and a thread that carries.

#pragma once

#include <glib.h>

// Takes `fd` and gives the descriptor to write to in its place, which does not block. Close it to
// end: what is in it is written, `fd` is closed, and something is pushed to `done`. When `fd`
// cannot be written to that happens at once, with a line in the log for `name`, and writing gives
// EPIPE. -1, and `fd` is not taken, when there can be no pipe.
int scribe_start(int fd, const char *name, GAsyncQueue *done);
