// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Words by Speech Dispatcher, in the voice and by the engine that a desktop has set up, beside its
// screen reader. It is talked to in its own protocol (SSIP), for its library blocks. What was hard:
// a message has a number only when it is queued, and by then another may have taken its place; so
// replies are counted, and events of numbers that are nobody's any more say nothing. And a CANCEL
// that meets a message as it begins, or a second one, leaves the dispatcher deaf until that message
// has been spoken to its end. So there is one message at a time: it is cancelled once, when it has
// begun, and the next cue waits for its end. There are no tones here, and nobody knows how long it
// takes to be heard.

#include <gio/gunixsocketaddress.h>
#include <stdlib.h>
#include <string.h>

#include "audio/output.h"
#include "coach/words.h"
#include "io/clock.h"

#define GRACE       (5 * USEC_PER_SEC) // beyond twice what the words should take
#define RETRY_AFTER (2 * USEC_PER_SEC)
#define ANSWER_MOST (3 * USEC_PER_SEC)
#define SETTLES     (50 * USEC_PER_MSEC) // a message, before it can be cancelled
#define SILENT_MOST (USEC_PER_SEC / 2)   // until it begins, or is silent
#define LINES_MOST  64                   // unanswered

#define WITHOUT                                                                                    \
    "Speech Dispatcher does not answer; start it (speech-dispatcher --spawn), or use "             \
    "--voice=pulse"

// Its reply codes.
enum {
    QUEUED = 225,
    EVENT = 700,
    BEGUN = 701,
    ENDED = 702,
    CANCELED = 703,
};

typedef struct {
    Output base;
    OutputHandlers handlers;
    gpointer data;
    char *language;
    int words_a_minute;
    int volume;
    GSocketConnection *connection; // NULL: none
    GDataInputStream *input;
    GCancellable *cancellable; // of this connection's life; NULL: none, and none is being made
    GQueue lines;              // to be sent, each when the one before is answered
    char *sending;
    bool sent, answered; // both: nothing is under way
    Alarm *overdue;
    Usec tried_at;

    bool active;
    char *text;         // of the cue; until it is sent
    const char *weight; // SSIP's word for its priority
    Usec takes;
    char reply[16]; // the latest number in a reply of several lines
    Alarm *deadline;

    // The message that the dispatcher has, the cue's or the one before it.
    enum {
        OPEN_NOT,
        OPEN_QUEUED,
        OPEN_BEGUN,
        OPEN_CANCELLED
    } open;
    char number[16]; // "": not told yet
    Usec settled_at; // once it has begun
    bool unwanted;
    Alarm *patience; // with it
} Spd;

static void send_next(Spd *spd);
static void read_next(Spd *spd);

static void spd_set(Spd *spd, VoiceState state, const char *reason)
{
    if (state == spd->base.state && g_str_equal(reason, spd->base.reason))
        return;
    spd->base.state = state;
    g_free(spd->base.reason);
    spd->base.reason = g_strdup(reason);
    spd->handlers.changed(spd->data);
}

static void cue_clear(Spd *spd)
{
    spd->active = false;
    g_clear_pointer(&spd->text, g_free);
    alarm_set(spd->deadline, USEC_NEVER);
}

static void disconnect(Spd *spd)
{
    if (spd->cancellable)
        g_cancellable_cancel(spd->cancellable);
    g_clear_object(&spd->cancellable);
    g_clear_object(&spd->input);
    g_clear_object(&spd->connection);
    g_queue_clear_full(&spd->lines, g_free);
    g_clear_pointer(&spd->sending, g_free);
    alarm_set(spd->overdue, USEC_NEVER);
    alarm_set(spd->patience, USEC_NEVER);
    spd->open = OPEN_NOT;
}

static void spd_lost(Spd *spd)
{
    disconnect(spd);
    spd_set(spd, VOICE_NO_SERVER, WITHOUT);
    if (!spd->active)
        return;
    cue_clear(spd);
    spd->handlers.lost(spd->data);
}

static void overdue(gpointer data)
{
    spd_lost(data);
}

// ── lines out ──

