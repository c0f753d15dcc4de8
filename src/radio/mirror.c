// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is distrust: paths come back as other objects (hence the serials), a stranger's device
// decides names and numbers, and a stadium of advertisers must not fill the memory. What is of no
// use to us is not kept at all.

#include "radio/mirror.h"

#include <string.h>

#include "io/address.h"
#include "radio/policy.h"
#include "radio/radio.h"

#define ADAPTER        "org.bluez.Adapter1"
#define DEVICE         "org.bluez.Device1"
#define BATTERY        "org.bluez.Battery1"
#define CHARACTERISTIC "org.bluez.GattCharacteristic1"
#define TRANSPORT      "org.bluez.MediaTransport1"

#define RSSI_UNKNOWN 127 // Core 5.3 vol 4 part E 7.7.65.2

static void adapter_free(gpointer data)
{
    MirrorAdapter *adapter = data;
    g_free(adapter->path);
    g_free(adapter);
}

static void device_free(gpointer data)
{
    MirrorDevice *device = data;
    g_free(device->path);
    g_free(device->adapter);
    g_free(device);
}

static void characteristic_free(gpointer data)
{
    MirrorCharacteristic *characteristic = data;
    g_free(characteristic->path);
    g_free(characteristic->device);
    g_free(characteristic);
}

Mirror *mirror_new(void)
{
    Mirror *mirror = g_new0(Mirror, 1);
    mirror->adapters = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, adapter_free);
    mirror->devices = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, device_free);
    mirror->characteristics =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, characteristic_free);
    mirror->playing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    mirror->enrolled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return mirror;
}

void mirror_free(Mirror *mirror)
{
    if (!mirror)
        return;
    g_hash_table_unref(mirror->adapters);
    g_hash_table_unref(mirror->devices);
    g_hash_table_unref(mirror->characteristics);
    g_hash_table_unref(mirror->playing);
    g_hash_table_unref(mirror->enrolled);
    g_free(mirror);
}

void mirror_clear(Mirror *mirror)
{
    g_hash_table_remove_all(mirror->adapters);
    g_hash_table_remove_all(mirror->devices);
    g_hash_table_remove_all(mirror->characteristics);
    g_hash_table_remove_all(mirror->playing);
    mirror->crowded = false;
}

static guint services_of(GVariant *uuids)
{
    static const struct {
        guint16 number;
        ServiceSet service;
    } known[] = {{0x180D, SERVICE_HEART},
                 {0x1814, SERVICE_STRIDE},
                 {0x1826, SERVICE_TREADMILL},
                 {0x1818, SERVICE_POWER}};
    guint services = 0;
    GVariantIter iter;
    const char *uuid;
    g_variant_iter_init(&iter, uuids);
    while (g_variant_iter_next(&iter, "&s", &uuid))
        for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
            if (uuid_short(uuid) == known[i].number)
                services |= known[i].service;
    return services;
}

// What a fitness machine advertises beside its service: flags, and two bytes of the kinds of
// machine it is, the lowest bit a treadmill. One that sets none of them says nothing.
static bool is_other_machine(GVariant *service_data)
{
    GVariantIter iter;
    const char *uuid;
    GVariant *value;
    bool other = false;
    g_variant_iter_init(&iter, service_data);
    while (g_variant_iter_loop(&iter, "{&sv}", &uuid, &value)) {
        gsize length;
        if (uuid_short(uuid) != 0x1826 || !g_variant_is_of_type(value, G_VARIANT_TYPE("ay")))
            continue;
        const guint8 *bytes = g_variant_get_fixed_array(value, &length, 1);
        other = length >= 3 && !(bytes[1] & 1) && (bytes[1] | bytes[2]);
    }
    return other;
}

// Power alone, or beside a bicycle trainer's service, is a cyclist's; a pod that has it is a pod.
static guint of_a_runner(const MirrorDevice *device)
{
    guint services = device->announced;
    if (device->other_machine)
        services &= ~(guint)SERVICE_TREADMILL;
    if (!(services & SERVICE_STRIDE))
        services &= ~(guint)SERVICE_POWER;
    return services;
}

