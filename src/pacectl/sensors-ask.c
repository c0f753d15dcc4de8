// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl sensors distance, calibrate, location and reset-energy: what a sensor itself is told. It
// may take half a minute to answer, which is longer than D-Bus waits by itself.

#include "pacectl/sensors.h"

#include <math.h>
#include <string.h>

#define PATIENCE_MS 40000 // the daemon gives up after 30 s

// The sensor of a verb; NULL with *ret_code.
static Paced1Sensor *ask_open(const char *which, int *ret_code)
{
    Paced1Sensor *sensor = sensor_open(which, FALSE, NULL, ret_code);
    if (sensor)
        g_dbus_proxy_set_default_timeout(G_DBUS_PROXY(sensor), PATIENCE_MS);
    return sensor;
}

int verb_sensors_distance(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 2, 2))
        return EXIT_BAD_USAGE;
    char *end;
    double metres = g_ascii_strtod(argv[2], &end);
    if (*end || end == argv[2] || !isfinite(metres))
        return complain(EXIT_BAD_USAGE, "'%s' is no number of metres", argv[2]);
    int code;
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Sensor) sensor = ask_open(argv[1], &code);
    if (!sensor)
        return code;
    if (!paced1_sensor_call_set_distance_sync(sensor, metres, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}

int verb_sensors_calibrate(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 1, 1))
        return EXIT_BAD_USAGE;
    int code;
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Sensor) sensor = ask_open(argv[1], &code);
    if (!sensor)
        return code;
    printf("Calibrating %s; what to do meanwhile is in its manual ...\n", sensor_title(sensor));
    fflush(stdout);
    if (!paced1_sensor_call_calibrate_sync(sensor, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    puts("It is calibrated.");
    return EXIT_DONE;
}

static int list_locations(Paced1Sensor *sensor)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) locations = NULL;
    const char *now = paced1_sensor_get_location(sensor);
    if (!paced1_sensor_call_list_locations_sync(sensor, &locations, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    for (gsize i = 0; locations[i]; i++)
        printf("%s%s\n", locations[i], strcmp(locations[i], now) == 0 ? " (now)" : "");
    if (!locations[0])
        puts("It names no place.");
    return EXIT_DONE;
}

int verb_sensors_location(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 1, 2))
        return EXIT_BAD_USAGE;
    if (argc > 2 && !argument_check(argv[2]))
        return EXIT_BAD_INPUT;
    int code;
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Sensor) sensor = ask_open(argv[1], &code);
    if (!sensor)
        return code;
    if (argc == 2)
        return list_locations(sensor);
    if (!paced1_sensor_call_set_location_sync(sensor, argv[2], NULL, &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}

int verb_sensors_reset_energy(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 1, 1))
        return EXIT_BAD_USAGE;
    int code;
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Sensor) sensor = ask_open(argv[1], &code);
    if (!sensor)
        return code;
    if (!paced1_sensor_call_reset_energy_sync(sensor, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}
