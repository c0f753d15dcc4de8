// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Adapter1. A discovery belongs to the client that started it, and so does its filter; the adapter
// discovers while anybody's runs.

#include "sim/adapter.h"

#include <string.h>

#include "sim/bluez-info.h"
#include "sim/crowd.h"
#include "sim/gatt.h"

#define FIRST_SIGHT_MS 50

struct Adapter {
    Controller controller;
    Facet *facet; // NULL: pulled out
    char address[18];
    char *alias;
    GPtrArray *devices;
    Crowd *crowd;
    Facet *audio; // the transport to headphones on which audio plays; NULL: silence
    Holders *discoverers;
    Holders *filterers;
    GHashTable *filters; // sender → GStrv of UUIDs
    guint first_sight;
    guint busy; // refusals to come
    gboolean blocked, restore;
    gboolean deaf; // to being switched on
};

static GVariant *adapter_get(gpointer self, const char *property)
{
    static const char *const roles[] = {"central", "peripheral", NULL};
    Adapter *adapter = self;
    if (strcmp(property, "Address") == 0)
        return g_variant_new_string(adapter->address);
    if (strcmp(property, "AddressType") == 0)
        return g_variant_new_string("public");
    if (strcmp(property, "Name") == 0)
        return g_variant_new_string("paced-sim");
    if (strcmp(property, "Alias") == 0)
        return g_variant_new_string(adapter->alias);
    if (strcmp(property, "Class") == 0 || g_str_has_suffix(property, "Timeout"))
        return g_variant_new_uint32(0);
    if (strcmp(property, "Powered") == 0)
        return g_variant_new_boolean(adapter->controller.powered);
    if (strcmp(property, "Discovering") == 0)
        return g_variant_new_boolean(holders_count(adapter->discoverers) > 0);
    if (strcmp(property, "UUIDs") == 0)
        return g_variant_new_strv(NULL, 0);
    if (strcmp(property, "Modalias") == 0)
        return g_variant_new_string("usb:v1D6Bp0246d0542");
    if (strcmp(property, "Roles") == 0)
        return g_variant_new_strv(roles, -1);
    return g_variant_new_boolean(FALSE); // Discoverable, Pairable
}

// Whether some client's discovery lets a service through.
static gboolean wanted(Adapter *adapter, uint16_t service)
{
    char uuid[37], brief[5];
    uuid_text(service, uuid);
    g_snprintf(brief, sizeof brief, "%04x", service);
    GHashTableIter senders;
    gpointer sender, filter;
    guint filtered = 0;
    g_hash_table_iter_init(&senders, adapter->filters);
    while (g_hash_table_iter_next(&senders, &sender, &filter)) {
        if (!holders_has(adapter->discoverers, sender) || !*(GStrv)filter)
            continue;
        filtered++;
        if (g_strv_contains(filter, uuid) || g_strv_contains(filter, brief))
            return TRUE;
    }
    return filtered < holders_count(adapter->discoverers);
}

static void sight(Adapter *adapter, Device *device)
{
    if (holders_count(adapter->discoverers) == 0 || !device_advertises(device))
        return;
    gboolean is_wanted = FALSE;
    for (const uint16_t *service = sensor_advertised(device_sensor(device)); *service; service++)
        is_wanted = is_wanted || wanted(adapter, *service);
    if (is_wanted)
        device_seen(device);
}

static gboolean crowd_wanted(uint16_t service, gpointer data)
{
    return wanted(data, service);
}

static void hear_crowd(Adapter *adapter)
{
    if (adapter->crowd && holders_count(adapter->discoverers) > 0)
        crowd_heard(adapter->crowd, crowd_wanted, adapter);
}

static gboolean on_first_sight(gpointer data)
{
    Adapter *adapter = data;
    adapter->first_sight = 0;
    for (guint i = 0; i < adapter->devices->len; i++)
        sight(adapter, adapter->devices->pdata[i]);
    hear_crowd(adapter);
    return G_SOURCE_REMOVE;
}

static void unsee_all(Adapter *adapter)
{
    g_clear_handle_id(&adapter->first_sight, g_source_remove);
    for (guint i = 0; i < adapter->devices->len; i++)
        device_unseen(adapter->devices->pdata[i]);
    if (adapter->crowd)
        crowd_unheard(adapter->crowd);
}

static void discovery_ended(const char *sender, gpointer data)
{
    Adapter *adapter = data;
    if (holders_count(adapter->discoverers) > 0)
        return;
    unsee_all(adapter);
    facet_changed(adapter->facet, "Discovering", NULL);
}

static void filterer_left(const char *sender, gpointer data)
{
    g_hash_table_remove(((Adapter *)data)->filters, sender);
}

