// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Replay of one sitting. What was hard: the end. The journal of a killed daemon has none, so it is
// given the command that a runner would have given, at the instant of its last event.

#include "store/replay.h"

#include "io/notify.h"
#include "io/sitting-config.h"
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
    guint damaged;   // events
    GArray *laps;    // Lap, of the run
    gboolean done;
    bool broken;  // the latest event is the break
    gint64 began; // the event that began the run; 0: none did
    char *name;   // of its workout
    RunSummary summary;
} Replay;

static void handle(Replay *replay, const Event *event, gboolean in_run)
{
    session_handle(replay->session, event, &replay->effects);
    replay->at = MAX(replay->at, event->at);
    replay->broken = event->kind == EVENT_COMMAND && event->command.verb == COMMAND_BREAK;
    for (gsize i = 0; in_run && !replay->done && i < replay->effects.count; i++) {
        const Effect *effect = &replay->effects.items[i];
        if (effect->kind == EFFECT_ANSWER && command_starts(effect->answer.verb) &&
            effect->answer.reason == REASON_OK && replay->began == 0) {
            replay->began = replay->last_seq;
            replay->name = g_strdup(session_snapshot(replay->session)->plan->name);
        }
        if (effect->kind == EFFECT_RECORD)
            g_array_append_val(replay->laps, effect->lap);
        replay->done = effect->kind == EFFECT_DONE;
        if (replay->done)
            replay->summary = effect->summary;
    }
}

bool replay_read_event(sqlite3_stmt *row, Event *ret_event)
{
    const gint64 seq = sqlite3_column_int64(row, 0);
    const guint8 *record = sqlite3_column_blob(row, 1);
    const gsize length = (gsize)sqlite3_column_bytes(row, 1);
    const guint32 crc = (guint32)sqlite3_column_int64(row, 2);
    return tables_crc(seq, record, length) == crc && journal_decode(record, length, ret_event);
}

int replay_look(sqlite3 *db, gint64 most, ReplayLook *look)
{
    sqlite3_stmt *rows;
    const int code = sql_prepare(
        db, &rows, "SELECT seq, record, crc FROM events WHERE seq > ? ORDER BY seq LIMIT ?", "ii",
        look->last, most);
    if (code != SQLITE_OK)
        return code;
    gboolean misplaced = FALSE;
    while (!misplaced && sqlite3_step(rows) == SQLITE_ROW) {
        Event event;
        const gint64 seq = sqlite3_column_int64(rows, 0);
        misplaced = seq <= look->last; // a page that was written where another belongs
        look->last = seq;
        look->seen++;
        look->damaged += !replay_read_event(rows, &event);
    }
    const int end = sqlite3_finalize(rows);
    return misplaced ? SQLITE_CORRUPT : end;
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
    while (!replay->done && sqlite3_step(rows) == SQLITE_ROW) {
        gint64 seq = sqlite3_column_int64(rows, 0);
        Event event;
        replay->last_seq = seq;
        if (replay_read_event(rows, &event))
            handle(replay, &event, seq >= open->first_seq);
        else
            replay->damaged++;
    }
    if (replay->damaged > 0)
        g_warning("store: %u events of sitting %" G_GINT64_FORMAT
                  " are damaged; it counts without them",
                  replay->damaged, open->sitting);
    return sqlite3_finalize(rows);
}

int replay_sitting(sqlite3 *db, gint64 sitting, Session *session, guint *damaged)
{
    const OpenRun all = {.sitting = sitting, .first_seq = G_MAXINT64};
    Replay replay = {.session = session};
    const int code = play_journal(db, &all, &replay);
    *damaged += replay.damaged;
    return code;
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
                   "  sum(distance_m),"
                   "  sum(heart_rate * duration) / sum(iif(heart_rate IS NULL, NULL, duration))"
                   "  FROM laps WHERE run = ?1) WHERE run = ?1",
                   "ii", open->run, last_seq);
}

static int put_laps(sqlite3 *db, const OpenRun *open, const Replay *replay)
{
    int code = sql_run(db, "DELETE FROM laps WHERE run = ?", "i", open->run);
    for (guint i = 0; code == SQLITE_OK && i < replay->laps->len; i++)
        code =
            tables_insert_lap(db, open->run, (gint64)i + 1, &g_array_index(replay->laps, Lap, i));
    return code;
}

static int close_by_replay(sqlite3 *db, const OpenRun *open, const Replay *replay,
                           const char *ended_by)
{
    const int code = put_laps(db, open, replay);
    return code == SQLITE_OK
               ? replay_end_run(db, open->run, replay->last_seq, &replay->summary, ended_by, "")
               : code;
}

