// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Whether a set of repetitions should go on as planned: the rules alone, on plain numbers. Nothing
// here changes a plan or speaks; whoever does asks here what to do and why.
//
// Each repetition is asked about twice, and gets one answer: as it ends, when the heart's recovery
// is not known yet, and only what no later knowledge could overturn is answered; and as its rest
// ends, when all is known. A later answer to the same repetition is a stronger one or none.
//
// The rules are conventions, with these grounds: to end a session once a repetition is 5 % slower,
// and to lengthen the rest rather than run slower, were both tried in training studies; that form
// and heart drift with fatigue is known, but for no single runner reliably, so they only add up.
//
// On gaps in the data nothing is adapted, and the answer says so: ADAPT_UNDECIDED is not "all is
// well". Plain data, no allocation. NAN is unknown throughout.

#pragma once

#include "athlete/proposal.h"

// ── what was measured ──

// A finished repetition. One cut short by a pause or a lost plan is not given in.
typedef struct {
    double target_mps;       // NAN: not run by speed
    double effort_most;      // RPE that was asked for, at most; 0: not run by effort
    double heart_least;      // bpm that were asked for; both 0: not run by heart. NAN: open
    double heart_most;       //
    double speed_mps;        // mean, without the first 5 s
    double whole_mps;        // mean of all of it, which its split tells
    double speed_share;      // 0 … 1: of it with a known speed
    double cadence;          // steps a minute
    double step_m;           // one foot to the other
    double heart_bpm;        // mean of the last 5 s
    double heart_share;      // 0 … 1: of it with clean heart data; NAN: no strap is worn
    double d_prime_fraction; // of D′ that is left at its end
    double rpe;              // 0 … 10 as told by the runner
    double duration_s;       // without pauses; always known
} RepResult;

// What was seen by the end of a rest.
typedef struct {
    double heart_bpm;        // mean of the last 5 s; NAN as well when they were not clean
    double d_prime_fraction; // now
    double rpe;              // told since
} RestResult;

// A length in thousandths of its unit: ms by time, mm by distance.
typedef struct {
    bool by_time;
    int64_t milli;
} RepLength;

// What the plan has next, as it stands.
typedef struct {
    uint32_t reps;     // of this set that are still to come
    RepLength next;    // the next one; meaningless when there is none
    int64_t next_plan; // the same before it was ever shortened
    double rest_s;     // planned rest after the repetition just run; NAN: by hand; 0: none
} AdaptAhead;

typedef struct {
    double heart_max; // bpm, measured or told: NAN rather than a guess from the age
    double load_7d;   // mean training load a day over 7 days, and over 28, in one measure; NAN
    double load_28d;  //   until there are so many days
    bool on_track;
} AdaptSet;

// ── what follows ──

// The signs of fatigue, in points. The baseline is the second repetition, for the second the first.
// Too fast is none of them.
typedef enum {
    ADAPT_PACE,     // 3 % below target: 1; 5 %: 2
    ADAPT_RECOVERY, // heart at the end of the rest above 80 % of maximal, or of the baseline's + 8
    ADAPT_D_PRIME,  // less than 15 % left: 1; 5 %: 2
    ADAPT_FORM,     // at the same speed: cadence 3 % lower and steps 2 % longer
    ADAPT_DRIFT,    // at the same speed: heart at the end 6 above the baseline's
    ADAPT_RPE,      // 8.5: 1; 9.5: 2
    ADAPT_FLAGS,
} AdaptFlag;

// A sign is neither given nor missing where it would mean nothing: all but pace and RPE in a
// repetition under ADAPT_SHORT_S; recovery in a rest under ADAPT_SHORT_S; what compares with the
// baseline in the first repetition, and at another speed; the heart's comparisons where the plan
// asks for more than of the baseline (a quarter longer, 2 % faster): that is no fatigue.
// The first repetition decides nothing by itself, but may be the first of two that were too slow.
typedef struct {
    uint8_t points[ADAPT_FLAGS];
    uint8_t missing; // 1 << AdaptFlag: could not be judged for want of data. Never ADAPT_RPE
} AdaptFlags;

unsigned adapt_points(const AdaptFlags *flags); // all together

// The stronger the higher.
typedef enum {
    ADAPT_NOTHING,   // nothing to answer at this moment: too early, or answered already
    ADAPT_UNDECIDED, // for want of data
    ADAPT_CONTINUE,
    ADAPT_FINISH, // as planned: the last one has been run
    ADAPT_ADD,    // offer adapt_extra(); silence is a no. Never in a set that had to be eased, nor
                  // where the last three were slow together, or slowed from one to the next
    ADAPT_REST_PLUS, // adapt_more_rest_s() now, and up to as much again where adapt_waits()
    ADAPT_DROP,      // one repetition less: should be shorter, and cannot be
    ADAPT_SHORTEN,   // adapt_shortened() for each to come. Of these two one in two repetitions
    ADAPT_STOP,      // the set is done: on to the cool-down
} AdaptDecision;

