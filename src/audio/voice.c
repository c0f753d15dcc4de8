// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One cue at a time, from words to outputs, and its fate told exactly once. What was hard: the cue
// may end from any side (heard, expired, hushed, replaced, the server lost, no speech at all), and
// reports lead straight back here through the session. So each end goes through one function, and
// reports are queued and told from the main loop.

#include "audio/voice.h"

#include <string.h>

#include "audio/cache.h"
#include "audio/clicks.h"
#include "audio/ducked.h"
#include "audio/output.h"
#include "audio/speech.h"
#include "coach/words.h"
#include "io/clock.h"
#include "io/error.h"

#define CACHE_BYTES       (512 * 1024) // 12 s
#define CACHE_ENTRY_BYTES (256 * 1024) // 6 s: what is announced
#define KEPT_BYTES        (64 * 1024)  // 1.5 s: a countdown word, "push a little harder"
#define PREPARED_MAX      16
#define LATENCY_CHANGE    (20 * USEC_PER_MSEC)
#define SYNTHESIS_GRACE   (5 * USEC_PER_SEC) // beyond what the words take; a Pi needs 0.1 s

typedef struct {
    VoiceReportKind kind;
    uint32_t cue;
    Usec latency;
} Report;

typedef struct {
    uint32_t ticket; // 0: none
    char *text;
    GByteArray *pcm; // while it fits the cache
} Synthesis;

struct Voice {
    VoiceHandlers handlers;
    gpointer data;
    GPtrArray *outputs;
    VoiceSound sound; // its device is ours
    Output *audible;  // one of them; may be NULL
    Speech *speech;
    int words_a_minute;
    bool speechless;
    bool stuck; // the synthesis of the last cue did not come to its end
    char *speech_reason;
    PcmCache *cache;
    Usec first_cue_at; // USEC_NEVER: none yet
    Usec latency;      // as last reported; USEC_NEVER: not yet
    Alarm *alarm;      // before the start: the cue expires; then: its synthesis takes too long; in
                       // silence: it would be over

    Cue cue; // id 0: none
    Synthesis speaking;
    bool heard;      // the audible output has it
    bool complete;   // all PCM is there
    Usec started_at; // USEC_NEVER: not yet
    int64_t bytes;   // of PCM so far

    Synthesis preparing[PREPARED_MAX];

    GQueue reports;
    bool changed;
    char *told; // state and reason as last told
    guint telling;
};

// ── telling ──

static gboolean voice_tell(gpointer data)
{
    Voice *voice = data;
    voice->telling = 0;
    Report *report;
    while ((report = g_queue_pop_head(&voice->reports))) {
        voice->handlers.report(report->kind, report->cue, report->latency, voice->data);
        g_free(report);
    }
    g_autofree char *now =
        g_strconcat(voice_state_name(voice_state(voice)), voice_reason(voice), NULL);
    if (g_strcmp0(now, voice->told) != 0) {
        g_free(voice->told);
        voice->told = g_steal_pointer(&now);
        voice->handlers.changed(voice->data);
    }
    return G_SOURCE_REMOVE;
}

static void voice_tell_soon(gpointer data)
{
    Voice *voice = data;
    if (!voice->telling)
        voice->telling = g_idle_add_full(G_PRIORITY_HIGH, voice_tell, voice, NULL);
}

static void voice_report(Voice *voice, VoiceReportKind kind, uint32_t cue, Usec latency)
{
    Report report = {kind, cue, latency};
    g_queue_push_tail(&voice->reports, g_memdup2(&report, sizeof report));
    voice_tell_soon(voice);
}

// ── the cue's life ──

static void synthesis_clear(Synthesis *synthesis)
{
    synthesis->ticket = 0;
    g_clear_pointer(&synthesis->text, g_free);
    g_clear_pointer(&synthesis->pcm, g_byte_array_unref);
}

static void cue_started(Voice *voice)
{
    voice->started_at = clock_now();
    // The output has a deadline of its own, but counts from the end of the words.
    alarm_set(voice->alarm, voice->complete
                                ? USEC_NEVER
                                : voice->started_at + SYNTHESIS_GRACE +
                                      speech_duration(voice->cue.text, voice->words_a_minute));
    voice_report(voice, VOICE_STARTED, voice->cue.id, 0);
}

static void cue_over(Voice *voice)
{
    voice_report(voice, VOICE_DONE, voice->cue.id, 0);
    voice->cue.id = 0;
    speech_cancel(voice->speech, voice->speaking.ticket);
    synthesis_clear(&voice->speaking);
    alarm_set(voice->alarm, USEC_NEVER);
}

