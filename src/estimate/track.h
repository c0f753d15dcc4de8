// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A runner's speed and way, followed from averages of the speed over past seconds: a Kalman filter.
// The model is a runner, not a mass: a pace is aimed at and reached within about two seconds, then
// held with a slow wander about it. Whoever feeds it says when another pace is likely to be aimed
// at; until then hardly any change is believed.
//
// A sensor tells the mean speed over a span that ended a while ago, which is a difference of two
// positions. Past positions are therefore part of the state, and every measurement is put where it
// was made. No measurement moves another thing than the runner: scales are a sensor's affair.
//
// Plain data, no allocation. All times are seconds on the caller's clock and never decrease.

#pragma once

#include <stdbool.h>

#define TRACK_PAST  6 // past positions, about a second apart
#define TRACK_SIZE  (4 + TRACK_PAST)
#define TRACK_REACH 5.0 // s; how far back a measurement may begin

typedef struct {
    double at;
    double x[TRACK_SIZE]; // see track.c
    double p[TRACK_SIZE][TRACK_SIZE];
    double past[TRACK_PAST];       // when the past positions were, newest first
    double change_from, change_to; // a new aim is likely between these,
    double change;                 // so far from the old one, m/s
} Track;

// The mean speed from `begin` to `end`, both seconds before now.
typedef struct {
    double begin, end;
} TrackSpan;

// What a measurement would change: how far it is from what was expected, how far it may be, and
// what it moves by how much.
typedef struct {
    double residual; // m/s
    double variance; // of the residual, the measurement's own included
    double gain[TRACK_SIZE];
} Innovation;

// Going at `speed` m/s since ever, known to `deviation`; its position is 0.
void track_init(Track *track, double at, double speed, double deviation);

// The same, but the way stays what it is.
void track_restart(Track *track, double speed, double deviation);

// Lets time pass. In how many slices makes no difference but in the last digits.
void track_advance(Track *track, double at);

// A new aim is likely from then to then, `change` m/s or so from the old one.
void track_expect(Track *track, double from, double to, double change);

// The new aim is about `speed`, known to `deviation`: expected only, the runner is still at the old
// one.
void track_aim(Track *track, double speed, double deviation);

// Something has happened that was not foretold: the speed is another by about `deviation`, the aim
// by about `change`.
void track_loosen(Track *track, double deviation, double change);

// What a mean over a span is worth, known to `deviation`, and taking it.
Innovation track_compare(const Track *track, const TrackSpan *span, double speed, double deviation);
void track_take(Track *track, const Innovation *innovation);

// As much of a track, or of several, as it takes to look ahead from it.
typedef struct {
    double base, aim, way, wander;
    double p[3][3]; // of base, aim and wander
} TrackGlance;

TrackGlance track_glance(const Track *track);

// The runner some seconds from then, if nothing else is heard; 0 seconds for then.
typedef struct {
    double speed;    // m/s, 0 or more
    double variance; // of it, m²/s²
    double way;      // m since track_init(); may fall back a little when more is heard
} TrackView;

TrackView track_look(const TrackGlance *glance, double seconds);

// track_advance() and track_aim() of a glance.
void track_glance_on(TrackGlance *glance, double seconds);
void track_glance_aim(TrackGlance *glance, double speed, double deviation);

// All lengths and speeds times `ratio`: its yardstick changed. The position stays.
void track_scale(Track *track, double ratio);
