// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Heart Rate Measurement against packets of real straps, of other projects' tests, and of the
// specification's corners.

#include "codec/hrs.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define NO_ENERGY (-1)

typedef struct {
    const char *shows, *hex;
    DecodeStatus status;
    uint16_t heart_rate;
    HrsContact contact;
    int32_t energy_kj;
    uint8_t rr_count;
    uint16_t rr_1024[HRS_RR_MAX];
} Vector;

#define OK          DECODE_OK
#define TRUNCATED   DECODE_TRUNCATED
#define EXTRA       DECODE_EXTRA
#define UNSUPPORTED HRS_CONTACT_UNSUPPORTED
#define LOST        HRS_CONTACT_LOST
#define WORN        HRS_CONTACT_OK

// clang-format off
static const Vector vectors[] = {
    // The specification's corners.
    {"8-bit rate", "0050", OK, 80, UNSUPPORTED, NO_ENERGY},
    {"16-bit rate", "01C800", OK, 200, UNSUPPORTED, NO_ENERGY},
    {"contact detected", "068E", OK, 142, WORN, NO_ENERGY},
    {"contact not detected, no reading", "0400", OK, 0, LOST, NO_ENERGY},
    {"two RR", "16988E019001", OK, 152, WORN, NO_ENERGY, 2, {398, 400}},
    {"energy before RR", "1E982C018E0190019201", OK, 152, WORN, 300, 3, {398, 400, 402}},
    {"RR of 2 s and 4 s", "105A00080010", OK, 90, UNSUPPORTED, NO_ENERGY, 2, {2048, 4096}},
    {"energy alone", "0E4B8000", OK, 75, WORN, 128},
    {"energy saturated", "0850FFFF", OK, 80, UNSUPPORTED, 65535},
    {"RR after a 16-bit rate starts at byte 3", "112C01E803", OK, 300, UNSUPPORTED, NO_ENERGY, 1, {1000}},
    {"everything at once", "1F2C010200E803", OK, 300, WORN, 2, 1, {1000}},
    {"RR flag without RR: no beat since", "1000", OK, 0, UNSUPPORTED, NO_ENERGY},
    {"R2: energy cut, rate kept", "18982C", TRUNCATED, 152, UNSUPPORTED, NO_ENERGY},
    {"R2: energy missing whole", "0898", TRUNCATED, 152, UNSUPPORTED, NO_ENERGY},
    {"R3: half an RR left over", "16988E0190", EXTRA, 152, WORN, NO_ENERGY, 1, {398}},
    {"R3: bytes nobody announced", "0050AABB", EXTRA, 80, UNSUPPORTED, NO_ENERGY},
    {"R4: reserved flags", "E064", OK, 100, UNSUPPORTED, NO_ENERGY},
    {"R7: implausible rate decodes", "01FFFF", OK, 65535, UNSUPPORTED, NO_ENERGY},
    // Real sensors.
    {"wrist sensor, contact lost yet a rate", "0454", OK, 84, LOST, NO_ENERGY},
    {"RR strap at 90", "165a9a02", OK, 90, WORN, NO_ENERGY, 1, {666}},
    {"RR strap at 93", "165d8502", OK, 93, WORN, NO_ENERGY, 1, {645}},
    {"Polar H7 at 115", "16730f021102", OK, 115, WORN, NO_ENERGY, 2, {527, 529}},
    {"Polar H7 at 116", "16742902", OK, 116, WORN, NO_ENERGY, 1, {553}},
    {"Polar H7, old firmware, no contact bits", "104fb702", OK, 79, UNSUPPORTED, NO_ENERGY, 1, {695}},
    {"Polar H7, old firmware, two RR", "105100031203", OK, 81, UNSUPPORTED, NO_ENERGY, 2, {768, 786}},
    {"Polar H7 at 77", "164d1603", OK, 77, WORN, NO_ENERGY, 1, {790}},
    {"Polar H7 at 79", "164f0203", OK, 79, WORN, NO_ENERGY, 1, {770}},
    {"Polar H7 at 68", "16447d03", OK, 68, WORN, NO_ENERGY, 1, {893}},
    {"Wahoo Blue HR, contact lost yet rate and RR", "144659035803", OK, 70, LOST, NO_ENERGY, 2, {857, 856}},
    {"another protocol's bytes", "550400380015af", OK, 4, LOST, NO_ENERGY, 2, {56, 44821}},
    {"strap with the status bit but no support bit", "12369304", OK, 54, UNSUPPORTED, NO_ENERGY, 1, {1171}},
    {"the same strap between beats", "0236", OK, 54, UNSUPPORTED, NO_ENERGY},
    {"the same strap at 53", "12357804", OK, 53, UNSUPPORTED, NO_ENERGY, 1, {1144}},
    {"strap whose dump was cut at 62", "103eb103de", EXTRA, 62, UNSUPPORTED, NO_ENERGY, 1, {945}},
    {"strap whose dump was cut at 61", "103dcf03ef", EXTRA, 61, UNSUPPORTED, NO_ENERGY, 1, {975}},
    // Other projects' tests.
    {"Auuki: 8 bit", "0051", OK, 81, UNSUPPORTED, NO_ENERGY},
    {"Auuki: 16 bit", "012c01", OK, 300, UNSUPPORTED, NO_ENERGY},
    {"Auuki: one RR", "10437203", OK, 67, UNSUPPORTED, NO_ENERGY, 1, {882}},
    {"Auuki: two RR", "104472038a03", OK, 68, UNSUPPORTED, NO_ENERGY, 2, {882, 906}},
    {"Auuki: three RR", "106772038a039504", OK, 103, UNSUPPORTED, NO_ENERGY, 3, {882, 906, 1173}},
    {"Auuki: energy and RR", "1843d0077203", OK, 67, UNSUPPORTED, 2000, 1, {882}},
    {"OpenTracks: status bit alone", "023c", OK, 60, UNSUPPORTED, NO_ENERGY},
    {"OpenTracks: 257 bpm", "010101", OK, 257, UNSUPPORTED, NO_ENERGY},
    {"SmartGattLib: two uneven RR", "16485401ec02", OK, 72, WORN, NO_ENERGY, 2, {340, 748}},
};
// clang-format on

