// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A performance: a distance covered in a time. It is what everything the runner can do is derived
// from, so nothing impossible may get past here.

#pragma once

#include "base/units.h"

#define RACE_TIME_MOST 86400.0 // s

#define WHY_MAX 200 // bytes with the NUL: a sentence that says why something is refused

typedef struct {
    double distance_m;
    double time_s;
    bool maximal; // run all out: may stand beside others for critical speed, and against them
    int32_t day;  // on any count, such as days since 1970; 0 when not known
} Race;

// Whether a runner can have run it. False: *ret_why (WHY_MAX bytes) says why not. Limits: 800 m to
// 100 km, a day, and a VDOT from 15 (walking) to 90 (two beyond the world records of 2025).
bool race_check(const Race *race, char *ret_why);

// Whether both can be one runner's best: the longer takes more time, and is not run faster. What
// was not run all out contradicts nothing but by its time.
bool race_pair_check(const Race *one, const Race *other, char *ret_why);

// "5km=20:00", "5k=20:00", "5000m=20:00", "mile=5'30''", "2mile=11:40", "half=1:30:00",
// "marathon=3h05", "10 km = 41:21.5". A bare number of metres needs its unit. A time has a colon, a
// prime, or the letters h, min and s, for nobody means seconds by "20". Not checked as race_check()
// does. *ret_race is maximal and undated. False: *ret_why says what was expected.
bool race_parse(const char *text, Race *ret_race, char *ret_why);

// The time alone, in s.
bool race_parse_time(const char *text, double *ret_s);

// "5 km", "mile", "half marathon", "1200 m". Returns ret_name.
#define RACE_NAME_MAX 24
const char *race_name(double distance_m, char ret_name[RACE_NAME_MAX]);

// "20:00", "1:30:00", "41:21.5": to the tenth of a second. Returns ret_text.
#define RACE_TIME_MAX 16
const char *race_time_text(double time_s, char ret_text[RACE_TIME_MAX]);

// Riegel 1981: how long the same runner takes for another distance. The exponent is 1.06 for most;
// 1.05 for who has trained for the longer, 1.08 for who has not.
#define RIEGEL_EXPONENT 1.06
double riegel_time(double distance_m, double time_s, double other_m, double exponent);

// The exponent that two races of one runner show; NAN when they are of one distance.
double riegel_exponent(const Race *one, const Race *other);
