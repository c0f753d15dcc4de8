// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Services, and which characteristic is whose.

#include "sim/gatt.h"

#include <string.h>

#include "sim/bluez-info.h"

#define FIRST_HANDLE 8 // after the generic access service, which BlueZ keeps to itself
#define BATTERY      0x180f

typedef struct {
    const ServiceSpec *spec;
    const char *device;
    char *path;
    Facet *facet;
} Service;

struct Gatt {
    const Peer *peer;
    char *device;
    GPtrArray *services, *characteristics;
};

static const CharacteristicSpec GENERIC_ATTRIBUTE[] = {{0x2a05, {"indicate"}, NULL, 0}, {0}};
static const ServiceSpec GENERIC = {0x1801, GENERIC_ATTRIBUTE};

static GVariant *service_get(gpointer self, const char *property)
{
    Service *service = self;
    if (strcmp(property, "UUID") == 0)
        return uuid_variant(service->spec->uuid);
    if (strcmp(property, "Device") == 0)
        return g_variant_new_object_path(service->device);
    if (strcmp(property, "Primary") == 0)
        return g_variant_new_boolean(TRUE);
    return g_variant_new_array(G_VARIANT_TYPE_OBJECT_PATH, NULL, 0);
}

// Returns the next free handle.
static guint add_service(Gatt *gatt, const ServiceSpec *spec, guint handle)
{
    static const FacetClass class = {&org_bluez_gatt_service1_interface, NULL, service_get, NULL};
    Service *service = g_new0(Service, 1);
    *service = (Service){.spec = spec, .device = gatt->device};
    service->path = g_strdup_printf("%s/service%04x", gatt->device, handle++);
    // BlueZ's battery plugin takes this one and shows Battery1 in its place.
    gboolean hidden = spec->uuid == BATTERY;
    if (!hidden)
        service->facet = tree_add(gatt->peer->tree, service->path, &class, service);
    g_ptr_array_add(gatt->services, service);
    for (const CharacteristicSpec *c = spec->characteristics; c->uuid; c++) {
        if (!hidden)
            g_ptr_array_add(gatt->characteristics,
                            characteristic_new(gatt->peer, c, service->path, handle));
        handle += characteristic_handles(c);
    }
    return handle;
}

Gatt *gatt_new(const Peer *peer, const char *device, const ServiceSpec *services)
{
    Gatt *gatt = g_new0(Gatt, 1);
    *gatt = (Gatt){.peer = peer, .device = g_strdup(device)};
    gatt->services = g_ptr_array_new();
    gatt->characteristics = g_ptr_array_new();
    guint handle = add_service(gatt, &GENERIC, FIRST_HANDLE);
    for (; services->uuid; services++)
        handle = add_service(gatt, services, handle);
    return gatt;
}

// As BlueZ does: in the order of handles, but children before their parents.
void gatt_free(Gatt *gatt)
{
    if (!gatt)
        return;
    for (guint i = 0, c = 0; i < gatt->services->len; i++) {
        Service *service = gatt->services->pdata[i];
        while (c < gatt->characteristics->len &&
               characteristic_service(gatt->characteristics->pdata[c]) == service->path)
            characteristic_free(gatt->characteristics->pdata[c++]);
        tree_remove(service->facet);
        g_free(service->path);
        g_free(service);
    }
    g_ptr_array_unref(gatt->characteristics);
    g_ptr_array_unref(gatt->services);
    g_free(gatt->device);
    g_free(gatt);
}

void gatt_link(Gatt *gatt)
{
    for (guint i = 0; i < gatt->characteristics->len; i++)
        characteristic_link(gatt->characteristics->pdata[i]);
}

gboolean gatt_notify(Gatt *gatt, uint16_t uuid, const uint8_t *bytes, size_t length)
{
    for (guint i = 0; i < gatt->characteristics->len; i++) {
        Characteristic *characteristic = gatt->characteristics->pdata[i];
        if (characteristic_uuid(characteristic) == uuid &&
            characteristic_configured(characteristic))
            return characteristic_notify(characteristic, bytes, length);
    }
    return FALSE;
}

gboolean gatt_configured(Gatt *gatt, uint16_t uuid)
{
    for (guint i = 0; i < gatt->characteristics->len; i++) {
        Characteristic *characteristic = gatt->characteristics->pdata[i];
        if ((uuid == 0 || characteristic_uuid(characteristic) == uuid) &&
            characteristic_configured(characteristic))
            return TRUE;
    }
    return FALSE;
}

void gatt_forget_subscribers(Gatt *gatt)
{
    for (guint i = 0; i < gatt->characteristics->len; i++)
        characteristic_forget_subscribers(gatt->characteristics->pdata[i]);
}
