// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Sections are kept in the order in which they count: a section that the user's file touches moves
// behind all shipped ones, so that the user has the last word. What was hard is a mistake in a key
// that says which sensors are meant: without it the section would fit more of them than its author
// wanted, so such a section fits none.

#include "io/quirks.h"

#include "io/key-file.h"

#include <string.h>

enum {
    MATCH_NAME,
    MATCH_MANUFACTURER,
    MATCH_MODEL,
    MATCH_COUNT
};

enum {
    HAS_CADENCE = 1 << 0,
    HAS_CONTACT = 1 << 1,
    HAS_ON_STOP = 1 << 2,
    HAS_AVOID = 1 << 3,
    HAS_SUBSCRIBE = 1 << 4,
    HAS_PAIR = 1 << 5,
    HAS_BEATS = 1 << 6,
};

typedef struct {
    char *id, *source;
    GStrv globs[MATCH_COUNT]; // in lower case; NULL: not asked for
    guint services;           // all of these; 0: not asked for
    gboolean broken;          // fits nothing
    guint has;                // which of the settings it holds
    Quirk settings;
} Section;

struct Quirks {
    GPtrArray *sections; // Section
};

typedef struct {
    GKeyFile *file;
    char *name; // as in warnings
    GStrvBuilder *warnings;
} Layer;

static void section_free(gpointer data)
{
    Section *section = data;
    g_free(section->id);
    g_free(section->source);
    for (guint i = 0; i < MATCH_COUNT; i++)
        g_strfreev(section->globs[i]);
    g_free(section);
}

static void warn(const Layer *layer, const char *section, const char *key, const char *why)
{
    g_autofree char *text = NULL;
    if (!section)
        text = g_strdup_printf("%s: %s", layer->name, why);
    else if (!key)
        text = g_strdup_printf("%s: [%s]: %s", layer->name, section, why);
    else
        text = g_strdup_printf("%s: [%s] %s: %s", layer->name, section, key, why);
    g_strv_builder_add(layer->warnings, text);
}

// The number of the word in a list that ends with NULL; -1 when it is none of them.
static int word_index(const char *text, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(text, words[i]) == 0)
            return i;
    return -1;
}

// In the order of their enumerations.
static const char *const cadences[] = {"auto", "steps", "one-leg", "none", NULL};
static const char *const contacts[] = {"trusted", "untrusted", NULL};
static const char *const beats[] = {"auto", "trusted", NULL};
static const char *const on_stops[] = {"zero", "holds", "silent", "auto", NULL}; // as OnStop
static const char *const methods[] = {"auto", "notify", "acquire", NULL};
static const char *const answers[] = {"no", "yes", NULL};
static const char *const services[] = {"heart", "stride", "treadmill", "power", NULL};

// Each takes the text of its key; returns what is wrong with it, or NULL.

static const char *set_globs(Section *section, guint which, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    g_autoptr(GStrvBuilder) globs = g_strv_builder_new();
    guint count = 0;
    for (char **part = parts; *part; part++) {
        g_autofree char *glob = g_ascii_strdown(g_strstrip(*part), -1);
        if (!*glob)
            continue;
        g_strv_builder_add(globs, glob);
        count++;
    }
    if (count == 0)
        return "a pattern such as Polar H10* is expected";
    g_strfreev(section->globs[which]);
    section->globs[which] = g_strv_builder_end(globs);
    return NULL;
}

static const char *set_name(Section *section, const char *text)
{
    return set_globs(section, MATCH_NAME, text);
}

static const char *set_manufacturer(Section *section, const char *text)
{
    return set_globs(section, MATCH_MANUFACTURER, text);
}

static const char *set_model(Section *section, const char *text)
{
    return set_globs(section, MATCH_MODEL, text);
}

static const char *set_services(Section *section, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    guint wanted = 0;
    for (char **part = parts; *part; part++) {
        if (!*g_strstrip(*part))
            continue;
        int service = word_index(*part, services);
        if (service < 0) {
            wanted = 0;
            break;
        }
        wanted |= 1U << service;
    }
    if (wanted == 0)
        return "heart, stride, treadmill or power is expected, or several separated by semicolons";
    section->services = wanted;
    return NULL;
}

static const char *set_cadence(Section *section, const char *text)
{
    int word = word_index(text, cadences);
    if (word < 0)
        return "steps, one-leg, none or auto is expected";
    section->settings.cadence = (CadenceConvention)word;
    section->has |= HAS_CADENCE;
    return NULL;
}

static const char *set_contact(Section *section, const char *text)
{
    int word = word_index(text, contacts);
    if (word < 0)
        return "untrusted or trusted is expected";
    section->settings.contact_untrusted = word;
    section->has |= HAS_CONTACT;
    return NULL;
}