static void start_discovery(Adapter *adapter, GDBusMethodInvocation *invocation)
{
    if (!holders_add(adapter->discoverers, g_dbus_method_invocation_get_sender(invocation))) {
        tree_refuse(invocation, "InProgress", "Operation already in progress");
        return;
    }
    tree_reply(invocation);
    if (holders_count(adapter->discoverers) == 1)
        facet_changed(adapter->facet, "Discovering", NULL);
    if (!adapter->first_sight)
        adapter->first_sight = g_timeout_add(FIRST_SIGHT_MS, on_first_sight, adapter);
}

static void stop_discovery(Adapter *adapter, GDBusMethodInvocation *invocation)
{
    const char *sender = g_dbus_method_invocation_get_sender(invocation);
    if (!holders_has(adapter->discoverers, sender)) {
        tree_refuse(invocation, "Failed", "No discovery started");
        return;
    }
    tree_reply(invocation);
    holders_remove(adapter->discoverers, sender);
    discovery_ended(sender, adapter);
}

static void set_filter(Adapter *adapter, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *sender = g_dbus_method_invocation_get_sender(invocation);
    g_autoptr(GVariant) filter = g_variant_get_child_value(arguments, 0);
    g_auto(GStrv) uuids = NULL;
    if (!g_variant_lookup(filter, "UUIDs", "^as", &uuids))
        uuids = g_new0(char *, 1);
    for (char **uuid = uuids; *uuid; uuid++) {
        for (char *letter = *uuid; *letter; letter++)
            *letter = g_ascii_tolower(*letter);
    }
    g_hash_table_replace(adapter->filters, g_strdup(sender), g_steal_pointer(&uuids));
    holders_add(adapter->filterers, sender);
    tree_reply(invocation);
}

static void remove_device(Adapter *adapter, GDBusMethodInvocation *invocation, GVariant *arguments)
{
    const char *path;
    g_variant_get(arguments, "(&o)", &path);
    for (guint i = 0; i < adapter->devices->len; i++) {
        Device *device = adapter->devices->pdata[i];
        if (device_exported(device) && strcmp(device_path(device), path) == 0) {
            device_remove(device, invocation);
            return;
        }
    }
    if (adapter->crowd && crowd_forget(adapter->crowd, path))
        tree_reply(invocation);
    else
        tree_refuse(invocation, "DoesNotExist", "Does Not Exist");
}

static void get_filters(GDBusMethodInvocation *invocation)
{
    static const char *const names[] = {"UUIDs",     "RSSI",          "Pathloss",
                                        "Transport", "DuplicateData", NULL};
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(^as)", names));
}

static void adapter_call(gpointer self, GDBusMethodInvocation *invocation, const char *method,
                         GVariant *arguments)
{
    Adapter *adapter = self;
    if (g_str_has_suffix(method, "Discovery") && !adapter->controller.powered)
        tree_refuse(invocation, "NotReady", "Resource Not Ready");
    else if (strcmp(method, "StartDiscovery") == 0)
        start_discovery(adapter, invocation);
    else if (strcmp(method, "StopDiscovery") == 0)
        stop_discovery(adapter, invocation);
    else if (strcmp(method, "SetDiscoveryFilter") == 0)
        set_filter(adapter, invocation, arguments);
    else if (strcmp(method, "RemoveDevice") == 0)
        remove_device(adapter, invocation, arguments);
    else
        get_filters(invocation);
}

static void drop_all(Adapter *adapter)
{
    for (guint i = 0; i < adapter->devices->len; i++)
        device_drop(adapter->devices->pdata[i]);
}

void adapter_power(Adapter *adapter, gboolean on)
{
    if (!adapter->facet || adapter->controller.powered == on)
        return;
    adapter->controller.powered = on;
    if (on) {
        facet_changed(adapter->facet, "Powered", NULL);
        return;
    }
    drop_all(adapter);
    unsee_all(adapter);
    holders_clear(adapter->discoverers);
    facet_changed(adapter->facet, "Powered", "Discovering", NULL);
}

static void adapter_set(gpointer self, GDBusMethodInvocation *invocation, const char *property,
                        GVariant *value)
{
    Adapter *adapter = self;
    if (strcmp(property, "Powered") == 0 && adapter->busy > 0) {
        adapter->busy--;
        tree_refuse(invocation, "Busy", "");
        return;
    }
    if (strcmp(property, "Powered") == 0 && adapter->blocked && g_variant_get_boolean(value)) {
        tree_refuse(invocation, "Blocked", "Blocked through rfkill");
        return;
    }
    if (strcmp(property, "Powered") == 0) {
        gboolean on = g_variant_get_boolean(value);
        if (!on)
            drop_all(adapter);
        tree_reply(invocation);
        if (!on || !adapter->deaf)
            adapter_power(adapter, on);
        return;
    }
    g_free(adapter->alias);
    adapter->alias = g_variant_dup_string(value, NULL);
    facet_changed(adapter->facet, "Alias", NULL);
    tree_reply(invocation);
}

