// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The daemon's own output to files, driven by virtual time instead of by a voice that waits for it.

#include "pacectl/rendition.h"

#include "audio/output.h"
#include "audio/synth.h"
#include "io/error.h"

struct Rendition {
    Output *wav;
};

Rendition *rendition_new(const char *path, const char *language, const char *variant,
                         int words_a_minute, GError **error)
{
    g_autoptr(GString) reason = g_string_new(SYNTH_MISSING);
    if (!synth_start() ||
        !synth_set_voice(language, variant, words_a_minute, g_string_truncate(reason, 0))) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_NOT_READY, reason->str);
        return NULL;
    }
    Output *wav = wav_new(path, error);
    if (!wav)
        return NULL;
    Rendition *rendition = g_new(Rendition, 1);
    *rendition = (Rendition){wav};
    return rendition;
}

static bool keep_pcm(const int16_t *samples, size_t count, gpointer data)
{
    Output *wav = ((Rendition *)data)->wav;
    g_autoptr(GBytes) pcm = g_bytes_new(samples, count * sizeof *samples);
    if (count > 0)
        wav->ops->write(wav, pcm);
    return true;
}

void rendition_take(Rendition *rendition, double t_s, const Effect *effect)
{
    Output *wav = rendition->wav;
    const Usec now = usec_from_s(fmax(t_s, 0));
    if (effect->kind == EFFECT_SAY) {
        g_autofree char *text = speech_clean(effect->cue.text);
        wav->ops->begin(wav, &effect->cue, now);
        synth_speak(text, keep_pcm, rendition);
        wav->ops->end(wav);
    } else if (effect->kind == EFFECT_HUSH) {
        wav->ops->stop(wav, now);
    } else if (effect->kind == EFFECT_TONE) {
        wav->ops->tone(wav, &effect->cue, usec_later(now + effect->cue.due - effect->at, now));
    } else if (effect->kind == EFFECT_METRONOME) {
        wav->ops->metronome(wav, effect->clicks, now);
    }
}

char *rendition_end(Rendition *rendition)
{
    Output *wav = rendition->wav;
    char *amiss = *wav->reason ? g_strdup(wav->reason) : NULL;
    wav->ops->free(wav);
    g_free(rendition);
    return amiss;
}
