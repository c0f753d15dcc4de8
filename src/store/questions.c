// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is asked of the kept runs, and answered when the worker comes to it: lists and sums, what
// speaks for a proposal, what is to be forgotten, and what others recorded.

#include <malloc.h>

#include "io/clock.h"
#include "io/error.h"
#include "store/store-inside.h"

#define LIST_MAX 10000

// ── queries ──

void store_list_runs(Store *store, guint limit, GAsyncReadyCallback done, gpointer data)
{
    GTask *task = g_task_new(NULL, NULL, done, data);
    g_task_set_source_tag(task, store_list_runs);
    if (limit >= 1 && limit <= LIST_MAX) {
        store_ask(store, QUERY_RUNS, limit, task);
        return;
    }
    g_task_return_new_error(task, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                            "The limit must be 1 to %d, not %u", LIST_MAX, limit);
    g_object_unref(task);
}

static void ask_of_run(Store *store, Query query, gint64 run, gpointer tag,
                       GAsyncReadyCallback done, gpointer data)
{
    GTask *task = g_task_new(NULL, NULL, done, data);
    g_task_set_source_tag(task, tag);
    store_ask(store, query, run, task);
}

GVariant *store_list_runs_finish(Store *store, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void store_list_laps(Store *store, gint64 run, GAsyncReadyCallback done, gpointer data)
{
    ask_of_run(store, QUERY_LAPS, run, store_list_laps, done, data);
}

GVariant *store_list_laps_finish(Store *store, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void store_summary(Store *store, gint64 run, GAsyncReadyCallback done, gpointer data)
{
    ask_of_run(store, QUERY_SUMMARY, run, store_summary, done, data);
}

GVariant *store_summary_finish(Store *store, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void store_forget(Store *store, gint64 run, GAsyncReadyCallback done, gpointer data)
{
    store_leave(store);
    if (store->interrupted && store->interrupted->run == run)
        g_clear_pointer(&store->interrupted, interrupted_run_free);
    ask_of_run(store, QUERY_FORGET, MAX(run, 0), store_forget, done, data);
}

gboolean store_forget_finish(Store *store, GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

gint64 store_kept_since(guint days)
{
    return days > 0 ? clock_wall() - days * EVIDENCE_DAY : G_MININT64;
}

void store_forget_older(Store *store, guint days)
{
    store_ask(store, QUERY_FORGET, -MAX(store_kept_since(days), 1),
              g_task_new(NULL, NULL, NULL, NULL));
}

// ── between sessions ──

void evidence_free(Evidence *evidence)
{
    if (!evidence)
        return;
    g_clear_pointer(&evidence->runs, g_array_unref);
    g_clear_pointer(&evidence->trials, g_array_unref);
    g_clear_pointer(&evidence->answers, g_array_unref);
    g_free(evidence->workout);
    g_free(evidence);
}

void store_evidence(Store *store, const char *runner, GCancellable *cancellable,
                    GAsyncReadyCallback done, gpointer data)
{
    GTask *task = g_task_new(NULL, cancellable, done, data);
    g_task_set_source_tag(task, store_evidence);
    g_task_set_task_data(task, g_strdup(runner), g_free);
    store_ask(store, QUERY_EVIDENCE, 0, task);
}

Evidence *store_evidence_finish(Store *store, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void store_stretch(Store *store, gint64 run, guint lap, GCancellable *cancellable,
                   GAsyncReadyCallback done, gpointer data)
{
    GTask *task = g_task_new(NULL, cancellable, done, data);
    g_task_set_source_tag(task, store_stretch);
    g_task_set_task_data(task, GUINT_TO_POINTER(lap), NULL);
    store_ask(store, QUERY_STRETCH, run, task);
}

Stretch *store_stretch_finish(Store *store, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

static void import_free(gpointer data)
{
    StoreImport *import = data;
    g_variant_unref(import->events);
    g_clear_pointer(&import->laps_m, g_variant_unref);
    g_free((char *)import->name);
    g_free((char *)import->runner);
    g_free(import);
    malloc_trim(0); // a day is 50 MB of events
}

void store_import(Store *store, const StoreImport *import, GCancellable *cancellable,
                  GAsyncReadyCallback done, gpointer data)
{
    GTask *task = g_task_new(NULL, cancellable, done, data);
    StoreImport *copy = g_memdup2(import, sizeof *import);
    g_task_set_source_tag(task, store_import);
    g_variant_ref(copy->events);
    if (copy->laps_m)
        g_variant_ref(copy->laps_m);
    copy->name = g_strdup(import->name);
    copy->runner = g_strdup(import->runner);
    g_task_set_task_data(task, copy, import_free);
    store_ask(store, QUERY_IMPORT, 0, task);
}

gint64 *store_import_finish(Store *store, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
