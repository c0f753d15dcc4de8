// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Age grading: how near a race comes to the best that people of that age and sex run.

#pragma once

#include "base/units.h"

typedef enum {
    SEX_UNKNOWN,
    SEX_FEMALE,
    SEX_MALE,
} Sex;

const char *sex_name(Sex sex);                  // "unknown", "female", "male"
bool sex_parse(const char *text, Sex *ret_sex); // also "f", "w", "m" and in capitals

// The standard of the road in s, for an age of 5 to 90 and a mile to a marathon; NAN outside, for
// SEX_UNKNOWN and for NANs. Between the distances of the tables by the distance's logarithm, as
// their authors do; between their ages by straight lines over five years.
double agegrade_standard(Sex sex, double age, double distance_m);

// 100 · standard / time; NAN where there is no standard.
double agegrade_percent(Sex sex, double age, double distance_m, double time_s);
