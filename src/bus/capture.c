// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hub.Record and History.Export: a caller's descriptor is given to the store, which writes to it.
// What is left to this file is to notice the caller's end: a pipe tells when nobody reads it any
// more, a file does not.

#include "bus/objects.h"

#include "io/error.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <unistd.h>

#define CAPTURES_MAX 8

typedef struct {
    GHashTable *captures; // of the bus, a reference; this is in it
    GCancellable *gone;
    guint watch;
    Calls *calls;
    guint32 id; // of an Export that waits for its end; 0 for a Record
} Capture;

static void capture_free(gpointer data)
{
    Capture *capture = data;
    if (capture->watch > 0)
        g_bus_unwatch_name(capture->watch);
    g_hash_table_unref(capture->captures);
    g_object_unref(capture->gone);
    calls_unref(capture->calls);
    g_free(capture);
}

static void on_caller_gone(GDBusConnection *connection, const char *name, gpointer data)
{
    Capture *capture = data;
    g_cancellable_cancel(capture->gone);
}

static void on_captured(GObject *source, GAsyncResult *result, gpointer data)
{
    Capture *capture = data;
    GError *error = NULL;
    if (!store_capture_finish(NULL, result, &error) && capture->id != 0)
        calls_fail(capture->calls, capture->id, g_steal_pointer(&error));
    else if (capture->id != 0)
        calls_return(capture->calls, capture->id, NULL);
    g_clear_error(&error);
    g_hash_table_remove(capture->captures, capture);
    capture_free(capture);
}

// ── arguments ──

// Ours to close; -1 when there is none that could be written to.
static int take_descriptor(GUnixFDList *list, GVariant *handle, GError **error)
{
    gint32 index = g_variant_get_handle(handle);
    int fd = -1;
    if (list && index >= 0 && index < g_unix_fd_list_get_length(list))
        fd = g_unix_fd_list_get(list, index, NULL);
    int flags = fd >= 0 ? fcntl(fd, F_GETFL) : O_RDONLY;
    if ((flags & O_ACCMODE) != O_RDONLY && !(flags & O_PATH))
        return fd;
    g_set_error_literal(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                        fd < 0 ? "there is no such file descriptor in the message"
                               : "the file descriptor is not open for writing");
    if (fd >= 0)
        close(fd);
    return -1;
}

static gboolean room_check(Bus *bus, GError **error)
{
    if (!bus->store)
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_STORE, "no runs are being kept");
    else if (g_hash_table_size(bus->captures) >= CAPTURES_MAX)
        g_set_error(error, PACED_ERROR, PACED_ERROR_NOT_READY,
                    "%d captures are being written already; try again when one has ended",
                    CAPTURES_MAX);
    else
        return TRUE;
    return FALSE;
}

// What both methods have in common; -1 when the call is refused.
static int capture_check(Bus *bus, const ExportCall *call, GVariant *handle, GVariant *options,
                         GError **error)
{
    static const char *const known[] = {"private", "b", NULL};
    GDBusMessage *message = g_dbus_method_invocation_get_message(call->invocation);
    if (!options_check(options, known, error) || !room_check(bus, error))
        return -1;
    return take_descriptor(g_dbus_message_get_unix_fd_list(message), handle, error);
}

// ── the methods ──

static void capture_begin(Bus *bus, const ExportCall *call, int fd, gint64 run, GVariant *options,
                          guint32 id)
{
    const char *sender = g_dbus_method_invocation_get_sender(call->invocation);
    Capture *capture = g_new0(Capture, 1);
    capture->captures = g_hash_table_ref(bus->captures);
    capture->gone = g_cancellable_new();
    capture->calls = calls_ref(bus->calls);
    capture->id = id;
    if (sender)
        capture->watch =
            g_bus_watch_name_on_connection(bus->connection, sender, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                           NULL, on_caller_gone, capture, NULL);
    g_hash_table_add(bus->captures, capture);
    gboolean private = FALSE;
    g_variant_lookup(options, "private", "b", &private);
    StoreCapture how = {
        .fd = fd,
        .run = run,
        .private = private,
        .name = sender ? sender : "a caller",
    };
    store_capture(bus->store, &how, capture->gone, on_captured, capture);
}

gboolean on_record(Bus *bus, const ExportCall *call, GError **error)
{
    g_autoptr(GVariant) handle = NULL, options = NULL;
    g_variant_get(call->arguments, "(@h@a{sv})", &handle, &options);
    int fd = capture_check(bus, call, handle, options, error);
    if (fd < 0)
        return FALSE;
    capture_begin(bus, call, fd, 0, options, 0);
    return export_answer(call, NULL);
}

gboolean on_export(Bus *bus, const ExportCall *call, GError **error)
{
    gint64 run;
    g_autoptr(GVariant) handle = NULL, options = NULL;
    g_variant_get(call->arguments, "(x@h@a{sv})", &run, &handle, &options);
    int fd = capture_check(bus, call, handle, options, error);
    if (fd < 0)
        return FALSE;
    guint32 id = 0;
    if (run > 0)
        id = calls_take(bus->calls, call->invocation, error);
    else
        refuse(error, "There is no run %" G_GINT64_FORMAT, run);
    if (id != 0)
        capture_begin(bus, call, fd, run, options, id);
    else
        close(fd);
    return id != 0;
}
