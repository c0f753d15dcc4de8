// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Two layers of key files, the shipped and the user's. Each setting is checked where it is read and
// keeps its value from the layer below when it cannot be used, so that the defaults compiled in are
// what a missing or broken installation runs on.

#include "io/config.h"

#include "io/key-file.h"

#include "coach/drift.h"
#include "coach/words.h"
#include "session/event.h"
#include "workout/aids.h"

#include <string.h>

#define ENGLISH_VOICE   "en-us"
#define ENGLISH_VARIANT "+f2" // of English the one that is understood best, see HACKING.md

typedef struct {
    GKeyFile *file;
    char *name; // as in warnings
    Config *config;
    GStrvBuilder *warnings;
} Layer;

static void warn(const Layer *layer, const char *key, const char *why)
{
    g_autofree char *text = key ? g_strdup_printf("%s: %s: %s", layer->name, key, why)
                                : g_strdup_printf("%s: %s", layer->name, why);
    g_strv_builder_add(layer->warnings, text);
}

// Each takes the raw text of its setting; returns what is wrong with it, or NULL.

static gboolean consists_of(const char *text, const char *others)
{
    for (; *text; text++)
        if (!g_ascii_isalnum(*text) && !strchr(others, *text))
            return FALSE;
    return TRUE;
}

static const char *set_yes_or_no(const char *text, gboolean *ret_yes)
{
    if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
        return "yes or no is expected";
    *ret_yes = text[0] == 'y';
    return NULL;
}

static const char *set_runner(Config *config, const char *text)
{
    if (!*text || !consists_of(text, "_"))
        return "a name of letters, digits and underscores is expected";
    g_free(config->runner);
    config->runner = g_strdup(text);
    return NULL;
}

static const char *set_language(Config *config, const char *text)
{
    if (!g_ascii_isalpha(*text) || !consists_of(text, "-_") ||
        strlen(text) >= sizeof config->phrases.language)
        return "a language such as en-us or de is expected";
    g_free(config->language);
    config->language = g_strdelimit(g_strdup(text), "_", '-');
    return NULL;
}

static const char *set_variant(Config *config, const char *text)
{
    if (!consists_of(text, "+-_"))
        return "a variant such as +f2 is expected, or nothing";
    g_free(config->voice);
    config->voice = g_strdup(text);
    return NULL;
}

static const char *set_rate(Config *config, const char *text)
{
    gint64 rate;
    if (!g_ascii_string_to_signed(text, 10, 80, 450, &rate, NULL))
        return "a number from 80 to 450 is expected";
    config->words_a_minute = (int)rate;
    return NULL;
}

static const char *set_percent(const char *text, int *ret_percent)
{
    gint64 percent;
    if (!g_ascii_string_to_signed(text, 10, 0, 100, &percent, NULL))
        return "a number from 0 to 100 is expected";
    *ret_percent = (int)percent;
    return NULL;
}

static const char *set_volume(Config *config, const char *text)
{
    return set_percent(text, &config->volume);
}

static const char *set_clicks(Config *config, const char *text)
{
    return set_percent(text, &config->clicks);
}

static const char *set_device(Config *config, const char *text)
{
    if (strlen(text) > 255)
        return "the name of an output device is expected, or nothing";
    g_free(config->device);
    config->device = g_strdup(text);
    return NULL;
}

static const char *set_duck(Config *config, const char *text)
{
    return set_yes_or_no(text, &config->duck);
}

static const char *set_band(Config *config, const char *text)
{
    char *end;
    double band = g_ascii_strtod(text, &end);
    if (end == text || *end || !(band >= 0.01 && band <= 0.2))
        return "a fraction from 0.01 to 0.2 is expected";
    config->drift_band = band;
    return NULL;
}

static const char *set_adapt(Config *config, const char *text)
{
    return set_yes_or_no(text, &config->adapt);
}