typedef enum {
    ADAPT_WHY_NONE,
    ADAPT_WHY_FIRST,      // CONTINUE: nothing is judged by the first repetition
    ADAPT_WHY_NO_SPEED,   // UNDECIDED: the speed was unknown for too long
    ADAPT_WHY_NO_HEART,   // UNDECIDED: a strap is worn, but was not read well enough
    ADAPT_WHY_ALL_OUT,    // STOP: the runner says so
    ADAPT_WHY_FADING,     // STOP, SHORTEN, DROP: two in a row were too slow
    ADAPT_WHY_EMPTY,      // STOP, REST_PLUS: nothing left of D′
    ADAPT_WHY_TIRED,      // SHORTEN, DROP, REST_PLUS: several signs together
    ADAPT_WHY_HEART_HIGH, // REST_PLUS
    ADAPT_WHY_SLOW,       // REST_PLUS: this one was too slow
    ADAPT_WHY_STRONG,     // ADD
    ADAPT_WHY_LOAD,       // FINISH, strong, but the week was heavy
    ADAPT_WHY_UNTOLD,     // FINISH, strong, but how it felt was not told
    ADAPT_WHY_NO_D_PRIME, // FINISH, strong, but D′ is unknown
} AdaptReason;

typedef struct {
    AdaptDecision decision;
    AdaptReason reason;
    AdaptFlags flags; // of the repetition just run, as far as known; with every decision
} AdaptAdvice;

const char *adapt_decision_name(AdaptDecision decision); // "rest-plus"
const char *adapt_reason_name(AdaptReason reason);       // "heart-high"
const char *adapt_flag_name(AdaptFlag flag);             // "d-prime"

#define ADAPT_LOAD_MOST       1.3 // of a day of the last 28: after a harder week nobody is offered more
#define ADAPT_SPEED_SHARE     0.80 // less of it known: no decision
#define ADAPT_HEART_SHARE     0.70 // less of it clean: no sign from the heart
#define ADAPT_SHORT_S         45.0
#define ADAPT_HEART_S         120.0 // a shorter one is over before the heart says anything of it
#define ADAPT_HEART_ABOUT     3.0   // bpm
#define ADAPT_PACE_S          30.0  // up to this nobody is corrected either, see DRIFT_OF_PACE
#define ADAPT_HEART_RECOVERED 0.75  // of the maximal rate: what a longer rest may wait for

// ── asking ──

// One run's rules in progress: the fields are adapt.c's own.
typedef struct {
    AdaptSet set;
    uint32_t done; // repetitions of this set, with the one in `rep`
    RepResult rep;
    AdaptAhead ahead;
    RestResult rest;
    bool rested; // `rest` is known
    AdaptDecision answered;
    uint32_t changed_at; // `done` at the latest SHORTEN or DROP; 0: none yet
    bool offered;
    bool eased; // this set was: who needed that did not make it with room to spare
    RepResult baseline;
    double baseline_recovered;
    uint8_t pace_before;    // the previous one's points for pace
    uint32_t strong_before; // how many in a row were strong, up to the previous one
    double held_before[2];  // whole speed ÷ target of the two before, the earlier first
    uint32_t evident;       // repetitions that say something of the runner's zones
    double evident_ratio;   // Σ of their speed ÷ target
    // Of repetitions that are run by effort or by heart, for they have no speed to be held to.
    bool asked, off;      // this set has such; they were not, or nobody knows, as asked
    bool as_asked, amiss; // a set of the run was; was not
    bool flawed, stopped;
} Adapt;

void adapt_begin(Adapt *adapt, const AdaptSet *set);
void adapt_next_set(Adapt *adapt); // other repetitions follow: their first is a first one again

// A repetition has ended: ADAPT_STOP, ADAPT_SHORTEN, ADAPT_DROP or ADAPT_NOTHING.
AdaptAdvice adapt_rep_ended(Adapt *adapt, const RepResult *rep, const AdaptAhead *ahead);

// Its rest is about to end, or (there being none) the cool-down has begun: any decision. It may be
// asked again, at the end of a longer rest and when the runner tells an RPE late: only ADAPT_STOP
// can follow then, and ADAPT_ADD after the last. Never asked, a repetition counts as what was
// known at its end.
AdaptAdvice adapt_rest_ending(Adapt *adapt, const RestResult *rest);

// The runner wants none of the latest decision. This repetition gets no other, and a refused stop
// counts for nothing afterwards; a refused shortening is not proposed again for two repetitions.
void adapt_refused(Adapt *adapt);

// What the run says for proposal.h. Repetitions under ADAPT_SHORT_S can spoil it, but prove
// nothing. Where none is run by speed, those by effort count if the last of each set was rated, and
// none above what was asked for; those by heart if each was within what was asked for as it ended,
// which a repetition under ADAPT_HEART_S is too short for.
SessionOutcome adapt_outcome(const Adapt *adapt, int32_t day);

// ── arithmetic ──

// × 0.8, down to a whole 100 m (200 m on a track) or 15 s; not below half of the plan; the same
// when that leaves nothing to take off.
RepLength adapt_shortened(RepLength now, int64_t plan_milli, bool on_track);

double adapt_more_rest_s(double planned_s); // a quarter, at most 60 s

// After ADAPT_REST_PLUS: whether the heart is so high that the rest should wait for it beyond that,
// for as long again at most (ADAPT_HEART_RECOVERED).
bool adapt_waits(const Adapt *adapt);

// What to offer on top of a set of so much (of `volume_milli`, in the unit of `rep`): one more
// repetition when it is no more than a tenth of it, else 200 m, and never more than a repetition.
RepLength adapt_extra(RepLength rep, int64_t volume_milli, double target_mps);
