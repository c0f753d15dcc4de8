// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the files of the hub share: its state, and the few steps that more than one of them takes.

#pragma once

#include "audio/voice.h"
#include "bus/bus.h"
#include "hands/hands.h"
#include "hub/hub.h"
#include "hub/pressing.h"
#include "hub/proposing.h"
#include "hub/registry.h"
#include "hub/statelog.h"
#include "hub/wake.h"
#include "io/clock.h"
#include "radio/radio.h"
#include "session/session.h"
#include "store/store.h"

struct Hub {
    const Config *config;
    HubOptions options;
    Session *session;
    Phrases *phrases; // of a session that was gone on with; NULL: the config's
    Store *store;
    Voice *voice;
    Registry *registry;
    Radio *radio;
    Bus *bus;
    Alarm *alarm;
    Wake *wake;
    Proposing proposing;
    Hands *hands;
    Pressing pressing;

    Voice *guest; // speaks another language for Hub.Say; NULL: nobody does
    guint guest_end;
    uint32_t said;               // so many by Hub.Say
    char prepared[CUE_TEXT_MAX]; // for the voice: what is announced next

    gboolean handling;
    GArray *waiting; // Event: what came while handling another
    Usec last_event;
    Usec idle_since;     // of this sitting: its begin, or the latest event of a workout
    unsigned conditions; // as the session was told last
    gboolean held;       // somebody watches
    Usec wanted_until;   // after a pre-flight
    Usec commit_due;     // USEC_NEVER when nothing was appended since the last commit
    Usec look_due;       // at disk and clock, in a run
    guint ticks;
    char *by; // who asked for what is being handled; NULL when nobody did
    gboolean ending;
    gboolean broken_off; // the run was left for the next daemon to go on with
    gboolean resuming;   // a journal is being replayed
    Usec log_due;        // USEC_NEVER unless a state may have changed
    Usec finish_due;     // USEC_NEVER unless Finished is held back
    RunSummary summary;
    char *finished_by;

    char *store_note; // why the file asked for is not in use; NULL when it is
    StateLog logged;
};

void hub_take(Hub *hub, const Event *event);
StoreStatus hub_store_status(Hub *hub);
void hub_publish_state(Hub *hub);
void hub_publish_sensors(Hub *hub, gboolean with_counts);
void hub_want_sensors(Hub *hub);
void hub_rearm(Hub *hub); // the alarm, after anything may have come nearer

// What is wrong with disk and clock reaches the session.
void hub_note_conditions(Hub *hub);

// What the store keeps of the runner reaches the session, and is shown with what follows from it.
void hub_tell_athlete(Hub *hub);

// What the session knows and the next one is to know: see sitting_legacy().
GArray *hub_legacy(Hub *hub, Usec at);

// In place of the present one; takes both.
void hub_use_session(Hub *hub, Session *session, Phrases *phrases, Usec at);

// What the session learnt of its sensors is kept.
void hub_keep_lessons(Hub *hub);

// Ids of cues that a caller had said, and not the session.
#define SAID_FIRST 0x80000000u

// A caller's text; `language` NULL: the voice's own.
gboolean saying_say(Hub *hub, const char *text, const char *language, GError **error);
void saying_end(Hub *hub);

// A caller's command; `id` is answered.
void asked_command(guint32 id, CommandVerb verb, const char *text, gsize length, const char *sender,
                   gpointer data);
extern const BusHandlers asked_handlers; // asked.c; `data` is the hub
