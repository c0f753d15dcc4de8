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
#define TEMPO   "Workout - Tempo\n- 10min @ E\n- 20min @ T\n- 10min @ E\n"

static char *root, *shipped, *own;
static Athlete nobody;

static void put(const char *directory, const char *name, const char *text, gssize length)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    cr_assert(g_file_set_contents(path, text, length, NULL));
}

static void begin(void)
{
    nobody = athlete_unknown();
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

    g_autoptr(GPtrArray) entries = library_list(shipped, &nobody, NULL);
    cr_assert_eq(entries->len, 1);
    const LibraryEntry *entry = g_ptr_array_index(entries, 0);
    cr_assert_str_eq(entry->title, "Mine");
    cr_assert_eq(entry->gist.s, 300);
    cr_assert(entry->own);
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
    g_autoptr(GPtrArray) entries = library_list(shipped, &nobody, NULL);
    cr_assert_eq(entries->len, 3);
    for (guint i = 0; i < 2; i++)
        cr_assert_not_null(((LibraryEntry *)g_ptr_array_index(entries, i))->error);
}

// ── search ──

static char *found(const char *words, const Athlete *athlete)
{
    g_autoptr(Query) query = query_parse(words, NULL);
    g_autoptr(GPtrArray) entries = library_list(shipped, athlete, query);
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < entries->len; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? " " : "",
                               ((LibraryEntry *)g_ptr_array_index(entries, i))->name);
    return g_string_free(names, FALSE);
}

Test(library, a_search_weighs_a_workout_for_its_runner)
{
    put(own, "tens.txt", "Workout - Tens\n- 10km @ E\n", -1);
    put(own, "tempo.txt", TEMPO, -1);
    put(own, "broken.txt", "Workout - Tens broken\n- 10 km\n", -1);
    Athlete fast = athlete_unknown();
    fast.races[0] = (Race){.distance_m = 5000, .time_s = 960, .maximal = true};
    fast.race_count = 1;
    const struct {
        const char *words;
        const Athlete *athlete;
        const char *names;
    } table[] = {
        {"under an hour", &nobody, "tempo track"},
        {"under an hour", &fast, "tempo tens track"},
        {"tempo", &nobody, "tempo"},
        {"about 10km", &nobody, "tens"},
        {"tens", &nobody, "tens"},
        {"easy", &nobody, "tens track"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *names = found(table[i].words, table[i].athlete);
        cr_expect_str_eq(names, table[i].names, "%s: %s", table[i].words, names);
    }
}

// ── add and remove ──

static gboolean refused(GError **error, int code)
{
    gboolean it_is = g_error_matches(*error, PACED_ERROR, code);
    if (!it_is)
        cr_log_error("%s", *error ? (*error)->message : "not refused");
    g_clear_error(error);
    return it_is;
}

static guint files_in(const char *directory)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    guint count = 0;
    while (dir && g_dir_read_name(dir))
        count++;
    return count;
}

Test(library, a_workout_is_kept_as_it_is_and_read_back)
{
    remove_all(own); // it is made when it is needed
    const char *text = "Read me first.\r\n\r\n" TEMPO "\nThat was it.";
    g_autoptr(GError) error = NULL;
    g_autofree char *name = library_add(shipped, "", text, FALSE, &error);
    cr_assert_str_eq(name, "tempo");
    g_autofree char *back = library_text(shipped, "tempo", NULL);
    cr_assert_str_eq(back, text);
    g_autofree char *titled = library_text(shipped, "Tempo", NULL);
    cr_assert_str_eq(titled, text, "by its title, too");
    cr_assert_eq(files_in(own), 1, "nothing is left beside it");
    cr_assert(library_remove(shipped, "Tempo", &error));
    cr_assert_null(library_text(shipped, "tempo", NULL));
    cr_assert_null(library_text(shipped, "../track", NULL), "a path is no title");
    cr_assert_eq(files_in(own), 0);
}

