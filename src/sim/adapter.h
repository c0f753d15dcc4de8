// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Adapter1 at /org/bluez/hci0 and so on: power, discovery sessions and filters a client, and the
// devices of all virtual sensors. Order, as seen with bluetoothd 5.66: StartDiscovery's reply,
// Discovering, what is found; StopDiscovery's reply, the RSSIs invalidated, Discovering; power off:
// links lost, RSSIs, Powered and Discovering in one change; pulled out: as power off, then
// everything removed.

#pragma once

#include "sim/device.h"

typedef struct Adapter Adapter;

// Present and powered. `links` is the table of all adapters' links, Sensor → Device. All are
// borrowed.
Adapter *adapter_new(Tree *tree, guint number, GPtrArray *sensors, GHashTable *links,
                     double temporary_s);
void adapter_free(Adapter *adapter);

void adapter_power(Adapter *adapter, gboolean on);
// The next attempts to give it power are refused, and until then it comes back without.
void adapter_be_busy(Adapter *adapter, guint times);
void adapter_be_deaf(Adapter *adapter, gboolean deaf); // to being switched on, while it says yes
void adapter_plug(Adapter *adapter, gboolean present); // comes back powered
// By a switch of the kernel: it goes off, and cannot be switched on; afterwards BlueZ gives it back
// the power it had.
void adapter_block(Adapter *adapter, gboolean blocked);
// Audio plays on headphones: as much of them as whoever must not disturb it can see.
void adapter_play(Adapter *adapter, gboolean plays);
// So many more devices are to be heard, none of which can be connected.
void adapter_crowd(Adapter *adapter, guint count);

void adapter_hear(Adapter *adapter, const Sensor *sensor); // its advertisement, if it has one
Device *adapter_device(Adapter *adapter, const Sensor *sensor);
