// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// `paced-sim fake`: options and wiring.

#include "sim/fake.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

#include "sim/control.h"
#include "sim/follow.h"
#include "sim/planned.h"

#define EXIT_USAGE  64
#define EXIT_INPUT  65
#define BLUEZ_NAME  "org.bluez"
#define NO_SPEED    (-1.0)
#define SENSORS_MAX 32
#define FAREWELL_MS 1000

typedef struct {
    char *address, *plan;
    gboolean session, system, follow;
    gint64 seed;
    double speed, temporary_s;
    char **sensors, **misbehaviours;
} Options;

typedef struct {
    double at_s, for_s;
    char *sensor;
    Misbehaviour kind;
} Order;

typedef struct {
    GMainLoop *loop;
    int status;
    GDBusConnection *bus;
    Body body, stranger; // who wears the first of each kind, and who the others
    GPtrArray *sensors;
    Tree *tree;
    Adapter *adapter;
    Control *control;
    Follow *follow;
    Planned *planned;
    GPtrArray *orders;
    guint name;
} Fake;

static void order_free(gpointer data)
{
    Order *order = data;
    g_free(order->sensor);
    g_free(order);
}

static gboolean parse_seconds(const char *text, double *ret_seconds)
{
    char *end;
    double seconds = g_ascii_strtod(text, &end);
    if (end == text || *end || !(seconds >= 0))
        return FALSE;
    *ret_seconds = seconds;
    return TRUE;
}

// "at=SECONDS sensor=strap|pod|ADDRESS kind=KIND for=SECONDS"; `for` may be left out.
static Order *order_parse(const char *text)
{
    Order *order = g_new0(Order, 1);
    order->for_s = INFINITY;
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    gboolean good = TRUE, has_kind = FALSE;
    for (char **word = words; *word && good; word++) {
        if (g_str_has_prefix(*word, "at="))
            good = parse_seconds(*word + 3, &order->at_s);
        else if (g_str_has_prefix(*word, "for="))
            good = parse_seconds(*word + 4, &order->for_s);
        else if (g_str_has_prefix(*word, "sensor=") && !order->sensor)
            order->sensor = g_strdup(*word + 7);
        else if (g_str_has_prefix(*word, "kind="))
            good = has_kind = misbehaviour_from_name(*word + 5, &order->kind);
        else
            good = **word == '\0';
    }
    if (good && has_kind && order->sensor)
        return order;
    order_free(order);
    return NULL;
}

typedef struct {
    Fake *fake;
    const Order *order;
} DueOrder;

static gboolean on_order(gpointer data)
{
    DueOrder *due = data;
    Device *device = adapter_device(due->fake->adapter, due->order->sensor);
    worn_misbehave(&device_sensor(device)->worn, due->order->kind, due->order->for_s);
    return G_SOURCE_REMOVE;
}

static gboolean quit(gpointer data)
{
    g_main_loop_quit(((Fake *)data)->loop);
    return G_SOURCE_CONTINUE;
}

static void fail(Fake *fake, const char *reason)
{
    fprintf(stderr, "paced-sim: %s\n", reason);
    fake->status = 1;
    g_main_loop_quit(fake->loop);
}

static void on_closed(GDBusConnection *bus, gboolean vanished, GError *error, gpointer data)
{
    fail(data, "the bus is gone");
}

static void on_name_acquired(GDBusConnection *bus, const char *name, gpointer data)
{
    puts("ready");
    fflush(stdout);
}

static void on_name_lost(GDBusConnection *bus, const char *name, gpointer data)
{
    if (bus && !g_dbus_connection_is_closed(bus))
        fail(data, "org.bluez cannot be had on this bus: it is owned or not allowed");
}

static GDBusConnection *connect_bus(const Options *options, GError **error)
{
    const GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                       G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
    g_autofree char *address = g_strdup(options->address);
    if (!address)
        address = g_dbus_address_get_for_bus_sync(
            options->session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, NULL, error);
    if (!address)
        return NULL;
    return g_dbus_connection_new_for_address_sync(address, flags, NULL, NULL, error);
}

