// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What there is to say of a run beyond its seconds, worked out once for all who show it. NAN: not
// known. Shares are of 1; a positive one is faster.

#pragma once

#include "pacectl/run.h"

// The repetitions of one line of the workout.
typedef struct {
    guint first, last; // laps
    guint count;       // that were run to their end, or ended by hand
    double speed;      // m/s, mean
    double spread;     // standard deviation of their speeds, as a share
    double change;     // from the first of them to the last, as a share
    double off;        // from their target, as a share, mean
    double heart_end;  // bpm, mean of their ends
    double recovery;   // bpm that the heart fell in the rests after them, mean
} RunSet;

GArray *summary_sets(const Run *run); // RunSet, in order; free with g_array_unref()

// Of a run in one piece, by the way as it was told then; the last is what is left, from 100 m on.
typedef struct {
    double metres, seconds; // in which the runner did not pause
    double heart;           // bpm, mean; NAN
} RunKilometre;

GArray *summary_kilometres(const Run *run); // RunKilometre; fewer than two are none

double summary_distance(const Run *run); // m; as far as known distances say it
double summary_speed(const Run *run);    // m/s of that
double summary_off(const RunLap *lap);   // from its target, as a share

// Before this lap ended how far the heart had come down since the lap before: of a rest, bpm.
double summary_recovery(const Run *run, guint lap);

// A sentence on a set: "3 repetitions at 4:10 /km, within 0.8 %, …". Free with g_free().
char *summary_words(const RunSet *set);

// What the coach changed, each in words: "12:34  a longer rest, by 30 s: the heart was still high".
// Its decisions to change nothing are left out. Full of char *, may be empty; never NULL.
GPtrArray *summary_changes(const Run *run);

// Earlier runs of the same workout, newest first, by what the daemon keeps: of the same text, or
// where one of them was imported and has none, of the same name.
typedef struct {
    gint64 number, started; // µs since 1970; 0: not known
    double distance, duration, heart, rtss;
    double repetition; // m/s, mean of its repetitions
} RunBefore;

#define BEFORE_MAX 5
GArray *summary_before(const Run *run); // RunBefore; empty where there is no daemon
