// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The mean of a value over its last five seconds, as far as it was known in them.

#pragma once

#include "base/units.h"

#define RECENT_SECONDS 5
#define RECENT_ENOUGH  3.5 // s of them that must be known

typedef struct {
    int64_t second; // the newest one, since boot
    double sum[RECENT_SECONDS], seconds[RECENT_SECONDS];
} Recent;

void recent_reset(Recent *recent);

// The value held for so long until `at`, less than about a second; a NAN adds nothing.
void recent_add(Recent *recent, Usec at, double seconds, double value);

double recent_mean(const Recent *recent, Usec at); // NAN when too little of it is known
