// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The shell's one page: callback → stamp → journal → session_handle() → carry out the effects → arm
// the one alarm at session_deadline(). It owns the adapters and decides nothing.

#pragma once

#include "audio/voice.h"
#include "io/config.h"
#include "radio/radio.h"
#include "store/store.h"

typedef struct Hub Hub;

typedef struct {
    const Config *config;   // borrowed for the hub's life
    GDBusConnection *bus;   // where org.paced1 goes
    GDBusConnection *bluez; // where org.bluez is; NULL: the system bus
    const char *database;   // path
    const char *record;     // path of a capture of all that happens; NULL: none
    GStrv voice_outputs;
    void (*ready)(gpointer data); // the name is ours: callers can come
    void (*lost)(gpointer data);  // the bus or the name: free the hub, or let it serve again
    gpointer data;
} HubOptions;

// Fails with PACED_ERROR for a voice output or a capture that cannot be, or when no runs could be
// kept at all.
Hub *hub_new(const HubOptions *options, GError **error);

// Goes on serving on `bus`, which may be the same: the bus is back, or the name may be free.
void hub_serve(Hub *hub, GDBusConnection *bus);
gboolean hub_is_running(Hub *hub); // a workout

// Breaks a running workout off, so that the next daemon can go on with it; hub_free() is to follow.
void hub_interrupt(Hub *hub);

// Ends a running workout as stopped by "shutdown" and writes everything. Takes NULL.
void hub_free(Hub *hub);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hub, hub_free)
