// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// RSC Measurement and RSC Feature against packets of real pods, of other projects' tests, and of
// the specification's corners.

#include "codec/rscs.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define NONE (-1)

typedef struct {
    const char *shows, *hex;
    DecodeStatus status;
    double speed_mps;
    uint8_t cadence;
    bool running;
    int32_t stride_cm;
    int64_t distance_dm;
} Vector;

#define OK        DECODE_OK
#define TRUNCATED DECODE_TRUNCATED
#define EXTRA     DECODE_EXTRA

// clang-format off
static const Vector vectors[] = {
    // The specification's corners.
    {"nothing optional, walking", "008002B4", OK, 2.5, 180, false, NONE, NONE},
    {"running is bit 2", "049A0458", OK, 4.6015625, 88, true, NONE, NONE},
    {"stride", "018002B45500", OK, 2.5, 180, false, 85, NONE},
    {"distance", "028002B410270000", OK, 2.5, 180, false, NONE, 10000},
    {"stride before distance", "038002B4550010270000", OK, 2.5, 180, false, 85, 10000},
    {"everything at once", "070004B20A01F4010000", OK, 4.0, 178, true, 266, 500},
    {"standing", "00000000", OK, 0, 0, false, NONE, NONE},
    {"a counter about to wrap", "028002B4FFFFFFFF", OK, 2.5, 180, false, NONE, 4294967295},
    {"R2: distance cut, stride kept", "038002B455001027", TRUNCATED, 2.5, 180, false, 85, NONE},
    {"R2: stride cut, nothing after it read", "038002B455", TRUNCATED, 2.5, 180, false, NONE, NONE},
    {"R2: distance missing whole", "028002B4", TRUNCATED, 2.5, 180, false, NONE, NONE},
    {"R3, R4: reserved flags and their fields", "F88002B4DEAD", EXTRA, 2.5, 180, false, NONE, NONE},
    {"R7: implausible values decode", "04FFFFFF", OK, 255.99609375, 255, true, NONE, NONE},
    // Real pods.
    {"Stryd, power/10 in the cadence byte", "0466041C", OK, 4.3984375, 28, true, NONE, NONE},
    {"Technogym MyRun, one leg", "02b900338a020000", OK, 185 / 256.0, 51, false, NONE, 650},
    {"Technogym Run", "03b901855e000d0c0000", OK, 441 / 256.0, 133, false, 94, 3085},
    // Other projects' tests.
    {"OpenTracks: all four bytes of the distance count", "02000550ffff0001", OK, 5, 80, false, NONE, 16842751},
    {"Nordic: an 8 m stride decodes", "07800250200300100000", OK, 2.5, 80, true, 800, 4096},
};
// clang-format on

Test(rscs, every_vector_decodes_as_its_source_says)
{
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const Vector *v = &vectors[i];
        Packet packet = packet_from_hex(v->hex);
        RscsMeasurement m;
        cr_expect(eq(int, rscs_decode(packet.bytes, packet.length, &m), (int)v->status), "%s",
                  v->shows);
        cr_expect(eq(dbl, m.speed_256 / 256.0, v->speed_mps), "%s", v->shows);
        cr_expect(eq(int, m.cadence, v->cadence), "%s", v->shows);
        cr_expect(eq(int, m.running, v->running), "%s", v->shows);
        cr_expect(eq(int, m.has_stride ? m.stride_cm : NONE, v->stride_cm), "%s", v->shows);
        cr_expect(eq(i64, m.has_distance ? (int64_t)m.distance_dm : NONE, v->distance_dm), "%s",
                  v->shows);
        packet_free(&packet);
    }
}

Test(rscs, a_packet_without_speed_and_cadence_is_refused_and_changes_nothing)
{
    static const char *const refused[] = {"", "00", "0080", "008002", "ff8002"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        Packet packet = packet_from_hex(refused[i]);
        RscsMeasurement m = {.cadence = 47};
        cr_expect(eq(int, rscs_decode(packet.bytes, packet.length, &m), DECODE_REJECT), "%s",
                  refused[i]);
        cr_expect(eq(int, m.cadence, 47), "%s", refused[i]);
        packet_free(&packet);
    }
}

