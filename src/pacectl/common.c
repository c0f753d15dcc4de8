// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The plumbing that all verbs of pacectl share; pacectl.h is its manual.

#include "pacectl/pacectl.h"

#include "io/error.h"
#include "paced1-dbus.h"

#include <errno.h>
#include <glib-unix.h>
#include <math.h>
#include <signal.h>
#include <string.h>

int complain(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "pacectl: %s\n", message);
    return code;
}

int complain_broken(const char *file, const TextError *error)
{
    fprintf(stderr, "%s:%u:%u: %s\n", file, error->line, error->column, error->text);
    return EXIT_BAD_INPUT;
}

gboolean verb_options(int *argc, char ***argv, const GOptionEntry *entries, int fewest, int most)
{
    const Verb *verb = verb_find((*argv)[0]);
    g_autofree char *usage = g_strdup_printf("pacectl %s %s", verb->name, verb->arguments);
    g_autofree char *program = g_strdup_printf("pacectl %s", verb->name);
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_set_help_enabled(context, FALSE);
    gboolean help = FALSE;
    GOptionEntry more[] = {{"help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL}, {NULL}};
    g_option_context_add_main_entries(context, more, NULL);
    if (entries)
        g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, &error)) {
        complain(EXIT_BAD_USAGE, "%s; usage: %s", error->message, usage);
        return FALSE;
    }
    if (help) {
        printf("usage: %s\n%s\n", usage, verb->summary);
        exit(EXIT_DONE);
    }
    if (*argc > 1 && strcmp((*argv)[1], "--") == 0) {
        memmove(*argv + 1, *argv + 2, sizeof(char *) * (size_t)(*argc - 1));
        --*argc;
    }
    int left = *argc - 1;
    if (left < fewest || (most >= 0 && left > most)) {
        complain(EXIT_BAD_USAGE, "%s; usage: %s",
                 left < fewest ? "something is missing" : "that is too much", usage);
        return FALSE;
    }
    return TRUE;
}

gboolean argument_check(const char *argument)
{
    if (g_utf8_validate(argument, -1, NULL))
        return TRUE;
    g_autofree char *shown = g_utf8_make_valid(argument, -1);
    complain(EXIT_BAD_INPUT, "'%s' is not UTF-8 text", shown);
    return FALSE;
}

// ── input ──

int read_rest(FILE *from, const char *file, GString *text)
{
    char chunk[65536];
    gsize got;
    while (text->len <= INPUT_MAX && (got = fread(chunk, 1, sizeof chunk, from)) > 0)
        g_string_append_len(text, chunk, (gssize)got);
    if (ferror(from))
        return complain(EXIT_BAD_INPUT, "%s: %s", file, g_strerror(errno));
    if (text->len > INPUT_MAX)
        return complain(EXIT_BAD_INPUT, "%s: the file is longer than %d MB, which is no run's",
                        file, INPUT_MAX >> 20);
    return EXIT_DONE;
}

char *read_input(const char *file, gsize *ret_length, int *ret_code)
{
    g_autoptr(GString) text = g_string_new(NULL);
    FILE *from = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
    if (!from) {
        *ret_code = complain(EXIT_BAD_INPUT, "%s: %s", file, g_strerror(errno));
        return NULL;
    }
    const int code = read_rest(from, file, text);
    if (from != stdin)
        fclose(from);
    if (code != EXIT_DONE) {
        *ret_code = code;
        return NULL;
    }
    if (ret_length)
        *ret_length = text->len;
    return g_string_free(g_steal_pointer(&text), FALSE);
}

// The daemon knows all but the file.
int complain_text(const char *file, GError *error)
{
    if (!g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_TEXT) &&
        !g_error_matches(error, PACED_ERROR, PACED_ERROR_LACKS_NUMBER) &&
        !g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT))
        return complain_error(error);
    g_dbus_error_strip_remote_error(error);
    fprintf(stderr, "%s:%s%s\n", file,
            g_ascii_isdigit(error->message[0]) ? "" : "1:1: ", error->message);
    g_error_free(error);
    return EXIT_BAD_INPUT;
}

// ── waiting ──

typedef struct {
    GMainLoop *loop;
    gboolean ended; // from here
} Run;

static gboolean on_end(gpointer data)
{
    Run *run = data;
    run->ended = TRUE;
    g_main_loop_quit(run->loop);
    return G_SOURCE_CONTINUE;
}

