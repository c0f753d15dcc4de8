// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// /dev/rfkill first lists every switch, then sends what changes: no polling, no sysfs.

#include "radio/rfkill.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <linux/rfkill.h>
#include <unistd.h>

#define SWITCHES_MAX 32 // by index; more than any machine has

struct Rfkill {
    int fd;
    guint source;
    guint32 present, blocked; // bit by index, Bluetooth only
    void (*changed)(gpointer data);
    gpointer data;
};

static gboolean on_event(int fd, GIOCondition condition, gpointer data)
{
    Rfkill *rfkill = data;
    bool before = rfkill_blocked(rfkill);
    struct rfkill_event event;
    ssize_t got;
    while ((got = read(fd, &event, sizeof event)) >= (ssize_t)RFKILL_EVENT_SIZE_V1) {
        if (event.type != RFKILL_TYPE_BLUETOOTH || event.idx >= SWITCHES_MAX)
            continue;
        guint32 bit = (guint32)1 << event.idx;
        bool there = event.op != RFKILL_OP_DEL;
        rfkill->present = there ? rfkill->present | bit : rfkill->present & ~bit;
        rfkill->blocked =
            there && (event.soft || event.hard) ? rfkill->blocked | bit : rfkill->blocked & ~bit;
    }
    if (before != rfkill_blocked(rfkill))
        rfkill->changed(rfkill->data);
    if (got != 0 && !(condition & (G_IO_HUP | G_IO_ERR)))
        return G_SOURCE_CONTINUE;
    rfkill->source = 0;
    return G_SOURCE_REMOVE;
}

Rfkill *rfkill_new(void (*changed)(gpointer data), gpointer data)
{
    Rfkill *rfkill = g_new0(Rfkill, 1);
    rfkill->changed = changed;
    rfkill->data = data;
    const char *path = g_getenv("PACED_RFKILL");
    rfkill->fd = open(path ? path : "/dev/rfkill", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (rfkill->fd >= 0)
        rfkill->source = g_unix_fd_add(rfkill->fd, G_IO_IN, on_event, rfkill);
    return rfkill;
}

void rfkill_free(Rfkill *rfkill)
{
    if (rfkill->source)
        g_source_remove(rfkill->source);
    if (rfkill->fd >= 0)
        close(rfkill->fd);
    g_free(rfkill);
}

bool rfkill_blocked(const Rfkill *rfkill)
{
    return rfkill->present && rfkill->present == rfkill->blocked;
}
