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
    GStrv voice_outputs;
    void (*ready)(gpointer data); // the name is ours: callers can come
    void (*quit)(gpointer data);  // the bus or the name is lost
    gpointer data;
} HubOptions;

// Fails with PACED_ERROR for a voice output that cannot be, or when no runs could be kept at all.
Hub *hub_new(const HubOptions *options, GError **error);

// Ends a running workout as stopped by "shutdown" and writes everything. Takes NULL.
void hub_free(Hub *hub);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hub, hub_free)
