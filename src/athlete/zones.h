// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Heart zones, in the two ways that mean something for one runner: by the reserve between resting
// and maximal rate (Karvonen; the ACSM's bands, its wide "vigorous" in three), and by the rate at
// threshold (Friel's zones for running, of a solo 30 minutes' last 20). All are half-open: a zone
// begins at its rate and ends where the next begins.

#pragma once

#include "base/units.h"

#define ZONES_MAX 7

typedef enum {
    ZONES_NONE,
    ZONES_RESERVE,
    ZONES_THRESHOLD,
} ZoneScheme;

typedef struct {
    ZoneScheme scheme;
    size_t count;           // 0 with ZONES_NONE
    double from[ZONES_MAX]; // bpm, ascending; the last zone is open. Below from[0] is no zone
} HeartZones;

// NAN of either: ZONES_NONE. Six: light from 30 % of the reserve, moderate 40, vigorous 60, 70 and
// 80, near maximal 90.
HeartZones zones_by_reserve(double rest_bpm, double max_bpm);

// Seven: 1 (from 0), 2 from 85 % of the threshold, 3 from 90, 4 from 95, 5a from 100, 5b from 103,
// 5c from 106.
HeartZones zones_by_threshold(double threshold_bpm);

// Which zone a rate is in: an index, or -1 below all of them, for a NAN and with ZONES_NONE.
int zones_find(const HeartZones *zones, double bpm);

const char *zones_label(const HeartZones *zones, size_t zone); // "2", "5a": what runners call it
const char *zones_name(const HeartZones *zones, size_t zone);  // "moderate"
const char *zones_scheme_name(ZoneScheme scheme);              // "none", "reserve", "threshold"

// The maximal rate that people of an age have (Tanaka et al. 2001: 208 − 0.7·age). One in three is
// ten or more away from it: for when nothing else is known. NAN for a NAN.
double zones_max_from_age(double age);
#define ZONES_MAX_FROM_AGE_SD 10.0 // bpm

// The part of the reserve that a rate takes, 0 … 1 and beyond.
double zones_reserve(double bpm, double rest_bpm, double max_bpm);
