// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl record: a capture of what happens, or of a run that was kept. The daemon gets one end of
// a pipe and never the file itself: so it learns at once when nobody reads any more, and a full
// disk is told to the person who sits before it.

#include "pacectl/pacectl.h"

#include "io/fresh-file.h"
#include "paced1-dbus.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    GMainLoop *loop;
    const char *file;
    int to, pipe; // pipe: -1 after its end
    gboolean live;
    gboolean answered; // the call
    gboolean stopping;
    int code;
} Recording;

static void stop(Recording *recording, int code)
{
    if (!recording->stopping)
        recording->code = code;
    recording->stopping = TRUE;
    g_main_loop_quit(recording->loop);
}

static gboolean write_all(Recording *recording, const char *bytes, gsize length)
{
    while (length > 0) {
        gssize written = write(recording->to, bytes, length);
        if (written < 0 && errno == EAGAIN) {
            GPollFD room = {.fd = recording->to, .events = G_IO_OUT};
            g_poll(&room, 1, -1);
        } else if (written < 0 && errno != EINTR) {
            stop(recording, complain(EXIT_OTHER, "%s cannot be written: %s", recording->file,
                                     g_strerror(errno)));
            return FALSE;
        } else if (written > 0) {
            bytes += written;
            length -= (gsize)written;
        }
    }
    return TRUE;
}

static void pipe_ended(Recording *recording)
{
    close(recording->pipe);
    recording->pipe = -1;
    if (recording->live && recording->answered)
        stop(recording, complain(EXIT_NO_DAEMON, "the daemon ends the capture; what there is so "
                                                 "far is in it"));
    else if (recording->answered)
        stop(recording, EXIT_DONE);
}

static gboolean on_readable(gint fd, GIOCondition condition, gpointer data)
{
    Recording *recording = data;
    char chunk[65536];
    gssize got = read(fd, chunk, sizeof chunk);
    if (got > 0)
        return write_all(recording, chunk, (gsize)got);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    pipe_ended(recording);
    return G_SOURCE_REMOVE;
}

static void answered(Recording *recording, GError *error)
{
    recording->answered = TRUE;
    if (error)
        stop(recording, complain_error(error));
    else if (recording->pipe < 0)
        stop(recording, EXIT_DONE);
}

static void on_recording(GObject *hub, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    paced1_hub_call_record_finish(PACED1_HUB(hub), NULL, result, &error);
    answered(data, error);
}

static void on_exported(GObject *history, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    paced1_history_call_export_finish(PACED1_HISTORY(history), NULL, result, &error);
    answered(data, error);
}

static gboolean on_interrupt(gpointer data)
{
    stop(data, EXIT_DONE);
    return G_SOURCE_CONTINUE;
}

// ── asking ──

static void ask(GDBusProxy *of, gint64 run, int fd, GVariant *options, Recording *recording)
{
    g_autoptr(GUnixFDList) list = g_unix_fd_list_new_from_array(&fd, 1); // takes it
    g_dbus_proxy_set_default_timeout(of, G_MAXINT); // an export takes as long as the reader does
    if (recording->live)
        paced1_hub_call_record(PACED1_HUB(of), g_variant_new_handle(0), options, list, NULL,
                               on_recording, recording);
    else
        paced1_history_call_export(PACED1_HISTORY(of), run, g_variant_new_handle(0), options, list,
                                   NULL, on_exported, recording);
}

static int record(GDBusProxy *of, const char *file, int to, gint64 run, gboolean private)
{
    int ends[2];
    GError *error = NULL;
    if (!g_unix_open_pipe(ends, FD_CLOEXEC, &error))
        return complain_error(error);
    g_unix_set_fd_nonblocking(ends[0], TRUE, NULL);
    Recording recording = {
        .loop = g_main_loop_new(NULL, FALSE),
        .file = file,
        .to = to,
        .pipe = ends[0],
        .live = run == 0,
    };
    GVariantDict options;
    g_variant_dict_init(&options, NULL);
    if (private)
        g_variant_dict_insert(&options, "private", "b", TRUE);
    g_unix_signal_add(SIGINT, on_interrupt, &recording);
    g_unix_signal_add(SIGTERM, on_interrupt, &recording);
    g_unix_fd_add(ends[0], G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, &recording);
    ask(of, run, ends[1], g_variant_dict_end(&options), &recording);
    while (!recording.stopping)
        g_main_loop_run(recording.loop);
    g_main_loop_unref(recording.loop);
    return recording.code;
}

// A capture that came to nothing leaves no file behind; what is no plain file is not ours.
static void remove_empty(const char *file, int fd)
{
    struct stat status;
    if (fd != STDOUT_FILENO && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size == 0)
        unlink(file);
}

int verb_record(int argc, char **argv)
{
    gboolean private = FALSE;
    gint64 run = -1;
    const GOptionEntry options[] = {{"private", 0, 0, G_OPTION_ARG_NONE, &private, NULL, NULL},
                                    {"run", 0, 0, G_OPTION_ARG_INT64, &run, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    if (run == 0 || run < -1)
        return complain(EXIT_BAD_USAGE, "--run takes a run's number; 'pacectl history' lists them");
    g_autoptr(GDBusObjectManager) objects = NULL;
    GError *error = NULL;
    int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(GDBusProxy) of =
        daemon_find(objects, run > 0 ? "org.paced1.History" : "org.paced1.Hub");
    if (!of)
        return complain_stranger();
    int to = strcmp(argv[1], "-") == 0 ? STDOUT_FILENO : fresh_file_open(argv[1], &error);
    if (to < 0)
        return complain_error(error);
    code = record(of, argv[1], to, MAX(run, 0), private);
    if (code != EXIT_DONE)
        remove_empty(argv[1], to);
    return code;
}
