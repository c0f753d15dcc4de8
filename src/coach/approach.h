// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The end of a step drawing near: marks on the way (halfway, two hundred to go), the announcement
// of what comes, then three, two, one, go. All of it hangs on one instant, the boundary, which for
// a step by distance is a prediction that moves: so no number is ever said twice or backwards, and
// the word "go" of such a step waits for the real thing (coach.c). A tone need not: it is placed
// only moments ahead, by when the prediction is as good as the thing itself.
//
// The announcement has to be over when "three" is due, so it begins five, ten or fifteen seconds
// before the boundary, whichever is the least that its length allows. When that moment is missed
// (the step is too short, the prediction jumped) it is told without the number, shorter, or not at
// all.

#pragma once

#include "coach/offer.h"
#include "coach/phrases.h"
#include "workout/engine.h"

#define APPROACH_COUNT_FROM 3                      // three, two, one
#define APPROACH_CLEAR      (3300 * USEC_PER_MSEC) // silence begins this long before the boundary
#define APPROACH_WORD_LATE  (400 * USEC_PER_MSEC)  // a number this late is wrong
#define APPROACH_MARKS      3

// How far ahead of the words the voice must be told, and the boundary: USEC_NEVER when unknown.
typedef struct {
    Usec at;
    Usec latency;
    Usec boundary;
    Usec started;     // of the step
    double remaining; // of the step, s or m; NAN when open, or when it may end sooner
    bool tones;       // the countdown is one of tones: at any boundary, and told a little ahead
} ApproachView;

typedef struct {
    int words_a_minute;
    int count;        // the next number to say; 0: go; -1: all said
    Usec go_due;      // then: for when that was; the boundary may have come later after all
    bool rests_on;    // another rest follows this one: nothing is counted down
    bool go_timed;    // "go" can be told by the clock: the step is by time and work follows
    Tone last;        // that ends the countdown
    bool announce;    // what comes has yet to be told
    bool announced;   // and it was
    unsigned lead;    // s
    Words ahead;      // "in ten: one kilometre at four fifty. three of five"
    Words late;       // "next: one kilometre at four fifty. three of five"
    Words late_brief; // "next: one kilometre at four fifty"
    size_t mark_count, mark_next;
    struct {
        double remaining; // s or m
        bool halfway;
        Words text;
    } marks[APPROACH_MARKS];
} Approach;

void approach_begin(Approach *approach, const Phrases *phrases, int words_a_minute,
                    const Plan *plan, size_t step);

// Whether "thirty seconds to go" is a mark of this step: what changes its end is better said
// before.
bool approach_tells_thirty_seconds(const Plan *plan, size_t step);

// How a step begins: up where the run does and where more is asked for than until then, down where
// less is; where that cannot be told, up where work begins, down where ease does, which is a rest,
// a jog between work, a warm-up or a way home.
Tone approach_tone(const Plan *plan, size_t step);

// What follows has changed: what is announced of it is made anew.
void approach_renew(Approach *approach, const Phrases *phrases, const Plan *plan, size_t step);

// What it would say now or next. `on_pace`: "halfway, on pace" may be said.
Offer approach_count(const Approach *approach, const Phrases *phrases, const ApproachView *view);
Offer approach_announcement(const Approach *approach, const ApproachView *view);
Offer approach_mark(const Approach *approach, const Phrases *phrases, const ApproachView *view,
                    bool on_pace);

// The offer of that kind for this view was said.
void approach_counted(Approach *approach, const ApproachView *view);
void approach_was_announced(Approach *approach);
void approach_marked(Approach *approach, const ApproachView *view);

// Whether the end of the step, that came now, was foretold.
bool approach_foretold(const Approach *approach, Usec ended);

// When the voice has to be free for announcement or countdown; USEC_NEVER when unknown.
Usec approach_begins(const Approach *approach, const ApproachView *view);
