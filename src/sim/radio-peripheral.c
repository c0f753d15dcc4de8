// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The peripheral. Registrations are asynchronous and the world changes meanwhile, so nothing is
// done on an event but to note it: settle() compares what is with what should be, takes one step,
// and is called again when that step is done. A generation number tells the answers of a bluetoothd
// that is gone from those of the present one.

#include "sim/radio-peripheral.h"

#include <stdio.h>
#include <string.h>

#include "sim/radio-hangup.h"
#include "sim/radio-table.h"

#define ADAPTER       "org.bluez.Adapter1"
#define ADVERTISEMENT "org.bluez.LEAdvertisement1"
#define NAME_MAX_AIR  26 // of what an advertisement holds beside the services
#define RETRY_MS      500
// The first sign of an adapter that loses its power is a lost link. To register an advertisement
// between that and the last sign fails, delays what comes after by seconds, and seems to be what
// made bluetoothd 5.66 crash once.
#define RESUME_MS 500
// A link that is closed while services are resolved makes bluetoothd 5.66 crash more often than
// not. So a young link is closed this long after they are; or, should they never be, at the latest
// then.
#define HANG_UP_MS        500
#define HANG_UP_LATEST_MS 5000

static const char INTERFACE[] = "<node><interface name='" ADVERTISEMENT "'>"
                                "<method name='Release'/>"
                                "<property name='Type' type='s' access='read'/>"
                                "<property name='ServiceUUIDs' type='as' access='read'/>"
                                "<property name='ServiceData' type='a{sv}' access='read'/>"
                                "<property name='LocalName' type='s' access='read'/>"
                                "<property name='Discoverable' type='b' access='read'/>"
                                "</interface></node>";

typedef struct {
    gboolean up, asking; // registered; a call is on its way
    const char *interface, *enter, *leave;
} Registration;

struct Peripheral {
    GDBusConnection *bus;
    GCancellable *ending;
    Sensor *sensor;
    char *path, *root, *advertisement;
    gboolean present, powered;
    guint generation;
    Registration application, advert;
    gboolean anew, another; // the advertisement is to be put up again; the table is another
    RadioTable *table;
    GDBusNodeInfo *info;
    guint object;
    GHashTable *centrals; // paths of those connected
    guint re_advertise, retry, hang_up;
    guint connects, packets;
    char *complaint;
    const PeripheralHandlers *handlers;
    gpointer data;
};

typedef struct {
    Peripheral *peripheral;
    Registration *registration;
    guint generation;
    gboolean enter;
} Asked;

static void settle(Peripheral *peripheral);

static gboolean connected(const Peripheral *peripheral)
{
    return g_hash_table_size(peripheral->centrals) > 0;
}

static gboolean on_retry(gpointer data)
{
    Peripheral *peripheral = data;
    peripheral->retry = 0;
    settle(peripheral);
    return G_SOURCE_REMOVE;
}

// Once for each reason in a row.
static void complain(Peripheral *peripheral, const char *what, GError *error)
{
    g_dbus_error_strip_remote_error(error);
    g_autofree char *complaint = g_strdup_printf("%s: %s", what, error->message);
    if (g_strcmp0(complaint, peripheral->complaint) == 0)
        return;
    fprintf(stderr, "paced-sim: %s: %s (%s); trying on\n", strrchr(peripheral->path, '/') + 1,
            error->message, what);
    g_free(peripheral->complaint);
    peripheral->complaint = g_steal_pointer(&complaint);
}

static gboolean is_bluez(const GError *error, const char *name)
{
    g_autofree char *remote = g_dbus_error_get_remote_error(error);
    return remote && g_str_has_prefix(remote, "org.bluez.Error.") &&
           strcmp(remote + strlen("org.bluez.Error."), name) == 0;
}

