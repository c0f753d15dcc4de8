// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a fitness machine can do and what it is about: Feature, ranges, Training Status.

#include "codec/ftms-machine.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(ftms_machine, features_decode_bit_by_bit)
{
    static const struct {
        const char *shows, *hex;
        DecodeStatus status;
        FtmsFeature feature;
    } rows[] = {
        {"distance, inclination, energy, heart rate, elapsed; speed and inclination",
         "0C16000003000000",
         DECODE_OK,
         {0x160c, 3}},
        {"reserved bits are dropped", "FFFFFFFFFFFFFFFF", DECODE_OK, {0x1ffff, 0x1ffff}},
        {"a longer future form", "040000000100000000", DECODE_EXTRA, {4, 1}},
        {"a byte is missing", "04000000010000", DECODE_REJECT, {7, 7}},
        {"empty", "", DECODE_REJECT, {7, 7}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Packet packet = packet_from_hex(rows[i].hex);
        FtmsFeature feature = {7, 7};
        cr_expect(eq(int, ftms_feature_decode(packet.bytes, packet.length, &feature),
                     (int)rows[i].status),
                  "%s", rows[i].shows);
        cr_expect(eq(u32, feature.machine, rows[i].feature.machine), "%s", rows[i].shows);
        cr_expect(eq(u32, feature.targets, rows[i].feature.targets), "%s", rows[i].shows);
        packet_free(&packet);
    }
}

Test(ftms_machine, features_survive_both_ways_and_each_has_a_name)
{
    uint8_t bytes[8];
    for (unsigned bit = 0; bit < 32; bit++) {
        const FtmsFeature in = {UINT32_C(1) << bit, UINT32_C(1) << bit};
        FtmsFeature out;
        cr_assert(eq(sz, ftms_feature_encode(&in, bytes, sizeof bytes), 8));
        cr_assert(eq(int, ftms_feature_decode(bytes, sizeof bytes, &out), DECODE_OK));
        cr_expect(eq(u32, out.machine, bit < FTMS_MACHINE_FEATURES ? in.machine : 0));
        cr_expect(eq(u32, out.targets, bit < FTMS_TARGET_FEATURES ? in.targets : 0));
        cr_expect(eq(int, ftms_machine_feature_name(bit) != NULL, bit < FTMS_MACHINE_FEATURES));
        cr_expect(eq(int, ftms_target_feature_name(bit) != NULL, bit < FTMS_TARGET_FEATURES));
    }
    cr_expect(eq(sz, ftms_feature_encode(&(FtmsFeature){0, 0}, bytes, 7), 0));
}

Test(ftms_machine, names_stand_at_the_specifications_bits)
{
    cr_expect(eq(str, (char *)ftms_machine_feature_name(2), (char *)"total-distance"));
    cr_expect(eq(str, (char *)ftms_machine_feature_name(10), (char *)"heart-rate"));
    cr_expect(eq(str, (char *)ftms_machine_feature_name(16), (char *)"user-data"));
    cr_expect(eq(str, (char *)ftms_target_feature_name(1), (char *)"inclination"));
    cr_expect(eq(str, (char *)ftms_target_feature_name(16), (char *)"cadence"));
}

Test(ftms_machine, ranges_are_unsigned_for_speed_and_signed_for_inclination)
{
    static const struct {
        const char *shows, *hex;
        bool speed;
        DecodeStatus status;
        FtmsRange range;
    } rows[] = {
        {"0.80 to 20.00 km/h in steps of 0.10", "5000D0070A00", true, DECODE_OK, {80, 2000, 10}},
        {"-3.0 to 15.0 % in steps of 0.5", "E2FF96000500", false, DECODE_OK, {-30, 150, 5}},
        {"a fast one", "0000FFFF0100", true, DECODE_OK, {0, 65535, 1}},
        {"bytes left over", "5000D0070A0000", true, DECODE_EXTRA, {80, 2000, 10}},
        {"the increment is cut", "E2FF960005", false, DECODE_REJECT, {7, 7, 7}},
        {"empty", "", true, DECODE_REJECT, {7, 7, 7}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Packet packet = packet_from_hex(rows[i].hex);
        FtmsRange range = {7, 7, 7};
        const DecodeStatus status =
            rows[i].speed ? ftms_speed_range_decode(packet.bytes, packet.length, &range)
                          : ftms_inclination_range_decode(packet.bytes, packet.length, &range);
        cr_expect(eq(int, status, (int)rows[i].status), "%s", rows[i].shows);
        cr_expect(eq(i32, range.minimum, rows[i].range.minimum), "%s", rows[i].shows);
        cr_expect(eq(i32, range.maximum, rows[i].range.maximum), "%s", rows[i].shows);
        cr_expect(eq(int, range.increment, rows[i].range.increment), "%s", rows[i].shows);
        uint8_t bytes[6];
        if (status == DECODE_OK) {
            cr_assert(eq(sz, ftms_range_encode(&range, bytes, sizeof bytes), 6));
            cr_expect(eq(int, memcmp(bytes, packet.bytes, sizeof bytes), 0), "%s", rows[i].shows);
        }
        packet_free(&packet);
    }
    uint8_t bytes[6];
    cr_expect(eq(sz, ftms_range_encode(&(FtmsRange){0, 1, 1}, bytes, 5), 0));
}

Test(ftms_machine, training_status_is_a_number_and_perhaps_a_text)
{
    static const struct {
        const char *shows, *hex;
        DecodeStatus status;
        uint8_t training;
        bool has_text, continues;
        const char *text;
    } rows[] = {
        {"idle", "0001", DECODE_OK, 1, false, false, ""},
        {"warming up, in words", "01025761726D", DECODE_OK, 2, true, false, "Warm"},
        {"manual", "000D", DECODE_OK, 13, false, false, ""},
        {"post-workout", "000F", DECODE_OK, 15, false, false, ""},
        {"a text that goes on elsewhere", "03035761726D", DECODE_OK, 3, true, true, "Warm"},
        {"a text of no letters", "0102", DECODE_OK, 2, true, false, ""},
        {"a text that nobody promised", "00025761", DECODE_EXTRA, 2, false, false, ""},
        {"one that is too long", "01024142434445464748494a4b4c4d4e4f50515253", DECODE_EXTRA, 2,
         true, false, "ABCDEFGHIJKLMNOPQR"},
        {"a reserved status", "00F0", DECODE_OK, 0xf0, false, false, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Packet packet = packet_from_hex(rows[i].hex);
        FtmsTrainingStatus status;
        cr_expect(eq(int, ftms_training_decode(packet.bytes, packet.length, &status),
                     (int)rows[i].status),
                  "%s", rows[i].shows);
        cr_expect(eq(int, status.status, rows[i].training), "%s", rows[i].shows);
        cr_expect(eq(int, status.has_text, rows[i].has_text), "%s", rows[i].shows);
        cr_expect(eq(int, status.text_continues, rows[i].continues), "%s", rows[i].shows);
        cr_expect(eq(sz, status.text_length, strlen(rows[i].text)), "%s", rows[i].shows);
        cr_expect(eq(int, memcmp(status.text, rows[i].text, status.text_length), 0), "%s",
                  rows[i].shows);
        uint8_t bytes[20];
        if (rows[i].status == DECODE_OK) {
            cr_assert(eq(sz, ftms_training_encode(&status, bytes, sizeof bytes), packet.length));
            cr_expect(eq(int, memcmp(bytes, packet.bytes, packet.length), 0), "%s", rows[i].shows);
        }
        packet_free(&packet);
    }
    FtmsTrainingStatus status;
    cr_expect(eq(int, ftms_training_decode((const uint8_t[]){0}, 1, &status), DECODE_REJECT));
    cr_expect(eq(str, (char *)ftms_training_name(11), (char *)"cool-down"));
    cr_expect(eq(ptr, (void *)ftms_training_name(16), NULL));
}
