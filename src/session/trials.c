// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "session/trials.h"

#include "athlete/race.h"
#include "coach/coach.h"

#define KNOWN_SHARE 0.95 // of a trial

void trials_begin(Trials *trials)
{
    *trials = (Trials){0};
}

void trials_sample(Trials *trials, double seconds, const Estimate *speed)
{
    trials->seconds += seconds;
    if (coach_trusts(speed))
        trials->known_s += seconds;
}

static bool is_believed(const Trials *trials, const Lap *lap)
{
    const Race race = {lap->distance_m, usec_to_s(lap->duration), true, 0};
    char why[WHY_MAX];
    return lap->aim.quantity == AIM_MAXIMAL &&
           (lap->outcome == STEP_COMPLETED || lap->outcome == STEP_LAPPED) &&
           lap->ended - lap->started == lap->duration && // without a pause
           trials->known_s >= KNOWN_SHARE * trials->seconds && race_check(&race, why);
}

void trials_lap(Trials *trials, const Lap *lap, bool compared)
{
    if (compared && is_believed(trials, lap)) {
        if (trials->count == TRIALS_MAX) {
            for (size_t i = 1; i < TRIALS_MAX; i++)
                trials->found[i - 1] = trials->found[i];
            trials->count--;
        }
        trials->found[trials->count++] = (Trial){lap->distance_m, usec_to_s(lap->duration)};
    }
    trials->seconds = trials->known_s = 0;
}
