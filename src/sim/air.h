// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is between the sensors and the adapters of one computer: each adapter hears each sensor and
// has a device of its own for it; a sensor takes one link, and does not advertise while it has it.

#pragma once

#include "sim/adapter.h"

typedef struct Air Air;

// So many adapters, present and powered: hci0, hci1 and so on. The sensors are borrowed and
// started, each at its own phase of the second.
Air *air_new(Tree *tree, GPtrArray *sensors, guint adapters, double temporary_s);
void air_free(Air *air); // takes NULL

Tree *air_tree(Air *air);
GPtrArray *air_sensors(Air *air);                   // of Sensor
Adapter *air_adapter(Air *air, guint number);       // NULL: there is none
Device *air_linked(Air *air, const Sensor *sensor); // the device that has its link, or NULL
// Calls for the sensor's device of each adapter.
void air_each(Air *air, const Sensor *sensor, void (*act)(Device *device));
// As if the sensor had sent it. FALSE when it reached nobody.
gboolean air_packet(Air *air, Sensor *sensor, uint16_t characteristic, const uint8_t *bytes,
                    size_t length);