// A strap and a pod unless told otherwise.
static gboolean make_sensors(Fake *fake, const Options *options)
{
    static char *const defaults[] = {(char *)"strap", (char *)"pod", NULL};
    char *const *names = options->sensors ? options->sensors : defaults;
    guint of_kind[SENSOR_KIND_POD + 1] = {0};
    for (guint n = 0; names[n]; n++) {
        SensorKind kind;
        if (n >= SENSORS_MAX || !sensor_kind_from_name(names[n], &kind)) {
            fprintf(stderr, "paced-sim: --sensor: strap or pod, at most %d, not \"%s\"\n",
                    SENSORS_MAX, names[n]);
            return FALSE;
        }
        Body *body = of_kind[kind] == 0 ? &fake->body : &fake->stranger;
        g_ptr_array_add(fake->sensors, sensor_new(kind, n, of_kind[kind]++, body,
                                                  (uint64_t)options->seed + 100 + 10 * n));
    }
    return TRUE;
}

static gboolean read_orders(Fake *fake, const Options *options)
{
    for (char **text = options->misbehaviours; text && *text; text++) {
        Order *order = order_parse(*text);
        if (!order) {
            fprintf(stderr,
                    "paced-sim: --misbehave: \"%s\" is not \"at=SECONDS sensor=SENSOR kind=KIND "
                    "for=SECONDS\"\n",
                    *text);
            return FALSE;
        }
        g_ptr_array_add(fake->orders, order);
    }
    return TRUE;
}

// Returns the exit status, 0 to go on.
static int set_off(Fake *fake, const Options *options)
{
    g_autoptr(GError) error = NULL;
    body_init(&fake->body, (uint64_t)options->seed);
    body_init(&fake->stranger, (uint64_t)options->seed + 1);
    runner_aim(&fake->stranger.runner, NAN);
    runner_aim(&fake->body.runner, options->speed);
    if (!make_sensors(fake, options) || !read_orders(fake, options))
        return EXIT_USAGE;
    if (options->plan && !(fake->planned = planned_new(options->plan, &fake->body, &error))) {
        fprintf(stderr, "paced-sim: %s\n", error->message);
        return EXIT_INPUT;
    }
    fake->bus = connect_bus(options, &error);
    g_autoptr(GDBusConnection) session = NULL;
    if (fake->bus && options->follow)
        session = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &error);
    if (error) {
        fprintf(stderr, "paced-sim: %s\n", error->message);
        return 1;
    }
    if (session) {
        g_dbus_connection_set_exit_on_close(session, FALSE);
        fake->follow = follow_new(session, &fake->body);
    }
    fake->tree = tree_new(fake->bus);
    fake->adapter = adapter_new(fake->tree, fake->sensors, options->temporary_s);
    fake->control = control_new(fake->tree, fake->adapter, &fake->body);
    for (guint i = 0; i < fake->orders->len; i++) {
        const Order *order = fake->orders->pdata[i];
        if (!adapter_device(fake->adapter, order->sensor)) {
            fprintf(stderr, "paced-sim: --misbehave: no sensor \"%s\"\n", order->sensor);
            return EXIT_USAGE;
        }
        DueOrder *due = g_new(DueOrder, 1);
        *due = (DueOrder){fake, order};
        g_timeout_add_full(G_PRIORITY_DEFAULT, (guint)(order->at_s * 1000), on_order, due, g_free);
    }
    g_signal_connect(fake->bus, "closed", G_CALLBACK(on_closed), fake);
    fake->name =
        g_bus_own_name_on_connection(fake->bus, BLUEZ_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                     on_name_acquired, on_name_lost, fake, NULL);
    return 0;
}

static void on_flushed(GObject *bus, GAsyncResult *result, gpointer data)
{
    g_dbus_connection_flush_finish(G_DBUS_CONNECTION(bus), result, NULL);
    quit(data);
}

static gboolean on_farewell(gpointer data)
{
    g_cancellable_cancel(data);
    return G_SOURCE_CONTINUE;
}

