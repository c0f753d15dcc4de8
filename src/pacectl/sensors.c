// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl sensors: list, look for and forget; and which sensor somebody means. A person knows a
// name, a script an address; names are not unique, least of all those that sensors come with.

#include "pacectl/sensors.h"

#include "coach/preflight.h"

#include <math.h>
#include <string.h>

// ── which one ──

const char *sensor_title(Paced1Sensor *sensor)
{
    const char *name = paced1_sensor_get_name(sensor);
    return name && *name ? name : paced1_sensor_get_address(sensor);
}

static gboolean same_name(const char *one, const char *other)
{
    g_autofree char *first = g_utf8_casefold(one, -1), *second = g_utf8_casefold(other, -1);
    return strcmp(first, second) == 0;
}

GPtrArray *sensors_named(GDBusObjectManager *objects, const char *which, gboolean enrolled)
{
    GList *all = g_dbus_object_manager_get_objects(objects);
    GPtrArray *found = g_ptr_array_new_with_free_func(g_object_unref);
    for (GList *at = all; at; at = at->next) {
        Paced1Sensor *sensor = paced1_object_get_sensor(at->data);
        const char *address = sensor ? paced1_sensor_get_address(sensor) : NULL;
        if (address && !paced1_sensor_get_enrolled(sensor) == !enrolled &&
            (g_ascii_strcasecmp(address, which) == 0 ||
             same_name(paced1_sensor_get_name(sensor), which)))
            g_ptr_array_add(found, g_steal_pointer(&sensor));
        g_clear_object(&sensor);
    }
    g_list_free_full(all, g_object_unref);
    return found;
}

int complain_ambiguous(const char *which, GPtrArray *sensors)
{
    g_autoptr(GString) addresses = g_string_new(NULL);
    for (guint i = 0; i < sensors->len; i++)
        g_string_append_printf(addresses, "%s%s",
                               i == 0                 ? ""
                               : i + 1 < sensors->len ? ", "
                                                      : " or ",
                               paced1_sensor_get_address(sensors->pdata[i]));
    return complain(EXIT_BAD_INPUT, "%u sensors are called '%s'; say the address: %s", sensors->len,
                    which, addresses->str);
}

Paced1Sensor *sensor_find(GDBusObjectManager *objects, const char *which, gboolean candidates)
{
    g_autoptr(GPtrArray) found = sensors_named(objects, which, TRUE);
    if (found->len == 0 && candidates) {
        g_ptr_array_unref(found);
        found = sensors_named(objects, which, FALSE);
    }
    if (found->len == 1)
        return g_object_ref(found->pdata[0]);
    if (found->len > 1)
        complain_ambiguous(which, found);
    else
        complain(EXIT_BAD_INPUT, "no sensor '%s' is %s; 'pacectl sensors' lists them", which,
                 candidates ? "known" : "enrolled");
    return NULL;
}

Paced1Sensor *sensor_open(const char *which, gboolean candidates, GDBusObjectManager **ret_objects,
                          int *ret_code)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    *ret_code = EXIT_BAD_INPUT;
    if (!argument_check(which))
        return NULL;
    int code = daemon_open(&objects);
    if (code != EXIT_DONE) {
        *ret_code = code;
        return NULL;
    }
    Paced1Sensor *sensor = sensor_find(objects, which, candidates);
    if (sensor)
        *ret_code = EXIT_DONE;
    if (sensor && ret_objects)
        *ret_objects = g_steal_pointer(&objects);
    return sensor;
}

// ── the list ──

static void print_sensor(Paced1Sensor *sensor)
{
    const char *const *services = paced1_sensor_get_services(sensor);
    g_autofree char *what = g_strjoinv(",", (char **)services);
    double battery = paced1_sensor_get_battery(sensor);
    printf("%s  %-24s %-14s %s", paced1_sensor_get_address(sensor), paced1_sensor_get_name(sensor),
           what,
           paced1_sensor_get_enrolled(sensor) ? paced1_sensor_get_state(sensor) : "not enrolled");
    if (isfinite(battery))
        printf("  battery %.0f %%%s", battery, battery <= BATTERY_LOW ? " (low)" : "");
    if (isfinite(paced1_sensor_get_rssi(sensor)))
        printf("  %.0f dBm%s", paced1_sensor_get_rssi(sensor),
               paced1_sensor_get_weak(sensor) ? " (weak)" : "");
    else if (paced1_sensor_get_weak(sensor))
        printf("  weak");
    if (paced1_sensor_get_busy(sensor))
        printf("  busy elsewhere");
    if (*paced1_sensor_get_reason(sensor))
        printf("  (%s)", paced1_sensor_get_reason(sensor));
    putchar('\n');
}

