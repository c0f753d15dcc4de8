// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A sensor's GATT table as objects on the bus, as a real bluetoothd takes them from an application
// (GattManager1.RegisterApplication): an ObjectManager at the root, a service and a characteristic
// below it each. bluetoothd makes the CCC descriptors itself, and says by StartNotify and
// StopNotify what became of them; for notification sockets and subscribers of several links it
// cares as well.

#pragma once

#include <gio/gio.h>

#include "sim/sensor.h"

typedef struct RadioTable RadioTable;

// Exports the table that the sensor has now. `root` is an object path with nothing else below it.
RadioTable *radio_table_new(GDBusConnection *bus, const char *root, Sensor *sensor);
void radio_table_free(RadioTable *table); // takes NULL

// Sends a notification or an indication, if somebody has subscribed; else FALSE.
gboolean radio_table_send(RadioTable *table, uint16_t characteristic, const uint8_t *bytes,
                          size_t length);

// bluetoothd is gone, and with it what it knew of subscriptions.
void radio_table_forget_subscribers(RadioTable *table);

void radio_uuid_text(uint16_t uuid, char ret_text[37]);
