// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is the seam between what was and what is: the worker answers in the order in which
// it was asked, so its answer holds exactly what was appended before, and what happens from then on
// waits in `later` until all of the past is written. The past is read a piece at a time, the next
// when the reader has taken the one before; only what happens meanwhile can pile up, and is
// bounded.

#include "store/recorder.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/error.h"
#include "record/capture.h"
#include "store/excerpt.h"
#include "store/scribe.h"

#define WAITING_MAX  (1u << 20) // bytes; hours of events
#define FLUSH_WITHIN USEC_PER_SEC
#define FLUSH_AT     (64u << 10)
#define CLOSE_WITHIN (5 * G_USEC_PER_SEC) // of files, at the end

struct Recorder {
    Worker *worker;
    GPtrArray *outputs; // Output*, a reference each
    gboolean begun;     // a sitting has
    Usec origin;
    char *config;
    GString *line;
    Alarm *alarm;
    gboolean armed;
    GAsyncQueue *written; // files that are; the same for all
    guint files;
};

// Counted: the worker may answer when the output has ended.
typedef struct {
    Recorder *recorder; // NULL once it has ended
    int fd;
    char *name, *about;
    GTask *task;
    gulong on_cancelled;
    GString *ready, *later;
    ExcerptPlace place;
    gboolean live;    // what happens is written
    gboolean reading; // the journal
    gboolean asked;   // and an answer is under way
    gboolean closing; // once all is written
    guint watch;
} Output;

// ── the end ──

static void output_clear(gpointer data)
{
    Output *output = data;
    g_string_free(output->ready, TRUE);
    g_string_free(output->later, TRUE);
    g_free(output->name);
    g_free(output->about);
}

static void output_unref(gpointer output)
{
    g_rc_box_release_full(output, output_clear);
}

// Consumes the error; without one the end is as it should be.
static void output_end(Output *output, GError *error)
{
    Recorder *recorder = g_steal_pointer(&output->recorder);
    GTask *task = g_steal_pointer(&output->task);
    if (output->watch > 0)
        g_source_remove(output->watch);
    if (output->on_cancelled > 0)
        g_signal_handler_disconnect(g_task_get_cancellable(task), output->on_cancelled);
    close(output->fd);
    if (error)
        g_task_return_error(task, error);
    else
        g_task_return_boolean(task, TRUE);
    g_object_unref(task);
    g_ptr_array_remove(recorder->outputs, output);
}

static void on_cancelled(GCancellable *cancellable, gpointer output)
{
    output_end(output, NULL);
}

// ── writing ──

static void output_push(Output *output);

static gboolean on_writable(gint fd, GIOCondition condition, gpointer data)
{
    Output *output = data;
    output->watch = 0;
    // With the reader gone, poll() says only that; what is left to write is for nobody.
    if (condition & G_IO_OUT)
        output_push(output);
    else
        output_end(output, NULL);
    return G_SOURCE_REMOVE;
}

// A reader that goes is noticed also when there is nothing to write.
static void output_watch(Output *output)
{
    if (output->watch > 0)
        g_source_remove(output->watch);
    GIOCondition condition = G_IO_ERR | G_IO_HUP | G_IO_NVAL;
    if (output->ready->len > 0)
        condition |= G_IO_OUT;
    output->watch = g_unix_fd_add(output->fd, condition, on_writable, output);
}

// False when the output has ended.
static gboolean output_write(Output *output)
{
    gsize done = 0;
    while (done < output->ready->len) {
        gssize written = write(output->fd, output->ready->str + done, output->ready->len - done);
        if (written >= 0) {
            done += (gsize)written;
        } else if (errno == EAGAIN) {
            break;
        } else if (errno == EPIPE) {
            output_end(output, NULL);
            return FALSE;
        } else if (errno != EINTR) {
            const char *why = g_strerror(errno);
            g_message("The capture for %s has ended: it cannot be written: %s", output->name, why);
            output_end(output, g_error_new(PACED_ERROR, PACED_ERROR_FAILED,
                                           "what is captured cannot be written: %s", why));
            return FALSE;
        }
    }
    g_string_erase(output->ready, 0, (gssize)done);
    return TRUE;
}

static void output_read_on(Output *output);

