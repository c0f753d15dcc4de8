// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner and the workout that runs: snapshots into properties, effects into signals, methods
// into commands for the core.

#include "bus/objects.h"
#include "bus/vardict.h"

#include "io/error.h"
#include "io/library.h"
#include "session/session.h"
#include "workout/aids.h"

#include <string.h>

// ── commands ──

static void command_send(Bus *bus, guint32 id, GDBusMethodInvocation *invocation, CommandVerb verb,
                         const char *text)
{
    g_autofree char *sender = g_strdup(g_dbus_method_invocation_get_sender(invocation));
    bus->handlers.command(id, verb, text, text ? strlen(text) : 0, sender, bus->data);
}

static gboolean command(Bus *bus, const ExportCall *call, CommandVerb verb, const char *text,
                        GError **error)
{
    guint32 id = calls_take(bus->calls, call->invocation, error);
    if (id != 0)
        command_send(bus, id, call->invocation, verb, text);
    return id != 0;
}

gboolean workout_text_check(const char *text, GError **error)
{
    if (text[0] == '\0')
        return refuse(error, "the text is empty; StartFree begins a run without a plan");
    if (strlen(text) > TEXT_INPUT_MAX)
        return refuse(error, "the text is longer than %d bytes", TEXT_INPUT_MAX);
    return TRUE;
}

// Which start the options ask for; FALSE and an error for what no start knows.
static gboolean start_verb(GVariant *options, CommandVerb *ret_verb, GError **error)
{
    static const char *const known[] = {"by-effort", "b", NULL};
    gboolean by_effort = FALSE;
    if (!options_check(options, known, error))
        return FALSE;
    g_variant_lookup(options, "by-effort", "b", &by_effort);
    *ret_verb = by_effort ? COMMAND_START_BY_EFFORT : COMMAND_START;
    return TRUE;
}

static gboolean on_start_text(Bus *bus, const ExportCall *call, GError **error)
{
    const char *text;
    g_autoptr(GVariant) options = NULL;
    g_variant_get(call->arguments, "(&s@a{sv})", &text, &options);
    CommandVerb verb;
    return start_verb(options, &verb, error) && workout_text_check(text, error) &&
           command(bus, call, verb, text, error);
}

static gboolean on_start_free(Bus *bus, const ExportCall *call, GError **error)
{
    g_autoptr(GVariant) options = g_variant_get_child_value(call->arguments, 0);
    return options_empty(options, error) && command(bus, call, COMMAND_START, NULL, error);
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

static gboolean workout_command(Bus *bus, const ExportCall *call, CommandVerb verb,
                                const char *name, GError **error)
{
    guint32 id = calls_take(bus->calls, call->invocation, error);
    if (id == 0)
        return FALSE;
    WorkoutRequest *request = g_new(WorkoutRequest, 1);
    *request = (WorkoutRequest){bus, calls_ref(bus->calls), id, call->invocation, verb};
    TextRequest *text = g_new(TextRequest, 1);
    *text = (TextRequest){g_strdup(bus->shipped), g_strdup(name)};
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_text_read, request);
    g_task_set_task_data(task, text, text_request_free);
    g_task_run_in_thread(task, text_read);
    return TRUE;
}

static gboolean on_start_workout(Bus *bus, const ExportCall *call, GError **error)
{
    CommandVerb verb;
    const char *name;
    g_autoptr(GVariant) options = NULL;
    g_variant_get(call->arguments, "(&s@a{sv})", &name, &options);
    return start_verb(options, &verb, error) && workout_command(bus, call, verb, name, error);
}

static gboolean on_status(Bus *bus, const ExportCall *call, GError **error)
{
    return command(bus, call, COMMAND_STATUS, NULL, error);
}

static gboolean on_preflight(Bus *bus, const ExportCall *call, GError **error)
{
    static const char *const known[] = {"text", "s", "workout", "s", NULL};
    const char *text = NULL, *workout = NULL;
    g_autoptr(GVariant) options = g_variant_get_child_value(call->arguments, 0);
    if (!options_check(options, known, error))
        return FALSE;
    g_variant_lookup(options, "text", "&s", &text);
    g_variant_lookup(options, "workout", "&s", &workout);
    if (text && workout)
        return refuse(error, "say “text” or “workout”, not both");
    if (text && !workout_text_check(text, error))
        return FALSE;
    return workout ? workout_command(bus, call, COMMAND_PREFLIGHT, workout, error)
                   : command(bus, call, COMMAND_PREFLIGHT, text, error);
}

// ── numbers ──