static const char *set_verbosity(Config *config, const char *text)
{
    return verbosity_from_name(text, &config->verbosity)
               ? NULL
               : "full, normal, terse or tones is expected";
}

static const char *set_silent(Config *config, const char *text)
{
    g_auto(GStrv) names = g_strsplit_set(text, ", ", -1);
    unsigned silent = 0;
    for (char **name = names; *name; name++) {
        CueKind kind;
        if (**name && !cue_kind_from_name(*name, &kind))
            return "kinds of cues are expected (step, countdown, split, drift, progress, summary, "
                   "adaptation, status, form, praise, safety, kilometre, pacer), or nothing";
        if (**name)
            silent |= 1u << kind;
    }
    config->silent = silent;
    return NULL;
}

static const char *set_metronome(Config *config, const char *text)
{
    return aids_read_metronome(text, &config->metronome)
               ? NULL
               : "off, on, or 120 to 240 steps a minute are expected";
}

static const char *set_pacer(Config *config, const char *text)
{
    return aids_read_pacer(text, &config->pacer_m) ? NULL : "off, 50, 100 or 200 is expected";
}

static const char *set_track(Config *config, const char *text)
{
    char *end;
    double metres = g_ascii_strtod(text, &end);
    if (*text && (end == text || *end || !(metres >= TRACK_LEAST && metres <= TRACK_MOST)))
        return "a number of metres from 50 to 5000 is expected, or nothing";
    config->track_m = *text ? command_number(metres) : 0;
    return NULL;
}

static const char *set_resume(Config *config, const char *text)
{
    gint64 minutes;
    if (!g_ascii_string_to_signed(text, 10, 0, 24 * 60, &minutes, NULL))
        return "a number of minutes from 0 to 1440 is expected";
    config->resume_within = minutes * 60 * USEC_PER_SEC;
    return NULL;
}

static const char *set_keep(Config *config, const char *text)
{
    gint64 days;
    if (!g_ascii_string_to_signed(text, 10, 0, 36500, &days, NULL))
        return "a number of days from 0 to 36500 is expected";
    config->keep_days = (guint)days;
    return NULL;
}

static const char *set_connect(Config *config, const char *text)
{
    if (strcmp(text, "always") != 0 && strcmp(text, "on-demand") != 0)
        return "always or on-demand is expected";
    config->connect_on_demand = text[0] == 'o';
    return NULL;
}

static const char *set_adapter(Config *config, const char *text)
{
    if (!consists_of(text, ":"))
        return "a name such as hci0 or an address is expected, or nothing";
    g_free(config->adapter);
    config->adapter = *text ? g_strdup(text) : NULL;
    return NULL;
}

static const char *set_haptics(Config *config, const char *text)
{
    return set_yes_or_no(text, &config->haptics);
}

static const char *set_strength(Config *config, const char *text)
{
    return set_percent(text, &config->strength);
}

static const struct {
    const char *group, *key;
    const char *(*set)(Config *config, const char *text);
} settings[] = {
    {"runner", "name", set_runner},        {"voice", "language", set_language},
    {"voice", "variant", set_variant},     {"voice", "rate", set_rate},
    {"coach", "band", set_band},           {"run", "track", set_track},
    {"radio", "connect", set_connect},     {"radio", "adapter", set_adapter},
    {"coach", "adapt", set_adapt},         {"voice", "device", set_device},
    {"voice", "volume", set_volume},       {"voice", "clicks", set_clicks},
    {"voice", "duck", set_duck},           {"coach", "verbosity", set_verbosity},
    {"coach", "silent", set_silent},       {"haptics", "on", set_haptics},
    {"haptics", "strength", set_strength}, {"coach", "metronome", set_metronome},
    {"coach", "pacer", set_pacer},         {"run", "resume", set_resume},
    {"history", "keep", set_keep},
};

