// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The line to bluetoothd: the bus it is on, the process that owns its name, the tree of its
// objects, and calls that always end. Everything it knows dies with the owner of the name.

#pragma once

#include <gio/gio.h>

#include "radio/mirror.h"
#include "radio/policy.h"

typedef struct Bluez Bluez;

typedef enum {
    BLUEZ_NO_BUS,
    BLUEZ_NO_SERVICE,
    BLUEZ_NO_PERMISSION,
    BLUEZ_LOADING, // the tree is on its way
    BLUEZ_READY,
} BluezState;

typedef struct {
    void (*changed)(gpointer data); // the state or the tree
    void (*value)(const MirrorDevice *device, guint16 characteristic, GVariant *bytes,
                  gpointer data);
} BluezHandlers;

Bluez *bluez_new(GDBusConnection *connection, const BluezHandlers *handlers, gpointer data);
void bluez_free(Bluez *bluez);

// Does what is due and says when to come again.
Usec bluez_step(Bluez *bluez, Usec now);
// Looks for enrolled devices that the mirror had no room for when they were announced.
void bluez_refresh(Bluez *bluez);
BluezState bluez_state(const Bluez *bluez);
Mirror *bluez_mirror(const Bluez *bluez);
guint bluez_generation(const Bluez *bluez); // another for each bluetoothd

// `reply` is NULL when there was trouble. Not called when `cancellable` was cancelled.
typedef void (*BluezReply)(GVariant *reply, Trouble trouble, gpointer data);

// `parameters` is consumed when floating; `reply` may be NULL.
void bluez_call(Bluez *bluez, const char *path, const char *interface, const char *method,
                GVariant *parameters, Usec timeout, GCancellable *cancellable, BluezReply reply,
                gpointer data);

// Within a reply with trouble: the sensor's ATT error that BlueZ passed on, 0 for none.
guint8 bluez_att_error(const Bluez *bluez);

// `fd` is the callee's, -1 when there was trouble. Not called when `cancellable` was cancelled.
typedef void (*BluezSocket)(int fd, Trouble trouble, gpointer data);

// AcquireNotify of a characteristic.
void bluez_acquire(Bluez *bluez, const char *path, Usec timeout, GCancellable *cancellable,
                   BluezSocket reply, gpointer data);

// Begins to send off what was called; io/farewell.h waits for it. For the end of the program.
void bluez_flush(Bluez *bluez);
