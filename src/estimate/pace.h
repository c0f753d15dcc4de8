// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Speed and distance of the runner from the sensors that measure them. One of them owns both at any
// time; its packets go through the tracks of bank.h, and its scale (scale.h) makes true metres of
// its own. Speed is followed in true metres, so that a scale that moves does not look like a runner
// who does.

#pragma once

#include "codec/rscs.h"
#include "estimate/bank.h"
#include "estimate/estimate.h"
#include "estimate/scale.h"

typedef struct {
    Usec at;          // now
    Usec measured_at; // newest accepted packet; USEC_NEVER before the first
    Usec heard_at;    // newest packet of the owner, accepted or not; where the bank is
    SensorId owner;
    OnStop on_stop; // the owner's
    struct {
        Usec at;    // its newest packet; USEC_NEVER before the first
        Usec since; // they have come without a gap
        bool linked;
    } pods[SENSORS_MAX];
    Bank bank;                      // the runner as the owner sees it
    Scale scale;                    // the owner's
    ScaleKnown scales[SENSORS_MAX]; // where each one's scale begins
    bool counts_steps;              // the owner's cadence has been more than 0
    Usec still_since;               // its first packet in a row without a step; USEC_NEVER outside
    double way;                     // the bank's, as far as it is in the scale's
    double before;                  // m to add to the scale's way
    double given;                   // m; no less is given out from now on
    double corrected;               // m that marks said of the past beyond what was given out
    bool has_total;
    uint32_t total_dm; // the owner's own counter at measured_at, 0.1 m
} Pace;

void pace_init(Pace *pace);

// What is known of a sensor's scale; until then, scale_unknown(PACE_SCALE_DEVIATION). Not taken
// while the sensor is the owner and has been compared in this run.
#define PACE_SCALE_DEVIATION 0.02
void pace_scale(Pace *pace, SensorId sensor, const ScaleKnown *known);

// Returns false when the packet was implausible or refused by the gate. One pod owns speed and
// distance; what another sends is kept out until the owner is stale or the other precedes it
// (sensor_precedes()).
bool pace_measure(Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
                  const RscsMeasurement *measurement);

// The pod's link came up or went down.
void pace_link(Pace *pace, SensorId sensor, bool up);

// This pod is none any more: its speed is not known, its distance stays.
void pace_forget(Pace *pace, Usec at, SensorId sensor);

// About `at`, now or in a few seconds, the runner is likely to change to `speed` m/s; NAN: to a
// speed that is not known.
void pace_expect_change(Pace *pace, Usec at, double speed);

// Until now the runner had truly covered `metres` since pace_init(), give or take `deviation`: the
// scale of the owner moves, and pace_corrected() with it. False when that cannot be, or the speed
// is not known.
bool pace_mark(Pace *pace, Usec at, double metres, double deviation);

// m that known distances say were covered beyond pace_distance() so far; may be negative. Not in
// pace_distance() itself, for what is being measured from one instant to another must not jump.
double pace_corrected(const Pace *pace);

// Lets time pass. In how many slices makes no difference.
void pace_advance(Pace *pace, Usec at);

// m/s; confidence 0.5 is a 3 % standard deviation. A linked pod that is known to fall silent when
// its runner stands (ON_STOP_SILENT) measures 0 by that for two minutes, with a confidence that
// corrects nobody.
Estimate pace_speed(const Pace *pace, Usec at);

// m since pace_init(), never decreasing. It agrees with the integral of the speed given out, but is
// the better one: what a packet tells of the seconds before it is still put right. While the speed
// is unknown it stands; a pod that comes back within half a minute, or with its own counter, adds
// what the silence hid.
double pace_distance(const Pace *pace);

// What is foretold from the newest packet, however old that is, and with what known distances
// corrected: for those who look at a run afterwards.
typedef struct {
    double speed;      // m/s
    double distance;   // m
    double confidence; // 0 … 1
} PaceForetold;

PaceForetold pace_foretell(const Pace *pace, Usec at);
