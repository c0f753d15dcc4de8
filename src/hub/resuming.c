// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is who may be wrong about how long the break was. Where that is not known, a run
// that was cut is gone on with when the machine was started a short while ago, for that is what a
// runner whose battery had a loose contact needs; one that was broken off in order is not.
//
// The journal is replayed on the store's thread; until it is done, the hub is as at any start.

#include "hub/resuming.h"

#include <malloc.h>

#include "hub/hub-inside.h"
#include "io/sitting-config.h"

#define TOLD_WITHIN (24 * 3600 * USEC_PER_SEC) // later it can be had by who remembers it

typedef struct {
    Hub *hub;
    guint32 id;
    char *sender;
    Phrases *phrases; // of the session that is being made
} Resuming;

static void resuming_free(Resuming *resuming)
{
    g_free(resuming->sender);
    g_free(resuming->phrases);
    g_free(resuming);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Resuming, resuming_free)

static void command(Hub *hub, CommandVerb verb, Usec at, guint32 id)
{
    hub_take(hub, &(Event){.at = at, .kind = EVENT_COMMAND, .command = {.verb = verb, .id = id}});
}

static void refuse(Hub *hub, guint32 id, AnswerReason reason)
{
    if (id != 0)
        bus_answer(hub->bus, id, COMMAND_CONTINUE, reason, NULL);
}

static void give_up(Hub *hub, guint32 id, AnswerReason reason)
{
    store_leave(hub->store);
    refuse(hub, id, reason);
}

static void go_on(Resuming *resuming, Session *session)
{
    Hub *hub = resuming->hub;
    const InterruptedRun *run = store_interrupted(hub->store);
    const Usec broken_at = run->at, now = clock_now();
    const gboolean orderly = run->orderly;
    g_message("Going on with the run %s after a break of %s%.0f s", run->name,
              run->gap_known ? "" : "at least ", usec_to_s(now - broken_at));
    g_autoptr(GArray) legacy = hub_legacy(hub, now);
    store_continue(hub->store);
    hub_use_session(hub, session, g_steal_pointer(&resuming->phrases), now);
    if (!orderly)
        command(hub, COMMAND_BREAK, broken_at, 0);
    for (guint i = 0; i < legacy->len; i++)
        hub_take(hub, &g_array_index(legacy, Event, i));
    g_free(hub->by);
    hub->by = g_steal_pointer(&resuming->sender);
    command(hub, COMMAND_CONTINUE, now, resuming->id);
    malloc_trim(0); // the replay's pages of the file
}

static void on_replayed(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(Resuming) resuming = data;
    g_autoptr(GError) error = NULL;
    Session *session = store_replay_finish(NULL, result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    Hub *hub = resuming->hub;
    hub->resuming = FALSE;
    if (!session) {
        g_warning("The run that was cut off cannot be gone on with: %s", error->message);
        give_up(hub, resuming->id, REASON_NOTHING_INTERRUPTED);
    } else if (hub_is_running(hub) || !store_interrupted(hub->store)) {
        session_free(session);
        give_up(hub, resuming->id, REASON_ALREADY_RUNNING);
    } else {
        go_on(resuming, session);
    }
}

static void begin(Hub *hub, guint32 id, const char *sender)
{
    const InterruptedRun *run = store_interrupted(hub->store);
    g_autoptr(Resuming) resuming = g_new0(Resuming, 1);
    g_autoptr(GError) error = NULL;
    SessionConfig config;
    resuming->hub = hub;
    resuming->id = id;
    resuming->sender = g_strdup(sender);
    resuming->phrases = g_new0(Phrases, 1);
    if (!sitting_config_read(run->config, resuming->phrases, &config, &error)) {
        g_warning("The run that was cut off cannot be gone on with: %s", error->message);
        give_up(hub, id, REASON_NOTHING_INTERRUPTED);
        return;
    }
    hub->resuming = TRUE;
    store_replay(hub->store, &config, hub->proposing.closing, on_replayed,
                 g_steal_pointer(&resuming));
}

void resuming_look(Hub *hub)
{
    const InterruptedRun *run = store_interrupted(hub->store);
    if (!run)
        return;
    if (run->gap <= hub->config->resume_within && (run->gap_known || !run->orderly))
        begin(hub, 0, NULL);
    else
        store_leave(hub->store);
    if (!hub->resuming && run->gap <= TOLD_WITHIN)
        g_message("The run %s was cut off %s%.0f min ago; to go on with it: pacectl continue",
                  run->name, run->gap_known ? "" : "at least ", usec_to_s(run->gap) / 60);
}

void resuming_ask(Hub *hub, guint32 id, const char *sender)
{
    if (hub_is_running(hub) || hub->resuming)
        refuse(hub, id, REASON_ALREADY_RUNNING);
    else if (!store_interrupted(hub->store))
        refuse(hub, id, REASON_NOTHING_INTERRUPTED);
    else
        begin(hub, id, sender);
}
