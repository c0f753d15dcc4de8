// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Files named by people and by programs over the bus: a name is looked up as a plain file name of
// two directories, and can never be a path out of them. What is added takes its name only when it
// is whole on the disk, and never another's.

#include "io/library.h"

#include "io/error.h"
#include "workout/text.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX          ".txt"
#define NAME_MAX_BYTES  (255 - strlen(SUFFIX)) // of a file, everywhere
#define NAME_FROM_TITLE 60                     // bytes: short enough to type

void library_entry_free(LibraryEntry *entry)
{
    g_free(entry->name);
    g_free(entry->title);
    g_free(entry->error);
    g_free(entry);
}

static char *user_directory(void)
{
    return g_build_filename(g_get_user_data_dir(), "paced", "workouts", NULL);
}

static gboolean name_is_plain(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strlen(name) <= NAME_MAX_BYTES &&
           !strchr(name, G_DIR_SEPARATOR) && g_utf8_validate(name, -1, NULL);
}

// NULL without an error when there is no such file.
static char *read_text(const char *directory, const char *name, GError **error)
{
    g_autofree char *base = g_strconcat(name, SUFFIX, NULL);
    g_autofree char *path = g_build_filename(directory, base, NULL);
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, error);
    if (!stream) {
        if (error && g_error_matches(*error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
            g_clear_error(error);
        return NULL;
    }
    g_autofree char *text = g_malloc(TEXT_INPUT_MAX + 2);
    gsize length;
    if (!g_input_stream_read_all(G_INPUT_STREAM(stream), text, TEXT_INPUT_MAX + 1, &length, NULL,
                                 error))
        return NULL;
    text[length] = '\0';
    if (length > TEXT_INPUT_MAX)
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, "1:1: “%s” is longer than %d bytes",
                    path, TEXT_INPUT_MAX);
    else if (!g_utf8_validate(text, (gssize)length, NULL))
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, "1:1: “%s” is not UTF-8 text", path);
    else
        return g_realloc(g_steal_pointer(&text), length + 1);
    return NULL;
}

static gboolean exists_in(const char *directory, const char *name)
{
    g_autofree char *base = g_strconcat(name, SUFFIX, NULL);
    g_autofree char *path = directory ? g_build_filename(directory, base, NULL) : NULL;
    return path && g_file_test(path, G_FILE_TEST_EXISTS);
}

// Letters and digits of any script, in small, and hyphens; empty where a title has none.
static char *name_of_title(const char *title)
{
    g_autofree char *normal = g_utf8_normalize(title, -1, G_NORMALIZE_ALL_COMPOSE);
    GString *name = g_string_new(NULL);
    for (const char *at = normal ? normal : ""; *at; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (name->len > NAME_FROM_TITLE)
            break;
        if (letter == '\'' || letter == 0x2019)
            continue;
        if (g_unichar_isalnum(letter) || g_unichar_ismark(letter))
            g_string_append_unichar(name, g_unichar_tolower(letter));
        else if (name->len > 0 && name->str[name->len - 1] != '-')
            g_string_append_c(name, '-');
    }
    if (name->len > 0 && name->str[name->len - 1] == '-')
        g_string_truncate(name, name->len - 1);
    return g_string_free(name, FALSE);
}

static gboolean exists(const char *shipped, const char *own, const char *name)
{
    return name_is_plain(name) && (exists_in(own, name) || exists_in(shipped, name));
}

// The one file whose workout has a title; NULL: none has, or several.
static char *file_titled(const char *shipped, const char *name)
{
    const Athlete nobody = athlete_unknown();
    g_autoptr(GPtrArray) entries = library_list(shipped, &nobody, NULL);
    char *found = NULL;
    for (guint i = 0; i < entries->len; i++) {
        const LibraryEntry *entry = g_ptr_array_index(entries, i);
        g_autofree char *its = entry->title ? name_of_title(entry->title) : NULL;
        if (g_strcmp0(its, name) != 0)
            continue;
        if (found)
            return g_free(found), NULL;
        found = g_strdup(entry->name);
    }
    return found;
}

// What is asked for: a file's name, or a title, whether the name comes from it or not; a path is
// neither.
static char *file_of(const char *shipped, const char *own, const char *asked)
{
    g_autofree char *name = name_of_title(asked);
    if (!name_is_plain(asked) || exists(shipped, own, asked))
        return g_strdup(asked);
    if (exists(shipped, own, name))
        return g_steal_pointer(&name);
    char *file = *name ? file_titled(shipped, name) : NULL;
    return file ? file : g_strdup(asked);
}

