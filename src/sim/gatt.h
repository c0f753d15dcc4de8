// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The GATT objects of one device, as BlueZ 5.66 exports them. They outlive the link: they go with
// the device. So does a client's subscription: BlueZ renews it by itself on the next link, and
// until then `Notifying` stays true and StartNotify says InProgress. A socket does not.

#pragma once

#include "sim/characteristic.h"

typedef struct Gatt Gatt;

// Announces every object, parents first. Both are borrowed; the link is up.
Gatt *gatt_new(const Peer *peer, const char *device, const ServiceSpec *services);
void gatt_free(Gatt *gatt); // takes NULL

void gatt_link(Gatt *gatt); // peer->up has changed

// A notification from the sensor. FALSE when it reached nobody.
gboolean gatt_notify(Gatt *gatt, uint16_t characteristic, const uint8_t *bytes, size_t length);
// Whether the sensor has a subscriber, to this characteristic or, with 0, to any.
gboolean gatt_configured(Gatt *gatt, uint16_t characteristic);

// The sensor forgets its subscribers; BlueZ does not notice.
void gatt_forget_subscribers(Gatt *gatt);
