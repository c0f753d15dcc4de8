// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One bin a second, in a ring.

#include "session/recent.h"

void recent_reset(Recent *recent)
{
    *recent = (Recent){0};
}

void recent_add(Recent *recent, Usec at, double seconds, double value)
{
    const int64_t second = at / USEC_PER_SEC;
    const int64_t oldest = second - RECENT_SECONDS + 1;
    for (int64_t s = recent->second + 1 > oldest ? recent->second + 1 : oldest; s <= second; s++)
        recent->sum[s % RECENT_SECONDS] = recent->seconds[s % RECENT_SECONDS] = 0;
    recent->second = second;
    if (isnan(value))
        return;
    recent->sum[second % RECENT_SECONDS] += value * seconds;
    recent->seconds[second % RECENT_SECONDS] += seconds;
}

double recent_mean(const Recent *recent, Usec at)
{
    const int64_t now = at / USEC_PER_SEC;
    double sum = 0, seconds = 0;
    for (int64_t s = now - RECENT_SECONDS + 1; s <= recent->second; s++)
        if (s > recent->second - RECENT_SECONDS) {
            sum += recent->sum[s % RECENT_SECONDS];
            seconds += recent->seconds[s % RECENT_SECONDS];
        }
    return seconds >= RECENT_ENOUGH ? sum / seconds : (double)NAN;
}
