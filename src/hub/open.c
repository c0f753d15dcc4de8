// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A second place for the runs, and the countdown's words.

#include "hub/open.h"

Store *open_store(const char *database, void (*changed)(gpointer data), gpointer data,
                  char **ret_note, GError **error)
{
    g_autoptr(GError) why = NULL;
    *ret_note = NULL;
    Store *store = store_open(database, changed, data, &why);
    if (store)
        return store;
    g_autofree char *beside = g_strconcat(database, ".other", NULL);
    store = store_open(beside, changed, data, NULL);
    if (store)
        *ret_note = g_strdup_printf("%s; runs are kept in %s", why->message, beside);
    else
        g_propagate_error(error, g_steal_pointer(&why));
    return store;
}

Voice *open_voice(const Config *config, GStrv outputs, const VoiceHandlers *handlers, gpointer data,
                  GError **error)
{
    static const PhraseId countdown[] = {PHRASE_THREE, PHRASE_TWO, PHRASE_ONE, PHRASE_GO};
    const VoiceConfig settings = {
        .language = config->language,
        .variant = config->voice,
        .words_a_minute = config->words_a_minute,
        .outputs = outputs,
    };
    const VoiceSound sound = {config->device, config->volume, config->clicks, config->duck};
    Voice *voice = voice_new(&settings, handlers, data, error);
    if (voice)
        voice_set_sound(voice, &sound);
    for (gsize i = 0; voice && i < G_N_ELEMENTS(countdown); i++)
        voice_prepare(voice, config->phrases.phrase[countdown[i]]);
    return voice;
}