// Equal to what it was; where its settings cannot be read, what changes the run is left out.
static int make_session(sqlite3 *db, gint64 sitting, Phrases *phrases, Session **ret_session)
{
    sqlite3_stmt *row;
    int code = sql_prepare(db, &row, "SELECT config FROM sittings WHERE sitting = ?", "i", sitting);
    if (code != SQLITE_OK)
        return code;
    const char *text =
        sqlite3_step(row) == SQLITE_ROW ? (const char *)sqlite3_column_text(row, 0) : "";
    SessionConfig config;
    if (!sitting_config_read(text, phrases, &config, NULL))
        sitting_config_read("", phrases, &config, NULL);
    *ret_session = session_new(&config);
    return sqlite3_finalize(row);
}

static int play(sqlite3 *db, const OpenRun *open, Phrases *phrases, Replay *ret_replay)
{
    *ret_replay = (Replay){.last_seq = open->first_seq};
    const int code = make_session(db, open->sitting, phrases, &ret_replay->session);
    if (code != SQLITE_OK)
        return code;
    ret_replay->laps = g_array_new(FALSE, FALSE, sizeof(Lap));
    return play_journal(db, open, ret_replay);
}

static void replay_clear(Replay *replay)
{
    g_clear_pointer(&replay->laps, g_array_unref);
    session_free(replay->session);
    g_free(replay->name);
}

static const char *ending(const Replay *replay)
{
    if (replay->done)
        return replay->summary.completed ? "plan" : "stop";
    return replay->broken ? "shutdown" : "crash";
}

static int close_run(sqlite3 *db, const OpenRun *open, guint *damaged)
{
    g_autofree Phrases *phrases = g_new0(Phrases, 1);
    Replay replay;
    int code = play(db, open, phrases, &replay);
    const char *ended_by = ending(&replay);
    if (code == SQLITE_OK && !replay.done)
        stop_session(&replay);
    if (code == SQLITE_OK)
        code = replay.done ? close_by_replay(db, open, &replay, ended_by)
                           : close_by_laps(db, open, replay.last_seq);
    *damaged += replay.damaged;
    replay_clear(&replay);
    return code;
}

// A transaction, or a part of the caller's. There may be many, and the start may wait for them.
static int begin_piece(sqlite3 *db)
{
    notify_busy();
    return sqlite3_exec(db, "SAVEPOINT piece", NULL, NULL, NULL);
}

static int end_piece(sqlite3 *db, int code)
{
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "RELEASE piece", NULL, NULL, NULL);
    if (code != SQLITE_OK)
        sqlite3_exec(db, "ROLLBACK TO piece; RELEASE piece", NULL, NULL, NULL);
    return code;
}

static int each_run(sqlite3 *db, const char *which, gint64 first, gint64 last, gint64 but_for,
                    int (*act)(sqlite3 *db, const OpenRun *run, guint *damaged), guint *damaged)
{
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(OpenRun));
    g_autofree char *sql = g_strconcat("SELECT run, sitting, first_seq FROM runs WHERE run BETWEEN"
                                       " ? AND ? AND run <> ? AND ",
                                       which, " ORDER BY run", NULL);
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows, sql, "iii", first, last, but_for);
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        OpenRun run = {sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1),
                       sqlite3_column_int64(rows, 2)};
        g_array_append_val(runs, run);
    }
    code = sqlite3_finalize(rows);
    for (guint i = 0; code == SQLITE_OK && i < runs->len; i++) {
        code = begin_piece(db);
        if (code == SQLITE_OK)
            code = end_piece(db, act(db, &g_array_index(runs, OpenRun, i), damaged));
    }
    return code;
}

static int close_those(sqlite3 *db, gint64 first, gint64 last, gint64 but_for, guint *damaged)
{
    return each_run(db, "ended_by IS NULL", first, last, but_for, close_run, damaged);
}

int replay_close_run(sqlite3 *db, gint64 run, guint *damaged)
{
    return close_those(db, run, run, 0, damaged);
}

int replay_close_open_runs(sqlite3 *db, gint64 but_for, guint *damaged)
{
    return close_those(db, 0, G_MAXINT64, but_for, damaged);
}

// ── rows that are lost ──

typedef struct {
    OpenRun open;
    Usec at;
    char *text;
} Start;

static bool read_start(sqlite3_stmt *row, Start *start)
{
    Event event;
    if (!replay_read_event(row, &event) || event.kind != EVENT_COMMAND ||
        !command_starts(event.command.verb))
        return false;
    *start = (Start){
        {.sitting = sqlite3_column_int64(row, 3), .first_seq = sqlite3_column_int64(row, 0)},
        event.at,
        event.command.length > 0 ? g_strndup(event.command.text, event.command.length) : NULL};
    return true;
}

