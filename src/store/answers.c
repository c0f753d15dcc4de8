// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Most questions only read. Those that also write wait for what was to be written before, and are a
// transaction each.

#include "store/answers.h"

#include "io/error.h"
#include "store/evidence.h"
#include "store/excerpt.h"
#include "store/forget.h"
#include "store/import.h"
#include "store/interrupted.h"
#include "store/replay.h"
#include "store/sql.h"

static void scrub_now(Worker *worker)
{
    worker->scrub = TRUE;
    worker->scrub_due = 0;
    worker_scrub(worker);
}

// Where it is kept already, `argument` says which that is.
static gint64 *import(Worker *worker, Request *request, int *ret_code)
{
    const StoreImport *what = g_task_get_task_data(request->task);
    gint64 run = 0;
    worker_flush(worker);
    *ret_code = worker->state == STORE_READY ? worker_begin(worker) : SQLITE_BUSY;
    Position position = worker->position;
    if (*ret_code == SQLITE_OK)
        *ret_code = worker_finish(worker, import_run(worker->database.db, &position, what, &run));
    request->argument = run;
    // What did not fit is in the log, and has taken the room of what is to come.
    if ((*ret_code & 0xff) == SQLITE_FULL)
        scrub_now(worker);
    if (*ret_code != SQLITE_OK)
        return NULL;
    worker->position = position;
    return g_memdup2(&run, sizeof run);
}

// What a transaction that failed in between keeps, is kept whole.
static gboolean forget(Worker *worker, gint64 run, int *ret_code)
{
    sqlite3 *db = worker->database.db;
    const Position *position = &worker->position;
    g_autoptr(GArray) aged = g_array_new(FALSE, FALSE, sizeof(gint64));
    // What is taken over later would bring it back.
    *ret_code = worker->database.behind ? SQLITE_FULL : worker_begin(worker);
    if (*ret_code == SQLITE_OK)
        *ret_code = worker_finish(worker, run >= 0 ? forget_run(db, position, run)
                                                   : forget_before(db, position, -run, aged));
    if (*ret_code != SQLITE_OK)
        return FALSE;
    for (guint i = 0; i < aged->len; i++)
        g_message("Run %" G_GINT64_FORMAT " is deleted: it is older than [history] keep",
                  g_array_index(aged, gint64, i));
    worker->deleted = TRUE;
    scrub_now(worker);
    if (worker->deleted)
        g_message(DELETED_HELD);
    if (worker->state == STORE_READY)
        worker_set_ready(worker);
    return TRUE;
}

// It is over for now; it can still be gone on with when asked for.
static gboolean leave(Worker *worker, gint64 run, int *ret_code)
{
    guint damaged = 0;
    *ret_code = worker_begin(worker);
    if (*ret_code == SQLITE_OK)
        *ret_code = worker_finish(worker, replay_close_run(worker->database.db, run, &damaged));
    worker->position.held = 0; // else it is closed with the next sitting
    worker_note_damaged(worker, damaged);
    return *ret_code == SQLITE_OK;
}

static Session *replay(Worker *worker, const Request *request, int *ret_code)
{
    guint damaged = 0;
    Session *session = interrupted_replay(worker->database.db, request->argument,
                                          g_task_get_task_data(request->task), &damaged, ret_code);
    worker_note_damaged(worker, damaged);
    return session;
}

