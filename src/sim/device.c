// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Device1. A device is two things that come and go apart from each other: an object on the bus and
// a link; the link never lives without the object. Every wait is a timer of its own that ends with
// what it waits for.

#include "sim/device.h"

#include <string.h>

#include "sim/bluez-info.h"
#include "sim/gatt.h"

#define CONNECT_TRY_MS     60
#define CONNECT_TIMEOUT_MS 40000
#define RESOLVE_MS         250 // the first time: the table is read over the air
#define RESOLVE_CACHED_MS  10
#define BATTERY_MS         40
#define DISCONNECT_MS      2000
#define REMOVAL_MS         300 // on a busy machine bluetoothd takes more
#define BATTERY_LEVEL      0x2a19
#define PAIR_MS            200
#define RSSI_MEAN          (-62)
#define RSSI_SPREAD        3.0

struct Device {
    const Controller *controller;
    Peer peer;
    char *path, *name; // as last heard
    char *alias;       // NULL: the name
    Random random;
    Facet *facet, *battery; // NULL: not on the bus
    Gatt *gatt;             // NULL: its services were never read
    SensorTable table;      // which was read
    gint16 rssi;            // 0: not heard
    gboolean trusted, connected, resolved;

    GDBusMethodInvocation *connecting, *pairing;
    GPtrArray *disconnecting; // of invocations
    guint connect_timer, resolve_timer, battery_timer, disconnect_timer, temporary_timer,
        pair_timer;
    guint connect_waited_ms;

    char *fail_error, *fail_message;
    guint fail_times;
    gboolean hide_connected, resolve_early;
    gboolean stale;    // what is kept of its table has no measurement, and is believed
    gboolean removing; // it goes after the link
    guint connects, packets;
};

Device *device_new(const Controller *controller, Sensor *sensor)
{
    Device *device = g_new0(Device, 1);
    device->controller = controller;
    device->peer = (Peer){.tree = controller->tree, .sensor = sensor};
    device_change_address(device);
    device->name = g_strdup(sensor->name);
    device->disconnecting = g_ptr_array_new();
    random_seed(&device->random, g_str_hash(sensor->address));
    return device;
}

void device_free(Device *device)
{
    device_forget(device);
    g_ptr_array_unref(device->disconnecting);
    g_free(device->fail_error);
    g_free(device->fail_message);
    g_free(device->alias);
    g_free(device->name);
    g_free(device->path);
    g_free(device);
}

static GVariant *uuids(const Device *device)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE_STRING_ARRAY);
    uint16_t all[16];
    size_t count = 0;
    for (const uint16_t *uuid = sensor_advertised(device->peer.sensor); *uuid; uuid++)
        all[count++] = *uuid;
    if (device->resolved || device->gatt) {
        const uint16_t generic[] = {0x1800, 0x1801, 0x180f};
        memcpy(all, generic, sizeof generic);
        count = G_N_ELEMENTS(generic);
        const ServiceSpec *service = sensor_services(device->peer.sensor);
        for (; service->uuid && count < G_N_ELEMENTS(all); service++) {
            if (service->uuid != all[count - 1]) // one that is there twice is named once
                all[count++] = service->uuid;
        }
    }
    for (size_t i = 0; i < count; i++) {
        char text[37];
        uuid_text(all[i], text);
        g_variant_builder_add(&builder, "s", text);
    }
    return g_variant_builder_end(&builder);
}

// NULL: it advertises none.
static GVariant *service_data(const Device *device)
{
    size_t length;
    char text[37];
    const uint8_t *bytes = sensor_service_data(device->peer.sensor, &length);
    if (!bytes)
        return NULL;
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE_VARDICT);
    uuid_text(sensor_service(device->peer.sensor), text);
    g_variant_builder_add(&builder, "{sv}", text,
                          g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, length, 1));
    return g_variant_builder_end(&builder);
}

static GVariant *device_get(gpointer self, const char *property)
{
    Device *device = self;
    if (strcmp(property, "Address") == 0)
        return g_variant_new_string(device->peer.sensor->address);
    if (strcmp(property, "AddressType") == 0)
        return g_variant_new_string(
            g_str_has_prefix(device->peer.sensor->address, "00:") ? "public" : "random");
    if (strcmp(property, "Name") == 0)
        return g_variant_new_string(device->name);
    if (strcmp(property, "Alias") == 0)
        return g_variant_new_string(device->alias ? device->alias : device->name);
    if (strcmp(property, "Trusted") == 0)
        return g_variant_new_boolean(device->trusted);
    if (strcmp(property, "RSSI") == 0)
        return device->rssi ? g_variant_new_int16(device->rssi) : NULL;
    if (strcmp(property, "Connected") == 0)
        return g_variant_new_boolean(device->connected);
    if (strcmp(property, "ServicesResolved") == 0)
        return g_variant_new_boolean(device->resolved);
    if (strcmp(property, "UUIDs") == 0)
        return uuids(device);
    if (strcmp(property, "ServiceData") == 0)
        return service_data(device);
    if (strcmp(property, "Adapter") == 0)
        return g_variant_new_object_path(device->controller->path);
    if (strcmp(property, "Paired") == 0 || strcmp(property, "Bonded") == 0)
        return g_variant_new_boolean(device->peer.paired);
    return g_variant_new_boolean(FALSE); // Blocked, LegacyPairing
}

