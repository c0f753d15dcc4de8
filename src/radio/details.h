// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is read of a sensor once its streams run, one value after the other: the features of a pod
// or a treadmill, the treadmill's ranges, where sensors sit, who made them, the battery where BlueZ
// has not claimed it. The texts are kept for as long as the sensor is enrolled; the values are read
// in every connection.

#pragma once

#include "radio/bluez.h"
#include "radio/radio.h"

typedef struct Details Details;

typedef struct {
    // Of 0x2A54, 0x2A38, 0x2A5D, 0x2ACC, 0x2AD4, 0x2AD5, 0x2A19.
    void (*value)(guint16 characteristic, const guint8 *bytes, gsize length, gpointer data);
    void (*texts)(gpointer data);   // one of the texts became known
    void (*changed)(gpointer data); // step again
} DetailsHandlers;

// Sanitized; "" unknown.
typedef struct {
    char manufacturer[32], model[32], firmware[32];
} DetailsTexts;

Details *details_new(Bluez *bluez, const DetailsHandlers *handlers, gpointer data);
void details_free(Details *details);
void details_reset(Details *details); // another connection, or none

void details_step(Details *details, const MirrorDevice *device, const RadioQuirk *quirk);
const DetailsTexts *details_texts(const Details *details);
