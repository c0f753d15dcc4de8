// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Known distances of a run, each of which puts the scale of the sensor right that measures it: a
// lap press after a whole number of laps of a track, and "that was 5 km" from the runner. What is
// decided here is from where a distance is measured, and which distance a press or a saying means;
// what the scale makes of it is pace.h's.
//
// The distance that was given out while running stays as it was; what is known better of the run
// is kept beside it.
//
// Plain data, no allocation.

#pragma once

#include "estimate/pace.h"

#define MARKS_SAID_WITHIN (30 * 60 * USEC_PER_SEC) // after a run

typedef struct {
    bool run, ended;     // there is a run that something can be said of, and it has ended
    Usec started;        // instant
    Usec at;             // of the place in the run that a distance that is said would be of, and
    double metres;       // the run's way to it as it was measured
    Usec followed;       // until when `blind` is known
    double blind;        // s of the run that nothing measured
    double corrected_to; // pace_corrected() at the start
    double anchor;       // pace_way() where laps are measured from; NAN: nowhere yet
    double before;       // m of the run before that, and
    double aside;        // m that were measured until then and are no part of it
    unsigned marks;      // that moved the scale in this run
    double said;         // m beyond all that, by what the runner said of the run; NAN: nothing
    double said_before;  // the same before he said so last
    double said_at;      // what of the run he said it of, m as it was measured
    bool said_last;      // the latest correction was by that
    bool said_moved;     // which moved the scale as well
} Marks;

typedef enum {
    MARKS_DONE,
    MARKS_NO_RUN,  // none that anything can be said of
    MARKS_MOVING,  // nobody knows where the runner was when he said so
    MARKS_TOO_FAR, // no sensor is so far out
    MARKS_NOTHING, // nothing to take back
} MarksVerdict;

void marks_init(Marks *marks);

void marks_begin(Marks *marks, Pace *pace, Usec at);

// Time has passed in a run, of which `run_m` were measured by now.
void marks_follow(Marks *marks, Pace *pace, Usec at, double run_m);

void marks_end(Marks *marks, Usec at, double run_m);

// The runner pressed lap, having run `run_m` by what was measured. Returns the known distance that
// the press was snapped to, m since where it is measured from; NAN for none, as where he walked
// aside in a pause: then laps are measured from here. `track` is a lap's length; 0 for none.
double marks_lap(Marks *marks, Pace *pace, Usec at, double run_m, double track);

// The runner says how long the run was, or was until now: after it; or while he stands in it
// (`run_m` is its length by now), or just after a lap press, which is then meant. It may be as far
// from what was measured as a sensor can be out, and further by what may have been run while
// nothing measured.
MarksVerdict marks_said(Marks *marks, Pace *pace, Usec at, double run_m, bool stands,
                        double metres);

// Takes the latest of either back.
MarksVerdict marks_undo(Marks *marks, Pace *pace, Usec at);

// What known distances make of the run, which was measured to be `run_m`; NAN without any.
double marks_corrected(const Marks *marks, const Pace *pace, double run_m);