static void on_sent(GObject *stream, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_output_stream_write_all_finish(G_OUTPUT_STREAM(stream), result, NULL, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    Spd *spd = data;
    spd->sent = true; // its answer may have come sooner
    if (error)
        spd_lost(spd);
    else
        send_next(spd);
}

static void send_next(Spd *spd)
{
    if (!spd->connection || !spd->sent || !spd->answered || g_queue_is_empty(&spd->lines))
        return;
    g_free(spd->sending);
    spd->sending = g_queue_pop_head(&spd->lines);
    spd->sent = spd->answered = false;
    alarm_set(spd->overdue, clock_now() + ANSWER_MOST);
    g_output_stream_write_all_async(g_io_stream_get_output_stream(G_IO_STREAM(spd->connection)),
                                    spd->sending, strlen(spd->sending), G_PRIORITY_HIGH,
                                    spd->cancellable, on_sent, spd);
}

static void say_line(Spd *spd, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void say_line(Spd *spd, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (spd->connection && spd->lines.length < LINES_MOST)
        g_queue_push_tail(&spd->lines, g_strdup_vprintf(format, arguments));
    va_end(arguments);
    send_next(spd);
}

// A line of a text that begins with a full stop would end it.
static void send_cue(Spd *spd)
{
    g_autofree char *text = g_steal_pointer(&spd->text);
    say_line(spd, "SET SELF PRIORITY %s\r\n", spd->weight);
    say_line(spd, "SPEAK\r\n");
    say_line(spd, "%s%s\r\n.\r\n", text[0] == '.' ? "." : "", text);
    spd->open = OPEN_QUEUED;
    spd->number[0] = '\0';
    spd->unwanted = false;
}

// ── one message at a time ──

static void go_on(Spd *spd)
{
    if (spd->connection && spd->open == OPEN_NOT && spd->active && spd->text)
        send_cue(spd);
}

static void patience_ends(gpointer data)
{
    Spd *spd = data;
    if (spd->open == OPEN_CANCELLED) { // as if it were silent
        spd->open = OPEN_NOT;
        go_on(spd);
    } else if (spd->unwanted) {
        say_line(spd, "CANCEL SELF\r\n");
        spd->open = OPEN_CANCELLED;
        alarm_set(spd->patience, clock_now() + SILENT_MOST);
    }
}

static void unwant(Spd *spd)
{
    if (spd->open == OPEN_NOT || spd->unwanted)
        return;
    spd->unwanted = true;
    alarm_set(spd->patience,
              spd->open == OPEN_QUEUED ? clock_now() + SILENT_MOST : spd->settled_at);
}

// ── lines in ──

static void cue_begun(Spd *spd)
{
    alarm_set(spd->deadline, clock_now() + 2 * spd->takes + GRACE);
    spd->handlers.started(spd->data);
}

// Events of messages that are not waited for any more say nothing; the number of one may be told
// behind its beginning.
static void take_event(Spd *spd, int code)
{
    const bool its = g_str_equal(spd->reply, spd->number);
    const bool cues = spd->active && !spd->text && !spd->unwanted;
    if (code == BEGUN && spd->open == OPEN_QUEUED && (its || !spd->number[0])) {
        spd->open = OPEN_BEGUN;
        spd->settled_at = clock_now() + SETTLES;
        alarm_set(spd->patience, spd->unwanted ? spd->settled_at : USEC_NEVER);
        if (cues)
            cue_begun(spd);
    } else if ((code == ENDED || code == CANCELED) && its && spd->open != OPEN_NOT) {
        spd->open = OPEN_NOT;
        alarm_set(spd->patience, USEC_NEVER);
        if (cues) {
            cue_clear(spd);
            spd->handlers.done(spd->data);
        }
    }
}

static void understand(Spd *spd, const char *line)
{
    const int code = atoi(line);
    const bool last = strlen(line) > 3 && line[3] == ' ';
    if (!last) {
        // Of an event the message is the first of two numbers, the client the second.
        if (code < EVENT || !spd->reply[0])
            g_strlcpy(spd->reply, strlen(line) > 4 ? line + 4 : "", sizeof spd->reply);
        return;
    }
    if (code >= EVENT) {
        take_event(spd, code);
        go_on(spd);
    } else {
        if (code == QUEUED)
            g_strlcpy(spd->number, spd->reply, sizeof spd->number);
        spd->answered = true;
        alarm_set(spd->overdue, USEC_NEVER);
        if (g_queue_is_empty(&spd->lines))
            spd_set(spd, VOICE_READY, "");
        send_next(spd);
    }
    spd->reply[0] = '\0';
}

static void on_line(GObject *stream, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *line =
        g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(stream), result, NULL, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!line) {
        spd_lost(data);
        return;
    }
    understand(data, line);
    read_next(data);
}

static void read_next(Spd *spd)
{
    if (spd->input)
        g_data_input_stream_read_line_async(spd->input, G_PRIORITY_HIGH, spd->cancellable, on_line,
                                            spd);
}

// ── the connection ──

static char *socket_path(void)
{
    const char *address = g_getenv("SPEECHD_ADDRESS");
    if (address && g_str_has_prefix(address, "unix_socket:"))
        return g_strdup(address + strlen("unix_socket:"));
    return g_build_filename(g_get_user_runtime_dir(), "speech-dispatcher", "speechd.sock", NULL);
}

static void say_volume(Spd *spd)
{
    say_line(spd, "SET SELF VOLUME %d\r\n", 2 * spd->volume - 100);
}

static void introduce(Spd *spd)
{
    // Its rates are from -100 to 100; what its eSpeak NG makes of them: 80, 170 and 450 words.
    const int over = spd->words_a_minute - 170;
    say_line(spd, "SET SELF CLIENT_NAME %s:paced:coach\r\n", g_get_user_name());
    say_line(spd, "SET SELF NOTIFICATION ALL ON\r\n");
    say_line(spd, "SET SELF LANGUAGE %s\r\n", spd->language);
    say_line(spd, "SET SELF RATE %d\r\n",
             CLAMP(over < 0 ? over * 100 / 90 : over * 100 / 280, -100, 100));
    say_volume(spd);
    go_on(spd);
}

static void on_connected(GObject *client, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_finish(G_SOCKET_CLIENT(client), result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!connection) {
        spd_lost(data);
        return;
    }
    Spd *spd = data;
    spd->connection = g_steal_pointer(&connection);
    spd->input =
        g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(spd->connection)));
    g_data_input_stream_set_newline_type(spd->input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
    spd->sent = spd->answered = true;
    introduce(spd);
    read_next(spd);
}

