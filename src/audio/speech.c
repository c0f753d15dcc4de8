// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// eSpeak NG behind a queue. What was hard: the engine is for one thread only, and a request can be
// aborted only by a flag that is looked at with each piece of sound. Results go by idle sources and
// not by g_main_context_invoke(), which would run them in the worker while the main loop is between
// two iterations.

#include "audio/speech.h"

#include <string.h>

struct Speech { // reference counted: the worker and messages under way hold it too
    char *language;
    char *variant;
    int words_a_minute;
    SpeechHandlers handlers; // from here on for the main thread only
    gpointer data;
    uint32_t last_ticket;
    bool closed;
};

typedef struct {
    Speech *speech;
    uint32_t ticket; // 0: only load the voice
    char *text;
    gint aborted; // atomic
} Request;

typedef enum {
    MESSAGE_LOADED,
    MESSAGE_PCM,
    MESSAGE_FINISHED,
} MessageKind;

typedef struct {
    Speech *speech;
    MessageKind kind;
    uint32_t ticket;
    bool available;
    char *reason;
    GBytes *pcm;
} Message;

static struct {
    GThread *thread;
    GMutex mutex; // guards queue and current; only the worker writes current
    GCond wake;
    GQueue queue;
    Request *current;
    Speech *loaded; // whose voice eSpeak NG has; the worker's own, and a reference
} worker;

static void speech_clear(gpointer object)
{
    Speech *speech = object;
    g_free(speech->language);
    g_free(speech->variant);
}

static void speech_unref(Speech *speech)
{
    g_atomic_rc_box_release_full(speech, speech_clear);
}

static void message_free(gpointer data)
{
    Message *message = data;
    speech_unref(message->speech);
    g_free(message->reason);
    g_clear_pointer(&message->pcm, g_bytes_unref);
    g_free(message);
}

static gboolean message_deliver(gpointer data)
{
    Message *message = data;
    Speech *speech = message->speech;
    if (speech->closed)
        return G_SOURCE_REMOVE;
    switch (message->kind) {
    case MESSAGE_LOADED:
        speech->handlers.loaded(message->available, message->reason, speech->data);
        break;
    case MESSAGE_PCM:
        speech->handlers.pcm(message->ticket, message->pcm, speech->data);
        break;
    case MESSAGE_FINISHED:
        speech->handlers.finished(message->ticket, speech->data);
        break;
    }
    return G_SOURCE_REMOVE;
}

static void post(const Request *request, Message contents)
{
    Message *message = g_memdup2(&contents, sizeof contents);
    message->speech = g_atomic_rc_box_acquire(request->speech);
    message->ticket = request->ticket;
    GSource *source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_HIGH);
    g_source_set_callback(source, message_deliver, message, message_free);
    g_source_attach(source, NULL);
    g_source_unref(source);
}

static void request_free(Request *request)
{
    speech_unref(request->speech);
    g_free(request->text);
    g_free(request);
}

// ── in the worker ──

static bool request_pcm(const int16_t *samples, size_t count, gpointer data)
{
    const Request *request = data;
    if (g_atomic_int_get(&request->aborted))
        return false;
    if (count > 0)
        post(request,
             (Message){.kind = MESSAGE_PCM, .pcm = g_bytes_new(samples, count * sizeof *samples)});
    return true;
}

// Loads the voice of the request unless it is the one loaded, and tells so.
static bool load_voice(bool running, const Request *request)
{
    if (worker.loaded == request->speech)
        return true;
    g_clear_pointer(&worker.loaded, speech_unref);
    g_autoptr(GString) reason = g_string_new(NULL);
    bool available = running && synth_set_voice(request->speech->language, request->speech->variant,
                                                request->speech->words_a_minute, reason);
    if (!running)
        g_string_assign(reason, SYNTH_MISSING);
    if (available)
        worker.loaded = g_atomic_rc_box_acquire(request->speech);
    post(
        request,
        (Message){.kind = MESSAGE_LOADED, .available = available, .reason = g_strdup(reason->str)});
    return available;
}

static void serve(bool running, Request *request)
{
    bool available = load_voice(running, request);
    if (request->ticket == 0)
        return;
    if (available)
        synth_speak(request->text, request_pcm, request);
    if (!g_atomic_int_get(&request->aborted))
        post(request, (Message){.kind = MESSAGE_FINISHED});
}

