// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// As little of a device as a client can see of one it never connects.

#include "sim/crowd.h"

#include <string.h>

#include "sim/bluez-info.h"
#include "sim/characteristic.h"

#define TURN_MS      100
#define HEARD_SHARE  100 // one in so many each time
#define FORGET_SHARE 10  // bluetoothd has a timer for each, and none of them in step
#define AT_ONCE      20  // new faces; what is due on a link goes before the next ones

typedef struct {
    Crowd *crowd;
    guint number;
    Facet *facet; // NULL: not on the bus
    char *path;
    gint16 rssi;
} Passer;

struct Crowd {
    const Controller *controller;
    GPtrArray *passers;
    gboolean (*wanted)(uint16_t service, gpointer data);
    gpointer data;
    guint timer, next, arriving, arrived, forgetting, forgotten;
};

static uint16_t service_of(const Passer *passer)
{
    return passer->number % 2 ? 0x1814 : 0x180d;
}

static void address_of(const Passer *passer, char ret_address[18])
{
    g_snprintf(ret_address, 18, "C0:AA:02:%02X:%02X:%02X", passer->number >> 16 & 0xff,
               passer->number >> 8 & 0xff, passer->number & 0xff);
}

static GVariant *get(gpointer self, const char *property)
{
    const Passer *passer = self;
    char text[37];
    if (strcmp(property, "Address") == 0) {
        address_of(passer, text);
        return g_variant_new_string(text);
    }
    if (strcmp(property, "AddressType") == 0)
        return g_variant_new_string("random");
    if (strcmp(property, "Name") == 0 || strcmp(property, "Alias") == 0)
        return g_variant_new_printf("Passer-by %u", passer->number + 1);
    if (strcmp(property, "RSSI") == 0)
        return passer->rssi ? g_variant_new_int16(passer->rssi) : NULL;
    if (strcmp(property, "Adapter") == 0)
        return g_variant_new_object_path(passer->crowd->controller->path);
    if (strcmp(property, "UUIDs") == 0) {
        uuid_text(service_of(passer), text);
        const char *const uuids[] = {text, NULL};
        return g_variant_new_strv(uuids, -1);
    }
    if (strcmp(property, "ServiceData") == 0)
        return NULL;
    return g_variant_new_boolean(FALSE);
}

static void call(gpointer self, GDBusMethodInvocation *invocation, const char *method,
                 GVariant *arguments)
{
    tree_refuse(invocation, "Failed", "le-connection-abort-by-local");
}

static void set(gpointer self, GDBusMethodInvocation *invocation, const char *property,
                GVariant *value)
{
    tree_reply(invocation);
}

static void hide(Passer *passer)
{
    tree_remove(g_steal_pointer(&passer->facet));
    passer->rssi = 0;
}

static void passer_free(gpointer data)
{
    Passer *passer = data;
    hide(passer);
    g_free(passer->path);
    g_free(passer);
}

static void hear(Passer *passer)
{
    static const FacetClass class = {&org_bluez_device1_interface, call, get, set};
    Crowd *crowd = passer->crowd;
    if (!crowd->wanted(service_of(passer), crowd->data))
        return;
    passer->rssi = (gint16)(-90 + (passer->rssi + 1) % 5 - (gint16)(passer->number % 7));
    if (passer->facet)
        facet_changed(passer->facet, "RSSI", NULL);
    else
        passer->facet = tree_add(crowd->controller->tree, passer->path, &class, passer);
}

static guint one_in(guint share, const Crowd *crowd)
{
    return (crowd->passers->len + share - 1) / share;
}

static gboolean on_heard(gpointer data)
{
    Crowd *crowd = data;
    for (guint i = one_in(HEARD_SHARE, crowd); i > 0; i--)
        hear(crowd->passers->pdata[crowd->next++ % crowd->passers->len]);
    return G_SOURCE_CONTINUE;
}

// A few of them in a turn, and the source goes with the last.
static gboolean go_on(Crowd *crowd, guint *at, guint count, void (*act)(Passer *), guint *source)
{
    guint end = MIN(*at + count, crowd->passers->len);
    while (*at < end)
        act(crowd->passers->pdata[(*at)++]);
    if (end < crowd->passers->len)
        return G_SOURCE_CONTINUE;
    *source = 0;
    return G_SOURCE_REMOVE;
}

static gboolean on_forgetting(gpointer data)
{
    Crowd *crowd = data;
    return go_on(crowd, &crowd->forgotten, one_in(FORGET_SHARE, crowd), hide, &crowd->forgetting);
}

static gboolean on_arriving(gpointer data)
{
    Crowd *crowd = data;
    return go_on(crowd, &crowd->arrived, AT_ONCE, hear, &crowd->arriving);
}

static gboolean on_old(gpointer data)
{
    Crowd *crowd = data;
    crowd->forgotten = 0;
    crowd->forgetting = g_timeout_add(TURN_MS, on_forgetting, crowd);
    return G_SOURCE_REMOVE;
}

Crowd *crowd_new(const Controller *controller)
{
    Crowd *crowd = g_new0(Crowd, 1);
    crowd->controller = controller;
    crowd->passers = g_ptr_array_new_with_free_func(passer_free);
    return crowd;
}

void crowd_free(Crowd *crowd)
{
    g_clear_handle_id(&crowd->timer, g_source_remove);
    g_clear_handle_id(&crowd->arriving, g_source_remove);
    g_clear_handle_id(&crowd->forgetting, g_source_remove);
    g_ptr_array_unref(crowd->passers);
    g_free(crowd);
}

void crowd_grow(Crowd *crowd, guint count)
{
    for (guint i = 0; i < count; i++) {
        Passer *passer = g_new0(Passer, 1);
        *passer = (Passer){.crowd = crowd, .number = crowd->passers->len};
        char address[18];
        address_of(passer, address);
        g_strdelimit(address, ":", '_');
        passer->path = g_strconcat(crowd->controller->path, "/dev_", address, NULL);
        g_ptr_array_add(crowd->passers, passer);
    }
}

void crowd_heard(Crowd *crowd, gboolean (*wanted)(uint16_t service, gpointer data), gpointer data)
{
    crowd->wanted = wanted;
    crowd->data = data;
    g_clear_handle_id(&crowd->forgetting, g_source_remove);
    crowd->arrived = 0;
    if (!crowd->arriving)
        crowd->arriving = g_idle_add_full(G_PRIORITY_LOW, on_arriving, crowd, NULL);
    if (!crowd->timer && crowd->passers->len > 0)
        crowd->timer = g_timeout_add(TURN_MS, on_heard, crowd);
}

void crowd_unheard(Crowd *crowd)
{
    g_clear_handle_id(&crowd->timer, g_source_remove);
    g_clear_handle_id(&crowd->arriving, g_source_remove);
    for (guint i = 0; i < crowd->passers->len; i++) {
        Passer *passer = crowd->passers->pdata[i];
        if (passer->rssi == 0)
            continue;
        passer->rssi = 0;
        facet_changed(passer->facet, "RSSI", NULL);
    }
    if (!crowd->forgetting)
        crowd->forgetting =
            g_timeout_add((guint)(crowd->controller->temporary_s * 1000), on_old, crowd);
}

gboolean crowd_forget(Crowd *crowd, const char *path)
{
    for (guint i = 0; i < crowd->passers->len; i++) {
        Passer *passer = crowd->passers->pdata[i];
        if (passer->facet && strcmp(passer->path, path) == 0) {
            hide(passer);
            return TRUE;
        }
    }
    return FALSE;
}
