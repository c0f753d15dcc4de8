// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner and the workout that runs: snapshots into properties, effects into signals, methods
// into commands for the core.

#include "bus/objects.h"

#include "io/error.h"
#include "io/library.h"
#include "session/session.h"

#include <string.h>

// ── commands ──

static void command_send(Bus *bus, guint32 id, GDBusMethodInvocation *invocation, CommandVerb verb,
                         const char *text)
{
    g_autofree char *sender = g_strdup(g_dbus_method_invocation_get_sender(invocation));
    bus->handlers.command(id, verb, text, text ? strlen(text) : 0, sender, bus->data);
}

static gboolean command(Bus *bus, GDBusMethodInvocation *invocation, CommandVerb verb,
                        const char *text)
{
    guint32 id = calls_take(bus->calls, invocation);
    if (id != 0)
        command_send(bus, id, invocation, verb, text);
    return TRUE;
}

static gboolean options_empty(GVariant *options, GError **error)
{
    static const char *const known[] = {NULL};
    return options_check(options, known, error);
}

gboolean workout_text_check(const char *text, GError **error)
{
    if (text[0] == '\0')
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "the text is empty; StartFree begins a run without a plan");
    else if (strlen(text) > TEXT_INPUT_MAX)
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                    "the text is longer than %d bytes", TEXT_INPUT_MAX);
    else
        return TRUE;
    return FALSE;
}

static gboolean on_start_text(Paced1Runner *runner, GDBusMethodInvocation *invocation,
                              const gchar *text, GVariant *options, gpointer data)
{
    GError *error = NULL;
    if (options_empty(options, &error) && workout_text_check(text, &error))
        return command(data, invocation, COMMAND_START, text);
    call_fail(invocation, error);
    return TRUE;
}

static gboolean on_start_free(Paced1Runner *runner, GDBusMethodInvocation *invocation,
                              GVariant *options, gpointer data)
{
    GError *error = NULL;
    if (options_empty(options, &error))
        return command(data, invocation, COMMAND_START, NULL);
    call_fail(invocation, error);
    return TRUE;
}

// A workout of the library is read on a worker thread; the bus may be gone by the time it is read,
// which its closed Calls show.
typedef struct {
    Bus *bus; // valid while `calls` has `id` waiting
    Calls *calls;
    guint32 id;
    GDBusMethodInvocation *invocation; // likewise
    CommandVerb verb;
} WorkoutRequest;

typedef struct {
    char *shipped;
    char *name;
} TextRequest;

static void text_request_free(gpointer data)
{
    TextRequest *request = data;
    g_free(request->shipped);
    g_free(request->name);
    g_free(request);
}

static void text_read(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    TextRequest *request = data;
    GError *error = NULL;
    char *text = library_text(request->shipped, request->name, &error);
    if (text && text[0] == '\0') { // which would mean a run without a plan
        g_clear_pointer(&text, g_free);
        error = g_error_new(PACED_ERROR, PACED_ERROR_BAD_TEXT, "1:1: “%s” is empty", request->name);
    }
    if (text)
        g_task_return_pointer(task, text, g_free);
    else
        g_task_return_error(task, error);
}

static void on_text_read(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree WorkoutRequest *request = data;
    GError *error = NULL;
    g_autofree char *text = g_task_propagate_pointer(G_TASK(result), &error);
    if (!text)
        calls_fail(request->calls, request->id, error);
    else if (calls_waiting(request->calls, request->id))
        command_send(request->bus, request->id, request->invocation, request->verb, text);
    calls_unref(request->calls);
}

static gboolean workout_command(Bus *bus, GDBusMethodInvocation *invocation, CommandVerb verb,
                                const char *name)
{
    guint32 id = calls_take(bus->calls, invocation);
    if (id == 0)
        return TRUE;
    WorkoutRequest *request = g_new(WorkoutRequest, 1);
    *request = (WorkoutRequest){bus, calls_ref(bus->calls), id, invocation, verb};
    TextRequest *text = g_new(TextRequest, 1);
    *text = (TextRequest){g_strdup(bus->shipped), g_strdup(name)};
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_text_read, request);
    g_task_set_task_data(task, text, text_request_free);
    g_task_run_in_thread(task, text_read);
    return TRUE;
}

