// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A sitting's events read back from the journal as the lines of a capture, a piece at a time: a
// long run is many megabytes, and the store's thread has to write meanwhile.

#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "session/event.h"

// How far a reader has got. All zero: at the beginning.
typedef struct {
    gint64 run;        // whose events, with all that came before it in its sitting; 0: the sitting
    gint64 sitting;    // 0: not looked up yet
    gint64 next, last; // events' numbers
    Usec until;        // an event after this is the end as well
} ExcerptPlace;

typedef struct {
    ExcerptPlace place; // of the next piece
    gboolean more;
    Usec origin;        // the sitting's
    gint64 wall_offset; // µs since 1970 at CLOCK_BOOTTIME 0; 0 while unknown
    char *config;       // the sitting's, in the first piece; else NULL
    GString *lines;
} Excerpt;

// The next piece. `current` is the sitting that a place without a run means. NULL and *ret_code on
// failure; SQLITE_NOTFOUND when there is no such run or sitting.
Excerpt *excerpt_read(sqlite3 *db, gint64 current, const ExcerptPlace *place, int *ret_code);
void excerpt_free(Excerpt *excerpt); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Excerpt, excerpt_free)

// Appends one event's line, and a sitting's.
void excerpt_add_event(GString *lines, const Event *event, Usec origin);
void excerpt_add_sitting(GString *lines, Usec origin, const char *config);
