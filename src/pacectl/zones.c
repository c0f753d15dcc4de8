// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl zones: what races and heart rates say of a runner. It needs no daemon and keeps nothing;
// what is to be kept is told to `pacectl athlete`.

#include "pacectl/abilities.h"
#include "pacectl/told.h"

#include <math.h>

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
    g_auto(Told) told = told_nothing();
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, TOLD_OPTIONS(&told), {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 0))
        return EXIT_BAD_USAGE;
    int code = told_finish(&told);
    if (code == EXIT_DONE)
        code = check_use(&told.athlete);
    if (code != EXIT_DONE)
        return code;
    if (!json) {
        abilities_print(&told.athlete);
        return EXIT_DONE;
    }
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    abilities_json(&told.athlete, builder);
    json_builder_end_object(builder);
    print_json_builder(builder);
    return EXIT_DONE;
}