static void spd_connect(Spd *spd)
{
    g_autofree char *path = socket_path();
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    spd->tried_at = clock_now();
    spd->cancellable = g_cancellable_new();
    spd_set(spd, VOICE_CONNECTING, "connecting to Speech Dispatcher");
    g_socket_client_connect_async(client, G_SOCKET_CONNECTABLE(address), spd->cancellable,
                                  on_connected, spd);
}

// ── the seam ──

static const char *weight_of(const Cue *cue)
{
    switch (cue->priority) {
    case PRIORITY_SAFETY:
    case PRIORITY_STEP:
    case PRIORITY_COUNTDOWN:
        return "IMPORTANT";
    case PRIORITY_SPLIT:
    case PRIORITY_CORRECTION:
    case PRIORITY_ENCOURAGEMENT:
        return "MESSAGE";
    }
    return "MESSAGE";
}

static bool spd_begin(Output *output, const Cue *cue, Usec since_first)
{
    Spd *spd = (Spd *)output;
    if (!spd->cancellable && clock_now() < spd->tried_at + RETRY_AFTER)
        return false;
    cue_clear(spd);
    spd->active = true;
    spd->text = speech_clean(cue->text);
    spd->weight = weight_of(cue);
    spd->takes = speech_duration(cue->text, spd->words_a_minute);
    if (!spd->cancellable)
        spd_connect(spd);
    else
        go_on(spd);
    return true;
}

static void spd_write(Output *output, GBytes *pcm)
{
}

static void spd_end(Output *output)
{
}

static void spd_stop(Output *output, Usec since_first)
{
    Spd *spd = (Spd *)output;
    if (spd->active && !spd->text)
        unwant(spd);
    cue_clear(spd);
}

static void deadline_passed(gpointer data)
{
    Spd *spd = data;
    spd_stop(&spd->base, 0);
    spd->handlers.done(spd->data);
}

static void spd_sound(Output *output, const VoiceSound *sound)
{
    Spd *spd = (Spd *)output;
    spd->volume = CLAMP(sound->volume, 0, 100);
    if (spd->connection)
        say_volume(spd);
}

static void spd_free(Output *output)
{
    Spd *spd = (Spd *)output;
    disconnect(spd);
    cue_clear(spd);
    alarm_free(spd->deadline);
    alarm_free(spd->overdue);
    alarm_free(spd->patience);
    g_free(spd->language);
    g_free(spd->base.reason);
    g_free(spd);
}

Output *spd_new(const VoiceConfig *config, const OutputHandlers *handlers, gpointer data)
{
    static const OutputOps ops = {.begin = spd_begin,
                                  .write = spd_write,
                                  .end = spd_end,
                                  .stop = spd_stop,
                                  .sound = spd_sound,
                                  .free = spd_free};
    Spd *spd = g_new0(Spd, 1);
    spd->base = (Output){.ops = &ops, .state = VOICE_CONNECTING, .reason = g_strdup("")};
    spd->base.speaks = true;
    spd->handlers = *handlers;
    spd->data = data;
    spd->language = g_strdelimit(g_strdup(config->language), "_", '-');
    spd->words_a_minute = config->words_a_minute;
    spd->volume = 100;
    spd->deadline = alarm_new(deadline_passed, spd);
    spd->overdue = alarm_new(overdue, spd);
    spd->patience = alarm_new(patience_ends, spd);
    spd_connect(spd);
    return &spd->base;
}
