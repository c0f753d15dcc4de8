// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard: a text of today is read for years, and one of years ago today. What it does not
// have is as it was before there was such a setting.

#include "io/sitting-config.h"

#include "workout/aids.h"

#include <string.h>

// As config.h has them.
#define DRIFT_BAND_LEAST     0.01
#define DRIFT_BAND_MOST      0.2
#define WORDS_A_MINUTE_LEAST 80
#define WORDS_A_MINUTE_MOST  450

static void add_phrases(GKeyFile *file, const Phrases *phrases)
{
    g_autofree Phrases *english = g_new0(Phrases, 1);
    phrases_init_english(english);
    for (PhraseId id = 0; id < PHRASE_COUNT; id++)
        if (strcmp(phrases->phrase[id], english->phrase[id]) != 0)
            g_key_file_set_string(file, "phrases", phrase_key(id), phrases->phrase[id]);

    const char *words[NUMBER_WORDS];
    gboolean same = TRUE;
    for (size_t i = 0; i < NUMBER_WORDS; i++) {
        words[i] = phrases->number[i];
        same = same && strcmp(phrases->number[i], english->number[i]) == 0;
    }
    if (!same)
        g_key_file_set_string_list(file, "numbers", "words", words, NUMBER_WORDS);
}

char *sitting_config_text(const Config *config)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_key_file_set_string(file, "sitting", "version", PACED_VERSION);
    g_key_file_set_string(file, "sitting", "language", config->phrases.language);
    char band[G_ASCII_DTOSTR_BUF_SIZE]; // of 0.03, GKeyFile itself would make 0.029999999999999999
    g_ascii_formatd(band, sizeof band, "%.15g", config->drift_band);
    g_key_file_set_value(file, "sitting", "drift-band", band);
    g_key_file_set_integer(file, "sitting", "words-a-minute", config->words_a_minute);
    g_key_file_set_boolean(file, "sitting", "adapt", config->adapt);
    g_key_file_set_string(file, "sitting", "verbosity", verbosity_name(config->verbosity));
    g_key_file_set_integer(file, "sitting", "silent", (int)config->silent);
    char metronome[METRONOME_TEXT_MAX];
    g_key_file_set_string(file, "sitting", "metronome",
                          aids_metronome_text(config->metronome, metronome));
    g_key_file_set_integer(file, "sitting", "pacer", (int)config->pacer_m);
    add_phrases(file, &config->phrases);
    return g_key_file_to_data(file, NULL, NULL);
}

static gboolean refuse(GError **error, const char *key, const char *why)
{
    g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "%s: %s", key, why);
    return FALSE;
}

static gboolean read_phrases(GKeyFile *file, Phrases *phrases, GError **error)
{
    const char *why;
    g_auto(GStrv) keys = g_key_file_get_keys(file, "phrases", NULL, NULL);
    for (gsize i = 0; keys && keys[i]; i++) {
        g_autofree char *phrase = g_key_file_get_string(file, "phrases", keys[i], error);
        PhraseId id;
        if (!phrase)
            return FALSE;
        if (phrase_from_key(keys[i], &id) && !phrases_set(phrases, id, phrase, &why))
            return refuse(error, keys[i], why);
    }
    if (!g_key_file_has_group(file, "numbers"))
        return TRUE;
    gsize count;
    g_auto(GStrv) words = g_key_file_get_string_list(file, "numbers", "words", &count, error);
    if (!words)
        return FALSE;
    return phrases_set_numbers(phrases, (const char *const *)words, count, &why) ||
           refuse(error, "numbers", why);
}

static gboolean read_setting(GKeyFile *file, const char *key, double least, double most,
                             double *ret_value, GError **error)
{
    g_autoptr(GError) bad = NULL;
    if (!g_key_file_has_key(file, "sitting", key, NULL))
        return TRUE;
    double value = g_key_file_get_double(file, "sitting", key, &bad);
    if (bad || !(value >= least && value <= most)) {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                    "%s: expected a number from %g to %g", key, least, most);
        return FALSE;
    }
    *ret_value = value;
    return TRUE;
}

gboolean sitting_config_read(const char *text, Phrases *ret_phrases, SessionConfig *ret_config,
                             GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree Phrases *phrases = g_new0(Phrases, 1);
    SessionConfig config = SESSION_CONFIG_DEFAULT;
    double words_a_minute = config.words_a_minute;
    phrases_init_english(phrases);
    if (text[0] != '\0' &&
        !g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, error))
        return FALSE;
    if (!read_phrases(file, phrases, error) ||
        !read_setting(file, "drift-band", DRIFT_BAND_LEAST, DRIFT_BAND_MOST, &config.drift_band,
                      error) ||
        !read_setting(file, "words-a-minute", WORDS_A_MINUTE_LEAST, WORDS_A_MINUTE_MOST,
                      &words_a_minute, error))
        return FALSE;
    g_autofree char *language = g_key_file_get_string(file, "sitting", "language", NULL);
    if (language)
        g_strlcpy(phrases->language, language, sizeof phrases->language);
    // What was recorded before there was such a thing went as its plan had it.
    config.adapt = g_key_file_get_boolean(file, "sitting", "adapt", NULL);
    g_autofree char *verbosity = g_key_file_get_string(file, "sitting", "verbosity", NULL);
    if (verbosity && !verbosity_from_name(verbosity, &config.verbosity))
        return refuse(error, "verbosity", "full, normal, terse or tones is expected");
    config.silent = (unsigned)g_key_file_get_integer(file, "sitting", "silent", NULL);
    g_autofree char *metronome = g_key_file_get_string(file, "sitting", "metronome", NULL);
    if (metronome && !aids_read_metronome(metronome, &config.metronome))
        return refuse(error, "metronome", "off, on or steps a minute are expected");
    const int pacer = g_key_file_get_integer(file, "sitting", "pacer", NULL);
    if (!aids_pacer_valid(pacer))
        return refuse(error, "pacer", "0, 50, 100 or 200 is expected");
    config.pacer_m = (unsigned)pacer;
    *ret_phrases = *phrases;
    config.phrases = ret_phrases;
    config.words_a_minute = (int)words_a_minute;
    *ret_config = config;
    return TRUE;
}
