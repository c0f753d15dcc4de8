// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The seam between the world and the core: what can happen (Event) and what should be done about it
// (Effect). Raw bytes cross it: adapters know no codec, and every recording re-tests the decoders.

#pragma once

#include "athlete/athlete.h"
#include "coach/cue.h"
#include "coach/preflight.h"
#include "estimate/estimate.h"
#include "estimate/load.h"
#include "session/adapting.h"
#include "session/trials.h"
#include "workout/engine.h"
#include "workout/text.h"

#define NOTIFY_BYTES_MAX 64 // an adapter cuts longer notifications to this

typedef enum {
    EVENT_NOTIFY,
    EVENT_LINK,
    EVENT_COMMAND,
    EVENT_VOICE,
    EVENT_TIME,      // nothing but time has passed
    EVENT_SENSOR,    // what a sensor may be used for and is known for, or that it is none any more
    EVENT_CONDITION, // what is wrong with the world around the run, all of it
    EVENT_ATHLETE,   // all that the runner told of himself, in place of what was known before
} EventKind;

typedef enum {
    COMMAND_START, // text: the workout; empty: a free run
    COMMAND_PAUSE,
    COMMAND_RESUME,
    COMMAND_LAP,  // ends the step
    COMMAND_SKIP, // abandons the step
    COMMAND_STOP,
    COMMAND_PREFLIGHT, // say what is well and what is not; text: what is to be run, or empty
    COMMAND_DISTANCE, // the run that ended lately, or this one until now, was truly so long: metres
    COMMAND_UNDO,     // takes back what the latest known distance changed
    COMMAND_TRACK,    // a lap of where laps are pressed from now on; metres, 0 for no track
    COMMAND_START_BY_EFFORT, // as START; what no number is known for is run by feel
    COMMAND_VETO,            // takes back what was adapted just now; after a run, declines
    COMMAND_ACCEPT,          // of what was offered just now; after a run, of what was proposed
    COMMAND_RATE,            // how the latest repetition felt: 0 … 10
    COMMAND_LOAD, // a day's training load in the last 7 days by that in the last 28; 0: not known
    COMMAND_PROPOSE,   // ask what is proposed for the next runs; text: a proposal_name(); empty:
                       // nothing
    COMMAND_STATUS,    // say where the run is; with none, as PREFLIGHT
    COMMAND_METRONOME, // of this run from now on, as workout/aids.h has it
    COMMAND_PACER,     // likewise
    COMMAND_BREAK, // the program was gone from here on: the run stands still, no sensor is linked
    COMMAND_CONTINUE, // it is back, and goes on where it was
} CommandVerb;

#define COMMAND_VERB_LAST COMMAND_CONTINUE // their numbers are the journal's: add at the end

typedef enum {
    VOICE_STARTED, // the cue's first sample was handed to the output
    VOICE_DONE,    // it has been heard, was dropped or hushed: the voice is free
    VOICE_LATENCY, // the output's delay changed
} VoiceReportKind;

typedef struct {
    Usec at; // CLOCK_BOOTTIME
    EventKind kind;
    union {
        struct {
            SensorId sensor;
            uint16_t characteristic; // 16-bit GATT number
            uint8_t length;
            uint8_t bytes[NOTIFY_BYTES_MAX];
        } notify;
        struct {
            SensorId sensor;
            bool up;
        } link;
        struct {
            CommandVerb verb;
            uint32_t id; // repeated in the answer; the caller's choice
            const char *
                text; // START, PREFLIGHT, PROPOSE: borrowed for the call, NUL not needed; else NULL
            size_t length;
            double number; // DISTANCE, TRACK: m, RATE: of 10, LOAD, METRONOME, PACER; as
                           // command_number() makes it; else 0
        } command;
        struct {
            VoiceReportKind kind;
            uint32_t cue; // Cue.id; 0 for VOICE_LATENCY
            Usec latency; // VOICE_LATENCY
        } voice;
        struct {
            SensorId sensor;
            SensorProfile profile;
        } sensor;
        struct {
            uint8_t set; // ConditionSet
        } condition;
        Athlete
            athlete; // as athlete_recorded() makes it; what athlete_check() refuses is not taken
    };
} Event;

bool command_starts(CommandVerb verb);

