// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The store's thread. What was hard is not losing anything, and not keeping it twice, when a
// transaction fails: its ops stay at the head of the backlog and go again with the next one. When
// not even its failure is certain (the disk failed during the commit, and the log on the disk may
// be whole), the file is opened anew and asked how far it got.
//
// With nothing wrong the thread wakes once for each request, that is once a second in a run. Only
// while degraded does it wake by itself, to try again.

#include "store/worker.h"

#include "io/clock.h"
#include "io/error.h"
#include "store/athletes.h"
#include "store/database.h"
#include "store/evidence.h"
#include "store/excerpt.h"
#include "store/sql.h"
#include "store/tables.h"

#define RETRY_EVERY     (2 * USEC_PER_SEC)
#define BEHIND          10 // requests
#define CLOSE_WITHIN    (5 * USEC_PER_SEC)
#define CLOSE_TRY_EVERY (200 * USEC_PER_MSEC)

typedef enum {
    REQUEST_OPEN,
    REQUEST_WRITE,
    REQUEST_QUERY,
    REQUEST_CLOSE,
} RequestKind;

typedef struct {
    RequestKind kind;
    Ops ops;
    Query query;
    gint64 argument;
    GTask *task;
    WorkerKept *kept; // REQUEST_OPEN: both to be filled
    WorkerOpening *opening;
} Request;

struct Worker {
    gatomicrefcount references;
    GThread *thread;
    GMainContext *context;
    GAsyncQueue *requests; // Request*
    GAsyncQueue *answers;  // to OPEN: the Worker; to CLOSE: the Worker
    char *path;
    WorkerListener listener; // the main thread's; `data` is NULL once nobody listens

    // The thread's own.
    Database database;
    gboolean kept_known; // the main thread has heard what is kept
    gboolean recovered;  // runs left open by an earlier life are closed
    Position position;   // as committed
    Position attempted;  // where a transaction of unknown end would have got to; sitting 0: none
    Ops backlog;
    Op *sitting, *run; // the current ones, should a new file have to be begun in mid-run
    StoreState state;
    char *reason;
};

static void worker_unref(Worker *worker)
{
    if (!g_atomic_ref_count_dec(&worker->references))
        return;
    ops_clear(&worker->backlog);
    g_free(worker->sitting);
    g_free(worker->run);
    g_free(worker->reason);
    g_free(worker->path);
    g_async_queue_unref(worker->requests);
    g_async_queue_unref(worker->answers);
    g_main_context_unref(worker->context);
    g_free(worker);
}

static Worker *worker_ref(Worker *worker)
{
    g_atomic_ref_count_inc(&worker->references);
    return worker;
}

// ── telling the main thread ──

typedef struct {
    Worker *worker;
    StoreState state;
    char *reason;    // a status, or
    WorkerKept kept; // what is kept
} News;

void worker_kept_init(WorkerKept *kept)
{
    kept->sensors = g_ptr_array_new_with_free_func((GDestroyNotify)enrolled_sensor_free);
    kept->athletes = g_ptr_array_new_with_free_func((GDestroyNotify)kept_athlete_free);
}

void worker_kept_clear(WorkerKept *kept)
{
    g_clear_pointer(&kept->sensors, g_ptr_array_unref);
    g_clear_pointer(&kept->athletes, g_ptr_array_unref);
}

static void news_free(gpointer data)
{
    News *news = data;
    g_free(news->reason);
    worker_kept_clear(&news->kept);
    worker_unref(news->worker);
    g_free(news);
}

static gboolean news_arrived(gpointer data)
{
    News *news = data;
    const WorkerListener *listener = &news->worker->listener;
    if (listener->data && news->kept.sensors)
        listener->kept(listener->data, &news->kept);
    else if (listener->data)
        listener->status(listener->data, news->state, news->reason);
    return G_SOURCE_REMOVE;
}

// `kept` is taken over.
static void tell(Worker *worker, const char *reason, const WorkerKept *kept)
{
    News *news = g_new0(News, 1);
    news->worker = worker_ref(worker);
    news->state = worker->state;
    news->reason = g_strdup(reason);
    if (kept)
        news->kept = *kept;
    g_autoptr(GSource) source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, news_arrived, news, news_free);
    g_source_attach(source, worker->context);
}