// The next START that no run has; 0 for its event: there is none.
static int find_start(sqlite3 *db, gint64 behind, Start *ret_start)
{
    sqlite3_stmt *rows;
    *ret_start = (Start){0};
    int code = sql_prepare(db, &rows,
                           "SELECT seq, record, crc, sitting FROM events WHERE seq > ?"
                           " AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.sitting ="
                           " events.sitting AND seq BETWEEN first_seq AND coalesce(last_seq, seq))"
                           " ORDER BY seq",
                           "i", behind);
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(rows) == SQLITE_ROW && !read_start(rows, ret_start)) {
    }
    return sqlite3_finalize(rows);
}

// Numbers grow with the journal, so that of a lost run is free, but for what was begun before it
// was known of.
static int put_run(sqlite3 *db, const Start *start, const char *name, gint64 *ret_run)
{
    const int code =
        sql_run(db,
                "INSERT INTO runs(run, sitting, first_seq, name, started) VALUES("
                "(SELECT iif(n IN (SELECT run FROM runs), NULL, n) FROM (SELECT"
                " coalesce(max(run), 0) + 1 AS n FROM runs WHERE first_seq < ?2)),"
                " ?1, ?2, ?3, ?4)",
                "iiti", start->open.sitting, start->open.first_seq, name, (gint64)start->at);
    *ret_run = sqlite3_last_insert_rowid(db);
    return code;
}

// One that has no end stays open, and may yet be gone on with.
static int rebuild_run(sqlite3 *db, Start *start)
{
    g_autofree Phrases *phrases = g_new0(Phrases, 1);
    Replay replay;
    int code = play(db, &start->open, phrases, &replay);
    if (code == SQLITE_OK && replay.began == start->open.first_seq) {
        code = put_run(db, start, replay.name, &start->open.run);
        if (code == SQLITE_OK && replay.done)
            code = close_by_replay(db, &start->open, &replay, ending(&replay));
    }
    replay_clear(&replay);
    return code;
}

static int rebuild_runs(sqlite3 *db)
{
    int code = SQLITE_OK;
    for (gint64 seq = 0; code == SQLITE_OK;) {
        Start start;
        code = find_start(db, seq, &start);
        seq = start.open.first_seq;
        if (code == SQLITE_OK && seq != 0)
            code = begin_piece(db);
        if (code == SQLITE_OK && seq != 0)
            code = end_piece(db, rebuild_run(db, &start));
        g_free(start.text);
        if (seq == 0)
            break;
    }
    return code;
}

static int rebuild_laps(sqlite3 *db, const OpenRun *run, guint *damaged)
{
    g_autofree Phrases *phrases = g_new0(Phrases, 1);
    Replay replay;
    int code = play(db, run, phrases, &replay);
    if (code == SQLITE_OK && !replay.done)
        stop_session(&replay);
    if (code == SQLITE_OK && replay.done && replay.began == run->first_seq)
        code = put_laps(db, run, &replay);
    replay_clear(&replay);
    return code;
}

static int rebuild_text(sqlite3 *db, const OpenRun *run, guint *damaged)
{
    sqlite3_stmt *row;
    Start start = {0};
    gint64 workout = 0;
    int code = sql_prepare(db, &row, "SELECT seq, record, crc, sitting FROM events WHERE seq = ?",
                           "i", run->first_seq);
    if (code == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
        read_start(row, &start);
    if (code == SQLITE_OK)
        code = sqlite3_finalize(row);
    if (code == SQLITE_OK && start.text)
        code = tables_insert_workout(db, start.text, &workout);
    if (code == SQLITE_OK && start.text)
        code = sql_run(db, "UPDATE runs SET workout = ? WHERE run = ?", "ii", workout, run->run);
    g_free(start.text);
    return code;
}

int replay_rebuild(sqlite3 *db)
{
    int code = rebuild_runs(db);
    if (code == SQLITE_OK)
        code = each_run(db, "laps > (SELECT count(*) FROM laps WHERE laps.run = runs.run)", 0,
                        G_MAXINT64, 0, rebuild_laps, NULL);
    if (code == SQLITE_OK)
        code = each_run(db, "workout IS NULL", 0, G_MAXINT64, 0, rebuild_text, NULL);
    return code == SQLITE_OK ? sql_run(db,
                                       "UPDATE runs SET ended_by = 'import' WHERE sitting IN"
                                       " (SELECT sitting FROM sittings WHERE boot = 'import')",
                                       "")
                             : code;
}