// What has been made a number of already.
static gboolean send_number(Bus *bus, const ExportCall *call, CommandVerb verb, double number,
                            GError **error)
{
    guint32 id = calls_take(bus->calls, call->invocation, error);
    g_autofree char *sender = g_strdup(g_dbus_method_invocation_get_sender(call->invocation));
    if (id != 0)
        bus->handlers.measure(id, verb, number, sender, bus->data);
    return id != 0;
}

static gboolean measure(Bus *bus, const ExportCall *call, CommandVerb verb, GError **error)
{
    double number;
    g_variant_get(call->arguments, "(d)", &number);
    if (!(number >= 0 && number <= COMMAND_NUMBER_MAX)) {
        g_propagate_error(
            error,
            answer_error(verb == COMMAND_RATE ? REASON_BAD_RATING : REASON_BAD_LENGTH, NULL));
        return FALSE;
    }
    return send_number(bus, call, verb, number, error);
}

static gboolean on_set_track(Bus *bus, const ExportCall *call, GError **error)
{
    return measure(bus, call, COMMAND_TRACK, error);
}

static gboolean on_continue(Bus *bus, const ExportCall *call, GError **error)
{
    return command(bus, call, COMMAND_CONTINUE, NULL, error);
}

static gboolean on_correct_distance(Bus *bus, const ExportCall *call, GError **error)
{
    return measure(bus, call, COMMAND_DISTANCE, error);
}

static gboolean on_undo_correction(Bus *bus, const ExportCall *call, GError **error)
{
    return command(bus, call, COMMAND_UNDO, NULL, error);
}

void bus_publish_track(Bus *bus, double metres)
{
    export_set_number(bus->runner, "Track", metres);
    export_flush(bus->runner);
}

// ── the session's ──

static gboolean on_pause(Bus *bus, const ExportCall *call, GError **error)
{
    return command(bus, call, COMMAND_PAUSE, NULL, error);
}

static gboolean on_resume(Bus *bus, const ExportCall *call, GError **error)
{
    return command(bus, call, COMMAND_RESUME, NULL, error);
}

static gboolean on_lap(Bus *bus, const ExportCall *call, GError **error)
{
    return command(bus, call, COMMAND_LAP, NULL, error);
}

static gboolean on_skip(Bus *bus, const ExportCall *call, GError **error)
{
    return command(bus, call, COMMAND_SKIP, NULL, error);
}

static gboolean on_veto(Bus *bus, const ExportCall *call, GError **error)
{
    return command(bus, call, COMMAND_VETO, NULL, error);
}

static gboolean on_accept(Bus *bus, const ExportCall *call, GError **error)
{
    return command(bus, call, COMMAND_ACCEPT, NULL, error);
}

static gboolean on_rate(Bus *bus, const ExportCall *call, GError **error)
{
    return measure(bus, call, COMMAND_RATE, error);
}

static gboolean on_set_metronome(Bus *bus, const ExportCall *call, GError **error)
{
    const char *text;
    unsigned metronome;
    g_variant_get(call->arguments, "(&s)", &text);
    if (!aids_read_metronome(text, &metronome)) {
        g_propagate_error(error, answer_error(REASON_BAD_AID, NULL));
        return FALSE;
    }
    return send_number(bus, call, COMMAND_METRONOME, metronome, error);
}

static gboolean on_set_pacer(Bus *bus, const ExportCall *call, GError **error)
{
    guint32 metres;
    g_variant_get(call->arguments, "(u)", &metres);
    return send_number(bus, call, COMMAND_PACER, metres, error);
}

static gboolean on_stop(Bus *bus, const ExportCall *call, GError **error)
{
    g_autoptr(GVariant) options = g_variant_get_child_value(call->arguments, 0);
    return options_empty(options, error) && command(bus, call, COMMAND_STOP, NULL, error);
}

