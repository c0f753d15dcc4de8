// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// `paced-sim radio`: options, and an eye on bluetoothd: what adapters there are, and who is
// connected to them. Only adapters and devices are listened to: the daemon that is tested may be
// a client of the same bluetoothd, and its notifications are none of our business.

#include "sim/radio.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

#include "sim/radio-peripheral.h"
#include "sim/scene.h"

#define EXIT_USAGE 64
#define BLUEZ      "org.bluez"
#define ADAPTER    "org.bluez.Adapter1"
#define DEVICE     "org.bluez.Device1"
#define MANAGER    "org.freedesktop.DBus.ObjectManager"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define SIM_NAME   "org.paced1.Sim"

typedef struct {
    char **adapters;
    double re_advertise_s;
    SceneOptions scene;
} Options;

typedef struct {
    GMainLoop *loop;
    GCancellable *ending;
    int status;
    GDBusConnection *system, *session;
    Scene *scene;
    GPtrArray *peripherals;
    Control *control;
    guint name, watch, signals[4];
    gboolean has_name, was_there, ready;
} Radio;

static gboolean quit(gpointer data)
{
    g_main_loop_quit(((Radio *)data)->loop);
    return G_SOURCE_CONTINUE;
}

static void fail(const char *reason, gpointer data)
{
    Radio *radio = data;
    if (radio->status == 0)
        fprintf(stderr, "paced-sim: %s\n", reason);
    radio->status = 1;
    g_main_loop_quit(radio->loop);
}

static void on_closed(GDBusConnection *bus, gboolean vanished, GError *error, gpointer data)
{
    fail("the bus is gone", data);
}

static void on_changed(gpointer data)
{
    Radio *radio = data;
    if (radio->ready || !radio->has_name)
        return;
    for (guint i = 0; i < radio->peripherals->len; i++) {
        if (!peripheral_ready(radio->peripherals->pdata[i]))
            return;
    }
    radio->ready = TRUE;
    puts("ready");
    fflush(stdout);
}

static void on_name_acquired(GDBusConnection *bus, const char *name, gpointer data)
{
    Radio *radio = data;
    radio->has_name = TRUE;
    on_changed(radio);
}

static void on_name_lost(GDBusConnection *bus, const char *name, gpointer data)
{
    if (bus && !g_dbus_connection_is_closed(bus))
        fail(SIM_NAME " is owned on the session bus: another simulator runs; end it first", data);
}

// ── what bluetoothd says ──

// NULL: the object is none of ours.
static Peripheral *find(Radio *radio, const char *path)
{
    for (guint i = 0; i < radio->peripherals->len; i++) {
        const char *own = peripheral_path(radio->peripherals->pdata[i]);
        const size_t length = strlen(own);
        if (strncmp(path, own, length) == 0 && (path[length] == '\0' || path[length] == '/'))
            return radio->peripherals->pdata[i];
    }
    return NULL;
}

static void take_object(Radio *radio, const char *path, GVariant *interfaces)
{
    Peripheral *peripheral = find(radio, path);
    if (!peripheral)
        return;
    g_autoptr(GVariant) adapter =
        g_variant_lookup_value(interfaces, ADAPTER, G_VARIANT_TYPE_VARDICT);
    if (adapter)
        peripheral_adapter(peripheral, adapter);
    g_autoptr(GVariant) device = g_variant_lookup_value(interfaces, DEVICE, G_VARIANT_TYPE_VARDICT);
    if (device)
        peripheral_device(peripheral, path, device);
}

static void on_added(GDBusConnection *bus, const char *sender, const char *path,
                     const char *interface, const char *signal, GVariant *arguments, gpointer data)
{
    const char *object;
    g_autoptr(GVariant) interfaces = NULL;
    if (!g_variant_is_of_type(arguments, G_VARIANT_TYPE("(oa{sa{sv}})")))
        return;
    g_variant_get(arguments, "(&o@a{sa{sv}})", &object, &interfaces);
    take_object(data, object, interfaces);
}

static void on_removed(GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *arguments,
                       gpointer data)
{
    const char *object;
    g_autofree const char **interfaces = NULL;
    if (!g_variant_is_of_type(arguments, G_VARIANT_TYPE("(oas)")))
        return;
    g_variant_get(arguments, "(&o^a&s)", &object, &interfaces);
    Peripheral *peripheral = find(data, object);
    if (peripheral && g_strv_contains(interfaces, ADAPTER))
        peripheral_adapter_absent(peripheral);
    else if (peripheral && g_strv_contains(interfaces, DEVICE))
        peripheral_device(peripheral, object, NULL);
}

static void on_properties(GDBusConnection *bus, const char *sender, const char *path,
                          const char *interface, const char *signal, GVariant *arguments,
                          gpointer data)
{
    const char *name;
    g_autoptr(GVariant) changed = NULL;
    Peripheral *peripheral = find(data, path);
    if (!peripheral || !g_variant_is_of_type(arguments, G_VARIANT_TYPE("(sa{sv}as)")))
        return;
    g_variant_get(arguments, "(&s@a{sv}as)", &name, &changed, NULL);
    if (strcmp(name, DEVICE) == 0)
        peripheral_device(peripheral, path, changed);
    else if (peripheral_present(peripheral))
        peripheral_adapter(peripheral, changed);
}

