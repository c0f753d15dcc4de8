// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A whole workout in virtual time: the real core, a virtual runner in virtual sensors, and a voice
// that takes as long as the words do. No clock, no bus, no sound; an hour in well under a second.
// The same text, seed and sensors give the same effects, byte for byte.

#pragma once

#include "sim/runner.h"
#include "sim/stage.h"
#include "sim/wear.h"

typedef struct {
    uint64_t seed;
    const RunnerTraits *traits; // NULL: RUNNER_DEFAULT
    const Athlete *athlete;     // whose hearts, paces and zones they are; NULL: nobody known
    bool by_effort;             // what no number is known for is run by feel
    bool veto;                  // whatever is changed of the workout is taken back
    bool accept;                // whatever is offered on top of it is run
    double pod_scale;           // how wrong the pod is; 1 exact
    bool pod_spikes;            // it says now and then what cannot be
    bool power;                 // and tells the power too
    double troubles;            // an hour: a link lost, or a sensor wrong in some way for a while
    SessionConfig session;
    StageWitness witness; // NULL: nobody
    void *witness_data;
} VirtualOptions;

VirtualOptions
virtual_default(void); // a fresh runner whom nobody knows, seed 1, and a session's defaults

// `t` is the time since the start; the snapshot is the session's after the effect's turn.
typedef void (*VirtualObserver)(double t_s, const Effect *effect, const Snapshot *snapshot,
                                void *data);

// Longer than a plan may be: without a pace it is not known before how long it takes.
#define VIRTUAL_HOURS_MAX 26

// Runs the text's workout to its end, an open step for one minute before it is ended by hand; what
// lasts longer than VIRTUAL_HOURS_MAX is then stopped, and its summary is not `completed`. A
// runner whose D′ is known says after each repetition of a set how it felt. `observe` may be NULL.
// REASON_OK, or with *ret_error REASON_BAD_TEXT, or REASON_LACKS_NUMBER of a target.
AnswerReason virtual_run(const char *text, size_t length, const VirtualOptions *options,
                         VirtualObserver observe, void *data, TextError *ret_error);