static gboolean on_start_workout(Paced1Runner *runner, GDBusMethodInvocation *invocation,
                                 const gchar *name, GVariant *options, gpointer data)
{
    GError *error = NULL;
    if (options_empty(options, &error))
        return workout_command(data, invocation, COMMAND_START, name);
    call_fail(invocation, error);
    return TRUE;
}

static gboolean on_preflight(Paced1Runner *runner, GDBusMethodInvocation *invocation,
                             GVariant *options, gpointer data)
{
    static const char *const known[] = {"text", "s", "workout", "s", NULL};
    const char *text = NULL, *workout = NULL;
    GError *error = NULL;
    if (options_check(options, known, &error)) {
        g_variant_lookup(options, "text", "&s", &text);
        g_variant_lookup(options, "workout", "&s", &workout);
        if (text && workout)
            error = g_error_new(PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                                "say “text” or “workout”, not both");
        else if (!text || workout_text_check(text, &error))
            return workout ? workout_command(data, invocation, COMMAND_PREFLIGHT, workout)
                           : command(data, invocation, COMMAND_PREFLIGHT, text);
    }
    call_fail(invocation, error);
    return TRUE;
}

// ── numbers ──

static gboolean measure(Bus *bus, GDBusMethodInvocation *invocation, CommandVerb verb,
                        double number)
{
    if (!(number >= 0 && number <= COMMAND_NUMBER_MAX)) {
        call_fail(invocation,
                  answer_error(verb == COMMAND_RATE ? REASON_BAD_RATING : REASON_BAD_LENGTH, NULL));
        return TRUE;
    }
    guint32 id = calls_take(bus->calls, invocation);
    g_autofree char *sender = g_strdup(g_dbus_method_invocation_get_sender(invocation));
    if (id != 0)
        bus->handlers.measure(id, verb, number, sender, bus->data);
    return TRUE;
}

static gboolean on_set_track(Paced1Runner *runner, GDBusMethodInvocation *invocation,
                             gdouble metres, gpointer data)
{
    return measure(data, invocation, COMMAND_TRACK, metres);
}

static gboolean on_correct_distance(Paced1Runner *runner, GDBusMethodInvocation *invocation,
                                    gdouble metres, gpointer data)
{
    return measure(data, invocation, COMMAND_DISTANCE, metres);
}

static gboolean on_undo_correction(Paced1Runner *runner, GDBusMethodInvocation *invocation,
                                   gpointer data)
{
    return command(data, invocation, COMMAND_UNDO, NULL);
}

void bus_publish_track(Bus *bus, double metres)
{
    paced1_runner_set_track(bus->runner, metres);
    bus_flush(bus->runner);
}

// ── the session's ──

static gboolean on_pause(Paced1Session *session, GDBusMethodInvocation *invocation, gpointer data)
{
    return command(data, invocation, COMMAND_PAUSE, NULL);
}

static gboolean on_resume(Paced1Session *session, GDBusMethodInvocation *invocation, gpointer data)
{
    return command(data, invocation, COMMAND_RESUME, NULL);
}

static gboolean on_lap(Paced1Session *session, GDBusMethodInvocation *invocation, gpointer data)
{
    return command(data, invocation, COMMAND_LAP, NULL);
}

static gboolean on_skip(Paced1Session *session, GDBusMethodInvocation *invocation, gpointer data)
{
    return command(data, invocation, COMMAND_SKIP, NULL);
}

static gboolean on_veto(Paced1Session *session, GDBusMethodInvocation *invocation, gpointer data)
{
    return command(data, invocation, COMMAND_VETO, NULL);
}

static gboolean on_accept(Paced1Session *session, GDBusMethodInvocation *invocation, gpointer data)
{
    return command(data, invocation, COMMAND_ACCEPT, NULL);
}

