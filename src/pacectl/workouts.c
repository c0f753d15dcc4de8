// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl workouts: the library, which the daemon keeps. Here is only what comes from outside (a
// file, a clipboard) and what goes there (a text to paste, a code for a camera).

#include "pacectl/clipboard.h"
#include "pacectl/import.h"
#include "pacectl/qr.h"
#include "pacectl/show.h"
#include "paced1-dbus.h"
#include "workout/lint.h"

#include <math.h>
#include <string.h>

// ── the daemon's side ──

// NULL: it was complained of.
static Paced1Library *open_library(int *ret_code)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    *ret_code = daemon_open(&objects);
    if (*ret_code != EXIT_DONE)
        return NULL;
    Paced1Library *library = daemon_find(objects, "org.paced1.Library");
    if (!library)
        *ret_code = complain_stranger();
    return library;
}

// For a verb with a NAME: its text; NULL: it was complained of.
static char *fetch(const char *name, Paced1Library **ret_library, int *ret_code)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    *ret_code = EXIT_BAD_INPUT;
    if (!argument_check(name))
        return NULL;
    g_autoptr(Paced1Library) library = open_library(ret_code);
    if (!library)
        return NULL;
    if (!paced1_library_call_get_sync(library, name, &text, NULL, &error))
        *ret_code = complain_error(g_steal_pointer(&error));
    else if (ret_library)
        *ret_library = g_steal_pointer(&library);
    return text;
}

// ── list and search ──

static Gist workout_gist(GVariant *workout)
{
    Gist gist = {.s = NAN, .m = NAN};
    gboolean guessed;
    g_variant_lookup(workout, "duration", "d", &gist.s);
    g_variant_lookup(workout, "distance", "d", &gist.m);
    gist.s_guessed = g_variant_lookup(workout, "duration-guessed", "b", &guessed) && guessed;
    gist.m_guessed = g_variant_lookup(workout, "distance-guessed", "b", &guessed) && guessed;
    return gist;
}

static char *join_kinds(GVariant *workout)
{
    g_autofree const char **kinds = NULL;
    g_variant_lookup(workout, "kinds", "^a&s", &kinds);
    return g_strjoinv(", ", (char **)kinds);
}

static void print_workout(GVariant *workout)
{
    const char *name = "", *title = "", *error = NULL;
    char time[SHOW_MAX], distance[SHOW_MAX];
    g_variant_lookup(workout, "name", "&s", &name);
    if (g_variant_lookup(workout, "error", "&s", &error)) {
        printf("%-24s cannot be read: %s\n", name, error);
        return;
    }
    g_variant_lookup(workout, "title", "&s", &title);
    g_autofree char *kinds = join_kinds(workout);
    const Gist gist = workout_gist(workout);
    show_about(gist.s, gist.s_guessed, show_duration, time);
    show_about(gist.m, gist.m_guessed, show_distance, distance);
    printf("%-24s %8s %9s  %s (%s)\n", name, time, distance, title, kinds);
}

static void print_workouts(GVariant *workouts)
{
    GVariantIter iter;
    GVariant *workout;
    g_variant_iter_init(&iter, workouts);
    while ((workout = g_variant_iter_next_value(&iter))) {
        print_workout(workout);
        g_variant_unref(workout);
    }
}

