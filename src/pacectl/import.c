// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Reads any workout. What was hard is the error: a text that is none of ours may be nearly any of
// them, so what a file is is decided by what no other format can have, and the one reader that is
// asked then says what it misses.

#include "pacectl/import.h"

#include "codec/fit.h"
#include "pacectl/zwo.h"
#include "workout/fitplan.h"
#include "workout/icu.h"
#include "workout/lint.h"

#include <string.h>

static const struct {
    const char *name;
    ImportFormat format;
} FORMATS[] = {{"text", IMPORT_TEXT},
               {"txt", IMPORT_TEXT},
               {"icu", IMPORT_ICU},
               {"zwo", IMPORT_ZWO},
               {"fit", IMPORT_FIT}};

gboolean import_format_parse(const char *name, ImportFormat *ret_format)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FORMATS); i++)
        if (strcmp(name, FORMATS[i].name) == 0) {
            *ret_format = FORMATS[i].format;
            return TRUE;
        }
    return FALSE;
}

ImportFormat import_format_of(const char *file)
{
    static const struct {
        const char *suffix;
        ImportFormat format;
    } suffixes[] = {
        {".fit", IMPORT_FIT}, {".zwo", IMPORT_ZWO}, {".icu", IMPORT_ICU}, {".workout", IMPORT_ICU}};
    g_autofree char *lower = g_ascii_strdown(file, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (g_str_has_suffix(lower, suffixes[i].suffix))
            return suffixes[i].format;
    return IMPORT_ANY;
}

static gboolean contains(const char *text, gsize length, const char *what)
{
    return memmem(text, length, what, strlen(what)) != NULL;
}

ImportFormat import_recognise(const char *bytes, gsize length)
{
    if (fit_is((const uint8_t *)bytes, length))
        return IMPORT_FIT;
    if (zwo_is(bytes, length))
        return IMPORT_ZWO;
    const gboolean ours = contains(bytes, length, "Workout - ") ||
                          contains(bytes, length, "Workout – ") || // as word processors have it
                          contains(bytes, length, "Workout — ") || contains(bytes, length, " @ ") ||
                          contains(bytes, length, " lots of");
    return !ours && icu_is(bytes, length) ? IMPORT_ICU : IMPORT_TEXT;
}

// ── losses ──

#define LOSSES_MAX 200 // nobody reads more

static void on_lost(void *data, uint32_t where, const char *text)
{
    const ImportLosses *into = data;
    if (into->said->len == LOSSES_MAX)
        g_ptr_array_add(into->said, g_strdup_printf("%s: and more than can be told", into->file));
    if (into->said->len > LOSSES_MAX)
        return;
    g_autofree char *valid = g_utf8_make_valid(text, -1); // a message may be cut in a character
    if (where == 0)
        g_ptr_array_add(into->said, g_strdup_printf("%s: %s", into->file, valid));
    else
        g_ptr_array_add(into->said,
                        g_strdup_printf("%s:%s%u: %s", into->file, into->where, where, valid));
}

Losses import_losses(ImportLosses *into)
{
    return (Losses){.say = on_lost, .data = into};
}

// ── reading ──

// A mark at the beginning tells, or that every other byte of a first plain letter is a NUL.
static gboolean is_utf16(const char *text, gsize length)
{
    return length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0 ||
                           (text[0] == '\0') != (text[1] == '\0'));
}

// Complains of what is no UTF-8, as most programs write that are not to.
static gboolean check_encoding(const char *file, const char *text, gsize length)
{
    const char *end;
    if (is_utf16(text, length)) {
        fprintf(stderr, "%s:1:1: this is UTF-16 text: save it as UTF-8\n", file);
        return FALSE;
    }
    if (g_utf8_validate_len(text, length, &end))
        return TRUE;
    guint line = 1, column = 1;
    for (const char *at = text; at < end; at = g_utf8_next_char(at)) {
        column = *at == '\n' ? 1 : column + 1;
        line += *at == '\n';
    }
    fprintf(stderr, "%s:%u:%u: %s\n", file, line, column,
            *end == '\0' ? "a NUL byte: this is not text"
                         : "this is not UTF-8 text: save it as UTF-8");
    return FALSE;
}

// What a workout without a title is called: by its file.
static char *name_of(const char *file)
{
    if (strcmp(file, "-") == 0)
        return g_strdup("Workout");
    g_autofree char *base = g_path_get_basename(file);
    char *dot = strrchr(base, '.');
    if (dot && dot != base)
        *dot = '\0';
    return g_utf8_make_valid(base, -1);
}

static gboolean read_fit(const char *file, const char *bytes, gsize length, Plan *plan,
                         const Losses *losses)
{
    FitplanError error;
    if (fitplan_read((const uint8_t *)bytes, length, plan, losses, &error))
        return TRUE;
    fprintf(stderr, "%s: byte %zu: %s\n", file, error.byte, error.text);
    return FALSE;
}