static void output_push(Output *output)
{
    if (!output_write(output))
        return;
    if (output->ready->len == 0 && output->closing) {
        output_end(output, NULL);
        return;
    }
    if (output->ready->len == 0 && output->reading && !output->asked)
        output_read_on(output);
    output_watch(output);
}

// ── what was ──

static void add_date(GString *lines, Usec at, gint64 wall_offset)
{
    g_autoptr(GDateTime) when =
        wall_offset != 0 ? g_date_time_new_from_unix_utc((at + wall_offset) / USEC_PER_SEC) : NULL;
    g_autofree char *date = when ? g_date_time_format_iso8601(when) : NULL;
    g_string_append_printf(lines, "# began %s\n", date ? date : "when the clock was not set");
}

static void add_head(Output *output)
{
    g_string_append(output->ready, CAPTURE_HEADER);
    if (output->about)
        g_string_append(output->ready, output->about);
}

static void add_sitting(Output *output, GString *lines, Usec origin, gint64 wall_offset,
                        const char *config)
{
    if (output->about)
        add_date(lines, origin, wall_offset);
    excerpt_add_sitting(lines, origin, config);
}

static void output_read_to_the_end(Output *output)
{
    output->reading = FALSE;
    output->closing = !output->live;
    g_string_append_len(output->ready, output->later->str, (gssize)output->later->len);
    g_string_truncate(output->later, 0);
}

static void output_take(Output *output, const Excerpt *excerpt)
{
    if (excerpt->config && !output->live) {
        add_head(output);
        add_sitting(output, output->ready, excerpt->origin, excerpt->wall_offset, excerpt->config);
    }
    g_string_append_len(output->ready, excerpt->lines->str, (gssize)excerpt->lines->len);
    output->place = excerpt->place;
    if (!excerpt->more)
        output_read_to_the_end(output);
}

static void on_excerpt(GObject *source, GAsyncResult *result, gpointer data)
{
    Output *output = data;
    GError *error = NULL;
    g_autoptr(Excerpt) excerpt = g_task_propagate_pointer(G_TASK(result), &error);
    output->asked = FALSE;
    if (!output->recorder || !output->reading) {
        g_clear_error(&error);
    } else if (excerpt) {
        output_take(output, excerpt);
        output_push(output);
    } else if (output->live) {
        g_string_append_printf(output->ready, "# what happened before cannot be read: %s\n",
                               error->message);
        g_error_free(error);
        output_read_to_the_end(output);
        output_push(output);
    } else {
        output_end(output, error);
    }
    output_unref(output);
}

static void output_read_on(Output *output)
{
    output->asked = TRUE;
    GTask *query = g_task_new(NULL, NULL, on_excerpt, g_rc_box_acquire(output));
    g_task_set_source_tag(query, output_read_on);
    g_task_set_task_data(query, g_memdup2(&output->place, sizeof output->place), g_free);
    worker_query(output->recorder->worker, QUERY_EXCERPT, output->place.run, query);
}

// ── what is ──

static void output_add(Output *output, const GString *lines)
{
    if (!output->live || output->closing)
        return;
    if (output->ready->len + output->later->len <= WAITING_MAX) {
        GString *to = output->reading ? output->later : output->ready;
        g_string_append_len(to, lines->str, (gssize)lines->len);
        return;
    }
    g_message("The capture for %s has ended: its reader is too slow", output->name);
    g_string_truncate(output->later, 0);
    g_string_append(output->ready, "# ended here: the reader is too slow\n");
    output->reading = FALSE;
    output->closing = TRUE;
}

static void recorder_add_lines(Recorder *recorder, const GString *lines)
{
    gboolean full = FALSE;
    for (guint i = 0; i < recorder->outputs->len; i++) {
        Output *output = recorder->outputs->pdata[i];
        output_add(output, lines);
        full |= output->ready->len >= FLUSH_AT;
    }
    if (full) {
        recorder_flush(recorder);
    } else if (!recorder->armed) {
        recorder->armed = TRUE;
        alarm_set_loosely(recorder->alarm, clock_now() + FLUSH_WITHIN, FLUSH_WITHIN);
    }
}

void recorder_event(Recorder *recorder, const Event *event)
{
    if (recorder->outputs->len == 0)
        return;
    g_string_truncate(recorder->line, 0);
    excerpt_add_event(recorder->line, event, recorder->origin);
    recorder_add_lines(recorder, recorder->line);
}