Test(rscs, what_is_encoded_decodes_to_the_same_and_every_cut_is_safe)
{
    uint64_t random = 3;
    for (int round = 0; round < 20000; round++) {
        RscsMeasurement in = {
            .speed_256 = (uint16_t)next_random(&random),
            .cadence = (uint8_t)next_random(&random),
            .running = next_random(&random) % 2,
            .has_stride = next_random(&random) % 2,
            .has_distance = next_random(&random) % 2,
        };
        if (in.has_stride)
            in.stride_cm = (uint16_t)next_random(&random);
        if (in.has_distance)
            in.distance_dm = (uint32_t)next_random(&random);
        uint8_t bytes[16];
        const size_t whole = rscs_encode(&in, bytes, sizeof bytes);
        cr_assert(eq(sz, whole, (size_t)(4 + 2 * in.has_stride + 4 * in.has_distance)));
        for (size_t length = 0; length <= whole; length++) {
            Packet packet = packet_of(bytes, length);
            RscsMeasurement out = {0};
            const DecodeStatus status = rscs_decode(packet.bytes, packet.length, &out);
            packet_free(&packet);
            cr_assert(eq(int, status,
                         length < 4       ? DECODE_REJECT
                         : length < whole ? DECODE_TRUNCATED
                                          : DECODE_OK));
            if (length < 4)
                continue;
            cr_assert(out.speed_256 == in.speed_256 && out.cadence == in.cadence &&
                      out.running == in.running);
            if (length < whole)
                continue;
            cr_assert(out.has_stride == in.has_stride && out.stride_cm == in.stride_cm);
            cr_assert(out.has_distance == in.has_distance && out.distance_dm == in.distance_dm);
        }
    }
}

Test(rscs, an_encoder_without_room_writes_nothing_that_could_be_sent)
{
    const RscsMeasurement m = {.has_stride = true, .has_distance = true};
    uint8_t bytes[10];
    cr_expect(eq(sz, rscs_encode(&m, bytes, 9), 0));
    cr_expect(eq(sz, rscs_encode(&m, bytes, 10), 10));
    cr_expect(eq(sz, rscs_feature_encode(0, bytes, 1), 0));
}

Test(rscs, features_keep_the_known_bits)
{
    static const struct {
        const char *shows, *hex;
        DecodeStatus status;
        uint16_t features;
    } rows[] = {
        {"none", "0000", DECODE_OK, 0},
        {"distance and running status", "0600", DECODE_OK,
         RSCS_FEATURE_TOTAL_DISTANCE | RSCS_FEATURE_RUNNING_STATUS},
        {"all five, reserved bits dropped", "ffff", DECODE_OK, 0x1f},
        {"a longer future form", "010000", DECODE_EXTRA, RSCS_FEATURE_STRIDE_LENGTH},
        {"half a value", "06", DECODE_REJECT, 0x7777},
        {"empty", "", DECODE_REJECT, 0x7777},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Packet packet = packet_from_hex(rows[i].hex);
        uint16_t features = 0x7777;
        cr_expect(eq(int, rscs_feature_decode(packet.bytes, packet.length, &features),
                     (int)rows[i].status),
                  "%s", rows[i].shows);
        cr_expect(eq(int, features, rows[i].features), "%s", rows[i].shows);
        packet_free(&packet);
    }
}

Test(rscs, features_survive_both_ways)
{
    for (uint32_t features = 0; features <= 0xffff; features++) {
        uint8_t bytes[2];
        uint16_t out;
        cr_assert(eq(sz, rscs_feature_encode((uint16_t)features, bytes, sizeof bytes), 2));
        cr_assert(eq(int, rscs_feature_decode(bytes, sizeof bytes, &out), DECODE_OK));
        cr_assert(eq(int, out, (int)(features & 0x1f)));
    }
}
