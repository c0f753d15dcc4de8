// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run left open by a kill, closed by what its journal says: the events go through the same
// session_handle() that the daemon used, so there is no second opinion on what was run.

#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "session/event.h"

// Each open run gets the laps, sums and end that the daemon would have given it had it been stopped
// at its last event, and is `ended_by` "crash" (or "plan" or "stop", when the journal has its end).
// Each event vouches for itself: a damaged one is left out, as a packet lost on the air would be.
int replay_close_open_runs(sqlite3 *db);

int replay_end_run(sqlite3 *db, gint64 run, gint64 last_seq, const RunSummary *summary,
                   const char *ended_by, const char *runner);
