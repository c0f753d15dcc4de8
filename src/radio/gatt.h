// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is subscribed in one connection: the measurements of heart, stride and treadmill that the
// device has, and the pod's feature bits read once.

#pragma once

#include "radio/bluez.h"

typedef struct Gatt Gatt;

typedef enum {
    GATT_BUSY,   // a call is under way, or due at gatt_due()
    GATT_DONE,   // all that there is
    GATT_FAILED, // nothing can be had
} GattProgress;

typedef struct {
    void (*feature)(const guint8 *bytes, gsize length, gpointer data); // 0x2A54
    void (*changed)(gpointer data);                                    // a call has ended
} GattHandlers;

Gatt *gatt_new(Bluez *bluez, const GattHandlers *handlers, gpointer data);
void gatt_free(Gatt *gatt);
void gatt_reset(Gatt *gatt); // another connection, or none

bool gatt_streams(guint16 characteristic); // one that is subscribed to
bool gatt_there(const Gatt *gatt, const MirrorDevice *device);

// Takes the next step; call again at every change.
GattProgress gatt_subscribe(Gatt *gatt, const MirrorDevice *device, Usec now);
// The same the other way; true when nothing is left.
bool gatt_unsubscribe(Gatt *gatt, const MirrorDevice *device);
Usec gatt_due(const Gatt *gatt);           // USEC_NEVER while a call is under way
Usec gatt_subscribed_at(const Gatt *gatt); // the last subscription that succeeded, 0: none
void gatt_release(Gatt *gatt, const MirrorDevice *device); // takes all back without waiting