// What is no list. True when it was answered, and the task is done with.
static gboolean answer_other(Worker *worker, Request *request, int *ret_code)
{
    sqlite3 *db = worker->database.db;
    gpointer data = g_task_get_task_data(request->task), found = NULL;
    GDestroyNotify destroy = g_free;
    if (request->query == QUERY_FORGET || request->query == QUERY_LEAVE) {
        if (!(request->query == QUERY_FORGET ? forget : leave)(worker, request->argument, ret_code))
            return FALSE;
        g_task_return_boolean(request->task, TRUE);
        g_object_unref(request->task);
        return TRUE;
    }
    if (request->query == QUERY_EXCERPT) {
        found = excerpt_read(db, worker->position.sitting, data, ret_code);
        destroy = (GDestroyNotify)excerpt_free;
    } else if (request->query == QUERY_EVIDENCE) {
        found = evidence_read(db, data, ret_code);
        destroy = (GDestroyNotify)evidence_free;
    } else if (request->query == QUERY_IMPORT) {
        found = import(worker, request, ret_code);
    } else if (request->query == QUERY_REPLAY) {
        found = replay(worker, request, ret_code);
        destroy = (GDestroyNotify)session_free;
    } else
        found = evidence_stretch(db, request->argument, GPOINTER_TO_UINT(data), ret_code);
    if (!found)
        return FALSE;
    g_task_return_pointer(request->task, found, destroy);
    g_object_unref(request->task);
    return TRUE;
}

static char *why_not(const Worker *worker, const Request *request, int code)
{
    if (request->query != QUERY_FORGET && request->query != QUERY_IMPORT)
        return g_strdup_printf("%s cannot be read: %s", worker->path, sqlite3_errstr(code));
    return worker->database.sentence ? g_strdup(worker->database.sentence)
                                     : database_explain(&worker->database, code);
}

void answers_give(Worker *worker, Request *request)
{
    g_autofree char *why = NULL;
    sqlite3 *db = worker->database.db;
    int code = SQLITE_OK;
    GVariant *found = NULL;
    if (request->query == QUERY_EXCERPT && request->argument == 0 &&
        (worker->state == STORE_DEGRADED || worker->position.sitting == 0))
        db = NULL; // a part of it is in memory only
    if (db)
        switch (request->query) {
        case QUERY_RUNS:
            found = tables_list_runs(db, request->argument, &code);
            break;
        case QUERY_LAPS:
            found = tables_list_laps(db, request->argument, &code);
            break;
        case QUERY_SUMMARY:
            found = tables_summary(db, request->argument, &code);
            break;
        case QUERY_EXCERPT:
        case QUERY_EVIDENCE:
        case QUERY_FORGET:
        case QUERY_LEAVE:
        case QUERY_REPLAY:
        case QUERY_STRETCH:
        case QUERY_IMPORT:
            if (answer_other(worker, request, &code))
                return;
            break;
        }
    // It is asked again, of what can be read.
    if (database_code_is_damage(code) && worker->database.state == DATABASE_READY) {
        worker_failed(worker, code);
        worker_flush(worker);
        if (!request->again) {
            request->again = TRUE;
            answers_give(worker, request);
            return;
        }
    }
    if (found)
        g_task_return_pointer(request->task, g_variant_ref_sink(found),
                              (GDestroyNotify)g_variant_unref);
    else if (request->query == QUERY_IMPORT && code == SQLITE_CONSTRAINT)
        g_task_return_new_error(request->task, PACED_ERROR, PACED_ERROR_EXISTS,
                                "run %" G_GINT64_FORMAT ", which is kept already, is of that time",
                                request->argument);
    else if (request->query == QUERY_IMPORT && code == SQLITE_MISUSE)
        g_task_return_new_error(request->task, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                                "the events are no run");
    else if (code == SQLITE_NOTFOUND)
        g_task_return_new_error(request->task, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                                "There is no run %" G_GINT64_FORMAT "%s", request->argument,
                                request->query == QUERY_STRETCH  ? " with such a lap"
                                : request->query == QUERY_REPLAY ? " that has a beginning"
                                                                 : "");
    else if (db)
        g_task_return_new_error(request->task, PACED_ERROR, PACED_ERROR_STORE, "%s",
                                (why = why_not(worker, request, code)));
    else
        g_task_return_new_error(request->task, PACED_ERROR, PACED_ERROR_STORE, "%s",
                                worker->reason[0] != '\0' ? worker->reason
                                                          : "nothing of it is in the file yet");
    g_object_unref(request->task);
}