static GVariant *battery_get(gpointer self, const char *property)
{
    Device *device = self;
    return g_variant_new_byte(device->peer.sensor->battery);
}

static gboolean on_temporary(gpointer data)
{
    Device *device = data;
    device->temporary_timer = 0;
    device_forget(device);
    return G_SOURCE_REMOVE;
}

// Of use while linked or trusted; else its time runs from now. One that is to be removed is shown
// for a moment after its link has ended and RemoveDevice was answered.
static void mind_removal(Device *device)
{
    g_clear_handle_id(&device->temporary_timer, g_source_remove);
    bool used = device->connecting || device->trusted || device->peer.paired;
    if (device->facet && !device->connected && (device->removing || !used))
        device->temporary_timer = g_timeout_add(
            device->removing ? REMOVAL_MS : (guint)(device->controller->temporary_s * 1000),
            on_temporary, device);
}

static gboolean on_battery(gpointer data)
{
    static const FacetClass battery = {&org_bluez_battery1_interface, NULL, battery_get, NULL};
    Device *device = data;
    device->battery_timer = 0;
    device->battery = tree_add(device->controller->tree, device->path, &battery, device);
    return G_SOURCE_REMOVE;
}

static gboolean on_resolved(gpointer data)
{
    Device *device = data;
    device->resolve_timer = 0;
    const SensorTable table = device->stale ? SENSOR_TABLE_BARE : device->peer.sensor->table;
    if (device->table != table)
        g_clear_pointer(&device->gatt, gatt_free);
    device->table = table;
    device->resolved = device->peer.up = TRUE;
    if (device->gatt) {
        // Subscriptions are renewed before the services are said to be resolved.
        gatt_link(device->gatt);
        facet_changed(device->facet, "ServicesResolved", NULL);
    } else {
        if (device->resolve_early)
            facet_changed(device->facet, "UUIDs", "ServicesResolved", NULL);
        device->gatt =
            gatt_new(&device->peer, device->path, device->peer.sensor->services[device->table]);
        if (!device->resolve_early)
            facet_changed(device->facet, "UUIDs", "ServicesResolved", NULL);
    }
    device->resolve_early = FALSE;
    device->battery_timer = g_timeout_add(BATTERY_MS, on_battery, device);
    return G_SOURCE_REMOVE;
}

static void connect_failed(Device *device, const char *name, const char *message)
{
    g_clear_handle_id(&device->connect_timer, g_source_remove);
    GDBusMethodInvocation *invocation = g_steal_pointer(&device->connecting);
    if (invocation)
        tree_refuse(invocation, name, message);
    mind_removal(device);
}

static gboolean on_hung_up(gpointer data)
{
    Device *device = data;
    device->resolve_timer = 0;
    device_drop(device);
    return G_SOURCE_REMOVE;
}

static void link_made(Device *device)
{
    g_hash_table_insert(device->controller->links, device->peer.sensor, device);
    device->connected = TRUE;
    device->connects++;
    if (!device->hide_connected)
        facet_changed(device->facet, "Connected", NULL);
    device->hide_connected = FALSE;
    tree_reply(g_steal_pointer(&device->connecting));
    mind_removal(device);
    if (device->peer.sensor->refusal == SENSOR_HANGS_UP)
        device->resolve_timer = g_timeout_add(RESOLVE_CACHED_MS, on_hung_up, device);
    else
        device->resolve_timer =
            g_timeout_add(device->gatt ? RESOLVE_CACHED_MS : RESOLVE_MS, on_resolved, device);
}

static gboolean on_connect_try(gpointer data)
{
    Device *device = data;
    device->connect_waited_ms += CONNECT_TRY_MS;
    if (device_advertises(device)) {
        device->connect_timer = 0;
        link_made(device);
        return G_SOURCE_REMOVE;
    }
    if (device->connect_waited_ms < CONNECT_TIMEOUT_MS)
        return G_SOURCE_CONTINUE;
    device->connect_timer = 0;
    connect_failed(device, "Failed", "le-connection-abort-by-local");
    return G_SOURCE_REMOVE;
}

