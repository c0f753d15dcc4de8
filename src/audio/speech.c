// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// eSpeak NG behind a queue. What was hard: the library is one global state, so one thread owns it
// from its only initialisation on (a second cycle of initialise and terminate deadlocks, so it is
// never terminated). espeak_ng_Cancel() does nothing in synchronous mode: a request is aborted by a
// flag that the PCM callback reads. A voice that is not found leaves the previous one speaking, so
// every status counts. Results go by idle sources and not by g_main_context_invoke(), which would
// run them in the worker while the main loop is between two iterations.

#include "audio/speech.h"

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <string.h>

#define CHUNK_MS 200

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

static bool engine_start(void)
{
    espeak_ng_InitializePath(NULL);
    espeak_ng_ERROR_CONTEXT context = NULL;
    espeak_ng_STATUS status = espeak_ng_Initialize(&context);
    espeak_ng_ClearErrorContext(&context);
    return status == ENS_OK &&
           espeak_ng_InitializeOutput(ENOUTPUT_MODE_SYNCHRONOUS, CHUNK_MS, NULL) == ENS_OK;
}

// A voice of another sample rate (MBROLA's) counts as none: the outputs are open at ours.
static bool engine_set_language(const char *language)
{
    espeak_VOICE wanted = {.languages = language};
    return espeak_ng_SetVoiceByProperties(&wanted) == ENS_OK &&
           espeak_ng_GetSampleRate() == SPEECH_RATE;
}

// An unknown variant is not an error to eSpeak NG: it speaks without it.
static bool engine_has_variant(const char *variant)
{
    g_autofree char *identifier = g_strconcat("!v/", variant, NULL);
    const espeak_VOICE **voices = espeak_ListVoices(&(espeak_VOICE){.languages = "variant"});
    for (; voices && *voices; voices++)
        if (strcmp((*voices)->identifier, identifier) == 0)
            return true;
    return false;
}

static bool engine_set_variant(const char *variant)
{
    if (variant[0] == '+')
        variant++;
    if (!engine_has_variant(variant))
        return false;
    espeak_VOICE *voice = espeak_GetCurrentVoice();
    if (!voice || !voice->identifier)
        return false;
    g_autofree char *name = g_strconcat(voice->identifier, "+", variant, NULL);
    return espeak_ng_SetVoiceByName(name) == ENS_OK;
}

static bool engine_set_voice(const Speech *speech, GString *reason)
{
    g_autofree char *language = g_strdelimit(g_strdup(speech->language), "_", '-');
    language[strcspn(language, ".@")] = '\0'; // a locale's encoding and modifier
    g_autofree char *primary = g_strndup(language, strcspn(language, "-"));
    if ((!*language || !engine_set_language(language)) &&
        (!*primary || !engine_set_language(primary))) {
        if (!engine_set_language("en")) {
            g_string_assign(reason, "eSpeak NG has no usable voice; install espeak-ng-data");
            return false;
        }
        g_string_printf(reason,
                        "eSpeak NG has no voice for the language \"%s\" and speaks English; set "
                        "another language (espeak-ng --voices lists them)",
                        speech->language);
    }
    if (*speech->variant && !engine_set_variant(speech->variant))
        g_string_append_printf(reason,
                               "%seSpeak NG has no voice variant \"%s\" (espeak-ng "
                               "--voices=variant lists them)",
                               reason->len ? "; " : "", speech->variant);
    int rate = CLAMP(speech->words_a_minute, espeakRATE_MINIMUM, espeakRATE_MAXIMUM);
    return espeak_ng_SetParameter(espeakRATE, rate, 0) == ENS_OK;
}

static int engine_pcm(short *samples, int count, espeak_EVENT *events)
{
    const Request *request = worker.current; // set by this very thread
    if (g_atomic_int_get(&request->aborted))
        return 1;
    if (samples && count > 0)
        post(request, (Message){.kind = MESSAGE_PCM,
                                .pcm = g_bytes_new(samples, (size_t)count * sizeof(int16_t))});
    return 0;
}

// Loads the voice of the request unless it is the one loaded, and tells so.
static bool load_voice(bool running, const Request *request)
{
    if (worker.loaded == request->speech)
        return true;
    g_clear_pointer(&worker.loaded, speech_unref);
    g_autoptr(GString) reason = g_string_new(NULL);
    bool available = running && engine_set_voice(request->speech, reason);
    if (!running)
        g_string_assign(reason, "eSpeak NG cannot start: its data are missing or damaged; install "
                                "espeak-ng-data");
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
    if (available && *request->text)
        espeak_ng_Synthesize(request->text, strlen(request->text) + 1, 0, POS_CHARACTER, 0,
                             espeakCHARS_UTF8, NULL, NULL);
    if (!g_atomic_int_get(&request->aborted))
        post(request, (Message){.kind = MESSAGE_FINISHED});
}

static gpointer worker_run(gpointer data)
{
    bool running = engine_start();
    if (running)
        espeak_SetSynthCallback(engine_pcm);
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

char *speech_clean(const char *text)
{
    // Four bytes a character at most: what lies behind cannot be spoken anyhow.
    size_t length = strnlen(text, SPEECH_TEXT_MAX * 4);
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)length);
    GString *clean = g_string_sized_new(length);
    const char *at = valid;
    for (int characters = 0; *at && characters < SPEECH_TEXT_MAX; characters++) {
        gunichar character = g_utf8_get_char(at);
        g_string_append_unichar(clean, g_unichar_iscntrl(character) ? ' ' : character);
        at = g_utf8_next_char(at);
    }
    return g_strstrip(g_string_free(clean, FALSE));
}
