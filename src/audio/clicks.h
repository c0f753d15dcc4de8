// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The stream for what must be in time: tones and the metronome. It runs only while something is
// wanted of it. All of it may be called at any time; without a server, or with one that is stuck,
// tones are dropped and the metronome starts when there is one again.

#pragma once

#include <glib.h>
#include <pulse/pulseaudio.h>

#include "coach/cue.h"

#define CLICKS_RATE 48000
#define CLICKS_LATE (100 * USEC_PER_MSEC) // a tone later than this is not played

typedef struct Clicks Clicks;

// `told` is called with the sink's latency, at first and when it is another.
Clicks *clicks_new(void (*told)(Usec latency, gpointer data), gpointer data);
void clicks_free(Clicks *clicks);

// `device`: NULL for the server's default.
void clicks_connect(Clicks *clicks, pa_context *context, const char *device);
void clicks_disconnect(Clicks *clicks); // before the context goes, or to connect anew

// Runs though there is nothing to be heard, so that the sink does not fall asleep: it would swallow
// the beginning of what wakes it.
void clicks_awake(Clicks *clicks, bool awake);

void clicks_tone(Clicks *clicks, const Cue *cue); // heard at cue->due
void clicks_hush(Clicks *clicks, uint32_t id);    // takes a tone back that is not heard yet
void clicks_metronome(Clicks *clicks, double clicks_a_minute);
void clicks_duck(Clicks *clicks, bool ducked); // the metronome, under speech
void clicks_set_gain(Clicks *clicks, double gain);
