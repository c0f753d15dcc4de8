// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cadence in steps a minute, both feet, whatever the pod sends. Some count one leg, some both, and
// one mode of a popular pod sends watts/10 in the cadence byte. The convention is detected from
// speed, settles within 15 s of running and never flaps.

#pragma once

#include "codec/rscs.h"
#include "estimate/estimate.h"

typedef enum {
    CADENCE_UNSETTLED, // not yet known: no cadence is given out
    CADENCE_STEPS,     // the pod counts both feet
    CADENCE_ONE_LEG,   // the pod counts one leg: doubled
    CADENCE_NONE,      // the byte is no cadence (watts/10): nothing is given out
} CadenceConvention;

#define STRIDE_WINDOW 16 // samples kept for the detection's median

typedef struct {
    struct {
        CadenceConvention convention;
        uint8_t window[STRIDE_WINDOW]; // raw cadence while running faster than 2 m/s
        uint8_t window_used, window_next;
        Usec window_since;       // when the running that fills the window began; USEC_NEVER outside
        CadenceConvention rival; // what the window says now, when it differs
        Usec rival_since;
        uint8_t raw; // newest
        Usec at;     // of the newest; USEC_NEVER before
    } pods[SENSORS_MAX];
} Stride;

void stride_init(Stride *stride);
bool stride_measure(Stride *stride, Usec at, SensorId sensor, const RscsMeasurement *measurement);
Estimate stride_cadence(const Stride *stride, Usec at); // steps a minute, both feet
CadenceConvention stride_convention(const Stride *stride, SensorId sensor);
const char *cadence_convention_name(CadenceConvention convention); // "unsettled", "steps", …
