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
    char *set_aside; // where a damaged file was moved to, a sentence; NULL when none was
} Database;

void database_init(Database *database, const char *path);

// Opens it, creating folder and file (readable by their owner only: it is heart data) and migrating
// the schema. Closes what was open before. A damaged file is moved to PATH.damaged-N and a new one
// begun: a run must go on, and nothing is ever deleted.
void database_open(Database *database);
void database_close(Database *database); // keeps the lock
void database_clear(Database *database); // closes, lets go of the lock, frees

// Moves the damaged file away; the next database_open() begins a new one.
void database_set_aside(Database *database);

// Why `code` (an extended result of the open database) keeps us from writing, and what to do.
char *database_explain(const Database *database, int code);

// Damaged, as opposed to locked, full, read-only or failing.
gboolean database_code_is_damage(int code);
// Worth closing the file for and opening it again: all but locked and full.
gboolean database_code_wants_reopen(int code);
