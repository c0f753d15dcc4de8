// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The GATT objects of one device. What was hard is to keep apart the two memories of a
// subscription: BlueZ's (who asked, `holders`) and the sensor's (`configured`, its CCC descriptor),
// for most trouble with real sensors begins where they differ.

#include "sim/gatt.h"

#include <string.h>

#include "sim/bluez-info.h"

#define FIRST_HANDLE 8 // after the generic access service, which BlueZ keeps to itself
#define MTU          517
#define CCC          0x2902

typedef struct {
    Gatt *gatt;
    const ServiceSpec *spec;
    char *path;
    Facet *facet;
} Service;

typedef struct {
    Gatt *gatt;
    const CharacteristicSpec *spec;
    const char *service; // path
    char *path;
    Facet *facet, *descriptor;
    GByteArray *value; // the last one BlueZ has seen
    Holders *holders;
    gboolean configured;
} Characteristic;

struct Gatt {
    Tree *tree;
    char *device;
    gboolean up;
    GPtrArray *services, *characteristics;
};

static const CharacteristicSpec GENERIC_ATTRIBUTE[] = {{0x2a05, {"indicate"}, NULL, 0}, {0}};
static const ServiceSpec GENERIC = {0x1801, GENERIC_ATTRIBUTE};

void uuid_text(uint16_t uuid, char ret_text[37])
{
    g_snprintf(ret_text, 37, "0000%04x-0000-1000-8000-00805f9b34fb", uuid);
}

static GVariant *uuid_variant(uint16_t uuid)
{
    char text[37];
    uuid_text(uuid, text);
    return g_variant_new_string(text);
}

static GVariant *bytes_variant(const void *bytes, size_t length)
{
    return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, length, 1);
}