// `workouts` shows titles beside names that do not come from them.
Test(library, a_title_finds_its_one_file_whatever_that_is_called)
{
    g_autoptr(GError) error = NULL;
    put(own, "night.txt", "An article.\n\nWorkout - Demo: 10 × 200 m\n- 10min @ E\n", -1);
    static const char *const titles[] = {"Demo: 10 × 200 m", "demo 10 × 200 M", "demo-10-200-m"};
    for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
        g_autofree char *text = library_text(shipped, titles[i], &error);
        cr_expect(text && strstr(text, "Demo"), "%s", titles[i]);
    }
    put(own, "day.txt", "Workout - Demo: 10 × 200 m\n- 20min @ E\n", -1);
    cr_expect_null(library_text(shipped, titles[0], &error), "which of them?");
    cr_expect(refused(&error, PACED_ERROR_UNKNOWN_WORKOUT));
    cr_expect_null(library_text(shipped, "", &error));
    cr_expect(refused(&error, PACED_ERROR_UNKNOWN_WORKOUT));
    cr_expect_null(library_text(shipped, "?!", &error), "which no title comes to");
    cr_expect(refused(&error, PACED_ERROR_UNKNOWN_WORKOUT));
}

Test(library, a_next_version_takes_the_place_of_the_one_before)
{
    const char *longer = "Workout - Tempo\n- 30min @ T\n";
    g_autoptr(GError) error = NULL;
    g_autofree char *name = library_add(shipped, "mine", TEMPO, FALSE, NULL);
    g_autofree char *same = library_replace(shipped, TEMPO, longer, &error);
    cr_expect_str_eq(same, "mine");
    g_autofree char *now = library_text(shipped, "mine", NULL);
    cr_expect_str_eq(now, longer);

    // Run from a text alone, it gets a name of its own, and nothing gives way to it.
    g_autofree char *other = library_add(shipped, "", TEMPO, FALSE, NULL);
    cr_expect_str_eq(other, "tempo");
    const char *typed = "Workout - Tempo\n- 12min @ T\n", *grown = "Workout - Tempo\n- 15min @ T\n";
    g_autofree char *beside = library_replace(shipped, typed, grown, &error);
    cr_expect_str_eq(beside, "tempo-2");
    g_autofree char *again = library_replace(shipped, typed, grown, &error);
    cr_expect_str_eq(again, "tempo-2", "once");
    g_autofree char *untouched = library_text(shipped, "tempo", NULL);
    cr_expect_str_eq(untouched, TEMPO);
}

