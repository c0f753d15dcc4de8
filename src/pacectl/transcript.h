// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a session did and when, on standard output: as simulate and replay print it.

#pragma once

#include "pacectl/pacectl.h"
#include "session/session.h"

// "0:24:38.4  go"; a time before the start has a minus.
void transcript_line(double t_s, const char *format, ...) G_GNUC_PRINTF(2, 3);

// What a reader wants of an effect besides its words: laps, pauses, the end and refusals.
void transcript_effect(double t_s, const Effect *effect, const Snapshot *snapshot);

// An object a line: event (cue, step, lap, state), t_s, text, kind and what the event has.
void transcript_json(double t_s, const Effect *effect, const Snapshot *snapshot);
