// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The tables of what runners told of themselves. As tables.h: the worker's thread only, and writing
// wants a transaction.

#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "store/op.h"

int athletes_put(sqlite3 *db, const Op *op); // an OP_ATHLETE: in place of what was there

// Adds a KeptAthlete for each runner. Who cannot be, for a file can be edited, is left out with a
// warning.
int athletes_read(sqlite3 *db, GPtrArray *athletes);
