// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Locations of sensors. The tables are the specification's.

#include "codec/location.h"

#include <string.h>

#include "base/cursor.h"

static const char *const BODY[] = {
    [BODY_LOCATION_OTHER] = "other", [BODY_LOCATION_CHEST] = "chest",
    [BODY_LOCATION_WRIST] = "wrist", [BODY_LOCATION_FINGER] = "finger",
    [BODY_LOCATION_HAND] = "hand",   [BODY_LOCATION_EAR_LOBE] = "ear-lobe",
    [BODY_LOCATION_FOOT] = "foot",
};
#define BODY_COUNT (sizeof BODY / sizeof *BODY)

static const char *const SENSOR[] = {
    [SENSOR_LOCATION_OTHER] = "other",
    [SENSOR_LOCATION_TOP_OF_SHOE] = "top-of-shoe",
    [SENSOR_LOCATION_IN_SHOE] = "in-shoe",
    [SENSOR_LOCATION_HIP] = "hip",
    [SENSOR_LOCATION_FRONT_WHEEL] = "front-wheel",
    [SENSOR_LOCATION_LEFT_CRANK] = "left-crank",
    [SENSOR_LOCATION_RIGHT_CRANK] = "right-crank",
    [SENSOR_LOCATION_LEFT_PEDAL] = "left-pedal",
    [SENSOR_LOCATION_RIGHT_PEDAL] = "right-pedal",
    [SENSOR_LOCATION_FRONT_HUB] = "front-hub",
    [SENSOR_LOCATION_REAR_DROPOUT] = "rear-dropout",
    [SENSOR_LOCATION_CHAINSTAY] = "chainstay",
    [SENSOR_LOCATION_REAR_WHEEL] = "rear-wheel",
    [SENSOR_LOCATION_REAR_HUB] = "rear-hub",
    [SENSOR_LOCATION_CHEST] = "chest",
    [SENSOR_LOCATION_SPIDER] = "spider",
    [SENSOR_LOCATION_CHAIN_RING] = "chain-ring",
};
#define SENSOR_COUNT (sizeof SENSOR / sizeof *SENSOR)

static DecodeStatus decode(const uint8_t *bytes, size_t length, size_t count, uint8_t *ret_location)
{
    Cursor cursor = {bytes, length};
    uint8_t location;
    if (!cursor_u8(&cursor, &location) || location >= count)
        return DECODE_REJECT;
    *ret_location = location;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

DecodeStatus location_body_decode(const uint8_t *bytes, size_t length, BodyLocation *ret_location)
{
    uint8_t location;
    const DecodeStatus status = decode(bytes, length, BODY_COUNT, &location);
    if (status != DECODE_REJECT)
        *ret_location = (BodyLocation)location;
    return status;
}

DecodeStatus location_sensor_decode(const uint8_t *bytes, size_t length,
                                    SensorLocation *ret_location)
{
    uint8_t location;
    const DecodeStatus status = decode(bytes, length, SENSOR_COUNT, &location);
    if (status != DECODE_REJECT)
        *ret_location = (SensorLocation)location;
    return status;
}

const char *location_body_name(uint8_t location)
{
    return location < BODY_COUNT ? BODY[location] : NULL;
}

const char *location_sensor_name(uint8_t location)
{
    return location < SENSOR_COUNT ? SENSOR[location] : NULL;
}

bool location_sensor_from_name(const char *name, SensorLocation *ret_location)
{
    for (size_t i = 0; i < SENSOR_COUNT; i++) {
        if (strcmp(name, SENSOR[i]) == 0) {
            *ret_location = (SensorLocation)i;
            return true;
        }
    }
    return false;
}
