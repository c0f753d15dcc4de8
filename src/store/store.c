// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The store's face on the main thread: it turns calls into ops, hands them to the worker once a
// second, and keeps what must be known at once, the status and the enrolled sensors. It never waits
// for the disk but to open and to close.

#include "store/store.h"

#include <string.h>

#include "io/address.h"
#include "io/clock.h"
#include "io/error.h"
#include "io/fresh-file.h"
#include "store/store-inside.h"

// ── life ──

static void notify_changed(Store *store)
{
    if (store->changed)
        store->changed(store->data);
}

static void status_changed(gpointer data, StoreState state, const char *reason)
{
    Store *store = data;
    if (state == store->state && g_str_equal(reason, store->reason))
        return;
    store->state = state;
    g_free(store->reason);
    store->reason = g_strdup(reason);
    notify_changed(store);
}

static void kept_arrived(gpointer data, const WorkerKept *late);

Store *store_open(const char *path, void (*changed)(gpointer data), gpointer data, GError **error)
{
    Store *store = g_new0(Store, 1);
    store->path = g_strdup(path);
    store->changed = changed;
    store->data = data;
    ops_init(&store->batch);
    worker_kept_init(&store->kept);
    WorkerListener listener = {status_changed, kept_arrived, store};
    WorkerOpening opening = {.shift = clock_shifted()};
    store->worker = worker_new(path, &listener, &store->kept, &opening);
    store->recorder = recorder_new(store->worker);
    store->state = opening.state;
    store->reason = opening.reason;
    store->interrupted = opening.interrupted;
    clock_shift(opening.shift);
    if (!opening.refused)
        return store;
    g_set_error_literal(error, PACED_ERROR, PACED_ERROR_STORE, store->reason);
    store_close(store);
    return NULL;
}

void store_close(Store *store)
{
    if (!store)
        return;
    recorder_free(store->recorder);
    worker_write(store->worker, &store->batch);
    worker_free(store->worker);
    ops_clear(&store->batch);
    worker_kept_clear(&store->kept);
    interrupted_run_free(store->interrupted);
    g_free(store->start_text);
    g_free(store->reason);
    g_free(store->path);
    g_free(store);
}

StoreStatus store_status(Store *store)
{
    return (StoreStatus){store->state, store->reason, store->path};
}

// ── journal and runs ──

void store_sitting_begin(Store *store, Usec at, const char *config_text)
{
    ops_push(&store->batch, op_texts(OP_SITTING, at, config_text, NULL));
    recorder_sitting(store->recorder, at, config_text);
}

void store_thin(Store *store, gboolean thin)
{
    store->thinning = thin;
}

void store_append(Store *store, const Event *event)
{
    if (store->thinning && thinner_drops(&store->thinner, event))
        return;
    ops_push(&store->batch, op_event(event));
    ops_bound(&store->batch, OPS_LIMIT);
    recorder_event(store->recorder, event);
    if (event->kind != EVENT_COMMAND || !command_starts(event->command.verb))
        return;
    g_free(store->start_text);
    store->start_text =
        event->command.length > 0 ? g_strndup(event->command.text, event->command.length) : NULL;
}

void store_commit(Store *store)
{
    recorder_flush(store->recorder);
    // Nothing to write, nothing to wake for; but while degraded each second is another try.
    if (g_queue_is_empty(&store->batch.ops) && store->state == STORE_READY)
        return;
    if (!worker_is_behind(store->worker))
        worker_write(store->worker, &store->batch);
}

void store_run_begin(Store *store, Usec at, const char *workout_name)
{
    ops_push(&store->batch, op_texts(OP_RUN_BEGIN, at, workout_name, store->start_text));
    store_leave(store);
    g_clear_pointer(&store->interrupted, interrupted_run_free);
}

void store_run_lap(Store *store, const Lap *lap)
{
    ops_push(&store->batch, op_lap(lap));
}