// Whether a command of this kind may bring a text, or brings a number.
bool command_has_text(CommandVerb verb);
bool command_has_number(CommandVerb verb);

// To thousandths, as it is recorded.
double command_number(double number);

#define COMMAND_NUMBER_MAX 1e6 // more is refused, and so is less than 0
#define RATING_MOST        10.0
#define TRACK_LEAST        50.0
#define TRACK_MOST         5000.0

typedef enum {
    EFFECT_SAY,       // speak this cue now
    EFFECT_HUSH,      // stop the cue that is being spoken (a more important one follows)
    EFFECT_TONE,      // a tone, told ahead of the instant at which it is to be heard
    EFFECT_METRONOME, // so many clicks a minute from now on, or none
    EFFECT_TICK,      // once a second while there is something to show: publish the snapshot
    EFFECT_RECORD,    // a lap ended: keep it
    EFFECT_STEP,      // a step began
    EFFECT_STATE,     // idle, running, paused: the snapshot has it
    EFFECT_DONE,      // the workout ended
    EFFECT_ADAPTED,   // the plan was bent, or an offer made, or it was not possible to say
    EFFECT_PROPOSAL,  // what was proposed is answered
    EFFECT_CORRECTED, // a known distance moved the scale of a sensor, or was taken back
    EFFECT_ANSWER,    // exactly one for every EVENT_COMMAND
} EffectKind;

typedef enum {
    REASON_OK,
    REASON_NOT_RUNNING,
    REASON_ALREADY_RUNNING,
    REASON_ALREADY_PAUSED,
    REASON_NOT_PAUSED,
    REASON_BAD_TEXT,     // `error` says where and why
    REASON_LACKS_NUMBER, // of the runner: likewise; COMMAND_START_BY_EFFORT takes the text
    REASON_NO_RUN,       // none that is on, or ended lately
    REASON_MOVING,
    REASON_TOO_FAR, // from what was measured
    REASON_NOTHING_TO_UNDO,
    REASON_BAD_LENGTH,
    REASON_NOTHING_TO_VETO,
    REASON_NOTHING_OFFERED,
    REASON_BAD_RATING,
    REASON_BAD_AID,
    REASON_NOTHING_INTERRUPTED,
} AnswerReason;

typedef struct {
    double duration_s;  // without pauses
    double elapsed_s;   // with them
    double distance_m;  // NAN where nothing measured it
    double corrected_m; // what known distances make of it; NAN without any
    double heart_rate;  // mean, NAN when never known
    LoadSummary load;
    uint32_t laps;
    uint32_t adaptations;   // changes to the workout that were not taken back
    bool completed;         // false when stopped early
    SessionOutcome outcome; // of its day 0: the core knows none
    uint32_t trial_count;
    Trial trials[TRIALS_MAX]; // that are believed
} RunSummary;

typedef struct {
    EffectKind kind;
    Usec at; // the instant it belongs to: not after the event's
    union {
        Cue cue;       // EFFECT_SAY, EFFECT_TONE
        uint32_t hush; // EFFECT_HUSH: Cue.id
        double clicks; // EFFECT_METRONOME: a minute, one a step; 0 for none
        Lap lap;       // EFFECT_RECORD
        struct {
            uint16_t index; // into the plan's steps
            PlanStep plan;
        } step;                // EFFECT_STEP
        RunSummary summary;    // EFFECT_DONE
        Adaptation adaptation; // EFFECT_ADAPTED
        bool accepted;         // EFFECT_PROPOSAL
        double corrected_m; // EFFECT_CORRECTED: of this run or the latest; NAN: as it was measured
        struct {
            CommandVerb verb;
            uint32_t id;
            AnswerReason reason; // REASON_OK: accepted
            TextError error;     // where answer_has_error()
        } answer;
    };
} Effect;

#define EFFECTS_MAX 24

// Owned by the caller, overwritten by every session_handle().
typedef struct {
    size_t count;
    Effect items[EFFECTS_MAX];
} Effects;

const char *command_verb_name(CommandVerb verb);
const char *step_outcome_name(StepOutcome outcome);  // "completed", "lapped", …
bool answer_has_error(AnswerReason reason);          // a place in a text
const char *answer_reason_name(AnswerReason reason); // "ok", "not-running", …
const char *answer_reason_text(AnswerReason reason); // a sentence for people