static void cue_stop(Voice *voice)
{
    Usec since_first = clock_now() - voice->first_cue_at;
    for (guint i = 0; i < voice->outputs->len; i++) {
        Output *output = voice->outputs->pdata[i];
        output->ops->stop(output, since_first);
    }
    cue_over(voice);
}

// Nobody hears the cue (any more): it takes its time all the same.
static void time_in_silence(Voice *voice)
{
    if (voice->started_at == USEC_NEVER)
        cue_started(voice);
    Usec length = voice->bytes * USEC_PER_SEC / (SPEECH_RATE * 2);
    if (voice->speechless)
        length = speech_duration(voice->cue.text, voice->words_a_minute);
    else if (!voice->complete)
        return; // again when its length is known
    alarm_set(voice->alarm, voice->started_at + length);
}

static void alarm_rang(gpointer data)
{
    Voice *voice = data;
    if (voice->cue.id == 0)
        return;
    bool hangs = voice->started_at != USEC_NEVER && !voice->complete && !voice->speechless;
    if (hangs) {
        voice->stuck = true;
        voice_tell_soon(voice);
    }
    if (voice->started_at == USEC_NEVER || hangs)
        cue_stop(voice);
    else
        cue_over(voice);
}

static void cue_write(Voice *voice, GBytes *pcm)
{
    voice->bytes += (int64_t)g_bytes_get_size(pcm);
    for (guint i = 0; i < voice->outputs->len; i++) {
        Output *output = voice->outputs->pdata[i];
        output->ops->write(output, pcm);
    }
}

static void cue_complete(Voice *voice)
{
    voice->complete = true;
    if (voice->started_at != USEC_NEVER)
        alarm_set(voice->alarm, USEC_NEVER);
    for (guint i = 0; i < voice->outputs->len; i++) {
        Output *output = voice->outputs->pdata[i];
        output->ops->end(output);
    }
    if (voice->bytes == 0)
        cue_stop(voice);
    else if (!voice->heard)
        time_in_silence(voice);
}

// ── from the audible output ──

static void output_started(gpointer data)
{
    cue_started(data);
}

static void output_done(gpointer data)
{
    cue_over(data);
}

static void output_lost(gpointer data)
{
    Voice *voice = data;
    voice->heard = false;
    time_in_silence(voice);
}

static void output_latency(Usec latency, gpointer data)
{
    Voice *voice = data;
    if (voice->latency != USEC_NEVER && ABS(latency - voice->latency) <= LATENCY_CHANGE)
        return;
    voice->latency = latency;
    voice_report(voice, VOICE_LATENCY, 0, latency);
}

// ── from the synthesis ──

static bool needs_synthesis(const Voice *voice)
{
    return !voice->audible || !voice->audible->speaks;
}

static void speech_loaded(bool available, const char *reason, gpointer data)
{
    Voice *voice = data;
    voice->speechless = !available;
    g_free(voice->speech_reason);
    voice->speech_reason = g_strdup(reason);
    voice_tell_soon(voice);
}

static Synthesis *find_synthesis(Voice *voice, uint32_t ticket)
{
    if (voice->speaking.ticket == ticket)
        return &voice->speaking;
    for (size_t i = 0; i < PREPARED_MAX; i++)
        if (voice->preparing[i].ticket == ticket)
            return &voice->preparing[i];
    return NULL;
}

static void speech_pcm(uint32_t ticket, GBytes *pcm, gpointer data)
{
    Voice *voice = data;
    Synthesis *synthesis = find_synthesis(voice, ticket);
    if (!synthesis)
        return; // of a cue that is over
    if (synthesis->pcm) {
        gsize size;
        const guint8 *bytes = g_bytes_get_data(pcm, &size);
        g_byte_array_append(synthesis->pcm, bytes, (guint)size);
        // What was said is not likely to be said again, unless it is short.
        if (synthesis->pcm->len > (synthesis == &voice->speaking ? KEPT_BYTES : CACHE_ENTRY_BYTES))
            g_clear_pointer(&synthesis->pcm, g_byte_array_unref);
    }
    if (synthesis != &voice->speaking)
        return;
    if (voice->started_at == USEC_NEVER && clock_now() >= voice->cue.expires)
        cue_stop(voice);
    else
        cue_write(voice, pcm);
}