void store_run_end(Store *store, Usec at, const RunSummary *summary, const char *ended_by,
                   const char *runner)
{
    Op *op = op_texts(OP_RUN_END, at, ended_by, runner);
    op->summary = *summary;
    ops_push(&store->batch, op);
}

void store_run_correct(Store *store, double metres)
{
    Op *op = op_texts(OP_RUN_CORRECT, 0, "", NULL);
    op->corrected_m = metres;
    ops_push(&store->batch, op);
}

// ── a run that was cut off ──

void store_ask(Store *store, Query query, gint64 argument, GTask *task)
{
    store_commit(store);
    worker_query(store->worker, query, argument, task);
}

const InterruptedRun *store_interrupted(Store *store)
{
    return store->interrupted;
}

void store_replay(Store *store, const SessionConfig *config, GCancellable *cancellable,
                  GAsyncReadyCallback done, gpointer data)
{
    GTask *task = g_task_new(NULL, cancellable, done, data);
    g_task_set_source_tag(task, store_replay);
    g_task_set_task_data(task, g_memdup2(config, sizeof *config), g_free);
    store_ask(store, QUERY_REPLAY, store->interrupted->run, task);
}

Session *store_replay_finish(Store *store, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void store_leave(Store *store)
{
    if (store->interrupted)
        store_ask(store, QUERY_LEAVE, store->interrupted->run, g_task_new(NULL, NULL, NULL, NULL));
}

void store_continue(Store *store)
{
    const InterruptedRun *run = store->interrupted;
    ops_push(&store->batch, op_continue(run));
    worker_write(store->worker, &store->batch);
    recorder_continue(store->recorder, run->started, run->config);
    g_free(store->start_text);
    store->start_text = g_strdup(run->text);
    g_clear_pointer(&store->interrupted, interrupted_run_free);
}

// ── sensors ──

void enrolled_sensor_free(EnrolledSensor *sensor)
{
    g_free(sensor->address);
    g_free(sensor->name);
    g_free(sensor->runner);
    g_free(sensor->history);
    g_free(sensor->lessons);
    g_free(sensor->lessons_before);
    g_free(sensor->lessons_firmware);
    g_free(sensor);
}

static char *text_copy(const char *text)
{
    return g_strdup(text ? text : "");
}

static gpointer sensor_copy(gconstpointer sensor, gpointer unused)
{
    const EnrolledSensor *from = sensor;
    EnrolledSensor *copy = g_memdup2(from, sizeof *from);
    copy->address = g_ascii_strup(from->address, -1);
    copy->name = text_copy(from->name);
    copy->runner = text_copy(from->runner);
    copy->history = text_copy(from->history);
    copy->lessons = text_copy(from->lessons);
    copy->lessons_before = text_copy(from->lessons_before);
    copy->lessons_firmware = text_copy(from->lessons_firmware);
    return copy;
}

GPtrArray *store_sensors(Store *store)
{
    GPtrArray *copy = g_ptr_array_copy(store->kept.sensors, sensor_copy, NULL);
    g_ptr_array_set_free_func(copy, (GDestroyNotify)enrolled_sensor_free);
    return copy;
}

static EnrolledSensor *find_sensor(Store *store, const char *address)
{
    for (guint i = 0; i < store->kept.sensors->len; i++) {
        EnrolledSensor *sensor = store->kept.sensors->pdata[i];
        if (g_ascii_strcasecmp(sensor->address, address) == 0)
            return sensor;
    }
    return NULL;
}

static EnrolledSensor *find_by_slot(Store *store, int slot)
{
    for (guint i = 0; i < store->kept.sensors->len; i++) {
        EnrolledSensor *sensor = store->kept.sensors->pdata[i];
        if (sensor->slot == slot)
            return sensor;
    }
    return NULL;
}

static int compare_slots(gconstpointer a, gconstpointer b)
{
    const EnrolledSensor *const *first = a, *const *second = b;
    return (*first)->slot - (*second)->slot;
}

static int find_slot(Store *store)
{
    int slot = 0;
    for (guint i = 0; i < store->kept.sensors->len; i++)
        if (((EnrolledSensor *)store->kept.sensors->pdata[i])->slot == slot)
            slot++;
    return slot < SENSORS_MAX ? slot : -1;
}

static void insert_sensor(Store *store, EnrolledSensor *sensor)
{
    g_ptr_array_add(store->kept.sensors, sensor);
    g_ptr_array_sort(store->kept.sensors, compare_slots);
}

// Enrolment is not left to the next second: it is rare, and a user who sees it done may cut the
// power.
static void write_sensor(Store *store, OpKind kind, const EnrolledSensor *sensor)
{
    ops_push(&store->batch, op_sensor(kind, sensor));
    worker_write(store->worker, &store->batch);
}

// The file came late. What was enrolled meanwhile keeps its slot, as the journal already names it;
// what the file has in that slot moves to a free one.
static gboolean sensors_arrived(Store *store, GPtrArray *late)
{
    gboolean more = FALSE;
    for (guint i = 0; i < late->len; i++) {
        const EnrolledSensor *sensor = late->pdata[i];
        if (find_sensor(store, sensor->address))
            continue;
        gboolean taken = find_by_slot(store, sensor->slot) != NULL;
        int slot = taken ? find_slot(store) : sensor->slot;
        if (slot < 0) {
            g_warning("store: no slot is left for %s", sensor->address);
            continue;
        }
        EnrolledSensor *own = sensor_copy(sensor, NULL);
        own->slot = slot;
        insert_sensor(store, own);
        if (taken)
            write_sensor(store, OP_SENSOR_PUT, own);
        more = TRUE;
    }
    return more;
}

const EnrolledSensor *store_sensor_find(Store *store, const char *address)
{
    return find_sensor(store, address);
}

const EnrolledSensor *store_sensor_at(Store *store, int slot)
{
    return find_by_slot(store, slot);
}

gboolean store_sensor_put(Store *store, const EnrolledSensor *sensor, int *ret_slot, GError **error)
{
    char address[ADDRESS_SIZE];
    if (!address_normalize(sensor->address, address)) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "\"%s\" is not an address: it must look like AA:BB:CC:DD:EE:FF",
                    sensor->address);
        return FALSE;
    }
    EnrolledSensor *old = find_sensor(store, sensor->address);
    if (!old)
        old = find_by_slot(store, sensor->slot);
    const int slot = old ? old->slot : find_slot(store);
    if (slot < 0) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "%d sensors are enrolled already: forget one first", SENSORS_MAX);
        return FALSE;
    }
    EnrolledSensor *new = sensor_copy(sensor, NULL);
    new->slot = slot;
    if (old)
        g_ptr_array_remove(store->kept.sensors, old);
    insert_sensor(store, new);
    write_sensor(store, OP_SENSOR_PUT, new);
    if (ret_slot)
        *ret_slot = slot;
    return TRUE;
}

