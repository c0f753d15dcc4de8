// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The file: opening it, bringing its schema up to date, and saying in a sentence with a remedy why
// it cannot be used. Used by the store's worker thread only.

#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef enum {
    DATABASE_CLOSED,   // cannot be used now; waiting may mend it
    DATABASE_READABLE, // can be read, not written; waiting may mend it
    DATABASE_READY,
    DATABASE_REFUSED, // waiting cannot mend it: a newer schema, another program's file
} DatabaseState;

typedef struct {
    const char *path; // borrowed
    DatabaseState state;
    sqlite3 *db;     // NULL when closed or refused
    int lock;        // of PATH.lock, which one writer holds at a time; -1 when not held
    char *sentence;  // why it is not ready; NULL when ready
    char *set_aside; // where a damaged file was moved to, and what of it was taken over, a
                     // sentence; NULL when none was
    gboolean behind; // not all of it could be, for the disk is full
} Database;

void database_init(Database *database, const char *path);

// Opens it, creating folder and file (readable by their owner only: it is heart data) and migrating
// the schema. Closes what was open before. A damaged file is moved to PATH.damaged-N and a new one
// begun with what can be read of it: a run must go on, and nothing is ever deleted. Until that is
// done PATH.damaged is a link to it, and each opening goes on with it; where it fills the disk, all
// but the rest of its journal is there, and the database is ready.
void database_open(Database *database);
void database_close(Database *database); // keeps the lock
void database_clear(Database *database); // closes, lets go of the lock, frees

// The schema of an open file, and a sentence (free it) where it is sound but not for us: a newer
// one, or another program's. An SQLite result.
int database_identify(sqlite3 *db, const char *path, gint64 *ret_version, char **ret_refusal);

// Takes the lock that one writer holds at a time; database_open() does, too. SQLITE_BUSY: another
// has it; SQLITE_FULL and SQLITE_CANTOPEN as errno says.
int database_lock(Database *database);

// Where the file can go to with its log: PATH.KIND-N, of which nothing is there yet. Free it.
char *database_free_name(const Database *database, const char *kind);
// Moves it there, whatever of it there is. FALSE and errno: not all of that.
gboolean database_move(const Database *database, const char *aside);

// Moves the damaged file away; the next database_open() begins a new one.
void database_set_aside(Database *database);

// Why `code` (an extended result of the open database) keeps us from writing, and what to do.
char *database_explain(const Database *database, int code);

// Damaged, as opposed to locked, full, read-only or failing.
gboolean database_code_is_damage(int code);
// Worth closing the file for and opening it again: all but locked and full.
gboolean database_code_wants_reopen(int code);
