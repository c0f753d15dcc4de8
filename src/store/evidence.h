// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the kept runs say between sessions: how each went and what it cost, what was run all out,
// and what the runner answered to earlier proposals. As tables.h: the worker's thread only, and
// writing wants a transaction.

#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "store/op.h"

int evidence_put_trials(sqlite3 *db, gint64 run, const RunSummary *summary);
int evidence_put_trial(sqlite3 *db, const Op *op);  // an OP_TRIAL
int evidence_put_answer(sqlite3 *db, const Op *op); // an OP_ANSWER

// NULL and *ret_code on failure.
Evidence *evidence_read(sqlite3 *db, const char *runner, int *ret_code);

// NULL and SQLITE_NOTFOUND: there is no such run, or no such lap in it.
Stretch *evidence_stretch(sqlite3 *db, gint64 run, gint64 lap, int *ret_code);
