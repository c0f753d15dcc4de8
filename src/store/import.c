// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "store/import.h"

#include "record/journal.h"
#include "store/replay.h"
#include "store/sql.h"

#include <math.h>

static gboolean is_start(const Event *event)
{
    return event->kind == EVENT_COMMAND && command_starts(event->command.verb);
}

static int insert_events(sqlite3 *db, const StoreImport *import, gint64 sitting, Position *position,
                         gint64 *ret_first, Usec *ret_start)
{
    int code = SQLITE_OK;
    *ret_first = 0;
    for (gsize i = 0; code == SQLITE_OK && i < g_variant_n_children(import->events); i++) {
        g_autoptr(GVariant) child = g_variant_get_child_value(import->events, i);
        gsize length;
        const guint8 *record = g_variant_get_fixed_array(child, &length, 1);
        Event event;
        if (!journal_decode(record, length, &event))
            return SQLITE_MISUSE;
        code = tables_insert_event(db, position, sitting, record, length);
        if (*ret_first == 0 && is_start(&event)) {
            *ret_first = position->seq;
            *ret_start = event.at;
        }
    }
    return code == SQLITE_OK && *ret_first == 0 ? SQLITE_MISUSE : code;
}

static int tell_laps(sqlite3 *db, gint64 run, GVariant *laps_m)
{
    int code = SQLITE_OK;
    gsize count = 0;
    const double *metres =
        laps_m ? g_variant_get_fixed_array(laps_m, &count, sizeof *metres) : NULL;
    for (gsize i = 0; code == SQLITE_OK && i < count; i++)
        if (isfinite(metres[i]) && metres[i] >= 0)
            code = sql_run(db,
                           "UPDATE laps SET distance_m = ?, speed_mps = ? / (duration / 1e6)"
                           " WHERE run = ? AND lap = ?",
                           "ddii", metres[i], metres[i], run, (gint64)i + 1);
    return code;
}

static Usec instant_of(GVariant *events, gsize which)
{
    Event event = {.at = 0};
    gsize length;
    g_autoptr(GVariant) child = g_variant_get_child_value(events, which);
    const guint8 *record = g_variant_get_fixed_array(child, &length, 1);
    return journal_decode(record, length, &event) ? event.at : 0;
}

// Nobody runs twice at once: a watch that was worn beside us, or another service's copy of its file
// with a start of its own, is the same run, and would count twice in every load and trend.
static int find_same(sqlite3 *db, const StoreImport *import, gint64 *ret_run)
{
    const gsize count = g_variant_n_children(import->events);
    const double seconds =
        count > 0 ? usec_to_s(instant_of(import->events, count - 1) - instant_of(import->events, 0))
                  : 0;
    return sql_int(db, ret_run,
                   "SELECT run FROM dated WHERE runner IN (?1, '') AND (abs(date - ?2) < 1000000"
                   " OR min(date + elapsed_s * 1e6, ?2 + ?3 * 1e6) - max(date, ?2)"
                   " > min(elapsed_s, ?3) * 5e5) LIMIT 1",
                   "tid", import->runner, import->started, seconds);
}

int import_run(sqlite3 *db, Position *position, const StoreImport *import, gint64 *ret_run)
{
    gint64 sitting = 0, first = 0;
    Usec start = 0;
    guint ignored = 0; // each event has been checked
    int code = find_same(db, import, ret_run);
    if (code == SQLITE_OK && *ret_run != 0)
        return SQLITE_CONSTRAINT;
    if (code == SQLITE_OK)
        code = sql_run(db,
                       "INSERT INTO sittings(boot, started, config, first_seq, pruned)"
                       " VALUES('import', 0, '', ?, 1)",
                       "i", position->seq + 1);
    sitting = sqlite3_last_insert_rowid(db);
    if (code == SQLITE_OK)
        code = insert_events(db, import, sitting, position, &first, &start);
    if (code == SQLITE_OK)
        code = sql_run(db, "UPDATE sittings SET wall_offset = ? WHERE sitting = ?", "ii",
                       import->started - (gint64)start, sitting);
    if (code == SQLITE_OK)
        code = sql_run(db, "INSERT INTO runs(sitting, first_seq, name, started) VALUES(?, ?, ?, ?)",
                       "iiti", sitting, first, import->name, (gint64)start);
    *ret_run = sqlite3_last_insert_rowid(db);
    if (code == SQLITE_OK)
        code = replay_close_run(db, *ret_run, &ignored);
    if (code == SQLITE_OK)
        code = tell_laps(db, *ret_run, import->laps_m);
    return code == SQLITE_OK
               ? sql_run(db,
                         "UPDATE runs SET ended_by = 'import', corrected_m = ?, runner = ?"
                         " WHERE run = ?",
                         "dti", import->distance_m, import->runner, *ret_run)
               : code;
}