static void set_status(Worker *worker, StoreState state, const char *why)
{
    g_autoptr(GString) reason = g_string_new(why);
    if (state == STORE_DEGRADED) {
        g_string_append(reason, ". Until then the run is kept in memory");
        if (worker->backlog.let_go > 0)
            g_string_append_printf(reason,
                                   ", of which the oldest %" G_GUINT64_FORMAT " events did not fit",
                                   worker->backlog.let_go);
        g_string_append_c(reason, '.');
    }
    if (state == worker->state && g_str_equal(reason->str, worker->reason))
        return;
    worker->state = state;
    g_free(worker->reason);
    worker->reason = g_strdup(reason->str);
    tell(worker, reason->str, NULL);
}

static void set_ready(Worker *worker)
{
    worker->backlog.let_go = 0;
    set_status(worker, STORE_READY, worker->database.set_aside ? worker->database.set_aside : "");
}

// ── the file ──

static int begin(Worker *worker)
{
    return sql_run_often(worker->database.db, "BEGIN IMMEDIATE", "");
}

static int finish(Worker *worker, int code)
{
    if (code == SQLITE_OK)
        code = sql_run_often(worker->database.db, "COMMIT", "");
    if (code != SQLITE_OK)
        sqlite3_exec(worker->database.db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

static int recover(Worker *worker)
{
    if (worker->recovered)
        return SQLITE_OK;
    int code = begin(worker);
    if (code == SQLITE_OK)
        code = finish(worker, tables_recover(worker->database.db));
    worker->recovered = code == SQLITE_OK;
    return code;
}

// A transaction whose commit failed may be on the disk all the same.
static int settle_attempt(Worker *worker)
{
    if (worker->attempted.sitting == 0)
        return SQLITE_OK;
    gint64 seq = 0;
    int code = sql_int(worker->database.db, &seq, "SELECT max(seq) FROM events", "");
    if (code != SQLITE_OK)
        return code;
    if (seq == worker->attempted.seq && seq > worker->position.seq) {
        ops_drop_attempted(&worker->backlog);
        worker->position = worker->attempted;
    }
    worker->attempted = (Position){0};
    return SQLITE_OK;
}

// The damaged file is out of the way; what is to come needs its sitting and its run in the new one.
static void begin_new_file(Worker *worker)
{
    database_set_aside(&worker->database);
    worker->position = worker->attempted = (Position){0};
    if (worker->run)
        ops_push_front(&worker->backlog, op_copy(worker->run));
    if (worker->sitting)
        ops_push_front(&worker->backlog, op_copy(worker->sitting));
}

static void write_failed(Worker *worker, int code)
{
    g_autofree char *why = database_explain(&worker->database, code);
    if (database_code_is_damage(code))
        begin_new_file(worker);
    else if (database_code_wants_reopen(code))
        database_close(&worker->database);
    set_status(worker, STORE_DEGRADED, why);
}

static gboolean read_kept(Worker *worker, const WorkerKept *kept)
{
    sqlite3 *db = worker->database.db;
    worker->kept_known = db && tables_read_sensors(db, kept->sensors) == SQLITE_OK &&
                         athletes_read(db, kept->athletes) == SQLITE_OK;
    return worker->kept_known;
}

static gboolean open_file(Worker *worker)
{
    if (worker->database.state == DATABASE_READY)
        return TRUE;
    database_open(&worker->database);
    if (!worker->kept_known) {
        WorkerKept kept;
        worker_kept_init(&kept);
        if (read_kept(worker, &kept))
            tell(worker, NULL, &kept);
        else
            worker_kept_clear(&kept);
    }
    if (worker->database.state == DATABASE_READY)
        return TRUE;
    set_status(worker, STORE_DEGRADED, worker->database.sentence);
    return FALSE;
}

// ── writing ──

static void keep(Op **kept, const Op *op)
{
    g_free(*kept);
    *kept = op ? op_copy(op) : NULL;
}

static void remember(Worker *worker)
{
    for (GList *link = worker->backlog.ops.head; link; link = link->next) {
        const Op *op = link->data;
        if (op->kind == OP_SITTING)
            keep(&worker->sitting, op);
        if (op->kind == OP_RUN_BEGIN)
            keep(&worker->run, op);
        if (op->kind == OP_SITTING || op->kind == OP_RUN_END)
            keep(&worker->run, NULL);
    }
}

static int transaction(Worker *worker)
{
    sqlite3 *db = worker->database.db;
    Position position = worker->position;
    int code = begin(worker);
    if (code != SQLITE_OK)
        return code;
    for (GList *link = worker->backlog.ops.head; link && code == SQLITE_OK; link = link->next)
        code = tables_apply(db, &position, link->data);
    if (code == SQLITE_OK)
        code = tables_note_wall_clock(db, &position);
    gboolean committing = code == SQLITE_OK;
    code = finish(worker, code);
    if (code == SQLITE_OK) {
        remember(worker);
        ops_clear(&worker->backlog);
        worker->position = position;
    } else if (committing) {
        ops_mark_attempted(&worker->backlog);
        worker->attempted = position;
    }
    return code;
}

static void flush(Worker *worker)
{
    ops_bound(&worker->backlog, OPS_LIMIT);
    if (!open_file(worker))
        return;
    int code = settle_attempt(worker);
    if (code == SQLITE_OK)
        code = recover(worker);
    if (code == SQLITE_OK && !g_queue_is_empty(&worker->backlog.ops))
        code = transaction(worker);
    if (code == SQLITE_OK)
        set_ready(worker);
    else
        write_failed(worker, code);
}

// ── requests ──

// The first opening: its outcome is the answer; what takes longer follows after it.
static void serve_open(Worker *worker, Request *request)
{
    WorkerOpening *opening = request->opening;
    database_open(&worker->database);
    read_kept(worker, request->kept);
    if (worker->database.state == DATABASE_READY)
        set_ready(worker);
    else
        set_status(worker, STORE_DEGRADED, worker->database.sentence);
    opening->refused = worker->database.state == DATABASE_REFUSED;
    opening->state = worker->state;
    opening->reason = g_strdup(opening->refused ? worker->database.sentence : worker->reason);
    if (opening->refused)
        set_status(worker, STORE_READY, ""); // nothing waits and nothing is to be tried again
    g_async_queue_push(worker->answers, worker);
}

// What is no list. True when it was answered, and the task is done with.
static gboolean answer_other(Worker *worker, const Request *request, int *ret_code)
{
    sqlite3 *db = worker->database.db;
    gpointer data = g_task_get_task_data(request->task), found = NULL;
    GDestroyNotify destroy = g_free;
    if (request->query == QUERY_EXCERPT) {
        found = excerpt_read(db, worker->position.sitting, data, ret_code);
        destroy = (GDestroyNotify)excerpt_free;
    } else if (request->query == QUERY_EVIDENCE) {
        found = evidence_read(db, data, ret_code);
        destroy = (GDestroyNotify)evidence_free;
    } else
        found = evidence_stretch(db, request->argument, GPOINTER_TO_UINT(data), ret_code);
    if (!found)
        return FALSE;
    g_task_return_pointer(request->task, found, destroy);
    g_object_unref(request->task);
    return TRUE;
}

static void answer_query(Worker *worker, Request *request)
{
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
        case QUERY_EXCERPT:
        case QUERY_EVIDENCE:
        case QUERY_STRETCH:
            if (answer_other(worker, request, &code))
                return;
            break;
        }
    if (found)
        g_task_return_pointer(request->task, g_variant_ref_sink(found),
                              (GDestroyNotify)g_variant_unref);
    else if (code == SQLITE_NOTFOUND)
        g_task_return_new_error(request->task, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                                "There is no run %" G_GINT64_FORMAT "%s", request->argument,
                                request->query == QUERY_STRETCH ? " with such a lap" : "");
    else if (db)
        g_task_return_new_error(request->task, PACED_ERROR, PACED_ERROR_STORE,
                                "%s cannot be read: %s", worker->path, sqlite3_errstr(code));
    else
        g_task_return_new_error(request->task, PACED_ERROR, PACED_ERROR_STORE, "%s",
                                worker->reason[0] != '\0' ? worker->reason
                                                          : "nothing of it is in the file yet");
    g_object_unref(request->task);
}

// Losing its peer must not cost the last seconds: a lock or a full disk may go within the time.
static void serve_close(Worker *worker)
{
    Usec until = clock_now() + CLOSE_WITHIN - CLOSE_TRY_EVERY;
    for (;;) {
        flush(worker);
        if (g_queue_is_empty(&worker->backlog.ops) || clock_now() >= until)
            break;
        g_async_queue_timeout_pop(worker->requests, CLOSE_TRY_EVERY); // nobody asks any more
    }
    if (!g_queue_is_empty(&worker->backlog.ops))
        g_warning("store: what could not be written is lost: %s", worker->reason);
    database_clear(&worker->database);
    g_async_queue_push(worker->answers, worker);
}

static gpointer worker_run(gpointer data)
{
    Worker *worker = data;
    for (gboolean open = TRUE; open;) {
        Request *request = worker->state == STORE_DEGRADED
                               ? g_async_queue_timeout_pop(worker->requests, RETRY_EVERY)
                               : g_async_queue_pop(worker->requests);
        if (!request) {
            flush(worker);
            continue;
        }
        switch (request->kind) {
        case REQUEST_OPEN:
            serve_open(worker, request);
            if (worker->database.state == DATABASE_READY)
                flush(worker); // closes the runs that a kill left open
            break;
        case REQUEST_WRITE:
            ops_move(&request->ops, &worker->backlog);
            flush(worker);
            break;
        case REQUEST_QUERY:
            answer_query(worker, request);
            break;
        case REQUEST_CLOSE:
            serve_close(worker);
            open = FALSE;
            break;
        }
        g_free(request);
    }
    worker_unref(worker);
    return NULL;
}

// ── the main thread's side ──

static void ask(Worker *worker, Request request)
{
    g_async_queue_push(worker->requests, g_memdup2(&request, sizeof request));
}

Worker *worker_new(const char *path, const WorkerListener *listener, WorkerKept *kept,
                   WorkerOpening *ret_opening)
{
    Worker *worker = g_new0(Worker, 1);
    g_atomic_ref_count_init(&worker->references);
    worker->context = g_main_context_ref_thread_default();
    worker->requests = g_async_queue_new();
    worker->answers = g_async_queue_new();
    worker->path = g_strdup(path);
    worker->reason = g_strdup("");
    worker->listener = *listener;
    ops_init(&worker->backlog);
    database_init(&worker->database, worker->path);
    worker_ref(worker);
    worker->thread = g_thread_new("store", worker_run, worker);
    ask(worker, (Request){.kind = REQUEST_OPEN, .kept = kept, .opening = ret_opening});
    g_async_queue_pop(worker->answers);
    return worker;
}

gboolean worker_is_behind(Worker *worker)
{
    return g_async_queue_length(worker->requests) >= BEHIND;
}

void worker_write(Worker *worker, Ops *ops)
{
    Request request = {.kind = REQUEST_WRITE};
    ops_init(&request.ops);
    ops_move(ops, &request.ops);
    ask(worker, request);
}

void worker_query(Worker *worker, Query query, gint64 argument, GTask *task)
{
    ask(worker,
        (Request){.kind = REQUEST_QUERY, .query = query, .argument = argument, .task = task});
}

void worker_free(Worker *worker)
{
    worker->listener.data = NULL;
    ask(worker, (Request){.kind = REQUEST_CLOSE});
    if (g_async_queue_timeout_pop(worker->answers, CLOSE_WITHIN))
        g_thread_join(worker->thread);
    else
        g_thread_unref(worker->thread); // it hangs in the disk; it frees its own when it wakes
    worker_unref(worker);
}
