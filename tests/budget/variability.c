// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// For counting instructions: α1 of 300 beats, and ten minutes of a strap's packets. Prints the
// number of packets; what to divide by.

#include "estimate/hrv.h"

#include <stdio.h>

// A heart that varies by some milliseconds, with a missed beat now and then.
static uint16_t interval(unsigned beat)
{
    const unsigned wave = beat % 11 < 6 ? beat % 11 : 11 - beat % 11;
    return (uint16_t)(436 + 3 * wave + beat * 7 % 5 + (beat % 60 == 59 ? 440 : 0));
}

int main(void)
{
    static Hrv hrv;
    static SensorProfile profiles[SENSORS_MAX];
    unsigned beat = 0, packets = 0;
    static Beat beats[300];
    static HrvSum sums[301];
    HrvSeries series;
    for (; beat < 300; beat++)
        beats[beat].ms = interval(beat);
    hrv_gather(beats, 300, sums, &series);
    const double alpha1 = hrv_alpha1(&series, HRV_LIVE);

    hrv_init(&hrv);
    Usec due = 0;
    for (Usec at = USEC_PER_SEC; at < 600 * USEC_PER_SEC; at += USEC_PER_SEC, packets++) {
        HrsMeasurement measurement = {.heart_rate = 135};
        for (Usec next; (next = due + (Usec)interval(beat) * USEC_PER_SEC / 1024) <= at; due = next)
            measurement.rr_1024[measurement.rr_count++] = interval(beat++);
        hrv_measure(&hrv, profiles, at, 0, &measurement);
    }
    if (isnan(alpha1) || isnan(hrv_live_alpha1(&hrv, 600 * USEC_PER_SEC).value))
        return 1;
    printf("%u\n", packets);
    return 0;
}