// Tries again in a while; only a prohibition stays one.
static void entering_failed(Peripheral *peripheral, Registration *registration, GError *error)
{
    if (g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)) {
        peripheral->handlers->failed("bluetoothd may not be asked for a peripheral: run this as "
                                     "root, or as a member of the group \"bluetooth\"",
                                     peripheral->data);
        return;
    }
    // A bluetoothd that remembers what was given up: from scratch.
    if (is_bluez(error, "AlreadyExists")) {
        registration->up = TRUE;
        peripheral->anew |= registration == &peripheral->advert;
    } else {
        complain(peripheral, registration->enter, error);
    }
    if (!peripheral->retry)
        peripheral->retry = g_timeout_add(RETRY_MS, on_retry, peripheral);
}

static void on_asked(GObject *bus, GAsyncResult *result, gpointer data)
{
    g_autofree Asked *asked = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) reply G_GNUC_UNUSED =
        g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    Peripheral *peripheral = asked->peripheral;
    Registration *registration = asked->registration;
    if (asked->generation != peripheral->generation)
        return;
    registration->asking = FALSE;
    // What cannot be left is not there.
    registration->up = asked->enter && !error;
    if (error && asked->enter) {
        entering_failed(peripheral, registration, error);
    } else {
        if (asked->enter)
            g_clear_pointer(&peripheral->complaint, g_free);
        settle(peripheral);
    }
    peripheral->handlers->changed(peripheral->data);
}

static void ask(Peripheral *peripheral, Registration *registration, gboolean enter)
{
    const char *path =
        registration == &peripheral->application ? peripheral->root : peripheral->advertisement;
    Asked *asked = g_new(Asked, 1);
    *asked = (Asked){peripheral, registration, peripheral->generation, enter};
    registration->asking = TRUE;
    g_dbus_connection_call(
        peripheral->bus, "org.bluez", peripheral->path, registration->interface,
        enter ? registration->enter : registration->leave,
        enter ? g_variant_new("(oa{sv})", path, NULL) : g_variant_new("(o)", path), NULL,
        G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, peripheral->ending, on_asked, asked);
}

static void on_set_alias(GObject *bus, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) reply G_GNUC_UNUSED =
        g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, &error);
    if (!error || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_dbus_error_strip_remote_error(error);
    fprintf(stderr, "paced-sim: the adapter keeps its own name: %s\n", error->message);
}

// What a central reads as the device's name once it is connected.
static void set_alias(Peripheral *peripheral)
{
    g_dbus_connection_call(
        peripheral->bus, "org.bluez", peripheral->path, "org.freedesktop.DBus.Properties", "Set",
        g_variant_new("(ssv)", ADAPTER, "Alias", g_variant_new_string(peripheral->sensor->name)),
        NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, peripheral->ending, on_set_alias, NULL);
}

// The objects of the new table take the place of the old one's.
static void change_table(Peripheral *peripheral)
{
    radio_table_free(peripheral->table);
    peripheral->table = radio_table_new(peripheral->bus, peripheral->root, peripheral->sensor);
    peripheral->another = FALSE;
}

static gboolean wants_to_be_seen(const Peripheral *peripheral)
{
    return peripheral->powered && !connected(peripheral) && sensor_reachable(peripheral->sensor);
}

static void settle(Peripheral *peripheral)
{
    Registration *application = &peripheral->application, *advert = &peripheral->advert;
    if (!peripheral->present || peripheral->retry || application->asking || advert->asking)
        return;
    if (peripheral->another && application->up) {
        ask(peripheral, application, FALSE);
        return;
    }
    if (peripheral->another)
        change_table(peripheral);
    if (!application->up) {
        ask(peripheral, application, TRUE);
        return;
    }
    if (advert->up && (peripheral->anew || !wants_to_be_seen(peripheral))) {
        peripheral->anew = FALSE;
        ask(peripheral, advert, FALSE);
    } else if (!advert->up && wants_to_be_seen(peripheral)) {
        peripheral->anew = FALSE;
        ask(peripheral, advert, TRUE);
    }
}

