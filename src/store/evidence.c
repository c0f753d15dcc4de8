// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// An answer names the latest trial there was, for an answer to one proposal is an answer to all
// that was kept by then: what was run before is not asked about again.

#include "store/evidence.h"

#include "io/clock.h"
#include "store/sql.h"

#include <string.h>

#define RUNS_MOST    200 // in four weeks
#define TRIALS_MOST  8
#define ANSWERS_MOST 32

// ── writing ──

static int put_trial(sqlite3 *db, gint64 run, const Race *race)
{
    return sql_run(db, "INSERT INTO trials(run, distance_m, time_s, maximal) VALUES(?, ?, ?, ?)",
                   "iddi", run, race->distance_m, race->time_s, (gint64)race->maximal);
}

int evidence_put_trials(sqlite3 *db, gint64 run, const RunSummary *summary)
{
    int code = SQLITE_OK;
    for (guint i = 0; code == SQLITE_OK && i < summary->trial_count; i++) {
        const Race race = {summary->trials[i].distance_m, summary->trials[i].time_s, true, 0};
        code = put_trial(db, run, &race);
    }
    return code;
}

int evidence_put_trial(sqlite3 *db, const Op *op)
{
    return put_trial(db, op->trial.run, &op->trial.race);
}

int evidence_put_answer(sqlite3 *db, const Op *op)
{
    return sql_run(db,
                   "INSERT INTO answers(runner, kind, day, change, trial)"
                   " VALUES(?, ?, ?, ?, (SELECT coalesce(max(trial), 0) FROM trials))",
                   "ttid", op_text(op, 0), op_text(op, 1), (gint64)op->answer.day,
                   op->answer.change);
}

// ── reading ──

static double column_number(sqlite3_stmt *rows, int column)
{
    return sqlite3_column_type(rows, column) == SQLITE_NULL ? NAN
                                                            : sqlite3_column_double(rows, column);
}

// 0 where the date is not known.
static int32_t column_day(sqlite3_stmt *rows, int column)
{
    return (int32_t)(sqlite3_column_int64(rows, column) / EVIDENCE_DAY);
}

// Back to the first that is too old to count, which shows that there are so many days.
static int read_runs(sqlite3 *db, const char *runner, GArray *runs)
{
    const Usec now = clock_wall();
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows,
                           "SELECT date, duration_s, trimp, rtss, clean, faster, stopped,"
                           " coalesce(workout, 0) FROM dated"
                           " WHERE ended_by IS NOT NULL AND date IS NOT NULL"
                           " AND runner IN (?, '') ORDER BY 1 DESC LIMIT ?",
                           "ti", runner, (gint64)RUNS_MOST);
    if (code != SQLITE_OK)
        return code;
    gboolean enough = FALSE;
    while (!enough && sqlite3_step(rows) == SQLITE_ROW) {
        const KeptRun run = {
            .started = sqlite3_column_int64(rows, 0),
            .duration_s = column_number(rows, 1),
            .trimp = column_number(rows, 2),
            .rtss = column_number(rows, 3),
            .outcome = {column_day(rows, 0), sqlite3_column_int(rows, 4) != 0,
                        column_number(rows, 5), sqlite3_column_int(rows, 6) != 0},
            .workout = sqlite3_column_int64(rows, 7),
        };
        g_array_append_val(runs, run);
        enough = now - run.started > EVIDENCE_DAYS * EVIDENCE_DAY;
    }
    return sqlite3_finalize(rows);
}

static int read_trials(sqlite3 *db, const char *runner, GArray *trials)
{
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows,
                           "SELECT trials.run, trials.distance_m, time_s, maximal, date"
                           " FROM trials JOIN dated USING(run)"
                           " WHERE runner IN (?1, '') AND trial >"
                           " (SELECT coalesce(max(trial), 0) FROM answers WHERE runner = ?1)"
                           " ORDER BY trial DESC LIMIT ?2",
                           "ti", runner, (gint64)TRIALS_MOST);
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const KeptTrial trial = {
            sqlite3_column_int64(rows, 0),
            {sqlite3_column_double(rows, 1), sqlite3_column_double(rows, 2),
             sqlite3_column_int(rows, 3) != 0, column_day(rows, 4)},
        };
        g_array_append_val(trials, trial);
    }
    return sqlite3_finalize(rows);
}

