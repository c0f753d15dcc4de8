// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is taken for granted of a sensor, and the words for the rest.

#include "estimate/profile.h"

#include <string.h>

SensorProfile sensor_profile_default(SensorId sensor)
{
    return (SensorProfile){.services = SERVICES_ALL, .rank = sensor};
}

bool sensor_profile_valid(const SensorProfile *profile)
{
    return (profile->services & ~SERVICES_ALL) == 0 && profile->convention <= CADENCE_NONE &&
           profile->on_stop <= ON_STOP_SILENT && gait_line_valid(&profile->known.line) &&
           scale_known_valid(&profile->known.scales[SURFACE_GROUND]) &&
           scale_known_valid(&profile->known.scales[SURFACE_TREADMILL]);
}

bool sensor_known_same(const SensorKnown *one, const SensorKnown *other)
{
    for (int i = 0; i < SURFACES; i++)
        if (!scale_known_same(&one->scales[i], &other->scales[i]))
            return false;
    return gait_line_same(&one->line, &other->line);
}

bool sensor_known_nothing(const SensorKnown *known)
{
    return sensor_known_same(known, &(SensorKnown){0});
}

SensorKnown sensor_known_recorded(const SensorKnown *known)
{
    SensorKnown recorded = {.line = gait_line_recorded(&known->line)};
    for (int i = 0; i < SURFACES; i++)
        recorded.scales[i] = scale_known_recorded(&known->scales[i]);
    return recorded;
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

const char *surface_name(Surface surface)
{
    static const char *const names[] = {
        [SURFACE_GROUND] = "ground",
        [SURFACE_TREADMILL] = "treadmill",
    };
    return names[surface];
}

bool surface_from_name(const char *name, Surface *ret_surface)
{
    for (Surface surface = SURFACE_GROUND; surface <= SURFACE_TREADMILL; surface++)
        if (strcmp(name, surface_name(surface)) == 0) {
            *ret_surface = surface;
            return true;
        }
    return false;
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