static gpointer worker_run(gpointer data)
{
    bool running = synth_start();
    for (;;) {
        g_mutex_lock(&worker.mutex);
        while (g_queue_is_empty(&worker.queue))
            g_cond_wait(&worker.wake, &worker.mutex);
        Request *request = worker.current = g_queue_pop_head(&worker.queue);
        g_mutex_unlock(&worker.mutex);

        if (!g_atomic_int_get(&request->aborted))
            serve(running, request);

        g_mutex_lock(&worker.mutex);
        worker.current = NULL;
        g_mutex_unlock(&worker.mutex);
        request_free(request);
    }
    return NULL;
}

// ── in the main thread ──

static void enqueue(Speech *speech, uint32_t ticket, const char *text, bool urgent)
{
    Request *request = g_new0(Request, 1);
    request->speech = g_atomic_rc_box_acquire(speech);
    request->ticket = ticket;
    request->text = text ? speech_clean(text) : NULL;
    g_mutex_lock(&worker.mutex);
    if (urgent)
        g_queue_push_head(&worker.queue, request);
    else
        g_queue_push_tail(&worker.queue, request);
    if (!worker.thread)
        worker.thread = g_thread_new("speech", worker_run, NULL);
    g_cond_signal(&worker.wake);
    g_mutex_unlock(&worker.mutex);
}

Speech *speech_new(const char *language, const char *variant, int words_a_minute,
                   const SpeechHandlers *handlers, gpointer data)
{
    Speech *speech = g_atomic_rc_box_new0(Speech);
    speech->language = g_strdup(language ? language : "");
    speech->variant = g_strdup(variant ? variant : "");
    speech->words_a_minute = words_a_minute;
    speech->handlers = *handlers;
    speech->data = data;
    enqueue(speech, 0, NULL, false);
    return speech;
}

uint32_t speech_request(Speech *speech, const char *text, bool urgent)
{
    if (++speech->last_ticket == 0)
        speech->last_ticket = 1;
    enqueue(speech, speech->last_ticket, text, urgent);
    return speech->last_ticket;
}

static void abort_matching(const Request *request, const Speech *speech, uint32_t ticket)
{
    if (request && request->speech == speech && (ticket == 0 || request->ticket == ticket))
        g_atomic_int_set((gint *)&request->aborted, 1);
}

// Ticket 0 means all of them.
static void abort_requests(const Speech *speech, uint32_t ticket)
{
    g_mutex_lock(&worker.mutex);
    abort_matching(worker.current, speech, ticket);
    for (const GList *link = worker.queue.head; link; link = link->next)
        abort_matching(link->data, speech, ticket);
    g_mutex_unlock(&worker.mutex);
}

void speech_cancel(Speech *speech, uint32_t ticket)
{
    if (ticket != 0)
        abort_requests(speech, ticket);
}

void speech_free(Speech *speech)
{
    if (!speech)
        return;
    speech->closed = true;
    abort_requests(speech, 0);
    speech_unref(speech);
}

// What ends a line is a space, and what only turns the direction of writing is nothing; a joiner
// belongs to its word.
static void append_clean(GString *clean, gunichar character)
{
    const GUnicodeType type = g_unichar_type(character);
    const bool joins = character == 0x200c || character == 0x200d;
    const bool ends = type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
                      type == G_UNICODE_PARAGRAPH_SEPARATOR;
    if (type != G_UNICODE_FORMAT || joins)
        g_string_append_unichar(clean, ends ? ' ' : character);
}

char *speech_clean(const char *text)
{
    // Four bytes a character at most: what lies behind cannot be spoken anyhow.
    const size_t length = MIN(strlen(text), SPEECH_TEXT_MAX * 4);
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)length);
    GString *clean = g_string_sized_new(length);
    const char *at = valid;
    for (int characters = 0; *at && characters < SPEECH_TEXT_MAX; characters++) {
        gunichar character = g_utf8_get_char(at);
        append_clean(clean, character);
        at = g_utf8_next_char(at);
    }
    return g_strstrip(g_string_free(clean, FALSE));
}