static gboolean is_setting(const char *group, const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        if (strcmp(settings[i].group, group) == 0 && strcmp(settings[i].key, key) == 0)
            return TRUE;
    return strcmp(group, "buttons") == 0 && buttons_has(key);
}

static void warn_of_unknown(const Layer *layer)
{
    g_auto(GStrv) groups = g_key_file_get_groups(layer->file, NULL);
    for (gsize g = 0; groups[g]; g++) {
        g_auto(GStrv) keys = g_key_file_get_keys(layer->file, groups[g], NULL, NULL);
        for (gsize k = 0; keys[k]; k++) {
            g_autofree char *full = g_strdup_printf("[%s] %s", groups[g], keys[k]);
            if (!is_setting(groups[g], keys[k]))
                warn(layer, full, "there is no such setting");
        }
    }
}

// Of a text in quotes or a list, GKeyFile would make something else than stands there.
static void load_buttons(const Layer *layer)
{
    g_auto(GStrv) keys = g_key_file_get_keys(layer->file, "buttons", NULL, NULL);
    for (gsize i = 0; keys && keys[i]; i++) {
        g_autofree char *text = g_key_file_get_value(layer->file, "buttons", keys[i], NULL);
        const char *why = buttons_has(keys[i])
                              ? buttons_set(layer->config->buttons, keys[i], g_strstrip(text))
                              : NULL;
        g_autofree char *full = g_strdup_printf("[buttons] %s", keys[i]);
        if (why)
            warn(layer, full, why);
    }
}

static void load_settings(const Layer *layer)
{
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        const char *group = settings[i].group, *key = settings[i].key;
        if (!g_key_file_has_key(layer->file, group, key, NULL))
            continue;
        g_autoptr(GError) error = NULL;
        g_autofree char *full = g_strdup_printf("[%s] %s", group, key);
        g_autofree char *text = g_key_file_get_string(layer->file, group, key, &error);
        if (text)
            g_strstrip(text);
        const char *why = text ? settings[i].set(layer->config, text) : error->message;
        if (why)
            warn(layer, full, why);
    }
    load_buttons(layer);
    warn_of_unknown(layer);
}

// A user's file need not exist; the shipped one should.
static void load_layer(Config *config, const char *path, gboolean expected, GStrvBuilder *warnings)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *name = g_filename_display_name(path);
    Layer layer = {file, name, config, warnings};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) skipped = NULL;
    gboolean loaded = key_file_load(file, path, G_KEY_FILE_NONE, &skipped, &error);
    for (char **line = skipped; *line; line++)
        warn(&layer, NULL, *line);
    if (loaded)
        load_settings(&layer);
    else if (expected || !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        warn(&layer, NULL, error->message);
}

static void load_phrases(Config *config, const char *const *directories, GStrvBuilder *warnings)
{
    g_auto(GStrv) found = phrases_load(directories, config->language, &config->phrases);
    g_strv_builder_addv(warnings, (const char **)found);
}

static Quirks *load_quirks(const char *const *directories, GStrvBuilder *warnings)
{
    g_autofree char *shipped = g_build_filename(directories[0], "quirks.conf", NULL);
    g_autofree char *own = g_build_filename(directories[1], "quirks.conf", NULL);
    g_auto(GStrv) found = NULL;
    Quirks *quirks = quirks_load(shipped, own, &found);
    g_strv_builder_addv(warnings, (const char **)found);
    return quirks;
}

static gboolean words_match(const Config *config)
{
    const char *words = config->phrases.language;
    return g_ascii_strncasecmp(config->language, words, strlen(words)) == 0 &&
           !g_ascii_isalpha(config->language[strlen(words)]);
}

// A voice that reads another language's words is not understood by anybody.
static void match_voice(Config *config, GStrvBuilder *warnings)
{
    if (words_match(config))
        return;
    g_autofree char *file =
        g_ascii_strdown(config->language, (gssize)strcspn(config->language, "-"));
    g_autofree char *text = g_strdup_printf("there are no phrases in “%s”, so they are English and "
                                            "so is the voice; write phrases/%s.conf",
                                            config->language, file);
    g_strv_builder_add(warnings, text);
    g_free(config->language);
    config->language = g_strdup(ENGLISH_VOICE);
}

