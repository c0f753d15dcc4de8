// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is the press that means nothing. A false mark is worse than none, so only what lies
// close to a whole number of laps is one, and how close is a share of a lap, however many they are:
// after many laps of a doubtful pod anything would be near some multiple, and then none is. A press
// that fits none says where the line is, for the next.

#include "session/marks.h"

#define PRESS        0.3  // s; how well a lap button is pressed
#define PRESS_LEAST  1.0  // m/s
#define LAP_SHARE    0.12 // of a lap, and
#define WAY_SHARE    0.06 // of the way: further from a multiple is none
#define HALF_LAP_IS  2.0  // deviations of the way at least, or laps cannot be counted
#define LATE         (60 * USEC_PER_SEC) // a pod that wakes up later did not see the run begin
#define LAP_MEANT    (15 * USEC_PER_SEC)
#define SAID_NOISE   0.002 // of a distance that is said, and
#define SAID_LEAST   4.0   // m: where a run was begun and stopped
#define STROLL_NOISE 0.1   // of what was walked in pauses and since
#define WAY_UNSURE   0.02  // of a way that was before the place that is measured from
#define SAID_SHARE   0.25  // of the way; further off, something else is meant
#define FASTEST      7.0   // m/s, while nothing measured
#define ASIDE        5.0   // m: who went so far in a pause may go on from elsewhere

void marks_init(Marks *marks)
{
    *marks = (Marks){.anchor = NAN, .said = NAN, .said_before = NAN};
}

static double press_deviation(const Pace *pace, Usec at)
{
    const double speed = pace_speed(pace, at).value;
    return PRESS * (speed > PRESS_LEAST ? speed : PRESS_LEAST);
}

// Whether all that was measured since marks->anchor can be compared with a known distance.
static bool comparable(const Marks *marks, const Pace *pace)
{
    return !isnan(marks->anchor) && pace_anchored(pace);
}

// Known distances count from here.
static void anchor(Marks *marks, Pace *pace, Usec at, double run_m, double deviation)
{
    marks->before = run_m;
    marks->anchor = pace_anchor(pace, at, deviation) ? pace_way(pace) : NAN;
    marks->aside = pace_distance(pace) - run_m;
}

// m since there that are no part of the run, which is `run_m` long.
static double gone_aside(const Marks *marks, const Pace *pace, double run_m)
{
    return pace_distance(pace) - run_m - marks->aside;
}

void marks_begin(Marks *marks, Pace *pace, Usec at)
{
    marks_init(marks);
    marks->run = true;
    marks->started = marks->followed = at;
    marks->at = USEC_NEVER;
    marks->corrected_to = pace_corrected(pace);
    anchor(marks, pace, at, 0, press_deviation(pace, at));
}

// Pods sleep until the first steps.
void marks_follow(Marks *marks, Pace *pace, Usec at, double run_m)
{
    if (!marks->run || marks->ended)
        return;
    if (!pace_owner_speaks(pace, at))
        marks->blind += usec_to_s(at - marks->followed);
    marks->followed = at;
    if (marks->marks > 0 || marks->at != USEC_NEVER || at - marks->started > LATE ||
        comparable(marks, pace))
        return;
    const double speed = pace_speed(pace, at).value;
    if (!isnan(speed))
        anchor(marks, pace, at, run_m, hypot(press_deviation(pace, at), speed * marks->blind));
}

static void stand_at(Marks *marks, Usec at, double run_m)
{
    marks->at = at;
    marks->metres = run_m;
}

void marks_end(Marks *marks, Usec at, double run_m)
{
    marks->ended = true;
    stand_at(marks, at, run_m);
}

// The whole number of laps that `way` is, known to `deviation`, as metres; NAN when it is none.
static double laps(double way, double deviation, double track)
{
    if (!(track > 0) || HALF_LAP_IS * deviation > track / 2)
        return NAN;
    const double metres = track * fmax(1, round(way / track));
    const double apart = fabs(metres - way);
    return apart <= LAP_SHARE * track && apart <= WAY_SHARE * way ? metres : NAN;
}

double marks_lap(Marks *marks, Pace *pace, Usec at, double run_m, double track)
{
    const double deviation = press_deviation(pace, at);
    if (comparable(marks, pace) && gone_aside(marks, pace, run_m) < ASIDE) {
        const double metres = laps(pace_way(pace) - marks->anchor, pace_way_deviation(pace), track);
        if (!isnan(metres) && pace_mark(pace, at, marks->anchor + metres, deviation)) {
            marks->marks++;
            marks->said_last = false;
            stand_at(marks, at, run_m);
            return metres;
        }
    }
    if (track > 0)
        anchor(marks, pace, at, run_m, deviation);
    stand_at(marks, at, run_m);
    return NAN;
}

// What is known of the run's way to where it was `run_m` by what was measured.
static double best(const Marks *marks, const Pace *pace, double run_m)
{
    const double said = isnan(marks->said) ? 0 : marks->said;
    return run_m + pace_corrected(pace) - marks->corrected_to + said;
}

double marks_corrected(const Marks *marks, const Pace *pace, double run_m)
{
    return marks->marks > 0 || !isnan(marks->said) ? best(marks, pace, run_m) : NAN;
}

MarksVerdict marks_undo(Marks *marks, Pace *pace, Usec at)
{
    const bool said = marks->said_last;
    const bool moved = said ? marks->said_moved : marks->marks > 0;
    if (!moved && !said)
        return MARKS_NOTHING;
    if (moved && !pace_unmark(pace, at) && !said)
        return MARKS_NOTHING;
    marks->marks -= moved;
    if (said)
        marks->said = marks->said_before;
    marks->said_last = false;
    return MARKS_DONE;
}

static MarksVerdict say(Marks *marks, Pace *pace, Usec at, double metres)
{
    const double known = best(marks, pace, marks->metres), news = metres - known;
    if (!(news >= -SAID_SHARE * known && news <= SAID_SHARE * known + FASTEST * marks->blind))
        return MARKS_TOO_FAR;
    const double aside = gone_aside(marks, pace, marks->metres);
    double deviation = hypot(SAID_LEAST, SAID_NOISE * metres);
    deviation = hypot(deviation, hypot(STROLL_NOISE * aside, WAY_UNSURE * marks->before));
    const bool compared = comparable(marks, pace);
    if (compared && !pace_mark(pace, at, pace_way(pace) + news, deviation))
        return MARKS_TOO_FAR;
    marks->marks += compared;
    marks->said_before = marks->said;
    marks->said = 0;
    marks->said = metres - best(marks, pace, marks->metres);
    marks->said_at = marks->metres;
    marks->said_last = true;
    marks->said_moved = compared;
    return MARKS_DONE;
}

MarksVerdict marks_said(Marks *marks, Pace *pace, Usec at, double run_m, bool stands, double metres)
{
    if (!marks->run || (marks->ended && at - marks->at > MARKS_SAID_WITHIN))
        return MARKS_NO_RUN;
    if (!marks->ended && (marks->at == USEC_NEVER || at - marks->at > LAP_MEANT)) {
        if (!stands)
            return MARKS_MOVING;
        stand_at(marks, at, run_m);
    }
    // Who says it again of the same place takes back what he said before, unless it is no better.
    const Marks before = *marks;
    const Pace paced = *pace;
    if (marks->said_last && fabs(marks->metres - marks->said_at) < SAID_LEAST)
        marks_undo(marks, pace, at);
    const MarksVerdict verdict = say(marks, pace, at, metres);
    if (verdict != MARKS_DONE) {
        *marks = before;
        *pace = paced;
    }
    return verdict;
}
