// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The daemon's command line.

#pragma once

#include <glib.h>

typedef struct {
    char *bus;       // address; NULL: the session's, or with `system` the system's
    char *bluez_bus; // address; NULL: the system bus
    char *database;  // path; its directory is made
    char *record;    // path; NULL: no capture
    char *config;    // directory; NULL: where config_load() looks
    char **voices;   // at least one
    gboolean session, system, version, verbose, print_ready, restore_volumes;
} Options;

// False when the line cannot be understood: standard error has been told why.
gboolean options_parse(int *argc, char ***argv, Options *ret_options);
void options_clear(Options *options);