gboolean config_speak(Config *config, const char *language)
{
    g_autofree char *own = g_build_filename(g_get_user_config_dir(), "paced", NULL);
    const char *const directories[] = {config->directory, own, NULL};
    g_autofree char *before = g_strdup(config->language);
    if (set_language(config, language))
        return FALSE;
    g_auto(GStrv) warnings = phrases_load(directories, config->language, &config->phrases);
    if (words_match(config))
        return TRUE;
    config_speak(config, before);
    return FALSE;
}

// The source tree's config/ when the program lies in a build tree within it; NULL otherwise.
static char *source_directory(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    for (char *at = program; at && strcmp(at, "/") != 0;) {
        g_autofree char *directory = g_path_get_dirname(at);
        g_autofree char *ninja = g_build_filename(directory, "build.ninja", NULL);
        g_autofree char *config = g_build_filename(directory, "..", "config", NULL);
        if (g_file_test(ninja, G_FILE_TEST_EXISTS) && g_file_test(config, G_FILE_TEST_IS_DIR))
            return g_canonicalize_filename(config, NULL);
        at[strlen(directory)] = '\0';
    }
    return NULL;
}

static char *shipped_directory(void)
{
    const char *set = g_getenv("PACED_CONFIG_DIR");
    if (set && *set)
        return g_strdup(set);
    char *source = source_directory();
    return source ? source : g_strdup(PACED_DATA_DIR);
}

Config *config_load(const char *directory)
{
    g_autoptr(GStrvBuilder) warnings = g_strv_builder_new();
    Config *config = g_new0(Config, 1);
    config->directory = directory ? g_strdup(directory) : shipped_directory();
    config->runner = g_strdup("me");
    config->language = g_strdup(ENGLISH_VOICE);
    config->voice = g_strdup(ENGLISH_VARIANT);
    config->words_a_minute = WORDS_A_MINUTE_DEFAULT;
    config->drift_band = DRIFT_BAND_DEFAULT;
    config->adapt = TRUE;
    config->resume_within = 15 * 60 * USEC_PER_SEC;
    config->device = g_strdup("");
    config->volume = config->clicks = 100;
    config->duck = TRUE;
    config->verbosity = VERBOSITY_NORMAL;
    config->buttons = buttons_new();
    config->haptics = TRUE;
    config->strength = 100;

    const char *directories[] = {config->directory, NULL, NULL};
    g_autofree char *own = g_build_filename(g_get_user_config_dir(), "paced", NULL);
    directories[1] = own;
    for (gsize i = 0; i < 2; i++) {
        g_autofree char *path = g_build_filename(directories[i], "paced.conf", NULL);
        load_layer(config, path, i == 0, warnings);
    }
    load_phrases(config, directories, warnings);
    match_voice(config, warnings);
    config->quirks = load_quirks(directories, warnings);
    config->warnings = g_strv_builder_end(warnings);
    return config;
}

SessionConfig config_session(const Config *config)
{
    return (SessionConfig){
        .phrases = &config->phrases,
        .drift_band = config->drift_band,
        .words_a_minute = config->words_a_minute,
        .adapt = config->adapt,
        .verbosity = config->verbosity,
        .silent = config->silent,
        .metronome = config->metronome,
        .pacer_m = config->pacer_m,
    };
}

void config_free(Config *config)
{
    if (!config)
        return;
    g_free(config->directory);
    g_free(config->runner);
    g_free(config->language);
    g_free(config->voice);
    g_free(config->device);
    g_free(config->adapter);
    quirks_free(config->quirks);
    buttons_free(config->buttons);
    g_strfreev(config->warnings);
    g_free(config);
}
