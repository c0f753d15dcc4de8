// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The run that the program's end left open: whether it can be gone on with, on which clock, and the
// session it was in, made again from its journal. As tables.h: the worker's thread only.

#pragma once

#include <sqlite3.h>

#include "store/tables.h"

// The latest run, if it was cut off, no longer than a day ago as far as anybody knows. *ret_run
// stays where there is none. *ret_shift is what the clock is to be shifted by, so that what happens
// from now on comes after what is in its journal; else it stays.
int interrupted_find(sqlite3 *db, InterruptedRun **ret_run, Usec *ret_shift);

// The session as it was at the end of the run's journal. NULL and *ret_code on failure;
// SQLITE_NOTFOUND when the run is over by its own journal.
// *damaged is added to: events that were left out.
Session *interrupted_replay(sqlite3 *db, gint64 run, const SessionConfig *config, guint *damaged,
                            int *ret_code);

// An OP_CONTINUE: the run is open again, and what follows belongs to its sitting.
int interrupted_continue(sqlite3 *db, Position *position, const Op *op);