int verb_workouts(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) workouts = NULL;
    int code;
    if (!verb_options(&argc, &argv, options, 0, -1))
        return EXIT_BAD_USAGE;
    if (argc > 1)
        return complain(EXIT_BAD_USAGE, "there is no verb 'workouts %s'; pacectl --help lists them",
                        argv[1]);
    g_autoptr(Paced1Library) library = open_library(&code);
    if (!library)
        return code;
    if (!paced1_library_call_list_sync(library, &workouts, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    if (json)
        print_dicts_json(workouts);
    else
        print_workouts(workouts);
    return EXIT_DONE;
}

int verb_workouts_search(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) workouts = NULL;
    int code;
    if (!verb_options(&argc, &argv, options, 1, -1))
        return EXIT_BAD_USAGE;
    g_autofree char *words = g_strjoinv(" ", argv + 1);
    if (!argument_check(words))
        return EXIT_BAD_INPUT;
    g_autoptr(Paced1Library) library = open_library(&code);
    if (!library)
        return code;
    if (!paced1_library_call_search_sync(library, words, &workouts, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    if (json)
        print_dicts_json(workouts);
    else if (g_variant_n_children(workouts) == 0)
        puts("No workout fits.");
    else
        print_workouts(workouts);
    return EXIT_DONE;
}

// ── show and share ──

static void print_summary(GVariant *workouts, const char *name)
{
    for (gsize i = 0; i < g_variant_n_children(workouts); i++) {
        g_autoptr(GVariant) workout = g_variant_get_child_value(workouts, i);
        const char *its = "";
        char in_all[2 * SHOW_MAX];
        guint32 steps = 0;
        gboolean own = FALSE;
        g_variant_lookup(workout, "name", "&s", &its);
        if (strcmp(its, name) != 0 || !g_variant_lookup(workout, "steps", "u", &steps))
            continue;
        g_autofree char *kinds = join_kinds(workout);
        g_variant_lookup(workout, "own", "b", &own);
        const Gist gist = workout_gist(workout);
        show_in_all(steps, &gist, in_all);
        printf("%s; %s; %s\n", in_all, kinds, own ? "your own" : "comes with paced");
    }
}

int verb_workouts_show(int argc, char **argv)
{
    g_autoptr(Paced1Library) library = NULL;
    g_autoptr(GVariant) workouts = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree Plan *plan = g_new(Plan, 1);
    g_autofree TextWarnings *warnings = g_new0(TextWarnings, 1);
    TextError wrong;
    int code;
    if (!verb_options(&argc, &argv, NULL, 1, 1))
        return EXIT_BAD_USAGE;
    g_autofree char *text = fetch(argv[1], &library, &code);
    if (!text)
        return code;
    printf("%s%s\n", text, g_str_has_suffix(text, "\n") ? "" : "\n");
    fflush(stdout); // before what may be wrong with it
    if (!lint_text(text, strlen(text), plan, warnings, &wrong))
        return complain_broken(argv[1], &wrong);
    if (!paced1_library_call_list_sync(library, &workouts, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    print_summary(workouts, argv[1]);
    for (size_t i = 0; i < warnings->count; i++)
        printf("%s:%u:%u: warning: %s [%s]\n", argv[1], warnings->items[i].line,
               warnings->items[i].column, warnings->items[i].text, warnings->items[i].code);
    return EXIT_DONE;
}

// The workout alone: prose around it would only make the code bigger.
static int share_code(const char *name, const char *text)
{
    g_autofree Plan *plan = g_new(Plan, 1);
    TextError wrong;
    if (!text_parse(text, strlen(text), plan, NULL, &wrong))
        return complain_broken(name, &wrong);
    g_autofree char *printed = import_text(plan);
    return qr_print(printed);
}

int verb_workouts_share(int argc, char **argv)
{
    gboolean qr = FALSE;
    const GOptionEntry options[] = {{"qr", 0, 0, G_OPTION_ARG_NONE, &qr, NULL, NULL}, {NULL}};
    int code;
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    g_autofree char *text = fetch(argv[1], NULL, &code);
    if (!text)
        return code;
    if (qr)
        return share_code(argv[1], text);
    printf("%s%s", text, g_str_has_suffix(text, "\n") ? "" : "\n");
    return EXIT_DONE;
}

// ── add and remove ──

static char *read_source(const char *file, int *ret_code)
{
    gsize length;
    g_autofree char *bytes =
        file ? read_input(file, &length, ret_code) : clipboard_read(&length, ret_code);
    return bytes ? import_as_text(file ? file : "clipboard", bytes, length, IMPORT_ANY, NULL,
                                  ret_code)
                 : NULL;
}

int verb_workouts_add(int argc, char **argv)
{
    gboolean clipboard = FALSE, replace = FALSE;
    g_autofree char *name = NULL, *kept = NULL;
    g_autoptr(GError) error = NULL;
    int code;
    const GOptionEntry options[] = {{"clipboard", 0, 0, G_OPTION_ARG_NONE, &clipboard, NULL, NULL},
                                    {"name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL},
                                    {"replace", 0, 0, G_OPTION_ARG_NONE, &replace, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 1))
        return EXIT_BAD_USAGE;
    if ((argc > 1) == clipboard)
        return complain(EXIT_BAD_USAGE, "%s; usage: pacectl workouts add %s",
                        clipboard ? "a file or the clipboard, not both" : "something is missing",
                        verb_find("workouts add")->arguments);
    const char *file = clipboard ? NULL : argv[1];
    if (name && !argument_check(name))
        return EXIT_BAD_INPUT;
    if (name && g_str_has_suffix(name, ".txt")) // a name of the library has none
        name[strlen(name) - strlen(".txt")] = '\0';
    g_autofree char *text = read_source(file, &code);
    if (!text)
        return code;
    g_autoptr(Paced1Library) library = open_library(&code);
    if (!library)
        return code;
    GVariantDict how;
    g_variant_dict_init(&how, NULL);
    if (replace)
        g_variant_dict_insert(&how, "replace", "b", TRUE);
    if (!paced1_library_call_add_sync(library, name ? name : "", text, g_variant_dict_end(&how),
                                      &kept, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    printf("kept as “%s”\n", kept);
    return EXIT_DONE;
}

int verb_workouts_remove(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int code;
    if (!verb_options(&argc, &argv, NULL, 1, 1))
        return EXIT_BAD_USAGE;
    if (!argument_check(argv[1]))
        return EXIT_BAD_INPUT;
    g_autoptr(Paced1Library) library = open_library(&code);
    if (!library)
        return code;
    if (!paced1_library_call_remove_sync(library, argv[1], NULL, &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}
