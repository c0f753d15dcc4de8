// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The phrases from a key file with localised keys. People edit these files, so each mistake is told
// by file and key, and costs one phrase: what it replaced is still there.

#include "io/config.h"

#include "io/key-file.h"

#include <string.h>

#define GROUP   "phrases"
#define NUMBERS "numbers"

typedef struct {
    GKeyFile *file;
    char *name;   // as in warnings
    char *locale; // of the key file: "de_AT"
    Phrases *phrases;
    GStrvBuilder *warnings;
    GPtrArray *missing, *untranslated; // keys; borrowed
    gboolean translated;               // some key was
} Loading;

static void warn(const Loading *loading, const char *key, const char *why)
{
    g_autofree char *text = key ? g_strdup_printf("%s: %s: %s", loading->name, key, why)
                                : g_strdup_printf("%s: %s", loading->name, why);
    g_strv_builder_add(loading->warnings, text);
}

static gboolean is_english(const char *language)
{
    return g_ascii_strncasecmp(language, "en", 2) == 0 && !g_ascii_isalpha(language[2]);
}

// "de-at" → "de_AT", which is how key files name it.
static char *locale_of(const char *language)
{
    char *locale = g_strdup(language);
    char *territory = strpbrk(locale, "-_");
    if (territory) {
        *territory = '_';
        for (char *at = territory + 1; *at; at++)
            *at = g_ascii_toupper(*at);
    }
    return locale;
}

// Whether the key is there, noting where its text comes from. A translation may stand alone: the
// English is in another file then.
static gboolean find(Loading *loading, const char *key)
{
    g_autofree char *from =
        g_key_file_get_locale_for_key(loading->file, GROUP, key, loading->locale);
    if (!from && !g_key_file_has_key(loading->file, GROUP, key, NULL)) {
        g_ptr_array_add(loading->missing, (gpointer)key);
        return FALSE;
    }
    loading->translated |= from != NULL;
    if (!from)
        g_ptr_array_add(loading->untranslated, (gpointer)key);
    return TRUE;
}

static void load_phrase(Loading *loading, PhraseId id)
{
    const char *key = phrase_key(id), *why;
    if (!find(loading, key))
        return;
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_key_file_get_locale_string(loading->file, GROUP, key, loading->locale, &error);
    if (!text)
        warn(loading, key, error->message);
    else if (!phrases_set(loading->phrases, id, text, &why))
        warn(loading, key, why);
}

static void load_numbers(Loading *loading)
{
    if (!find(loading, NUMBERS))
        return;
    const char *why;
    gsize count;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = g_key_file_get_locale_string_list(loading->file, GROUP, NUMBERS,
                                                            loading->locale, &count, &error);
    if (!words)
        warn(loading, NUMBERS, error->message);
    else if (!phrases_set_numbers(loading->phrases, (const char *const *)words, count, &why))
        warn(loading, NUMBERS, why);
}

static void warn_of_keys(const Loading *loading, const GPtrArray *keys, const char *what)
{
    if (keys->len == 0)
        return;
    g_autoptr(GString) text = g_string_new(what);
    for (guint i = 0; i < keys->len && i < 5; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? ": " : ", ", (char *)keys->pdata[i]);
    if (keys->len > 5)
        g_string_append_printf(text, " and %u more", keys->len - 5);
    warn(loading, NULL, text->str);
}

// A key that nothing reads is most likely one with a slip of the pen.
static void warn_of_unknown(const Loading *loading)
{
    g_auto(GStrv) keys = g_key_file_get_keys(loading->file, GROUP, NULL, NULL);
    for (gsize i = 0; keys && keys[i]; i++) {
        PhraseId id;
        g_autofree char *key = g_strndup(keys[i], strcspn(keys[i], "["));
        if (!phrase_from_key(key, &id) && strcmp(key, NUMBERS) != 0)
            warn(loading, keys[i], "there is no such phrase");
    }
}

static void load_all(Loading *loading, const char *language, PhrasesExpected expected)
{
    if (!g_key_file_has_group(loading->file, GROUP)) {
        warn(loading, NULL, "it has no [" GROUP "] heading");
        return;
    }
    load_numbers(loading);
    for (guint id = 0; id < PHRASE_COUNT; id++)
        load_phrase(loading, (PhraseId)id);
    warn_of_unknown(loading);
    if (loading->translated || is_english(language))
        g_strlcpy(loading->phrases->language, language, sizeof loading->phrases->language);
    if (expected == PHRASES_SOME)
        return;
    warn_of_keys(loading, loading->missing, "missing, the built-in English is used");
    if (is_english(language) || !loading->translated)
        return;
    g_autofree char *what = g_strdup_printf("not translated to “%s”, English is used", language);
    warn_of_keys(loading, loading->untranslated, what);
}

GStrv phrases_file_load(const char *path, const char *language, PhrasesExpected expected,
                        Phrases *phrases)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GStrvBuilder) warnings = g_strv_builder_new();
    g_autoptr(GPtrArray) missing = g_ptr_array_new(), untranslated = g_ptr_array_new();
    g_autofree char *name = g_filename_display_name(path), *locale = locale_of(language);
    g_autoptr(GError) error = NULL;
    Loading loading = {file, name, locale, phrases, warnings, missing, untranslated, FALSE};
    g_auto(GStrv) skipped = NULL;
    gboolean loaded = key_file_load(file, path, G_KEY_FILE_KEEP_TRANSLATIONS, &skipped, &error);
    for (char **line = skipped; *line; line++)
        warn(&loading, NULL, *line);
    if (loaded)
        load_all(&loading, language, expected);
    else
        warn(&loading, NULL, error->message);
    return g_strv_builder_end(warnings);
}
