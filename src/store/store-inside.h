// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the two halves of the store's face share: store.c, which keeps, and questions.c, which asks.

#pragma once

#include "store/recorder.h"
#include "store/store.h"
#include "store/thinner.h"
#include "store/worker.h"

struct Store {
    Worker *worker;
    Recorder *recorder;
    void (*changed)(gpointer data);
    gpointer data;
    StoreState state;
    char *reason;
    char *path;
    Ops batch;        // since the last commit
    char *start_text; // of the latest START; NULL for a free run
    WorkerKept kept;  // sensors by slot
    InterruptedRun *interrupted;
    gboolean thinning;
    Thinner thinner;
};

// What was appended before is in the answer.
void store_ask(Store *store, Query query, gint64 argument, GTask *task);