// Later an adapter may come and go; at the start, one that is not there is a mistake.
static void check_presence(Radio *radio)
{
    if (radio->was_there)
        return;
    radio->was_there = TRUE;
    for (guint i = 0; i < radio->peripherals->len; i++) {
        const Peripheral *peripheral = radio->peripherals->pdata[i];
        if (peripheral_present(peripheral))
            continue;
        g_autofree char *reason = g_strdup_printf(
            "there is no adapter %s: `bluetoothctl list` and `rfkill` tell which there are",
            strrchr(peripheral_path(peripheral), '/') + 1);
        fail(reason, radio);
        return;
    }
}

static void on_objects(GObject *bus, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) reply =
        g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    Radio *radio = data;
    if (g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)) {
        fail("bluetoothd may not be asked: run this as root, or as a member of the group "
             "\"bluetooth\"",
             radio);
        return;
    }
    if (error) // it went before it could answer; its return is noticed
        return;
    g_autoptr(GVariantIter) objects = NULL;
    const char *path;
    GVariant *interfaces;
    g_variant_get(reply, "(a{oa{sa{sv}}})", &objects);
    while (g_variant_iter_loop(objects, "{&o@a{sa{sv}}}", &path, &interfaces))
        take_object(radio, path, interfaces);
    check_presence(radio);
}