static void on_closed(GObject *bus, GAsyncResult *result, gpointer data)
{
    g_autoptr(GVariant) reply G_GNUC_UNUSED =
        g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, NULL);
}

static void close_links(Peripheral *peripheral)
{
    GHashTableIter iterator;
    gpointer path;
    g_hash_table_iter_init(&iterator, peripheral->centrals);
    while (g_hash_table_iter_next(&iterator, &path, NULL)) {
        if (radio_hang_up(strrchr(peripheral->path, '/') + 1, path))
            continue;
        g_dbus_connection_call(peripheral->bus, "org.bluez", path, "org.bluez.Device1",
                               "Disconnect", NULL, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                               peripheral->ending, on_closed, NULL);
    }
}

// Closes a link that is unwanted, unless it is so young that this has to wait for on_hang_up().
static void close_unwanted(Peripheral *peripheral)
{
    if (!peripheral->hang_up && !sensor_reachable(peripheral->sensor))
        close_links(peripheral);
}

static gboolean on_hang_up(gpointer data)
{
    Peripheral *peripheral = data;
    peripheral->hang_up = 0;
    if (peripheral->sensor->refusal == SENSOR_HANGS_UP)
        close_links(peripheral);
    else
        close_unwanted(peripheral);
    return G_SOURCE_REMOVE;
}

static void on_tick(Sensor *sensor, gpointer data)
{
    close_unwanted(data);
    settle(data);
}

static void on_packet(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length,
                      gpointer data)
{
    Peripheral *peripheral = data;
    if (radio_table_send(peripheral->table, characteristic, bytes, length))
        peripheral->packets++;
}

static gboolean on_re_advertise(gpointer data)
{
    Peripheral *peripheral = data;
    peripheral->anew = TRUE;
    settle(peripheral);
    return G_SOURCE_CONTINUE;
}

// The longest beginning that fits and ends with a whole character.
static char *name_on_air(const char *name)
{
    const char *end = name;
    while (*end && g_utf8_next_char(end) - name <= NAME_MAX_AIR)
        end = g_utf8_next_char(end);
    return g_strndup(name, (gsize)(end - name));
}

static GVariant *service_data(const Sensor *sensor)
{
    size_t length;
    char text[37];
    const uint8_t *bytes = sensor_service_data(sensor, &length);
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE_VARDICT);
    radio_uuid_text(sensor_service(sensor), text);
    if (bytes)
        g_variant_builder_add(&builder, "{sv}", text,
                              g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, length, 1));
    return g_variant_builder_end(&builder);
}

static GVariant *on_get(GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *property, GError **error, gpointer data)
{
    const Sensor *sensor = ((Peripheral *)data)->sensor;
    if (strcmp(property, "Type") == 0)
        return g_variant_new_string("peripheral");
    if (strcmp(property, "Discoverable") == 0)
        return g_variant_new_boolean(TRUE);
    if (strcmp(property, "ServiceData") == 0)
        return service_data(sensor);
    if (strcmp(property, "LocalName") == 0)
        return g_variant_new_take_string(name_on_air(sensor->name));
    GVariantBuilder uuids;
    g_variant_builder_init(&uuids, G_VARIANT_TYPE_STRING_ARRAY);
    for (const uint16_t *service = sensor_advertised(sensor); *service; service++) {
        char text[37];
        radio_uuid_text(*service, text);
        g_variant_builder_add(&uuids, "s", text);
    }
    return g_variant_builder_end(&uuids);
}

// Release: bluetoothd takes the advertisement down, as when the adapter loses its power.
static void on_call(GDBusConnection *bus, const char *sender, const char *path,
                    const char *interface, const char *method, GVariant *arguments,
                    GDBusMethodInvocation *invocation, gpointer data)
{
    Peripheral *peripheral = data;
    peripheral->advert.up = FALSE;
    g_dbus_method_invocation_return_value(invocation, NULL);
    settle(peripheral);
}