static bool adapter_update(Mirror *mirror, MirrorAdapter *adapter, GVariant *changed)
{
    gboolean flag;
    const char *text;
    bool kept = false;
    if (g_variant_lookup(changed, "Address", "&s", &text))
        kept |= address_normalize(text, adapter->address);
    if (g_variant_lookup(changed, "Powered", "b", &flag)) {
        adapter->powered = flag;
        kept = true;
    }
    if (g_variant_lookup(changed, "PowerState", "&s", &text)) {
        adapter->blocked = g_str_equal(text, "off-blocked");
        kept = true;
    }
    if (g_variant_lookup(changed, "Discovering", "b", &flag)) {
        adapter->discovering = flag;
        kept = true;
    }
    return kept;
}

static void device_heard(MirrorDevice *device, Usec now)
{
    device->heard_at = now;
    if (!device->heard_first)
        device->heard_first = now;
}

static void device_linked(Mirror *mirror, MirrorDevice *device, bool linked, Usec now)
{
    if (linked && !device->connected) {
        device->connection = ++mirror->serial;
        device->hung_up = false;
    }
    if (linked)
        device_heard(device, now);
    else
        device->resolved = false;
    device->connected = linked;
}

static bool device_update(Mirror *mirror, MirrorDevice *device, GVariant *changed, Usec now)
{
    const char *text;
    gboolean flag;
    gint16 rssi;
    bool kept = false;
    g_autoptr(GVariant) uuids = g_variant_lookup_value(changed, "UUIDs", G_VARIANT_TYPE("as"));
    if (uuids) {
        device->announced = services_of(uuids);
        kept = true;
    }
    g_autoptr(GVariant) service_data =
        g_variant_lookup_value(changed, "ServiceData", G_VARIANT_TYPE_VARDICT);
    if (service_data) {
        device->other_machine = is_other_machine(service_data);
        kept = true;
    }
    device->services = of_a_runner(device);
    if (g_variant_lookup(changed, "Adapter", "&o", &text)) {
        g_free(device->adapter);
        device->adapter = g_strdup(text);
        kept = true;
    }
    if (g_variant_lookup(changed, "Address", "&s", &text))
        kept |= address_normalize(text, device->address);
    if (g_variant_lookup(changed, "Name", "&s", &text)) {
        name_sanitize(text, device->name, sizeof device->name);
        kept = true;
    }
    if (g_variant_lookup(changed, "Paired", "b", &flag)) {
        device->paired = flag;
        kept = true;
    }
    if (g_variant_lookup(changed, "Connected", "b", &flag)) {
        device_linked(mirror, device, flag, now);
        kept = true;
    }
    // BlueZ 5.66 may resolve without ever having signalled Connected: when it hears of the link
    // from the socket before it hears of it from the kernel.
    if (g_variant_lookup(changed, "ServicesResolved", "b", &flag)) {
        if (flag)
            device_linked(mirror, device, true, now);
        device->resolved = flag;
        kept = true;
    }
    if (g_variant_lookup(changed, "RSSI", "n", &rssi)) {
        device->rssi = rssi == RSSI_UNKNOWN ? 0 : rssi;
        device->last_rssi = device->rssi;
        device_heard(device, now);
        kept = true;
    }
    return kept;
}

static bool characteristic_update(MirrorCharacteristic *characteristic, GVariant *changed)
{
    const char *uuid;
    gboolean flag;
    bool kept = false;
    if (g_variant_lookup(changed, "UUID", "&s", &uuid))
        characteristic->number = uuid_short(uuid);
    g_autoptr(GVariant) flags = g_variant_lookup_value(changed, "Flags", G_VARIANT_TYPE("as"));
    if (flags) {
        g_autofree const char **names = g_variant_get_strv(flags, NULL);
        characteristic->notifies =
            g_strv_contains(names, "notify") || g_strv_contains(names, "indicate");
        kept = true;
    }
    if (g_variant_lookup(changed, "Notifying", "b", &flag)) {
        characteristic->notifying = flag;
        kept = true;
    }
    if (g_variant_lookup(changed, "NotifyAcquired", "b", &flag)) {
        characteristic->acquirable = true;
        characteristic->acquired = flag;
        kept = true;
    }
    return kept;
}

