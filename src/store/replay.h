// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run left open by a kill, closed by what its journal says: the events go through the same
// session_handle() that the daemon used, so there is no second opinion on what was run.

#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "session/session.h"

// Each open run gets the laps, sums and end that the daemon would have given it had it been stopped
// at its last event, and is `ended_by` "crash" (or "plan" or "stop", when the journal has its end).
// Each event vouches for itself: a damaged one is left out, as a packet lost on the air would be,
// and counted in *damaged.
int replay_close_open_runs(sqlite3 *db, gint64 but_for, guint *damaged);
int replay_close_run(sqlite3 *db, gint64 run, guint *damaged); // that alone, if it is open

// After a salvage: runs, laps and workouts that are lost, from the journal. A run that it does not
// end is left open. A transaction each: called again it goes on.
int replay_rebuild(sqlite3 *db);

// All events of a sitting, through a session made for it; *damaged as above.
int replay_sitting(sqlite3 *db, gint64 sitting, Session *session, guint *damaged);

// Of a row (seq, record, crc); a START's text is valid until the next one. False: it is damaged.
bool replay_read_event(sqlite3_stmt *row, Event *ret_event);

// A look at events without doing anything by them.
typedef struct {
    gint64 last; // the one looked at last; 0: none yet
    gint64 seen, damaged;
} ReplayLook;
// Goes on behind the last one, at no more than `most`; fewer are seen when there are no more.
int replay_look(sqlite3 *db, gint64 most, ReplayLook *look);

int replay_end_run(sqlite3 *db, gint64 run, gint64 last_seq, const RunSummary *summary,
                   const char *ended_by, const char *runner);
