// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The kernel's pipe is the queue: bounded, and its own word for a writer that is too fast.

#include "store/scribe.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define DEPTH (1 << 20) // what a user may have by default; less will do
#define PIECE 65536

typedef struct {
    int from, to;
    char *name;
    GAsyncQueue *done;
} Scribe;

static gboolean write_all(int fd, const char *bytes, gsize length)
{
    while (length > 0) {
        gssize written = write(fd, bytes, length);
        if (written >= 0) {
            bytes += written;
            length -= (gsize)written;
        } else if (errno == EAGAIN) {
            struct pollfd file = {.fd = fd, .events = POLLOUT};
            poll(&file, 1, -1);
        } else if (errno != EINTR) {
            return FALSE;
        }
    }
    return TRUE;
}

static gpointer carry(gpointer data)
{
    Scribe *scribe = data;
    g_autofree char *bytes = g_malloc(PIECE);
    gssize length;
    gboolean well = TRUE;
    while (well && (length = read(scribe->from, bytes, PIECE)) != 0)
        well = length > 0 ? write_all(scribe->to, bytes, (gsize)length) : errno == EINTR;
    if (!well)
        g_message("The capture for %s has ended: it cannot be written: %s", scribe->name,
                  g_strerror(errno));
    close(scribe->from);
    close(scribe->to);
    g_async_queue_push(scribe->done, scribe); // as good as anything
    g_async_queue_unref(scribe->done);
    g_free(scribe->name);
    g_free(scribe);
    return NULL;
}

int scribe_start(int fd, const char *name, GAsyncQueue *done)
{
    int ends[2];
    if (!g_unix_open_pipe(ends, FD_CLOEXEC, NULL))
        return -1;
    fcntl(ends[1], F_SETPIPE_SZ, DEPTH);
    g_unix_set_fd_nonblocking(ends[1], TRUE, NULL);
    Scribe *scribe = g_new(Scribe, 1);
    *scribe = (Scribe){ends[0], fd, g_strdup(name), g_async_queue_ref(done)};
    g_thread_unref(g_thread_new("scribe", carry, scribe));
    return ends[1];
}