Test(hrs, every_vector_decodes_as_its_source_says)
{
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const Vector *v = &vectors[i];
        Packet packet = packet_from_hex(v->hex);
        HrsMeasurement m;
        cr_expect(eq(int, hrs_decode(packet.bytes, packet.length, &m), (int)v->status), "%s",
                  v->shows);
        cr_expect(eq(int, m.heart_rate, v->heart_rate), "%s", v->shows);
        cr_expect(eq(int, (int)m.contact, (int)v->contact), "%s", v->shows);
        cr_expect(eq(int, m.has_energy ? m.energy_kj : NO_ENERGY, v->energy_kj), "%s", v->shows);
        cr_expect(eq(int, m.rr_count, v->rr_count), "%s", v->shows);
        cr_expect(memcmp(m.rr_1024, v->rr_1024, v->rr_count * sizeof *m.rr_1024) == 0, "%s",
                  v->shows);
        packet_free(&packet);
    }
}

Test(hrs, a_packet_without_a_rate_is_refused_and_changes_nothing)
{
    static const char *const refused[] = {"", "00", "01", "0150", "10", "ff", "ff00"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        Packet packet = packet_from_hex(refused[i]);
        HrsMeasurement m = {.heart_rate = 4711, .rr_count = 3};
        cr_expect(eq(int, hrs_decode(packet.bytes, packet.length, &m), DECODE_REJECT), "%s",
                  refused[i]);
        cr_expect(eq(int, m.heart_rate, 4711), "%s", refused[i]);
        cr_expect(eq(int, m.rr_count, 3), "%s", refused[i]);
        packet_free(&packet);
    }
}

Test(hrs, more_rr_than_there_is_room_for_are_extra)
{
    uint8_t bytes[2 + 2 * HRS_RR_MAX + 2] = {0x10, 120};
    bytes[2 * HRS_RR_MAX] = 0xad;
    Packet packet = packet_of(bytes, sizeof bytes);
    HrsMeasurement m;
    cr_expect(eq(int, hrs_decode(packet.bytes, packet.length, &m), DECODE_EXTRA));
    cr_expect(eq(int, m.rr_count, HRS_RR_MAX));
    cr_expect(eq(int, m.rr_1024[HRS_RR_MAX - 1], 0xad));
    packet_free(&packet);
}

