// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cycling Power Measurement against packets of real meters, of other projects' tests, and of the
// specification's corners; and the turns a minute of its two counters.

#include "codec/cps.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define OK        DECODE_OK
#define TRUNCATED DECODE_TRUNCATED
#define EXTRA     DECODE_EXTRA

// clang-format off
static const struct {
    const char *shows, *hex;
    DecodeStatus status;
    CpsMeasurement m;
} vectors[] = {
    // The specification's corners.
    {"power alone, as a pod sends it", "0000FA00", OK, {.power_w = 250}},
    {"power is signed", "0000F0FF", OK, {.power_w = -16}},
    {"pedal balance", "01002C0164", OK, {.power_w = 300, .has = CPS_BALANCE, .balance_half_pct = 100}},
    {"whose balance brings no field", "03002C0164", OK,
     {.power_w = 300, .has = CPS_BALANCE, .balance_half_pct = 100, .balance_from_left = true}},
    {"energy", "000840010A00", OK, {.power_w = 320, .has = CPS_ENERGY, .energy_kj = 10}},
    {"a wheel is six bytes", "10004B01393000000008", OK,
     {.power_w = 331, .has = CPS_WHEEL, .wheel_turns = 12345, .wheel_time_2048 = 2048}},
    {"a crank is four", "2000700190010004", OK,
     {.power_w = 368, .has = CPS_CRANK, .crank_turns = 400, .crank_time_1024 = 1024}},
    {"balance, wheel, crank and energy", "310894016E393000000010900100081500", OK,
     {.power_w = 404, .has = CPS_BALANCE | CPS_WHEEL | CPS_CRANK | CPS_ENERGY, .balance_half_pct = 110,
      .wheel_turns = 12345, .wheel_time_2048 = 4096, .crank_turns = 400, .crank_time_1024 = 2048, .energy_kj = 21}},
    {"forces, torques, angles, dead spots", "C0076400F401FEFF4000F0FF5A30F15A000E01", OK,
     {.power_w = 100, .has = CPS_FORCES | CPS_TORQUES | CPS_ANGLES | CPS_TOP_DEAD_SPOT | CPS_BOTTOM_DEAD_SPOT,
      .force_max_n = 500, .force_min_n = -2, .torque_max_32 = 64, .torque_min_32 = -16,
      .angle_max_deg = 0x05a, .angle_min_deg = 0xf13, .top_dead_spot_deg = 90, .bottom_dead_spot_deg = 270}},
    {"offset compensation brings no field", "0010FA00", OK, {.power_w = 250, .offset_compensation = true}},
    {"R2: crank cut", "200070019001", TRUNCATED, {.power_w = 368}},
    {"R2: wheel cut, nothing after it read", "300070013930000000", TRUNCATED, {.power_w = 368}},
    {"R2: a force without the other", "40007001F401", TRUNCATED, {.power_w = 368}},
    {"R3, R4: reserved flags and their bytes", "00E0FA00DEAD", EXTRA, {.power_w = 250}},
    {"R7: an impossible power decodes", "0000FF7F", OK, {.power_w = 32767}},
    // Real meters, and other projects' tests.
    {"Stages", "2c006700d1b5e4004855", OK,
     {.power_w = 103, .has = CPS_TORQUE | CPS_CRANK, .torque_from_crank = true, .torque_32 = 46545, .crank_turns = 228,
      .crank_time_1024 = 21832}},
    {"Stages SC3", "2c008d00ca69070cdd4e", OK,
     {.power_w = 141, .has = CPS_TORQUE | CPS_CRANK, .torque_from_crank = true, .torque_32 = 27082, .crank_turns = 3079,
      .crank_time_1024 = 20189}},
    {"Stages SC3, a second later", "2c0094005c6f090cc156", OK,
     {.power_w = 148, .has = CPS_TORQUE | CPS_CRANK, .torque_from_crank = true, .torque_32 = 28508, .crank_turns = 3081,
      .crank_time_1024 = 22209}},
    {"4iiii, standing", "2c0000009f000c00e542", OK,
     {.power_w = 0, .has = CPS_TORQUE | CPS_CRANK, .torque_from_crank = true, .torque_32 = 159, .crank_turns = 12,
      .crank_time_1024 = 17125}},
    {"OpenTracks: power alone", "00002800", OK, {.power_w = 40}},
    {"power pedals", "20000b000b6e7501", OK,
     {.power_w = 11, .has = CPS_CRANK, .crank_turns = 28171, .crank_time_1024 = 373}},
};
// clang-format on

static bool same(const CpsMeasurement *a, const CpsMeasurement *b)
{
    return a->power_w == b->power_w && a->has == b->has &&
           a->balance_from_left == b->balance_from_left &&
           a->torque_from_crank == b->torque_from_crank &&
           a->offset_compensation == b->offset_compensation &&
           a->balance_half_pct == b->balance_half_pct && a->torque_32 == b->torque_32 &&
           a->wheel_turns == b->wheel_turns && a->wheel_time_2048 == b->wheel_time_2048 &&
           a->crank_turns == b->crank_turns && a->crank_time_1024 == b->crank_time_1024 &&
           a->force_max_n == b->force_max_n && a->force_min_n == b->force_min_n &&
           a->torque_max_32 == b->torque_max_32 && a->torque_min_32 == b->torque_min_32 &&
           a->angle_max_deg == b->angle_max_deg && a->angle_min_deg == b->angle_min_deg &&
           a->top_dead_spot_deg == b->top_dead_spot_deg &&
           a->bottom_dead_spot_deg == b->bottom_dead_spot_deg && a->energy_kj == b->energy_kj;
}

