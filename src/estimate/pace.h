// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Speed and distance of the runner from the sensors that measure them: foot pods and treadmills.
// One of them owns both at any time; its packets go through the tracks of bank.h, and its scale
// (scale.h) makes true metres of its own. Speed is followed in true metres, so that a scale that
// moves does not look like a runner who does. While the owner is silent, what was learnt from it
// (cadence, power) stands in.

#pragma once

#include "codec/rscs.h"
#include "estimate/abreast.h"
#include "estimate/bank.h"
#include "estimate/counter.h"
#include "estimate/estimate.h"
#include "estimate/rivals.h"
#include "estimate/scale.h"

// Standard deviation of the scale of a sensor of which nothing is known.
#define POD_SCALE_DEVIATION 0.02

typedef struct {
    Usec at;          // now
    TrackView now;    // the runner then, as far as he is given out: asked for often in one instant
    Usec measured_at; // newest accepted packet of the owner; USEC_NEVER before the first
    Usec heard_at;    // where the bank is: the newest packet of the owner or of who stood in
    Usec stood_in_at; // USEC_NEVER: nobody has since the newest packet
    EstimateSource stood_in; // who did
    SensorId owner;
    OnStop on_stop; // the owner's
    struct {
        bool belt;
        Usec at;    // its newest packet; USEC_NEVER before the first
        Usec since; // they have come without a gap
        bool linked;
        bool tells_speed;            // it has told one of a runner, once
        bool counts_steps;           // its cadence has been more than 0
        Usec still_since;            // its first packet in a row without a step; USEC_NEVER outside
        ScaleKnown scales[SURFACES]; // what is known of them by now
    } sensors[SENSORS_MAX];
    Bank bank;         // the runner as the owner sees it
    Surface surface;   // that the owner is on
    Scale scale;       // the owner's there
    Scale unmarked;    // the same as if the latest mark had not been
    bool marked;       // there was one that can be taken back
    SensorId anchored; // who has been the owner since pace_anchor(); SENSOR_NONE
    double guessed;    // m since the latest anchor or mark that were not measured
    Rivals rivals;
    Usec belted_at; // when a belt and a pod last agreed; USEC_NEVER
    Abreast abreast;
    double way;       // the bank's, as far as it is in the scale's
    double before;    // m to add to the scale's way
    double given;     // m; no less is given out from now on
    double corrected; // m that marks said of the past beyond what was given out
    bool has_total;
    uint32_t total_dm; // the owner's own counter at measured_at, 0.1 m
    Counter counter;   // the same, held against its speed
} Pace;

void pace_init(Pace *pace);

// What is known of a sensor's scale from elsewhere, from now on; nothing, where that is nothing. It
// changes nothing where it repeats what is known here.
void pace_scale(Pace *pace, SensorId sensor, Surface surface, const ScaleKnown *known);

// What is known of it by now. A pod has two, for it is on the treadmill while a belt runs that
// agrees with it and for a minute after; a runner who goes on changes the surface only where he
// stands. A pod's scale on the belt is learnt from the belt, and never better known than the
// belt's.
ScaleKnown pace_scale_known(const Pace *pace, SensorId sensor, Surface surface);

// A pod's packet. Returns false when it was implausible or refused by the gate. One sensor owns
// speed and distance; what another sends is kept out until the owner is stale or the other has
// precedence: of two of a kind by sensor_precedes(); a belt before a pod when they agree, and the
// pod before the belt when there is nobody on it or it is not the runner's (rivals.h). When they
// disagree by a few per cent, it is the one that was compared with known distances; else the belt.
// A strap that counts steps and has never told a speed owns none.
bool pace_measure(Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
                  const RscsMeasurement *measurement);

// A belt's speed, m/s. The same otherwise.
bool pace_belt(Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
               double speed);

// A speed that follows from something else by what was learnt while the owner spoke, known to
// `deviation`. Only taken once the owner has been silent for a moment.
void pace_stand_in(Pace *pace, Usec at, EstimateSource source, double speed, double deviation);

// Whether the owner speaks, so that there is something to learn from.
bool pace_owner_speaks(const Pace *pace, Usec at);

// The sensor's link came up or went down.
void pace_link(Pace *pace, SensorId sensor, bool up);

// Nobody listens from here on: what the counters go on to count belongs to no run.
void pace_break(Pace *pace, Usec at);

// This sensor is none any more: its speed is not known, its distance stays.
void pace_forget(Pace *pace, Usec at, SensorId sensor);

// About `at`, now or in a few seconds, the runner is likely to change to `speed` m/s; NAN: to a
// speed that is not known.
void pace_expect_change(Pace *pace, Usec at, double speed);

// The runner is at a place to measure from, give or take `deviation`: of what was covered before,
// marks say nothing. False when the speed is not known.
bool pace_anchor(Pace *pace, Usec at, double deviation);

// Whether the way since pace_anchor() is all the same owner's, so that a mark says something of it.
bool pace_anchored(const Pace *pace);

// m since pace_init() as far as is known: pace_distance() and pace_corrected().
double pace_way(const Pace *pace);

// Standard deviation of the metres of it since the latest anchor or mark.
double pace_way_deviation(const Pace *pace);

// Until now the runner had truly covered `metres` since pace_init(), give or take `deviation`: the
// scale of the owner moves, and pace_corrected() with it. False when that cannot be, or neither the
// speed nor where it is measured from is known.
bool pace_mark(Pace *pace, Usec at, double metres, double deviation);

// Takes the latest mark back: the scale is as if it had not been. False when there is none.
bool pace_unmark(Pace *pace, Usec at);

// m that known distances say were covered beyond pace_distance() so far; may be negative. Not in
// pace_distance() itself, for what is being measured from one instant to another must not jump.
double pace_corrected(const Pace *pace);

// Lets time pass. In how many slices makes no difference.
void pace_advance(Pace *pace, Usec at);

// m/s; confidence 0.5 is a 3 % standard deviation, and no more where a belt runs of which no pod
// says that somebody is on it. A linked pod that is known to fall silent when its runner stands
// (ON_STOP_SILENT) measures 0 by that for two minutes, with a confidence that corrects nobody.
Estimate pace_speed(const Pace *pace, Usec at);

// m since pace_init(), never decreasing. It agrees with the integral of the speed given out, but is
// the better one: what a packet tells of the seconds before it is still put right, and what the
// owner's own count tells where it is ahead of its speed (counter.h). While the speed is unknown it
// stands; a sensor that comes back within half a minute, or with its own counter, adds what the
// silence hid.
double pace_distance(const Pace *pace);

// What is foretold from the newest packet, however old that is, and with what known distances
// corrected: for those who look at a run afterwards.
typedef struct {
    double speed;      // m/s
    double distance;   // m
    double confidence; // 0 … 1
} PaceForetold;

PaceForetold pace_foretell(const Pace *pace, Usec at);