static HrsMeasurement any_measurement(uint64_t *random)
{
    HrsMeasurement m = {
        .heart_rate = (uint16_t)(next_random(random) % (next_random(random) % 2 ? 256 : 65536)),
        .contact = (HrsContact)(next_random(random) % 3),
        .has_energy = next_random(random) % 2,
        .rr_count = (uint8_t)(next_random(random) % (HRS_RR_MAX + 1)),
    };
    if (m.has_energy)
        m.energy_kj = (uint16_t)next_random(random);
    for (size_t i = 0; i < m.rr_count; i++)
        m.rr_1024[i] = (uint16_t)next_random(random);
    return m;
}

static bool same(const HrsMeasurement *a, const HrsMeasurement *b)
{
    return a->heart_rate == b->heart_rate && a->contact == b->contact &&
           a->has_energy == b->has_energy && a->energy_kj == b->energy_kj &&
           a->rr_count == b->rr_count &&
           memcmp(a->rr_1024, b->rr_1024, a->rr_count * sizeof *a->rr_1024) == 0;
}

Test(hrs, what_is_encoded_decodes_to_the_same)
{
    uint64_t random = 1;
    for (int round = 0; round < 20000; round++) {
        const HrsMeasurement in = any_measurement(&random);
        uint8_t bytes[128];
        const size_t length = hrs_encode(&in, bytes, sizeof bytes);
        Packet packet = packet_of(bytes, length);
        HrsMeasurement out;
        cr_assert(eq(int, hrs_decode(packet.bytes, packet.length, &out), DECODE_OK));
        cr_assert(same(&in, &out), "round %d", round);
        packet_free(&packet);
    }
}

Test(hrs, every_cut_of_a_packet_is_safe_and_keeps_what_came_before)
{
    uint64_t random = 2;
    for (int round = 0; round < 1000; round++) {
        const HrsMeasurement in = any_measurement(&random);
        uint8_t bytes[128];
        const size_t whole = hrs_encode(&in, bytes, sizeof bytes);
        for (size_t length = 0; length < whole; length++) {
            Packet cut = packet_of(bytes, length);
            HrsMeasurement out;
            if (hrs_decode(cut.bytes, cut.length, &out) != DECODE_REJECT) {
                cr_assert(eq(int, out.heart_rate, in.heart_rate));
                cr_assert(out.rr_count <= in.rr_count);
            }
            packet_free(&cut);
        }
    }
}

Test(hrs, the_encoder_writes_the_shortest_form_or_nothing)
{
    HrsMeasurement m = {.heart_rate = 255, .contact = HRS_CONTACT_OK};
    uint8_t bytes[80];
    cr_expect(eq(sz, hrs_encode(&m, bytes, 2), 2));
    m.heart_rate = 256;
    cr_expect(eq(sz, hrs_encode(&m, bytes, 2), 0));
    cr_expect(eq(sz, hrs_encode(&m, bytes, 3), 3));
    cr_expect(eq(sz, hrs_encode(&m, bytes, 0), 0));
    m.rr_count = HRS_RR_MAX + 1;
    cr_expect(eq(sz, hrs_encode(&m, bytes, sizeof bytes), 0));
}

Test(hrs, names_are_those_users_see)
{
    cr_expect_str_eq(hrs_contact_name(HRS_CONTACT_UNSUPPORTED), "unsupported");
    cr_expect_str_eq(hrs_contact_name(HRS_CONTACT_LOST), "lost");
    cr_expect_str_eq(hrs_contact_name(HRS_CONTACT_OK), "ok");
    cr_expect_str_eq(decode_status_name(DECODE_OK), "ok");
    cr_expect_str_eq(decode_status_name(DECODE_TRUNCATED), "truncated");
    cr_expect_str_eq(decode_status_name(DECODE_EXTRA), "extra");
    cr_expect_str_eq(decode_status_name(DECODE_REJECT), "reject");
}
