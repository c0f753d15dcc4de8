// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What can be looked up: the workouts there are and the runs that were kept. Files are read and
// written on a worker thread and the store has its own, so a slow card never delays a word.

#include "bus/objects.h"

#include "io/error.h"
#include "io/library.h"

#include <math.h>

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

// `value` is the answer's tuple (consumed when floating), or NULL and `error` is consumed.
static void request_answer(Request *request, GVariant *value, GError *error)
{
    if (value)
        calls_return(request->calls, request->id, value);
    else
        calls_fail(request->calls, request->id, error);
    calls_unref(request->calls);
    g_free(request);
}

// ── library ──

// What a worker thread does for a caller.
typedef struct Errand {
    GVariant *(*run)(const struct Errand *errand, GError **error); // floating; NULL: failed
    char *shipped;
    Athlete athlete;
    char *name; // or the words to search for; NULL: none
    char *text;
    gboolean replace;
    Export *tell; // NULL: nothing changes
} Errand;

static void errand_free(gpointer data)
{
    Errand *errand = data;
    g_free(errand->shipped);
    g_free(errand->name);
    g_free(errand->text);
    g_free(errand);
}

static GVariant *kinds_variant(guint32 kinds)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE_STRING_ARRAY);
    for (WorkoutKind kind = 0; kind < KIND_COUNT; kind++)
        if (kinds & 1U << kind)
            g_variant_builder_add(&builder, "s", kind_name(kind));
    return g_variant_builder_end(&builder);
}

static GVariant *entry_variant(const LibraryEntry *entry)
{
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    g_variant_dict_insert(&dict, "name", "s", entry->name);
    g_variant_dict_insert(&dict, "own", "b", entry->own);
    if (entry->error) {
        g_autofree char *error = g_utf8_make_valid(entry->error, -1);
        g_variant_dict_insert(&dict, "error", "s", error);
        return g_variant_dict_end(&dict);
    }
    g_variant_dict_insert(&dict, "title", "s", entry->title);
    if (!isnan(entry->gist.s))
        g_variant_dict_insert(&dict, "duration", "d", entry->gist.s);
    if (!isnan(entry->gist.m))
        g_variant_dict_insert(&dict, "distance", "d", entry->gist.m);
    g_variant_dict_insert(&dict, "duration-guessed", "b", (gboolean)entry->gist.s_guessed);
    g_variant_dict_insert(&dict, "distance-guessed", "b", (gboolean)entry->gist.m_guessed);
    g_variant_dict_insert_value(&dict, "kinds", kinds_variant(entry->gist.kinds));
    g_variant_dict_insert(&dict, "steps", "u", entry->steps);
    return g_variant_dict_end(&dict);
}

static GVariant *run_list(const Errand *errand, GError **error)
{
    g_autoptr(Query) query = errand->name ? query_parse(errand->name, error) : NULL;
    if (errand->name && !query)
        return NULL;
    g_autoptr(GPtrArray) entries = library_list(errand->shipped, &errand->athlete, query);
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("aa{sv}"));
    for (guint i = 0; i < entries->len; i++)
        g_variant_builder_add_value(&builder, entry_variant(g_ptr_array_index(entries, i)));
    GVariant *all = g_variant_builder_end(&builder);
    return g_variant_new_tuple(&all, 1);
}

static GVariant *run_get(const Errand *errand, GError **error)
{
    g_autofree char *text = library_text(errand->shipped, errand->name, error);
    return text ? g_variant_new("(s)", text) : NULL;
}

static GVariant *run_add(const Errand *errand, GError **error)
{
    g_autofree char *name =
        library_add(errand->shipped, errand->name, errand->text, errand->replace, error);
    return name ? g_variant_new("(s)", name) : NULL;
}

static GVariant *run_remove(const Errand *errand, GError **error)
{
    return library_remove(errand->shipped, errand->name, error) ? g_variant_new("()") : NULL;
}

static void run_errand(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Errand *errand = data;
    GError *error = NULL;
    GVariant *value = errand->run(errand, &error);
    if (value)
        g_task_return_pointer(task, g_variant_ref_sink(value), (GDestroyNotify)g_variant_unref);
    else
        g_task_return_error(task, error);
}

static void on_errand_run(GObject *source, GAsyncResult *result, gpointer data)
{
    const Errand *errand = g_task_get_task_data(G_TASK(result));
    Request *request = data;
    GError *error = NULL;
    g_autoptr(GVariant) value = g_task_propagate_pointer(G_TASK(result), &error);
    if (value && errand->tell) {
        const char *name = errand->name;
        if (g_variant_n_children(value) > 0) // Add may have chosen it
            g_variant_get(value, "(&s)", &name);
        export_emit(errand->tell, "Changed", g_variant_new("(s)", name)); // the bus may be gone
    }
    request_answer(request, value, error);
}

// `like` is copied. FALSE: nothing is on its way.
static gboolean errand_send(Bus *bus, const ExportCall *call, const Errand *like, GError **error)
{
    Request *request = request_new(bus, call, error);
    if (!request)
        return FALSE;
    Errand *errand = g_new(Errand, 1);
    *errand = (Errand){like->run,
                       g_strdup(bus->shipped),
                       bus->told,
                       g_strdup(like->name),
                       g_strdup(like->text),
                       like->replace,
                       like->tell};
    g_autoptr(GTask) task = g_task_new(NULL, bus->closing, on_errand_run, request);
    g_task_set_task_data(task, errand, errand_free);
    g_task_run_in_thread(task, run_errand);
    return TRUE;
}

