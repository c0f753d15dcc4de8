// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Sums and the time they were taken over; nothing is divided before somebody asks.

#include "session/averages.h"

void averages_reset(Averages *averages)
{
    *averages = (Averages){.heart_max = NAN};
}

void averages_add(Averages *averages, double seconds, const Estimate *heart,
                  const Estimate *cadence, const Estimate *speed)
{
    averages->measured |= estimate_known(speed);
    if (estimate_known(heart)) {
        averages->heart_sum += heart->value * seconds;
        averages->heart_s += seconds;
        averages->heart_max = fmax(averages->heart_max, heart->value); // fmax ignores NAN
    }
    if (estimate_known(cadence)) {
        averages->cadence_sum += cadence->value * seconds;
        averages->cadence_s += seconds;
    }
}

static double mean(double sum, double seconds)
{
    return seconds > 0 ? sum / seconds : NAN;
}

double averages_way(const Averages *averages, Usec duration, double metres)
{
    return averages->measured || metres > 0 || duration <= 0 ? metres : (double)NAN;
}

void averages_end_lap(Averages *averages, Lap *lap)
{
    lap->distance_m = averages_way(averages, lap->duration, lap->distance_m);
    if (isnan(lap->distance_m))
        lap->speed_mps = NAN;
    lap->heart_rate = averages_heart_rate(averages);
    lap->heart_rate_max = averages_heart_rate_max(averages);
    lap->cadence = averages_cadence(averages);
    averages_reset(averages);
}

double averages_heart_rate(const Averages *averages)
{
    return mean(averages->heart_sum, averages->heart_s);
}

double averages_heart_rate_max(const Averages *averages)
{
    return averages->heart_max;
}

double averages_cadence(const Averages *averages)
{
    return mean(averages->cadence_sum, averages->cadence_s);
}
