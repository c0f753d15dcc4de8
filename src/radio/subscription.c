// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is that Notifying means little: it can be true before we asked (somebody else listens,
// or BlueZ renewed our own), and stay true when the strap has long forgotten. So every
// characteristic object is subscribed once a connection, and "in progress" counts as done only when
// Notifying says so. And an acquisition that the sensor refuses is never answered by BlueZ, and
// bars StartNotify until it is taken back.

#include "radio/subscription.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/watch.h"

#define CHARACTERISTIC  "org.bluez.GattCharacteristic1"
#define CALL_TIMEOUT    (5 * USEC_PER_SEC)
#define ACQUIRE_TIMEOUT (3 * USEC_PER_SEC)
#define TRIES_MAX       4
#define RELEASE_TIME    (2 * USEC_PER_SEC) // BlueZ takes a moment to see that we have let go
#define VALUE_MAX       512                // of an attribute

struct Subscription {
    Bluez *bluez;
    const SubscriptionHandlers *handlers;
    gpointer data;
    GCancellable *cancellable;

    guint serial; // of the characteristic's object that all of this is about
    guint16 number;
    char *path;
    SubscriptionState state; // BUSY at first
    bool calling;
    guint tries;
    Usec retry_at;
    Usec on_since;
    bool by_signals; // the last try was

    Usec due;            // of the next step
    Usec released_until; // until then an acquisition may still be our own last one
    int fd;              // -1: not acquired
    guint source;
    guint64 packets; // of this subscription
    bool distrusted; // for good
};

static void close_socket(Subscription *subscription)
{
    g_clear_handle_id(&subscription->source, g_source_remove);
    if (subscription->fd >= 0) {
        close(subscription->fd);
        subscription->released_until = clock_now() + RELEASE_TIME;
    }
    subscription->fd = -1;
}

static void begin_anew(Subscription *subscription)
{
    close_socket(subscription);
    g_cancellable_cancel(subscription->cancellable);
    g_object_unref(subscription->cancellable);
    subscription->cancellable = g_cancellable_new();
    subscription->state = SUBSCRIPTION_BUSY;
    subscription->calling = subscription->by_signals = false;
    subscription->tries = 0;
    subscription->retry_at = subscription->on_since = subscription->due = 0;
}

void subscription_reset(Subscription *subscription)
{
    begin_anew(subscription);
    subscription->serial = 0;
}

static void is_on(Subscription *subscription)
{
    subscription->packets = 0;
    subscription->state = SUBSCRIPTION_ON;
    subscription->on_since = clock_now();
}

static void try_again(Subscription *subscription)
{
    subscription->tries++;
    subscription->retry_at = clock_now() + retry_delay(TROUBLE_TRANSIENT, 0);
    if (subscription->tries >= TRIES_MAX)
        subscription->state = SUBSCRIPTION_FAILED;
}

// ── by a socket ──────────────────────────────────────────────────────────────────────────────────

// BlueZ closes it with the link, and a moment before it says so; or because somebody called
// StopNotify, and then the link is still there.
static void socket_over(Subscription *subscription)
{
    close_socket(subscription);
    subscription->state = SUBSCRIPTION_BUSY;
    subscription->on_since = 0;
    try_again(subscription);
    subscription->handlers->changed(subscription->data);
}

// An empty packet reads like the end.
static bool hung_up(int fd)
{
    struct pollfd peer = {.fd = fd, .events = POLLIN};
    return poll(&peer, 1, 0) > 0 && (peer.revents & (POLLHUP | POLLERR | POLLNVAL));
}