static bool battery_update(MirrorDevice *device, GVariant *changed)
{
    guchar percent;
    if (!g_variant_lookup(changed, "Percentage", "y", &percent))
        return false;
    device->battery = percent <= 100 ? percent : -1;
    return true;
}

static bool transport_update(Mirror *mirror, const char *path, GVariant *changed)
{
    const char *state;
    if (!g_variant_lookup(changed, "State", "&s", &state))
        return false;
    if (g_str_equal(state, "active"))
        g_hash_table_add(mirror->playing, g_strdup(path));
    else
        g_hash_table_remove(mirror->playing, path);
    return true;
}

// A full table gives up a device that is of no use, or else the one that was not heard for longest.
static bool device_room(Mirror *mirror)
{
    const MirrorDevice *worst = NULL;
    GHashTableIter iter;
    gpointer value;
    if (g_hash_table_size(mirror->devices) < MIRROR_DEVICES_MAX)
        return true;
    mirror->crowded = true;
    g_hash_table_iter_init(&iter, mirror->devices);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const MirrorDevice *device = value;
        if (device->connected || g_hash_table_contains(mirror->enrolled, device->address))
            continue;
        if (!worst || (!device->services && worst->services) ||
            (!device->services == !worst->services && device->heard_at < worst->heard_at))
            worst = device;
    }
    return worst && g_hash_table_remove(mirror->devices, worst->path);
}

static void add_device(Mirror *mirror, const char *path, GVariant *properties, bool fresh, Usec now)
{
    MirrorDevice *device = g_hash_table_lookup(mirror->devices, path);
    if (!device) {
        if (!device_room(mirror))
            return;
        device = g_new0(MirrorDevice, 1);
        device->path = g_strdup(path);
        device->battery = -1;
        g_hash_table_insert(mirror->devices, device->path, device);
    }
    device_update(mirror, device, properties, now);
    if (fresh)
        device_heard(device, now);
}

static bool of_use(guint16 number)
{
    static const guint16 used[] = {
        CHARACTERISTIC_BATTERY,         CHARACTERISTIC_MODEL,
        CHARACTERISTIC_FIRMWARE,        CHARACTERISTIC_MANUFACTURER,
        CHARACTERISTIC_HEART,           CHARACTERISTIC_HEART_LOCATION,
        CHARACTERISTIC_HEART_CONTROL,   CHARACTERISTIC_STRIDE,
        CHARACTERISTIC_STRIDE_FEATURE,  CHARACTERISTIC_STRIDE_CONTROL,
        CHARACTERISTIC_STRIDE_LOCATION, CHARACTERISTIC_POWER,
        CHARACTERISTIC_MACHINE_FEATURE, CHARACTERISTIC_TREADMILL,
        CHARACTERISTIC_TRAINING,        CHARACTERISTIC_SPEED_RANGE,
        CHARACTERISTIC_SLOPE_RANGE,     CHARACTERISTIC_MACHINE_STATUS,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(used); i++)
        if (used[i] == number)
            return true;
    return false;
}

static bool characteristic_room(Mirror *mirror, const char *path, const char *device)
{
    guint of_device = 0;
    GHashTableIter iter;
    gpointer value;
    if (g_hash_table_contains(mirror->characteristics, path))
        return true; // takes its own place
    g_hash_table_iter_init(&iter, mirror->characteristics);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        of_device += g_str_equal(((const MirrorCharacteristic *)value)->device, device);
    return of_device < MIRROR_CHARACTERISTICS_DEVICE &&
           g_hash_table_size(mirror->characteristics) < MIRROR_CHARACTERISTICS_MAX;
}

