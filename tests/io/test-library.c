// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Names become files of two directories, and of nowhere else.

#include "io/error.h"
#include "io/library.h"
#include "workout/text.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>

#define SHIPPED "Workout - Shipped\n\n  • 400m @ 4'50''/km\n  • 60s rest\n"
#define MINE    "Workout - Mine\n\n  • 5min rest\n"

static char *root, *shipped, *own;

static void put(const char *directory, const char *name, const char *text, gssize length)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    cr_assert(g_file_set_contents(path, text, length, NULL));
}

static void begin(void)
{
    root = g_dir_make_tmp("paced-library-XXXXXX", NULL);
    g_setenv("XDG_DATA_HOME", root, TRUE);
    shipped = g_build_filename(root, "shipped", NULL);
    own = g_build_filename(root, "paced", "workouts", NULL);
    cr_assert_eq(g_mkdir_with_parents(shipped, 0700), 0);
    cr_assert_eq(g_mkdir_with_parents(own, 0700), 0);
    put(shipped, "track.txt", SHIPPED, -1);
    put(root, "secret.txt", SHIPPED, -1);
}

static void remove_all(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        remove_all(inside);
    }
    g_remove(path);
}

static void end(void)
{
    remove_all(root);
    g_free(root);
    g_free(shipped);
    g_free(own);
}

TestSuite(library, .init = begin, .fini = end);

Test(library, the_users_workout_hides_the_shipped_one_of_its_name)
{
    g_autofree char *before = library_text(shipped, "track", NULL);
    cr_assert_str_eq(before, SHIPPED);
    put(own, "track.txt", MINE, -1);
    g_autofree char *after = library_text(shipped, "track", NULL);
    cr_assert_str_eq(after, MINE);

    g_autoptr(GPtrArray) entries = library_list(shipped);
    cr_assert_eq(entries->len, 1);
    const LibraryEntry *entry = g_ptr_array_index(entries, 0);
    cr_assert_str_eq(entry->title, "Mine");
    cr_assert_eq(entry->duration_s, 300);
}

Test(library, a_name_is_never_a_way_out)
{
    static const char *const names[] = {"../secret", "/etc/passwd", "..",   ".",
                                        "",          "nowhere",     "a\xff"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        cr_assert_null(library_text(shipped, names[i], &error));
        cr_assert(g_error_matches(error, PACED_ERROR, PACED_ERROR_UNKNOWN_WORKOUT), "row %zu", i);
    }
}

Test(library, what_is_no_text_is_refused_and_listed_with_its_error)
{
    g_autofree char *huge = g_strnfill(TEXT_INPUT_MAX + 1, 'x');
    put(own, "huge.txt", huge, -1);
    put(own, "binary.txt", "Workout\0\xff", 9);
    put(own, "note.md", "not a workout", -1);
    static const char *const names[] = {"huge", "binary"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        cr_assert_null(library_text(shipped, names[i], &error));
        cr_assert(g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_TEXT), "%s", names[i]);
    }
    g_autoptr(GPtrArray) entries = library_list(shipped);
    cr_assert_eq(entries->len, 3);
    for (guint i = 0; i < 2; i++)
        cr_assert_not_null(((LibraryEntry *)g_ptr_array_index(entries, i))->error);
}