static void speech_finished(uint32_t ticket, gpointer data)
{
    Voice *voice = data;
    if (voice->stuck)
        voice_tell_soon(voice);
    voice->stuck = false;
    Synthesis *synthesis = find_synthesis(voice, ticket);
    if (!synthesis)
        return;
    if (synthesis->pcm) {
        g_autoptr(GBytes) pcm = g_byte_array_free_to_bytes(g_steal_pointer(&synthesis->pcm));
        pcm_cache_put(voice->cache, synthesis->text, pcm);
    }
    bool spoken = synthesis == &voice->speaking;
    synthesis_clear(synthesis);
    if (!spoken || (voice->bytes == 0 && !needs_synthesis(voice)))
        return;
    // Found out only now that there is no engine: what plays nothing must not be waited for.
    if (voice->speechless && voice->bytes == 0)
        output_lost(voice);
    else
        cue_complete(voice);
}

static void synthesise(Voice *voice, Synthesis *synthesis, const char *text, bool urgent)
{
    *synthesis = (Synthesis){.ticket = speech_request(voice->speech, text, urgent),
                             .text = g_strdup(text),
                             .pcm = g_byte_array_new()};
}

// ── the interface ──

void voice_prepare(Voice *voice, const char *text)
{
    if (voice->speechless || !needs_synthesis(voice) || pcm_cache_get(voice->cache, text))
        return;
    Synthesis *room = NULL;
    for (size_t i = 0; i < PREPARED_MAX; i++) {
        Synthesis *synthesis = &voice->preparing[i];
        if (synthesis->ticket == 0)
            room = synthesis;
        else if (g_str_equal(synthesis->text, text))
            return;
    }
    if (room)
        synthesise(voice, room, text, false);
}

void voice_say(Voice *voice, const Cue *cue)
{
    if (voice->cue.id != 0)
        cue_stop(voice);
    Usec now = clock_now();
    if (cue->expires <= now) {
        voice_report(voice, VOICE_DONE, cue->id, 0);
        return;
    }
    if (voice->first_cue_at == USEC_NEVER)
        voice->first_cue_at = now;
    voice->cue = *cue;
    voice->cue.text[sizeof cue->text - 1] = '\0';
    voice->started_at = USEC_NEVER;
    voice->heard = voice->complete = false;
    voice->bytes = 0;
    alarm_set(voice->alarm, cue->expires);
    for (guint i = 0; i < voice->outputs->len; i++) {
        Output *output = voice->outputs->pdata[i];
        if (output->ops->begin(output, &voice->cue, now - voice->first_cue_at))
            voice->heard = output->speaks || !voice->speechless;
    }
    if (!voice->heard)
        time_in_silence(voice);
    GBytes *cached = pcm_cache_get(voice->cache, voice->cue.text);
    if (cached) {
        cue_write(voice, cached);
        cue_complete(voice);
    } else if (!voice->speechless) {
        synthesise(voice, &voice->speaking, voice->cue.text, true);
    }
}

void voice_hush(Voice *voice, uint32_t cue)
{
    if (voice->cue.id != 0 && (cue == 0 || cue == voice->cue.id))
        cue_stop(voice);
    for (guint i = 0; i < voice->outputs->len && cue != 0; i++) {
        Output *output = voice->outputs->pdata[i];
        if (output->ops->take_back)
            output->ops->take_back(output, cue);
    }
}

static void output_free(gpointer data)
{
    Output *output = data;
    output->ops->free(output);
}

static bool voice_add_output(Voice *voice, const VoiceConfig *config, const char *name,
                             GError **error)
{
    static const OutputHandlers handlers = {output_started, output_done, output_lost,
                                            output_latency, voice_tell_soon};
    Output *output = NULL;
    if (g_str_has_prefix(name, "wav:") && name[4] != '\0') {
        output = wav_new(name + 4, error);
        if (!output)
            return false;
    } else if (g_str_equal(name, "print")) {
        output = print_new();
    } else if (g_str_equal(name, "pulse") && !voice->audible) {
        output = voice->audible = pulse_new(&handlers, voice);
    } else if (g_str_equal(name, "spd") && !voice->audible) {
        output = voice->audible = spd_new(config, &handlers, voice);
    } else {
        g_set_error(
            error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
            "\"%s\" is not a voice output, or is there twice; use pulse or spd, wav:FILE or "
            "print",
            name);
        return false;
    }
    g_ptr_array_add(voice->outputs, output);
    return true;
}

