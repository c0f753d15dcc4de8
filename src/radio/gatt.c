// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is that Notifying means little: it can be true before we asked (somebody else listens),
// and stay true when the strap has long forgotten. So every characteristic object is subscribed
// once a connection whatever Notifying says, and "in progress" counts as done only when it says so.
// StartNotify rather than AcquireNotify: the latter drops what comes before it is confirmed.

#include "radio/gatt.h"

#include <string.h>

#include "io/clock.h"

#define CHARACTERISTIC "org.bluez.GattCharacteristic1"
#define CALL_TIMEOUT   (5 * USEC_PER_SEC)
#define TRIES_MAX      4

static const guint16 wanted[] = {CHARACTERISTIC_HEART, CHARACTERISTIC_STRIDE,
                                 CHARACTERISTIC_TREADMILL};
#define WANTED G_N_ELEMENTS(wanted)

typedef struct {
    guint serial; // of the characteristic object that was subscribed, 0 for none
    bool refused;
    guint tries;
} Subscription;

struct Gatt {
    Bluez *bluez;
    const GattHandlers *handlers;
    gpointer data;
    Subscription subscriptions[WANTED];
    bool feature_read;
    bool calling;
    gsize call_index; // into `wanted`
    guint call_serial;
    Usec retry_at;
    Usec subscribed_at;
    GCancellable *cancellable;
};

static const MirrorCharacteristic *find(const Gatt *gatt, const MirrorDevice *device, gsize index)
{
    return mirror_characteristic(bluez_mirror(gatt->bluez), device, wanted[index]);
}

static void on_start_notify(GVariant *reply, Trouble trouble, gpointer data)
{
    Gatt *gatt = data;
    Subscription *subscription = &gatt->subscriptions[gatt->call_index];
    gatt->calling = false;
    Usec now = clock_now();
    switch (trouble) {
    case TROUBLE_NONE:
        subscription->serial = gatt->call_serial;
        gatt->subscribed_at = now;
        break;
    case TROUBLE_TIMEOUT:
        subscription->tries = TRIES_MAX; // what hangs once, hangs until the link is made anew
        break;
    case TROUBLE_TRANSIENT:
    case TROUBLE_GONE:
        subscription->tries++;
        gatt->retry_at = now + retry_delay(TROUBLE_TRANSIENT, 0);
        break;
    case TROUBLE_NOT_READY:
    case TROUBLE_BLOCKED:
    case TROUBLE_SLOTS:
    case TROUBLE_REFUSED:
    case TROUBLE_NO_PERMISSION:
    case TROUBLE_NO_SERVICE:
    case TROUBLE_OTHER:
        subscription->serial = gatt->call_serial;
        subscription->refused = true;
        break;
    }
    gatt->handlers->changed(gatt->data);
}

static void on_stop_notify(GVariant *reply, Trouble trouble, gpointer data)
{
    Gatt *gatt = data;
    gatt->calling = false;
    gatt->handlers->changed(gatt->data);
}

static void on_feature(GVariant *reply, Trouble trouble, gpointer data)
{
    Gatt *gatt = data;
    gatt->calling = false;
    if (trouble == TROUBLE_NONE && g_variant_is_of_type(reply, G_VARIANT_TYPE("(ay)"))) {
        g_autoptr(GVariant) value = g_variant_get_child_value(reply, 0);
        gsize length;
        const guint8 *bytes = g_variant_get_fixed_array(value, &length, 1);
        gatt->handlers->feature(bytes, length, gatt->data);
    }
    gatt->handlers->changed(gatt->data);
}

static void call_characteristic(Gatt *gatt, const MirrorCharacteristic *characteristic,
                                const char *method, GVariant *parameters, BluezReply reply)
{
    gatt->calling = true;
    gatt->call_serial = characteristic->serial;
    bluez_call(gatt->bluez, characteristic->path, CHARACTERISTIC, method, parameters, CALL_TIMEOUT,
               gatt->cancellable, reply, gatt);
}

