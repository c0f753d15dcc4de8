// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl distance, track and sensors scale: what is known of distances better than by a sensor,
// and what follows from it for the sensor.

#include "pacectl/sensors.h"
#include "pacectl/show.h"

#include "athlete/race.h"
#include "estimate/profile.h"

#include <math.h>
#include <string.h>

// "5km", "5.02 km", "400m", "3.1 miles", "half". A length without a unit is one in metres only
// where it cannot be meant otherwise.
static gboolean parse_length(const char *text, double *ret_metres)
{
    static const struct {
        const char *unit;
        double metres;
    } units[] = {{"m", 1},
                 {"metres", 1},
                 {"km", 1000},
                 {"k", 1000},
                 {"mi", METRES_PER_MILE},
                 {"mile", METRES_PER_MILE},
                 {"miles", METRES_PER_MILE}};
    if (strcmp(text, "half") == 0 || strcmp(text, "marathon") == 0) {
        *ret_metres = text[0] == 'h' ? METRES_HALF : METRES_MARATHON;
        return TRUE;
    }
    char *end;
    double number = g_ascii_strtod(text, &end);
    if (end == text || !isfinite(number))
        return FALSE;
    while (*end == ' ')
        end++;
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
        if (strcmp(end, units[i].unit) == 0) {
            *ret_metres = number * units[i].metres;
            return TRUE;
        }
    *ret_metres = number;
    return *end == '\0' && (number >= 100 || number == 0);
}

static Paced1Runner *runner_open(int *ret_code)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    *ret_code = daemon_open(&objects);
    if (*ret_code != EXIT_DONE)
        return NULL;
    Paced1Runner *runner = daemon_find(objects, "org.paced1.Runner");
    if (!runner)
        *ret_code = complain_stranger();
    return runner;
}

int verb_distance(int argc, char **argv)
{
    gboolean undo = FALSE;
    const GOptionEntry options[] = {{"undo", 0, 0, G_OPTION_ARG_NONE, &undo, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 1))
        return EXIT_BAD_USAGE;
    double metres = NAN;
    if ((argc > 1) == undo)
        return complain(EXIT_BAD_USAGE, "say a distance such as 5km, or --undo");
    if (argc > 1 && !parse_length(argv[1], &metres))
        return complain(EXIT_BAD_INPUT, "'%s' is no distance; one is 5km, 3.1mi or half", argv[1]);
    int code;
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Runner) runner = runner_open(&code);
    if (!runner)
        return code;
    gboolean done = undo ? paced1_runner_call_undo_correction_sync(runner, NULL, &error)
                         : paced1_runner_call_correct_distance_sync(runner, metres, NULL, &error);
    return done ? EXIT_DONE : complain_error(g_steal_pointer(&error));
}

int verb_track(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 0, 1))
        return EXIT_BAD_USAGE;
    double metres = 0;
    if (argc > 1 && strcmp(argv[1], "none") != 0 && !parse_length(argv[1], &metres))
        return complain(EXIT_BAD_INPUT, "'%s' is no length; a track is 400m, or none", argv[1]);
    int code;
    char shown[SHOW_MAX];
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Runner) runner = runner_open(&code);
    if (!runner)
        return code;
    if (argc > 1 && !paced1_runner_call_set_track_sync(runner, metres, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    if (argc == 1) {
        show_distance(paced1_runner_get_track(runner), shown);
        puts(paced1_runner_get_track(runner) > 0 ? shown : "none");
    }
    return EXIT_DONE;
}

// ── a sensor's scale ──

void print_scales(GVariant *scales, const char *before)
{
    for (Surface surface = SURFACE_GROUND; scales && surface <= SURFACE_TREADMILL; surface++) {
        g_autoptr(GVariant) one =
            g_variant_lookup_value(scales, surface_name(surface), G_VARIANT_TYPE_VARDICT);
        double scale = NAN, slope = NAN, deviation = NAN;
        gboolean compared = FALSE;
        if (!one)
            continue;
        g_variant_lookup(one, "scale", "d", &scale);
        g_variant_lookup(one, "slope", "d", &slope);
        g_variant_lookup(one, "deviation", "d", &deviation);
        g_variant_lookup(one, "compared", "b", &compared);
        g_autofree char *steep =
            fabs(slope) < 0.0005
                ? g_strdup("")
                : g_strdup_printf(", %+.2f %% for each m/s above 3.5", 100 * slope);
        g_autofree char *words =
            g_strdup_printf("%.4f ± %.1f %%%s, %s", scale, 100 * deviation, steep,
                            compared ? "compared" : "never compared with a known distance");
        printf("%s%-10s %s\n", before, surface_name(surface), words);
    }
}

static int show_scales(Paced1Sensor *sensor)
{
    GVariant *scales = paced1_sensor_get_scales(sensor);
    if (!scales || g_variant_n_children(scales) == 0)
        puts("Nothing is known; it counts as it says.");
    print_scales(scales, "");
    return EXIT_DONE;
}

int verb_sensors_scale(int argc, char **argv)
{
    double set = NAN;
    gboolean reset = FALSE, undo = FALSE;
    const GOptionEntry options[] = {{"set", 0, 0, G_OPTION_ARG_DOUBLE, &set, NULL, NULL},
                                    {"reset", 0, 0, G_OPTION_ARG_NONE, &reset, NULL, NULL},
                                    {"undo", 0, 0, G_OPTION_ARG_NONE, &undo, NULL, NULL},
                                    {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 2))
        return EXIT_BAD_USAGE;
    Surface surface;
    const char *where = argc > 2 ? argv[2] : surface_name(SURFACE_GROUND);
    if (!surface_from_name(where, &surface))
        return complain(EXIT_BAD_USAGE, "'%s' is no surface; they are ground and treadmill", where);
    if (!isnan(set) + reset + undo > 1)
        return complain(EXIT_BAD_USAGE, "say one of --set, --reset and --undo");
    int code;
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Sensor) sensor = sensor_open(argv[1], FALSE, NULL, &code);
    if (!sensor)
        return code;
    gboolean done;
    if (undo)
        done = paced1_sensor_call_undo_scale_sync(sensor, where, NULL, &error);
    else if (reset || !isnan(set))
        done = paced1_sensor_call_set_scale_sync(sensor, where, reset ? 0 : set, NULL, &error);
    else
        return show_scales(sensor);
    return done ? EXIT_DONE : complain_error(g_steal_pointer(&error));
}
