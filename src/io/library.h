// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Workouts that have a name: NAME.txt in the shipped directory and in the user's own
// ($XDG_DATA_HOME/paced/workouts), where the user's hides a shipped one of the same name. Nothing
// is cached: a file copied in is there at the next call. These calls read and write files and may
// block; the daemon makes them on a worker thread.

#pragma once

#include <gio/gio.h>

#include "io/query.h"

#define LIBRARY_ENTRIES_MAX 1000 // further files are not listed, nor added

typedef struct {
    char *name;   // the file's, without ".txt"; valid UTF-8
    char *title;  // the workout's; NULL when the text cannot be read
    gboolean own; // in the user's directory
    Gist gist;
    guint steps; // executed
    char *error; // "LINE:COL: what was expected", or why the file cannot be read; else NULL
} LibraryEntry;
void library_entry_free(LibraryEntry *entry);

// LibraryEntry*, sorted by name; full; never NULL: those that fit, or with NULL all of them, also
// those that cannot be read. `shipped` may be NULL or missing. They are weighed for `athlete`.
GPtrArray *library_list(const char *shipped, const Athlete *athlete, const Query *query);

// The text of one, valid UTF-8, by its name or by its title, however that writes it, where no other
// has the same. Fails with PACED_ERROR_UNKNOWN_WORKOUT, or PACED_ERROR_BAD_TEXT for a file that is
// no text or longer than TEXT_INPUT_MAX.
char *library_text(const char *shipped, const char *name, GError **error);

// What has exactly this text (free with g_free()); NULL: nothing.
char *library_name(const char *shipped, const char *text);

// Keeps a text, as it is, in the user's directory, whole or not at all. An empty `name` takes one
// from the title: "10 × 200 m" is "10-200-m". Returns its name (free with g_free()). Fails with
// PACED_ERROR_BAD_TEXT ("LINE:COL: …"), PACED_ERROR_BAD_ARGUMENT (no name for a file),
// PACED_ERROR_EXISTS (there is one of that name, also a shipped one, and not `replace`), or
// PACED_ERROR_FAILED when it cannot be written.
char *library_add(const char *shipped, const char *name, const char *text, gboolean replace,
                  GError **error);

// Keeps a workout's next version, `after`: in the place of what has exactly the text `before`, or,
// where nothing has (it was run from a text alone), under a name from its title that is free:
// "10-200-m-2". Returns and fails as library_add() does.
char *library_replace(const char *shipped, const char *before, const char *after, GError **error);

// Deletes one of the user's own, named as for its text. Fails with PACED_ERROR_UNKNOWN_WORKOUT,
// PACED_ERROR_BAD_ARGUMENT for a shipped one, or PACED_ERROR_FAILED.
gboolean library_remove(const char *shipped, const char *name, GError **error);
