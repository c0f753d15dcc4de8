// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Where sensors are worn: the specification's two lists, number by number.

#include "codec/location.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const char *const body[] = {
    "other", "chest", "wrist", "finger", "hand", "ear-lobe", "foot",
};
static const char *const sensor[] = {
    "other",       "top-of-shoe", "in-shoe",     "hip",       "front-wheel",  "left-crank",
    "right-crank", "left-pedal",  "right-pedal", "front-hub", "rear-dropout", "chainstay",
    "rear-wheel",  "rear-hub",    "chest",       "spider",    "chain-ring",
};

Test(location, every_number_has_its_name_and_reserved_ones_have_none)
{
    for (int number = 0; number <= UINT8_MAX; number++) {
        const uint8_t byte = (uint8_t)number;
        Packet packet = packet_of(&byte, 1);
        BodyLocation worn = BODY_LOCATION_FOOT;
        const DecodeStatus heart = location_body_decode(packet.bytes, 1, &worn);
        if (number < 7) {
            cr_expect(eq(int, (int)heart, DECODE_OK));
            cr_expect(eq(int, (int)worn, number));
            cr_expect_str_eq(location_body_name(byte), body[number]);
        } else {
            cr_expect(eq(int, (int)heart, DECODE_REJECT));
            cr_expect(eq(int, (int)worn, BODY_LOCATION_FOOT));
            cr_expect_null(location_body_name(byte));
        }
        SensorLocation mounted = SENSOR_LOCATION_HIP;
        const DecodeStatus pod = location_sensor_decode(packet.bytes, 1, &mounted);
        if (number < 17) {
            cr_expect(eq(int, (int)pod, DECODE_OK));
            cr_expect(eq(int, (int)mounted, number));
            cr_expect_str_eq(location_sensor_name(byte), sensor[number]);
        } else {
            cr_expect(eq(int, (int)pod, DECODE_REJECT));
            cr_expect(eq(int, (int)mounted, SENSOR_LOCATION_HIP));
            cr_expect_null(location_sensor_name(byte));
        }
        packet_free(&packet);
    }
}

Test(location, empty_is_refused_and_more_than_a_byte_is_extra)
{
    BodyLocation worn;
    SensorLocation mounted;
    cr_expect(eq(int, location_body_decode(NULL, 0, &worn), DECODE_REJECT));
    cr_expect(eq(int, location_sensor_decode(NULL, 0, &mounted), DECODE_REJECT));
    Packet packet = packet_from_hex("0102");
    cr_expect(eq(int, location_body_decode(packet.bytes, packet.length, &worn), DECODE_EXTRA));
    cr_expect(eq(int, (int)worn, BODY_LOCATION_CHEST));
    cr_expect(eq(int, location_sensor_decode(packet.bytes, packet.length, &mounted), DECODE_EXTRA));
    cr_expect(eq(int, (int)mounted, SENSOR_LOCATION_TOP_OF_SHOE));
    packet_free(&packet);
}

Test(location, a_pods_location_is_found_by_its_name)
{
    SensorLocation found = SENSOR_LOCATION_OTHER;
    for (int number = 0; number < 17; number++) {
        cr_expect(location_sensor_from_name(sensor[number], &found));
        cr_expect(eq(int, (int)found, number));
    }
    cr_expect(not(location_sensor_from_name("wrist", &found)));
    cr_expect(not(location_sensor_from_name("", &found)));
    cr_expect(eq(int, (int)found, SENSOR_LOCATION_CHAIN_RING));
}
