// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The GATT objects of one device, as BlueZ 5.66 exports them. They outlive the link: they go with
// the device. So does a client's subscription: BlueZ renews it by itself on the next link, and
// until then `Notifying` stays true and StartNotify says InProgress.

#pragma once

#include "sim/sensor.h"
#include "sim/tree.h"

typedef struct Gatt Gatt;

// Announces every object, parents first. The link is taken to be up.
Gatt *gatt_new(Tree *tree, const char *device, const ServiceSpec *services);
void gatt_free(Gatt *gatt); // takes NULL

void gatt_link(Gatt *gatt, gboolean up);

// A notification from the sensor. FALSE when nobody has subscribed, and it went nowhere.
gboolean gatt_notify(Gatt *gatt, uint16_t characteristic, const uint8_t *bytes, size_t length);

// The sensor forgets its subscribers; BlueZ does not notice.
void gatt_forget_subscribers(Gatt *gatt);

void uuid_text(uint16_t uuid, char ret_text[37]);
