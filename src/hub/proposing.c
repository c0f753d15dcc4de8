// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is that a proposal outlives sittings, runs and the daemon, and the evidence for it
// may go meanwhile (days pass, the runner tells a race himself): it is made anew whenever it
// matters.

#include "hub/proposing.h"

#include "hub/hub-inside.h"
#include "io/error.h"
#include "io/library.h"
#include "workout/adapt.h"
#include "workout/progress.h"
#include "workout/text.h"

#include <string.h>

static void judged_clear(Judged *judged)
{
    g_clear_pointer(&judged->text, g_free);
    g_clear_pointer(&judged->title, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Judged, judged_clear)

void proposing_init(Proposing *proposing)
{
    proposing->closing = g_cancellable_new();
    proposing->now.proposal = PROPOSAL_NOTHING;
}

void proposing_clear(Proposing *proposing)
{
    if (!proposing->closing)
        return;
    g_cancellable_cancel(proposing->closing); // who hears of it then leaves the hub alone
    g_clear_object(&proposing->closing);
    g_clear_pointer(&proposing->evidence, evidence_free);
    judged_clear(&proposing->now);
}

static int32_t today(void)
{
    return (int32_t)(clock_wall() / EVIDENCE_DAY);
}

// ── what is proposed ──

// Of the trials of the latest run that has any, the one that says most.
static Proposal from_trials(const GArray *trials, double vdot, gint64 *ret_run)
{
    Proposal best = PROPOSAL_NOTHING;
    for (guint i = 0; i < trials->len; i++) {
        const KeptTrial *trial = &g_array_index(trials, KeptTrial, i);
        const Proposal proposal = proposal_from_race(vdot, &trial->race);
        if (trial->run != g_array_index(trials, KeptTrial, 0).run)
            break;
        if (proposal.kind == PROPOSAL_NONE || proposal.vdot <= best.vdot)
            continue;
        best = proposal;
        *ret_run = trial->run;
    }
    return best;
}

// See COMMAND_LOAD; NAN: not known.
static double load_of_week(const Evidence *evidence)
{
    const Usec now = clock_wall();
    g_autoptr(GArray) past = g_array_new(FALSE, FALSE, sizeof(PastRun));
    for (guint i = 0; evidence && now > 0 && i < evidence->runs->len; i++) {
        const KeptRun *run = &g_array_index(evidence->runs, KeptRun, i);
        const PastRun one = {(double)(now - run->started) / (double)EVIDENCE_DAY, run->duration_s,
                             run->trimp, run->rtss};
        g_array_append_val(past, one);
    }
    return load_week((const PastRun *)past->data, past->len);
}

// A harder version of what was run last, if it is due.
static void grow(const Evidence *evidence, const Athlete *athlete, Judged *ret_judged)
{
    if (!evidence->workout || load_of_week(evidence) > ADAPT_LOAD_MOST)
        return;
    const gint64 workout = g_array_index(evidence->runs, KeptRun, 0).workout;
    g_autoptr(GArray) outcomes = g_array_new(FALSE, FALSE, sizeof(SessionOutcome));
    for (guint i = 0; i < evidence->runs->len; i++)
        if (g_array_index(evidence->runs, KeptRun, i).workout == workout)
            g_array_append_val(outcomes, g_array_index(evidence->runs, KeptRun, i).outcome);
    if (!proposal_may_grow((const SessionOutcome *)outcomes->data, outcomes->len,
                           (const ProposalAnswer *)evidence->answers->data, evidence->answers->len,
                           today()))
        return;
    g_autofree Plan *plan = g_new(Plan, 1);
    const gsize length = strlen(evidence->workout), size = length + 64;
    g_autofree char *text = g_malloc(size);
    TextError ignored;
    if (!text_parse(evidence->workout, length, plan, NULL, &ignored))
        return;
    const AthleteModel model = athlete_model(athlete);
    size_t ignored_step;
    plan_resolve(plan, athlete, &model, true, &ignored_step); // what has no length stays without
    const Progress progress = plan_progress(plan);
    if (progress_text(&progress, evidence->workout, length, text, size) == 0)
        return;
    *ret_judged = (Judged){.proposal = PROPOSAL_NOTHING,
                           .text = g_steal_pointer(&text),
                           .title = g_strdup(plan->name)};
    Proposal *proposal = &ret_judged->proposal;
    static const ProposalKind kinds[] = {
        [PROGRESS_REPEAT] = PROPOSAL_REPEAT,
        [PROGRESS_REST] = PROPOSAL_REST,
        [PROGRESS_PACE] = PROPOSAL_PACE,
    };
    proposal->kind = kinds[progress.kind];
    proposal->miles = progress.unit == PACE_PER_MILE;
    proposal->sessions = PROPOSAL_GROW_SESSIONS;
    proposal->workout = ret_judged->title;
    proposal->count = progress.to;
    proposal->instead_of = progress.from;
}

// judged_clear() it.
static Judged judge(Hub *hub, const Athlete *athlete)
{
    const Evidence *evidence = hub->proposing.evidence;
    const double vdot = athlete_model(athlete).vdot;
    Judged judged = {.proposal = PROPOSAL_NOTHING};
    if (!evidence || hub->proposing.keeping)
        return judged;
    judged.proposal = from_trials(evidence->trials, vdot, &judged.run);
    if (judged.proposal.kind != PROPOSAL_NONE)
        return judged;
    g_autoptr(GArray) outcomes = g_array_new(FALSE, FALSE, sizeof(SessionOutcome));
    for (guint i = 0; i < evidence->runs->len; i++)
        g_array_append_val(outcomes, g_array_index(evidence->runs, KeptRun, i).outcome);
    judged.proposal = proposal_from_sessions(
        vdot, (const SessionOutcome *)outcomes->data, outcomes->len,
        (const ProposalAnswer *)evidence->answers->data, evidence->answers->len, today());
    if (judged.proposal.kind == PROPOSAL_NONE)
        grow(evidence, athlete, &judged);
    return judged;
}

static gboolean is_news(const Judged *before, const Judged *now)
{
    const Proposal *was = &before->proposal, *is = &now->proposal;
    const gboolean same_vdot = was->vdot == is->vdot || (isnan(was->vdot) && isnan(is->vdot));
    return is->kind != PROPOSAL_NONE &&
           (is->kind != was->kind || !same_vdot || g_strcmp0(before->text, now->text) != 0);
}

static void propose(Hub *hub, const char *name)
{
    Event event = {.at = clock_now(), .kind = EVENT_COMMAND};
    event.command.verb = COMMAND_PROPOSE;
    event.command.text = name;
    event.command.length = strlen(name);
    hub->proposing.asked = *name != '\0';
    hub->proposing.asked_at = USEC_NEVER; // nobody has heard it yet
    hub_take(hub, &event);
}

static void show(Hub *hub)
{
    Proposing *proposing = &hub->proposing;
    const Athlete athlete = store_athlete(hub->store, hub->config->runner);
    Judged before = proposing->now;
    proposing->now = judge(hub, &athlete);
    const gboolean news = is_news(&before, &proposing->now);
    proposing->fresh |= news;
    bus_publish_proposal(hub->bus, &proposing->now.proposal, proposing->now.run, news);
    judged_clear(&before);
}

static void on_evidence(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    Evidence *evidence = store_evidence_finish(NULL, result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    Hub *hub = data;
    Proposing *proposing = &hub->proposing;
    proposing->looks--;
    if (evidence) {
        evidence_free(proposing->evidence);
        proposing->evidence = evidence;
        show(hub);
    }
    if (proposing->looks > 0) // what is waited for comes later
        return;
    if (proposing->called != 0)
        bus_answer_call(hub->bus, proposing->called, g_steal_pointer(&error));
    proposing->called = 0;
    if (proposing->ran && proposing->fresh && !hub_is_running(hub) &&
        proposing->now.proposal.kind != PROPOSAL_NONE)
        propose(hub, proposal_name(proposing->now.proposal.kind));
    proposing->ran = FALSE;
}

void proposing_look(Hub *hub)
{
    hub->proposing.looks++;
    store_evidence(hub->store, hub->config->runner, hub->proposing.closing, on_evidence, hub);
}

void proposing_ran(Hub *hub)
{
    hub->proposing.ran = TRUE;
    hub->proposing.fresh = FALSE;
    proposing_look(hub);
}

void proposing_tell_load(Hub *hub)
{
    const double week = load_of_week(hub->proposing.evidence);
    Event event = {.at = clock_now(), .kind = EVENT_COMMAND};
    event.command.verb = COMMAND_LOAD;
    event.command.number = isnan(week) ? 0 : command_number(week);
    if (event.command.number != session_week(hub->session))
        hub_take(hub, &event);
}

// ── answers ──

// With every other trial of its run, for two of them give a critical speed.
static Athlete take(const Proposal *proposal, const GArray *trials, gint64 run,
                    const Athlete *athlete)
{
    Athlete after = *athlete;
    for (guint i = 0; proposal->sessions == 0 && i < trials->len; i++) {
        const KeptTrial *trial = &g_array_index(trials, KeptTrial, i);
        Proposal beside = *proposal;
        beside.race = trial->race;
        if (trial->run == run && trial->race.maximal)
            after = proposal_take(&beside, &after);
    }
    return proposal_take(proposal, &after);
}

// ── a workout that grows ──

typedef struct {
    Hub *hub;
    char *shipped, *before, *after;
    ProposalKind kind;
    guint32 id; // of the call that accepted it; 0: none did
} Growth;

static void growth_free(gpointer data)
{
    Growth *growth = data;
    g_free(growth->shipped);
    g_free(growth->before);
    g_free(growth->after);
    g_free(growth);
}

static void on_growth_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Growth *growth = data;
    GError *error = NULL;
    char *kept = library_replace(growth->shipped, growth->before, growth->after, &error);
    if (kept)
        g_task_return_pointer(task, kept, g_free);
    else
        g_task_return_error(task, error);
}

// Takes the error; NULL: it was done.
static void reply(Hub *hub, guint32 id, GError *error)
{
    if (error)
        g_warning("What was proposed is not answered by that: %s", error->message);
    if (id != 0)
        bus_answer_call(hub->bus, id, error);
    else
        g_clear_error(&error);
}

static void answered(Hub *hub, ProposalKind kind, double change)
{
    const ProposalAnswer answer = {today(), change, kind};
    store_answer_put(hub->store, hub->config->runner, proposal_name(kind), &answer);
    // Until it is read again: what was asked is answered.
    g_array_set_size(hub->proposing.evidence->trials, 0);
    g_array_append_val(hub->proposing.evidence->answers, answer);
}

// Only what was kept was accepted: else it is proposed still.
static void on_growth_kept(GObject *source, GAsyncResult *result, gpointer data)
{
    GError *error = NULL;
    g_autofree char *kept = g_task_propagate_pointer(G_TASK(result), &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_error_free(error);
        return;
    }
    const Growth *growth = g_task_get_task_data(G_TASK(result));
    Hub *hub = growth->hub;
    hub->proposing.keeping = FALSE;
    if (kept) {
        g_message("Kept as the workout “%s”", kept);
        bus_signal_workout(hub->bus, kept);
        answered(hub, growth->kind, 0);
    } else {
        g_prefix_error(&error, "the workout cannot be kept, and is proposed still: ");
    }
    reply(hub, growth->id, error);
    show(hub);
    proposing_look(hub);
}

static void keep_grown(Hub *hub, guint32 id, const Judged *judged)
{
    Growth *growth = g_new(Growth, 1);
    *growth = (Growth){hub,
                       g_build_filename(hub->config->directory, "workouts", NULL),
                       g_strdup(hub->proposing.evidence->workout),
                       g_strdup(judged->text),
                       judged->proposal.kind,
                       id};
    hub->proposing.keeping = TRUE;
    g_autoptr(GTask) task = g_task_new(NULL, hub->proposing.closing, on_growth_kept, NULL);
    g_task_set_task_data(task, growth, growth_free);
    g_task_run_in_thread(task, on_growth_thread);
}

void proposing_answer(Hub *hub, guint32 id, gboolean accepted)
{
    Proposing *proposing = &hub->proposing;
    const Athlete before = store_athlete(hub->store, hub->config->runner);
    char why[WHY_MAX];
    g_auto(Judged) judged = judge(hub, &before);
    const Proposal *proposal = &judged.proposal;
    if (proposal->kind == PROPOSAL_NONE) {
        reply(hub, id,
              g_error_new_literal(PACED_ERROR, PACED_ERROR_NOT_READY, "nothing is proposed"));
        return;
    }
    const Athlete after = take(proposal, proposing->evidence->trials, judged.run, &before);
    if (accepted && !athlete_check(&after, why)) {
        reply(hub, id, g_error_new_literal(PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, why));
        return;
    }
    g_message("What was proposed was %s: %s", accepted ? "accepted" : "declined",
              proposal_why(proposal, why));
    if (accepted && judged.text) {
        keep_grown(hub, id, &judged);
    } else {
        const double change = accepted ? proposal->vdot - proposal->from : 0;
        answered(hub, proposal->kind, isnan(change) ? 0 : change);
    }
    if (accepted && !judged.text) {
        store_athlete_put(hub->store, hub->config->runner, &after);
        hub_tell_athlete(hub);
    }
    show(hub);
    if (!proposing->keeping)
        reply(hub, id, NULL);
    if (proposing->asked)
        propose(hub, "");
    proposing_look(hub);
}

void proposing_settle(Hub *hub)
{
    Proposing *proposing = &hub->proposing;
    if (!proposing->answered)
        return;
    proposing->answered = proposing->asked = FALSE; // the session knows
    proposing_answer(hub, 0, proposing->accepted);
}

// ── races ──

typedef struct {
    Hub *hub;
    guint32 id;
    gint64 run;
    Race race;
} Called;

// The race is kept, and the call answered once what follows from it was read; one at a time.
static void on_stretch(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Called *called = data;
    GError *error = NULL;
    g_autofree Stretch *stretch = store_stretch_finish(NULL, result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_error_free(error);
        return;
    }
    Hub *hub = called->hub;
    Race *race = &called->race;
    char why[WHY_MAX];
    if (stretch && isnan(race->distance_m))
        race->distance_m = stretch->distance_m;
    if (stretch && isnan(race->distance_m))
        error = g_error_new_literal(PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                                    "how far that was is not known, only measured: say it");
    if (stretch)
        race->time_s = stretch->time_s;
    if (!error && !race_check(race, why))
        error = g_error_new_literal(PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, why);
    if (error || hub->proposing.called != 0) {
        bus_answer_call(hub->bus, called->id,
                        error ? error
                              : g_error_new_literal(PACED_ERROR, PACED_ERROR_BUSY,
                                                    "another race is being called one"));
        return;
    }
    hub->proposing.called = called->id;
    store_trial_put(hub->store, called->run, race);
    proposing_look(hub);
}

void proposing_call_race(Hub *hub, guint32 id, gint64 run, guint lap, double metres,
                         gboolean maximal)
{
    Called *called = g_new(Called, 1);
    *called = (Called){hub, id, run, {metres, NAN, maximal, 0}};
    store_stretch(hub->store, run, lap, hub->proposing.closing, on_stretch, called);
}
