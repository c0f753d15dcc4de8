// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is to notice a reader: a FIFO does not tell who opens it, inotify does. It is held
// open both ways, so that a reader never meets its end.

#include "sim/block.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <linux/rfkill.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

struct Block {
    int fifo, notices;
    guint source, switches;
    gboolean blocked;
};

static void tell(Block *block, guint8 operation)
{
    for (guint i = 0; i < block->switches; i++) {
        const struct rfkill_event event = {.idx = i,
                                           .type = RFKILL_TYPE_BLUETOOTH,
                                           .op = operation,
                                           .soft = block->blocked ? 1 : 0};
        // A full FIFO has no reader, and the next one is told anew.
        (void)!write(block->fifo, &event, sizeof event);
    }
}

static gboolean on_open(int notices, GIOCondition condition, gpointer data)
{
    Block *block = data;
    char rest[4096];
    while (read(notices, rest, sizeof rest) > 0 || read(block->fifo, rest, sizeof rest) > 0)
        ;
    tell(block, RFKILL_OP_ADD);
    return G_SOURCE_CONTINUE;
}

Block *block_new(const char *path, guint switches, GError **error)
{
    if (mkfifo(path, 0600) != 0 && errno != EEXIST) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    int fifo = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    int notices = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fifo < 0 || notices < 0 || inotify_add_watch(notices, path, IN_OPEN) < 0) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        if (fifo >= 0)
            close(fifo);
        if (notices >= 0)
            close(notices);
        return NULL;
    }
    Block *block = g_new0(Block, 1);
    *block = (Block){.fifo = fifo, .notices = notices, .switches = switches};
    block->source = g_unix_fd_add(notices, G_IO_IN, on_open, block);
    tell(block, RFKILL_OP_ADD); // to whoever has it open already
    return block;
}

void block_free(Block *block)
{
    if (!block)
        return;
    g_source_remove(block->source);
    close(block->notices);
    close(block->fifo);
    g_free(block);
}

void block_set(Block *block, gboolean blocked)
{
    if (block->blocked == blocked)
        return;
    block->blocked = blocked;
    tell(block, RFKILL_OP_CHANGE);
}
