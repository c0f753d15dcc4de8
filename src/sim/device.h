// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Device1 of a sensor, with its link, its GATT objects and its battery; the order of signals and
// replies is what a bluetoothd 5.66 was seen to do between two virtual controllers:
//   found       InterfacesAdded(Device1); RSSI changes while discovery runs, then it is invalidated
//   Connect     Connected; the reply; InterfacesAdded for each service, characteristic and
//               descriptor; then in one change UUIDs and ServicesResolved; then Battery1
//   again       Connected; the reply; subscriptions are renewed without being asked;
//               ServicesResolved; the GATT objects had stayed
//   twice       the second Connect earns Failed "Operation already in progress"
//   Disconnect  goes on for 2 s, packets included; ServicesResolved; the reply; Connected. It ends
//               a Connect that is under way with Failed "br-connection-canceled"
//   Remove      as Disconnect, then the objects go; without a link at once, then the reply
//   link lost   ServicesResolved and Connected in one change
//   hung up     Connected; the reply; Connected again
//   not paired  Pair fails, and the link goes with it
//   gone        unpaired and untrusted devices are removed 30 s after they were last of use
//   absent      Connect fails after 40 s with le-connection-abort-by-local
// Not observed but known: Battery1 comes and goes with the link.

#pragma once

#include "sim/sensor.h"
#include "sim/tree.h"

// What a device needs to know of its adapter.
typedef struct {
    Tree *tree;
    char *path;
    gboolean powered;
    double temporary_s; // how long a device stays that nobody has any use for
    GHashTable *links;  // of all adapters: Sensor → Device
} Controller;

typedef struct Device Device;

// Nothing is exported before it is seen. Both are borrowed.
Device *device_new(const Controller *controller, Sensor *sensor);
void device_free(Device *device);

Sensor *device_sensor(Device *device);
const char *device_path(const Device *device);
gboolean device_exported(const Device *device);
gboolean device_connected(const Device *device);
gboolean device_advertises(const Device *device);
guint device_connects(const Device *device);
guint device_packets(const Device *device); // delivered

void device_seen(Device *device);   // discovery runs, and its advertisement was heard
void device_unseen(Device *device); // discovery ended
void device_drop(Device *device);   // the link is lost, or what there is of it
void device_forget(Device *device); // the object goes
void device_remove(Device *device, GDBusMethodInvocation *invocation); // for RemoveDevice
gboolean device_notify(Device *device, uint16_t characteristic, const uint8_t *bytes,
                       size_t length);
// Whether the sensor has a subscriber, as the sensor sees it; 0: to anything.
gboolean device_subscribed(Device *device, uint16_t characteristic);
void device_forget_subscribers(Device *device);
void device_hide_connected(Device *device); // the next connection is not signalled as such
// The next time that its services are read they are called resolved before they are exported, as
// BlueZ does now and then.
void device_resolve_early(Device *device);
// Its services are not read any more: what is kept of them lacks the measurement, until
// RemoveDevice.
void device_keep_bare(Device *device);
void device_fail_connects(Device *device, const char *error, const char *message, guint times);
// The sensor has another address; the object goes.
void device_change_address(Device *device);
// Subscriptions are refused until Pair was called.
void device_want_pairing(Device *device, gboolean wanted);