static gboolean on_rate(Paced1Session *session, GDBusMethodInvocation *invocation, gdouble rating,
                        gpointer data)
{
    return measure(data, invocation, COMMAND_RATE, rating);
}

static gboolean on_stop(Paced1Session *session, GDBusMethodInvocation *invocation,
                        GVariant *options, gpointer data)
{
    GError *error = NULL;
    if (options_empty(options, &error))
        return command(data, invocation, COMMAND_STOP, NULL);
    call_fail(invocation, error);
    return TRUE;
}

void bus_answer(Bus *bus, guint32 id, CommandVerb verb, AnswerReason reason,
                const TextError *text_error)
{
    GError *error = answer_error(reason, text_error);
    if (error)
        calls_fail(bus->calls, id, error);
    else if (command_starts(verb))
        calls_return(bus->calls, id, g_variant_new("(o)", bus->session_path));
    else
        calls_return(bus->calls, id, NULL);
}

// ── dictionaries ──

static void add_double(GVariantDict *dict, const char *key, double value)
{
    if (!isnan(value))
        g_variant_dict_insert(dict, key, "d", value);
}

static void build(GVariantBuilder *builder, const char *key, GVariant *value)
{
    g_variant_builder_add_value(
        builder, g_variant_new_dict_entry(g_variant_new_string(key), g_variant_new_variant(value)));
}

static void build_double(GVariantBuilder *builder, const char *key, double value)
{
    if (!isnan(value))
        build(builder, key, g_variant_new_double(value));
}

static void add_repetition(GVariantDict *dict, guint repetition, guint repetitions)
{
    if (repetitions == 0)
        return;
    g_variant_dict_insert(dict, "repetition", "u", repetition);
    g_variant_dict_insert(dict, "repetitions", "u", repetitions);
}

// Once a second: without GVariantDict, which is a hash table. FALSE: there is nothing to add.
static gboolean estimate_open(GVariantBuilder *estimates, const char *key, const Estimate *estimate)
{
    if (!estimate_known(estimate))
        return FALSE;
    g_variant_builder_open(estimates, G_VARIANT_TYPE("{sv}"));
    g_variant_builder_add_value(estimates, g_variant_new_string(key));
    g_variant_builder_open(estimates, G_VARIANT_TYPE("v"));
    g_variant_builder_open(estimates, G_VARIANT_TYPE("a{sv}"));
    build_double(estimates, "value", estimate->value);
    build(estimates, "source", g_variant_new_string(estimate_source_name(estimate->source)));
    if (estimate->age != USEC_NEVER)
        build_double(estimates, "age", usec_to_s(estimate->age));
    build_double(estimates, "confidence", estimate->confidence);
    return TRUE;
}

static void estimate_close(GVariantBuilder *estimates)
{
    for (int i = 0; i < 3; i++)
        g_variant_builder_close(estimates);
}

static void add_estimate(GVariantBuilder *estimates, const char *key, const Estimate *estimate)
{
    if (estimate_open(estimates, key, estimate))
        estimate_close(estimates);
}

static void add_effort(GVariantBuilder *estimates, const Snapshot *snapshot)
{
    const EffortFigures *effort = &snapshot->effort;
    add_estimate(estimates, "effort", &effort->effort);
    add_estimate(estimates, "predicted-heart-rate", &effort->predicted_heart_rate);
    if (estimate_open(estimates, "heart-zone", &effort->heart_zone)) {
        build(estimates, "label", g_variant_new_string(snapshot->heart_zone));
        estimate_close(estimates);
    }
    if (estimate_open(estimates, "d-prime-balance", &effort->d_prime_balance)) {
        build_double(estimates, "sd", effort->d_prime_sd);
        estimate_close(estimates);
    }
    add_estimate(estimates, "rmssd", &snapshot->rmssd);
    add_estimate(estimates, "alpha1", &snapshot->alpha1);
    add_estimate(estimates, "artefact-percent", &snapshot->artefacts);
    add_estimate(estimates, "trimp", &snapshot->trimp);
    add_estimate(estimates, "rtss", &snapshot->rtss);
    add_estimate(estimates, "decoupling-percent", &snapshot->decoupling);
}

