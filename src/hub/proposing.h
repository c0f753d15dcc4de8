// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Between sessions: what is proposed for the runner's next runs, by what is kept of the last ones.
// What is proposed is athlete/proposal.h's; here is when it is looked at (as the daemon begins,
// after each run and each answer), when it is asked aloud (once, after the run that gave rise to
// it), and what an answer does. Nothing of it is kept but runs and answers: what is proposed
// follows from them.

#pragma once

#include "store/store.h"

typedef struct Hub Hub;

typedef struct {
    Proposal proposal;
    gint64 run;         // of a race: which run was it
    char *text, *title; // of a workout: what it would be, and what it is called; else NULL
} Judged;

typedef struct {
    Evidence *evidence; // NULL: not read yet
    Judged now;         // as it was shown last
    guint looks;        // that the store has yet to answer, in their order
    gboolean ran;       // a run has ended since: what is new is asked aloud
    gboolean fresh;     // something new was shown since that run
    gboolean asked;     // aloud, and not answered
    Usec asked_at;      // when it had been heard; USEC_NEVER: not yet
    gboolean answered;  // by a command, in the turn that is being handled, and
    gboolean accepted;  // how
    gboolean keeping;   // what was accepted is being written; nothing is proposed meanwhile
    guint32 called;     // CallRace waits for what is read last; 0: none does
    GCancellable *closing;
} Proposing;

void proposing_init(Proposing *proposing);
void proposing_clear(Proposing *proposing);

void proposing_look(Hub *hub); // the store is asked, and what comes of it is shown
void proposing_ran(Hub *hub);  // likewise, after a run

// The session hears how hard the last week was, where it does not know.
void proposing_tell_load(Hub *hub);

// What a command answered in a turn, once the turn is over: an answer brings events of its own.
void proposing_settle(Hub *hub);

// Takes what is proposed, or leaves it, and answers the call `id` once that is kept; 0: none asked.
// PACED_ERROR_NOT_READY: nothing is proposed.
void proposing_answer(Hub *hub, guint32 id, gboolean accepted);

// A run, or a lap of it from 1 on, was a race of so many metres; NAN: as a known distance has it.
// It is proposed then, and the call answered.
void proposing_call_race(Hub *hub, guint32 id, gint64 run, guint lap, double metres,
                         gboolean maximal);
