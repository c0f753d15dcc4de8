// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// From session to session: what the runner's VDOT might better be, or the workout that he runs. A
// proposal changes nothing; it is asked, and the answer is told the next time.
//
// A race says most. Without one, three good sessions in three weeks are worth half a point, and no
// three weeks more than one (Daniels allows one in three to four weeks of unchanged training). Who
// runs a workout on target, twice and without a sign of fatigue, may have a harder one: one
// repetition more, or a shorter rest (workout/progress.h); who runs it faster has other paces due.

#pragma once

#include "athlete/athlete.h"

// Where they are kept and asked about: hub/proposing.h. What a proposal changes once it is
// accepted: proposal_take().

// Days are on any one count, such as days since 1970.
typedef struct {
    int32_t day;
    bool clean;    // every repetition was judged on complete data, or by effort was no harder than
                   // asked, by heart within what was asked; none showed a sign of fatigue
    double faster; // mean of speed ÷ target, less 1; NAN: run by effort or heart
    bool stopped;  // it was ended early for fatigue
} SessionOutcome;

typedef enum {
    PROPOSAL_NONE,
    PROPOSAL_RAISE,  // of sessions
    PROPOSAL_EASE,   // of sessions: a lower VDOT, or a week of rest
    PROPOSAL_ADOPT,  // of a race
    PROPOSAL_ASK,    // of a race that differs much: was it that distance, and that time?
    PROPOSAL_REPEAT, // of a workout's sessions: one repetition more
    PROPOSAL_REST,   // likewise: a shorter rest
    PROPOSAL_PACE,   // likewise: a faster pace in its text
} ProposalKind;

// The runner's answer to an earlier proposal.
typedef struct {
    int32_t day;
    double change; // of VDOT; 0 when refused, or when it was about something else
    ProposalKind kind;
} ProposalAnswer;

typedef struct {
    ProposalKind kind;
    double vdot; // proposed; NAN with PROPOSAL_NONE, and for an EASE when none is known (rest only)
    double from; // the present one; NAN
    unsigned sessions;          // that speak for it; of a race 0
    double faster;              // the mean of theirs, of a RAISE; else NAN
    Race race;                  // of a race
    const char *workout;        // REPEAT, REST, PACE: its title, borrowed
    unsigned count, instead_of; // REPEAT: repetitions; REST: s; PACE: s per km, or
    bool miles;                 // per mile
} Proposal;

#define PROPOSAL_NOTHING                                                                           \
    ((Proposal){.kind = PROPOSAL_NONE, .vdot = NAN, .from = NAN, .faster = NAN})

#define PROPOSAL_RAISE_DAYS     21
#define PROPOSAL_RAISE_SESSIONS 3
#define PROPOSAL_RAISE_FASTER   0.01
#define PROPOSAL_RAISE_BY       0.5
#define PROPOSAL_RAISE_MOST     1.0 // in as many days
#define PROPOSAL_GROW_SESSIONS  2   // in PROPOSAL_RAISE_DAYS
#define PROPOSAL_EASE_DAYS      14
#define PROPOSAL_EASE_SESSIONS  2
#define PROPOSAL_EASE_BY        1.0
#define PROPOSAL_RACE_WITHIN    4.0
#define PROPOSAL_RACE_SAME      0.05 // less than anyone's pace shows

// In any order. A session up to the day of the latest answer has been considered, and was run by
// other targets: it does not count again. Nor does one after today, as clocks have them. To ease
// comes before to raise. `vdot`: the present one, or NAN.
Proposal proposal_from_sessions(double vdot, const SessionOutcome *sessions, size_t session_count,
                                const ProposalAnswer *answers, size_t answer_count, int32_t today);

// Whether a workout might be harder: `sessions` are those of this workout as it is. What was
// answered on it or on paces was answered; declined, it is asked again after as many more.
bool proposal_may_grow(const SessionOutcome *sessions, size_t session_count,
                       const ProposalAnswer *answers, size_t answer_count, int32_t today);

// `race` passes race_check(). None when it says nothing new: too short or too long for a VDOT, the
// same, or slower without having been run all out.
Proposal proposal_from_race(double vdot, const Race *race);

// "none", "raise", "ease", "adopt", "ask", "repeat", "rest", "pace"
const char *proposal_name(ProposalKind kind);
ProposalKind proposal_parse(const char *name, size_t length); // NONE for what is no such name

// Why, with its numbers, as a sentence. ret_text: WHY_MAX bytes; returned. "" with PROPOSAL_NONE.
const char *proposal_why(const Proposal *proposal, char ret_text[WHY_MAX]);

// The runner as he is once it is accepted. Races give way to a newer one that contradicts them or
// is of the same distance, and the oldest where there is no room; the VDOT is set where the races
// do not say it by themselves. A week of rest and a harder workout change
// nothing of him. What comes of it passes
// athlete_check() if `athlete` does.
Athlete proposal_take(const Proposal *proposal, const Athlete *athlete);
