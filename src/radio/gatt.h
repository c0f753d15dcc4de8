// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which streams a sensor has, the measurements of heart, stride and treadmill and what adds to them
// (a pod's power, a treadmill's status), and whether they run. It looks at BlueZ's tree at each
// step, so that a table that changes under our hands is only another look.

#pragma once

#include "radio/radio.h"
#include "radio/stream.h"
#include "radio/subscription.h"

typedef struct Gatt Gatt;

typedef enum {
    GATT_BUSY,      // a call is under way, or due at gatt_due()
    GATT_DONE,      // all that there is
    GATT_HELD,      // all that there is, another program has to itself
    GATT_UNFLAGGED, // it says that it cannot notify
    GATT_REFUSED,   // to a stranger: pairing may help
    GATT_FAILED,    // no answer; or there is nothing
} GattProgress;

// `handlers`: as of each subscription.
Gatt *gatt_new(Bluez *bluez, const SubscriptionHandlers *handlers, gpointer data);
void gatt_free(Gatt *gatt);
void gatt_reset(Gatt *gatt); // another connection, or none

bool gatt_streams(guint16 characteristic); // one that is subscribed to
// Of one that `quirk` wants left alone.
bool gatt_avoided(const RadioQuirk *quirk, guint16 service, guint16 characteristic);
// It has streams, and nobody is subscribed to any.
bool gatt_unheard(const Gatt *gatt, const MirrorDevice *device);
bool gatt_there(const Gatt *gatt, const MirrorDevice *device, const RadioQuirk *quirk);

// Takes the next step; call again at every change.
GattProgress gatt_subscribe(Gatt *gatt, const MirrorDevice *device, const RadioQuirk *quirk,
                            Usec now);
// The same the other way, for silence; true when nothing is left.
bool gatt_unsubscribe(Gatt *gatt, const MirrorDevice *device);
Usec gatt_due(const Gatt *gatt);           // USEC_NEVER while a call is under way
Usec gatt_subscribed_at(const Gatt *gatt); // the last subscription that succeeded, 0: none
void gatt_took(Gatt *gatt, guint16 characteristic, Usec now); // a packet came, however
bool gatt_acquired(const Gatt *gatt);                         // a stream comes through a socket
// Subscribes anew to a stream that is missed while others flow, by the rule in stream.h; false when
// the link is to be made anew for it. *ret_due: when to look again.
bool gatt_mend(Gatt *gatt, const MirrorDevice *device, const RadioQuirk *quirk, Usec now,
               Usec *ret_due);
// All that it has given in this link is known to pause when the runner stands.
bool gatt_may_rest(const Gatt *gatt, const RadioQuirk *quirk);
void gatt_release(Gatt *gatt, const MirrorDevice *device); // takes all back without waiting
