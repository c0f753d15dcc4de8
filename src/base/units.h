// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The units everything inside speaks: microseconds since boot for time, metres, metres a second,
// beats a minute, and steps a minute counting both feet. Conversions to what runners read
// (per kilometre, per mile) happen at the edges only, and here.

#pragma once

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// An instant or a span in microseconds. Instants come from CLOCK_BOOTTIME: they go on during
// suspend and never jump, unlike the wall clock of a Pi.
typedef int64_t Usec;

#define USEC_PER_MSEC ((Usec)1000)
#define USEC_PER_SEC  ((Usec)1000000)
#define USEC_NEVER    INT64_MAX

#define METRES_PER_KM   1000.0
#define METRES_PER_MILE 1609.344
#define METRES_HALF     21097.5 // marathon
#define METRES_MARATHON 42195.0

static inline double usec_to_s(Usec span)
{
    return (double)span / 1e6;
}

// Rounds to the nearest microsecond; seconds beyond ±292 000 years are not representable and a
// caller's bug.
static inline Usec usec_from_s(double seconds)
{
    return (Usec)llround(seconds * 1e6);
}

static inline Usec usec_earlier(Usec a, Usec b)
{
    return a < b ? a : b;
}

static inline Usec usec_later(Usec a, Usec b)
{
    return a > b ? a : b;
}
