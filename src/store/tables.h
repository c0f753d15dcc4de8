// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is in the file: ops carried out on the tables, and the tables read back. Used by the store's
// worker thread only; everything that writes wants a transaction around it.

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "store/op.h"

// Where writing has got to. It moves with each op, so a transaction that fails puts it back.
typedef struct {
    gint64 sitting, seq; // the current sitting, and the latest event's number
    gint64 run;          // 0 when none is open
    gint64 ended;        // the run that ended last
    gint64 held;         // left open by an earlier life, and not given up yet
    gint64 lap;          // laps of the run so far
    Usec wall_offset;    // as written; 0 while unknown
} Position;

// Carries out one op. An op that the tables refuse as meaningless is dropped with a warning rather
// than held against all that follow it.
int tables_apply(sqlite3 *db, Position *position, const Op *op);

// Writes the wall clock's offset for every sitting of this boot, when it has become known or has
// been set: dates fill in backwards. Of a run that went on from an earlier boot, the date of its
// beginning stays what it was, also unknown: for how long the machine was off nobody knows.
int tables_note_wall_clock(sqlite3 *db, Position *position);

// Of the kernel that runs now; free it. Where it cannot be read, never the same twice.
char *tables_boot_id(void);

// Closes the runs that a kill left open, but for the one that is held, and drops the events that no
// run needs. *damaged is added to: events that were left out.
int tables_recover(sqlite3 *db, const Position *position, guint *damaged);

// The one with such a text; it is written if there is none yet.
int tables_insert_workout(sqlite3 *db, const char *text, gint64 *ret_workout);
int tables_insert_lap(sqlite3 *db, gint64 run, gint64 number, const Lap *lap);

// Of an event as it is kept; `seq` is part of it, so that a record in the wrong place is found.
// The next event, of this sitting; position->seq is then its.
int tables_insert_event(sqlite3 *db, Position *position, gint64 sitting, const guint8 *record,
                        gsize length);

guint32 tables_crc(gint64 seq, const guint8 *record, gsize length);

// Adds an EnrolledSensor for each row.
int tables_read_sensors(sqlite3 *db, GPtrArray *sensors);

// aa{sv} as History.List and History.Laps have it. NULL and *ret_code on failure; an unknown run is
// NULL and SQLITE_NOTFOUND.
GVariant *tables_list_runs(sqlite3 *db, gint64 limit, int *ret_code);
GVariant *tables_summary(sqlite3 *db, gint64 run, int *ret_code); // of an aa{sv} the only one
GVariant *tables_list_laps(sqlite3 *db, gint64 run, int *ret_code);
