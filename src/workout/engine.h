// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Where in the plan the runner is. Steps end by time, by distance or by hand; a distance boundary
// is interpolated between the two instants that enclose it, and what was run beyond it belongs to
// the next step. Pauses stop the step's clock and its distance.
//
// Plain data, no allocation. The caller says the time and the total distance covered; the engine
// answers with what happened in between, in order.

#pragma once

#include "workout/plan.h"

typedef enum {
    STEP_COMPLETED, // reached its length
    STEP_LAPPED,    // ended by the lap command
    STEP_SKIPPED,   // abandoned by the skip command
    STEP_STOPPED,   // the workout was stopped in it
} StepOutcome;

// A finished step: the record of a lap. The engine fills the first part; whoever sees the samples
// fills the averages (session/).
typedef struct {
    uint32_t step; // index into Plan.steps
    StepOutcome outcome;
    StepKind kind;
    uint16_t repetition, repetitions;
    Usec started, ended;        // instants
    Usec duration;              // without pauses
    double distance_m;          // NAN where nothing measured it, which the engine cannot know
    double speed_mps;           // distance ÷ duration; NAN for an empty lap
    Aim aim;                    // what the step asked of its runner
    double heart_rate, cadence; // means over known seconds; NAN when never known
    double heart_rate_max;      // NAN when never known
} Lap;

typedef enum {
    ENGINE_STEP_STARTED,
    ENGINE_STEP_ENDED,
    ENGINE_FINISHED, // the last step ended; follows its ENGINE_STEP_ENDED
} EngineEventKind;

typedef struct {
    EngineEventKind kind;
    Usec at;     // the exact instant, at or before the `at` of the call
    size_t step; // index into Plan.steps
    Lap lap;     // ENGINE_STEP_ENDED
} EngineEvent;

typedef struct {
    const Plan *plan; // borrowed, must outlive the run
    size_t step;
    Step now; // the current step as it is being run: its plan's, unless it was lengthened or cut
    Usec work_active; // of the latest step of work that ended, for who rests as long or as far
    double work_m;
    bool running, paused;
    bool announce;     // the current step's ENGINE_STEP_STARTED has not been given out yet
    bool finishing;    // ENGINE_FINISHED has not been given out yet
    Usec at;           // the instant reached
    double distance;   // the caller's total at that instant
    Usec started;      // of the whole run
    Usec active;       // time run without pauses
    double active_m;   // metres run without pauses
    Usec step_started; // instant
    Usec step_active;  // time in this step without pauses
    double step_m;     // metres in this step without pauses
} Engine;

// Begins the plan's first step at `at`. The first engine_advance() gives ENGINE_STEP_STARTED.
void engine_start(Engine *engine, const Plan *plan, Usec at, double distance_m);

// Moves to `at`, by when `distance_m` had been covered, and gives the next thing that happened;
// call with the same two until it returns false. Both must not decrease (a smaller one, or a
// distance that is not finite, is taken as no progress). Between the latest call and this one the
// runner is taken to have run evenly: every boundary in between falls on its own microsecond.
bool engine_advance(Engine *engine, Usec at, double distance_m, EngineEvent *ret_event);

// Commands, at the instant reached by the latest engine_advance(). Each returns false when it makes
// no sense now (nothing running, already paused, …). The last two give the ENGINE_STEP_ENDED; what
// follows from it comes from the next engine_advance(). A step may be ended while paused: the next
// one then begins paused. Stopping ends with ENGINE_FINISHED too. A step that is ended before its
// ENGINE_STEP_STARTED was asked for never gives it.
bool engine_pause(Engine *engine);
bool engine_resume(Engine *engine);
bool engine_end_step(Engine *engine, StepOutcome outcome, EngineEvent *ret_event); // lap, skip
bool engine_stop(Engine *engine, EngineEvent *ret_event);

// Ends the current step `left` from now, or rather by its length: never later than it would have,
// and only a step by time or by the heart. False: it does not.
bool engine_shorten(Engine *engine, Usec left);

// Gives the current step, by time or by the heart, so much more.
bool engine_lengthen(Engine *engine, Usec more);

// Runs the current step as it was before it was lengthened or let end early; where that is over by
// now, `notice` of it are left.
void engine_restore(Engine *engine, const Step *before, Usec notice);

// Lets the current step, by time, end early when the heart is below this, from now on; what hears
// the heart is the caller.
bool engine_until_heart(Engine *engine, double bpm);

// When the current step will end at this speed (m/s; NAN when unknown): exact for a step by time,
// predicted for one by distance, USEC_NEVER when open, paused, or unknown.
Usec engine_boundary(const Engine *engine, double speed_mps);

// What the current step asks for by now, m/s: of one that builds, as far as it has come in its time
// or its way. NAN when its aim is no speed.
double engine_target_speed(const Engine *engine);

// What is left of the current step: seconds (of one by the heart the most it may be), metres, or
// NAN when open.
double engine_remaining(const Engine *engine);
