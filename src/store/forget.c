// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is a sitting with several runs: the journal before a run bears on it, so of an
// earlier one only what the runner's body said goes, and what was asked and told. A sitting that is
// still on is treated likewise. And another program that reads the file holds on to what it began
// to read: the log cannot be emptied until it has let go.

#include "store/forget.h"

#include "store/sql.h"

// The kind is in the low three bits of a record's first byte (record/journal.c); sets of kinds:
// packets, and with commands, voice and bare time.
#define KIND     "((instr('0123456789ABCDEF', substr(hex(record), 2, 1)) - 1) & 7)"
#define PACKETS  "1"
#define PERSONAL "29"

typedef struct {
    gint64 run, sitting, first, last;
} Range;

static int find(sqlite3 *db, gint64 run, Range *ret_range)
{
    sqlite3_stmt *row;
    int code = sql_prepare(db, &row,
                           "SELECT sitting, first_seq, last_seq FROM runs"
                           " WHERE run = ? AND ended_by IS NOT NULL",
                           "i", run);
    if (code != SQLITE_OK)
        return code;
    const gboolean found = sqlite3_step(row) == SQLITE_ROW;
    if (found)
        *ret_range = (Range){run, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                             sqlite3_column_int64(row, 2)};
    code = sqlite3_finalize(row);
    return code == SQLITE_OK && !found ? SQLITE_NOTFOUND : code;
}

// Of a sitting that is over, its last run's events all go, with what led to it. Of another run go,
// from the run before it to the one after it, the sensors' packets, and within itself also
// commands, voice and bare time: what was told before bears on the run after it.
static int forget_journal(sqlite3 *db, const Position *position, const Range *range)
{
    gint64 before = 0, after = G_MAXINT64;
    int code = sql_int(db, &before, "SELECT max(last_seq) FROM runs WHERE sitting = ? AND run < ?",
                       "ii", range->sitting, range->run);
    if (code == SQLITE_OK)
        code = sql_int(db, &after, "SELECT min(first_seq) FROM runs WHERE sitting = ? AND run > ?",
                       "ii", range->sitting, range->run);
    if (code != SQLITE_OK)
        return code;
    const gint64 whole = after == G_MAXINT64 && range->sitting != position->sitting;
    return sql_run(db,
                   "DELETE FROM events WHERE sitting = ? AND seq > ? AND seq < ? AND"
                   " (? OR iif(seq BETWEEN ? AND ?, " PERSONAL ", " PACKETS ") >> " KIND " & 1)",
                   "iiiiii", range->sitting, before, after, whole, range->first, range->last);
}

int forget_run(sqlite3 *db, const Position *position, gint64 run)
{
    Range range = {0};
    int code = find(db, run, &range);
    if (code == SQLITE_OK)
        code = forget_journal(db, position, &range);
    if (code == SQLITE_OK)
        code = sql_run(db, "DELETE FROM runs WHERE run = ?", "i", run);
    if (code == SQLITE_OK)
        code = sql_run(db,
                       "DELETE FROM workouts WHERE workout NOT IN"
                       " (SELECT ifnull(workout, 0) FROM runs)",
                       "");
    if (code == SQLITE_OK)
        code = sql_run(db,
                       "DELETE FROM sittings WHERE sitting = ? AND sitting <> ?"
                       " AND sitting NOT IN (SELECT sitting FROM runs)",
                       "ii", range.sitting, position->sitting);
    return code;
}

int forget_before(sqlite3 *db, const Position *position, gint64 wall, GArray *gone)
{
    for (;;) {
        gint64 run = 0;
        int code = sql_int(db, &run,
                           "SELECT run FROM dated WHERE coalesce(date, (SELECT min(date) FROM dated"
                           " later WHERE later.run > dated.run AND later.ended_by <> 'import'))"
                           " < ? AND ended_by IS NOT NULL LIMIT 1",
                           "i", wall);
        if (code != SQLITE_OK || run == 0)
            return code;
        code = forget_run(db, position, run);
        if (code != SQLITE_OK)
            return code;
        g_array_append_val(gone, run);
    }
}

int forget_scrub(sqlite3 *db)
{
    return sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}
