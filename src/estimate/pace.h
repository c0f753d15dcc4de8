// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Speed and distance from a foot pod. Behind this interface stands a first, honest filter (two
// states, speed and acceleration, each packet applied at its own time, with a gate for spikes); a
// fuller estimator can take its place without anybody above noticing.

#pragma once

#include "codec/rscs.h"
#include "estimate/estimate.h"

typedef struct {
    Usec at;           // the time the state below is valid for
    Usec measured_at;  // newest accepted packet; USEC_NEVER before the first
    Usec expect_until; // until then a change of speed is likely
    SensorId owner;
    double speed, acceleration; // m/s, m/s²
    double p00, p01, p11;       // their covariance
    double refused_sign;        // sign of the last refused residual, 0 when the last was accepted
    double distance;            // m since the beginning, never decreasing
    double pod_total; // m, the owner's own counter at its newest packet; NAN when it has none
    double distance_at_packet; // our distance when that packet was applied
} Pace;

void pace_init(Pace *pace);

// Returns false when the packet was implausible or refused by the gate.
bool pace_measure(Pace *pace, Usec at, SensorId sensor, const RscsMeasurement *measurement);
void pace_expect_change(Pace *pace, Usec at);
void pace_advance(Pace *pace, Usec at);
Estimate pace_speed(const Pace *pace, Usec at); // m/s
double pace_distance(const Pace *pace);