// One packet a turn of the main loop: looking for a second would cost a call each time, and a flood
// must not keep the loop to itself.
static gboolean on_packet(int fd, GIOCondition condition, gpointer data)
{
    Subscription *subscription = data;
    guint8 bytes[VALUE_MAX];
    ssize_t length = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    bool nothing = length < 0 && (errno == EAGAIN || errno == EINTR);
    if ((length < 0 && !nothing) || (length <= 0 && hung_up(fd))) {
        subscription->source = 0; // it goes by what is returned
        socket_over(subscription);
        return G_SOURCE_REMOVE;
    }
    if (nothing)
        return G_SOURCE_CONTINUE;
    subscription->handlers->value(subscription->number, bytes, (gsize)length, subscription->data);
    // The packet's receiver may have ended it, and this source with it.
    return subscription->fd == fd ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void on_unblocked(GVariant *reply, Trouble trouble, gpointer data)
{
    Subscription *subscription = data;
    subscription->calling = false;
    subscription->handlers->changed(subscription->data);
}

static void on_acquired(int fd, Trouble trouble, gpointer data)
{
    Subscription *subscription = data;
    subscription->calling = false;
    if (trouble == TROUBLE_NONE) {
        subscription->fd = fd;
        subscription->source = watch_fd(fd, on_packet, subscription);
        is_on(subscription);
    } else if (subscription->tries + 1 < TRIES_MAX &&
               (trouble == TROUBLE_TRANSIENT || trouble == TROUBLE_GONE)) {
        try_again(subscription);
    } else {
        subscription->distrusted = true;
        subscription->tries = 0;
        if (trouble == TROUBLE_TIMEOUT) {
            subscription->calling = true;
            bluez_call(subscription->bluez, subscription->path, CHARACTERISTIC, "StopNotify", NULL,
                       CALL_TIMEOUT, subscription->cancellable, on_unblocked, subscription);
            return;
        }
    }
    subscription->handlers->changed(subscription->data);
}

// ── by signals ───────────────────────────────────────────────────────────────────────────────────

// Core 5.3 vol 3 part F table 3.4: insufficient authentication, authorization, key size,
// encryption.
static bool wants_pairing(guint8 att_error)
{
    return att_error == 0x05 || att_error == 0x08 || att_error == 0x0C || att_error == 0x0F;
}

static void on_started(GVariant *reply, Trouble trouble, gpointer data)
{
    Subscription *subscription = data;
    subscription->calling = false;
    switch (trouble) {
    case TROUBLE_NONE:
        is_on(subscription);
        break;
    case TROUBLE_TIMEOUT:
        subscription->state = SUBSCRIPTION_FAILED;
        break;
    case TROUBLE_TRANSIENT:
    case TROUBLE_GONE:
        try_again(subscription);
        break;
    case TROUBLE_REFUSED:
        subscription->state = SUBSCRIPTION_REFUSED;
        break;
    case TROUBLE_NOT_READY:
    case TROUBLE_BLOCKED:
    case TROUBLE_SLOTS:
    case TROUBLE_NO_PERMISSION:
    case TROUBLE_NO_SERVICE:
    case TROUBLE_OTHER:
        subscription->state = wants_pairing(bluez_att_error(subscription->bluez))
                                  ? SUBSCRIPTION_REFUSED
                                  : SUBSCRIPTION_FAILED;
        break;
    }
    subscription->handlers->changed(subscription->data);
}

static void on_stopped(GVariant *reply, Trouble trouble, gpointer data)
{
    Subscription *subscription = data;
    begin_anew(subscription);
    subscription->handlers->changed(subscription->data);
}

// ── steps ────────────────────────────────────────────────────────────────────────────────────────

static SubscriptionState begin(Subscription *subscription,
                               const MirrorCharacteristic *characteristic, bool may_acquire)
{
    bool acquire = may_acquire && !subscription->distrusted && characteristic->acquirable &&
                   !characteristic->notifying;
    subscription->calling = true;
    subscription->by_signals = !acquire;
    if (acquire)
        bluez_acquire(subscription->bluez, characteristic->path, ACQUIRE_TIMEOUT,
                      subscription->cancellable, on_acquired, subscription);
    else
        bluez_call(subscription->bluez, characteristic->path, CHARACTERISTIC, "StartNotify", NULL,
                   CALL_TIMEOUT, subscription->cancellable, on_started, subscription);
    return SUBSCRIPTION_BUSY;
}

SubscriptionState subscription_step(Subscription *subscription,
                                    const MirrorCharacteristic *characteristic, bool may_acquire,
                                    Usec now)
{
    if (!characteristic) {
        if (subscription->serial)
            subscription_reset(subscription);
        return SUBSCRIPTION_ABSENT;
    }
    if (characteristic->serial != subscription->serial) {
        begin_anew(subscription);
        subscription->serial = characteristic->serial;
        subscription->number = characteristic->number;
        g_free(subscription->path);
        subscription->path = g_strdup(characteristic->path);
    }
    if (!characteristic->notifies)
        return SUBSCRIPTION_UNFLAGGED;
    subscription->due = USEC_NEVER;
    if (subscription->state != SUBSCRIPTION_BUSY || subscription->calling)
        return subscription->state;
    bool held = characteristic->acquired; // not by us: its end is a change
    if (held && now >= subscription->released_until)
        return SUBSCRIPTION_HELD;
    subscription->due = held ? subscription->released_until : subscription->retry_at;
    if (held || now < subscription->retry_at)
        return SUBSCRIPTION_BUSY;
    subscription->due = USEC_NEVER;
    if (subscription->by_signals && characteristic->notifying) {
        // "In progress", and it is: somebody's subscription, ours included, is in force.
        is_on(subscription);
        return SUBSCRIPTION_ON;
    }
    return begin(subscription, characteristic, may_acquire);
}

Usec subscription_due(const Subscription *subscription)
{
    return subscription->due;
}

bool subscription_acquired(const Subscription *subscription)
{
    return subscription->fd >= 0;
}

bool subscription_distrusted(const Subscription *subscription)
{
    return subscription->distrusted;
}

void subscription_took(Subscription *subscription)
{
    subscription->packets++;
}

Usec subscription_on_since(const Subscription *subscription)
{
    return subscription->on_since;
}

bool subscription_stop(Subscription *subscription, const MirrorCharacteristic *characteristic,
                       bool silent)
{
    if (subscription->calling)
        return false;
    if (subscription->state == SUBSCRIPTION_ON && silent && subscription->packets == 0)
        subscription->distrusted = subscription->fd >= 0;
    bool ours = characteristic && characteristic->serial == subscription->serial &&
                subscription->state == SUBSCRIPTION_ON && subscription->fd < 0;
    if (!ours) {
        begin_anew(subscription);
        return true;
    }
    subscription->calling = true;
    bluez_call(subscription->bluez, characteristic->path, CHARACTERISTIC, "StopNotify", NULL,
               CALL_TIMEOUT, subscription->cancellable, on_stopped, subscription);
    return false;
}

void subscription_release(Subscription *subscription, const MirrorCharacteristic *characteristic)
{
    bool started = characteristic && characteristic->serial == subscription->serial &&
                   subscription->state == SUBSCRIPTION_ON && subscription->fd < 0;
    close_socket(subscription);
    if (started)
        bluez_call(subscription->bluez, characteristic->path, CHARACTERISTIC, "StopNotify", NULL,
                   USEC_PER_SEC, NULL, NULL, NULL);
}

Subscription *subscription_new(Bluez *bluez, const SubscriptionHandlers *handlers, gpointer data)
{
    Subscription *subscription = g_new0(Subscription, 1);
    subscription->bluez = bluez;
    subscription->handlers = handlers;
    subscription->data = data;
    subscription->fd = -1;
    subscription->cancellable = g_cancellable_new();
    return subscription;
}

void subscription_free(Subscription *subscription)
{
    if (!subscription)
        return;
    g_cancellable_cancel(subscription->cancellable);
    g_object_unref(subscription->cancellable);
    close_socket(subscription);
    g_free(subscription->path);
    g_free(subscription);
}
