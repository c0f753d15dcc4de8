// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the two halves of the store's thread share: worker.c, which writes, and answers.c, which is
// asked.

#pragma once

#include "store/database.h"
#include "store/replay.h"
#include "store/tables.h"
#include "store/worker.h"

// pacectl looks for its beginning.
#define DELETED_HELD                                                                               \
    "A deleted run is still in the file, which another program reads; it goes by itself after "    \
    "that"

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
    gboolean again;   // the file was damaged the first time
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
    guint damaged;       // events of those that were left out
    gboolean scrub;      // the log may hold what was deleted
    gboolean deleted;    // and it is known to
    Usec scrub_due;
    gboolean looking; // for damage that nothing has met yet
    ReplayLook look;
    gboolean recovered; // runs left open by an earlier life are closed
    Position position;  // as committed
    Position attempted; // where a transaction of unknown end would have got to; sitting 0: none
    Ops backlog;
    Op *sitting, *run; // the current ones, should a new file have to be begun in mid-run
    gboolean anew;     // closed, or a new one: what is in the file has to be asked
    StoreState state;
    char *reason;
};

// A transaction: what worker_begin() gave, or what came of it after, goes to worker_finish(), which
// commits what went well.
int worker_begin(Worker *worker);
int worker_finish(Worker *worker, int code);

void worker_flush(Worker *worker);                       // writes what waits, if it can now
void worker_set_ready(Worker *worker);                   // the status, with what there is to say
void worker_note_damaged(Worker *worker, guint damaged); // so many events
void worker_failed(Worker *worker, int code);            // what there is to be done about it
void worker_scrub(Worker *worker); // nothing that was deleted stays in the log