Peripheral *peripheral_new(GDBusConnection *bus, const char *adapter, Sensor *sensor,
                           double re_advertise_s, guint phase_ms,
                           const PeripheralHandlers *handlers, gpointer data)
{
    static const SensorHandlers of_sensor = {on_tick, on_packet};
    static const GDBusInterfaceVTable calls = {on_call, on_get, NULL, {0}};
    Peripheral *peripheral = g_new0(Peripheral, 1);
    peripheral->bus = g_object_ref(bus);
    peripheral->ending = g_cancellable_new();
    peripheral->sensor = sensor;
    peripheral->handlers = handlers;
    peripheral->data = data;
    peripheral->path = g_strconcat("/org/bluez/", adapter, NULL);
    peripheral->root = g_strconcat("/org/paced1/sim/", adapter, NULL);
    peripheral->advertisement = g_strconcat("/org/paced1/advertisement/", adapter, NULL);
    peripheral->application = (Registration){.interface = "org.bluez.GattManager1",
                                             .enter = "RegisterApplication",
                                             .leave = "UnregisterApplication"};
    peripheral->advert = (Registration){.interface = "org.bluez.LEAdvertisingManager1",
                                        .enter = "RegisterAdvertisement",
                                        .leave = "UnregisterAdvertisement"};
    peripheral->centrals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    peripheral->table = radio_table_new(bus, peripheral->root, sensor);
    peripheral->info = g_dbus_node_info_new_for_xml(INTERFACE, NULL);
    g_assert(peripheral->info);
    peripheral->object = g_dbus_connection_register_object(bus, peripheral->advertisement,
                                                           peripheral->info->interfaces[0], &calls,
                                                           peripheral, NULL, NULL);
    g_assert(peripheral->object);
    if (re_advertise_s > 0)
        peripheral->re_advertise =
            g_timeout_add((guint)(re_advertise_s * 1000), on_re_advertise, peripheral);
    sensor_start(sensor, phase_ms, &of_sensor, peripheral);
    return peripheral;
}

void peripheral_free(Peripheral *peripheral)
{
    if (!peripheral)
        return;
    g_cancellable_cancel(peripheral->ending);
    g_object_unref(peripheral->ending);
    g_clear_handle_id(&peripheral->re_advertise, g_source_remove);
    g_clear_handle_id(&peripheral->retry, g_source_remove);
    g_clear_handle_id(&peripheral->hang_up, g_source_remove);
    g_dbus_connection_unregister_object(peripheral->bus, peripheral->object);
    g_dbus_node_info_unref(peripheral->info);
    radio_table_free(peripheral->table);
    g_hash_table_unref(peripheral->centrals);
    g_free(peripheral->complaint);
    g_free(peripheral->advertisement);
    g_free(peripheral->root);
    g_free(peripheral->path);
    g_object_unref(peripheral->bus);
    g_free(peripheral);
}

void peripheral_adapter_absent(Peripheral *peripheral)
{
    if (!peripheral->present)
        return;
    peripheral->generation++;
    peripheral->present = peripheral->powered = FALSE;
    peripheral->application.up = peripheral->application.asking = FALSE;
    peripheral->advert.up = peripheral->advert.asking = FALSE;
    g_hash_table_remove_all(peripheral->centrals);
    g_clear_handle_id(&peripheral->hang_up, g_source_remove);
    radio_table_forget_subscribers(peripheral->table);
    sensor_link_lost(peripheral->sensor);
    peripheral->handlers->changed(peripheral->data);
}

void peripheral_adapter(Peripheral *peripheral, GVariant *properties)
{
    const char *address;
    if (g_variant_lookup(properties, "Address", "&s", &address))
        g_strlcpy(peripheral->sensor->address, address, sizeof peripheral->sensor->address);
    g_variant_lookup(properties, "Powered", "b", &peripheral->powered);
    if (!peripheral->present) {
        peripheral->present = TRUE;
        set_alias(peripheral);
    }
    settle(peripheral);
}