static GVariant *estimates_variant(const Snapshot *snapshot)
{
    GVariantBuilder estimates;
    g_variant_builder_init(&estimates, G_VARIANT_TYPE("a{sv}"));
    add_estimate(&estimates, "heart-rate", &snapshot->heart_rate);
    add_estimate(&estimates, "speed", &snapshot->speed);
    add_estimate(&estimates, "cadence", &snapshot->cadence);
    add_estimate(&estimates, "belt-speed", &snapshot->belt_speed);
    add_estimate(&estimates, "incline", &snapshot->incline);
    add_estimate(&estimates, "power", &snapshot->power);
    add_estimate(&estimates, "flat-speed", &snapshot->flat_speed);
    add_estimate(&estimates, "step-length", &snapshot->step_length);
    add_estimate(&estimates, "form-drift", &snapshot->form_drift);
    add_effort(&estimates, snapshot);
    return g_variant_builder_end(&estimates);
}

// ── properties ──

static const char *session_word(SessionState state)
{
    return state == STATE_IDLE ? "finished" : session_state_name(state);
}

static void session_set(Paced1Session *session, const Snapshot *snapshot)
{
    const Plan *plan = snapshot->plan;
    const PlanStep *step = &plan->steps[snapshot->step];
    g_autofree char *name = g_utf8_make_valid(plan->name, -1);
    SHOW(session, session, state, same_text, session_word(snapshot->state));
    SHOW(session, session, workout, same_text, name);
    SHOW(session, session, step_index, same_number, snapshot->step);
    SHOW(session, session, step_count, same_number, (guint)plan->step_count);
    SHOW(session, session, step_kind, same_text, step_kind_name(step->step.kind));
    SHOW(session, session, step_measure, same_text, step_measure_name(snapshot->now.measure));
    SHOW(session, session, step_length, same_number, step_length(&snapshot->now));
    SHOW(session, session, step_remaining, same_number, snapshot->step_remaining);
    SHOW(session, session, repetition, same_number, step->repetition);
    SHOW(session, session, repetitions, same_number, step->repetitions);
    SHOW(session, session, elapsed, same_number, snapshot->elapsed_s);
    SHOW(session, session, distance, same_number, snapshot->distance_m);
    SHOW(session, session, speed, same_number, snapshot->speed.value);
    SHOW(session, session, heart_rate, same_number, snapshot->heart_rate.value);
    SHOW(session, session, cadence, same_number, snapshot->cadence.value);
    SHOW(session, session, belt_speed, same_number, snapshot->belt_speed.value);
    SHOW(session, session, incline, same_number, snapshot->incline.value);
    SHOW(session, session, power, same_number, snapshot->power.value);
    SHOW(session, session, target_speed, same_number, snapshot->target_speed_mps);
    const EffortFigures *effort = &snapshot->effort;
    SHOW(session, session, effort, same_number, effort->effort.value);
    SHOW(session, session, predicted_heart_rate, same_number, effort->predicted_heart_rate.value);
    SHOW(session, session, heart_zone, same_text, snapshot->heart_zone);
    SHOW(session, session, dprime_balance, same_number, effort->d_prime_balance.value);
    SHOW(session, session, rmssd, same_number, snapshot->rmssd.value);
    SHOW(session, session, alpha1, same_number, snapshot->alpha1.value);
    SHOW(session, session, artefact_percent, same_number, snapshot->artefacts.value);
    SHOW(session, session, trimp, same_number, snapshot->trimp.value);
    SHOW(session, session, rtss, same_number, snapshot->rtss.value);
    SHOW(session, session, decoupling_percent, same_number, snapshot->decoupling.value);
}

