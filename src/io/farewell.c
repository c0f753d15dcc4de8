// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// GDBus writes from a thread of its own, and flushes in another: to wait is all there is to do.

#include "io/farewell.h"

#include "io/clock.h"

static guint pending;

static void on_flushed(GObject *source, GAsyncResult *result, gpointer data)
{
    pending--;
}

void farewell_send(GDBusConnection *connection)
{
    if (g_dbus_connection_is_closed(connection))
        return;
    pending++;
    g_dbus_connection_flush(connection, NULL, on_flushed, NULL);
}

static void on_impatient(gpointer data)
{
    *(gboolean *)data = TRUE;
}

void farewell_wait(Usec within)
{
    gboolean over = FALSE;
    g_autoptr(Alarm) alarm = alarm_new(on_impatient, &over);
    alarm_set(alarm, clock_now() + within);
    while (pending > 0 && !over)
        g_main_context_iteration(NULL, TRUE);
}
