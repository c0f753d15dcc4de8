// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What can still be read of a damaged file, taken over into a new one: nothing that is legible is
// lost with what is not.

#pragma once

#include <glib.h>
#include <sqlite3.h>

// Copies every row that can be read of the file and its log, whatever schema it had, into `to`, of
// today's: first all but the journal, in one transaction, then the journal in pieces, of which each
// stays; called again it goes on. What `to` has already stays. Of the journal only events that
// vouch for themselves. *ret_lost: something could not be read. SQLITE_OK whatever the file is
// like; else `to` cannot be written. SQLITE_FULL with *ret_all_but_journal: new rows get no numbers
// that the rest has.
int salvage(const char *path, sqlite3 *to, gboolean *ret_lost, gboolean *ret_all_but_journal);

// Whether a file that cannot be read is ours, and damaged: it bears our mark, or begins with the
// zeros that a torn write leaves, or has a journal of ours in it. Any other is somebody's, and not
// ours to move.
gboolean salvage_knows(const char *path, guint32 mark);