static const char *set_beats(Section *section, const char *text)
{
    int word = word_index(text, beats);
    if (word < 0)
        return "trusted or auto is expected";
    section->settings.beats_trusted = word;
    section->has |= HAS_BEATS;
    return NULL;
}

static const char *set_on_stop(Section *section, const char *text)
{
    int word = word_index(text, on_stops);
    if (word < 0)
        return "zero, holds, silent or auto is expected";
    section->settings.on_stop = word > ON_STOP_SILENT ? ON_STOP_ZERO : (OnStop)word;
    section->has |= HAS_ON_STOP;
    return NULL;
}

static gboolean parse_number(const char *text, guint16 *ret_number)
{
    const char *digits = g_ascii_strncasecmp(text, "0x", 2) == 0 ? text + 2 : text;
    guint64 number;
    if (strlen(digits) != 4 ||
        !g_ascii_string_to_unsigned(digits, 16, 1, G_MAXUINT16, &number, NULL))
        return FALSE;
    *ret_number = (guint16)number;
    return TRUE;
}

static const char *set_avoid(Section *section, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    guint16 numbers[QUIRK_AVOID_MAX];
    guint count = 0;
    for (char **part = parts; *part; part++) {
        if (!*g_strstrip(*part))
            continue;
        if (count == QUIRK_AVOID_MAX || !parse_number(*part, &numbers[count]))
            return "at most 8 numbers of four hexadecimal digits are expected, such as 2ad9, "
                   "separated by semicolons";
        count++;
    }
    if (count > 0)
        memcpy(section->settings.avoid, numbers, count * sizeof *numbers);
    section->settings.avoid_count = count;
    section->has |= HAS_AVOID;
    return NULL;
}

static const char *set_subscribe(Section *section, const char *text)
{
    int word = word_index(text, methods);
    if (word < 0)
        return "notify, acquire or auto is expected";
    section->settings.subscribe = (QuirkSubscribe)word;
    section->has |= HAS_SUBSCRIBE;
    return NULL;
}

static const char *set_pair(Section *section, const char *text)
{
    int word = word_index(text, answers);
    if (word < 0)
        return "yes or no is expected";
    section->settings.pair = word;
    section->has |= HAS_PAIR;
    return NULL;
}

static const char *set_source(Section *section, const char *text)
{
    if (!*text)
        return "a sentence on where this is known from is expected";
    g_free(section->source);
    section->source = g_strdup(text);
    return NULL;
}

static const struct {
    const char *key;
    const char *(*set)(Section *section, const char *text);
    gboolean matches; // says which sensors are meant
} keys[] = {
    {"name", set_name, TRUE},        {"manufacturer", set_manufacturer, TRUE},
    {"model", set_model, TRUE},      {"services", set_services, TRUE},
    {"cadence", set_cadence, FALSE}, {"contact", set_contact, FALSE},
    {"beats", set_beats, FALSE},     {"on-stop", set_on_stop, FALSE},
    {"avoid", set_avoid, FALSE},     {"subscribe", set_subscribe, FALSE},
    {"pair", set_pair, FALSE},       {"source", set_source, FALSE},
};

static int key_index(const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        if (strcmp(keys[i].key, key) == 0)
            return (int)i;
    return -1;
}