static void add_sensor_json(JsonBuilder *builder, Paced1Sensor *sensor)
{
    const char *const *services = paced1_sensor_get_services(sensor);
    json_builder_begin_object(builder);
    json_add_string(builder, "address", paced1_sensor_get_address(sensor));
    json_add_string(builder, "name", paced1_sensor_get_name(sensor));
    json_builder_set_member_name(builder, "enrolled");
    json_builder_add_boolean_value(builder, paced1_sensor_get_enrolled(sensor));
    json_builder_set_member_name(builder, "services");
    json_builder_begin_array(builder);
    for (gsize i = 0; services && services[i]; i++)
        json_builder_add_string_value(builder, services[i]);
    json_builder_end_array(builder);
    json_add_string(builder, "state", paced1_sensor_get_state(sensor));
    json_add_string(builder, "reason", paced1_sensor_get_reason(sensor));
    json_add_double(builder, "battery", paced1_sensor_get_battery(sensor));
    json_add_double(builder, "rssi", paced1_sensor_get_rssi(sensor));
    json_builder_set_member_name(builder, "weak");
    json_builder_add_boolean_value(builder, paced1_sensor_get_weak(sensor));
    json_builder_set_member_name(builder, "busy");
    json_builder_add_boolean_value(builder, paced1_sensor_get_busy(sensor));
    json_builder_end_object(builder);
}

static void list_sensors(GDBusObjectManager *objects, gboolean json)
{
    GList *all = g_dbus_object_manager_get_objects(objects);
    JsonBuilder *builder = json_builder_new();
    guint count = 0;
    json_builder_begin_array(builder);
    for (GList *at = all; at; at = at->next) {
        g_autoptr(Paced1Sensor) sensor = paced1_object_get_sensor(at->data);
        if (!sensor)
            continue;
        count++;
        add_sensor_json(builder, sensor);
        if (!json)
            print_sensor(sensor);
    }
    json_builder_end_array(builder);
    if (json)
        print_json(json_builder_get_root(builder));
    else if (count == 0)
        puts("No sensors. 'pacectl sensors scan' looks for them: wet the strap and put it on, "
             "shake the pod.");
    g_object_unref(builder);
    g_list_free_full(all, g_object_unref);
}

int verb_sensors(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 0, -1))
        return EXIT_BAD_USAGE;
    if (argc > 1)
        return complain(EXIT_BAD_USAGE, "there is no verb 'sensors %s'; pacectl --help lists them",
                        argv[1]);
    g_autoptr(GDBusObjectManager) objects = NULL;
    int code = daemon_open(&objects);
    if (code == EXIT_DONE)
        list_sensors(objects, json);
    return code;
}

// ── looking for them ──

int scan(GDBusObjectManager *objects, GMainLoop *loop, double seconds, FILE *told)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    if (!hub)
        return complain_stranger();
    if (!paced1_hub_call_scan_sync(hub, seconds, no_options(), NULL, &error))
        return complain_error(g_steal_pointer(&error));
    fprintf(told, "Looking for %.0f s ...\n", seconds);
    fflush(told);
    loop_run(loop, seconds);
    return EXIT_DONE;
}

int verb_sensors_scan(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    double seconds = SCAN_DEFAULT;
    char none[] = "", *end = none;
    if (!verb_options(&argc, &argv, options, 0, 1))
        return EXIT_BAD_USAGE;
    if (argc > 1)
        seconds = g_ascii_strtod(argv[1], &end);
    if (*end)
        return complain(EXIT_BAD_USAGE, "'%s' is no number of seconds", argv[1]);
    g_autoptr(GDBusObjectManager) objects = NULL;
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    int code = daemon_open(&objects);
    if (code == EXIT_DONE)
        code = scan(objects, loop, seconds, stderr);
    if (code == EXIT_DONE)
        list_sensors(objects, json);
    return code;
}

int verb_sensors_forget(int argc, char **argv)
{
    if (!verb_options(&argc, &argv, NULL, 1, 1))
        return EXIT_BAD_USAGE;
    int code;
    g_autoptr(GError) error = NULL;
    g_autoptr(GDBusObjectManager) objects = NULL;
    g_autoptr(Paced1Sensor) sensor = sensor_open(argv[1], FALSE, &objects, &code);
    if (!sensor)
        return code;
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    if (!hub)
        return complain_stranger();
    if (!paced1_hub_call_forget_sensor_sync(hub, paced1_sensor_get_address(sensor), NULL, &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}
