// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A hub in small for the store's tests: it feeds events to a session and the store as the daemon
// does, in a folder of its own, and looks into the file as another program would.

#pragma once

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#include "session/session.h"
#include "store/store.h"

#define expect_text(found, expected)                                                               \
    cr_expect(strcmp(found, expected) == 0, "%s, not %s", found, expected)

typedef struct {
    char *folder, *path;
    Store *store;
    Session *session;
    Usec at;
    guint64 appended; // events
} Keeper;

static inline Keeper keeper_new(void)
{
    Keeper keeper = {.at = 1000 * USEC_PER_SEC};
    keeper.folder = g_dir_make_tmp("paced-store-XXXXXX", NULL);
    keeper.path = g_build_filename(keeper.folder, "paced.db", NULL);
    return keeper;
}

static inline void keeper_open(Keeper *keeper)
{
    g_autoptr(GError) error = NULL;
    keeper->store = store_open(keeper->path, NULL, NULL, &error);
    cr_assert(keeper->store != NULL, "%s", error ? error->message : "");
    store_leave(keeper->store);
    g_clear_pointer(&keeper->session, session_free);
    keeper->session = session_new(&SESSION_CONFIG_DEFAULT);
}

static inline void keeper_close(Keeper *keeper)
{
    g_clear_pointer(&keeper->store, store_close);
    g_clear_pointer(&keeper->session, session_free);
}

static inline void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        remove_tree(child);
    }
    g_remove(path);
}

static inline void keeper_free(Keeper *keeper)
{
    keeper_close(keeper);
    remove_tree(keeper->folder);
    g_free(keeper->folder);
    g_free(keeper->path);
}

static inline void keeper_handle(Keeper *keeper, Event event)
{
    Effects effects;
    event.at = keeper->at;
    store_append(keeper->store, &event);
    keeper->appended++;
    session_handle(keeper->session, &event, &effects);
    for (size_t i = 0; i < effects.count; i++) {
        const Effect *effect = &effects.items[i];
        if (effect->kind == EFFECT_RECORD)
            store_run_lap(keeper->store, &effect->lap);
        else if (effect->kind == EFFECT_DONE)
            store_run_end(keeper->store, effect->at, &effect->summary,
                          effect->summary.completed ? "plan" : "stop", "me");
        else if (effect->kind == EFFECT_ANSWER && effect->answer.verb == COMMAND_START) {
            cr_assert(effect->answer.reason == REASON_OK, "%s", effect->answer.error.text);
            store_run_begin(keeper->store, event.at, "Kilometres");
        }
    }
}

static inline void keeper_command(Keeper *keeper, CommandVerb verb, const char *text)
{
    keeper_handle(
        keeper,
        (Event){.kind = EVENT_COMMAND,
                .command = {.verb = verb, .text = text, .length = text ? strlen(text) : 0}});
}

static inline void keeper_notify(Keeper *keeper, SensorId sensor, uint16_t characteristic,
                                 const uint8_t *bytes, uint8_t length)
{
    Event event = {
        .kind = EVENT_NOTIFY,
        .notify = {.sensor = sensor, .characteristic = characteristic, .length = length}};
    memcpy(event.notify.bytes, bytes, length);
    keeper_handle(keeper, event);
}

// A new address gets a free slot.
static inline gboolean keeper_enrol(Keeper *keeper, const char *address, const char *name,
                                    guint adopted_for, int *ret_slot, GError **error)
{
    const EnrolledSensor sensor = {
        .slot = -1,
        .address = (char *)address,
        .name = (char *)name,
        .adopted_for = adopted_for,
    };
    return store_sensor_put(keeper->store, &sensor, ret_slot, error);
}

static inline void keeper_begin(Keeper *keeper)
{
    store_sitting_begin(keeper->store, keeper->at, "[coach]\nband=0.03\n");
    keeper_handle(keeper, (Event){.kind = EVENT_LINK, .link = {.sensor = 0, .up = true}});
    keeper_handle(keeper, (Event){.kind = EVENT_LINK, .link = {.sensor = 1, .up = true}});
}