gboolean loop_run(GMainLoop *loop, double seconds)
{
    Run run = {loop, FALSE};
    GSource *over = seconds > 0 ? g_timeout_source_new((guint)(seconds * 1000)) : NULL;
    guint interrupts[] = {g_unix_signal_add(SIGINT, on_end, &run),
                          g_unix_signal_add(SIGTERM, on_end, &run)};
    if (over) {
        g_source_set_callback(over, on_end, &run, NULL);
        g_source_attach(over, NULL);
    }
    g_main_loop_run(loop);
    g_source_remove(interrupts[0]);
    g_source_remove(interrupts[1]);
    if (over) {
        g_source_destroy(over);
        g_source_unref(over);
    }
    return !run.ended;
}

// ── the daemon ──

GVariant *no_options(void)
{
    return g_variant_new_array(G_VARIANT_TYPE("{sv}"), NULL, 0);
}

#define NO_DAEMON "paced is not running: start it with 'systemctl --user start paced' or ./run live"

static GDBusObjectManager *objects_open(GDBusObjectManagerClientFlags flags, GError **error)
{
    // Our errors come back by name only when they are registered.
    (void)PACED_ERROR;
    GDBusObjectManager *objects = paced1_object_manager_client_new_for_bus_sync(
        G_BUS_TYPE_SESSION, flags, "org.paced1", "/org/paced1", NULL, error);
    if (!objects)
        return NULL;
    // GIO ignores SIGPIPE for the sake of its sockets, which do not need it. For `pacectl monitor |
    // head` it is how one learns that nobody reads any more.
    signal(SIGPIPE, SIG_DFL);
    g_dbus_connection_set_exit_on_close(
        g_dbus_object_manager_client_get_connection(G_DBUS_OBJECT_MANAGER_CLIENT(objects)), FALSE);
    return objects;
}

static gboolean is_there(GDBusObjectManager *objects)
{
    g_autofree char *owner =
        g_dbus_object_manager_client_get_name_owner(G_DBUS_OBJECT_MANAGER_CLIENT(objects));
    return owner != NULL;
}

int daemon_open(GDBusObjectManager **ret_objects)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDBusObjectManager) objects =
        objects_open(G_DBUS_OBJECT_MANAGER_CLIENT_FLAGS_NONE, &error);
    if (!objects)
        return complain(EXIT_NO_DAEMON,
                        "there is no session bus (%s): log in as the user who runs, or set "
                        "DBUS_SESSION_BUS_ADDRESS as ./run live prints it",
                        error->message);
    if (!is_there(objects))
        return complain(EXIT_NO_DAEMON, "%s", NO_DAEMON);
    *ret_objects = g_steal_pointer(&objects);
    return EXIT_DONE;
}

gboolean daemon_look(GDBusObjectManager **ret_objects)
{
    g_autoptr(GDBusObjectManager) objects =
        objects_open(G_DBUS_OBJECT_MANAGER_CLIENT_FLAGS_DO_NOT_AUTO_START, NULL);
    if (!objects || !is_there(objects))
        return FALSE;
    *ret_objects = g_steal_pointer(&objects);
    return TRUE;
}

int complain_stranger(void)
{
    return complain(EXIT_NO_DAEMON, "the daemon on the bus is not one this pacectl understands");
}

gpointer daemon_find(GDBusObjectManager *objects, const char *interface)
{
    GList *all = g_dbus_object_manager_get_objects(objects);
    gpointer found = NULL;
    for (GList *at = all; at && !found; at = at->next)
        found = g_dbus_object_get_interface(at->data, interface);
    g_list_free_full(all, g_object_unref);
    return found;
}

int complain_error(GError *error)
{
    int code = EXIT_OTHER;
    if (g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
        g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
        g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
        g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CLOSED))
        code = EXIT_NO_DAEMON;
    else if (g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_TEXT) ||
             g_error_matches(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT) ||
             g_error_matches(error, PACED_ERROR, PACED_ERROR_UNKNOWN_WORKOUT) ||
             g_error_matches(error, PACED_ERROR, PACED_ERROR_EXISTS) ||
             g_error_matches(error, PACED_ERROR, PACED_ERROR_UNKNOWN_SENSOR))
        code = EXIT_BAD_INPUT;
    g_dbus_error_strip_remote_error(error);
    complain(code, "%s", code == EXIT_NO_DAEMON ? NO_DAEMON : error->message);
    g_error_free(error);
    return code;
}
