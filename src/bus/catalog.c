// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What can be looked up: the workouts there are and the runs that were kept. Files are read on a
// worker thread and the store has its own, so a slow card never delays a word.

#include "bus/objects.h"

#include "io/error.h"
#include "io/library.h"

#define RUNS_MAX 1000

typedef struct {
    Calls *calls;
    guint32 id;
} Request;

static Request *request_new(Bus *bus, const ExportCall *call, GError **error)
{
    guint32 id = calls_take(bus->calls, call->invocation, error);
    if (id == 0)
        return NULL;
    Request *request = g_new(Request, 1);
    *request = (Request){calls_ref(bus->calls), id};
    return request;
}

// `value` is the answer's only argument (consumed when floating), or NULL and `error` is consumed.
static void request_answer(Request *request, GVariant *value, GError *error)
{
    if (value)
        calls_return(request->calls, request->id, g_variant_new_tuple(&value, 1));
    else
        calls_fail(request->calls, request->id, error);
    calls_unref(request->calls);
    g_free(request);
}

// ── library ──

typedef struct {
    char *shipped;
    char *name; // NULL: the list of all
} Lookup;

static void lookup_free(gpointer data)
{
    Lookup *lookup = data;
    g_free(lookup->shipped);
    g_free(lookup->name);
    g_free(lookup);
}

static GVariant *entry_variant(const LibraryEntry *entry)
{
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    g_variant_dict_insert(&dict, "name", "s", entry->name);
    if (entry->error) {
        g_autofree char *error = g_utf8_make_valid(entry->error, -1);
        g_variant_dict_insert(&dict, "error", "s", error);
    } else {
        g_variant_dict_insert(&dict, "title", "s", entry->title);
        g_variant_dict_insert(&dict, "duration", "d", entry->duration_s);
        g_variant_dict_insert(&dict, "distance", "d", entry->distance_m);
        g_variant_dict_insert(&dict, "steps", "u", entry->steps);
    }
    return g_variant_dict_end(&dict);
}

static GVariant *list_workouts(const char *shipped)
{
    g_autoptr(GPtrArray) entries = library_list(shipped);
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("aa{sv}"));
    for (guint i = 0; i < entries->len; i++)
        g_variant_builder_add_value(&builder, entry_variant(g_ptr_array_index(entries, i)));
    return g_variant_builder_end(&builder);
}

static void look_up(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Lookup *lookup = data;
    GError *error = NULL;
    GVariant *found = NULL;
    if (!lookup->name) {
        found = list_workouts(lookup->shipped);
    } else {
        char *text = library_text(lookup->shipped, lookup->name, &error);
        found = text ? g_variant_new_take_string(text) : NULL;
    }
    if (found)
        g_task_return_pointer(task, g_variant_ref_sink(found), (GDestroyNotify)g_variant_unref);
    else
        g_task_return_error(task, error);
}

static void on_looked_up(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    g_autoptr(GVariant) found = g_task_propagate_pointer(G_TASK(result), &error);
    request_answer(data, found, error);
}

static gboolean look_up_later(Bus *bus, const ExportCall *call, const char *name, GError **error)
{
    Request *request = request_new(bus, call, error);
    if (!request)
        return FALSE;
    Lookup *lookup = g_new(Lookup, 1);
    *lookup = (Lookup){g_strdup(bus->shipped), g_strdup(name)};
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_looked_up, request);
    g_task_set_task_data(task, lookup, lookup_free);
    g_task_run_in_thread(task, look_up);
    return TRUE;
}

static gboolean on_list_workouts(Bus *bus, const ExportCall *call, GError **error)
{
    return look_up_later(bus, call, NULL, error);
}

static gboolean on_get(Bus *bus, const ExportCall *call, GError **error)
{
    const char *name;
    g_variant_get(call->arguments, "(&s)", &name);
    return look_up_later(bus, call, name, error);
}

// ── history ──

static Request *history_request(Bus *bus, const ExportCall *call, GError **error)
{
    if (bus->store)
        return request_new(bus, call, error);
    g_set_error_literal(error, PACED_ERROR, PACED_ERROR_STORE, "no runs are being kept");
    return NULL;
}

static void on_runs_listed(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    g_autoptr(GVariant) runs = store_list_runs_finish(NULL, result, &error);
    request_answer(data, runs, error);
}

static gboolean on_list_runs(Bus *bus, const ExportCall *call, GError **error)
{
    guint limit;
    g_variant_get(call->arguments, "(u)", &limit);
    if (limit < 1 || limit > RUNS_MAX)
        return refuse(error, "the limit is 1 to %d runs", RUNS_MAX);
    Request *request = history_request(bus, call, error);
    if (request)
        store_list_runs(bus->store, limit, on_runs_listed, request);
    return request != NULL;
}

static void on_laps_listed(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    g_autoptr(GVariant) laps = store_list_laps_finish(NULL, result, &error);
    request_answer(data, laps, error);
}

static gboolean on_list_laps(Bus *bus, const ExportCall *call, GError **error)
{
    gint64 run;
    g_variant_get(call->arguments, "(x)", &run);
    Request *request = history_request(bus, call, error);
    if (request)
        store_list_laps(bus->store, run, on_laps_listed, request);
    return request != NULL;
}

void catalog_export(Bus *bus)
{
    static const ExportMethod library[] = {
        {"List", on_list_workouts},
        {"Get", on_get},
        {NULL, NULL},
    };
    static const ExportMethod history[] = {
        {"List", on_list_runs},
        {"Laps", on_list_laps},
        {"Export", on_export},
        {NULL, NULL},
    };
    exports_add(bus->exports, BUS_ROOT "/library",
                export_new(&org_paced1_library_interface, library));
    exports_add(bus->exports, BUS_ROOT "/history",
                export_new(&org_paced1_history_interface, history));
}
