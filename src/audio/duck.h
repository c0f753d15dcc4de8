// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Others' sound steps back while the coach speaks: 15 dB in 75 ms, and back 300 ms after the last
// word. Where the server does so itself for our role (module-role-ducking), nothing is done here.

#pragma once

#include <pulse/pulseaudio.h>

typedef struct Duck Duck;

Duck *duck_new(void);
void duck_free(Duck *duck); // gives back what is turned down, at once

// These do nothing without one (NULL): others are left alone then.
void duck_connect(Duck *duck, pa_context *context); // gives back what an earlier life left behind
void duck_disconnect(Duck *duck);                   // before the context goes

void duck_begin(Duck *duck); // speech begins
void duck_end(Duck *duck);   // no more is to be said now
