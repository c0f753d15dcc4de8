// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the files of the session share: its state, and the few steps that more than one of them
// takes.

#pragma once

#include "coach/coach.h"
#include "coach/pacer.h"
#include "coach/turnover.h"
#include "session/adapting.h"
#include "session/averages.h"
#include "session/marks.h"
#include "session/session.h"

// The metronome and the pacer of a run. What is wanted of them is as workout/aids.h has it.
typedef struct {
    bool metronome_said, pacer_said;     // in this run, by a command
    unsigned metronome_told, pacer_told; // what it was
    unsigned metronome, pacer_m;         // wanted in this step
    bool metronome_here;                 // by its text or a command, rather than by the settings
    bool leads; // in this step, which asks for a turnover: nobody else says anything about that
    Turnover turnover;
    Pacer pacer;
    double clicks; // as they were told last
    Usec toned;    // when the latest tone of another kind is heard
} Rhythm;

struct Session {
    SessionConfig config;
    Phrases english; // used when the config brings no phrases
    Estimator estimator;
    Plan plan;
    Engine engine;
    Coach coach;
    bool active;          // a plan is being run, paused or not
    bool known;           // some value was, when last looked at
    bool dirty;           // something changed since the last tick that a watcher would want to see
    bool more;            // the last call ran out of room
    bool change_expected; // of the current step's end
    bool broken;          // see COMMAND_BREAK
    bool stood_before;    // the runner had paused it by then
    unsigned conditions;  // ConditionSet
    Athlete athlete;
    AthleteModel model; // of the athlete
    Usec now;
    uint32_t clamped; // events whose time ran backwards
    Usec next_tick;   // USEC_NEVER while nothing needs one
    Usec sampled_at;
    Averages lap, run;
    Load load; // of the run
    uint32_t laps;
    Marks marks;
    Adapting adapting;
    Trials trials;
    Rhythm rhythm;
    double week;           // see COMMAND_LOAD; 0: not known
    ProposalKind proposed; // and not answered yet
    double track;          // m, of a lap; 0: none
    double snapped_m;      // see CoachView
    Silence silence;
    Snapshot snapshot;
};

// Whether as many more effects as a turn can bring have room.
bool session_has_room(const Effects *effects);

bool session_runs(const Session *session); // and is not paused

// A new effect in its place, all zero but for these.
Effect *effect_add(Effects *effects, EffectKind kind, Usec at);

CoachView session_view(const Session *session);

// What was decided, to whoever has to know.
void session_tell_adaptation(Session *session, const Adaptation *adaptation, Effects *effects);

// The run is over.
void session_finish(Session *session, Usec at, bool completed, Effects *effects);

void session_take_engine_event(Session *session, EngineEvent *event, Effects *effects);

// The metronome and the pacer (rhythm.c): a run begins, or a step; a command; a turn.
void rhythm_begin(Session *session);
void rhythm_step_started(Session *session);
AnswerReason rhythm_command(Session *session, CommandVerb verb, double number);
// `tick`: another second of the run is over.
void rhythm_turn(Session *session, bool tick, Effects *effects);
Usec rhythm_deadline(const Session *session);

// A command, and its answer (command.c).
void session_command(Session *session, const Event *event, Effects *effects);
