// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the files of the session share: its state, and the few steps that more than one of them
// takes.

#pragma once

#include "coach/coach.h"
#include "session/adapting.h"
#include "session/averages.h"
#include "session/marks.h"
#include "session/session.h"

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
    double week;           // see COMMAND_LOAD; 0: not known
    ProposalKind proposed; // and not answered yet
    double track;          // m, of a lap; 0: none
    double snapped_m;      // see CoachView
    Silence silence;
    Snapshot snapshot;
};

// A new effect in its place, all zero but for these.
Effect *effect_add(Effects *effects, EffectKind kind, Usec at);

CoachView session_view(const Session *session);

// What was decided, to whoever has to know.
void session_tell_adaptation(Session *session, const Adaptation *adaptation, Effects *effects);

// The run is over.
void session_finish(Session *session, Usec at, bool completed, Effects *effects);

void session_take_engine_event(Session *session, EngineEvent *event, Effects *effects);

// A command, and its answer (command.c).
void session_command(Session *session, const Event *event, Effects *effects);
