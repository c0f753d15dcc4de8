// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Statements in one line each. `types` names the arguments to bind, in order: 'i' gint64,
// 'd' double (NAN binds NULL: unknown is never 0), 't' const char * (NULL binds NULL),
// 'b' const void * and gsize. Arguments must have exactly these types: cast constants.
// All return SQLITE_OK or SQLite's extended result code.

#pragma once

#include <glib.h>
#include <sqlite3.h>

int sql_prepare(sqlite3 *db, sqlite3_stmt **ret_statement, const char *sql, const char *types, ...);

// Runs one statement to its end.
int sql_run(sqlite3 *db, const char *sql, const char *types, ...);

// The same for what is run every second: parsed once, and kept until sql_close().
int sql_run_often(sqlite3 *db, const char *sql, const char *types, ...);

// Takes the first column of the first row; *ret_value stays when there is none or it is NULL.
int sql_int(sqlite3 *db, gint64 *ret_value, const char *sql, const char *types, ...);

void sql_close(sqlite3 *db); // takes NULL; also what sql_run_often() has kept
