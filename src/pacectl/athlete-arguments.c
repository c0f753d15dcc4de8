// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// See athlete-arguments.h.

#include "pacectl/athlete-arguments.h"

static int add_races(Athlete *athlete, char **races)
{
    char why[WHY_MAX];
    for (; races && *races; races++) {
        if (!argument_check(*races))
            return EXIT_BAD_INPUT;
        if (athlete->race_count == RACES_MAX)
            return complain(EXIT_BAD_INPUT, "--race %s: there are at most %d races", *races,
                            RACES_MAX);
        if (!race_parse(*races, &athlete->races[athlete->race_count++], why))
            return complain(EXIT_BAD_INPUT, "--race %s: %s", *races, why);
    }
    return EXIT_DONE;
}

int athlete_arguments_read(AthleteArguments *told, Athlete *ret_athlete)
{
    g_auto(GStrv) races = g_steal_pointer(&told->races);
    g_autofree char *sex = g_steal_pointer(&told->sex);
    char why[WHY_MAX];
    Athlete athlete = told->athlete;
    if (sex && !sex_parse(sex, &athlete.sex))
        return complain(EXIT_BAD_USAGE, "--sex takes f or m, by which standards of age differ");
    const int code = add_races(&athlete, races);
    if (code != EXIT_DONE)
        return code;
    if (!athlete_check(&athlete, why))
        return complain(EXIT_BAD_INPUT, "%s", why);
    *ret_athlete = athlete;
    return EXIT_DONE;
}
