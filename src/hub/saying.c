// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hub.Say: a caller's text through the coach's voice, outside of a workout. The session knows
// nothing of it: such cues have ids of their own, whose reports stay here. For another language a
// second voice lives as long as it speaks; what is written to a file is not spoken twice.

#include "hub/hub-inside.h"

#include "audio/speech.h"
#include "io/clock.h"
#include "io/error.h"

#include <string.h>

#define WORTH_SAYING (10 * USEC_PER_SEC) // while a server is being connected

static gboolean end_guest(gpointer data)
{
    Hub *hub = data;
    hub->guest_end = 0;
    g_clear_pointer(&hub->guest, voice_free);
    return G_SOURCE_REMOVE;
}

// A voice must not be freed from within its own report.
static void on_guest_report(VoiceReportKind kind, uint32_t cue, Usec latency, gpointer data)
{
    Hub *hub = data;
    if (kind == VOICE_DONE && hub->guest_end == 0)
        hub->guest_end = g_idle_add(end_guest, hub);
}

static void on_guest_changed(gpointer data)
{
}

void saying_end(Hub *hub)
{
    if (hub->guest_end != 0)
        g_source_remove(hub->guest_end);
    end_guest(hub);
}

static Voice *find_voice(Hub *hub, const char *language, GError **error)
{
    static const VoiceHandlers handlers = {.report = on_guest_report, .changed = on_guest_changed};
    if (!language || g_ascii_strcasecmp(language, hub->config->language) == 0)
        return hub->voice;
    saying_end(hub);
    g_autoptr(GStrvBuilder) heard = g_strv_builder_new();
    for (char **output = hub->options.voice_outputs; *output; output++)
        if (!g_str_has_prefix(*output, "wav:"))
            g_strv_builder_add(heard, *output);
    g_auto(GStrv) outputs = g_strv_builder_end(heard);
    if (!outputs[0]) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_NOT_READY,
                            "a file takes only the language that is set");
        return NULL;
    }
    const VoiceConfig config = {language, hub->config->voice, hub->config->words_a_minute, outputs};
    hub->guest = voice_new(&config, &handlers, hub, error);
    if (hub->guest)
        voice_set_sound(hub->guest, voice_sound(hub->voice));
    return hub->guest;
}

gboolean saying_say(Hub *hub, const char *text, const char *language, GError **error)
{
    const gsize length = strlen(text);
    g_autofree char *clean = speech_clean(text);
    if (length >= CUE_TEXT_MAX) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "%" G_GSIZE_FORMAT " bytes are too long to be said at once; %d can be", length,
                    CUE_TEXT_MAX - 1);
        return FALSE;
    }
    if (*clean == '\0') {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                            "there is nothing to say");
        return FALSE;
    }
    if (hub_is_running(hub)) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_BUSY,
                            "a workout is running, and the voice is the coach's");
        return FALSE;
    }
    Voice *voice = find_voice(hub, language, error);
    if (!voice)
        return FALSE;
    const VoiceState state = voice_state(voice);
    if (state == VOICE_NO_SERVER || state == VOICE_NO_SINK || state == VOICE_NO_SPEECH) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_NOT_READY, voice_reason(voice));
        return FALSE;
    }
    const Usec now = clock_now();
    Cue cue = {.id = SAID_FIRST | ++hub->said,
               .kind = CUE_SAFETY,
               .priority = PRIORITY_SPLIT,
               .due = now,
               .expires = now + WORTH_SAYING};
    cue_set_text(&cue, clean);
    voice_say(voice, &cue);
    return TRUE;
}