static void device_connect(Device *device, GDBusMethodInvocation *invocation)
{
    if (device->connected) {
        tree_reply(invocation);
    } else if (!device->controller->powered) {
        tree_refuse(invocation, "Failed", "Input/output error");
    } else if (device->connecting) {
        tree_refuse(invocation, "Failed", "Operation already in progress");
    } else if (device->fail_times > 0) {
        device->fail_times--;
        g_dbus_method_invocation_return_dbus_error(invocation, device->fail_error,
                                                   device->fail_message);
    } else {
        device->connecting = invocation;
        device->connect_waited_ms = 0;
        device->connect_timer = g_timeout_add(CONNECT_TRY_MS, on_connect_try, device);
        mind_removal(device);
    }
}

static void answer_disconnects(Device *device)
{
    for (guint i = 0; i < device->disconnecting->len; i++)
        tree_reply(device->disconnecting->pdata[i]);
    g_ptr_array_set_size(device->disconnecting, 0);
}

static void pairing_failed(Device *device)
{
    g_clear_handle_id(&device->pair_timer, g_source_remove);
    if (device->pairing)
        tree_refuse(g_steal_pointer(&device->pairing), "AuthenticationFailed",
                    "Authentication Failed");
}

static gboolean on_pair(gpointer data)
{
    Device *device = data;
    device->pair_timer = 0;
    if (!device->peer.wants_pairing) {
        device_drop(device); // and with the link goes the pairing
        return G_SOURCE_REMOVE;
    }
    device->peer.paired = TRUE;
    facet_changed(device->facet, "Paired", "Bonded", NULL);
    tree_reply(g_steal_pointer(&device->pairing));
    return G_SOURCE_REMOVE;
}

static void device_pair(Device *device, GDBusMethodInvocation *invocation)
{
    if (device->peer.paired) {
        tree_refuse(invocation, "AlreadyExists", "Already Exists");
    } else if (device->pairing) {
        tree_refuse(invocation, "InProgress", "In Progress");
    } else if (!device->connected) {
        tree_refuse(invocation, "ConnectionAttemptFailed", "Page Timeout");
    } else {
        device->pairing = invocation;
        device->pair_timer = g_timeout_add(PAIR_MS, on_pair, device);
    }
}

// What of the link is no property of the device.
static void unlink_rest(Device *device)
{
    g_clear_handle_id(&device->resolve_timer, g_source_remove);
    g_clear_handle_id(&device->battery_timer, g_source_remove);
    g_clear_handle_id(&device->disconnect_timer, g_source_remove);
    tree_remove(g_steal_pointer(&device->battery));
    pairing_failed(device);
    device->peer.up = device->peer.leaving = FALSE;
    g_hash_table_remove(device->controller->links, device->peer.sensor);
    if (device->gatt)
        gatt_link(device->gatt);
    sensor_link_lost(device->peer.sensor);
}

static gboolean on_disconnect(gpointer data)
{
    Device *device = data;
    device->disconnect_timer = 0;
    unlink_rest(device);
    if (device->resolved) {
        device->resolved = FALSE;
        facet_changed(device->facet, "ServicesResolved", NULL);
    }
    answer_disconnects(device);
    device->connected = FALSE;
    facet_changed(device->facet, "Connected", NULL);
    mind_removal(device);
    return G_SOURCE_REMOVE;
}

static void device_disconnect(Device *device, GDBusMethodInvocation *invocation)
{
    if (device->connected) {
        g_ptr_array_add(device->disconnecting, invocation);
        device->peer.leaving = TRUE;
        if (!device->disconnect_timer)
            device->disconnect_timer = g_timeout_add(DISCONNECT_MS, on_disconnect, device);
        return;
    }
    if (device->connecting)
        connect_failed(device, "Failed", "br-connection-canceled");
    tree_reply(invocation);
}

void device_remove(Device *device, GDBusMethodInvocation *invocation)
{
    if (device->connected) {
        device->removing = TRUE;
        device_disconnect(device, invocation);
        return;
    }
    device_forget(device);
    tree_reply(invocation);
}

void device_drop(Device *device)
{
    if (device->connecting)
        connect_failed(device, "Failed", "le-connection-abort-by-local");
    if (!device->connected)
        return;
    unlink_rest(device);
    gboolean resolved = device->resolved;
    device->resolved = device->connected = FALSE;
    if (resolved)
        facet_changed(device->facet, "ServicesResolved", "Connected", NULL);
    else
        facet_changed(device->facet, "Connected", NULL);
    answer_disconnects(device);
    mind_removal(device);
}

