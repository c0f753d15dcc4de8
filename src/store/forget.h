// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Runs deleted, so that nothing of them is left in the file: secure_delete (database.c) overwrites
// what is deleted, and the log is emptied after it. As tables.h: the worker's thread only.

#pragma once

#include <sqlite3.h>

#include "store/tables.h"

// With laps, trials, the workout that no other run has, and its part of the journal: all of it, but
// for what the sensors were where a later run of the sitting is replayed from it. SQLITE_NOTFOUND:
// there is no such run, or it is still on. In a transaction of the caller's.
int forget_run(sqlite3 *db, const Position *position, gint64 run);

// The runs that began before; likewise, and appended to `gone`, a gint64 each. One without a date
// is no younger than any after it.
int forget_before(sqlite3 *db, const Position *position, gint64 wall, GArray *gone);

// Behind the transaction: until then the log still has what was deleted.
int forget_scrub(sqlite3 *db);
