// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The daemon's command line, and what it means where it is silent.

#include "options.h"

// What was not asked for.
static void options_complete(Options *options)
{
    static const char *const voices[] = {"pulse", NULL};
    if (!options->voices)
        options->voices = g_strdupv((char **)voices);
    if (!options->database)
        options->database = g_build_filename(g_get_user_data_dir(), "paced", "paced.db", NULL);
    char *database = g_canonicalize_filename(options->database, NULL);
    g_free(options->database);
    options->database = database;
    g_autofree char *directory = g_path_get_dirname(options->database);
    g_mkdir_with_parents(directory, 0700); // when that fails, the store says so and waits
}

gboolean options_parse(int *argc, char ***argv, Options *ret_options)
{
    Options options = {0};
    gboolean understood = FALSE;
    const GOptionEntry entries[] = {
        {"session", 0, 0, G_OPTION_ARG_NONE, &options.session,
         "Serve on the session bus (the default)", NULL},
        {"system", 0, 0, G_OPTION_ARG_NONE, &options.system, "Serve on the system bus", NULL},
        {"bus", 0, 0, G_OPTION_ARG_STRING, &options.bus, "Serve on the bus at this address",
         "ADDRESS"},
        {"bluez-bus", 0, 0, G_OPTION_ARG_STRING, &options.bluez_bus,
         "Where BlueZ is (default: the system bus)", "ADDRESS"},
        {"database", 0, 0, G_OPTION_ARG_FILENAME, &options.database,
         "Where runs are kept (default: paced/paced.db in the user's data directory)", "FILE"},
        {"voice", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.voices,
         "Where speech goes: pulse, spd, wav:FILE or print; may be repeated (default: pulse)",
         "OUTPUT"},
        {"record", 0, 0, G_OPTION_ARG_FILENAME, &options.record,
         "Write all that happens to a new file, as “pacectl replay” reads it", "FILE"},
        {"config-dir", 0, 0, G_OPTION_ARG_FILENAME, &options.config,
         "Where the shipped settings are", "DIR"},
        {"print-ready", 0, 0, G_OPTION_ARG_NONE, &options.print_ready,
         "Print “ready” on standard output when callers can come", NULL},
        {"restore-volumes", 0, 0, G_OPTION_ARG_NONE, &options.restore_volumes,
         "Give back the volumes that a daemon which is no more had turned down, and exit", NULL},
        {"verbose", 0, 0, G_OPTION_ARG_NONE, &options.verbose, "Say more on standard error", NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &options.version, "Print the version", NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("— running coach and sensor hub");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, argc, argv, &error))
        g_printerr("paced: %s; see paced --help\n", error->message);
    else if (*argc > 1)
        g_printerr("paced: “%s” is not understood; see paced --help\n", (*argv)[1]);
    else if (options.session + options.system + (options.bus != NULL) > 1)
        g_printerr("paced: only one of --session, --system and --bus can be given\n");
    else
        understood = TRUE;
    if (!understood) {
        options_clear(&options);
        return FALSE;
    }
    options_complete(&options);
    *ret_options = options;
    return TRUE;
}

void options_clear(Options *options)
{
    g_free(options->bus);
    g_free(options->bluez_bus);
    g_free(options->database);
    g_free(options->record);
    g_free(options->config);
    g_strfreev(options->voices);
    *options = (Options){0};
}
