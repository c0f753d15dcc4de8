// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is that a proposal outlives sittings, runs and the daemon, and the evidence for it
// may go meanwhile (days pass, the runner tells a race himself): it is made anew whenever it
// matters.

#include "hub/proposing.h"

#include "hub/hub-inside.h"
#include "io/error.h"

#include <string.h>

void proposing_init(Proposing *proposing)
{
    proposing->closing = g_cancellable_new();
    proposing->now = PROPOSAL_NOTHING;
}

void proposing_clear(Proposing *proposing)
{
    if (!proposing->closing)
        return;
    g_cancellable_cancel(proposing->closing); // who hears of it then leaves the hub alone
    g_clear_object(&proposing->closing);
    g_clear_pointer(&proposing->evidence, evidence_free);
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

// *ret_run: whose race it is.
static Proposal judge(Hub *hub, const Athlete *athlete, gint64 *ret_run)
{
    const Evidence *evidence = hub->proposing.evidence;
    const double vdot = athlete_model(athlete).vdot;
    Proposal proposal = PROPOSAL_NOTHING;
    if (!evidence)
        return proposal;
    proposal = from_trials(evidence->trials, vdot, ret_run);
    if (proposal.kind != PROPOSAL_NONE)
        return proposal;
    g_autoptr(GArray) outcomes = g_array_new(FALSE, FALSE, sizeof(SessionOutcome));
    for (guint i = 0; i < evidence->runs->len; i++)
        g_array_append_val(outcomes, g_array_index(evidence->runs, KeptRun, i).outcome);
    return proposal_from_sessions(vdot, (const SessionOutcome *)outcomes->data, outcomes->len,
                                  (const ProposalAnswer *)evidence->answers->data,
                                  evidence->answers->len, today());
}

static gboolean is_news(const Proposal *before, const Proposal *now)
{
    return now->kind != PROPOSAL_NONE && (now->kind != before->kind || now->vdot != before->vdot);
}

static void propose(Hub *hub, const char *name)
{
    Event event = {.at = clock_now(), .kind = EVENT_COMMAND};
    event.command.verb = COMMAND_PROPOSE;
    event.command.text = name;
    event.command.length = strlen(name);
    hub->proposing.asked = *name != '\0';
    hub_take(hub, &event);
}

static void show(Hub *hub)
{
    Proposing *proposing = &hub->proposing;
    const Athlete athlete = store_athlete(hub->store, hub->config->runner);
    const Proposal before = proposing->now;
    gint64 run = 0;
    proposing->now = judge(hub, &athlete, &run);
    bus_publish_proposal(hub->bus, &proposing->now, run, is_news(&before, &proposing->now));
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
        bus_answer_race(hub->bus, proposing->called, g_steal_pointer(&error));
    proposing->called = 0;
    if (proposing->ran && !hub_is_running(hub) && is_news(&proposing->before, &proposing->now))
        propose(hub, proposal_name(proposing->now.kind));
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
    hub->proposing.before = hub->proposing.now;
    proposing_look(hub);
}

// ── the load ──

void proposing_tell_load(Hub *hub)
{
    const Evidence *evidence = hub->proposing.evidence;
    const Usec now = clock_wall();
    g_autoptr(GArray) past = g_array_new(FALSE, FALSE, sizeof(PastRun));
    for (guint i = 0; evidence && now > 0 && i < evidence->runs->len; i++) {
        const KeptRun *run = &g_array_index(evidence->runs, KeptRun, i);
        const PastRun one = {(double)(now - run->started) / (double)EVIDENCE_DAY, run->duration_s,
                             run->trimp, run->rtss};
        g_array_append_val(past, one);
    }
    const double week = load_week((const PastRun *)past->data, past->len);
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

gboolean proposing_answer(Hub *hub, gboolean accepted, GError **error)
{
    Proposing *proposing = &hub->proposing;
    const Athlete before = store_athlete(hub->store, hub->config->runner);
    char why[WHY_MAX];
    gint64 run = 0;
    const Proposal proposal = judge(hub, &before, &run);
    if (proposal.kind == PROPOSAL_NONE) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_NOT_READY, "nothing is proposed");
        return FALSE;
    }
    const Athlete after = take(&proposal, proposing->evidence->trials, run, &before);
    if (accepted && !athlete_check(&after, why)) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, why);
        return FALSE;
    }
    const double change = accepted ? proposal.vdot - proposal.from : 0;
    const ProposalAnswer answer = {today(), isnan(change) ? 0 : change};
    store_answer_put(hub->store, hub->config->runner, proposal_name(proposal.kind), &answer);
    g_message("What was proposed was %s: %s", accepted ? "accepted" : "declined",
              proposal_why(&proposal, why));
    // Until it is read again: what was asked is answered.
    g_array_set_size(proposing->evidence->trials, 0);
    g_array_append_val(proposing->evidence->answers, answer);
    if (accepted) {
        store_athlete_put(hub->store, hub->config->runner, &after);
        hub_tell_athlete(hub);
    }
    show(hub);
    if (proposing->asked)
        propose(hub, "");
    proposing_look(hub);
    return TRUE;
}

void proposing_settle(Hub *hub)
{
    Proposing *proposing = &hub->proposing;
    if (!proposing->answered)
        return;
    proposing->answered = proposing->asked = FALSE; // the session knows
    proposing_answer(hub, proposing->accepted, NULL);
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
        bus_answer_race(hub->bus, called->id,
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
