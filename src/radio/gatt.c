// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is to judge a sensor that has several streams: a measurement that runs is enough,
// whatever becomes of the others; and what only adds to a measurement proves nothing. One call at a
// time, for BlueZ and small sensors both mind.

#include "radio/gatt.h"

static const struct {
    guint16 service, number;
    guint16 with; // only where there is this one, which it adds to; 0: a measurement by itself
    bool seldom;  // it comes when there is something to say
} wanted[] = {
    {0x180D, CHARACTERISTIC_HEART, 0, false},
    {0x1814, CHARACTERISTIC_STRIDE, 0, false},
    {0x1826, CHARACTERISTIC_TREADMILL, 0, false},
    {0x1826, CHARACTERISTIC_MACHINE_STATUS, CHARACTERISTIC_TREADMILL, true},
    {0x1826, CHARACTERISTIC_TRAINING, CHARACTERISTIC_TREADMILL, true},
    {0x1818, CHARACTERISTIC_POWER, CHARACTERISTIC_STRIDE, false}, // a bicycle's has none
};
#define WANTED G_N_ELEMENTS(wanted)

struct Gatt {
    Bluez *bluez;
    Subscription *subscriptions[WANTED];
    Stream streams[WANTED];
    gsize current; // the one that was stepped last
};

static const MirrorCharacteristic *find(const Gatt *gatt, const MirrorDevice *device, gsize index)
{
    return mirror_characteristic(bluez_mirror(gatt->bluez), device, wanted[index].number);
}

bool gatt_avoided(const RadioQuirk *quirk, guint16 service, guint16 characteristic)
{
    for (guint i = 0; i < MIN(quirk->avoid_count, RADIO_AVOID_MAX); i++)
        if (quirk->avoid[i] == service || quirk->avoid[i] == characteristic)
            return true;
    return false;
}

static const MirrorCharacteristic *find_wanted(const Gatt *gatt, const MirrorDevice *device,
                                               const RadioQuirk *quirk, gsize index)
{
    if (gatt_avoided(quirk, wanted[index].service, wanted[index].number))
        return NULL;
    if (wanted[index].with &&
        !mirror_characteristic(bluez_mirror(gatt->bluez), device, wanted[index].with))
        return NULL;
    return find(gatt, device, index);
}

GattProgress gatt_subscribe(Gatt *gatt, const MirrorDevice *device, const RadioQuirk *quirk,
                            Usec now)
{
    guint count[SUBSCRIPTION_FAILED + 1] = {0};
    bool distrusted = false;
    for (gsize i = 0; i < WANTED; i++)
        distrusted |= subscription_distrusted(gatt->subscriptions[i]);
    for (gsize i = 0; i < WANTED; i++) {
        SubscriptionState state =
            subscription_step(gatt->subscriptions[i], find_wanted(gatt, device, quirk, i),
                              quirk->subscribe != SUBSCRIBE_NOTIFY && !distrusted, now);
        if (!wanted[i].with)
            count[state]++;
        gatt->current = i;
        if (state == SUBSCRIPTION_BUSY)
            return GATT_BUSY;
    }
    return count[SUBSCRIPTION_ON]          ? GATT_DONE
           : count[SUBSCRIPTION_FAILED]    ? GATT_FAILED
           : count[SUBSCRIPTION_HELD]      ? GATT_HELD
           : count[SUBSCRIPTION_REFUSED]   ? GATT_REFUSED
           : count[SUBSCRIPTION_UNFLAGGED] ? GATT_UNFLAGGED
                                           : GATT_FAILED;
}

bool gatt_unsubscribe(Gatt *gatt, const MirrorDevice *device)
{
    for (gsize i = 0; i < WANTED; i++) {
        gatt->current = i;
        if (subscription_on_since(gatt->subscriptions[i]) &&
            !subscription_stop(gatt->subscriptions[i], find(gatt, device, i), !wanted[i].seldom))
            return false;
    }
    return true;
}

