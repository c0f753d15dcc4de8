// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// GattCharacteristic1 with its CCC descriptor, as BlueZ 5.66 has them. What takes a turn over the
// air is answered a turn later.
//   StartNotify    for any number of clients: a PropertiesChanged of Value for each packet
//   AcquireNotify  for one client and no other: a SOCK_SEQPACKET that brings the packets past the
//                  bus. What comes before the sensor confirmed the subscription is dropped, what
//                  the client is too slow for as well. The socket closes with the link. When the
//                  sensor refuses the subscription, the call is never answered.
//   both           NotPermitted where a socket is held, InProgress where AcquireNotify meets a
//                  subscriber; StopNotify of anybody takes the socket from whoever holds it
// Errors of the sensor's come as org.bluez.Error.Failed "Operation failed with ATT error: 0x80", a
// few of them under names of their own.

#pragma once

#include "sim/sensor.h"
#include "sim/tree.h"

// The far end of a link, as far as characteristics mind it.
typedef struct {
    Tree *tree;
    Sensor *sensor;
    gboolean up;            // there is a link, and the services are resolved
    gboolean leaving;       // Disconnect was called
    gboolean wants_pairing; // refuses subscriptions until it is paired
    gboolean paired;
} Peer;

typedef struct Characteristic Characteristic;

// Announces its objects below the service's. All are borrowed.
Characteristic *characteristic_new(const Peer *peer, const CharacteristicSpec *spec,
                                   const char *service, guint handle);
void characteristic_free(Characteristic *characteristic);

guint characteristic_handles(const CharacteristicSpec *spec); // how many handles it takes
uint16_t characteristic_uuid(const Characteristic *characteristic);
const char *characteristic_service(const Characteristic *characteristic); // the path

void characteristic_link(Characteristic *characteristic); // peer->up has changed

// A notification or indication from the sensor. FALSE when it reached nobody.
gboolean characteristic_notify(Characteristic *characteristic, const uint8_t *bytes, size_t length);
// Whether the sensor has a subscriber, as the sensor sees it.
gboolean characteristic_configured(const Characteristic *characteristic);
// The sensor forgets its subscribers; BlueZ does not notice.
void characteristic_forget_subscribers(Characteristic *characteristic);

void uuid_text(uint16_t uuid, char ret_text[37]);
GVariant *uuid_variant(uint16_t uuid);
