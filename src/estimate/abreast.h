// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A pod on a belt, both telling the same run: stretch by stretch the belt's distance is a known one
// for the pod, so that when the belt is lost the pod goes on in the belt's metres.
//
// Plain data, no allocation.

#pragma once

#include "estimate/profile.h"

// Standard deviation of the scale of a belt of which nothing is known.
#define BELT_SCALE_DEVIATION 0.015

typedef struct {
    SensorId pod; // SENSOR_NONE before the first
    Usec at;      // its newest packet
    Scale scale;  // the pod's, in this stretch
    double belt;  // m in this stretch
} Abreast;

void abreast_init(Abreast *abreast);

// The pod has just said `raw` m/s, and the belt runs at `belt` m/s in truth. `before`: what is
// known of the pod's scale there. Changes *known at the end of a stretch.
void abreast_see(Abreast *abreast, Usec at, SensorId pod, double raw, double belt,
                 const ScaleKnown *before, ScaleKnown *known);
