// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A session on a stage: virtual time, its deadlines kept to the microsecond, and a voice that takes
// as long as the words do. The daemon's hub in small, without a world; simulations and scenario
// tests put sensors before it.

#pragma once

#include "session/session.h"

// Sees every effect in order; the snapshot is the session's after the turn that made it.
typedef void (*StageObserver)(const Effect *effect, const Snapshot *snapshot, void *data);

// Each event as the session gets it, before its effects.
typedef void (*StageWitness)(const Event *event, void *data);

typedef struct {
    Session *session;
    int words_a_minute;
    Usec now;
    Usec silent_at;    // when the cue being spoken ends; USEC_NEVER in silence
    uint32_t speaking; // its id; 0 in silence
    StageObserver observe;
    void *data;
    StageWitness witness; // NULL: nobody; set after stage_init()
    void *witness_data;
    Effects effects; // of the latest event
} Stage;

void stage_init(Stage *stage, const SessionConfig *config, Usec now, StageObserver observe,
                void *data);
void stage_clear(Stage *stage);

// An event happens now: `event->at` is taken from the stage. Drains whatever it causes.
void stage_handle(Stage *stage, Event event);

// Lets the next thing of the stage's own happen (a deadline, the end of a cue) when it is due at or
// before `until`. False when none is: the stage then stands at `until`.
bool stage_step(Stage *stage, Usec until);