static void on_appeared(GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
    Radio *radio = data;
    g_dbus_connection_call(bus, BLUEZ, "/", MANAGER, "GetManagedObjects", NULL,
                           G_VARIANT_TYPE("(a{oa{sa{sv}}})"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                           radio->ending, on_objects, radio);
}

static void on_vanished(GDBusConnection *bus, const char *name, gpointer data)
{
    Radio *radio = data;
    if (!bus || g_dbus_connection_is_closed(bus))
        return;
    if (!radio->was_there)
        fail("bluetoothd is not on the system bus: start it (`systemctl start bluetooth`)", radio);
    for (guint i = 0; i < radio->peripherals->len; i++)
        peripheral_adapter_absent(radio->peripherals->pdata[i]);
}

static void listen(Radio *radio)
{
    const struct {
        const char *interface, *signal, *first;
        GDBusSignalCallback callback;
    } all[] = {
        {MANAGER, "InterfacesAdded", NULL, on_added},
        {MANAGER, "InterfacesRemoved", NULL, on_removed},
        {PROPERTIES, "PropertiesChanged", ADAPTER, on_properties},
        {PROPERTIES, "PropertiesChanged", DEVICE, on_properties},
    };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        radio->signals[i] = g_dbus_connection_signal_subscribe(
            radio->system, BLUEZ, all[i].interface, all[i].signal, NULL, all[i].first,
            G_DBUS_SIGNAL_FLAGS_NONE, all[i].callback, radio, NULL);
    radio->watch = g_bus_watch_name_on_connection(
        radio->system, BLUEZ, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared, on_vanished, radio, NULL);
}

// ── setting off ──

// A connection of our own: what is registered on it ends with it.
static GDBusConnection *connect_bus(Radio *radio, GBusType type, const char *remedy)
{
    const GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                       G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
    g_autoptr(GError) error = NULL;
    g_autofree char *address = g_dbus_address_get_for_bus_sync(type, NULL, &error);
    GDBusConnection *bus = NULL;
    if (address)
        bus = g_dbus_connection_new_for_address_sync(address, flags, NULL, NULL, &error);
    if (bus)
        g_signal_connect(bus, "closed", G_CALLBACK(on_closed), radio);
    else
        fprintf(stderr, "paced-sim: %s; %s\n", error->message, remedy);
    return bus;
}

static void make_peripherals(Radio *radio, const Options *options)
{
    static const PeripheralHandlers handlers = {on_changed, fail};
    GPtrArray *sensors = scene_sensors(radio->scene);
    for (guint i = 0; i < sensors->len; i++) {
        g_autofree char *unasked = g_strdup_printf("hci%u", i);
        const char *adapter = options->adapters ? options->adapters[i] : unasked;
        g_ptr_array_add(radio->peripherals,
                        peripheral_new(radio->system, adapter, sensors->pdata[i],
                                       options->re_advertise_s, 1 + 1000 * i / sensors->len,
                                       &handlers, radio));
    }
}

// Returns the exit status, 0 to go on.
static int set_off(Radio *radio, const Options *options)
{
    int status;
    radio->scene = scene_new(&options->scene, &status);
    if (!radio->scene)
        return status;
    radio->system = connect_bus(radio, G_BUS_TYPE_SYSTEM, "bluetoothd needs a system bus");
    if (!radio->system)
        return 1;
    radio->session =
        connect_bus(radio, G_BUS_TYPE_SESSION,
                    "it is steered on the session bus: try `dbus-run-session paced-sim "
                    "radio ...`");
    if (!radio->session)
        return 1;
    if (options->scene.follow)
        scene_follow(radio->scene, radio->session);
    make_peripherals(radio, options);
    radio->control = control_new(radio->session, scene_sensors(radio->scene),
                                 scene_body(radio->scene), &PERIPHERAL_WORLD, radio->peripherals);
    scene_start(radio->scene, PERIPHERAL_WORLD.settle, radio->peripherals);
    listen(radio);
    radio->name =
        g_bus_own_name_on_connection(radio->session, SIM_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                     on_name_acquired, on_name_lost, radio, NULL);
    return 0;
}

static void end_bus(Radio *radio, GDBusConnection *bus)
{
    if (!bus)
        return;
    g_signal_handlers_disconnect_by_data(bus, radio);
    g_dbus_connection_close_sync(bus, NULL, NULL);
    g_object_unref(bus);
}

static void clean_up(Radio *radio)
{
    g_cancellable_cancel(radio->ending);
    g_clear_handle_id(&radio->name, g_bus_unown_name);
    g_clear_handle_id(&radio->watch, g_bus_unwatch_name);
    for (guint i = 0; i < G_N_ELEMENTS(radio->signals); i++) {
        if (radio->signals[i])
            g_dbus_connection_signal_unsubscribe(radio->system, radio->signals[i]);
    }
    control_free(radio->control);
    g_ptr_array_unref(radio->peripherals);
    scene_free(radio->scene);
    end_bus(radio, radio->session);
    end_bus(radio, radio->system);
    while (g_main_context_iteration(NULL, FALSE)) // what was cancelled is told so
        ;
    g_object_unref(radio->ending);
    g_main_loop_unref(radio->loop);
}

static int run(const Options *options)
{
    Radio radio = {.loop = g_main_loop_new(NULL, FALSE), .ending = g_cancellable_new()};
    radio.peripherals = g_ptr_array_new_with_free_func((GDestroyNotify)peripheral_free);
    radio.status = set_off(&radio, options);
    if (radio.status == 0) {
        guint interrupt = g_unix_signal_add(SIGINT, quit, &radio);
        guint terminate = g_unix_signal_add(SIGTERM, quit, &radio);
        g_main_loop_run(radio.loop);
        g_source_remove(interrupt);
        g_source_remove(terminate);
    }
    clean_up(&radio);
    return radio.status;
}

static gboolean check(const Options *options)
{
    const guint adapters = options->adapters ? g_strv_length(options->adapters) : 0;
    const guint sensors = g_strv_length(options->scene.sensors);
    if (options->adapters && adapters != sensors) {
        fprintf(stderr, "paced-sim: an --adapter for each --sensor: an adapter is one sensor\n");
        return FALSE;
    }
    for (guint i = 0; i < adapters; i++) {
        const char *adapter = options->adapters[i];
        g_autofree char *path = g_strconcat("/", adapter, NULL);
        if (!g_variant_is_object_path(path) || strchr(adapter, '/') || *adapter == '\0' ||
            g_strv_contains((const char *const *)options->adapters + i + 1, adapter)) {
            fprintf(stderr, "paced-sim: --adapter: such as hci1, each once, not \"%s\"\n", adapter);
            return FALSE;
        }
    }
    if (!(options->re_advertise_s >= 0)) {
        fprintf(stderr, "paced-sim: --re-advertise: seconds, or 0\n");
        return FALSE;
    }
    return TRUE;
}

int radio_main(int argc, char **argv)
{
    Options options = {0};
    scene_options_init(&options.scene);
    const GOptionEntry entries[] = {
        {"adapter", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.adapters,
         "Where the sensor of the same place is: an adapter each (hci0, hci1 ...)", "hciN"},
        {"re-advertise", 0, 0, G_OPTION_ARG_DOUBLE, &options.re_advertise_s,
         "Take the advertisement down and up so often (0: never)", "SECONDS"},
        {NULL},
    };
    g_set_prgname("paced-sim radio");
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_summary(context, "Virtual sensors on a virtual runner, on real adapters.");
    g_option_context_add_main_entries(context, entries, NULL);
    scene_options_add(&options.scene, context);
    g_autoptr(GError) error = NULL;
    int status = EXIT_USAGE;
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        fprintf(stderr, "paced-sim: %s\n", error->message);
    } else if (argc > 1) {
        fprintf(stderr, "paced-sim: radio takes no \"%s\"\n", argv[1]);
    } else {
        static const char *const unasked[] = {"watch", NULL};
        if (!options.scene.sensors)
            options.scene.sensors = g_strdupv((char **)unasked);
        if (check(&options))
            status = run(&options);
    }
    g_strfreev(options.adapters);
    scene_options_clear(&options.scene);
    return status;
}
