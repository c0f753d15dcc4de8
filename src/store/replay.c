// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Replay of one sitting. What was hard: the end. The journal of a killed daemon has none, so it is
// given the command that a runner would have given, at the instant of its last event. The sitting's
// phrases and drift band are left out: they change what was said, not what was run.

#include "store/replay.h"

#include "record/journal.h"
#include "session/session.h"
#include "store/evidence.h"
#include "store/sql.h"
#include "store/tables.h"

// Calls to drain what did not fit into one array of effects: a plan of PLAN_STEPS_MAX steps that
// all ended at once.
#define DRAIN_MAX (2 * PLAN_STEPS_MAX)

typedef struct {
    gint64 run, sitting, first_seq;
} OpenRun;

typedef struct {
    Session *session;
    Effects effects;
    Usec at;         // of the latest event
    gint64 last_seq; // the latest event
    GArray *laps;    // Lap, of the run
    gboolean done;
    RunSummary summary;
} Replay;

static void handle(Replay *replay, const Event *event, gboolean in_run)
{
    session_handle(replay->session, event, &replay->effects);
    replay->at = MAX(replay->at, event->at);
    for (gsize i = 0; in_run && !replay->done && i < replay->effects.count; i++) {
        const Effect *effect = &replay->effects.items[i];
        if (effect->kind == EFFECT_RECORD)
            g_array_append_val(replay->laps, effect->lap);
        replay->done = effect->kind == EFFECT_DONE;
        if (replay->done)
            replay->summary = effect->summary;
    }
}

static int play_journal(sqlite3 *db, const OpenRun *open, Replay *replay)
{
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows,
                           "SELECT seq, record, crc FROM events WHERE sitting = ?1 AND"
                           " seq >= (SELECT first_seq FROM sittings WHERE sitting = ?1)"
                           " ORDER BY seq",
                           "i", open->sitting);
    if (code != SQLITE_OK)
        return code;
    guint damaged = 0;
    while (!replay->done && sqlite3_step(rows) == SQLITE_ROW) {
        gint64 seq = sqlite3_column_int64(rows, 0);
        const guint8 *record = sqlite3_column_blob(rows, 1);
        gsize length = (gsize)sqlite3_column_bytes(rows, 1);
        guint32 crc = (guint32)sqlite3_column_int64(rows, 2);
        Event event;
        replay->last_seq = seq;
        if (tables_crc(seq, record, length) == crc && journal_decode(record, length, &event))
            handle(replay, &event, seq >= open->first_seq);
        else
            damaged++;
    }
    if (damaged > 0)
        g_warning("store: %u events of run %" G_GINT64_FORMAT
                  " are damaged; it counts without them",
                  damaged, open->run);
    return sqlite3_finalize(rows);
}

static void stop_session(Replay *replay)
{
    Event stop = {.at = replay->at, .kind = EVENT_COMMAND, .command = {.verb = COMMAND_STOP}};
    Event time = {.at = replay->at, .kind = EVENT_TIME};
    // What the last event left over belongs before the stop.
    for (int i = 0; i < DRAIN_MAX && !replay->done; i++) {
        if (session_deadline(replay->session) > replay->at)
            break;
        handle(replay, &time, TRUE);
    }
    for (int i = 0; i < DRAIN_MAX && !replay->done; i++)
        handle(replay, i == 0 ? &stop : &time, TRUE);
}

int replay_end_run(sqlite3 *db, gint64 run, gint64 last_seq, const RunSummary *summary,
                   const char *ended_by, const char *runner)
{
    const int code = sql_run(
        db,
        "UPDATE runs SET last_seq = ?, duration_s = ?, elapsed_s = ?, distance_m = ?,"
        " corrected_m = ?, heart_rate = ?, trimp = ?, rtss = ?, laps = ?, completed = ?,"
        " clean = ?, faster = ?, stopped = ?, ended_by = ?, runner = ? WHERE run = ?",
        "idddddddiiiditti", last_seq, summary->duration_s, summary->elapsed_s, summary->distance_m,
        summary->corrected_m, summary->heart_rate, summary->load.trimp, summary->load.rtss,
        (gint64)summary->laps, (gint64)summary->completed, (gint64)summary->outcome.clean,
        summary->outcome.faster, (gint64)summary->outcome.stopped, ended_by, runner, run);
    return code == SQLITE_OK ? evidence_put_trials(db, run, summary) : code;
}

// The journal gave no run (its START is damaged): the laps that were written are what is left.
static int close_by_laps(sqlite3 *db, const OpenRun *open, gint64 last_seq)
{
    return sql_run(db,
                   "UPDATE runs SET last_seq = ?2, completed = 0, ended_by = 'crash',"
                   " (laps, duration_s, elapsed_s, distance_m, heart_rate) ="
                   " (SELECT count(*), coalesce(sum(duration), 0) / 1e6,"
                   "  coalesce(max(ended) - min(laps.started), 0) / 1e6,"
                   "  coalesce(sum(distance_m), 0.0),"
                   "  sum(heart_rate * duration) / sum(iif(heart_rate IS NULL, NULL, duration))"
                   "  FROM laps WHERE run = ?1) WHERE run = ?1",
                   "ii", open->run, last_seq);
}

static int close_by_replay(sqlite3 *db, const OpenRun *open, const Replay *replay,
                           const char *ended_by)
{
    int code = sql_run(db, "DELETE FROM laps WHERE run = ?", "i", open->run);
    for (guint i = 0; code == SQLITE_OK && i < replay->laps->len; i++)
        code =
            tables_insert_lap(db, open->run, (gint64)i + 1, &g_array_index(replay->laps, Lap, i));
    return code == SQLITE_OK
               ? replay_end_run(db, open->run, replay->last_seq, &replay->summary, ended_by, "")
               : code;
}

static int close_run(sqlite3 *db, const OpenRun *open)
{
    Replay replay = {
        .session = session_new(&SESSION_CONFIG_DEFAULT),
        .last_seq = open->first_seq,
        .laps = g_array_new(FALSE, FALSE, sizeof(Lap)),
    };
    const char *ended_by = "crash";
    int code = play_journal(db, open, &replay);
    if (replay.done)
        ended_by = replay.summary.completed ? "plan" : "stop";
    else
        stop_session(&replay);
    if (code == SQLITE_OK)
        code = replay.done ? close_by_replay(db, open, &replay, ended_by)
                           : close_by_laps(db, open, replay.last_seq);
    g_array_unref(replay.laps);
    session_free(replay.session);
    return code;
}

int replay_close_open_runs(sqlite3 *db)
{
    g_autoptr(GArray) open_runs = g_array_new(FALSE, FALSE, sizeof(OpenRun));
    sqlite3_stmt *rows;
    int code = sql_prepare(
        db, &rows, "SELECT run, sitting, first_seq FROM runs WHERE ended_by IS NULL ORDER BY run",
        "");
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        OpenRun open = {sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1),
                        sqlite3_column_int64(rows, 2)};
        g_array_append_val(open_runs, open);
    }
    code = sqlite3_finalize(rows);
    for (guint i = 0; code == SQLITE_OK && i < open_runs->len; i++)
        code = close_run(db, &g_array_index(open_runs, OpenRun, i));
    return code;
}
