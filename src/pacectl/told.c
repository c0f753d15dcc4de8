// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A runner from options or from the bus; told.h is its manual.

#include "pacectl/told.h"

#include "bus/athlete-dict.h"

Told told_nothing(void)
{
    return (Told){.athlete = athlete_unknown()};
}

void told_clear(Told *told)
{
    g_clear_pointer(&told->races, g_strfreev);
    g_clear_pointer(&told->sex, g_free);
}

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

int told_finish(Told *told)
{
    char why[WHY_MAX];
    if (told->sex && !sex_parse(told->sex, &told->athlete.sex))
        return complain(EXIT_BAD_USAGE, "--sex takes f or m, by which standards of age differ");
    int code = add_races(&told->athlete, told->races);
    if (code == EXIT_DONE && !athlete_check(&told->athlete, why))
        return complain(EXIT_BAD_INPUT, "%s", why);
    return code;
}

Paced1Athlete *told_by_daemon(Athlete *ret_athlete, int *ret_code)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    g_autoptr(GError) error = NULL;
    *ret_code = daemon_open(&objects);
    if (*ret_code != EXIT_DONE)
        return NULL;
    g_autoptr(Paced1Athlete) proxy = daemon_find(objects, "org.paced1.Athlete");
    GVariant *settings = proxy ? paced1_athlete_get_settings(proxy) : NULL;
    Athlete athlete = athlete_unknown();
    if (!settings || !athlete_dict_read(settings, &athlete, &error)) {
        *ret_code = complain_stranger();
        return NULL;
    }
    *ret_athlete = athlete;
    return g_steal_pointer(&proxy);
}