Test(cps, every_vector_decodes_as_its_source_says)
{
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        Packet packet = packet_from_hex(vectors[i].hex);
        CpsMeasurement m;
        cr_expect(eq(int, cps_decode(packet.bytes, packet.length, &m), (int)vectors[i].status),
                  "%s", vectors[i].shows);
        cr_expect(same(&m, &vectors[i].m), "%s", vectors[i].shows);
        uint8_t bytes[40];
        if (vectors[i].status == OK) {
            cr_expect(eq(sz, cps_encode(&m, bytes, sizeof bytes), packet.length), "%s",
                      vectors[i].shows);
            cr_expect(eq(int, memcmp(bytes, packet.bytes, packet.length), 0), "%s",
                      vectors[i].shows);
        }
        packet_free(&packet);
    }
}

Test(cps, a_packet_without_power_is_refused_and_changes_nothing)
{
    static const char *const refused[] = {"", "00", "0000", "0000FA"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        Packet packet = packet_from_hex(refused[i]);
        CpsMeasurement m = {.power_w = 47};
        cr_expect(eq(int, cps_decode(packet.bytes, packet.length, &m), DECODE_REJECT), "%s",
                  refused[i]);
        cr_expect(eq(int, m.power_w, 47));
        packet_free(&packet);
    }
}

Test(cps, every_cut_is_safe_and_the_encoder_needs_room)
{
    uint64_t random = 7;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[40], again[40];
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)next_random(&random);
        CpsMeasurement in, out;
        cr_assert(eq(int, cps_decode(bytes, sizeof bytes, &in), DECODE_EXTRA));
        const size_t whole = cps_encode(&in, again, sizeof again);
        cr_assert(gt(sz, whole, 3));
        cr_assert(eq(sz, cps_encode(&in, again, whole - 1), 0));
        cps_encode(&in, again, whole);
        for (size_t length = 0; length <= whole; length++) {
            Packet packet = packet_of(again, length);
            cr_assert(eq(int, cps_decode(packet.bytes, packet.length, &out),
                         length < 4       ? DECODE_REJECT
                         : length < whole ? DECODE_TRUNCATED
                                          : DECODE_OK));
            packet_free(&packet);
        }
        cr_assert(same(&in, &out));
    }
}

static double crank(CpsCadence *cadence, double at_s, uint16_t turns, uint16_t time)
{
    const CpsMeasurement m = {.has = CPS_CRANK, .crank_turns = turns, .crank_time_1024 = time};
    return cps_crank_cadence(cadence, usec_from_s(at_s), &m);
}

Test(cps, turns_a_minute_cross_the_wrap_of_both_counters)
{
    CpsCadence cadence = CPS_CADENCE_NEW;
    cr_expect(isnan(crank(&cadence, 1, 65534, 65000)), "one packet says nothing");
    cr_expect(epsilon_eq(dbl, crank(&cadence, 2.5, 1, 1000), 120, 1e-9));
}

Test(cps, turns_a_minute_of_a_real_meter)
{
    CpsCadence cadence = CPS_CADENCE_NEW;
    crank(&cadence, 1, 3079, 20189);
    cr_expect(epsilon_eq(dbl, crank(&cadence, 3, 3081, 22209), 2 * 60 * 1024 / 2020.0, 1e-9));
}

Test(cps, a_crank_without_new_turns_is_kept_for_three_seconds_and_then_stands)
{
    CpsCadence cadence = CPS_CADENCE_NEW;
    crank(&cadence, 0, 10, 0);
    cr_expect(epsilon_eq(dbl, crank(&cadence, 1, 11, 1024), 60, 1e-9));
    cr_expect(epsilon_eq(dbl, crank(&cadence, 4, 11, 1024), 60, 1e-9));
    cr_expect(epsilon_eq(dbl, crank(&cadence, 4.5, 11, 1024), 0, 1e-9));
    cr_expect(epsilon_eq(dbl, crank(&cadence, 5, 12, 5120), 15, 1e-9), "one turn in 4 s");
}

Test(cps, a_wheel_has_its_own_clock)
{
    CpsCadence cadence = CPS_CADENCE_NEW;
    CpsMeasurement m = {.has = CPS_WHEEL, .wheel_turns = UINT32_MAX, .wheel_time_2048 = 65000};
    cps_wheel_cadence(&cadence, 0, &m);
    m.wheel_turns = 2;
    m.wheel_time_2048 = 2536; // 1.5 s on
    cr_expect(epsilon_eq(dbl, cps_wheel_cadence(&cadence, USEC_PER_SEC, &m), 120, 1e-9));
}