Voice *voice_new(const VoiceConfig *config, const VoiceHandlers *handlers, gpointer data,
                 GError **error)
{
    static const SpeechHandlers speech_handlers = {speech_loaded, speech_pcm, speech_finished};
    g_autoptr(Voice) voice = g_new0(Voice, 1);
    voice->handlers = *handlers;
    voice->data = data;
    voice->first_cue_at = voice->latency = USEC_NEVER;
    voice->speech_reason = g_strdup("");
    voice->cache = pcm_cache_new(CACHE_BYTES, CACHE_ENTRY_BYTES);
    voice->alarm = alarm_new(alarm_rang, voice);
    voice->outputs = g_ptr_array_new_with_free_func(output_free);
    if (!config->outputs || !config->outputs[0]) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "no voice output is given; use pulse or spd, wav:FILE or print");
        return NULL;
    }
    for (char **name = config->outputs; *name; name++)
        if (!voice_add_output(voice, config, *name, error))
            return NULL;
    voice_set_sound(voice, &VOICE_SOUND_DEFAULT);
    voice->words_a_minute = config->words_a_minute;
    voice->speech = speech_new(config->language, config->variant, config->words_a_minute,
                               &speech_handlers, voice);
    return g_steal_pointer(&voice);
}

void voice_free(Voice *voice)
{
    if (!voice)
        return;
    speech_free(voice->speech);
    g_ptr_array_unref(voice->outputs);
    g_clear_handle_id(&voice->telling, g_source_remove);
    g_queue_clear_full(&voice->reports, g_free);
    synthesis_clear(&voice->speaking);
    for (size_t i = 0; i < PREPARED_MAX; i++)
        synthesis_clear(&voice->preparing[i]);
    alarm_free(voice->alarm);
    pcm_cache_free(voice->cache);
    g_free(voice->speech_reason);
    g_free(voice->told);
    g_free((char *)voice->sound.device);
    g_free(voice);
}

static Usec since_first(Voice *voice, Usec at)
{
    if (voice->first_cue_at == USEC_NEVER)
        voice->first_cue_at = clock_now();
    return MAX(at - voice->first_cue_at, 0);
}

void voice_tone(Voice *voice, const Cue *cue)
{
    if (cue->tone == TONE_NONE || cue->due + CLICKS_LATE < clock_now())
        return;
    for (guint i = 0; i < voice->outputs->len; i++) {
        Output *output = voice->outputs->pdata[i];
        if (output->ops->tone)
            output->ops->tone(output, cue, since_first(voice, cue->due));
    }
}

void voice_metronome(Voice *voice, double clicks)
{
    for (guint i = 0; i < voice->outputs->len; i++) {
        Output *output = voice->outputs->pdata[i];
        if (output->ops->metronome)
            output->ops->metronome(output, clicks, since_first(voice, clock_now()));
    }
}

static void keep_sound(Voice *voice, const VoiceSound *sound)
{
    char *device = g_strdup(sound->device);
    g_free((char *)voice->sound.device);
    voice->sound = *sound;
    voice->sound.device = device;
}

const VoiceSound *voice_sound(const Voice *voice)
{
    return &voice->sound;
}

void voice_set_sound(Voice *voice, const VoiceSound *sound)
{
    keep_sound(voice, sound);
    for (guint i = 0; i < voice->outputs->len; i++) {
        Output *output = voice->outputs->pdata[i];
        if (output->ops->sound)
            output->ops->sound(output, &voice->sound);
    }
}

bool voice_restore_volumes(void)
{
    return ducked_give_back();
}

void voice_awake(Voice *voice, bool awake)
{
    for (guint i = 0; i < voice->outputs->len; i++) {
        Output *output = voice->outputs->pdata[i];
        if (output->ops->awake)
            output->ops->awake(output, awake);
    }
}

VoiceState voice_state(Voice *voice)
{
    if (needs_synthesis(voice) && (voice->speechless || voice->stuck))
        return VOICE_NO_SPEECH;
    return voice->audible ? voice->audible->state : VOICE_SILENT;
}

const char *voice_state_name(VoiceState state)
{
    switch (state) {
    case VOICE_READY:
        return "ready";
    case VOICE_CONNECTING:
        return "connecting";
    case VOICE_NO_SERVER:
        return "no-server";
    case VOICE_NO_SINK:
        return "no-sink";
    case VOICE_NO_SPEECH:
        return "no-speech";
    case VOICE_SILENT:
        return "silent";
    }
    return "";
}

const char *voice_reason(Voice *voice)
{
    const bool needed = needs_synthesis(voice);
    if (needed && voice->speechless)
        return voice->speech_reason;
    if (needed && voice->stuck)
        return "eSpeak NG does not come to an end; restart paced (systemctl --user restart paced)";
    for (guint i = 0; i < voice->outputs->len; i++) {
        Output *output = voice->outputs->pdata[i];
        if (*output->reason)
            return output->reason;
    }
    return needed ? voice->speech_reason : "";
}