bool gatt_there(const Gatt *gatt, const MirrorDevice *device, const RadioQuirk *quirk)
{
    for (gsize i = 0; i < WANTED; i++)
        if (!wanted[i].with && find_wanted(gatt, device, quirk, i))
            return true;
    return false;
}

bool gatt_unheard(const Gatt *gatt, const MirrorDevice *device)
{
    bool streams = false;
    for (gsize i = 0; i < WANTED; i++) {
        const MirrorCharacteristic *characteristic = find(gatt, device, i);
        if (characteristic && (characteristic->notifying || characteristic->acquired))
            return false;
        streams |= characteristic != NULL;
    }
    return streams;
}

bool gatt_streams(guint16 characteristic)
{
    for (gsize i = 0; i < WANTED; i++)
        if (wanted[i].number == characteristic)
            return true;
    return false;
}

Usec gatt_due(const Gatt *gatt)
{
    return subscription_due(gatt->subscriptions[gatt->current]);
}

Usec gatt_subscribed_at(const Gatt *gatt)
{
    Usec last = 0;
    for (gsize i = 0; i < WANTED; i++)
        last = MAX(last, subscription_on_since(gatt->subscriptions[i]));
    return last;
}

void gatt_took(Gatt *gatt, guint16 characteristic, Usec now)
{
    for (gsize i = 0; i < WANTED; i++) {
        if (wanted[i].number != characteristic)
            continue;
        stream_take(&gatt->streams[i], subscription_on_since(gatt->subscriptions[i]), now);
        subscription_took(gatt->subscriptions[i]);
    }
}

static bool rests(const RadioQuirk *quirk, gsize index)
{
    return quirk->silent_on_stop && wanted[index].number == CHARACTERISTIC_STRIDE;
}

bool gatt_may_rest(const Gatt *gatt, const RadioQuirk *quirk)
{
    bool gave = false;
    for (gsize i = 0; i < WANTED; i++) {
        if (gatt->streams[i].packets == 0 || wanted[i].seldom)
            continue;
        if (!rests(quirk, i))
            return false;
        gave = true;
    }
    return gave;
}

bool gatt_mend(Gatt *gatt, const MirrorDevice *device, const RadioQuirk *quirk, Usec now,
               Usec *ret_due)
{
    *ret_due = USEC_NEVER;
    for (gsize i = 0; i < WANTED; i++) {
        Usec due = USEC_NEVER;
        switch (rests(quirk, i) || wanted[i].seldom ? STREAM_WELL
                                                    : stream_look(&gatt->streams[i], now, &due)) {
        case STREAM_WELL:
            *ret_due = MIN(*ret_due, due);
            break;
        case STREAM_RESTART:
            stream_restarted(&gatt->streams[i], now);
            subscription_stop(gatt->subscriptions[i], find(gatt, device, i), true);
            *ret_due = now;
            break;
        case STREAM_RELINK:
            stream_relinked(&gatt->streams[i], now);
            return false;
        }
    }
    return true;
}

bool gatt_acquired(const Gatt *gatt)
{
    for (gsize i = 0; i < WANTED; i++)
        if (subscription_acquired(gatt->subscriptions[i]))
            return true;
    return false;
}

void gatt_release(Gatt *gatt, const MirrorDevice *device)
{
    for (gsize i = 0; i < WANTED; i++)
        subscription_release(gatt->subscriptions[i], find(gatt, device, i));
}

void gatt_reset(Gatt *gatt)
{
    for (gsize i = 0; i < WANTED; i++) {
        subscription_reset(gatt->subscriptions[i]);
        stream_begin(&gatt->streams[i]);
    }
}

Gatt *gatt_new(Bluez *bluez, const SubscriptionHandlers *handlers, gpointer data)
{
    Gatt *gatt = g_new0(Gatt, 1);
    gatt->bluez = bluez;
    for (gsize i = 0; i < WANTED; i++)
        gatt->subscriptions[i] = subscription_new(bluez, handlers, data);
    return gatt;
}

void gatt_free(Gatt *gatt)
{
    for (gsize i = 0; i < WANTED; i++)
        subscription_free(gatt->subscriptions[i]);
    g_free(gatt);
}
