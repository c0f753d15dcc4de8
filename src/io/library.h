// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Workouts that have a name: NAME.txt in the shipped directory and in the user's own
// ($XDG_DATA_HOME/paced/workouts), where the user's hides a shipped one of the same name. Nothing
// is cached: a file copied in is there at the next call. These calls read files and may block;
// the daemon makes them on a worker thread.

#pragma once

#include <gio/gio.h>

#define LIBRARY_ENTRIES_MAX 1000 // further files are not listed

typedef struct {
    char *name;        // the file's, without ".txt"; valid UTF-8
    char *title;       // the workout's; NULL when the text cannot be read
    double duration_s; // what it promises: see plan_total_s()
    double distance_m;
    guint steps; // executed
    char *error; // "LINE:COL: what was expected", or why the file cannot be read; else NULL
} LibraryEntry;
void library_entry_free(LibraryEntry *entry);

// LibraryEntry*, sorted by name; full; never NULL. `shipped` may be NULL or missing.
GPtrArray *library_list(const char *shipped);

// The text of one, valid UTF-8. Fails with PACED_ERROR_UNKNOWN_WORKOUT, or PACED_ERROR_BAD_TEXT for
// a file that is no text or longer than TEXT_INPUT_MAX.
char *library_text(const char *shipped, const char *name, GError **error);
