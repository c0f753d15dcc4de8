// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl phrases check: all that can be said of the words of a language without hearing them. The
// daemon takes what it can from a file and warns of the rest; here it is told line by line, and so
// is what would be spoken and not be understood, or not be over in time. What is hard: a file may
// be a few lines over a shipped one, so what is missing can only be judged of all layers together.

#include "coach/sample.h"
#include "coach/words.h"
#include "io/config.h"
#include "pacectl/measure.h"
#include "pacectl/pacectl.h"

#include <stdarg.h>
#include <string.h>

#define NUMBERS "numbers"
// What voices read in ways of their own: "4:50" as a time of day, "/" as "slash".
#define NOTATION "0123456789/%+*=<>#&@_|()[]\"\\~^$"
// What is planned for all samples beside what they take: see tests/coach/test-languages.c.
#define TEMPO_LEAST 0.98
#define TEMPO_MOST  1.20
#define TEMPO_BEST  1.08

typedef struct {
    const char *file; // as it was named
    char *language;   // of its name
    guint problems;
    Phrases phrases;
    guint lines[PHRASE_COUNT + 1]; // where each stands in `file`; the last: the numbers
    gboolean given[PHRASE_COUNT + 1];
    gboolean loud; // this layer is `file`
} Check;

static void tell(Check *check, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void tell(Check *check, guint line, const char *format, ...)
{
    if (!check->loud)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (line > 0)
        printf("%s:%u: %s\n", check->file, line, text);
    else
        printf("%s: %s\n", check->file, text);
    check->problems++;
}

// ── one line ──

static gboolean is_template(PhraseId id)
{
    return id != PHRASE_TEMPO && id != PHRASE_PLURAL && id != PHRASE_ENDINGS_M &&
           id != PHRASE_ENDINGS_F && id != PHRASE_ENDINGS_G;
}

static gboolean holds(const char *text, const char *name)
{
    g_autofree char *plain = g_strdup_printf("{%s}", name), *agrees = g_strdup_printf("{%s-", name);
    return strstr(text, plain) || strstr(text, agrees);
}

// What the English one puts in has to be put in.
static void check_placeholders(Check *check, guint line, PhraseId id, const char *text)
{
    g_autofree Phrases *english = g_new(Phrases, 1);
    phrases_init_english(english);
    const char *model = phrases_has(english, id) ? english->phrase[id] : NULL;
    g_auto(GStrv) names = g_strsplit(phrase_placeholders(id), " ", -1);
    const gboolean clock = id == PHRASE_CLOCK || id == PHRASE_CLOCK_OH || id == PHRASE_CLOCK_FLAT;
    const gboolean reading = id == PHRASE_READING || id == PHRASE_READING_OH;
    if (reading && holds(text, "n"))
        return;
    for (char **name = names; *name; name++)
        if (**name && (!model || holds(model, *name)) && !holds(text, *name) &&
            !(clock && g_str_equal(*name, "m") && holds(text, "minutes")))
            tell(check, line, "%s: {%s} is missing", phrase_key(id), *name);
}

static void check_notation(Check *check, guint line, const char *key, const char *text)
{
    const char *at = strpbrk(text, NOTATION);
    if (at)
        tell(check, line, "%s: “%c” is not a word; voices read digits and signs in their own way",
             key, *at);
}

static void take_numbers(Check *check, guint line, const char *text)
{
    const char *why;
    g_auto(GStrv) words = g_strsplit(text, ";", -1);
    guint count = g_strv_length(words);
    if (count > 0 && !*words[count - 1]) // a list may end with its separator
        count--;
    if (!phrases_set_numbers(&check->phrases, (const char *const *)words, count, &why))
        tell(check, line, NUMBERS ": %s, but %u words", why, count);
    check_notation(check, line, NUMBERS, text);
}

// "{length}, {pace}", or "none".
static char *placeholders_of(PhraseId id)
{
    g_auto(GStrv) names = g_strsplit(phrase_placeholders(id), " ", -1);
    g_autofree char *joined = g_strjoinv("}, {", names);
    return *joined ? g_strdup_printf("{%s}", joined) : g_strdup("none");
}

static void take_phrase(Check *check, guint line, PhraseId id, const char *text)
{
    const char *why;
    if (!phrases_set(&check->phrases, id, text, &why)) {
        g_autofree char *has = placeholders_of(id);
        if (is_template(id) && strpbrk(text, "{}"))
            tell(check, line, "%s: %s; it has %s", phrase_key(id), why, has);
        else
            tell(check, line, "%s: %s", phrase_key(id), why);
        return;
    }
    if (!is_template(id))
        return;
    check_placeholders(check, line, id, text);
    check_notation(check, line, phrase_key(id), text);
}

static void take_pair(Check *check, guint line, char *pair)
{
    char *value = strchr(pair, '=');
    *value++ = '\0';
    g_strchomp(pair);
    g_strchug(value);
    PhraseId id;
    const gboolean numbers = strcmp(pair, NUMBERS) == 0;
    if (!numbers && !phrase_from_key(pair, &id)) {
        tell(check, line,
             strchr(pair, '[') ? "%s: there is no such phrase; each language has a file of its own"
                               : "%s: there is no such phrase; en.conf has all that there are",
             pair);
        return;
    }
    const guint place = numbers ? PHRASE_COUNT : id;
    if (check->loud && check->lines[place] > 0)
        tell(check, line, "%s: is in line %u already; the last one counts", pair,
             check->lines[place]);
    check->lines[place] = check->loud ? line : 0;
    check->given[place] = TRUE;
    if (numbers)
        take_numbers(check, line, value);
    else
        take_phrase(check, line, id, value);
}

// A line of a file; *in_phrases: it stands below the heading.
static void take_line(Check *check, guint number, char *line, gboolean *in_phrases)
{
    g_strstrip(line);
    if (g_str_has_prefix(line, "\xef\xbb\xbf")) {
        tell(check, number, "begins with a byte order mark; save the file as UTF-8 without one");
        line += 3;
    }
    if (!g_utf8_validate(line, -1, NULL))
        tell(check, number, "is not UTF-8; save the file in that encoding");
    else if (*line == '[') {
        *in_phrases = strcmp(line, "[phrases]") == 0;
        if (!*in_phrases)
            tell(check, number, "%s: only what stands below [phrases] is read", line);
    } else if (*line != '\0' && *line != '#') {
        if (!strchr(line, '=') || *line == '=')
            tell(check, number, "is neither key=value, nor a [group], nor a # comment");
        else if (*in_phrases)
            take_pair(check, number, line);
        else
            tell(check, number, "stands outside of [phrases]");
    }
}

static void take_text(Check *check, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    gboolean in_phrases = FALSE;
    for (guint i = 0; lines[i]; i++)
        take_line(check, i + 1, lines[i], &in_phrases);
}

// ── the language as a whole ──

static void check_complete(Check *check)
{
    g_autofree Phrases *english = g_new(Phrases, 1);
    phrases_init_english(english);
    for (guint id = 0; id < PHRASE_COUNT; id++)
        if (!check->given[id] && phrases_has(english, (PhraseId)id))
            tell(check, 0,
                 is_template((PhraseId)id) ? "%s: is missing, and would be said in English"
                                           : "%s: is missing, and would be that of English",
                 phrase_key((PhraseId)id));
    if (!check->given[PHRASE_COUNT])
        tell(check, 0, NUMBERS ": are missing, and would be said in English");
}

static void check_plurals(Check *check)
{
    static const PhraseId few[] = {PHRASE_SECONDS_FEW, PHRASE_MINUTES_FEW,    PHRASE_HOURS_FEW,
                                   PHRASE_METRES_FEW,  PHRASE_KILOMETRES_FEW, PHRASE_MILES_FEW};
    const gboolean has_few = phrases_plural(&check->phrases, 2) == PLURAL_FEW;
    for (guint i = 0; i < G_N_ELEMENTS(few); i++) {
        const char *key = phrase_key(few[i]), *plural = check->phrases.phrase[PHRASE_PLURAL];
        if (has_few && !check->given[few[i]])
            tell(check, 0,
                 "%s: is missing; with plural=%s two, three and four have a form of "
                 "their own",
                 key, plural);
        else if (!has_few && check->lines[few[i]] > 0)
            tell(check, check->lines[few[i]], "%s: is never said with plural=%s", key, plural);
    }
}

static void check_samples(Check *check)
{
    static Plan scratch;
    Sample samples[SAMPLES_MAX];
    const int rate = WORDS_A_MINUTE_DEFAULT;
    const size_t count = samples_make(&check->phrases, &scratch, samples);
    const gboolean voice = measure_begin(check->language, rate);
    double planned = 0, taken = 0;
    if (!voice)
        tell(check, 0, "eSpeak NG has no voice for “%s”; espeak-ng --voices lists them",
             check->language);
    for (size_t i = 0; i < count; i++) {
        const Sample *sample = &samples[i];
        const char *text = sample->text.text;
        const double told = usec_to_s(speech_duration(text, phrases_rate(&check->phrases, rate)));
        g_auto(GStrv) words = g_strsplit(text, " ", -1);
        planned += told;
        taken += voice ? measure_s(text) : 0;
        if (strlen(text) >= CUE_TEXT_MAX - 4)
            tell(check, 0, "too long to be said to its end: “%s”", text);
        else if (told > sample->most_s)
            tell(check, 0, "%s: takes %.2f s, more than %.2f: “%s”", sample->name, told,
                 sample->most_s, text);
        if (sample->most_words > 0 && g_strv_length(words) > sample->most_words)
            tell(check, 0, "%s: has more than %u words: “%s”", sample->name, sample->most_words,
                 text);
    }
    if (voice && taken > 0 && (planned < taken * TEMPO_LEAST || planned > taken * TEMPO_MOST))
        tell(check, check->lines[PHRASE_TEMPO], "tempo: %.0f would fit what the voice takes",
             1e4 / phrases_rate(&check->phrases, 100) * TEMPO_BEST * taken / planned);
}

// ── files ──

// The language that a file is for, by its name; NULL when that is none.
static char *language_of(const char *file)
{
    g_autofree char *name = g_path_get_basename(file);
    char *language = g_str_has_suffix(name, ".conf") ? g_strndup(name, strlen(name) - 5) : NULL;
    for (const char *at = language; at && *at; at++)
        if (!g_ascii_islower(*at) && !(at > language && (g_ascii_isdigit(*at) || *at == '-'))) {
            g_free(language);
            return NULL;
        }
    if (language && *language && strlen(language) < sizeof((Phrases *)NULL)->language)
        return language;
    g_free(language);
    return NULL;
}

static gboolean is_same_file(const char *one, const char *other)
{
    char *a = realpath(one, NULL), *b = realpath(other, NULL);
    const gboolean same = a && b && strcmp(a, b) == 0;
    free(a);
    free(b);
    return same;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// All other files of the language, the way the daemon reads them.
static void take_layers(Check *check, char **directories, const char *language)
{
    g_autofree char *name = g_strconcat(language, ".conf", NULL);
    for (; *directories; directories++) {
        g_autofree char *path = g_build_filename(*directories, name, NULL), *text = NULL;
        if (!is_same_file(check->file, path) && g_file_get_contents(path, &text, NULL, NULL))
            take_text(check, text);
    }
}

// Returns how many problems were told of; negative: the file cannot be read, and *ret_code why.
static int check_file(const char *file, char **directories, int *ret_code)
{
    gsize length;
    g_autofree char *text = read_input(file, &length, ret_code);
    g_autofree char *language = language_of(file);
    g_autofree Check *check = g_new0(Check, 1);
    if (!text)
        return -1;
    check->file = file;
    check->language = language;
    phrases_init_english(&check->phrases);
    if (!language) {
        *ret_code = complain(EXIT_BAD_INPUT,
                             "%s: a file of phrases is called by its language, such "
                             "as de.conf or pt-br.conf",
                             file);
        return -1;
    }
    g_autofree char *primary = g_strndup(language, strcspn(language, "-"));
    take_layers(check, directories, primary);
    if (strcmp(primary, language) != 0)
        take_layers(check, directories, language);
    check->loud = TRUE;
    if (strlen(text) != length)
        tell(check, 0, "holds a NUL; what follows it is not read");
    take_text(check, text);
    guint taken = check->problems;
    for (guint place = 0; place <= PHRASE_COUNT; place++)
        taken += check->lines[place];
    if (taken == 0) {
        tell(check, 0, "is empty: no phrase stands below [phrases]");
        return (int)check->problems;
    }
    check_complete(check);
    check_plurals(check);
    check_samples(check);
    return (int)check->problems;
}

static void add_files(GPtrArray *files, const char *directory)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (g_str_has_suffix(name, ".conf"))
            g_ptr_array_add(files, g_build_filename(directory, name, NULL));
}

int verb_phrases_check(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 0, 1))
        return EXIT_BAD_USAGE;
    g_autoptr(Config) config = config_load(NULL);
    g_autofree char *shipped = g_build_filename(config->directory, "phrases", NULL);
    g_autofree char *own = g_build_filename(g_get_user_config_dir(), "paced", "phrases", NULL);
    char *directories[] = {shipped, own, NULL};
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    if (argc > 1)
        g_ptr_array_add(files, g_strdup(argv[1]));
    for (char **directory = directories; argc == 1 && *directory; directory++)
        add_files(files, *directory);
    g_ptr_array_sort(files, compare_names);
    if (files->len == 0)
        return complain(EXIT_BAD_INPUT, "there are no files in %s nor in %s", shipped, own);
    int problems = 0, code = EXIT_DONE;
    for (guint i = 0; i < files->len; i++) {
        const int found = check_file(files->pdata[i], directories, &code);
        if (found < 0)
            return code;
        if (found == 0)
            printf("%s: in order\n", (char *)files->pdata[i]);
        problems += found;
    }
    return problems > 0 ? EXIT_BAD_INPUT : EXIT_DONE;
}
