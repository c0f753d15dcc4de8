// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Files named by people and by programs over the bus: a name is looked up as a plain file name of
// two directories, and can never be a path out of them.

#include "io/library.h"

#include "io/error.h"
#include "workout/text.h"

#include <string.h>

#define SUFFIX         ".txt"
#define NAME_MAX_BYTES (255 - strlen(SUFFIX)) // of a file, everywhere

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

char *library_text(const char *shipped, const char *name, GError **error)
{
    g_autofree char *own = user_directory();
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
                "there is no workout “%s”; put %s%s into %s", name, name, SUFFIX, own);
    return NULL;
}

static LibraryEntry *read_entry(const char *shipped, const char *name, Plan *plan)
{
    LibraryEntry *entry = g_new0(LibraryEntry, 1);
    entry->name = g_strdup(name);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = library_text(shipped, name, &error);
    TextError wrong;
    if (!text) {
        entry->error = g_strdup(error->message);
    } else if (!text_parse(text, strlen(text), plan, NULL, &wrong)) {
        entry->error = g_strdup_printf("%u:%u: %s", wrong.line, wrong.column, wrong.text);
    } else {
        entry->title = g_utf8_make_valid(plan->name, -1);
        entry->duration_s = plan_total_s(plan);
        entry->distance_m = plan_total_m(plan);
        entry->steps = (guint)plan->step_count;
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

GPtrArray *library_list(const char *shipped)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *own = user_directory();
    collect_names(own, names);
    collect_names(shipped, names);

    GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)library_entry_free);
    g_autofree Plan *plan = g_new(Plan, 1);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(entries, read_entry(shipped, name, plan));
    g_ptr_array_sort(entries, compare_names);
    return entries;
}