void adapter_be_busy(Adapter *adapter, guint times)
{
    adapter->busy = times;
}

void adapter_be_deaf(Adapter *adapter, gboolean deaf)
{
    adapter->deaf = deaf;
}

void adapter_plug(Adapter *adapter, gboolean present)
{
    static const FacetClass class = {&org_bluez_adapter1_interface, adapter_call, adapter_get,
                                     adapter_set};
    if (present == (adapter->facet != NULL))
        return;
    if (present) {
        adapter->controller.powered = adapter->busy == 0 && !adapter->blocked && !adapter->deaf;
        adapter->facet =
            tree_add(adapter->controller.tree, adapter->controller.path, &class, adapter);
        return;
    }
    adapter_power(adapter, FALSE);
    for (guint i = 0; i < adapter->devices->len; i++)
        device_forget(adapter->devices->pdata[i]);
    g_clear_pointer(&adapter->crowd, crowd_free);
    adapter_play(adapter, FALSE);
    tree_remove(g_steal_pointer(&adapter->facet));
}

void adapter_block(Adapter *adapter, gboolean blocked)
{
    if (adapter->blocked == blocked)
        return;
    adapter->blocked = blocked;
    if (blocked)
        adapter->restore = adapter->controller.powered;
    adapter_power(adapter, !blocked && adapter->restore);
}

static GVariant *transport_get(gpointer self, const char *property)
{
    return g_variant_new_string("active"); // its State
}

void adapter_play(Adapter *adapter, gboolean plays)
{
    static const FacetClass class = {.info = &org_bluez_media_transport1_interface,
                                     .get = transport_get};
    if (plays == (adapter->audio != NULL) || (plays && !adapter->facet))
        return;
    g_autofree char *path =
        g_strconcat(adapter->controller.path, "/dev_00_AA_03_00_00_00/fd0", NULL);
    if (plays)
        adapter->audio = tree_add(adapter->controller.tree, path, &class, adapter);
    else
        tree_remove(g_steal_pointer(&adapter->audio));
}

void adapter_crowd(Adapter *adapter, guint count)
{
    if (!adapter->facet)
        return;
    if (!adapter->crowd)
        adapter->crowd = crowd_new(&adapter->controller);
    crowd_grow(adapter->crowd, count);
    hear_crowd(adapter);
}

void adapter_hear(Adapter *adapter, const Sensor *sensor)
{
    sight(adapter, adapter_device(adapter, sensor));
}

Adapter *adapter_new(Tree *tree, guint number, GPtrArray *sensors, GHashTable *links,
                     double temporary_s)
{
    Adapter *adapter = g_new0(Adapter, 1);
    adapter->controller = (Controller){.tree = tree,
                                       .path = g_strdup_printf("/org/bluez/hci%u", number),
                                       .powered = TRUE,
                                       .temporary_s = temporary_s,
                                       .links = links};
    g_snprintf(adapter->address, sizeof adapter->address, "00:AA:01:%02X:00:00", number & 0xff);
    adapter->alias = g_strdup("paced-sim");
    adapter->discoverers = holders_new(tree_bus(tree), discovery_ended, adapter);
    adapter->filterers = holders_new(tree_bus(tree), filterer_left, adapter);
    adapter->filters =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
    adapter->devices = g_ptr_array_new_with_free_func((GDestroyNotify)device_free);
    for (guint i = 0; i < sensors->len; i++)
        g_ptr_array_add(adapter->devices, device_new(&adapter->controller, sensors->pdata[i]));
    adapter_plug(adapter, TRUE);
    return adapter;
}

void adapter_free(Adapter *adapter)
{
    adapter_plug(adapter, FALSE);
    g_ptr_array_unref(adapter->devices);
    holders_free(adapter->discoverers);
    holders_free(adapter->filterers);
    g_hash_table_unref(adapter->filters);
    g_free(adapter->alias);
    g_free(adapter->controller.path);
    g_free(adapter);
}

Device *adapter_device(Adapter *adapter, const Sensor *sensor)
{
    for (guint i = 0; i < adapter->devices->len; i++) {
        if (device_sensor(adapter->devices->pdata[i]) == sensor)
            return adapter->devices->pdata[i];
    }
    g_assert_not_reached();
}