// One call at a time. Every characteristic object is subscribed once a connection, whatever
// Notifying says: a strap that slept has forgotten, and BlueZ has not noticed.
GattProgress gatt_subscribe(Gatt *gatt, const MirrorDevice *device, Usec now)
{
    const Mirror *mirror = bluez_mirror(gatt->bluez);
    bool any = false;
    if (gatt->calling || now < gatt->retry_at)
        return GATT_BUSY;
    for (gsize i = 0; i < WANTED; i++) {
        const MirrorCharacteristic *characteristic = find(gatt, device, i);
        Subscription *subscription = &gatt->subscriptions[i];
        if (!characteristic || !characteristic->notifies)
            continue;
        if (subscription->serial == characteristic->serial) {
            any |= !subscription->refused;
            continue;
        }
        if (subscription->tries && characteristic->notifying) {
            // "In progress", and it is: somebody's subscription, ours included, is in force.
            subscription->serial = characteristic->serial;
            gatt->subscribed_at = now;
            any = true;
            continue;
        }
        if (subscription->tries >= TRIES_MAX)
            return GATT_FAILED;
        gatt->call_index = i;
        call_characteristic(gatt, characteristic, "StartNotify", NULL, on_start_notify);
        return GATT_BUSY;
    }
    if (!any)
        return GATT_FAILED;
    const MirrorCharacteristic *feature =
        mirror_characteristic(mirror, device, CHARACTERISTIC_STRIDE_FEATURE);
    if (feature && !gatt->feature_read) {
        gatt->feature_read = true;
        call_characteristic(gatt, feature, "ReadValue", g_variant_new("(a{sv})", NULL), on_feature);
    }
    return GATT_DONE;
}

// Takes one subscription back at each step; true when none is left.
bool gatt_unsubscribe(Gatt *gatt, const MirrorDevice *device)
{
    for (gsize i = 0; i < WANTED; i++) {
        const MirrorCharacteristic *characteristic = find(gatt, device, i);
        Subscription *subscription = &gatt->subscriptions[i];
        bool live = characteristic && !subscription->refused && subscription->serial &&
                    subscription->serial == characteristic->serial;
        *subscription = (Subscription){0};
        if (live) {
            call_characteristic(gatt, characteristic, "StopNotify", NULL, on_stop_notify);
            return false;
        }
    }
    return true;
}

bool gatt_there(const Gatt *gatt, const MirrorDevice *device)
{
    for (gsize i = 0; i < WANTED; i++)
        if (find(gatt, device, i))
            return true;
    return false;
}

bool gatt_streams(guint16 characteristic)
{
    for (gsize i = 0; i < WANTED; i++)
        if (wanted[i] == characteristic)
            return true;
    return false;
}

Usec gatt_due(const Gatt *gatt)
{
    return gatt->calling ? USEC_NEVER : gatt->retry_at;
}

Usec gatt_subscribed_at(const Gatt *gatt)
{
    return gatt->subscribed_at;
}

void gatt_release(Gatt *gatt, const MirrorDevice *device)
{
    for (gsize i = 0; i < WANTED; i++) {
        const MirrorCharacteristic *characteristic = find(gatt, device, i);
        if (characteristic && gatt->subscriptions[i].serial == characteristic->serial)
            bluez_call(gatt->bluez, characteristic->path, CHARACTERISTIC, "StopNotify", NULL,
                       USEC_PER_SEC, NULL, NULL, NULL);
    }
}

void gatt_reset(Gatt *gatt)
{
    g_cancellable_cancel(gatt->cancellable);
    g_object_unref(gatt->cancellable);
    gatt->cancellable = g_cancellable_new();
    memset(gatt->subscriptions, 0, sizeof gatt->subscriptions);
    gatt->feature_read = gatt->calling = false;
    gatt->retry_at = gatt->subscribed_at = 0;
}

Gatt *gatt_new(Bluez *bluez, const GattHandlers *handlers, gpointer data)
{
    Gatt *gatt = g_new0(Gatt, 1);
    gatt->bluez = bluez;
    gatt->handlers = handlers;
    gatt->data = data;
    gatt->cancellable = g_cancellable_new();
    return gatt;
}

void gatt_free(Gatt *gatt)
{
    g_cancellable_cancel(gatt->cancellable);
    g_object_unref(gatt->cancellable);
    g_free(gatt);
}
