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

// The end: "[completed: 42:45, 7.00 km, rTSS 38, 2 adaptations]", the load where it is known.
void transcript_summary(double t_s, const RunSummary *summary);

// An object: event (cue, step, lap, adapt, state), t_s, text, kind and what the event has. NULL for
// what is none.
JsonNode *transcript_node(double t_s, const Effect *effect, const Snapshot *snapshot);

// Why the pace is not corrected (event: silence) on a line, where that is another than at the tick
// before.
void transcript_silence(double t_s, const Effect *effect, const Snapshot *snapshot,
                        Silence *at_last);

// The same as transcript_node(), on a line.
void transcript_json(double t_s, const Effect *effect, const Snapshot *snapshot);