Test(library, a_name_is_made_of_the_title)
{
    static const struct {
        const char *title, *name;
    } table[] = {
        {"10 × 200 m", "10-200-m"},
        {"Lee's 5K: Booster!", "lees-5k-booster"},
        {"VO₂ Max", "vo2-max"},
        {"Straße über Köln", "straße-über-köln"},
        {"間歇訓練", "間歇訓練"},
        {"../../etc/passwd", "etc-passwd"},
        {"...", "workout"},
        {"A title that goes on and on, for longer than anybody would want to type it as a name",
         "a-title-that-goes-on-and-on-for-longer-than-anybody-would-want"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = g_strdup_printf("Workout - %s\n- 10min @ E\n", table[i].title);
        g_autofree char *name = library_add(shipped, "", text, FALSE, NULL);
        cr_expect(name && g_str_has_prefix(table[i].name, name), "%s: %s", table[i].title, name);
        cr_expect(name && strlen(name) >= MIN(strlen(table[i].name), 58), "%s", name);
    }
}

Test(library, nothing_is_written_over_unless_that_is_said)
{
    g_autoptr(GError) error = NULL;
    put(own, "mine.txt", MINE, -1);
    cr_expect_null(library_add(shipped, "mine", TEMPO, FALSE, &error));
    cr_expect(refused(&error, PACED_ERROR_EXISTS));
    cr_expect_null(library_add(shipped, "track", TEMPO, FALSE, &error));
    cr_expect(refused(&error, PACED_ERROR_EXISTS));
    g_autofree char *same = library_text(shipped, "mine", NULL);
    cr_expect_str_eq(same, MINE);

    g_autofree char *one = library_add(shipped, "mine", TEMPO, TRUE, &error);
    g_autofree char *two = library_add(shipped, "track", TEMPO, TRUE, &error);
    g_autofree char *mine = library_text(shipped, "mine", NULL);
    g_autofree char *track = library_text(shipped, "track", NULL);
    cr_expect(one && two);
    cr_expect_str_eq(mine, TEMPO);
    cr_expect_str_eq(track, TEMPO);
    // The shipped one was only hidden.
    cr_expect(library_remove(shipped, "track", &error));
    g_autofree char *again = library_text(shipped, "track", NULL);
    cr_expect_str_eq(again, SHIPPED);
}

Test(library, what_cannot_be_kept_is_refused)
{
    static const char *const names[] = {"../up", "a/b", ".hidden", "..", "a\nb", "tab\t", "\xff"};
    g_autoptr(GError) error = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        cr_expect_null(library_add(shipped, names[i], TEMPO, TRUE, &error), "%s", names[i]);
        cr_expect(refused(&error, PACED_ERROR_BAD_ARGUMENT), "%s", names[i]);
    }
    g_autofree char *long_name = g_strnfill(252, 'n');
    cr_expect_null(library_add(shipped, long_name, TEMPO, TRUE, &error));
    cr_expect(refused(&error, PACED_ERROR_BAD_ARGUMENT));
    cr_expect_null(library_add(shipped, "cut", "Workout - Cut\n- 10min @ E\n- 5mi", TRUE, &error));
    cr_expect(g_str_has_prefix(error->message, "3:"), "%s", error->message);
    cr_expect(refused(&error, PACED_ERROR_BAD_TEXT));
    g_autofree char *huge = g_strnfill(TEXT_INPUT_MAX + 1, 'x');
    cr_expect_null(library_add(shipped, "huge", huge, TRUE, &error));
    cr_expect(refused(&error, PACED_ERROR_BAD_TEXT));
    cr_expect_eq(files_in(own), 0);
}

Test(library, a_directory_that_cannot_be_written_is_said)
{
    g_autoptr(GError) error = NULL;
    remove_all(own);
    put(root, "paced/workouts", "a file in its place", -1);
    cr_expect_null(library_add(shipped, "", TEMPO, FALSE, &error));
    cr_expect(strstr(error->message, own), "%s", error->message);
    cr_expect(refused(&error, PACED_ERROR_FAILED));
}

Test(library, only_what_is_the_users_can_be_removed)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *workout = library_add(shipped, "workout", TEMPO, FALSE, &error);
    cr_expect(!library_remove(shipped, "track", &error));
    cr_expect(strstr(error->message, "comes with paced"), "%s", error->message);
    cr_expect(refused(&error, PACED_ERROR_BAD_ARGUMENT));
    static const char *const names[] = {"nowhere", "../secret", "", "..", "…"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        cr_expect(!library_remove(shipped, names[i], &error), "%s", names[i]);
        cr_expect(refused(&error, PACED_ERROR_UNKNOWN_WORKOUT), "%s", names[i]);
    }
    g_autofree char *secret = g_build_filename(root, "secret.txt", NULL);
    cr_expect(g_file_test(secret, G_FILE_TEST_EXISTS));
}

static gpointer add_same(gpointer data)
{
    g_autofree char *text = g_strdup_printf("Workout - Race\n- %dmin @ E\n", GPOINTER_TO_INT(data));
    return library_add(shipped, "race", text, FALSE, NULL);
}

Test(library, of_two_who_add_the_same_name_one_is_refused)
{
    GThread *threads[8];
    guint kept = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("adder", add_same, GINT_TO_POINTER(10 + (int)i));
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autofree char *name = g_thread_join(threads[i]);
        kept += name != NULL;
    }
    cr_expect_eq(kept, 1);
    cr_expect_eq(files_in(own), 1);
}