char *library_text(const char *shipped, const char *asked, GError **error)
{
    g_autofree char *own = user_directory();
    g_autofree char *name = file_of(shipped, own, asked);
    const char *directories[] = {own, shipped};
    for (gsize i = 0; i < G_N_ELEMENTS(directories) && name_is_plain(name); i++) {
        if (!directories[i])
            continue;
        GError *why = NULL;
        char *text = read_text(directories[i], name, &why);
        if (!text && !why)
            continue;
        if (why && why->domain != PACED_ERROR) {
            g_set_error(error, PACED_ERROR, PACED_ERROR_FAILED, "%s", why->message);
            g_error_free(why);
        } else if (why) {
            g_propagate_error(error, why);
        }
        return text;
    }
    g_set_error(error, PACED_ERROR, PACED_ERROR_UNKNOWN_WORKOUT,
                "there is no workout “%s”: 'pacectl workouts' lists them; your own are in %s", name,
                own);
    return NULL;
}

// ── list ──

typedef struct {
    const char *shipped, *own;
    const Athlete *athlete;
    AthleteModel model;
    Plan plan;
} Lister;

static LibraryEntry *read_entry(Lister *lister, const char *name)
{
    LibraryEntry *entry = g_new0(LibraryEntry, 1);
    entry->name = g_strdup(name);
    entry->own = exists_in(lister->own, name);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = library_text(lister->shipped, name, &error);
    TextError wrong;
    if (!text) {
        entry->error = g_strdup(error->message);
    } else if (!text_parse(text, strlen(text), &lister->plan, NULL, &wrong)) {
        entry->error = g_strdup_printf("%u:%u: %s", wrong.line, wrong.column, wrong.text);
    } else {
        entry->title = g_utf8_make_valid(lister->plan.name, -1);
        entry->gist = gist_of_plan(&lister->plan, lister->athlete, &lister->model);
        entry->steps = (guint)lister->plan.step_count;
    }
    return entry;
}

static void collect_names(const char *directory, GHashTable *names)
{
    g_autoptr(GDir) dir = directory ? g_dir_open(directory, 0, NULL) : NULL;
    const char *file;
    while (dir && (file = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(file, SUFFIX) || g_hash_table_size(names) >= LIBRARY_ENTRIES_MAX)
            continue;
        g_autofree char *name = g_strndup(file, strlen(file) - strlen(SUFFIX));
        if (name_is_plain(name))
            g_hash_table_add(names, g_steal_pointer(&name));
    }
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp((*(LibraryEntry *const *)a)->name, (*(LibraryEntry *const *)b)->name);
}

GPtrArray *library_list(const char *shipped, const Athlete *athlete, const Query *query)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *own = user_directory();
    collect_names(own, names);
    collect_names(shipped, names);

    GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)library_entry_free);
    g_autofree Lister *lister = g_new(Lister, 1);
    lister->shipped = shipped;
    lister->own = own;
    lister->athlete = athlete;
    lister->model = athlete_model(athlete);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        LibraryEntry *entry = read_entry(lister, name);
        if (!query || (!entry->error && query_fits(query, name, entry->title, &entry->gist)))
            g_ptr_array_add(entries, entry);
        else
            library_entry_free(entry);
    }
    g_ptr_array_sort(entries, compare_names);
    return entries;
}

char *library_name(const char *shipped, const char *text)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *own = user_directory();
    collect_names(own, names);
    collect_names(shipped, names);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        g_autofree char *this = library_text(shipped, name, NULL);
        if (g_strcmp0(this, text) == 0)
            return g_strdup(name);
    }
    return NULL;
}

// ── add and remove ──

// The name to keep a text by, or NULL.
static char *name_for(const char *wanted, const char *text, GError **error)
{
    g_autofree Plan *plan = g_new(Plan, 1);
    TextError wrong;
    if (!text_parse(text, strlen(text), plan, NULL, &wrong)) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, "%u:%u: %s", wrong.line, wrong.column,
                    wrong.text);
        return NULL;
    }
    if (wanted[0] == '\0') {
        char *name = name_of_title(plan->name);
        return name[0] ? name : (g_free(name), g_strdup("workout"));
    }
    for (const char *at = wanted; *at; at++)
        if (g_ascii_iscntrl(*at))
            wanted = "";
    if (name_is_plain(wanted))
        return g_strdup(wanted);
    g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                "a workout's name is that of a file: 1 to %zu bytes, no slash, no control "
                "character, no dot at its front",
                NAME_MAX_BYTES);
    return NULL;
}