gboolean store_sensor_remove(Store *store, const char *address, GError **error)
{
    EnrolledSensor *sensor = find_sensor(store, address);
    if (!sensor) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_UNKNOWN_SENSOR, "No sensor %s is enrolled",
                    address);
        return FALSE;
    }
    write_sensor(store, OP_SENSOR_REMOVE, sensor);
    g_ptr_array_remove(store->kept.sensors, sensor);
    return TRUE;
}

// ── athletes ──

void kept_athlete_free(KeptAthlete *kept)
{
    g_free(kept->runner);
    g_free(kept);
}

static KeptAthlete *find_athlete(Store *store, const char *runner)
{
    for (guint i = 0; i < store->kept.athletes->len; i++) {
        KeptAthlete *kept = store->kept.athletes->pdata[i];
        if (strcmp(kept->runner, runner) == 0)
            return kept;
    }
    return NULL;
}

static void keep_athlete(Store *store, const char *runner, const Athlete *athlete)
{
    KeptAthlete *kept = find_athlete(store, runner);
    if (!kept) {
        kept = g_new0(KeptAthlete, 1);
        kept->runner = g_strdup(runner);
        g_ptr_array_add(store->kept.athletes, kept);
    }
    kept->athlete = *athlete;
}

Athlete store_athlete(Store *store, const char *runner)
{
    const KeptAthlete *kept = find_athlete(store, runner);
    return kept ? kept->athlete : athlete_unknown();
}

