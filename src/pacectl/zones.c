// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl zones: what races and heart rates say of a runner. It needs no daemon and keeps nothing;
// what is to be kept is told to `pacectl athlete`.

#include "pacectl/abilities.h"

#include <math.h>

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

// Says why there would be nothing to print.
static int check_use(const Athlete *athlete)
{
    const AthleteModel model = athlete_model(athlete);
    char text[WHY_MAX];
    if (athlete_is_unknown(athlete))
        return complain(EXIT_BAD_USAGE, "say a race, as in --race 5km=20:00, or heart rates; "
                                        "usage: pacectl zones --race DISTANCE=TIME ...");
    if (athlete->race_count == 0 || !isnan(model.vdot) || critical_usable(&model.fit))
        return EXIT_DONE;
    return complain(EXIT_BAD_INPUT, "%s",
                    doubt_text(&model.doubts[0], athlete, &model, text)); // there is one
}

int verb_zones(int argc, char **argv)
{
    gboolean json = FALSE;
    g_auto(GStrv) races = NULL;
    g_autofree char *sex = NULL;
    Athlete athlete = athlete_unknown();
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
        // Bytes as they are: a prime is to be read in any locale.
        {"race", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &races, NULL, NULL},
        {"rest", 0, 0, G_OPTION_ARG_DOUBLE, &athlete.heart_rest, NULL, NULL},
        {"max", 0, 0, G_OPTION_ARG_DOUBLE, &athlete.heart_max, NULL, NULL},
        {"threshold", 0, 0, G_OPTION_ARG_DOUBLE, &athlete.heart_threshold, NULL, NULL},
        {"age", 0, 0, G_OPTION_ARG_DOUBLE, &athlete.age, NULL, NULL},
        {"sex", 0, 0, G_OPTION_ARG_STRING, &sex, NULL, NULL},
        {NULL},
    };
    char why[WHY_MAX];
    if (!verb_options(&argc, &argv, options, 0, 0))
        return EXIT_BAD_USAGE;
    if (sex && !sex_parse(sex, &athlete.sex))
        return complain(EXIT_BAD_USAGE, "--sex takes f or m, by which standards of age differ");
    int code = add_races(&athlete, races);
    if (code != EXIT_DONE)
        return code;
    if (!athlete_check(&athlete, why))
        return complain(EXIT_BAD_INPUT, "%s", why);
    code = check_use(&athlete);
    if (code != EXIT_DONE)
        return code;
    if (!json) {
        abilities_print(&athlete);
        return EXIT_DONE;
    }
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    abilities_json(&athlete, builder);
    json_builder_end_object(builder);
    print_json_builder(builder);
    return EXIT_DONE;
}
