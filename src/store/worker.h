// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The store's thread: the only one that calls SQLite. Requests go in by a queue, answers come back
// on the main context. What could not be written stays here and is tried again.

#pragma once

#include <gio/gio.h>

#include "store/op.h"
#include "store/store.h"

typedef struct Worker Worker;

// What is kept to be known at once.
typedef struct {
    GPtrArray *sensors;  // EnrolledSensor*
    GPtrArray *athletes; // KeptAthlete*
} WorkerKept;

void worker_kept_init(WorkerKept *kept); // two empty arrays, which free what they hold
void worker_kept_clear(WorkerKept *kept);

// What the store is told, on its main context.
typedef struct {
    void (*status)(gpointer data, StoreState state, const char *reason);
    void (*kept)(gpointer data, const WorkerKept *kept); // the file was opened late
    gpointer data;
} WorkerListener;

typedef struct {
    gboolean refused; // waiting cannot mend it: free the worker
    StoreState state;
    char *reason;                // owned by the caller
    InterruptedRun *interrupted; // likewise
    Usec shift;                  // of the clock, for its sake
} WorkerOpening;

// Starts the thread and waits until it has opened the file, or found that it cannot now.
// What the file keeps is added to `kept`.
Worker *worker_new(const char *path, const WorkerListener *listener, WorkerKept *kept,
                   WorkerOpening *ret_opening);

void worker_write(Worker *worker, Ops *ops); // takes what is in `ops`; one transaction

// Whether requests pile up: the disk hangs. What can wait should.
gboolean worker_is_behind(Worker *worker);

typedef enum {
    QUERY_RUNS,    // argument: how many
    QUERY_LAPS,    // argument: the run's number
    QUERY_SUMMARY, // argument: the run's number
    QUERY_EXCERPT, // argument: the run's number, or 0 for the current sitting, which must be whole;
                   // the task's data: an ExcerptPlace. The answer is an Excerpt
    QUERY_EVIDENCE, // the task's data: the runner. The answer is an Evidence
    QUERY_FORGET,   // argument: the run's number, or less than 0: those before this time, negated.
                    // Answered by true
    QUERY_LEAVE,    // argument: the run's number. It is closed if it is open. Answered by true
    QUERY_REPLAY,   // argument: the run's number; the task's data: a SessionConfig. A Session
    QUERY_STRETCH,  // argument: the run's number; the task's data: the lap's. A Stretch
    QUERY_IMPORT,   // the task's data: a StoreImport. The answer is the run's number, a gint64
} Query;
// Answered in order with what is to be written: what was given to write before is in the answer.
void worker_query(Worker *worker, Query query, gint64 argument, GTask *task); // takes the task

// Writes what is waiting, for at most 5 s, and ends the thread. The listener hears nothing more.
void worker_free(Worker *worker);