// A strap with RR intervals and a pod, once a second each, at 3.5 m/s.
static inline void keeper_second(Keeper *keeper)
{
    uint8_t beat = (uint8_t)(150 + keeper->appended % 7);
    uint8_t heart[] = {0x16, beat, (uint8_t)(140 + keeper->appended % 90), 0x01, 0x9b, 0x01};
    uint8_t pod[] = {0x04, 0x80, 0x03, (uint8_t)(85 + keeper->appended % 3)};
    keeper->at += USEC_PER_SEC / 2 + 1234;
    keeper_notify(keeper, 0, CHARACTERISTIC_HRS_MEASUREMENT, heart, sizeof heart);
    keeper->at += USEC_PER_SEC / 2 - 1234;
    keeper_notify(keeper, 1, CHARACTERISTIC_RSCS_MEASUREMENT, pod, sizeof pod);
}

static inline void keeper_seconds(Keeper *keeper, int seconds)
{
    for (int i = 0; i < seconds; i++)
        keeper_second(keeper);
    store_commit(keeper->store);
}

// ── waiting, by events only ──

static inline void keeper_wait(Keeper *keeper, StoreState state)
{
    while (store_status(keeper->store).state != state)
        g_main_context_iteration(NULL, TRUE);
}

static inline void keep_result(GObject *source, GAsyncResult *result, gpointer data)
{
    *(GAsyncResult **)data = g_object_ref(result);
}

// NULL: an error.
static inline GVariant *keeper_runs(Keeper *keeper, guint limit, GError **error)
{
    GAsyncResult *result = NULL;
    store_list_runs(keeper->store, limit, keep_result, &result);
    while (!result)
        g_main_context_iteration(NULL, TRUE);
    GVariant *runs = store_list_runs_finish(keeper->store, result, error);
    g_object_unref(result);
    return runs;
}

// Only waits until all that was appended before was tried to be written.
static inline void keeper_settle(Keeper *keeper)
{
    GVariant *runs = keeper_runs(keeper, 1, NULL);
    g_clear_pointer(&runs, g_variant_unref);
}

static inline GVariant *keeper_laps(Keeper *keeper, gint64 run, GError **error)
{
    GAsyncResult *result = NULL;
    store_list_laps(keeper->store, run, keep_result, &result);
    while (!result)
        g_main_context_iteration(NULL, TRUE);
    GVariant *laps = store_list_laps_finish(keeper->store, result, error);
    g_object_unref(result);
    return laps;
}

static inline char *keeper_print(GVariant *list)
{
    cr_assert(list != NULL);
    char *text = g_variant_print(list, FALSE);
    g_variant_unref(list);
    return text;
}

// ── another program at the file ──

static inline sqlite3 *keeper_visit(const Keeper *keeper)
{
    sqlite3 *db;
    cr_assert(eq(int, sqlite3_open(keeper->path, &db), SQLITE_OK));
    sqlite3_busy_timeout(db, 5000);
    return db;
}

static inline void visit_run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    sqlite3_exec(db, sql, NULL, NULL, &message);
    cr_assert(message == NULL, "%s: %s", sql, message);
}

static inline gint64 visit_int(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    cr_assert(eq(int, sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK), "%s", sql);
    cr_assert(eq(int, sqlite3_step(statement), SQLITE_ROW), "%s: %s", sql, sqlite3_errmsg(db));
    gint64 value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static inline void keeper_run(const Keeper *keeper, const char *sql)
{
    sqlite3 *db = keeper_visit(keeper);
    visit_run(db, sql);
    sqlite3_close(db);
}

// The closed file as a daemon of an older version left it.
static inline void keeper_old(const Keeper *keeper, int version)
{
    g_autofree char *path = g_strdup_printf(TEST_DATA "/old/old-%d.sql", version);
    g_autofree char *sql = NULL;
    cr_assert(g_file_get_contents(path, &sql, NULL, NULL), "%s", path);
    keeper_run(keeper, sql);
}

static inline gint64 keeper_int(const Keeper *keeper, const char *sql)
{
    sqlite3 *db = keeper_visit(keeper);
    gint64 value = visit_int(db, sql);
    sqlite3_close(db);
    return value;
}