static gint64 wall_offset_now(void)
{
    Usec wall = clock_wall();
    return wall != 0 ? wall - clock_now() : 0;
}

void recorder_sitting(Recorder *recorder, Usec at, const char *config)
{
    recorder->begun = TRUE;
    recorder->origin = at;
    g_free(recorder->config);
    recorder->config = g_strdup(config);
    for (guint i = 0; i < recorder->outputs->len; i++) {
        Output *output = recorder->outputs->pdata[i];
        g_string_truncate(recorder->line, 0);
        add_sitting(output, recorder->line, at, wall_offset_now(), config);
        output_add(output, recorder->line);
    }
}

// What was of it comes from the journal.
void recorder_continue(Recorder *recorder, Usec at, const char *config)
{
    recorder_sitting(recorder, at, config);
    for (guint i = 0; i < recorder->outputs->len; i++) {
        Output *output = recorder->outputs->pdata[i];
        if (!output->live || output->closing || output->reading)
            continue;
        output->place = (ExcerptPlace){0};
        output->reading = TRUE;
        output_read_on(output);
    }
}

void recorder_flush(Recorder *recorder)
{
    recorder->armed = FALSE;
    alarm_set(recorder->alarm, USEC_NEVER);
    for (guint i = recorder->outputs->len; i-- > 0;) // an output may end
        if (((Output *)recorder->outputs->pdata[i])->ready->len > 0)
            output_push(recorder->outputs->pdata[i]);
}

// ── life ──

static void on_alarm(gpointer recorder)
{
    recorder_flush(recorder);
}

Recorder *recorder_new(Worker *worker)
{
    Recorder *recorder = g_new0(Recorder, 1);
    recorder->worker = worker;
    recorder->outputs = g_ptr_array_new_with_free_func(output_unref);
    recorder->line = g_string_new(NULL);
    recorder->alarm = alarm_new(on_alarm, recorder);
    recorder->written = g_async_queue_new();
    return recorder;
}

void recorder_free(Recorder *recorder)
{
    if (!recorder)
        return;
    recorder_flush(recorder);
    for (guint i = recorder->outputs->len; i-- > 0;) {
        Output *output = recorder->outputs->pdata[i];
        output_end(output, output->live ? NULL
                                        : g_error_new(PACED_ERROR, PACED_ERROR_NOT_READY,
                                                      "the daemon is ending"));
    }
    while (recorder->files > 0 && g_async_queue_timeout_pop(recorder->written, CLOSE_WITHIN))
        recorder->files--;
    g_async_queue_unref(recorder->written);
    g_ptr_array_unref(recorder->outputs);
    alarm_free(recorder->alarm);
    g_string_free(recorder->line, TRUE);
    g_free(recorder->config);
    g_free(recorder);
}

// What happens must not wait for a file's disk. An export may, for its caller waits for it, and is
// told when that is full.
static int ready_to_write(Recorder *recorder, const RecorderRequest *request)
{
    struct stat status;
    gboolean file =
        request->run == 0 && fstat(request->fd, &status) == 0 && S_ISREG(status.st_mode);
    int fd = file ? scribe_start(request->fd, request->name, recorder->written) : -1;
    if (fd >= 0) {
        recorder->files++;
        return fd;
    }
    g_unix_set_fd_nonblocking(request->fd, TRUE, NULL);
    return request->fd;
}

void recorder_add(Recorder *recorder, const RecorderRequest *request, GTask *task)
{
    Output *output = g_rc_box_new0(Output);
    output->recorder = recorder;
    output->fd = ready_to_write(recorder, request);
    output->name = g_strdup(request->name);
    output->about = g_strdup(request->about);
    output->task = task;
    output->ready = g_string_new(NULL);
    output->later = g_string_new(NULL);
    output->place.run = request->run;
    output->live = request->run == 0;
    output->reading = recorder->begun || !output->live;
    GCancellable *cancellable = g_task_get_cancellable(task);
    if (cancellable)
        output->on_cancelled =
            g_signal_connect(cancellable, "cancelled", G_CALLBACK(on_cancelled), output);
    g_ptr_array_add(recorder->outputs, output);
    if (output->live)
        add_head(output);
    if (output->live && recorder->begun)
        add_sitting(output, output->ready, recorder->origin, wall_offset_now(), recorder->config);
    if (output->reading)
        output_read_on(output);
    output_push(output);
}
