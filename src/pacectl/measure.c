// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// See audio/speech.c for what is odd about eSpeak NG: it starts once and is never ended.

#include "pacectl/measure.h"

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <string.h>

#define CHUNK_MS 200

static gsize samples;

static int count_pcm(short *pcm, int count, espeak_EVENT *events)
{
    samples += (gsize)count;
    return 0;
}

static gboolean start(void)
{
    static gboolean tried, running;
    if (tried)
        return running;
    tried = TRUE;
    espeak_ng_InitializePath(NULL);
    espeak_ng_ERROR_CONTEXT context = NULL;
    const espeak_ng_STATUS status = espeak_ng_Initialize(&context);
    espeak_ng_ClearErrorContext(&context);
    running = status == ENS_OK &&
              espeak_ng_InitializeOutput(ENOUTPUT_MODE_SYNCHRONOUS, CHUNK_MS, NULL) == ENS_OK;
    if (running)
        espeak_SetSynthCallback(count_pcm);
    return running;
}

gboolean measure_begin(const char *language, int words_a_minute)
{
    espeak_VOICE wanted = {.languages = language};
    return start() && espeak_ng_SetVoiceByProperties(&wanted) == ENS_OK &&
           espeak_ng_SetParameter(espeakRATE, words_a_minute, 0) == ENS_OK;
}

double measure_s(const char *text)
{
    samples = 0;
    espeak_ng_Synthesize(text, strlen(text) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL);
    return (double)samples / espeak_ng_GetSampleRate();
}