// The text is whole in a file of its own before it gets its name: by a link where none may be there
// yet, so that of two callers one is refused.
static gboolean write_as(const char *directory, const char *name, const char *text,
                         gboolean replace, GError **error)
{
    g_autofree char *base = g_strconcat(name, SUFFIX, NULL);
    g_autofree char *path = g_build_filename(directory, base, NULL);
    g_autofree char *beside = g_strdup_printf("%s/.new-%08x", directory, g_random_int());
    g_autoptr(GError) why = NULL;
    g_mkdir_with_parents(directory, 0700); // where it cannot, the next says so
    if (!g_file_set_contents_full(beside, text, -1, G_FILE_SET_CONTENTS_DURABLE, 0600, &why)) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_FAILED, "%s", why->message);
        return FALSE;
    }
    if (replace ? g_rename(beside, path) == 0 : link(beside, path) == 0) {
        g_unlink(beside); // a rename has left none
        return TRUE;
    }
    int failed = errno;
    g_unlink(beside);
    if (failed == EEXIST)
        g_set_error(
            error, PACED_ERROR, PACED_ERROR_EXISTS,
            "there is a workout “%s” already; replace it (--replace), or give another (--name)",
            name);
    else
        g_set_error(error, PACED_ERROR, PACED_ERROR_FAILED, "%s cannot be written: %s", path,
                    g_strerror(failed));
    return FALSE;
}

char *library_add(const char *shipped, const char *name, const char *text, gboolean replace,
                  GError **error)
{
    g_autofree char *own = user_directory();
    g_autofree char *kept = name_for(name, text, error);
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!kept)
        return NULL;
    collect_names(own, names);
    if (g_hash_table_size(names) >= LIBRARY_ENTRIES_MAX && !g_hash_table_contains(names, kept))
        g_set_error(error, PACED_ERROR, PACED_ERROR_FAILED,
                    "%s holds %d workouts already: remove some", own, LIBRARY_ENTRIES_MAX);
    else if (!replace && exists_in(shipped, kept))
        g_set_error(
            error, PACED_ERROR, PACED_ERROR_EXISTS,
            "a workout “%s” comes with paced; replace it (--replace), or give another (--name)",
            kept);
    else if (write_as(own, kept, text, replace, error))
        return g_steal_pointer(&kept);
    return NULL;
}

#define VERSIONS_MAX 100

char *library_replace(const char *shipped, const char *before, const char *after, GError **error)
{
    char *done = library_name(shipped, after); // by one who was killed before he could say so
    if (done)
        return done;
    g_autofree char *same = library_name(shipped, before);
    if (same)
        return library_add(shipped, same, after, TRUE, error);
    g_autofree char *title = name_for("", after, error);
    if (!title)
        return NULL;
    char *kept = library_add(shipped, title, after, FALSE, error);
    for (int i = 2; !kept && i < VERSIONS_MAX; i++) {
        if (error && !g_error_matches(*error, PACED_ERROR, PACED_ERROR_EXISTS))
            break;
        g_clear_error(error);
        g_autofree char *name = g_strdup_printf("%s-%d", title, i);
        kept = library_add(shipped, name, after, FALSE, error);
    }
    return kept;
}

gboolean library_remove(const char *shipped, const char *asked, GError **error)
{
    g_autofree char *own = user_directory();
    g_autofree char *name = file_of(shipped, own, asked);
    g_autofree char *base = g_strconcat(name, SUFFIX, NULL);
    g_autofree char *path = g_build_filename(own, base, NULL);
    const gboolean plain = name_is_plain(name);
    if (plain && g_unlink(path) == 0)
        return TRUE;
    if (plain && errno != ENOENT)
        g_set_error(error, PACED_ERROR, PACED_ERROR_FAILED, "%s cannot be removed: %s", path,
                    g_strerror(errno));
    else if (plain && exists_in(shipped, name))
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "“%s” comes with paced and stays; only your own can be removed", name);
    else
        g_set_error(error, PACED_ERROR, PACED_ERROR_UNKNOWN_WORKOUT, "there is no workout “%s”",
                    name);
    return FALSE;
}
