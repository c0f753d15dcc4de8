// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The stream of one characteristic in one connection. BlueZ has two ways to hand it out, and here
// is the rule by which one is chosen:
//
//   AcquireNotify gives a socket that the packets come through. It costs a fraction of the
//   CPU a packet, and nobody else can have the characteristic meanwhile;
//   packets that come before the sensor has confirmed the subscription are lost, which is well, for
//   they are followed by others. Taken when
//     - BlueZ has it (NotifyAcquired is there) and it is free (NotifyAcquired is false),
//     - nobody listens by signals (Notifying is false), our own subscription that BlueZ has kept
//       over a reconnection included, and
//     - neither a quirk forbids it nor has it failed with this sensor: by an error, by no answer,
//       or by a subscription that brought no packet at all.
//   StartNotify gives signals on the bus. Taken otherwise.
//
// When the way chosen fails, the other one is tried at once. When StartNotify brings nothing
// either, the sensor was at fault, and AcquireNotify is trusted again.

#pragma once

#include "radio/bluez.h"

typedef struct Subscription Subscription;

typedef enum {
    SUBSCRIPTION_ABSENT, // no such characteristic
    SUBSCRIPTION_BUSY,   // a call is under way, or due at subscription_due()
    SUBSCRIPTION_ON,
    SUBSCRIPTION_HELD,      // another program has it to itself
    SUBSCRIPTION_UNFLAGGED, // its flags say that it cannot notify
    SUBSCRIPTION_REFUSED,   // to a stranger: pairing may help
    SUBSCRIPTION_FAILED,    // what hangs once, hangs until the link is made anew
} SubscriptionState;

typedef struct {
    // From the socket only: signals come through BluezHandlers.
    void (*value)(guint16 characteristic, const guint8 *bytes, gsize length, gpointer data);
    void (*changed)(gpointer data); // step again
} SubscriptionHandlers;

Subscription *subscription_new(Bluez *bluez, const SubscriptionHandlers *handlers, gpointer data);
void subscription_free(Subscription *subscription);  // takes NULL
void subscription_reset(Subscription *subscription); // another connection, or none

// Takes the next step towards the stream of `characteristic`, which is NULL when there is none.
SubscriptionState subscription_step(Subscription *subscription,
                                    const MirrorCharacteristic *characteristic, bool may_acquire,
                                    Usec now);
Usec subscription_due(const Subscription *subscription); // USEC_NEVER while a call is under way
bool subscription_acquired(const Subscription *subscription);   // it is on, through a socket
bool subscription_distrusted(const Subscription *subscription); // acquisition failed
Usec subscription_on_since(const Subscription *subscription);   // 0: it is not on
void subscription_took(Subscription *subscription);             // a packet came, either way

// Takes it back, to begin anew: true when that is done, false when a call has to end first.
// `silent`: because it brought nothing.
bool subscription_stop(Subscription *subscription, const MirrorCharacteristic *characteristic,
                       bool silent);
// Takes it back without waiting.
void subscription_release(Subscription *subscription, const MirrorCharacteristic *characteristic);
