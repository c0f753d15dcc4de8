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
#include "store/answers.h"
#include "store/athletes.h"
#include "store/forget.h"
#include "store/interrupted.h"
#include "store/replay.h"
#include "store/sql.h"
#include "store/worker-inside.h"

#define RETRY_EVERY     (2 * USEC_PER_SEC)
#define BEHIND          10                    // requests
#define LOOK_EVERY      (250 * USEC_PER_MSEC) // at as many events as a slow card reads in a tenth of it
#define LOOK_AT         4000
#define CLOSE_WITHIN    (5 * USEC_PER_SEC)
#define CLOSE_TRY_EVERY (200 * USEC_PER_MSEC)

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

void worker_set_ready(Worker *worker)
{
    worker->backlog.let_go = 0;
    g_autofree char *damaged =
        worker->damaged > 0
            ? g_strdup_printf("%u events are damaged; their runs count without them",
                              worker->damaged)
            : g_strdup("");
    set_status(worker, STORE_READY,
               worker->deleted              ? DELETED_HELD
               : worker->database.set_aside ? worker->database.set_aside
                                            : damaged);
}

void worker_note_damaged(Worker *worker, guint damaged)
{
    if (damaged == 0)
        return;
    worker->damaged = damaged;
    if (worker->state == STORE_READY)
        worker_set_ready(worker);
}

// ── the file ──

int worker_begin(Worker *worker)
{
    return sql_run_often(worker->database.db, "BEGIN IMMEDIATE", "");
}

int worker_finish(Worker *worker, int code)
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
    int code = worker_begin(worker);
    if (code == SQLITE_OK)
        code = worker_finish(
            worker, tables_recover(worker->database.db, &worker->position, &worker->damaged));
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

// What is to come needs its sitting and its run in the new file too. Its end may be lost with a
// page of the old one.
static int take_up_position(Worker *worker)
{
    sqlite3 *db = worker->database.db;
    Position *position = &worker->position;
    gint64 there = 0, seq = 0;
    int code = sql_int(db, &there,
                       "SELECT ?1 IN (SELECT sitting FROM sittings) AND"
                       " (?2 = 0 OR ?2 IN (SELECT run FROM runs))",
                       "ii", position->sitting, position->run);
    if (code == SQLITE_OK)
        code = sql_int(db, &seq, "SELECT max(seq) FROM events", "");
    if (code != SQLITE_OK)
        return code;
    worker->anew = FALSE;
    position->seq = MAX(position->seq, seq);
    if (there || position->sitting == 0)
        return SQLITE_OK;
    *position = (Position){.held = position->held};
    if (worker->run)
        ops_push_front(&worker->backlog, op_copy(worker->run));
    if (worker->sitting)
        ops_push_front(&worker->backlog, op_copy(worker->sitting));
    return SQLITE_OK;
}

void worker_failed(Worker *worker, int code)
{
    g_autofree char *why = database_explain(&worker->database, code);
    if (database_code_is_damage(code)) {
        database_set_aside(&worker->database);
    } else if (database_code_wants_reopen(code)) {
        database_close(&worker->database);
    }
    worker->anew |= worker->database.state != DATABASE_READY;
    set_status(worker, STORE_DEGRADED, why);
}

static int read_kept(Worker *worker, const WorkerKept *kept)
{
    sqlite3 *db = worker->database.db;
    int code = tables_read_sensors(db, kept->sensors);
    if (code == SQLITE_OK)
        code = athletes_read(db, kept->athletes);
    worker->kept_known = code == SQLITE_OK;
    return code;
}

