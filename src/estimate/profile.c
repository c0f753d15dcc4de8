// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is taken for granted of a sensor, and the words for the rest.

#include "estimate/profile.h"

SensorProfile sensor_profile_default(SensorId sensor)
{
    return (SensorProfile){.services = SERVICES_ALL, .rank = sensor};
}

bool sensor_profile_valid(const SensorProfile *profile)
{
    return (profile->services & ~SERVICES_ALL) == 0 && profile->convention <= CADENCE_NONE &&
           profile->on_stop <= ON_STOP_SILENT;
}

const char *service_name(ServiceSet one)
{
    switch (one) {
    case SERVICE_HEART:
        return "heart";
    case SERVICE_STRIDE:
        return "stride";
    case SERVICE_TREADMILL:
        return "treadmill";
    case SERVICE_POWER:
        return "power";
    }
    return "";
}

const char *on_stop_name(OnStop on_stop)
{
    static const char *const names[] = {
        [ON_STOP_ZERO] = "zero",
        [ON_STOP_HOLDS] = "holds",
        [ON_STOP_SILENT] = "silent",
    };
    return names[on_stop];
}

const char *cadence_convention_name(CadenceConvention convention)
{
    static const char *const names[] = {
        [CADENCE_UNSETTLED] = "unsettled",
        [CADENCE_STEPS] = "steps",
        [CADENCE_ONE_LEG] = "one-leg",
        [CADENCE_NONE] = "none",
    };
    return names[convention];
}