static void add_characteristic(Mirror *mirror, const char *path, GVariant *properties)
{
    const char *uuid;
    if (!g_variant_lookup(properties, "UUID", "&s", &uuid) || !of_use(uuid_short(uuid)))
        return;
    // …/dev_XX/serviceNNNN/charNNNN
    g_autofree char *service = g_path_get_dirname(path);
    g_autofree char *device = g_path_get_dirname(service);
    if (!characteristic_room(mirror, path, device))
        return;
    MirrorCharacteristic *characteristic = g_new0(MirrorCharacteristic, 1);
    characteristic->path = g_strdup(path);
    characteristic->device = g_steal_pointer(&device);
    characteristic->serial = ++mirror->serial;
    characteristic_update(characteristic, properties);
    g_hash_table_replace(mirror->characteristics, characteristic->path, characteristic);
}

void mirror_add(Mirror *mirror, const char *path, GVariant *interfaces, bool fresh, Usec now)
{
    GVariantIter iter;
    const char *interface;
    GVariant *properties;
    g_variant_iter_init(&iter, interfaces);
    while (g_variant_iter_loop(&iter, "{&s@a{sv}}", &interface, &properties)) {
        if (g_str_equal(interface, ADAPTER)) {
            MirrorAdapter *adapter = g_new0(MirrorAdapter, 1);
            adapter->path = g_strdup(path);
            adapter->serial = ++mirror->serial;
            adapter_update(mirror, adapter, properties);
            g_hash_table_replace(mirror->adapters, adapter->path, adapter);
        } else if (g_str_equal(interface, DEVICE)) {
            add_device(mirror, path, properties, fresh, now);
        } else if (g_str_equal(interface, CHARACTERISTIC)) {
            add_characteristic(mirror, path, properties);
        } else if (g_str_equal(interface, TRANSPORT)) {
            transport_update(mirror, path, properties);
        }
    }
    // The battery comes on the device's own path, after or together with it.
    g_autoptr(GVariant) battery =
        g_variant_lookup_value(interfaces, BATTERY, G_VARIANT_TYPE_VARDICT);
    MirrorDevice *device = g_hash_table_lookup(mirror->devices, path);
    if (battery && device)
        battery_update(device, battery);
}

void mirror_add_missing(Mirror *mirror, const char *path, GVariant *interfaces, Usec now)
{
    char address[18];
    const char *text;
    g_autoptr(GVariant) device = g_variant_lookup_value(interfaces, DEVICE, G_VARIANT_TYPE_VARDICT);
    if (device && !g_hash_table_contains(mirror->devices, path) &&
        g_variant_lookup(device, "Address", "&s", &text) && address_normalize(text, address) &&
        g_hash_table_contains(mirror->enrolled, address))
        mirror_add(mirror, path, interfaces, false, now);
}

static gboolean within(gpointer key, gpointer value, gpointer data)
{
    const MirrorCharacteristic *characteristic = value;
    return g_strcmp0(characteristic->device, data) == 0;
}

void mirror_remove(Mirror *mirror, const char *path, const char *const *interfaces)
{
    MirrorDevice *device = g_hash_table_lookup(mirror->devices, path);
    if (device && g_strv_contains(interfaces, BATTERY))
        device->battery = -1;
    if (device && g_strv_contains(interfaces, DEVICE)) {
        g_hash_table_foreach_remove(mirror->characteristics, within, (gpointer)path);
        g_hash_table_remove(mirror->devices, path);
    }
    if (g_strv_contains(interfaces, ADAPTER))
        g_hash_table_remove(mirror->adapters, path);
    if (g_strv_contains(interfaces, CHARACTERISTIC))
        g_hash_table_remove(mirror->characteristics, path);
    if (g_strv_contains(interfaces, TRANSPORT))
        g_hash_table_remove(mirror->playing, path);
}

