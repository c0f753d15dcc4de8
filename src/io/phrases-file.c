// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The phrases of one language from its key files. People edit these files, so each mistake is told
// by file and key, and costs one phrase: what it replaced is still there.

#include "io/config.h"

#include "io/key-file.h"

#include <string.h>

#define GROUP   "phrases"
#define NUMBERS "numbers"

typedef struct {
    Phrases *phrases;
    GStrvBuilder *warnings;
    gboolean found;                   // a file of the language
    gboolean given[PHRASE_COUNT + 1]; // by one of them; the last: the numbers
} Loading;

static void warn(const Loading *loading, const char *name, const char *key, const char *why)
{
    g_autofree char *text =
        key ? g_strdup_printf("%s: %s: %s", name, key, why) : g_strdup_printf("%s: %s", name, why);
    g_strv_builder_add(loading->warnings, text);
}

static void load_phrase(Loading *loading, GKeyFile *file, const char *name, PhraseId id)
{
    const char *key = phrase_key(id), *why;
    g_autoptr(GError) error = NULL;
    if (!g_key_file_has_key(file, GROUP, key, NULL))
        return;
    g_autofree char *text = g_key_file_get_string(file, GROUP, key, &error);
    loading->given[id] = TRUE;
    if (!text)
        warn(loading, name, key, error->message);
    else if (!phrases_set(loading->phrases, id, text, &why))
        warn(loading, name, key, why);
}

static void load_numbers(Loading *loading, GKeyFile *file, const char *name)
{
    const char *why;
    gsize count;
    g_autoptr(GError) error = NULL;
    if (!g_key_file_has_key(file, GROUP, NUMBERS, NULL))
        return;
    g_auto(GStrv) words = g_key_file_get_string_list(file, GROUP, NUMBERS, &count, &error);
    loading->given[PHRASE_COUNT] = TRUE;
    if (!words)
        warn(loading, name, NUMBERS, error->message);
    else if (!phrases_set_numbers(loading->phrases, (const char *const *)words, count, &why))
        warn(loading, name, NUMBERS, why);
}

// A key that nothing reads is most likely one with a slip of the pen.
static void warn_of_unknown(const Loading *loading, GKeyFile *file, const char *name)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, GROUP, NULL, NULL);
    for (gsize i = 0; keys && keys[i]; i++) {
        PhraseId id;
        if (!phrase_from_key(keys[i], &id) && strcmp(keys[i], NUMBERS) != 0)
            warn(loading, name, keys[i], "there is no such phrase");
    }
}

static void load_file(Loading *loading, const char *path)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) skipped = NULL;
    g_autofree char *name = g_filename_display_name(path);
    const gboolean loaded =
        key_file_load(file, path, G_KEY_FILE_KEEP_TRANSLATIONS, &skipped, &error);
    for (char **line = skipped; *line; line++)
        warn(loading, name, NULL, *line);
    if (!loaded) {
        if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            warn(loading, name, NULL, error->message);
        return;
    }
    loading->found = TRUE;
    if (!g_key_file_has_group(file, GROUP)) {
        warn(loading, name, NULL, "it has no [" GROUP "] heading");
        return;
    }
    load_numbers(loading, file, name);
    for (guint id = 0; id < PHRASE_COUNT; id++)
        load_phrase(loading, file, name, (PhraseId)id);
    warn_of_unknown(loading, file, name);
}

// What is still English; what English does without is no one's duty.
static void warn_of_missing(const Loading *loading, const char *language)
{
    guint count = 0;
    g_autofree Phrases *english = g_new(Phrases, 1);
    phrases_init_english(english);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint id = 0; id <= PHRASE_COUNT; id++) {
        const char *key = id < PHRASE_COUNT ? phrase_key((PhraseId)id) : NUMBERS;
        if (loading->given[id] || (id < PHRASE_COUNT && !phrases_has(english, (PhraseId)id)))
            continue;
        if (count++ < 5)
            g_string_append_printf(text, "%s%s", count == 1 ? "" : ", ", key);
    }
    if (count > 5)
        g_string_append_printf(text, " and %u more", count - 5);
    if (count > 0)
        g_string_prepend(text, "not translated, English is used: ");
    if (count > 0)
        warn(loading, language, NULL, text->str);
}

// phrases/LANGUAGE.conf of each directory in turn.
static void load_layers(Loading *loading, const char *const *directories, const char *language)
{
    g_autofree char *name = g_strconcat(language, ".conf", NULL);
    for (; *directories; directories++) {
        g_autofree char *path = g_build_filename(*directories, "phrases", name, NULL);
        load_file(loading, path);
    }
}

GStrv phrases_load(const char *const *directories, const char *language, Phrases *ret_phrases)
{
    g_autoptr(GStrvBuilder) warnings = g_strv_builder_new();
    Loading loading = {.phrases = ret_phrases, .warnings = warnings};
    g_autofree char *full = g_strdelimit(g_ascii_strdown(language, -1), "_", '-');
    g_autofree char *primary = g_strndup(full, strcspn(full, "-"));
    const gboolean english = strcmp(primary, "en") == 0;
    phrases_init_english(ret_phrases);
    load_layers(&loading, directories, primary);
    if (strcmp(full, primary) != 0)
        load_layers(&loading, directories, full);
    if (loading.found || english)
        g_strlcpy(ret_phrases->language, language, sizeof ret_phrases->language);
    if (loading.found && !english)
        warn_of_missing(&loading, language);
    return g_strv_builder_end(warnings);
}