// As with a sensor: who sees it done may cut the power.
void store_athlete_put(Store *store, const char *runner, const Athlete *athlete)
{
    keep_athlete(store, runner, athlete);
    ops_push(&store->batch, op_athlete(runner, athlete));
    worker_write(store->worker, &store->batch);
}

// What was told meanwhile is the newer.
static gboolean athletes_arrived(Store *store, GPtrArray *late)
{
    gboolean more = FALSE;
    for (guint i = 0; i < late->len; i++) {
        const KeptAthlete *kept = late->pdata[i];
        if (find_athlete(store, kept->runner))
            continue;
        keep_athlete(store, kept->runner, &kept->athlete);
        more = TRUE;
    }
    return more;
}

static void kept_arrived(gpointer data, const WorkerKept *late)
{
    Store *store = data;
    gboolean sensors = sensors_arrived(store, late->sensors);
    gboolean athletes = athletes_arrived(store, late->athletes);
    if (sensors || athletes)
        notify_changed(store);
}

// ── between sessions ──

void store_trial_put(Store *store, gint64 run, const Race *race)
{
    Op *op = op_texts(OP_TRIAL, 0, "", NULL);
    op->trial.run = run;
    op->trial.race = *race;
    ops_push(&store->batch, op);
    worker_write(store->worker, &store->batch);
}

void store_answer_put(Store *store, const char *runner, const char *kind,
                      const ProposalAnswer *answer)
{
    Op *op = op_texts(OP_ANSWER, 0, runner, kind);
    op->answer = *answer;
    ops_push(&store->batch, op);
    worker_write(store->worker, &store->batch);
}

// ── captures ──

// Names come from the air: what could end the comment is replaced.
static char *sensors_text(Store *store)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < store->kept.sensors->len; i++) {
        const EnrolledSensor *sensor = store->kept.sensors->pdata[i];
        g_autofree char *name = g_utf8_make_valid(sensor->name, -1);
        for (char *at = name; *at; at++)
            if (g_ascii_iscntrl(*at))
                *at = '?';
        g_string_append_printf(text, "# sensor %d is %s %s\n", sensor->slot, sensor->address, name);
    }
    return g_string_free(text, FALSE);
}

void store_capture(Store *store, const StoreCapture *capture, GCancellable *cancellable,
                   GAsyncReadyCallback done, gpointer data)
{
    GTask *task = g_task_new(NULL, cancellable, done, data);
    g_task_set_source_tag(task, store_capture);
    g_autofree char *about = capture->private ? sensors_text(store) : NULL;
    RecorderRequest request = {
        .fd = capture->fd,
        .run = capture->run,
        .name = capture->name,
        .about = about,
    };
    recorder_flush(store->recorder);
    worker_write(store->worker, &store->batch); // what happens from now on is not in the answer
    recorder_add(store->recorder, &request, task);
}

gboolean store_capture_finish(Store *store, GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

gboolean store_capture_to_file(Store *store, const char *path, GError **error)
{
    int fd = fresh_file_open(path, error);
    if (fd < 0)
        return FALSE;
    g_autofree char *name = g_filename_display_name(path);
    store_capture(store, &(StoreCapture){.fd = fd, .name = name}, NULL, NULL, NULL);
    return TRUE;
}
