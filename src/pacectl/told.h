// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Who the runner is, for verbs that need to know: as options of the command line say, or as the
// daemon keeps it.

#pragma once

#include "athlete/athlete.h"
#include "pacectl/pacectl.h"
#include "paced1-dbus.h"
#include "workout/lint-personal.h"

typedef struct {
    char **races;
    char *sex;
    Athlete athlete;
} Told;

Told told_nothing(void);
void told_clear(Told *told);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Told, told_clear)

// The options, for a verb's list of them. Races are bytes as they are: a prime is to be read in any
// locale.
#define TOLD_OPTIONS(told)                                                                         \
    {"race", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(told)->races, NULL, NULL},                       \
        {"rest", 0, 0, G_OPTION_ARG_DOUBLE, &(told)->athlete.heart_rest, NULL, NULL},              \
        {"max", 0, 0, G_OPTION_ARG_DOUBLE, &(told)->athlete.heart_max, NULL, NULL},                \
        {"threshold", 0, 0, G_OPTION_ARG_DOUBLE, &(told)->athlete.heart_threshold, NULL, NULL},    \
        {"age", 0, 0, G_OPTION_ARG_DOUBLE, &(told)->athlete.age, NULL, NULL},                      \
    {                                                                                              \
        "sex", 0, 0, G_OPTION_ARG_STRING, &(told)->sex, NULL, NULL                                 \
    }

// Makes told->athlete of all of them, once they are parsed. EXIT_DONE, or it was complained of.
int told_finish(Told *told);

// What a daemon that runs keeps of its runner, and what was run in the last weeks. FALSE, without a
// word and at once, when none runs: it is not started for this.
gboolean told_quietly(Athlete *ret_athlete, RunnerHistory *ret_history);

// The daemon's object, and what it keeps. NULL: it was complained of.
Paced1Athlete *told_by_daemon(Athlete *ret_athlete, int *ret_code);
