// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the files of this room share: the exported objects and the way to ask the hub.

#pragma once

#include "bus/bus.h"
#include "bus/call.h"
#include "bus/claims.h"
#include "bus/export.h"
#include "paced1-info.h"

#define BUS_NAME "org.paced1"
#define BUS_ROOT "/org/paced1"

struct Bus {
    GDBusConnection *connection;
    Exports *exports;
    Store *store; // borrowed; may be NULL
    char *shipped;
    BusHandlers handlers;
    gpointer data;
    Calls *calls;
    GCancellable *requesting; // the name
    GCancellable *closing; // cancelled when this is freed: for what a worker thread does meanwhile

    Export *hub;
    Claims *claims;       // of Hub.Hold
    GHashTable *sensors;  // object path → Export
    GHashTable *asked;    // a set of what waits for the answer of a sensor
    GHashTable *captures; // that callers have asked for
    Export *runner;
    guint keep_days; // 0: for ever
    char *runner_name, *runner_path, *session_path;
    Export *athlete;
    Export *library;
    Athlete told;     // as last published
    Exports *players; // NULL: the run is no media player
    Export *player;
    enum {
        PLAYBACK_NONE, // nothing is run
        PLAYBACK_PAUSED,
        PLAYBACK_ON,
    } running;
    gboolean player_held; // it stays a while without a run
    gboolean plays;       // it has its name on the bus
    Export *session;      // NULL while there is none
};

char *sensor_path(const char *address);                // sensors.c; free with g_free()
void runner_export(Bus *bus, const char *name);        // runner.c
GVariant *estimates_variant(const Snapshot *snapshot); // estimates.c; a{sv}, floating
void athlete_export(Bus *bus);                         // athlete.c, after the runner
void catalog_export(Bus *bus);                         // catalog.c

// Whether a text can be a workout's, by its length alone (runner.c).
gboolean workout_text_check(const char *text, GError **error);

// proposal.c, of the athlete
gboolean on_accept_proposal(Bus *bus, const ExportCall *call, GError **error);
gboolean on_decline_proposal(Bus *bus, const ExportCall *call, GError **error);
gboolean on_call_race(Bus *bus, const ExportCall *call, GError **error);

// player.c: nothing when there is none.
void player_serve(Bus *bus);
void player_publish(Bus *bus, const Snapshot *snapshot);

// Asks for a name that nothing depends on, or gives one up; whatever the bus answers.
void bus_want_name(Bus *bus, const char *name, gboolean wanted);

gboolean on_preview(Bus *bus, const ExportCall *call, GError **error); // preview.c, of the runner
gboolean on_details(Bus *bus, const ExportCall *call, GError **error); // likewise, of the history

// capture.c: of the hub and the history, with their descriptor.
gboolean on_record(Bus *bus, const ExportCall *call, GError **error);
gboolean on_export(Bus *bus, const ExportCall *call, GError **error);
