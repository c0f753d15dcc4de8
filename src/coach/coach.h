// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which words deserve breath now. The coach is told what happens (a step began, a lap ended, the
// voice fell silent) and shown where the runner is; it answers with at most one cue at a time, or
// silence. What is hard is to say little: every cue has a priority and a moment after which it is
// worthless, drift has hysteresis, grace and rate limits, and nothing ever queues.
//
// The rules:
// - one cue is spoken at a time. A more important one of another kind interrupts it, and what was
//   interrupted is gone; any other waits for silence or for its own end, whichever comes first. A
//   tone waits for nothing and interrupts nothing;
// - of its forms (offer.h) the longest is said that the runner wants to hear (verbosity.h), that is
//   over in time, and that the budget of the minute (budget.h) allows;
// - a correction interrupts nothing, and has two seconds of silence before it and before a mark;
// - corrections, splits, progress and sensors do not begin when they would run into an announcement
//   or a countdown;
// - a run begins with its first step, then the pre-flight, unless that was asked for just before;
// - no correction in a rest, in a pause, without a target, without a confident measurement of what
//   the step asks for, too late in a step to work, or just before what follows is announced;
// - the first correction of each kind says what is asked for, a reminder does not;
// - a hint on form only to who runs as he should; praise only for what was measured;
// - no split, mean or total is told of a stretch whose speed was unknown for more than a twentieth
//   of it, or was known less well, in the mean over it, than a correction asks for (sight.h);
// - in a long step each kilometre is told as it is passed (milestones.h); halfway gives way to it.
//
// Plain data, no allocation.

#pragma once

#include "athlete/proposal.h"
#include "coach/approach.h"
#include "coach/budget.h"
#include "coach/cue.h"
#include "coach/drift.h"
#include "coach/form.h"
#include "coach/milestones.h"
#include "coach/notices.h"
#include "coach/phrases.h"
#include "coach/silence.h"
#include "coach/verbosity.h"
#include "coach/watch.h"
#include "estimate/estimate.h"
#include "workout/adaptation.h"
#include "workout/engine.h"

// The latest measurement. Between two of them the estimate's confidence falls by itself, and what
// is told must not hang on how often anybody asks.
typedef struct {
    Usec at;      // USEC_NEVER: nothing is known
    double doubt; // 0 … 1, then
} Heard;

typedef struct {
    const Phrases *phrases; // borrowed
    double band;            // see DRIFT_BAND_DEFAULT; easy running has DRIFT_BAND_EASY or more
    int words_a_minute;     // of the voice
    Verbosity verbosity;
    unsigned silent; // kinds of cues that are not told, tones neither: bits 1 << CueKind
} CoachConfig;

// All the coach may look at.
typedef struct {
    Usec at;
    bool running;         // false when idle or paused
    const Plan *plan;     // NULL when idle
    const Engine *engine; // NULL when idle
    Usec boundary;        // predicted end of the current step; USEC_NEVER when unknown
    double snapped_m;     // the lap that ends did so at this known distance; 0: at none
    Estimate speed, heart_rate, cadence, power;
    Estimate form_drift;       // steps a minute fewer than the fresh runner takes
    const SensorView *sensors; // SENSORS_MAX of them; NULL: nothing is to be said about any
    const SensorProfile *profiles;
    const Rivals *rivals; // NULL: nothing is to be said of a belt and a pod
    unsigned conditions;  // ConditionSet
} CoachView;

// Words that wait for a moment of silence, each kind in its own place: a new one replaces the old.
typedef enum {
    LINE_PREFLIGHT,  // what is well and what is not
    LINE_PAUSE,      // paused, resumed, resuming
    LINE_GO,         // a step began that was announced or counted down
    LINE_STEP,       // a step began that was not, or a rest
    LINE_SPLIT_REST, // how the last step went, and the rest: in place of the rest alone
    LINE_SPLIT,      // how the last step went, when no rest follows that tells it
    LINE_ADAPTED,    // what was changed of the plan
    LINE_SUMMARY,    // the end
    LINE_STATUS,     // where the runner is, as asked
    LINE_PRAISE,     // what was run evenly
    LINE_KILOMETRE,  // one more, or a mile, of a long step
    LINE_UNMEASURED, // what the step is run by is measured by nothing
    LINE_CLICKS,     // the metronome is slower than what the step asks for
    LINE_PROPOSAL,   // what is proposed for the next runs, or that it was answered
    LINE_COUNT,
} LineKind;

typedef struct {
    Words text, brief; // brief: "" for none
    Tone tone;
    Usec due, expires; // due USEC_NEVER: no such line
} Line;

