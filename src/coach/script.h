// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the coach's longer cues say, sentence by sentence; when they are said is coach.c's business.

#pragma once

#include "athlete/proposal.h"
#include "coach/words.h"
#include "workout/adaptation.h"
#include "workout/engine.h"

// "one kilometre at four fifty. three of five", "rest two minutes", "free run". The repetition is
// told with the first step of each repetition, and only when `repetition` is wanted at all.
Words script_step(const Phrases *phrases, const Plan *plan, size_t step, bool repetition);

// "resuming, repetition three of five", and of a rest, or a step that is not counted, what is left
// of it: "resuming. six hundred metres at four fifty"; that it stands still, where it does.
Words script_continued(const Phrases *phrases, const Plan *plan, const Engine *engine);

// "four fifty-two, two over" for a completed distance; "average three oh four, four over" for a
// completed timed repetition; in brief without the difference. Empty when there is nothing honest
// to tell.
Words script_split(const Phrases *phrases, const Plan *plan, const Lap *lap, bool brief);

// "four fifty-two, two over. rest ninety seconds": two sentences, of which either may be empty.
Words script_both(const Phrases *phrases, Words first, Words then);

// "easy now, four ten", of a limit "easy now, heart below one fifty"; empty where the step asks for
// no number. `speed` (m/s): the pace that it asks for by now, where it asks for one.
Words script_correction(const Phrases *phrases, const Plan *plan, size_t step, PhraseId correction,
                        bool too_much, double speed);

// NAN: not known well enough to be told.
typedef struct {
    double metres; // of the whole run until now
    double speed;  // m/s
    double heart_rate;
    bool brief; // only where in the plan
} StatusTold;

// "three of five, four hundred to go, four fifty-two, heart one sixty-eight": where in the plan the
// runner is, as it is being run; "three of five, jog, fifty seconds to go" in the rest after it; in
// an open step "two point four kilometres in twelve minutes".
Words script_status(const Phrases *phrases, const Plan *plan, const Engine *engine,
                    const StatusTold *told);

// "lap one, five oh two. four fifty a kilometre", of a free run; the pace where there is one.
Words script_lap(const Phrases *phrases, const Lap *lap, uint32_t number);

// "kilometre three, four fifty-two", and of miles likewise.
Words script_milestone(const Phrases *phrases, PaceUnit unit, uint32_t number, Usec took);

// What a lap press was taken for, behind what is told of the lap: "lap one, one fifty-two. snapped
// to four hundred". 0: `split` alone.
Words script_snapped(const Phrases *phrases, Words split, double metres);

// "you're fading. next one eight hundred metres"; empty for what nobody has to be told.
Words script_adaptation(const Phrases *phrases, const Adaptation *adaptation);

// "five kilometres in nineteen minutes forty. new paces? accept or leave it", "three strong
// sessions. train a little faster? …". Metres and seconds of what was run all out, NAN where
// nothing was; without a VDOT an easing is a rest. Empty with PROPOSAL_NONE.
Words script_proposal(const Phrases *phrases, ProposalKind kind, double metres, double seconds,
                      bool with_vdot);

// What is known of a whole run.
typedef struct {
    Usec duration;     // without pauses
    double metres;     // NAN when it was not measured all the way
    double heart_rate; // mean; NAN when never known
    PaceUnit unit;     // the runner's own
    bool completed;    // "done", else "stopped"
    bool brief;        // without pace and heart
} RunTold;

// "done. eight point two kilometres in forty-one minutes. five flat a kilometre. heart one
// fifty-two"
Words script_summary(const Phrases *phrases, const RunTold *run);

// The unit a plan's paces are in: that of its first paced step, per kilometre without one.
PaceUnit script_unit(const Plan *plan);

// The unit that a step's way is counted in: its paces', else miles where its length is written in
// them, else the plan's.
PaceUnit script_step_unit(const Plan *plan, size_t step);
