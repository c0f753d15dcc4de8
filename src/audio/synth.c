// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// See synth.h. What was hard: the library is one global state, and is never terminated, for a
// second cycle of initialise and terminate deadlocks. A voice that is not found leaves the previous
// one speaking, so every status counts. espeak_ng_Cancel() does nothing in synchronous mode: only
// the PCM callback can end a text. And whatever the mode, it opens an audio device as it starts:
// with a server that accepts and never answers, that would take for ever.

#include "audio/synth.h"

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <string.h>

#define CHUNK_MS 200

static SynthPcm deliver;
static gpointer deliver_data;

static int delivered; // samples of the text

static void mark_words(short *samples, int count, const espeak_EVENT *event)
{
    for (int i = 0; i < count; i++)
        samples[i] &= ~SYNTH_WORD;
    for (; event->type != espeakEVENT_LIST_TERMINATED; event++) {
        const int at = event->sample - delivered;
        if (event->type == espeakEVENT_WORD && at >= 0 && at < count)
            samples[at] |= SYNTH_WORD;
    }
}

static int synth_pcm(short *samples, int count, espeak_EVENT *events)
{
    if (samples && count > 0)
        mark_words(samples, count, events);
    delivered += MAX(count, 0);
    return deliver(samples, samples && count > 0 ? (size_t)count : 0, deliver_data) ? 0 : 1;
}

// pcaudiolib's, as eSpeak NG finds it here: of a device it has no use for, there is none.
struct audio_object *create_audio_device_object(const char *device, const char *application,
                                                const char *description);

struct audio_object *create_audio_device_object(const char *device, const char *application,
                                                const char *description)
{
    return NULL;
}

bool synth_start(void)
{
    espeak_ng_InitializePath(NULL);
    espeak_ng_ERROR_CONTEXT context = NULL;
    espeak_ng_STATUS status = espeak_ng_Initialize(&context);
    espeak_ng_ClearErrorContext(&context);
    if (status != ENS_OK ||
        espeak_ng_InitializeOutput(ENOUTPUT_MODE_SYNCHRONOUS, CHUNK_MS, NULL) != ENS_OK)
        return false;
    espeak_SetSynthCallback(synth_pcm);
    return true;
}

// A voice of another sample rate (MBROLA's) counts as none: the outputs are open at ours.
static bool synth_set_language(const char *language)
{
    espeak_VOICE wanted = {.languages = language};
    return espeak_ng_SetVoiceByProperties(&wanted) == ENS_OK &&
           espeak_ng_GetSampleRate() == SPEECH_RATE;
}

// An unknown variant is not an error to eSpeak NG: it speaks without it.
static bool synth_has_variant(const char *variant)
{
    g_autofree char *identifier = g_strconcat("!v/", variant, NULL);
    const espeak_VOICE **voices = espeak_ListVoices(&(espeak_VOICE){.languages = "variant"});
    for (; voices && *voices; voices++)
        if (strcmp((*voices)->identifier, identifier) == 0)
            return true;
    return false;
}

static bool synth_set_variant(const char *variant)
{
    if (variant[0] == '+')
        variant++;
    if (!synth_has_variant(variant))
        return false;
    espeak_VOICE *voice = espeak_GetCurrentVoice();
    if (!voice || !voice->identifier)
        return false;
    g_autofree char *name = g_strconcat(voice->identifier, "+", variant, NULL);
    return espeak_ng_SetVoiceByName(name) == ENS_OK;
}

bool synth_set_voice(const char *wanted, const char *variant, int words_a_minute, GString *reason)
{
    g_autofree char *language = g_strdelimit(g_strdup(wanted), "_", '-');
    language[strcspn(language, ".@")] = '\0'; // a locale's encoding and modifier
    g_autofree char *primary = g_strndup(language, strcspn(language, "-"));
    if ((!*language || !synth_set_language(language)) &&
        (!*primary || !synth_set_language(primary))) {
        if (!synth_set_language("en")) {
            g_string_assign(reason, "eSpeak NG has no usable voice; install espeak-ng-data");
            return false;
        }
        g_string_printf(reason,
                        "eSpeak NG has no voice for the language \"%s\" and speaks English; set "
                        "another language (espeak-ng --voices lists them)",
                        wanted);
    }
    if (*variant && !synth_set_variant(variant))
        g_string_append_printf(reason,
                               "%seSpeak NG has no voice variant \"%s\" (espeak-ng "
                               "--voices=variant lists them)",
                               reason->len ? "; " : "", variant);
    int rate = CLAMP(words_a_minute, espeakRATE_MINIMUM, espeakRATE_MAXIMUM);
    return espeak_ng_SetParameter(espeakRATE, rate, 0) == ENS_OK;
}

void synth_speak(const char *text, SynthPcm pcm, gpointer data)
{
    deliver = pcm;
    deliver_data = data;
    delivered = 0;
    if (*text)
        espeak_ng_Synthesize(text, strlen(text) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL,
                             NULL);
}
