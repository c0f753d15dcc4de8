// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl sensors: list, look for, enrol and forget.

#include "pacectl/pacectl.h"
#include "paced1-dbus.h"

#include <math.h>
#include <string.h>

#define SCAN_DEFAULT 10.0 // s; a strap advertises about once a second

static void print_sensor(Paced1Sensor *sensor)
{
    const char *const *services = paced1_sensor_get_services(sensor);
    g_autofree char *what = g_strjoinv(",", (char **)services);
    printf("%s  %-24s %-14s %s", paced1_sensor_get_address(sensor), paced1_sensor_get_name(sensor),
           what,
           paced1_sensor_get_enrolled(sensor) ? paced1_sensor_get_state(sensor) : "not enrolled");
    if (isfinite(paced1_sensor_get_battery(sensor)))
        printf("  battery %.0f %%", paced1_sensor_get_battery(sensor));
    if (isfinite(paced1_sensor_get_rssi(sensor)))
        printf("  %.0f dBm", paced1_sensor_get_rssi(sensor));
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

static gboolean scan_over(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

static int scan(Paced1Hub *hub, double seconds)
{
    g_autoptr(GError) error = NULL;
    if (!paced1_hub_call_scan_sync(
            hub, seconds, g_variant_new_array(G_VARIANT_TYPE("{sv}"), NULL, 0), NULL, &error))
        return complain_error(g_steal_pointer(&error));
    fprintf(stderr, "Looking for %.0f s ...\n", seconds);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    GSource *over = g_timeout_source_new((guint)(seconds * 1000));
    g_source_set_callback(over, scan_over, loop, NULL);
    g_source_attach(over, NULL);
    g_main_loop_run(loop);
    g_source_unref(over);
    return EXIT_DONE;
}

static int add(Paced1Hub *hub, const char *address, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    GVariantBuilder options;
    g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
    if (name)
        g_variant_builder_add(&options, "{sv}", "name", g_variant_new_string(name));
    if (!paced1_hub_call_add_sensor_sync(hub, address, g_variant_builder_end(&options), &path, NULL,
                                         &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}

static int forget(Paced1Hub *hub, const char *address)
{
    g_autoptr(GError) error = NULL;
    if (!paced1_hub_call_forget_sensor_sync(hub, address, NULL, &error))
        return complain_error(g_steal_pointer(&error));
    return EXIT_DONE;
}

int verb_sensors(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 0, 3))
        return EXIT_BAD_USAGE;
    const char *what = argc > 1 ? argv[1] : "list";
    double seconds = SCAN_DEFAULT;
    char none[] = "", *end = none;
    if (strcmp(what, "scan") == 0 && argc == 3)
        seconds = g_ascii_strtod(argv[2], &end);
    gboolean known = (argc == 1) || (strcmp(what, "scan") == 0 && argc <= 3 && *end == '\0') ||
                     (strcmp(what, "add") == 0 && argc >= 3) ||
                     (strcmp(what, "forget") == 0 && argc == 3);
    if (!known)
        return complain(EXIT_BAD_USAGE, "usage: pacectl sensors %s",
                        verb_find("sensors")->arguments);

    for (int i = 1; i < argc; i++)
        if (!argument_check(argv[i]))
            return EXIT_BAD_INPUT;

    g_autoptr(GDBusObjectManager) objects = NULL;
    int code = daemon_open(&objects);
    if (code != EXIT_DONE)
        return code;
    g_autoptr(Paced1Hub) hub = daemon_find(objects, "org.paced1.Hub");
    if (!hub)
        return complain_stranger();
    if (strcmp(what, "add") == 0)
        return add(hub, argv[2], argc > 3 ? argv[3] : NULL);
    if (strcmp(what, "forget") == 0)
        return forget(hub, argv[2]);
    if (strcmp(what, "scan") == 0)
        code = scan(hub, seconds);
    if (code == EXIT_DONE)
        list_sensors(objects, json);
    return code;
}
