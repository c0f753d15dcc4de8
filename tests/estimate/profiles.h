// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Sensors that nobody described, for tests that describe one or two of them.

#pragma once

#include "estimate/profile.h"

static SensorProfile profiles[SENSORS_MAX];

static void profiles_default(void)
{
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        profiles[sensor] = sensor_profile_default(sensor);
}