typedef struct {
    CoachConfig config;
    const Phrases *phrases; // config's
    uint32_t last_id;
    Usec latency; // of the voice's output
    struct {
        uint32_t id; // 0: silence
        CueKind kind;
        CuePriority priority;
        Usec takes;
        Usec until; // taken as done from then on, whatever the voice says
    } speaking;
    Usec deadline;   // see coach_deadline()
    Usec quiet_at;   // when the latest words end, or did
    Usec tone_until; // the latest tone of a boundary
    Budget budget;

    bool begun;     // the first step of the run has begun
    uint32_t lap;   // that runs now, 1-based; counted where one step is begun again and again
    bool resting;   // the current step is a rest
    bool easy;      // the current step is easy running beside the work
    bool sent_home; // the set was ended for who can no more: nobody pushes him on the way
    Usec step_started;
    AimQuantity aim;               // what the step is corrected by; AIM_NONE: by nothing
    DriftGoal goal;                // as the step began
    Usec length;                   // that it is expected to take; USEC_NEVER
    Words corrections[DRIFT_CUES]; // of it, with the number that is asked for; "" without one
    Usec number_again;             // a correction may say it again from then on
    unsigned unmeasured;           // quantities of which that was told in this run, 1 << each
    bool clicks_told;              // in this run, that the metronome starts lower
    unsigned even;                 // repetitions on target, one after the other until now
    Approach approach;
    Milestones milestones;
    Drift drift;
    Form form;
    Watch pod, strap;
    Notices notices;
    Usec preflight_at; // when it was last asked for; USEC_NEVER
    Line lines[LINE_COUNT];
    unsigned empty; // of them, 1 << LineKind

    Usec observed_at; // USEC_NEVER while not running
    Heard speed_heard, heart_heard;
    Usec measured_at; // the packet that drift has seen; USEC_NEVER for none
    Sight step_seen, run_seen;
    double run_heart_doubt; // like Sight's
} Coach;

void coach_init(Coach *coach, const CoachConfig *config);

// Something may be said before the run about what it can rely on, and about `plan` (NULL: none).
void coach_preflight(Coach *coach, const CoachView *view, const Plan *plan);

void coach_started(Coach *coach, const CoachView *view);
void coach_step_started(Coach *coach, const CoachView *view); // the step is view->engine->step
void coach_lap(Coach *coach, const CoachView *view, const Lap *lap);
// The runner asks where he is; view->plan is not NULL.
void coach_status(Coach *coach, const CoachView *view);

// The metronome begins, at fewer clicks a minute than the step asks for steps: told once a run.
void coach_clicks(Coach *coach, Usec at, double clicks);

void coach_paused(Coach *coach, const CoachView *view);
void coach_resumed(Coach *coach, const CoachView *view);

// The program was gone: nothing is being said any more, nor is about to be. Then it is back, and
// says where the run stands.
void coach_broken(Coach *coach);
void coach_continued(Coach *coach, const CoachView *view);

// The plan was bent, or an offer is made; what comes is announced as it is now.
void coach_adapted(Coach *coach, const CoachView *view, const Adaptation *adaptation);

// The end; metres, duration and mean heart rate (NAN: unknown) of the whole run, whose plan the
// view still has.
void coach_finished(Coach *coach, const CoachView *view, double metres, Usec duration,
                    double heart_rate, bool completed);

// After a run: what is proposed, with the all-out stretch that it is of, as far as it is known;
// NONE: nothing any more. `with_vdot`: else an easing can only be a rest.
void coach_propose(Coach *coach, const CoachView *view, ProposalKind kind, double metres,
                   double seconds, bool with_vdot);
void coach_proposal_answered(Coach *coach, const CoachView *view, bool accepted);

// This number is another sensor's now.
void coach_forget_sensor(Coach *coach, SensorId sensor);

void coach_voice_started(Coach *coach, Usec at, uint32_t cue);
void coach_voice_done(Coach *coach, Usec at, uint32_t cue);
void coach_voice_latency(Coach *coach, Usec latency);

// The next cue at view->at, one a call until false; every byte of it is set. A tone (FORM_EARCON)
// is given ahead of the instant it is due at. *ret_hush is the id of the cue being spoken that this
// one must interrupt, or 0.
bool coach_speak(Coach *coach, const CoachView *view, Cue *ret_cue, uint32_t *ret_hush);

// When coach_speak() wants to be asked again though nothing happens, as it stood when it had said
// all it had; USEC_NEVER for never.
Usec coach_deadline(const Coach *coach);

// What will be announced of the next step, as it stands now, for a voice that prepares it; NULL for
// nothing. It counts until the next call of any kind.
const char *coach_coming(const Coach *coach);

// Why no correction of the pace is being said at view->at.
Silence coach_silence(const Coach *coach, const CoachView *view);