static gboolean read_any_text(const char *file, const char *text, gsize length, Import *import,
                              const Losses *losses)
{
    g_autofree char *name = name_of(file);
    TextError error;
    gboolean ok = FALSE;
    if (!check_encoding(file, text, length))
        return FALSE;
    switch (import->format) {
    case IMPORT_TEXT:
        ok = lint_article(text, length, import->plan, import->warnings, &error);
        break;
    case IMPORT_ICU:
        ok = icu_parse(text, length, name, import->plan, losses, &error);
        break;
    case IMPORT_ZWO:
        ok = zwo_parse(text, length, name, import->plan, losses, &error);
        break;
    case IMPORT_ANY:
    case IMPORT_FIT:
        g_assert_not_reached();
    }
    if (!ok)
        complain_broken(file, &error);
    return ok;
}

int import_bytes(const char *file, const char *bytes, gsize length, ImportFormat format,
                 Import *ret_import)
{
    *ret_import = (Import){0};
    if (format == IMPORT_ANY)
        format = import_format_of(file);
    g_auto(Import) import = {
        .format = format == IMPORT_ANY ? import_recognise(bytes, length) : format,
        .plan = g_new(Plan, 1),
        .warnings = g_new0(TextWarnings, 1),
        .losses = g_ptr_array_new_with_free_func(g_free),
    };
    const gboolean fit = import.format == IMPORT_FIT;
    ImportLosses into = {file, fit ? " step " : "", import.losses};
    const Losses losses = import_losses(&into);
    if (!(fit ? read_fit(file, bytes, length, import.plan, &losses)
              : read_any_text(file, bytes, length, &import, &losses)))
        return EXIT_BAD_INPUT;
    *ret_import = import;
    import = (Import){0};
    return EXIT_DONE;
}

int import_read(const char *file, ImportFormat format, Import *ret_import)
{
    int code = EXIT_DONE;
    gsize length;
    *ret_import = (Import){0};
    g_autofree char *bytes = read_input(file, &length, &code);
    return bytes ? import_bytes(file, bytes, length, format, ret_import) : code;
}

char *import_as_text(const char *file, const char *bytes, gsize length, ImportFormat format,
                     char **ret_called, int *ret_code)
{
    g_auto(Import) import = {0};
    *ret_code = import_bytes(file, bytes, length, format, &import);
    if (*ret_code != EXIT_DONE)
        return NULL;
    for (guint i = 0; i < import.losses->len; i++)
        fprintf(stderr, "%s\n", (const char *)import.losses->pdata[i]);
    const gboolean ours = import.format == IMPORT_TEXT;
    if (ret_called)
        *ret_called = ours ? g_strdup(file) : g_strdup_printf("%s as text", file);
    return ours ? g_strndup(bytes, length) : import_text(import.plan);
}

int import_resolve(const char *file, Import *import, const Athlete *athlete,
                   const AthleteModel *model, gboolean by_effort)
{
    size_t step;
    if (plan_resolve(import->plan, athlete, model, by_effort, &step) != LACKS_TIME)
        return EXIT_DONE;
    const PlanItem *item = &import->plan->items[import->plan->steps[step].item];
    if (import->format == IMPORT_FIT) // which has no lines
        fprintf(stderr, "%s: step %u: %s\n", file, item->line, resolution_text(LACKS_TIME));
    else
        fprintf(stderr, "%s:%u:%u: %s\n", file, item->line, item->column,
                resolution_text(LACKS_TIME));
    return EXIT_BAD_INPUT;
}

gboolean workout_argument(const char *what, char **ret_text, char **ret_called, int *ret_code)
{
    const gboolean is_file =
        strcmp(what, "-") == 0 || strchr(what, '/') || g_str_has_suffix(what, ".txt") ||
        import_format_of(what) != IMPORT_ANY || g_file_test(what, G_FILE_TEST_IS_REGULAR);
    if (!is_file) {
        *ret_code = EXIT_BAD_INPUT;
        return argument_check(what);
    }
    gsize length;
    g_autofree char *bytes = read_input(what, &length, ret_code);
    if (bytes)
        *ret_text = import_as_text(what, bytes, length, IMPORT_ANY, ret_called, ret_code);
    return *ret_text != NULL;
}

void import_clear(Import *import)
{
    g_clear_pointer(&import->plan, g_free);
    g_clear_pointer(&import->warnings, g_free);
    g_clear_pointer(&import->losses, g_ptr_array_unref);
}

char *import_text(const Plan *plan)
{
    const size_t length = text_print(plan, NULL, 0);
    char *text = g_malloc(length + 1);
    text_print(plan, text, length + 1);
    return text;
}
