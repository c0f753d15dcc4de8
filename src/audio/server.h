// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The connection to the audio server (PulseAudio, or PipeWire in its clothes): made, lost, and made
// again. Dormant when no server has answered for a minute: then only its socket appearing, or
// server_wake(), tries again, so a box without sound is not woken for nothing.

#pragma once

#include <pulse/pulseaudio.h>

#include "audio/voice.h"

typedef struct Server Server;

typedef struct {
    void (*ready)(pa_context *context, gpointer data);
    void (*lost)(gpointer data);    // the context is about to go: drop what hangs on it
    void (*changed)(gpointer data); // state or reason
} ServerHandlers;

Server *server_new(const ServerHandlers *handlers, gpointer data); // `ready` comes later
void server_free(Server *server);                                  // takes NULL; no handler called
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_free)

// Tries at once if there is no connection. Returns whether there is one now, or one being made.
bool server_wake(Server *server);

VoiceState server_state(const Server *server);   // READY, CONNECTING or NO_SERVER
const char *server_reason(const Server *server); // with the remedy; "" when ready