static int read_answers(sqlite3 *db, const char *runner, GArray *answers)
{
    sqlite3_stmt *rows;
    int code = sql_prepare(
        db, &rows,
        "SELECT day, change, kind FROM answers WHERE runner = ? ORDER BY answer DESC LIMIT ?", "ti",
        runner, (gint64)ANSWERS_MOST);
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const char *kind = (const char *)sqlite3_column_text(rows, 2);
        const ProposalAnswer answer = {sqlite3_column_int(rows, 0), sqlite3_column_double(rows, 1),
                                       proposal_parse(kind, strlen(kind))};
        g_array_append_val(answers, answer);
    }
    return sqlite3_finalize(rows);
}

// Of the newest run's.
static int read_workout(sqlite3 *db, const GArray *runs, char **ret_text)
{
    if (runs->len == 0)
        return SQLITE_OK;
    sqlite3_stmt *rows;
    int code = sql_prepare(db, &rows, "SELECT text FROM workouts WHERE workout = ?", "i",
                           g_array_index(runs, KeptRun, 0).workout);
    if (code != SQLITE_OK)
        return code;
    if (sqlite3_step(rows) == SQLITE_ROW)
        *ret_text = g_strdup((const char *)sqlite3_column_text(rows, 0));
    return sqlite3_finalize(rows);
}

Evidence *evidence_read(sqlite3 *db, const char *runner, int *ret_code)
{
    g_autoptr(Evidence) evidence = g_new0(Evidence, 1);
    evidence->runs = g_array_new(FALSE, FALSE, sizeof(KeptRun));
    evidence->trials = g_array_new(FALSE, FALSE, sizeof(KeptTrial));
    evidence->answers = g_array_new(FALSE, FALSE, sizeof(ProposalAnswer));
    *ret_code = read_runs(db, runner, evidence->runs);
    if (*ret_code == SQLITE_OK)
        *ret_code = read_trials(db, runner, evidence->trials);
    if (*ret_code == SQLITE_OK)
        *ret_code = read_answers(db, runner, evidence->answers);
    if (*ret_code == SQLITE_OK)
        *ret_code = read_workout(db, evidence->runs, &evidence->workout);
    return *ret_code == SQLITE_OK ? g_steal_pointer(&evidence) : NULL;
}

Stretch *evidence_stretch(sqlite3 *db, gint64 run, gint64 lap, int *ret_code)
{
    Stretch *stretch = NULL;
    sqlite3_stmt *rows;
    *ret_code = sql_prepare(db, &rows,
                            "SELECT iif(lap IS NULL, runs.distance_m, laps.distance_m),"
                            " corrected_m / runs.distance_m,"
                            " coalesce((ended - laps.started) / 1e6, elapsed_s)"
                            " FROM runs LEFT JOIN laps ON laps.run = runs.run AND lap = ?2"
                            " WHERE runs.run = ?1 AND ended_by IS NOT NULL"
                            " AND (?2 = 0 OR lap IS NOT NULL)",
                            "ii", run, lap);
    if (*ret_code != SQLITE_OK)
        return NULL;
    if (sqlite3_step(rows) == SQLITE_ROW) {
        const Stretch found = {column_number(rows, 0) * column_number(rows, 1),
                               column_number(rows, 2)};
        stretch = g_memdup2(&found, sizeof found);
    }
    *ret_code = sqlite3_finalize(rows);
    if (*ret_code == SQLITE_OK && !stretch)
        *ret_code = SQLITE_NOTFOUND;
    return stretch;
}
