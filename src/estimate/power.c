// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One gate, and the ageing that all readings have.

#include "estimate/power.h"

void power_forget(Power *power, SensorId sensor)
{
    power->watts[sensor] = READING_NONE;
}

void power_init(Power *power)
{
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++)
        power_forget(power, sensor);
}

bool power_measure(Power *power, Usec at, SensorId sensor, const CpsMeasurement *measurement)
{
    if (measurement->power_w < 0 || measurement->power_w > POWER_MAX)
        return false;
    reading_take(&power->watts[sensor], measurement->power_w, at, 1);
    return true;
}

Estimate power_watts(const Power *power, const SensorProfile profiles[SENSORS_MAX], Usec at)
{
    return estimate_from_owner(power->watts, profiles, SOURCE_POD, at);
}