static void hang_up_in(Peripheral *peripheral, guint ms)
{
    g_clear_handle_id(&peripheral->hang_up, g_source_remove);
    peripheral->hang_up = g_timeout_add(ms, on_hang_up, peripheral);
}

void peripheral_device(Peripheral *peripheral, const char *path, GVariant *properties)
{
    gboolean up = FALSE, resolved = FALSE;
    if (properties && g_variant_lookup(properties, "ServicesResolved", "b", &resolved) &&
        resolved && peripheral->hang_up)
        hang_up_in(peripheral, HANG_UP_MS);
    if (properties && !g_variant_lookup(properties, "Connected", "b", &up))
        return;
    if (up == g_hash_table_contains(peripheral->centrals, path))
        return;
    if (up) {
        g_hash_table_add(peripheral->centrals, g_strdup(path));
        peripheral->connects++;
        hang_up_in(peripheral, resolved ? HANG_UP_MS : HANG_UP_LATEST_MS);
    } else {
        g_hash_table_remove(peripheral->centrals, path);
        if (!connected(peripheral)) {
            g_clear_handle_id(&peripheral->hang_up, g_source_remove);
            sensor_link_lost(peripheral->sensor);
        }
        // Not at once: see RESUME_MS.
        g_clear_handle_id(&peripheral->retry, g_source_remove);
        peripheral->retry = g_timeout_add(RESUME_MS, on_retry, peripheral);
        return;
    }
    settle(peripheral);
}

const char *peripheral_path(const Peripheral *peripheral)
{
    return peripheral->path;
}

Sensor *peripheral_sensor(const Peripheral *peripheral)
{
    return peripheral->sensor;
}

gboolean peripheral_present(const Peripheral *peripheral)
{
    return peripheral->present;
}

gboolean peripheral_ready(const Peripheral *peripheral)
{
    return peripheral->application.up && (peripheral->advert.up || connected(peripheral) ||
                                          !sensor_reachable(peripheral->sensor));
}

static Peripheral *peripheral_of(GPtrArray *peripherals, Sensor *sensor)
{
    for (guint i = 0; i < peripherals->len; i++) {
        Peripheral *peripheral = peripherals->pdata[i];
        if (peripheral->sensor == sensor)
            return peripheral;
    }
    g_assert_not_reached();
}

static void world_settle(Sensor *sensor, gpointer self)
{
    Peripheral *peripheral = peripheral_of(self, sensor);
    close_unwanted(peripheral);
    settle(peripheral);
}

static void world_rebuild(Sensor *sensor, gpointer self)
{
    Peripheral *peripheral = peripheral_of(self, sensor);
    peripheral->another = TRUE;
    close_links(peripheral);
    settle(peripheral);
}

static void world_rename(Sensor *sensor, gpointer self)
{
    Peripheral *peripheral = peripheral_of(self, sensor);
    peripheral->anew = TRUE;
    if (peripheral->present)
        set_alias(peripheral);
    settle(peripheral);
}

static gboolean world_notify(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes,
                             size_t length, gpointer self)
{
    Peripheral *peripheral = peripheral_of(self, sensor);
    gboolean sent = radio_table_send(peripheral->table, characteristic, bytes, length);
    peripheral->packets += sent;
    return sent;
}

static void world_stats(Sensor *sensor, WorldStats *ret_stats, gpointer self)
{
    const Peripheral *peripheral = peripheral_of(self, sensor);
    *ret_stats = (WorldStats){
        .connected = connected(peripheral),
        .advertising = peripheral->advert.up && wants_to_be_seen(peripheral),
        .connects = peripheral->connects,
        .packets = peripheral->packets,
    };
}

const World PERIPHERAL_WORLD = {
    .settle = world_settle,
    .rebuild = world_rebuild,
    .rename = world_rename,
    .notify = world_notify,
    .stats = world_stats,
};
