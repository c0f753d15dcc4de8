// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl status: one screen (or one JSON object) on the daemon, its sensors, and the workout.

#include "pacectl/pacectl.h"
#include "pacectl/show.h"
#include "paced1-dbus.h"

#include <math.h>

static void print_health(const char *what, const char *state, const char *reason)
{
    printf("%-10s %s%s%s\n", what, state, *reason ? ": " : "", reason);
}

static void print_sensors(GDBusObjectManager *objects)
{
    GList *all = g_dbus_object_manager_get_objects(objects);
    const char *heading = "Sensors";
    for (GList *at = all; at; at = at->next) {
        g_autoptr(Paced1Sensor) sensor = paced1_object_get_sensor(at->data);
        if (!sensor || !paced1_sensor_get_enrolled(sensor))
            continue;
        printf("%-10s %s  %s  %s", heading, paced1_sensor_get_name(sensor),
               paced1_sensor_get_address(sensor), paced1_sensor_get_state(sensor));
        if (isfinite(paced1_sensor_get_battery(sensor)))
            printf("  battery %.0f %%", paced1_sensor_get_battery(sensor));
        if (*paced1_sensor_get_reason(sensor))
            printf("  (%s)", paced1_sensor_get_reason(sensor));
        putchar('\n');
        heading = "";
    }
    if (*heading)
        printf("%-10s none enrolled; 'pacectl sensors scan' looks for them\n", heading);
    g_list_free_full(all, g_object_unref);
}

static double estimate_value(GVariant *estimates, const char *key)
{
    double value = NAN;
    g_autoptr(GVariant) estimate = g_variant_lookup_value(estimates, key, G_VARIANT_TYPE_VARDICT);
    if (estimate)
        g_variant_lookup(estimate, "value", "d", &value);
    return value;
}

static void print_now(Paced1Runner *runner)
{
    GVariant *estimates = paced1_runner_get_estimates(runner);
    double heart = estimate_value(estimates, "heart-rate");
    double speed = estimate_value(estimates, "speed");
    double cadence = estimate_value(estimates, "cadence");
    double belt = estimate_value(estimates, "belt-speed");
    double incline = estimate_value(estimates, "incline");
    double power = estimate_value(estimates, "power");
    char pace[SHOW_MAX];

    printf("%-10s", "Now");
    if (isfinite(heart))
        printf(" heart %.0f", heart);
    if (isfinite(speed)) {
        show_pace(speed, pace);
        printf(" pace %s /km", pace);
    }
    if (isfinite(cadence))
        printf(" cadence %.0f", cadence);
    if (isfinite(belt))
        printf(" belt %.1f km/h", belt * 3.6); // as on its console
    if (isfinite(incline))
        printf(" incline %.1f %%", incline);
    if (isfinite(power))
        printf(" power %.0f W", power);
    if (g_variant_n_children(estimates) == 0)
        printf(" nothing is measured");
    putchar('\n');
}

static void print_session(Paced1Session *session)
{
    char elapsed[SHOW_MAX], distance[SHOW_MAX], target[SHOW_MAX];
    const char *name = paced1_session_get_workout(session);
    show_duration(paced1_session_get_elapsed(session), elapsed);
    show_distance(paced1_session_get_distance(session), distance);
    printf("%-10s %s: %s, step %u of %u (%s)", "Workout", *name ? name : "free run",
           paced1_session_get_state(session), paced1_session_get_step_index(session) + 1,
           paced1_session_get_step_count(session), paced1_session_get_step_kind(session));
    if (paced1_session_get_repetitions(session) > 0)
        printf(", %u of %u", paced1_session_get_repetition(session),
               paced1_session_get_repetitions(session));
    printf(", %s, %s\n", elapsed, distance);
    if (show_target(paced1_session_get_target(session), target))
        printf("%-10s %s\n", "Target", target);
    const char *note = paced1_session_get_step_note(session); // NULL: of an older daemon
    if (note && *note)
        printf("%-10s %s\n", "Note", note);
}

static void print_status_json(GDBusObjectManager *objects)
{
    GList *all = g_dbus_object_manager_get_objects(objects);
    JsonBuilder *builder = json_builder_new();
    static const struct {
        const char *interface, *member;
    } singles[] = {
        {"org.paced1.Hub", "hub"},
        {"org.paced1.Runner", "runner"},
        {"org.paced1.Session", "session"},
    };

    json_builder_begin_object(builder);
    for (gsize i = 0; i < G_N_ELEMENTS(singles); i++) {
        g_autoptr(GDBusProxy) proxy = daemon_find(objects, singles[i].interface);
        if (!proxy)
            continue;
        json_builder_set_member_name(builder, singles[i].member);
        json_builder_add_value(builder, json_from_proxy(proxy));
    }
    json_builder_set_member_name(builder, "sensors");
    json_builder_begin_array(builder);
    for (GList *at = all; at; at = at->next) {
        g_autoptr(Paced1Sensor) sensor = paced1_object_get_sensor(at->data);
        if (sensor)
            json_builder_add_value(builder, json_from_proxy(sensor));
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    print_json_builder(builder);
    g_list_free_full(all, g_object_unref);
}

int verb_status(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 0))
        return EXIT_BAD_USAGE;

    g_autoptr(GDBusObjectManager) objects = NULL;
    int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    if (json) {
        print_status_json(objects);
        return EXIT_DONE;
    }
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    g_autoptr(Paced1Runner) runner = daemon_find(objects, "org.paced1.Runner");
    g_autoptr(Paced1Session) session = daemon_find(objects, "org.paced1.Session");
    if (!hub || !runner)
        return complain_stranger();
    printf("%-10s %s\n", "paced", paced1_hub_get_version(hub));
    print_health("Bluetooth", paced1_hub_get_radio_state(hub), paced1_hub_get_radio_reason(hub));
    print_health("Voice", paced1_hub_get_voice_state(hub), paced1_hub_get_voice_reason(hub));
    print_health("Store", paced1_hub_get_store_state(hub), paced1_hub_get_store_reason(hub));
    print_sensors(objects);
    print_now(runner);
    if (session)
        print_session(session);
    else
        printf("%-10s none\n", "Workout");
    return EXIT_DONE;
}