static gboolean on_list_workouts(Bus *bus, const ExportCall *call, GError **error)
{
    return errand_send(bus, call, &(Errand){.run = run_list}, error);
}

static gboolean on_search(Bus *bus, const ExportCall *call, GError **error)
{
    Errand errand = {.run = run_list};
    g_variant_get(call->arguments, "(&s)", &errand.name);
    return errand_send(bus, call, &errand, error);
}

static gboolean on_get(Bus *bus, const ExportCall *call, GError **error)
{
    Errand errand = {.run = run_get};
    g_variant_get(call->arguments, "(&s)", &errand.name);
    return errand_send(bus, call, &errand, error);
}

static gboolean on_add(Bus *bus, const ExportCall *call, GError **error)
{
    static const char *const known[] = {"replace", "b", NULL};
    Errand errand = {.run = run_add, .tell = call->export};
    g_autoptr(GVariant) options = NULL;
    g_variant_get(call->arguments, "(&s&s@a{sv})", &errand.name, &errand.text, &options);
    if (!options_check(options, known, error))
        return FALSE;
    g_variant_lookup(options, "replace", "b", &errand.replace);
    return errand_send(bus, call, &errand, error);
}

static gboolean on_remove(Bus *bus, const ExportCall *call, GError **error)
{
    Errand errand = {.run = run_remove, .tell = call->export};
    g_variant_get(call->arguments, "(&s)", &errand.name);
    return errand_send(bus, call, &errand, error);
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
    request_answer(data, runs ? g_variant_new_tuple(&runs, 1) : NULL, error);
}

static gboolean on_list_runs(Bus *bus, const ExportCall *call, GError **error)
{
    guint limit;
    g_variant_get(call->arguments, "(u)", &limit);
    Request *request = history_request(bus, call, error);
    if (request)
        store_list_runs(bus->store, limit, on_runs_listed, request);
    return request != NULL;
}

static void on_laps_listed(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    g_autoptr(GVariant) laps = store_list_laps_finish(NULL, result, &error);
    request_answer(data, laps ? g_variant_new_tuple(&laps, 1) : NULL, error);
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

static void on_summed_up(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    g_autoptr(GVariant) runs = store_summary_finish(NULL, result, &error);
    g_autoptr(GVariant) run = runs ? g_variant_get_child_value(runs, 0) : NULL;
    request_answer(data, run ? g_variant_new_tuple(&run, 1) : NULL, error);
}

static gboolean on_summary(Bus *bus, const ExportCall *call, GError **error)
{
    gint64 run;
    g_variant_get(call->arguments, "(x)", &run);
    Request *request = history_request(bus, call, error);
    if (request)
        store_summary(bus->store, run, on_summed_up, request);
    return request != NULL;
}

static void on_imported(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    g_autofree gint64 *run = store_import_finish(NULL, result, &error);
    request_answer(data, run ? g_variant_new("(x)", *run) : NULL, error);
}

static gboolean on_import(Bus *bus, const ExportCall *call, GError **error)
{
    static const char *const known[] = {"started", "x",    "workout", "s", "distance",
                                        "d",       "laps", "ad",      NULL};
    g_autoptr(GVariant) events = NULL, options = NULL, laps = NULL;
    StoreImport import = {.name = "", .runner = bus->runner_name, .distance_m = NAN};
    g_variant_get(call->arguments, "(@aay@a{sv})", &events, &options);
    if (!options_check(options, known, error))
        return FALSE;
    if (bus->session) { // whose seconds would have to wait for the disk
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_NOT_READY,
                            "a workout is running; import when it is over");
        return FALSE;
    }
    if (!g_variant_lookup(options, "started", "x", &import.started))
        return refuse(error, "a run without a date is not imported");
    if (import.started < store_kept_since(bus->keep_days))
        return refuse(error, "it is older than runs are kept ([history] keep)");
    g_variant_lookup(options, "workout", "&s", &import.name);
    g_variant_lookup(options, "distance", "d", &import.distance_m);
    laps = g_variant_lookup_value(options, "laps", G_VARIANT_TYPE("ad"));
    import.events = events;
    import.laps_m = laps;
    Request *request = history_request(bus, call, error);
    if (request)
        store_import(bus->store, &import, NULL, on_imported, request);
    return request != NULL;
}

static void on_forgotten(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    const gboolean gone = store_forget_finish(NULL, result, &error);
    request_answer(data, gone ? g_variant_new_tuple(NULL, 0) : NULL, error);
}

static gboolean on_delete(Bus *bus, const ExportCall *call, GError **error)
{
    gint64 run;
    g_variant_get(call->arguments, "(x)", &run);
    Request *request = history_request(bus, call, error);
    if (request)
        store_forget(bus->store, run, on_forgotten, request);
    return request != NULL;
}

void bus_signal_workout(Bus *bus, const char *name)
{
    export_emit(bus->library, "Changed", g_variant_new("(s)", name));
}

void catalog_export(Bus *bus)
{
    static const ExportMethod library[] = {
        {"List", on_list_workouts}, {"Search", on_search}, {"Get", on_get}, {"Add", on_add},
        {"Remove", on_remove},      {NULL, NULL},
    };
    static const ExportMethod history[] = {
        {"List", on_list_runs},  {"Laps", on_list_laps}, {"Summary", on_summary},
        {"Export", on_export},   {"Import", on_import},  {"Delete", on_delete},
        {"Details", on_details}, {NULL, NULL},
    };
    bus->library = export_new(&org_paced1_library_interface, library);
    exports_add(bus->exports, BUS_ROOT "/library", bus->library);
    exports_add(bus->exports, BUS_ROOT "/history",
                export_new(&org_paced1_history_interface, history));
}