void bus_answer(Bus *bus, guint32 id, CommandVerb verb, AnswerReason reason,
                const TextError *text_error)
{
    GError *error = answer_error(reason, text_error);
    if (error)
        calls_fail(bus->calls, id, error);
    else if (command_starts(verb) || verb == COMMAND_CONTINUE)
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

static void add_repetition(GVariantDict *dict, guint repetition, guint repetitions)
{
    if (repetitions == 0)
        return;
    g_variant_dict_insert(dict, "repetition", "u", repetition);
    g_variant_dict_insert(dict, "repetitions", "u", repetitions);
}

// What a step asks for; empty when it asks for nothing. With `plan`, which may be NULL, also what
// only the running session has.
static GVariant *target_variant(const Plan *plan, guint step, const Aim *aim)
{
    GVariantBuilder target;
    char written[TARGET_TEXT_MAX];
    g_variant_builder_init(&target, G_VARIANT_TYPE_VARDICT);
    if (aim->quantity == AIM_NONE)
        return g_variant_builder_end(&target);
    vardict_add(&target, "quantity", g_variant_new_string(aim_quantity_name(aim->quantity)));
    vardict_add_double(&target, "low", aim->low);
    vardict_add_double(&target, "value", aim->value);
    vardict_add_double(&target, "high", aim->high);
    vardict_add_double(&target, "end", aim->end);
    if (plan && aim->quantity != AIM_MAXIMAL)
        vardict_add(&target, "unit", g_variant_new_string(aim_quantity_unit(aim->quantity)));
    if (plan)
        vardict_add(&target, "text", g_variant_new_string(text_print_target(plan, step, written)));
    return g_variant_builder_end(&target);
}

// ── properties ──

static const char *session_word(SessionState state)
{
    return state == STATE_IDLE ? "finished" : session_state_name(state);
}

static void session_set(Export *session, const Snapshot *snapshot)
{
    const Plan *plan = snapshot->plan;
    const PlanStep *step = &plan->steps[snapshot->step];
    char metronome[METRONOME_TEXT_MAX];
    export_set(session, "Target", target_variant(plan, snapshot->step, &step->aim));
    export_set_text(session, "StepNote", plan_note(plan, snapshot->step));
    export_set_text(session, "StepManner", step_manner_name(step->step.manner));
    export_set_text(session, "State", session_word(snapshot->state));
    export_set_text(session, "Workout", plan->name);
    export_set_count(session, "StepIndex", snapshot->step);
    export_set_count(session, "StepCount", (guint)plan->step_count);
    export_set_text(session, "StepKind", step_kind_name(step->step.kind));
    export_set_text(session, "StepMeasure", step_measure_name(snapshot->now.measure));
    export_set_number(session, "StepLength", step_length(&snapshot->now));
    export_set_number(session, "StepRemaining", snapshot->step_remaining);
    export_set_count(session, "Repetition", step->repetition);
    export_set_count(session, "Repetitions", step->repetitions);
    export_set_number(session, "Elapsed", snapshot->elapsed_s);
    export_set_number(session, "Distance", snapshot->distance_m);
    export_set_number(session, "Speed", snapshot->speed.value);
    export_set_number(session, "HeartRate", snapshot->heart_rate.value);
    export_set_number(session, "Cadence", snapshot->cadence.value);
    export_set_number(session, "BeltSpeed", snapshot->belt_speed.value);
    export_set_number(session, "Incline", snapshot->incline.value);
    export_set_number(session, "Power", snapshot->power.value);
    export_set_number(session, "TargetSpeed", snapshot->target_speed_mps);
    const EffortFigures *effort = &snapshot->effort;
    export_set_number(session, "Effort", effort->effort.value);
    export_set_number(session, "PredictedHeartRate", effort->predicted_heart_rate.value);
    export_set_text(session, "HeartZone", snapshot->heart_zone);
    export_set_number(session, "DPrimeBalance", effort->d_prime_balance.value);
    export_set_number(session, "Rmssd", snapshot->rmssd.value);
    export_set_number(session, "Alpha1", snapshot->alpha1.value);
    export_set_number(session, "ArtefactPercent", snapshot->artefacts.value);
    export_set_number(session, "Trimp", snapshot->trimp.value);
    export_set_number(session, "Rtss", snapshot->rtss.value);
    export_set_number(session, "DecouplingPercent", snapshot->decoupling.value);
    export_set_text(session, "CoachSilence", silence_name(snapshot->silence));
    export_set_text(session, "Metronome", aids_metronome_text(snapshot->metronome, metronome));
    export_set_number(session, "Clicks", snapshot->clicks);
    export_set_count(session, "Pacer", snapshot->pacer_m);
}

static void runner_set_session(Bus *bus, const char *path)
{
    export_set(bus->runner, "Session", g_variant_new_object_path(path));
    export_flush(bus->runner);
}

static void session_export(Bus *bus, const Snapshot *snapshot)
{
    static const ExportMethod methods[] = {
        {"Pause", on_pause},
        {"Resume", on_resume},
        {"Lap", on_lap},
        {"Skip", on_skip},
        {"Stop", on_stop},
        {"Veto", on_veto},
        {"Accept", on_accept},
        {"Rate", on_rate},
        {"SayStatus", on_status},
        {"SetMetronome", on_set_metronome},
        {"SetPacer", on_set_pacer},
        {NULL, NULL},
    };
    bus->session = export_new(&org_paced1_session_interface, methods);
    export_set(bus->session, "LatestCue", g_variant_new("a{sv}", NULL));
    session_set(bus->session, snapshot);
    exports_add(bus->exports, bus->session_path, bus->session);
    runner_set_session(bus, bus->session_path);
}

void bus_publish_session(Bus *bus, const Snapshot *snapshot)
{
    export_set(bus->runner, "Estimates", estimates_variant(snapshot));
    player_publish(bus, snapshot);
    if (!snapshot->plan)
        return;
    if (bus->session)
        session_set(bus->session, snapshot);
    else
        session_export(bus, snapshot);
}

// ── signals ──

static GVariant *cue_variant(const Cue *cue, const char *text)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE_VARDICT);
    g_variant_builder_add(&builder, "{sv}", "text", g_variant_new_string(text));
    g_variant_builder_add(&builder, "{sv}", "kind", g_variant_new_string(cue_kind_name(cue->kind)));
    g_variant_builder_add(&builder, "{sv}", "reason", g_variant_new_string(cue_why_name(cue->why)));
    g_variant_builder_add(&builder, "{sv}", "form", g_variant_new_string(cue_form_name(cue->form)));
    g_variant_builder_add(&builder, "{sv}", "tone", g_variant_new_string(tone_name(cue->tone)));
    g_variant_builder_add(&builder, "{sv}", "priority", g_variant_new_uint32(cue->priority));
    return g_variant_builder_end(&builder);
}

