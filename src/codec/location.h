// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Where a sensor is worn: Body Sensor Location 0x2A38 (heart) and Sensor Location 0x2A5D (pod),
// a byte each, with their names.
// Numbers: GATT Specification Supplement; the heart's and the pod's are different lists.

#pragma once

#include "codec/decode.h"

typedef enum {
    BODY_LOCATION_OTHER,
    BODY_LOCATION_CHEST,
    BODY_LOCATION_WRIST,
    BODY_LOCATION_FINGER,
    BODY_LOCATION_HAND,
    BODY_LOCATION_EAR_LOBE,
    BODY_LOCATION_FOOT,
} BodyLocation;

typedef enum {
    SENSOR_LOCATION_OTHER,
    SENSOR_LOCATION_TOP_OF_SHOE,
    SENSOR_LOCATION_IN_SHOE,
    SENSOR_LOCATION_HIP,
    SENSOR_LOCATION_FRONT_WHEEL,
    SENSOR_LOCATION_LEFT_CRANK,
    SENSOR_LOCATION_RIGHT_CRANK,
    SENSOR_LOCATION_LEFT_PEDAL,
    SENSOR_LOCATION_RIGHT_PEDAL,
    SENSOR_LOCATION_FRONT_HUB,
    SENSOR_LOCATION_REAR_DROPOUT,
    SENSOR_LOCATION_CHAINSTAY,
    SENSOR_LOCATION_REAR_WHEEL,
    SENSOR_LOCATION_REAR_HUB,
    SENSOR_LOCATION_CHEST,
    SENSOR_LOCATION_SPIDER,
    SENSOR_LOCATION_CHAIN_RING,
} SensorLocation;

// REJECT: empty, or a reserved number, which says nothing.
DecodeStatus location_body_decode(const uint8_t *bytes, size_t length, BodyLocation *ret_location);
DecodeStatus location_sensor_decode(const uint8_t *bytes, size_t length,
                                    SensorLocation *ret_location);

// "chest", "ear-lobe", "top-of-shoe"…: the constant's name in small letters. NULL for a reserved
// number.
const char *location_body_name(uint8_t location);
const char *location_sensor_name(uint8_t location);

// The pod's, for who wants to set it. False for a name that is none.
bool location_sensor_from_name(const char *name, SensorLocation *ret_location);