static gboolean has_flag(const Characteristic *characteristic, const char *flag)
{
    for (guint i = 0; i < G_N_ELEMENTS(characteristic->spec->flags); i++) {
        if (g_strcmp0(characteristic->spec->flags[i], flag) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean can_notify(const Characteristic *characteristic)
{
    return has_flag(characteristic, "notify") || has_flag(characteristic, "indicate");
}

static GVariant *service_get(gpointer self, const char *property)
{
    Service *service = self;
    if (strcmp(property, "UUID") == 0)
        return uuid_variant(service->spec->uuid);
    if (strcmp(property, "Device") == 0)
        return g_variant_new_object_path(service->gatt->device);
    if (strcmp(property, "Primary") == 0)
        return g_variant_new_boolean(TRUE);
    return g_variant_new_array(G_VARIANT_TYPE_OBJECT_PATH, NULL, 0);
}

static GVariant *characteristic_get(gpointer self, const char *property)
{
    Characteristic *characteristic = self;
    if (strcmp(property, "UUID") == 0)
        return uuid_variant(characteristic->spec->uuid);
    if (strcmp(property, "Service") == 0)
        return g_variant_new_object_path(characteristic->service);
    if (strcmp(property, "Value") == 0)
        return bytes_variant(characteristic->value->data, characteristic->value->len);
    if (strcmp(property, "Flags") == 0) {
        gssize count = 0;
        while (count < (gssize)G_N_ELEMENTS(characteristic->spec->flags) &&
               characteristic->spec->flags[count])
            count++;
        return g_variant_new_strv(characteristic->spec->flags, count);
    }
    if (strcmp(property, "MTU") == 0)
        return characteristic->gatt->up ? g_variant_new_uint16(MTU) : NULL;
    if (!can_notify(characteristic))
        return NULL;
    if (strcmp(property, "Notifying") == 0)
        return g_variant_new_boolean(holders_count(characteristic->holders) > 0);
    return has_flag(characteristic, "notify") ? g_variant_new_boolean(FALSE) : NULL;
}

static GVariant *descriptor_get(gpointer self, const char *property)
{
    Characteristic *characteristic = self;
    if (strcmp(property, "UUID") == 0)
        return uuid_variant(CCC);
    if (strcmp(property, "Characteristic") == 0)
        return g_variant_new_object_path(characteristic->path);
    return bytes_variant(NULL, 0);
}

static void set_value(Characteristic *characteristic, const void *bytes, size_t length)
{
    g_byte_array_set_size(characteristic->value, 0);
    g_byte_array_append(characteristic->value, bytes, (guint)length);
    facet_changed(characteristic->facet, "Value", NULL);
}

static void read_value(Characteristic *characteristic, GDBusMethodInvocation *invocation)
{
    if (!characteristic->gatt->up) {
        tree_refuse(invocation, "Failed", "Not connected");
    } else if (!characteristic->spec->value) {
        tree_refuse(invocation, "NotPermitted", "Read not permitted");
    } else {
        set_value(characteristic, characteristic->spec->value, characteristic->spec->length);
        GVariant *value = bytes_variant(characteristic->spec->value, characteristic->spec->length);
        g_dbus_method_invocation_return_value(invocation, g_variant_new("(@ay)", value));
    }
}

static void start_notify(Characteristic *characteristic, GDBusMethodInvocation *invocation)
{
    const char *sender = g_dbus_method_invocation_get_sender(invocation);
    gboolean up = characteristic->gatt->up;
    if (!can_notify(characteristic)) {
        tree_refuse(invocation, "NotSupported", "Operation is not supported");
    } else if (holders_has(characteristic->holders, sender)) {
        if (up)
            tree_reply(invocation);
        else
            tree_refuse(invocation, "InProgress", "In Progress");
    } else if (!up) {
        tree_refuse(invocation, "NotConnected", "Not Connected");
    } else {
        holders_add(characteristic->holders, sender);
        if (holders_count(characteristic->holders) == 1) {
            characteristic->configured = TRUE;
            facet_changed(characteristic->facet, "Notifying", NULL);
        }
        tree_reply(invocation);
    }
}

static void subscription_ended(const char *sender, gpointer data)
{
    Characteristic *characteristic = data;
    if (holders_count(characteristic->holders) > 0)
        return;
    characteristic->configured = FALSE;
    facet_changed(characteristic->facet, "Notifying", NULL);
}

static void stop_notify(Characteristic *characteristic, GDBusMethodInvocation *invocation)
{
    const char *sender = g_dbus_method_invocation_get_sender(invocation);
    if (holders_remove(characteristic->holders, sender)) {
        subscription_ended(sender, characteristic);
        tree_reply(invocation);
    } else {
        tree_refuse(invocation, "Failed", "No notify session started");
    }
}

static void characteristic_call(gpointer self, GDBusMethodInvocation *invocation,
                                const char *method, GVariant *arguments)
{
    if (strcmp(method, "StartNotify") == 0)
        start_notify(self, invocation);
    else if (strcmp(method, "StopNotify") == 0)
        stop_notify(self, invocation);
    else if (strcmp(method, "ReadValue") == 0)
        read_value(self, invocation);
    else
        tree_refuse(invocation, "NotSupported", "Operation is not supported");
}

static void descriptor_call(gpointer self, GDBusMethodInvocation *invocation, const char *method,
                            GVariant *arguments)
{
    Characteristic *characteristic = self;
    if (strcmp(method, "ReadValue") != 0) {
        tree_refuse(invocation, "NotPermitted", "Write not permitted");
        return;
    }
    const uint8_t value[] = {characteristic->configured, 0};
    g_dbus_method_invocation_return_value(
        invocation, g_variant_new("(@ay)", bytes_variant(value, sizeof value)));
}

static const FacetClass SERVICE = {&org_bluez_gatt_service1_interface, NULL, service_get, NULL};
static const FacetClass CHARACTERISTIC = {&org_bluez_gatt_characteristic1_interface,
                                          characteristic_call, characteristic_get, NULL};
static const FacetClass DESCRIPTOR = {&org_bluez_gatt_descriptor1_interface, descriptor_call,
                                      descriptor_get, NULL};

// Returns the next free handle.
static guint add_characteristic(Service *service, const CharacteristicSpec *spec, guint handle)
{
    Gatt *gatt = service->gatt;
    Characteristic *characteristic = g_new0(Characteristic, 1);
    characteristic->gatt = gatt;
    characteristic->spec = spec;
    characteristic->service = service->path;
    characteristic->path = g_strdup_printf("%s/char%04x", service->path, handle);
    characteristic->value = g_byte_array_new();
    characteristic->holders = holders_new(tree_bus(gatt->tree), subscription_ended, characteristic);
    characteristic->facet =
        tree_add(gatt->tree, characteristic->path, &CHARACTERISTIC, characteristic);
    g_ptr_array_add(gatt->characteristics, characteristic);
    if (!can_notify(characteristic))
        return handle + 2;
    g_autofree char *path = g_strdup_printf("%s/desc%04x", characteristic->path, handle + 2);
    characteristic->descriptor = tree_add(gatt->tree, path, &DESCRIPTOR, characteristic);
    return handle + 3;
}

static guint add_service(Gatt *gatt, const ServiceSpec *spec, guint handle)
{
    Service *service = g_new0(Service, 1);
    *service = (Service){.gatt = gatt, .spec = spec};
    service->path = g_strdup_printf("%s/service%04x", gatt->device, handle++);
    service->facet = tree_add(gatt->tree, service->path, &SERVICE, service);
    g_ptr_array_add(gatt->services, service);
    for (const CharacteristicSpec *c = spec->characteristics; c->uuid; c++)
        handle = add_characteristic(service, c, handle);
    return handle;
}

Gatt *gatt_new(Tree *tree, const char *device, const ServiceSpec *services)
{
    Gatt *gatt = g_new0(Gatt, 1);
    *gatt = (Gatt){.tree = tree, .device = g_strdup(device), .up = TRUE};
    gatt->services = g_ptr_array_new();
    gatt->characteristics = g_ptr_array_new();
    guint handle = add_service(gatt, &GENERIC, FIRST_HANDLE);
    for (; services->uuid; services++)
        handle = add_service(gatt, services, handle);
    return gatt;
}

static void remove_characteristic(Characteristic *characteristic)
{
    tree_remove(characteristic->descriptor);
    tree_remove(characteristic->facet);
    holders_free(characteristic->holders);
    g_byte_array_unref(characteristic->value);
    g_free(characteristic->path);
    g_free(characteristic);
}

// As BlueZ does: in the order of handles, but children before their parents.
void gatt_free(Gatt *gatt)
{
    if (!gatt)
        return;
    for (guint i = 0, c = 0; i < gatt->services->len; i++) {
        Service *service = gatt->services->pdata[i];
        for (; c < gatt->characteristics->len; c++) {
            Characteristic *characteristic = gatt->characteristics->pdata[c];
            if (characteristic->service != service->path)
                break;
            remove_characteristic(characteristic);
        }
        tree_remove(service->facet);
        g_free(service->path);
        g_free(service);
    }
    g_ptr_array_unref(gatt->characteristics);
    g_ptr_array_unref(gatt->services);
    g_free(gatt->device);
    g_free(gatt);
}

void gatt_link(Gatt *gatt, gboolean up)
{
    gatt->up = up;
    for (guint i = 0; i < gatt->characteristics->len; i++) {
        Characteristic *characteristic = gatt->characteristics->pdata[i];
        characteristic->configured = up && holders_count(characteristic->holders) > 0;
    }
}

gboolean gatt_notify(Gatt *gatt, uint16_t uuid, const uint8_t *bytes, size_t length)
{
    for (guint i = 0; i < gatt->characteristics->len; i++) {
        Characteristic *characteristic = gatt->characteristics->pdata[i];
        if (characteristic->spec->uuid != uuid || !characteristic->configured)
            continue;
        set_value(characteristic, bytes, length);
        return TRUE;
    }
    return FALSE;
}

void gatt_forget_subscribers(Gatt *gatt)
{
    for (guint i = 0; i < gatt->characteristics->len; i++)
        ((Characteristic *)gatt->characteristics->pdata[i])->configured = FALSE;
}
