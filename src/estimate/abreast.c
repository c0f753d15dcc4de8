// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The belt's own error is the same in every stretch, so it is not for the filter to average away:
// what is learnt is never better known than the belt.

#include "estimate/abreast.h"

#define STRETCH       200.0 // m
#define STRETCH_NOISE 2.0   // m; a pod is seconds late, and the belt's speed is in steps
#define APART         (3 * USEC_PER_SEC) // two packets further apart are no span

void abreast_init(Abreast *abreast)
{
    *abreast = (Abreast){.pod = SENSOR_NONE};
}

static void begin(Abreast *abreast, const ScaleKnown *known)
{
    const ScaleKnown wide = scale_doubted_at_least(known, BELT_SCALE_DEVIATION);
    scale_init(&abreast->scale, &wide);
    abreast->belt = 0;
}

void abreast_see(Abreast *abreast, Usec at, SensorId pod, double raw, double belt,
                 const ScaleKnown *before, ScaleKnown *known)
{
    const Usec span = at - abreast->at;
    const bool goes_on = pod == abreast->pod && span <= APART;
    abreast->pod = pod;
    abreast->at = at;
    if (!goes_on) {
        begin(abreast, before);
        return;
    }
    scale_travel(&abreast->scale, raw * usec_to_s(span), raw);
    abreast->belt += belt * usec_to_s(span);
    if (abreast->belt < STRETCH)
        return;
    if (scale_mark(&abreast->scale, abreast->belt, STRETCH_NOISE)) {
        const ScaleKnown learnt = scale_known(&abreast->scale);
        *known = scale_doubted_at_least(&learnt, BELT_SCALE_DEVIATION);
    }
    begin(abreast, known);
}
