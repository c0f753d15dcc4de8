// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Where a run comes from: the daemon, which only hands out the journal, or a file that was handed
// out before. The daemon writes into memory of ours rather than into a pipe: nobody has to read
// meanwhile, and there is no file to be left behind.

#include "pacectl/run.h"

#include "io/error.h"
#include "paced1-dbus.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NEAR_S 5 // the sitting's date has whole seconds

gboolean run_is_of_daemon(const char *which, gint64 *ret_number)
{
    *ret_number = 0;
    return strcmp(which, "last") == 0 ||
           g_ascii_string_to_signed(which, 10, 1, G_MAXINT64, ret_number, NULL);
}

GVariant *run_find(Paced1History *history, const char *which, int *ret_code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) runs = NULL;
    GVariant *run = NULL;
    gint64 wanted;
    if (run_is_of_daemon(which, &wanted) && wanted > 0)
        paced1_history_call_summary_sync(history, wanted, &run, NULL, &error);
    else if (paced1_history_call_list_sync(history, 1, &runs, NULL, &error) &&
             g_variant_n_children(runs) > 0)
        run = g_variant_get_child_value(runs, 0);
    if (g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT))
        *ret_code =
            complain(EXIT_BAD_INPUT, "there is no run %s; 'pacectl history' lists them", which);
    else if (error)
        *ret_code = complain_error(g_steal_pointer(&error));
    else if (!run)
        *ret_code = complain(EXIT_BAD_INPUT, "no run has been kept yet");
    return run;
}

static char *read_memory(int fd, gsize *ret_length, GError **error)
{
    const off_t size = lseek(fd, 0, SEEK_END);
    char *text = g_malloc((gsize)size + 1);
    gsize have = 0;
    gssize got = 1;
    while (have < (gsize)size && got > 0) {
        got = pread(fd, text + have, (gsize)size - have, (off_t)have);
        have += got > 0 ? (gsize)got : 0;
    }
    if (got < 0)
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, g_strerror(errno));
    text[have] = '\0';
    *ret_length = have;
    return text;
}

static char *fetch(Paced1History *history, gint64 number, gsize *ret_length, int *ret_code)
{
    g_autoptr(GError) error = NULL;
    const int memory = memfd_create("run", MFD_CLOEXEC);
    const int given = memory >= 0 ? dup(memory) : -1;
    if (given < 0) {
        *ret_code = complain(EXIT_OTHER, "there is no memory for the run: %s", g_strerror(errno));
        return NULL;
    }
    g_autoptr(GUnixFDList) list = g_unix_fd_list_new_from_array(&given, 1); // takes it
    GVariantDict options;
    g_variant_dict_init(&options, NULL);
    g_variant_dict_insert(&options, "private", "b", TRUE);
    g_dbus_proxy_set_default_timeout(G_DBUS_PROXY(history), G_MAXINT);
    char *text = NULL;
    if (paced1_history_call_export_sync(history, number, g_variant_new_handle(0),
                                        g_variant_dict_end(&options), list, NULL, NULL, &error))
        text = read_memory(memory, ret_length, &error);
    close(memory);
    if (error) {
        g_clear_pointer(&text, g_free);
        *ret_code = complain_error(g_steal_pointer(&error));
    }
    return text;
}

// `ret_about`: as the list has the run; NULL for a file.
static char *get(const char *which, gsize *ret_length, GVariant **ret_about, int *ret_code)
{
    gint64 number;
    *ret_about = NULL;
    if (!run_is_of_daemon(which, &number))
        return read_input(which, ret_length, ret_code);
    g_autoptr(GDBusObjectManager) objects = NULL;
    *ret_code = daemon_open(&objects);
    if (*ret_code != EXIT_DONE)
        return NULL;
    g_autoptr(Paced1History) history = daemon_find(objects, "org.paced1.History");
    if (!history) {
        *ret_code = complain_stranger();
        return NULL;
    }
    g_autoptr(GVariant) about = run_find(history, which, ret_code);
    if (!about || !g_variant_lookup(about, "run", "x", &number))
        return NULL;
    char *text = fetch(history, number, ret_length, ret_code);
    *ret_about = text ? g_steal_pointer(&about) : NULL;
    return text;
}

static const char *ended_by(const char *word)
{
    static const char *const words[] = {"plan", "stop", "shutdown", "crash", "import", NULL};
    for (const char *const *known = words; *known; known++)
        if (strcmp(*known, word) == 0)
            return *known;
    return "cut";
}

// Where the start of a run is damaged, the latest that can be read is one before it.
static gboolean is_it(const Run *run, GVariant *about)
{
    gint64 started;
    return run->started == 0 || !g_variant_lookup(about, "started", "x", &started) ||
           fabs(usec_to_s(run->started) - usec_to_s(started)) < NEAR_S;
}

Run *run_fetch(const char *which, char **ret_capture, int *ret_code)
{
    gsize length;
    g_autoptr(GVariant) about = NULL;
    g_autofree char *text = get(which, &length, &about, ret_code);
    if (!text)
        return NULL;
    g_autofree char *label = about ? g_strdup_printf("run %s", which) : g_strdup(which);
    g_autoptr(Run) run = run_of_capture(label, text, length, ret_code);
    if (run && about && !is_it(run, about)) {
        *ret_code = complain(
            EXIT_BAD_INPUT, "%s: there is no run in it; the event that began it is damaged", label);
        return NULL;
    }
    if (run && about) {
        const char *word = "", *name = "";
        g_variant_lookup(about, "run", "x", &run->number);
        g_variant_lookup(about, "started", "x", &run->started);
        g_variant_lookup(about, "workout-text", "x", &run->text_number);
        g_variant_lookup(about, "corrected-distance", "d", &run->corrected_m);
        // What was imported has a name and no text.
        if (g_variant_lookup(about, "workout", "&s", &name) && *run->text == '\0') {
            g_free(run->name);
            run->name = g_strdup(name);
        }
        if (g_variant_lookup(about, "ended-by", "&s", &word))
            run->ended_by = ended_by(word);
    }
    if (run && ret_capture)
        *ret_capture = g_steal_pointer(&text);
    return g_steal_pointer(&run);
}
