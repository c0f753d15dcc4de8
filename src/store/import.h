// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run that another program recorded, as a sitting of its own: it was never open, so there is
// nothing to resume, and what is known of it follows from its journal as of any other.

#pragma once

#include "store/store.h"
#include "store/tables.h"

// Keeps it, in the transaction that is open, behind what `position` says was written. *ret_run is
// its number. SQLITE_CONSTRAINT: a run of the same time is kept, which is *ret_run; SQLITE_MISUSE:
// the events are no run.
int import_run(sqlite3 *db, Position *position, const StoreImport *import, gint64 *ret_run);