void bus_signal_cue(Bus *bus, const Cue *cue)
{
    g_autofree char *text = g_utf8_make_valid(cue->text, -1);
    if (bus->session && cue->kind != CUE_PACER) // which says nothing, and would hide what was said
        export_set(bus->session, "LatestCue", cue_variant(cue, text));
    export_emit(bus->session ? bus->session : bus->runner, "Cue",
                g_variant_new("(ss)", text, cue_kind_name(cue->kind)));
}

void bus_signal_step(Bus *bus, const Plan *plan, guint index, const PlanStep *step)
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
    if (step->aim.quantity != AIM_NONE)
        g_variant_dict_insert_value(&dict, "target", target_variant(plan, index, &step->aim));
    g_variant_dict_insert(&dict, "manner", "s", step_manner_name(step->step.manner));
    if (plan && *plan_note(plan, index))
        g_variant_dict_insert(&dict, "note", "s", plan_note(plan, index));
    add_repetition(&dict, step->repetition, step->repetitions);
    export_emit(bus->session, "StepStarted",
                g_variant_new("(u@a{sv})", index, g_variant_dict_end(&dict)));
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
    export_emit(bus->session, "Adapted", g_variant_new("(@a{sv})", g_variant_dict_end(&dict)));
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
    add_double(&dict, "target-speed", aim_speed(&lap->aim));
    if (lap->aim.quantity != AIM_NONE)
        g_variant_dict_insert_value(&dict, "target", target_variant(NULL, lap->step, &lap->aim));
    add_double(&dict, "heart-rate", lap->heart_rate);
    add_double(&dict, "heart-rate-max", lap->heart_rate_max);
    add_double(&dict, "cadence", lap->cadence);
    add_repetition(&dict, lap->repetition, lap->repetitions);
    export_emit(bus->session, "Lap",
                g_variant_new("(u@a{sv})", lap->step, g_variant_dict_end(&dict)));
}

void bus_signal_state(Bus *bus, SessionState state, const char *by)
{
    if (!bus->session)
        return;
    export_set_text(bus->session, "State", session_word(state));
    export_emit(bus->session, "StateChanged",
                g_variant_new("(ss)", session_word(state), by ? by : ""));
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
    export_emit(bus->session, "Finished", g_variant_new("(@a{sv})", g_variant_dict_end(&dict)));
    export_remove(bus->session);
    bus->session = NULL;
    runner_set_session(bus, "/");
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
    static const ExportMethod methods[] = {
        {"SetTrack", on_set_track},
        {"CorrectDistance", on_correct_distance},
        {"UndoCorrection", on_undo_correction},
        {"Preflight", on_preflight},
        {"Preview", on_preview},
        {"StartText", on_start_text},
        {"StartWorkout", on_start_workout},
        {"StartFree", on_start_free},
        {"Continue", on_continue},
        {NULL, NULL},
    };
    g_autofree char *element = path_element(name);
    bus->runner_path = g_strconcat(BUS_ROOT "/runner/", element, NULL);
    bus->session_path = g_strconcat(bus->runner_path, "/session", NULL);
    bus->runner = export_new(&org_paced1_runner_interface, methods);
    export_set_text(bus->runner, "Name", name);
    export_set(bus->runner, "Session", g_variant_new_object_path("/"));
    export_set(bus->runner, "Estimates", g_variant_new("a{sv}", NULL));
    export_set_number(bus->runner, "Track", 0);
    exports_add(bus->exports, bus->runner_path, bus->runner);
}