static void load_key(const Layer *layer, Section *section, const char *key)
{
    int known = key_index(key);
    if (known < 0) {
        warn(layer, section->id, key, "there is no such key");
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_key_file_get_string(layer->file, section->id, key, &error);
    if (text)
        g_strstrip(text);
    const char *why = text ? keys[known].set(section, text) : error->message;
    if (!why)
        return;
    if (keys[known].matches)
        section->broken = TRUE;
    g_autofree char *left_out = g_strdup_printf("%s; the section is left out", why);
    warn(layer, section->id, key, keys[known].matches ? left_out : why);
}

static gboolean section_asks(const Section *section)
{
    return section->globs[MATCH_NAME] || section->globs[MATCH_MANUFACTURER] ||
           section->globs[MATCH_MODEL] || section->services;
}

// The section of that name, moved behind the others; a new one when there is none yet.
static Section *take_section(Quirks *quirks, const char *id)
{
    for (guint i = 0; i < quirks->sections->len; i++) {
        Section *section = quirks->sections->pdata[i];
        if (strcmp(section->id, id) != 0)
            continue;
        g_ptr_array_steal_index(quirks->sections, i);
        g_ptr_array_add(quirks->sections, section);
        return section;
    }
    Section *section = g_new0(Section, 1);
    section->id = g_strdup(id);
    g_ptr_array_add(quirks->sections, section);
    return section;
}

static void load_section(Quirks *quirks, const Layer *layer, const char *id, gboolean shipped)
{
    Section *section = take_section(quirks, id);
    g_auto(GStrv) found = g_key_file_get_keys(layer->file, id, NULL, NULL);
    for (char **key = found; key && *key; key++)
        load_key(layer, section, *key);
    if (!section->broken && !section_asks(section)) {
        section->broken = TRUE;
        warn(layer, id, NULL,
             "name, manufacturer, model or services is expected; the section is left out");
    }
    if (shipped && !section->source)
        warn(layer, id, "source", "a sentence on where this is known from is expected");
}

static void load_layer(Quirks *quirks, const char *path, gboolean shipped, GStrvBuilder *warnings)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *name = g_filename_display_name(path);
    Layer layer = {file, name, warnings};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) skipped = NULL;
    gboolean loaded = key_file_load(file, path, G_KEY_FILE_NONE, &skipped, &error);
    for (char **line = skipped; *line; line++)
        warn(&layer, NULL, NULL, *line);
    if (!loaded) {
        if (shipped || !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            warn(&layer, NULL, NULL, error->message);
        return;
    }
    g_auto(GStrv) ids = g_key_file_get_groups(file, NULL);
    for (char **id = ids; *id; id++)
        load_section(quirks, &layer, *id, shipped);
}

Quirks *quirks_load(const char *shipped, const char *user, GStrv *ret_warnings)
{
    g_autoptr(GStrvBuilder) warnings = g_strv_builder_new();
    Quirks *quirks = g_new0(Quirks, 1);
    quirks->sections = g_ptr_array_new_with_free_func(section_free);
    load_layer(quirks, shipped, TRUE, warnings);
    load_layer(quirks, user, FALSE, warnings);
    *ret_warnings = g_strv_builder_end(warnings);
    return quirks;
}

void quirks_free(Quirks *quirks)
{
    if (!quirks)
        return;
    g_ptr_array_unref(quirks->sections);
    g_free(quirks);
}

static gboolean globs_fit(const GStrv globs, const char *text)
{
    if (!globs)
        return TRUE;
    if (!text || !*text || !g_utf8_validate(text, -1, NULL))
        return FALSE;
    g_autofree char *lower = g_ascii_strdown(text, -1);
    for (char **glob = globs; *glob; glob++)
        if (g_pattern_match_simple(*glob, lower))
            return TRUE;
    return FALSE;
}

static void add_id(Quirk *quirk, const char *id)
{
    gsize used = strlen(quirk->id), length = strlen(id);
    if (used + 1 + length < sizeof quirk->id)
        g_snprintf(quirk->id + used, sizeof quirk->id - used, "%s%s", used ? "+" : "", id);
}

static void merge(Quirk *quirk, const Section *section)
{
    const Quirk *settings = &section->settings;
    add_id(quirk, section->id);
    quirk->source = section->source ? section->source : "";
    if (section->has & HAS_CADENCE)
        quirk->cadence = settings->cadence;
    if (section->has & HAS_CONTACT)
        quirk->contact_untrusted = settings->contact_untrusted;
    if (section->has & HAS_BEATS)
        quirk->beats_trusted = settings->beats_trusted;
    if (section->has & HAS_ON_STOP)
        quirk->on_stop = settings->on_stop;
    if (section->has & HAS_AVOID) {
        memcpy(quirk->avoid, settings->avoid, sizeof quirk->avoid);
        quirk->avoid_count = settings->avoid_count;
    }
    if (section->has & HAS_SUBSCRIBE)
        quirk->subscribe = settings->subscribe;
    if (section->has & HAS_PAIR)
        quirk->pair = settings->pair;
}

Quirk quirks_find(const Quirks *quirks, const char *name, const char *manufacturer,
                  const char *model, guint serves)
{
    Quirk quirk = {.source = ""};
    for (guint i = 0; i < quirks->sections->len; i++) {
        const Section *section = quirks->sections->pdata[i];
        if (!section->broken && (section->services & ~serves) == 0 &&
            globs_fit(section->globs[MATCH_NAME], name) &&
            globs_fit(section->globs[MATCH_MANUFACTURER], manufacturer) &&
            globs_fit(section->globs[MATCH_MODEL], model))
            merge(&quirk, section);
    }
    return quirk;
}

gboolean quirk_avoids(const Quirk *quirk, guint16 number)
{
    for (guint i = 0; i < quirk->avoid_count; i++)
        if (quirk->avoid[i] == number)
            return TRUE;
    return FALSE;
}

const char *quirk_subscribe_name(QuirkSubscribe method)
{
    return methods[method];
}