bool mirror_update(Mirror *mirror, const char *path, const char *interface, GVariant *changed,
                   const char *const *invalidated, Usec now)
{
    if (g_str_equal(interface, ADAPTER)) {
        MirrorAdapter *adapter = g_hash_table_lookup(mirror->adapters, path);
        return adapter && adapter_update(mirror, adapter, changed);
    }
    if (g_str_equal(interface, CHARACTERISTIC)) {
        MirrorCharacteristic *characteristic = g_hash_table_lookup(mirror->characteristics, path);
        return characteristic && characteristic_update(characteristic, changed);
    }
    if (g_str_equal(interface, TRANSPORT))
        return transport_update(mirror, path, changed);
    MirrorDevice *device = g_hash_table_lookup(mirror->devices, path);
    if (!device)
        return false;
    if (g_str_equal(interface, BATTERY))
        return battery_update(device, changed);
    if (!g_str_equal(interface, DEVICE))
        return false;
    bool kept = device_update(mirror, device, changed, now);
    if (g_strv_contains(invalidated, "RSSI")) {
        device->rssi = 0; // a discovery has ended
        kept = true;
    }
    return kept;
}

static bool adapter_is(const MirrorAdapter *adapter, const char *preferred)
{
    const char *name = strrchr(adapter->path, '/');
    return preferred && ((name && g_str_equal(name + 1, preferred)) ||
                         g_ascii_strcasecmp(adapter->address, preferred) == 0);
}

const MirrorAdapter *mirror_adapter(const Mirror *mirror, const char *current,
                                    const char *preferred, bool settled)
{
    const MirrorAdapter *best = NULL;
    guint best_rank = 0;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, mirror->adapters);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const MirrorAdapter *adapter = value;
        bool is_current = g_strcmp0(adapter->path, current) == 0;
        bool is_preferred = adapter_is(adapter, preferred);
        guint rank = (adapter->powered ? 8 : 0) + (is_current && settled ? 4 : 0) +
                     (is_preferred ? 2 : 0) + (is_current ? 1 : 0);
        if (!best || rank > best_rank ||
            (rank == best_rank && strcmp(adapter->path, best->path) < 0)) {
            best = adapter;
            best_rank = rank;
        }
    }
    return best;
}

bool mirror_in_use(const Mirror *mirror, const char *adapter)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, mirror->devices);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const MirrorDevice *device = value;
        if (device->connected && g_strcmp0(device->adapter, adapter) == 0 &&
            !g_hash_table_contains(mirror->enrolled, device->address))
            return true;
    }
    return false;
}

const MirrorDevice *mirror_device(const Mirror *mirror, const char *adapter, const char *address)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, mirror->devices);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const MirrorDevice *device = value;
        if (g_str_equal(device->address, address) && g_strcmp0(device->adapter, adapter) == 0)
            return device;
    }
    return NULL;
}

static bool better(const MirrorCharacteristic *one, const MirrorCharacteristic *other)
{
    if (!other || one->notifies != other->notifies)
        return !other || one->notifies;
    return strcmp(one->path, other->path) < 0;
}

const MirrorCharacteristic *mirror_characteristic(const Mirror *mirror, const MirrorDevice *device,
                                                  guint16 number)
{
    const MirrorCharacteristic *first = NULL;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, mirror->characteristics);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const MirrorCharacteristic *characteristic = value;
        if (characteristic->number == number && g_str_equal(characteristic->device, device->path) &&
            better(characteristic, first))
            first = characteristic;
    }
    return first;
}

const MirrorCharacteristic *mirror_beside(const Mirror *mirror, const MirrorCharacteristic *anchor,
                                          guint16 number)
{
    const MirrorCharacteristic *first = NULL;
    GHashTableIter iter;
    gpointer value;
    if (!anchor)
        return NULL;
    gsize service = (gsize)(strrchr(anchor->path, '/') - anchor->path) + 1;
    g_hash_table_iter_init(&iter, mirror->characteristics);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const MirrorCharacteristic *characteristic = value;
        if (characteristic->number == number &&
            strncmp(characteristic->path, anchor->path, service) == 0 &&
            better(characteristic, first))
            first = characteristic;
    }
    return first;
}
