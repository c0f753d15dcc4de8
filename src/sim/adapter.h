// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Adapter1 at /org/bluez/hci0: power, discovery sessions and filters a client, and the devices of
// all virtual sensors. Order, as seen with bluetoothd 5.66: StartDiscovery's reply, Discovering,
// what is found; StopDiscovery's reply, the RSSIs invalidated, Discovering; power off: links lost,
// RSSIs, Powered and Discovering in one change; pulled out: as power off, then everything removed.

#pragma once

#include "sim/device.h"

typedef struct Adapter Adapter;

// Present and powered. The sensors are borrowed and started, each at its own phase of the second.
Adapter *adapter_new(Tree *tree, GPtrArray *sensors, double temporary_s);
void adapter_free(Adapter *adapter); // takes NULL

void adapter_power(Adapter *adapter, gboolean on);
// The next attempts to give it power are refused, and until then it comes back without.
void adapter_be_busy(Adapter *adapter, guint times);
void adapter_plug(Adapter *adapter, gboolean present); // comes back powered

// By kind (the first of it), address or name; NULL: there is none.
Device *adapter_device(Adapter *adapter, const char *sensor);
guint adapter_devices(Adapter *adapter);
Device *adapter_device_at(Adapter *adapter, guint index);