static gboolean open_file(Worker *worker)
{
    if (worker->database.state == DATABASE_READY)
        return TRUE;
    database_open(&worker->database);
    if (!worker->kept_known) {
        WorkerKept kept;
        worker_kept_init(&kept);
        if (worker->database.db && read_kept(worker, &kept) == SQLITE_OK)
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

static void remember_continued(Worker *worker, const Op *op)
{
    g_free(worker->sitting);
    g_free(worker->run);
    worker->sitting = op_texts(OP_SITTING, op->at, op_text(op, 0), NULL);
    worker->run = op_texts(OP_RUN_BEGIN, op->at, op_text(op, 1), op_text(op, 2));
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
        if (op->kind == OP_CONTINUE)
            remember_continued(worker, op);
    }
}

static int transaction(Worker *worker)
{
    sqlite3 *db = worker->database.db;
    Position position = worker->position;
    int code = worker_begin(worker);
    if (code != SQLITE_OK)
        return code;
    for (GList *link = worker->backlog.ops.head; link && code == SQLITE_OK; link = link->next)
        code = tables_apply(db, &position, link->data);
    if (code == SQLITE_OK)
        code = tables_note_wall_clock(db, &position);
    gboolean committing = code == SQLITE_OK;
    code = worker_finish(worker, code);
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

// Nothing that was deleted stays in the log, not even after a kill.
void worker_scrub(Worker *worker)
{
    if (!worker->scrub || clock_now() < worker->scrub_due)
        return;
    worker->scrub_due = clock_now() + RETRY_EVERY;
    worker->scrub = forget_scrub(worker->database.db) != SQLITE_OK;
    worker->deleted &= worker->scrub;
}

void worker_flush(Worker *worker)
{
    ops_bound(&worker->backlog, OPS_LIMIT);
    if (!open_file(worker))
        return;
    int code = settle_attempt(worker);
    if (code == SQLITE_OK && worker->anew)
        code = take_up_position(worker);
    if (code == SQLITE_OK)
        code = recover(worker);
    if (code == SQLITE_OK && !g_queue_is_empty(&worker->backlog.ops))
        code = transaction(worker);
    if (code == SQLITE_OK) {
        worker_scrub(worker);
        worker_set_ready(worker);
    } else
        worker_failed(worker, code);
}

// ── requests ──

static int read_opened(Worker *worker, Request *request)
{
    int code = worker->database.db ? read_kept(worker, request->kept) : SQLITE_OK;
    if (code == SQLITE_OK && worker->database.state == DATABASE_READY)
        code = interrupted_find(worker->database.db, &request->opening->interrupted,
                                &request->opening->shift);
    return code;
}

// The first opening: its outcome is the answer; what takes longer follows after it.
static void serve_open(Worker *worker, Request *request)
{
    WorkerOpening *opening = request->opening;
    database_open(&worker->database);
    if (database_code_is_damage(read_opened(worker, request)) &&
        worker->database.state == DATABASE_READY) {
        g_ptr_array_set_size(request->kept->sensors, 0);
        g_ptr_array_set_size(request->kept->athletes, 0);
        database_set_aside(&worker->database);
        database_open(&worker->database);
        read_opened(worker, request);
    }
    // To go on with it and to close it are a replay each: one of them is enough.
    if (opening->interrupted)
        worker->position.held = opening->interrupted->run;
    if (worker->database.state == DATABASE_READY)
        worker_set_ready(worker);
    else
        set_status(worker, STORE_DEGRADED, worker->database.sentence);
    opening->refused = worker->database.state == DATABASE_REFUSED;
    opening->state = worker->state;
    opening->reason = g_strdup(opening->refused ? worker->database.sentence : worker->reason);
    if (opening->refused)
        set_status(worker, STORE_READY, ""); // nothing waits and nothing is to be tried again
    g_async_queue_push(worker->answers, worker);
}

// Of a run, or told by somebody; what sensors send with no run on is of no use to anyone.
static gboolean has_to_be_kept(const Worker *worker)
{
    gboolean needed = worker->position.run != 0 && worker->backlog.ops.length > 0;
    for (GList *link = worker->backlog.ops.head; link; link = link->next) {
        const OpKind kind = ((Op *)link->data)->kind;
        needed |= kind != OP_SITTING && kind != OP_EVENT;
    }
    return needed;
}

// Losing its peer must not cost the last seconds: a lock or a full disk may go within the time.
static void serve_close(Worker *worker)
{
    Usec until = clock_now() + CLOSE_WITHIN - CLOSE_TRY_EVERY;
    for (;;) {
        worker_flush(worker);
        if (g_queue_is_empty(&worker->backlog.ops) || clock_now() >= until)
            break;
        g_async_queue_timeout_pop(worker->requests, CLOSE_TRY_EVERY); // nobody asks any more
    }
    if (has_to_be_kept(worker))
        g_warning("store: what could not be written is lost: %s", worker->reason);
    database_clear(&worker->database);
    g_async_queue_push(worker->answers, worker);
}

// Closes the runs that a kill left open. Damage that is met at it is not left to whoever asks
// first.
static void recover_first(Worker *worker)
{
    worker_flush(worker);
    if (worker->database.state != DATABASE_READY)
        worker_flush(worker);
}

static gboolean has_leisure(const Worker *worker)
{
    return worker->looking && worker->position.run == 0 &&
           worker->database.state == DATABASE_READY && worker->state == STORE_READY;
}

// Once after the start, and never in a run: what is damaged is found while there is a backup, or
// the patience to make one. Counting reads every page.
static void look_on(Worker *worker)
{
    sqlite3 *db = worker->database.db;
    gint64 before = worker->look.seen, unused = 0;
    int code = replay_look(db, LOOK_AT, &worker->look);
    worker->looking = worker->look.seen > before;
    if (code == SQLITE_OK && !worker->looking) {
        worker_note_damaged(worker, (guint)worker->look.damaged);
        code = sql_int(db, &unused,
                       "SELECT count(*) FROM runs NOT INDEXED, (SELECT count(*) FROM laps),"
                       " (SELECT count(*) FROM workouts NOT INDEXED)",
                       "");
    }
    if (code != SQLITE_OK)
        worker_failed(worker, code);
}

static gpointer worker_run(gpointer data)
{
    Worker *worker = data;
    for (gboolean open = TRUE; open;) {
        const gboolean leisure = has_leisure(worker);
        Request *request = leisure ? g_async_queue_timeout_pop(worker->requests, LOOK_EVERY)
                           : worker->state == STORE_DEGRADED || worker->scrub
                               ? g_async_queue_timeout_pop(worker->requests, RETRY_EVERY)
                               : g_async_queue_pop(worker->requests);
        if (!request) {
            if (leisure)
                look_on(worker);
            else
                worker_flush(worker);
            continue;
        }
        switch (request->kind) {
        case REQUEST_OPEN:
            serve_open(worker, request);
            if (worker->database.state == DATABASE_READY)
                recover_first(worker);
            break;
        case REQUEST_WRITE:
            ops_move(&request->ops, &worker->backlog);
            worker_flush(worker);
            break;
        case REQUEST_QUERY:
            answers_give(worker, request);
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
    worker->looking = TRUE;
    worker->scrub = TRUE; // an earlier life may have been killed at it
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