// What was said last is to be heard, unless the bus hangs.
static void leave_bus(Fake *fake)
{
    g_signal_handlers_disconnect_by_data(fake->bus, fake);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    guint farewell = g_timeout_add(FAREWELL_MS, on_farewell, cancellable);
    g_dbus_connection_flush(fake->bus, cancellable, on_flushed, fake);
    g_main_loop_run(fake->loop);
    g_source_remove(farewell);
}

static int run(const Options *options)
{
    Fake fake = {.loop = g_main_loop_new(NULL, FALSE)};
    fake.sensors = g_ptr_array_new_with_free_func((GDestroyNotify)sensor_free);
    fake.orders = g_ptr_array_new_with_free_func(order_free);
    fake.status = set_off(&fake, options);
    if (fake.status == 0) {
        guint interrupt = g_unix_signal_add(SIGINT, quit, &fake);
        guint terminate = g_unix_signal_add(SIGTERM, quit, &fake);
        g_main_loop_run(fake.loop);
        g_source_remove(interrupt);
        g_source_remove(terminate);
    }
    // Not g_bus_unown_name(): it waits for an answer, and a bus that hangs gives none.
    follow_free(fake.follow);
    planned_free(fake.planned);
    control_free(fake.control);
    adapter_free(fake.adapter);
    tree_free(fake.tree);
    g_ptr_array_unref(fake.sensors);
    g_ptr_array_unref(fake.orders);
    if (fake.bus) {
        leave_bus(&fake);
        g_object_unref(fake.bus);
    }
    g_main_loop_unref(fake.loop);
    return fake.status;
}

int fake_main(int argc, char **argv)
{
    Options options = {.seed = 1, .speed = NO_SPEED, .temporary_s = 30};
    const GOptionEntry entries[] = {
        {"bus", 0, 0, G_OPTION_ARG_STRING, &options.address, "The bus to be org.bluez on",
         "ADDRESS"},
        {"session", 0, 0, G_OPTION_ARG_NONE, &options.session, "Be it on the session bus", NULL},
        {"system", 0, 0, G_OPTION_ARG_NONE, &options.system, "Be it on the system bus (default)",
         NULL},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "Another runner, other noise", "N"},
        {"speed", 0, 0, G_OPTION_ARG_DOUBLE, &options.speed, "Run at this speed", "MPS"},
        {"plan", 0, 0, G_OPTION_ARG_FILENAME, &options.plan, "Run this workout, unasked", "FILE"},
        {"follow", 0, 0, G_OPTION_ARG_NONE, &options.follow,
         "Run what org.paced1 on the session bus coaches", NULL},
        {"sensor", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.sensors,
         "A sensor; the second strap or pod is somebody else's", "strap|pod"},
        {"misbehave", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.misbehaviours,
         "A fault to come: \"at=SECONDS sensor=SENSOR kind=KIND for=SECONDS\"", "WHEN"},
        {"temporary-timeout", 0, 0, G_OPTION_ARG_DOUBLE, &options.temporary_s,
         "How long BlueZ keeps a device that it has no use for (30)", "SECONDS"},
        {NULL},
    };
    g_set_prgname("paced-sim fake");
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_summary(context, "An org.bluez with virtual sensors on a virtual runner.");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    int status = EXIT_USAGE;
    if (!g_option_context_parse(context, &argc, &argv, &error))
        fprintf(stderr, "paced-sim: %s\n", error->message);
    else if (argc > 1)
        fprintf(stderr, "paced-sim: fake takes no \"%s\"\n", argv[1]);
    else if (!!options.address + options.session + options.system > 1)
        fprintf(stderr, "paced-sim: one of --bus, --session and --system\n");
    else if (!!options.plan + options.follow + (options.speed != NO_SPEED) > 1)
        fprintf(stderr, "paced-sim: one of --speed, --plan and --follow\n");
    else if (options.speed != NO_SPEED && !(options.speed >= 0))
        fprintf(stderr, "paced-sim: --speed: a speed in m/s\n");
    else {
        if (options.speed == NO_SPEED)
            options.speed = options.follow ? 1.4 : 3.0;
        status = run(&options);
    }
    g_free(options.address);
    g_free(options.plan);
    g_strfreev(options.sensors);
    g_strfreev(options.misbehaviours);
    return status;
}
