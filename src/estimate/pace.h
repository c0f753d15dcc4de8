// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Speed and distance from a foot pod. Behind this interface stands a first, honest filter (two
// states, speed and acceleration, each packet applied at its own time, with a gate for spikes); a
// fuller estimator can take its place without anybody above noticing.

#pragma once

#include "codec/rscs.h"
#include "estimate/estimate.h"

typedef struct {
    Usec at;           // now
    Usec measured_at;  // newest accepted packet; USEC_NEVER before the first
    Usec expect_until; // until then a change of speed is likely
    SensorId owner;
    OnStop on_stop; // the owner's
    struct {
        Usec at;    // its newest packet; USEC_NEVER before the first
        Usec since; // they have come without a gap
        bool linked;
    } pods[SENSORS_MAX];
    double speed, acceleration; // m/s, m/s², as of the lag of a pod before measured_at
    double p00, p01, p11;       // their covariance
    bool counts_steps;          // the owner's cadence has been more than 0
    Usec still_since;           // its first packet in a row without a step; USEC_NEVER outside
    double refused_sign;        // sign of the last refused residual, 0 when the last was accepted
    double distance;            // m from the beginning to measured_at
    bool has_total;
    uint32_t total_dm; // the owner's own counter at measured_at, 0.1 m
} Pace;

void pace_init(Pace *pace);

// Returns false when the packet was implausible or refused by the gate. One pod owns speed and
// distance; what another sends is kept out until the owner is stale or the other precedes it
// (sensor_precedes()).
bool pace_measure(Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
                  const RscsMeasurement *measurement);

// The pod's link came up or went down.
void pace_link(Pace *pace, SensorId sensor, bool up);

// This pod is none any more: its speed is not known, its distance stays.
void pace_forget(Pace *pace, Usec at, SensorId sensor);

// For some seconds from now on the runner is likely to change speed: follow quickly.
void pace_expect_change(Pace *pace, Usec at);

// Lets time pass. In how many slices makes no difference.
void pace_advance(Pace *pace, Usec at);

// m/s; confidence 0.5 is a 3 % standard deviation. A linked pod that is known to fall silent when
// its runner stands (ON_STOP_SILENT) measures 0 by that for two minutes, with a confidence that
// corrects nobody.
Estimate pace_speed(const Pace *pace, Usec at);

// m since pace_init(), never decreasing: the integral of the speed given out, which ends when that
// becomes unknown. A pod that comes back with its own total adds what the silence hid.
double pace_distance(const Pace *pace);
