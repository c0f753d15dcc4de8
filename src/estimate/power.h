// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Running power, as a pod estimates it and sends by the cycling power service: the newest reading
// that can be a runner's. What else that service sends is a bicycle's (what a pod puts there is not
// known), so cadence comes from the stride service alone.

#pragma once

#include "codec/cps.h"
#include "estimate/estimate.h"

#define POWER_MAX 2000.0 // W; beyond, and below 0, no runner's

typedef struct {
    Reading watts[SENSORS_MAX];
} Power;

void power_init(Power *power);
void power_forget(Power *power, SensorId sensor);

// False when it was implausible and was not used. 0 is a measurement: the runner stands.
bool power_measure(Power *power, Usec at, SensorId sensor, const CpsMeasurement *measurement);

Estimate power_watts(const Power *power, const SensorProfile profiles[SENSORS_MAX], Usec at); // W