static void device_call(gpointer self, GDBusMethodInvocation *invocation, const char *method,
                        GVariant *arguments)
{
    if (strcmp(method, "Connect") == 0)
        device_connect(self, invocation);
    else if (strcmp(method, "Disconnect") == 0)
        device_disconnect(self, invocation);
    else if (strcmp(method, "Pair") == 0)
        device_pair(self, invocation);
    else
        tree_refuse(invocation, "DoesNotExist", "Does Not Exist");
}

static void device_set(gpointer self, GDBusMethodInvocation *invocation, const char *property,
                       GVariant *value)
{
    Device *device = self;
    if (strcmp(property, "Trusted") == 0) {
        device->trusted = g_variant_get_boolean(value);
    } else {
        g_free(device->alias);
        device->alias = g_variant_dup_string(value, NULL);
    }
    facet_changed(device->facet, property, NULL);
    tree_reply(invocation);
    mind_removal(device);
}

// What was heard last, as BlueZ takes it.
static void take_name(Device *device)
{
    if (strcmp(device->name, device->peer.sensor->name) == 0)
        return;
    g_free(device->name);
    device->name = g_strdup(device->peer.sensor->name);
    if (device->facet)
        facet_changed(device->facet, "Name", device->alias ? NULL : "Alias", NULL);
}

void device_seen(Device *device)
{
    static const FacetClass class = {&org_bluez_device1_interface, device_call, device_get,
                                     device_set};
    take_name(device);
    device->rssi = (gint16)(RSSI_MEAN + RSSI_SPREAD * random_normal(&device->random));
    if (device->facet)
        facet_changed(device->facet, "RSSI", NULL);
    else
        device->facet = tree_add(device->controller->tree, device->path, &class, device);
    mind_removal(device);
}

void device_unseen(Device *device)
{
    if (device->rssi == 0)
        return;
    device->rssi = 0;
    if (device->facet)
        facet_changed(device->facet, "RSSI", NULL);
}

void device_forget(Device *device)
{
    if (!device->facet)
        return;
    device_drop(device);
    g_clear_handle_id(&device->temporary_timer, g_source_remove);
    g_clear_pointer(&device->gatt, gatt_free);
    tree_remove(g_steal_pointer(&device->facet));
    device->rssi = 0;
    device->trusted = device->peer.paired = device->removing = device->stale = FALSE;
    g_clear_pointer(&device->alias, g_free);
}

gboolean device_notify(Device *device, uint16_t characteristic, const uint8_t *bytes, size_t length)
{
    Sensor *sensor = device->peer.sensor;
    if (characteristic == BATTERY_LEVEL) {
        // BlueZ's own client of it; what is no percentage it does not take.
        if (!device->battery || length != 1 || *bytes > 100)
            return FALSE;
        sensor->sent++;
        facet_changed(device->battery, "Percentage", NULL);
        return TRUE;
    }
    if (!device_subscribed(device, characteristic))
        return FALSE;
    sensor->sent++;
    if (!gatt_notify(device->gatt, characteristic, bytes, length))
        return FALSE;
    device->packets++;
    return TRUE;
}

gboolean device_subscribed(Device *device, uint16_t characteristic)
{
    return device->gatt && gatt_configured(device->gatt, characteristic);
}

void device_forget_subscribers(Device *device)
{
    if (device->gatt)
        gatt_forget_subscribers(device->gatt);
}

void device_change_address(Device *device)
{
    device_forget(device);
    g_free(device->path);
    g_autofree char *address = g_strdup(device->peer.sensor->address);
    device->path =
        g_strconcat(device->controller->path, "/dev_", g_strdelimit(address, ":", '_'), NULL);
}

void device_want_pairing(Device *device, gboolean wanted)
{
    device->peer.wants_pairing = wanted;
}

void device_hide_connected(Device *device)
{
    device->hide_connected = TRUE;
}

void device_keep_bare(Device *device)
{
    device->stale = TRUE;
}

void device_resolve_early(Device *device)
{
    device->resolve_early = TRUE;
}

void device_fail_connects(Device *device, const char *error, const char *message, guint times)
{
    g_free(device->fail_error);
    g_free(device->fail_message);
    device->fail_error = g_strdup(error);
    device->fail_message = g_strdup(message);
    device->fail_times = times;
}

Sensor *device_sensor(Device *device)
{
    return device->peer.sensor;
}

const char *device_path(const Device *device)
{
    return device->path;
}

gboolean device_exported(const Device *device)
{
    return device->facet != NULL;
}

gboolean device_connected(const Device *device)
{
    return device->connected;
}

gboolean device_advertises(const Device *device)
{
    const Sensor *sensor = device->peer.sensor;
    return !g_hash_table_contains(device->controller->links, sensor) && sensor_reachable(sensor);
}

guint device_connects(const Device *device)
{
    return device->connects;
}

guint device_packets(const Device *device)
{
    return device->packets;
}
