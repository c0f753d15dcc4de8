// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Two tables. Published zones have gaps ("85 to 89 %, 90 to 94 %"), which a rate of 89.5 % falls
// into: here each zone ends where the next begins.

#include "athlete/zones.h"

typedef struct {
    double from; // a fraction
    const char *label, *name;
} Band;

static const Band reserve_bands[] = {
    {0.30, "1", "light"},         {0.40, "2", "moderate"},       {0.60, "3", "vigorous, low"},
    {0.70, "4", "vigorous, mid"}, {0.80, "5", "vigorous, high"}, {0.90, "6", "near maximal"},
};

static const Band threshold_bands[] = {
    {0.00, "1", "recovery"},
    {0.85, "2", "aerobic"},
    {0.90, "3", "tempo"},
    {0.95, "4", "below threshold"},
    {1.00, "5a", "above threshold"},
    {1.03, "5b", "aerobic capacity"},
    {1.06, "5c", "anaerobic"},
};

#define COUNT(bands) (sizeof(bands) / sizeof *(bands))

_Static_assert(COUNT(reserve_bands) <= ZONES_MAX && COUNT(threshold_bands) <= ZONES_MAX,
               "more bands than zones");

static HeartZones zones_of(ZoneScheme scheme, const Band *bands, size_t count, double base,
                           double span)
{
    HeartZones zones = {.scheme = scheme, .count = count};
    for (size_t i = 0; i < count; i++)
        zones.from[i] = base + bands[i].from * span;
    return zones;
}

HeartZones zones_by_reserve(double rest_bpm, double max_bpm)
{
    if (!(max_bpm > rest_bpm))
        return (HeartZones){.scheme = ZONES_NONE};
    return zones_of(ZONES_RESERVE, reserve_bands, COUNT(reserve_bands), rest_bpm,
                    max_bpm - rest_bpm);
}

HeartZones zones_by_threshold(double threshold_bpm)
{
    if (!(threshold_bpm > 0))
        return (HeartZones){.scheme = ZONES_NONE};
    return zones_of(ZONES_THRESHOLD, threshold_bands, COUNT(threshold_bands), 0, threshold_bpm);
}

int zones_find(const HeartZones *zones, double bpm)
{
    int found = -1;
    for (size_t i = 0; i < zones->count && bpm >= zones->from[i]; i++)
        found = (int)i;
    return found;
}

static const Band *band_at(const HeartZones *zones, size_t zone)
{
    if (zone >= zones->count)
        return NULL;
    return zones->scheme == ZONES_RESERVE ? &reserve_bands[zone] : &threshold_bands[zone];
}

const char *zones_label(const HeartZones *zones, size_t zone)
{
    const Band *band = band_at(zones, zone);
    return band ? band->label : "";
}

const char *zones_name(const HeartZones *zones, size_t zone)
{
    const Band *band = band_at(zones, zone);
    return band ? band->name : "";
}

const char *zones_scheme_name(ZoneScheme scheme)
{
    static const char *const names[] = {
        [ZONES_NONE] = "none",
        [ZONES_RESERVE] = "reserve",
        [ZONES_THRESHOLD] = "threshold",
    };
    return names[scheme];
}

double zones_max_from_age(double age)
{
    return 208 - 0.7 * age;
}

double zones_reserve(double bpm, double rest_bpm, double max_bpm)
{
    return max_bpm > rest_bpm ? (bpm - rest_bpm) / (max_bpm - rest_bpm) : NAN;
}
