// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A virtual sensor on a real adapter: its table is registered with bluetoothd, its advertisement is
// up while nobody is connected and down while somebody is, and both are registered anew whenever
// bluetoothd or the adapter was gone. One adapter is one sensor, for a central tells sensors apart
// by their address; so the adapter also gets the sensor's name as its alias.

#pragma once

#include "sim/control.h"

typedef struct Peripheral Peripheral;

typedef struct {
    // It is registered and advertises, or no longer; or an error that will not pass by itself.
    void (*changed)(gpointer data);
    void (*failed)(const char *reason, gpointer data);
} PeripheralHandlers;

// `adapter` as in "hci1". The sensor is borrowed, and started. `re_advertise_s`: the advertisement
// is taken down and up this often while nobody is connected; 0: it stays up.
Peripheral *peripheral_new(GDBusConnection *bus, const char *adapter, Sensor *sensor,
                           double re_advertise_s, guint phase_ms,
                           const PeripheralHandlers *handlers, gpointer data);
// What is registered goes with the bus connection. Takes NULL.
void peripheral_free(Peripheral *peripheral);

// What BlueZ says. Absent: the adapter is gone, or bluetoothd is.
void peripheral_adapter_absent(Peripheral *peripheral);
// Properties of the adapter, all or those that changed.
void peripheral_adapter(Peripheral *peripheral, GVariant *properties);
// The object of a central on this adapter; properties NULL: it is gone.
void peripheral_device(Peripheral *peripheral, const char *path, GVariant *properties);

const char *peripheral_path(const Peripheral *peripheral); // of its adapter
Sensor *peripheral_sensor(const Peripheral *peripheral);
gboolean peripheral_present(const Peripheral *peripheral);
gboolean peripheral_ready(const Peripheral *peripheral); // as far as the sensor wants to be seen

extern const World PERIPHERAL_WORLD; // self: a GPtrArray of Peripheral
