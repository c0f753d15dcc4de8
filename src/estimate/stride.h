// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cadence in steps a minute, both feet, whatever the pod sends. Some count one leg, some both, and
// one mode of a popular pod sends watts/10 in the cadence byte. The convention is detected from
// speed, settles within 15 s of running and never flaps.

#pragma once

#include "codec/rscs.h"
#include "estimate/estimate.h"

#define STRIDE_WINDOW 16 // samples kept for the detection's median

typedef struct {
    CadenceConvention convention;
    bool fixed; // whatever the packets look like
    struct {
        uint8_t raw;            // as sent, while it is evidence: faster than 2 m/s, or a lot
        CadenceConvention hint; // what speed ÷ (cadence × stride length) says; often nothing
    } window[STRIDE_WINDOW];
    uint8_t window_used, window_next;
    Usec window_since;       // when the running that fills the window began
    Usec window_until;       // its newest sample
    CadenceConvention rival; // what the window says now, when that is not the convention
    Usec rival_since;
} StridePod;

typedef struct {
    StridePod pods[SENSORS_MAX];
    Reading cadence[SENSORS_MAX]; // steps a minute, both feet
} Stride;

void stride_init(Stride *stride);

// What is known of this pod beforehand; until it measures, nothing more is. One that was found out
// already is only overruled by a fixed one; one that was fixed and is no longer is found out anew.
void stride_describe(Stride *stride, SensorId sensor, const SensorProfile *profile);
void stride_forget(Stride *stride, SensorId sensor);

// Returns false when the cadence was implausible and was not used. 0 with no speed is standing, a
// measured 0 under every convention but CADENCE_NONE; 0 while moving is no reading.
bool stride_measure(Stride *stride, Usec at, SensorId sensor, const RscsMeasurement *measurement);

Estimate stride_cadence(const Stride *stride, const SensorProfile profiles[SENSORS_MAX],
                        Usec at); // steps a minute, both feet
CadenceConvention stride_convention(const Stride *stride, SensorId sensor);
