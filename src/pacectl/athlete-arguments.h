// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A runner told on the command line, for what needs no daemon: --race 5km=20:00, --max 187 and so
// on.

#pragma once

#include "athlete/athlete.h"
#include "pacectl/pacectl.h"

typedef struct {
    char **races;
    char *sex;
    Athlete athlete; // its numbers
} AthleteArguments;

#define ATHLETE_ARGUMENTS_NONE ((AthleteArguments){NULL, NULL, athlete_unknown()})

// Entries for verb_options(). The races are bytes as they are: a prime is to be read in any locale.
#define ATHLETE_OPTIONS(told)                                                                      \
    {"race", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(told).races, NULL, NULL},                        \
        {"rest", 0, 0, G_OPTION_ARG_DOUBLE, &(told).athlete.heart_rest, NULL, NULL},               \
        {"max", 0, 0, G_OPTION_ARG_DOUBLE, &(told).athlete.heart_max, NULL, NULL},                 \
        {"threshold", 0, 0, G_OPTION_ARG_DOUBLE, &(told).athlete.heart_threshold, NULL, NULL},     \
        {"age", 0, 0, G_OPTION_ARG_DOUBLE, &(told).athlete.age, NULL, NULL},                       \
    {                                                                                              \
        "sex", 0, 0, G_OPTION_ARG_STRING, &(told).sex, NULL, NULL                                  \
    }

// Who was told; frees what the options hold. Complains of what cannot be and returns an exit code.
int athlete_arguments_read(AthleteArguments *told, Athlete *ret_athlete);