static void session_export(Bus *bus, const Snapshot *snapshot)
{
    bus->session = paced1_session_skeleton_new();
    session_set(bus->session, snapshot);
    g_signal_connect(bus->session, "handle-pause", G_CALLBACK(on_pause), bus);
    g_signal_connect(bus->session, "handle-resume", G_CALLBACK(on_resume), bus);
    g_signal_connect(bus->session, "handle-lap", G_CALLBACK(on_lap), bus);
    g_signal_connect(bus->session, "handle-skip", G_CALLBACK(on_skip), bus);
    g_signal_connect(bus->session, "handle-stop", G_CALLBACK(on_stop), bus);
    g_signal_connect(bus->session, "handle-veto", G_CALLBACK(on_veto), bus);
    g_signal_connect(bus->session, "handle-accept", G_CALLBACK(on_accept), bus);
    g_signal_connect(bus->session, "handle-rate", G_CALLBACK(on_rate), bus);
    bus_export(bus, bus->session_path, bus->session);
    paced1_runner_set_session(bus->runner, bus->session_path);
    bus_flush(bus->runner);
}

void bus_publish_session(Bus *bus, const Snapshot *snapshot)
{
    paced1_runner_set_estimates(bus->runner, estimates_variant(snapshot));
    if (!snapshot->plan)
        return;
    if (bus->session)
        session_set(bus->session, snapshot);
    else
        session_export(bus, snapshot);
}

// ── signals ──

void bus_signal_cue(Bus *bus, const Cue *cue)
{
    g_autofree char *text = g_utf8_make_valid(cue->text, -1);
    if (bus->session) {
        bus_flush(bus->session);
        paced1_session_emit_cue(bus->session, text, cue_kind_name(cue->kind));
    } else {
        bus_flush(bus->runner);
        paced1_runner_emit_cue(bus->runner, text, cue_kind_name(cue->kind));
    }
}

void bus_signal_step(Bus *bus, guint index, const PlanStep *step)
{
    if (!bus->session)
        return;
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    g_variant_dict_insert(&dict, "kind", "s", step_kind_name(step->step.kind));
    if (step_ends_by_clock(&step->step))
        add_double(&dict, "time", step_length(&step->step));
    else
        add_double(&dict, "distance", step_length(&step->step));
    add_double(&dict, "target-speed", aim_speed(&step->aim));
    add_repetition(&dict, step->repetition, step->repetitions);
    bus_flush(bus->session);
    paced1_session_emit_step_started(bus->session, index, g_variant_dict_end(&dict));
}

void bus_signal_adapted(Bus *bus, const Adaptation *adaptation)
{
    if (!bus->session)
        return;
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    g_variant_dict_insert(&dict, "decision", "s", adapt_decision_name(adaptation->decision));
    g_variant_dict_insert(&dict, "reason", "s", adapt_reason_name(adaptation->reason));
    g_variant_dict_insert(&dict, "on-offer", "b", (gboolean)adaptation->on_offer);
    g_variant_dict_insert(&dict, "taken-back", "b", (gboolean)adaptation->taken_back);
    add_double(&dict, "rest", adaptation->rest_s);
    if (adaptation->heart_below > 0)
        g_variant_dict_insert(&dict, "heart-below", "u", (guint)adaptation->heart_below);
    add_double(&dict, "time", adaptation->duration_s);
    add_double(&dict, "distance", adaptation->distance_m);
    for (AdaptFlag flag = 0; flag < ADAPT_FLAGS; flag++)
        if (adaptation->flags.points[flag] > 0)
            g_variant_dict_insert(&dict, adapt_flag_name(flag), "u",
                                  (guint)adaptation->flags.points[flag]);
    bus_flush(bus->session);
    paced1_session_emit_adapted(bus->session, g_variant_dict_end(&dict));
}

void bus_signal_lap(Bus *bus, const Lap *lap)
{
    if (!bus->session)
        return;
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    g_variant_dict_insert(&dict, "kind", "s", step_kind_name(lap->kind));
    g_variant_dict_insert(&dict, "outcome", "s", step_outcome_name(lap->outcome));
    add_double(&dict, "duration", usec_to_s(lap->duration));
    add_double(&dict, "distance", lap->distance_m);
    add_double(&dict, "speed", lap->speed_mps);
    add_double(&dict, "target-speed", lap->target_speed_mps);
    add_double(&dict, "heart-rate", lap->heart_rate);
    add_double(&dict, "heart-rate-max", lap->heart_rate_max);
    add_double(&dict, "cadence", lap->cadence);
    add_repetition(&dict, lap->repetition, lap->repetitions);
    bus_flush(bus->session);
    paced1_session_emit_lap(bus->session, lap->step, g_variant_dict_end(&dict));
}

