// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is time. A sitting's instants are those of one boot's clock, which begins anew with
// each boot: a run that goes on after one needs the old clock carried on. By how much is known from
// the wall clock, where that can be believed: a machine without a clock chip wakes with the time of
// its last shutdown. Where it cannot, the break is taken for as short as it can have been: the time
// since this boot, and a second.

#include "store/interrupted.h"

#include <string.h>

#include "io/clock.h"
#include "record/journal.h"
#include "store/replay.h"
#include "store/sql.h"

#define LEAST_GONE USEC_PER_SEC

void interrupted_run_free(InterruptedRun *run)
{
    if (!run)
        return;
    g_free(run->config);
    g_free(run->name);
    g_free(run->text);
    g_free(run);
}

// The instant of the latest whole event.
static int find_end(sqlite3 *db, gint64 sitting, InterruptedRun *run, gboolean *ret_found)
{
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows,
                           "SELECT seq, record, crc FROM events WHERE sitting = ?"
                           " ORDER BY seq DESC",
                           "i", sitting);
    gboolean found = FALSE;
    while (code == SQLITE_OK && !found && sqlite3_step(rows) == SQLITE_ROW) {
        Event event;
        found = replay_read_event(rows, &event);
        if (!found)
            continue;
        run->at = event.at;
        run->orderly = event.kind == EVENT_COMMAND && event.command.verb == COMMAND_BREAK;
    }
    if (code == SQLITE_OK)
        code = sqlite3_finalize(rows);
    *ret_found = found;
    return code;
}

typedef struct {
    gint64 sitting, shift, wall_offset; // 0: unknown
    char *boot;
} Timeline;

// What was recorded elsewhere is not the latest, whenever it was imported.
static int read_latest(sqlite3 *db, InterruptedRun **ret_run, Timeline *ret_timeline,
                       gboolean *ret_stopped)
{
    sqlite3_stmt *row;
    int code = sql_prepare(db, &row,
                           "SELECT run, sitting, name, text, config, sittings.started, boot, shift,"
                           " coalesce(wall_offset, 0), coalesce(ended_by, 'crash')"
                           " FROM runs JOIN sittings USING(sitting) LEFT JOIN workouts"
                           " USING(workout) WHERE ended_by IS NOT 'import'"
                           " ORDER BY run DESC LIMIT 1",
                           "");
    if (code != SQLITE_OK)
        return code;
    const char *ended =
        sqlite3_step(row) == SQLITE_ROW ? (const char *)sqlite3_column_text(row, 9) : "";
    *ret_stopped = strcmp(ended, "shutdown") == 0;
    if (*ret_stopped || strcmp(ended, "crash") == 0) {
        InterruptedRun *run = g_new0(InterruptedRun, 1);
        run->run = sqlite3_column_int64(row, 0);
        run->name = g_strdup((const char *)sqlite3_column_text(row, 2));
        run->text = g_strdup((const char *)sqlite3_column_text(row, 3));
        run->config = g_strdup((const char *)sqlite3_column_text(row, 4));
        run->started = sqlite3_column_int64(row, 5);
        *ret_timeline = (Timeline){sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 7),
                                   sqlite3_column_int64(row, 8),
                                   g_strdup((const char *)sqlite3_column_text(row, 6))};
        *ret_run = run;
    }
    return sqlite3_finalize(row);
}

// What the clock is to be shifted by.
static Usec place_now(InterruptedRun *run, const Timeline *timeline)
{
    const Usec since_boot = clock_now() - clock_shifted(), wall = clock_wall();
    g_autofree char *boot = tables_boot_id();
    Usec now = since_boot + timeline->shift;
    run->gap_known = strcmp(boot, timeline->boot) == 0;
    if (!run->gap_known) {
        now = wall - timeline->wall_offset;
        run->gap_known = wall != 0 && timeline->wall_offset != 0 && clock_wall_is_sure();
    }
    run->gap_known &= now > run->at;
    if (!run->gap_known)
        now = run->at + LEAST_GONE + since_boot;
    run->gap = now - run->at;
    return now - since_boot;
}

int interrupted_find(sqlite3 *db, InterruptedRun **ret_run, Usec *ret_shift)
{
    Timeline timeline = {0};
    InterruptedRun *run = NULL;
    gboolean found = FALSE, stopped = FALSE;
    int code = read_latest(db, &run, &timeline, &stopped);
    if (code == SQLITE_OK && run)
        code = find_end(db, timeline.sitting, run, &found);
    if (stopped && found)
        found = run->orderly; // else the daemon's end stopped it
    if (code == SQLITE_OK && found) {
        *ret_shift = place_now(run, &timeline);
        *ret_run = g_steal_pointer(&run);
    }
    interrupted_run_free(run);
    g_free(timeline.boot);
    return code;
}

Session *interrupted_replay(sqlite3 *db, gint64 run, const SessionConfig *config, guint *damaged,
                            int *ret_code)
{
    gint64 sitting = 0;
    *ret_code = sql_int(db, &sitting, "SELECT sitting FROM runs WHERE run = ?", "i", run);
    if (*ret_code != SQLITE_OK)
        return NULL;
    Session *session = session_new(config);
    *ret_code = replay_sitting(db, sitting, session, damaged);
    if (*ret_code == SQLITE_OK && !session_snapshot(session)->plan)
        *ret_code = SQLITE_NOTFOUND;
    if (*ret_code != SQLITE_OK)
        g_clear_pointer(&session, session_free);
    return session;
}

// What its end had added: the step that it was in, as a lap, and what was found to be all out.
static int reopen(sqlite3 *db, gint64 run)
{
    static const char *const steps[] = {
        "DELETE FROM laps WHERE run = ?1 AND outcome = 'stopped' AND"
        " lap = (SELECT max(lap) FROM laps WHERE run = ?1)",
        "DELETE FROM trials WHERE run = ?",
        "UPDATE runs SET last_seq = NULL, laps = NULL, ended_by = NULL WHERE run = ?",
    };
    int code = SQLITE_OK;
    for (gsize i = 0; code == SQLITE_OK && i < G_N_ELEMENTS(steps); i++)
        code = sql_run(db, steps[i], "i", run);
    return code;
}

int interrupted_continue(sqlite3 *db, Position *position, const Op *op)
{
    const gint64 run = op->run;
    g_autofree char *boot = tables_boot_id();
    Position at = {.run = run};
    int code = sql_int(db, &at.sitting, "SELECT sitting FROM runs WHERE run = ?", "i", run);
    if (code == SQLITE_OK && at.sitting == 0)
        return SQLITE_MISUSE;
    if (code == SQLITE_OK)
        code = reopen(db, run);
    if (code == SQLITE_OK)
        code = sql_run(db,
                       "UPDATE sittings SET pruned = 0, continued = continued + (boot <> ?1),"
                       " boot = ?1, shift = ?2 WHERE sitting = ?3",
                       "tii", boot, (gint64)clock_shifted(), at.sitting);
    if (code == SQLITE_OK)
        code = sql_int(db, &at.lap, "SELECT count(*) FROM laps WHERE run = ?", "i", run);
    if (code == SQLITE_OK)
        code = sql_int(db, &at.seq, "SELECT max(seq) FROM events", "");
    if (code == SQLITE_OK)
        *position = at;
    return code;
}