void bus_signal_state(Bus *bus, SessionState state, const char *by)
{
    if (!bus->session)
        return;
    paced1_session_set_state(bus->session, session_word(state));
    bus_flush(bus->session);
    paced1_session_emit_state_changed(bus->session, session_word(state), by ? by : "");
}

void bus_signal_finished(Bus *bus, const RunSummary *summary, const char *by)
{
    if (!bus->session)
        return;
    GVariantDict dict;
    g_variant_dict_init(&dict, NULL);
    g_variant_dict_insert(&dict, "completed", "b", summary->completed);
    add_double(&dict, "duration", summary->duration_s);
    add_double(&dict, "elapsed", summary->elapsed_s);
    add_double(&dict, "distance", summary->distance_m);
    add_double(&dict, "corrected-distance", summary->corrected_m);
    add_double(&dict, "heart-rate", summary->heart_rate);
    add_double(&dict, "trimp", summary->load.trimp);
    add_double(&dict, "rtss", summary->load.rtss);
    add_double(&dict, "decoupling-percent", summary->load.decoupling_percent);
    g_variant_dict_insert(&dict, "laps", "u", summary->laps);
    g_variant_dict_insert(&dict, "adaptations", "u", summary->adaptations);
    if (by && !summary->completed)
        g_variant_dict_insert(&dict, "by", "s", by);
    bus_flush(bus->session);
    paced1_session_emit_finished(bus->session, g_variant_dict_end(&dict));

    g_signal_handlers_disconnect_by_data(bus->session, bus);
    g_dbus_object_manager_server_unexport(bus->manager, bus->session_path);
    g_clear_object(&bus->session);
    paced1_runner_set_session(bus->runner, "/");
    bus_flush(bus->runner);
}

// ── life ──

// Object paths know letters, digits and underscores; any other byte becomes _XX.
static char *path_element(const char *name)
{
    GString *element = g_string_new(NULL);
    for (const char *c = name; *c; c++) {
        if (g_ascii_isalnum(*c))
            g_string_append_c(element, *c);
        else
            g_string_append_printf(element, "_%02x", (guchar)*c);
    }
    return g_string_free(element, FALSE);
}

void runner_export(Bus *bus, const char *name)
{
    g_autofree char *element = path_element(name);
    bus->runner_path = g_strconcat(BUS_ROOT "/runner/", element, NULL);
    bus->session_path = g_strconcat(bus->runner_path, "/session", NULL);
    bus->runner = paced1_runner_skeleton_new();
    paced1_runner_set_name(bus->runner, name);
    paced1_runner_set_session(bus->runner, "/");
    paced1_runner_set_estimates(bus->runner, g_variant_new("a{sv}", NULL));
    g_signal_connect(bus->runner, "handle-preflight", G_CALLBACK(on_preflight), bus);
    preview_export(bus);
    g_signal_connect(bus->runner, "handle-start-text", G_CALLBACK(on_start_text), bus);
    g_signal_connect(bus->runner, "handle-start-workout", G_CALLBACK(on_start_workout), bus);
    g_signal_connect(bus->runner, "handle-start-free", G_CALLBACK(on_start_free), bus);
    g_signal_connect(bus->runner, "handle-set-track", G_CALLBACK(on_set_track), bus);
    g_signal_connect(bus->runner, "handle-correct-distance", G_CALLBACK(on_correct_distance), bus);
    g_signal_connect(bus->runner, "handle-undo-correction", G_CALLBACK(on_undo_correction), bus);
    bus_export(bus, bus->runner_path, bus->runner);
}
