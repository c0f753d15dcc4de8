// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Treadmill Data against packets of real treadmills, of other projects' tests, and of the
// specification's corners; and records that come in pieces.

#include "codec/ftms-record.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define OK        DECODE_OK
#define TRUNCATED DECODE_TRUNCATED
#define EXTRA     DECODE_EXTRA

#define VALUES_MAX 20

// What a packet or a record is to say: raw values, and nothing else.
typedef struct {
    FtmsField field;
    int32_t raw;
} Said;

typedef struct {
    const char *shows, *hex;
    DecodeStatus status;
    bool more_data;
    uint8_t pace_bytes;
    size_t count;
    Said said[VALUES_MAX];
} Vector;

// clang-format off
static const Vector vectors[] = {
    // The specification's corners.
    {"a speed, 10 km/h", "0000E803", OK, false, 0, 1, {{FTMS_SPEED, 1000}}},
    {"standing", "00000000", OK, false, 0, 1, {{FTMS_SPEED, 0}}},
    {"bit 0 is inverted: more data, no speed", "0100", OK, true, 0, 0, {{0}}},
    {"average speed and heart rate", "0201E204B0049B", OK, false, 0, 3,
     {{FTMS_SPEED, 1250}, {FTMS_AVERAGE_SPEED, 1200}, {FTMS_HEART_RATE, 155}}},
    {"every field, pace in two bytes",
     "FE1F2003EE02881300CEFF1E00640032002C013601F40158020A8C55080758029CFFFA00", OK, false, 2, 18,
     {{FTMS_SPEED, 800}, {FTMS_AVERAGE_SPEED, 750}, {FTMS_DISTANCE, 5000}, {FTMS_INCLINATION, -50},
      {FTMS_RAMP_ANGLE, 30}, {FTMS_ELEVATION_GAIN, 100}, {FTMS_ELEVATION_LOSS, 50}, {FTMS_PACE, 300},
      {FTMS_AVERAGE_PACE, 310}, {FTMS_ENERGY, 500}, {FTMS_ENERGY_PER_HOUR, 600}, {FTMS_ENERGY_PER_MINUTE, 10},
      {FTMS_HEART_RATE, 140}, {FTMS_MET, 85}, {FTMS_ELAPSED, 1800}, {FTMS_REMAINING, 600}, {FTMS_FORCE, -100},
      {FTMS_POWER, 250}}},
    {"R5: inclination and ramp not available", "0800E803FF7FFF7F", OK, false, 0, 1, {{FTMS_SPEED, 1000}}},
    {"R5: energy, force and power not available, no heart rate", "8011E803FFFFFFFFFF00FF7FFF7F", OK, false, 0, 1,
     {{FTMS_SPEED, 1000}}},
    {"R2: the speed itself is missing", "0000", TRUNCATED, false, 0, 0, {{0}}},
    {"R2: energy cut after its total", "8400E8031027006400", TRUNCATED, false, 0, 3,
     {{FTMS_SPEED, 1000}, {FTMS_DISTANCE, 10000}, {FTMS_ENERGY, 100}}},
    {"R2: distance cut", "0400E8031027", TRUNCATED, false, 0, 1, {{FTMS_SPEED, 1000}}},
    {"R3, R4: reserved flags and their bytes", "00C0E803DEAD", EXTRA, false, 0, 1, {{FTMS_SPEED, 1000}}},
    {"R7: an impossible speed decodes", "0000FFFF", OK, false, 0, 1, {{FTMS_SPEED, 65535}}},
    // The paces' width, by the length.
    {"one pace of a byte", "2000E803B4", OK, false, 1, 2, {{FTMS_SPEED, 1000}, {FTMS_PACE, 180}}},
    {"one pace of two bytes", "2000E803B400", OK, false, 2, 2, {{FTMS_SPEED, 1000}, {FTMS_PACE, 180}}},
    {"two paces of a byte, and energy", "E000E803B4AA640058020A", OK, false, 1, 6,
     {{FTMS_SPEED, 1000}, {FTMS_PACE, 180}, {FTMS_AVERAGE_PACE, 170}, {FTMS_ENERGY, 100},
      {FTMS_ENERGY_PER_HOUR, 600}, {FTMS_ENERGY_PER_MINUTE, 10}}},
    {"two paces of two bytes, and energy", "E000E803B400AA00640058020A", OK, false, 2, 6,
     {{FTMS_SPEED, 1000}, {FTMS_PACE, 180}, {FTMS_AVERAGE_PACE, 170}, {FTMS_ENERGY, 100},
      {FTMS_ENERGY_PER_HOUR, 600}, {FTMS_ENERGY_PER_MINUTE, 10}}},
    {"neither width: nothing after the paces", "2004E803B4003C0000", EXTRA, false, 2, 2,
     {{FTMS_SPEED, 1000}, {FTMS_PACE, 180}}},
    {"neither width, too short: nothing after the paces", "6004E803B400AA003C", TRUNCATED, false, 2, 3,
     {{FTMS_SPEED, 1000}, {FTMS_PACE, 180}, {FTMS_AVERAGE_PACE, 170}}},
    {"a pace of a byte, and steps", "2020E803B4120000", EXTRA, false, 1, 3,
     {{FTMS_SPEED, 1000}, {FTMS_PACE, 180}, {FTMS_STEPS, 18}}},
    // Real treadmills.
    {"CITYSPORTS: steps in a reserved bit", "84245802D204001E00FFFFFF3C00120000", EXTRA, false, 0, 5,
     {{FTMS_SPEED, 600}, {FTMS_DISTANCE, 1234}, {FTMS_ENERGY, 30}, {FTMS_ELAPSED, 60}, {FTMS_STEPS, 18}}},
    {"KingSmith: steps promised and not sent", "84242c019600000c000000007800", TRUNCATED, false, 0, 6,
     {{FTMS_SPEED, 300}, {FTMS_DISTANCE, 150}, {FTMS_ENERGY, 12}, {FTMS_ENERGY_PER_HOUR, 0},
      {FTMS_ENERGY_PER_MINUTE, 0}, {FTMS_ELAPSED, 120}}},
    {"Technogym MyRun, the second part", "80064e020200ffffff372700", OK, false, 0, 4,
     {{FTMS_SPEED, 590}, {FTMS_ENERGY, 2}, {FTMS_MET, 55}, {FTMS_ELAPSED, 39}}},
    {"Matrix: 34 bytes promised, 20 sent", "9e1f5100b2005800000000ff7f0000ffff0c0097", TRUNCATED, false, 0, 6,
     {{FTMS_SPEED, 81}, {FTMS_AVERAGE_SPEED, 178}, {FTMS_DISTANCE, 88}, {FTMS_INCLINATION, 0},
      {FTMS_ELEVATION_GAIN, 0}, {FTMS_ENERGY, 12}}},
    {"Matrix, uphill", "9e1fc60394023e01005a00ff7f3200ffff2500f4", TRUNCATED, false, 0, 6,
     {{FTMS_SPEED, 966}, {FTMS_AVERAGE_SPEED, 660}, {FTMS_DISTANCE, 318}, {FTMS_INCLINATION, 90},
      {FTMS_ELEVATION_GAIN, 50}, {FTMS_ENERGY, 37}}},
    {"Matrix TouchXL, the first part", "9f0061003600000000ff7f0000ffff05006e0002", OK, true, 0, 7,
     {{FTMS_AVERAGE_SPEED, 97}, {FTMS_DISTANCE, 54}, {FTMS_INCLINATION, 0}, {FTMS_ELEVATION_GAIN, 0},
      {FTMS_ENERGY, 5}, {FTMS_ENERGY_PER_HOUR, 110}, {FTMS_ENERGY_PER_MINUTE, 2}}},
    {"Life Fitness, 24 bytes, elevations at 0x7FFF", "9e04730233022500003c00ff7f0000ff7f0200ffffff1f00", OK, false, 0, 7,
     {{FTMS_SPEED, 627}, {FTMS_AVERAGE_SPEED, 563}, {FTMS_DISTANCE, 37}, {FTMS_INCLINATION, 60},
      {FTMS_ELEVATION_GAIN, 0}, {FTMS_ENERGY, 2}, {FTMS_ELAPSED, 31}}},
    {"Horizon, idle", "8404000000000000000000000000", OK, false, 0, 6,
     {{FTMS_SPEED, 0}, {FTMS_DISTANCE, 0}, {FTMS_ENERGY, 0}, {FTMS_ENERGY_PER_HOUR, 0},
      {FTMS_ENERGY_PER_MINUTE, 0}, {FTMS_ELAPSED, 0}}},
};
// clang-format on

static void expect_said(const FtmsTreadmill *data, const Said *said, size_t count,
                        const char *shows)
{
    uint32_t has = 0;
    for (size_t i = 0; i < count; i++) {
        has |= UINT32_C(1) << said[i].field;
        cr_expect(eq(i32, data->value[said[i].field], said[i].raw), "%s: field %d", shows,
                  said[i].field);
    }
    cr_expect(eq(u32, data->has, has), "%s", shows);
}

Test(ftms, every_vector_decodes_as_its_source_says)
{
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const Vector *v = &vectors[i];
        Packet packet = packet_from_hex(v->hex);
        FtmsTreadmill data;
        cr_expect(eq(int, ftms_decode(packet.bytes, packet.length, 0, &data), (int)v->status), "%s",
                  v->shows);
        cr_expect(eq(int, data.more_data, v->more_data), "%s", v->shows);
        cr_expect(eq(int, data.pace_bytes, v->pace_bytes), "%s", v->shows);
        expect_said(&data, v->said, v->count, v->shows);
        packet_free(&packet);
    }
}

Test(ftms, a_packet_without_flags_is_refused_and_changes_nothing)
{
    static const char *const refused[] = {"", "00"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        Packet packet = packet_from_hex(refused[i]);
        FtmsTreadmill data = {.has = 47};
        cr_expect(eq(int, ftms_decode(packet.bytes, packet.length, 0, &data), DECODE_REJECT));
        cr_expect(eq(u32, data.has, 47));
        packet_free(&packet);
    }
}

Test(ftms, values_are_given_in_metres_seconds_and_percent)
{
    Packet packet =
        packet_from_hex("FE1F2003EE02881300CEFF1E00640032002C013601F40158020A8C55080758029CFFFA00");
    FtmsTreadmill data;
    ftms_decode(packet.bytes, packet.length, 0, &data);
    packet_free(&packet);
    static const struct {
        FtmsField field;
        double value;
    } rows[] = {
        {FTMS_SPEED, 8 / 3.6},       {FTMS_AVERAGE_SPEED, 7.5 / 3.6},
        {FTMS_DISTANCE, 5000},       {FTMS_INCLINATION, -5},
        {FTMS_RAMP_ANGLE, 3},        {FTMS_ELEVATION_GAIN, 10},
        {FTMS_ELEVATION_LOSS, 5},    {FTMS_PACE, 600},
        {FTMS_AVERAGE_PACE, 620},    {FTMS_ENERGY, 500},
        {FTMS_ENERGY_PER_HOUR, 600}, {FTMS_ENERGY_PER_MINUTE, 10},
        {FTMS_HEART_RATE, 140},      {FTMS_MET, 8.5},
        {FTMS_ELAPSED, 1800},        {FTMS_REMAINING, 600},
        {FTMS_FORCE, -100},          {FTMS_POWER, 250},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(epsilon_eq(dbl, ftms_value(&data, rows[i].field), rows[i].value, 1e-9),
                  "field %d", rows[i].field);
    cr_expect(isnan(ftms_value(&data, FTMS_STEPS)));
}

Test(ftms, a_pace_of_one_byte_is_a_speed_and_one_of_zero_is_none)
{
    FtmsTreadmill data = {.pace_bytes = 1};
    ftms_set(&data, FTMS_PACE, 2);
    ftms_set(&data, FTMS_AVERAGE_PACE, 0);
    cr_expect(epsilon_eq(dbl, ftms_value(&data, FTMS_PACE), 300, 1e-9), "0.2 km/min is 5:00/km");
    cr_expect(isnan(ftms_value(&data, FTMS_AVERAGE_PACE)));
}

Test(ftms, a_known_width_is_kept_to_whatever_the_length)
{
    // Two bytes left for a pace of one: without knowing better they are one pace of two.
    Packet packet = packet_from_hex("2000E803B401");
    FtmsTreadmill data;
    cr_expect(eq(int, ftms_decode(packet.bytes, packet.length, 1, &data), DECODE_EXTRA));
    cr_expect(eq(i32, data.value[FTMS_PACE], 0xb4));
    cr_expect(eq(int, ftms_decode(packet.bytes, packet.length, 0, &data), DECODE_OK));
    cr_expect(eq(i32, data.value[FTMS_PACE], 0x1b4));
    packet_free(&packet);
}

static FtmsTreadmill random_data(uint64_t *random)
{
    FtmsTreadmill data = {.more_data = next_random(random) % 2,
                          .pace_bytes = (uint8_t)(1 + next_random(random) % 2)};
    if (!data.more_data)
        ftms_set(&data, FTMS_SPEED, (int32_t)(next_random(random) & 0xffff));
    for (FtmsField field = FTMS_AVERAGE_SPEED; field < FTMS_STEPS; field++) {
        const int32_t raw = (int32_t)(next_random(random) & 0x7f);
        if (next_random(random) % 2)
            ftms_set(&data, field, raw + 1);
    }
    if (!ftms_has(&data, FTMS_PACE) && !ftms_has(&data, FTMS_AVERAGE_PACE))
        data.pace_bytes = 0;
    return data;
}

Test(ftms, what_is_encoded_decodes_to_the_same_and_every_cut_is_safe)
{
    uint64_t random = 5;
    for (int round = 0; round < 20000; round++) {
        const FtmsTreadmill in = random_data(&random);
        uint8_t bytes[40];
        const size_t whole = ftms_encode(&in, bytes, sizeof bytes);
        cr_assert(gt(sz, whole, 1));
        for (size_t length = 0; length <= whole; length++) {
            Packet packet = packet_of(bytes, length);
            FtmsTreadmill out = {0};
            const DecodeStatus status =
                ftms_decode(packet.bytes, packet.length, in.pace_bytes, &out);
            packet_free(&packet);
            cr_assert(eq(int, status,
                         length < 2       ? DECODE_REJECT
                         : length < whole ? DECODE_TRUNCATED
                                          : DECODE_OK));
            cr_assert(eq(u32, out.has & ~in.has, 0));
            for (FtmsField field = 0; field < FTMS_FIELDS; field++)
                if (ftms_has(&out, field))
                    cr_assert(eq(i32, out.value[field], in.value[field]));
            if (length == whole)
                cr_assert(eq(u32, out.has, in.has));
        }
    }
}

Test(ftms, the_encoder_sends_nothing_that_contradicts_itself)
{
    FtmsTreadmill data = {0};
    uint8_t bytes[8];
    cr_expect(eq(sz, ftms_encode(&data, bytes, sizeof bytes), 0), "no speed where one must be");
    ftms_set(&data, FTMS_SPEED, 1000);
    cr_expect(eq(sz, ftms_encode(&data, bytes, sizeof bytes), 4));
    cr_expect(eq(sz, ftms_encode(&data, bytes, 3), 0), "no room");
    data.more_data = true;
    cr_expect(eq(sz, ftms_encode(&data, bytes, sizeof bytes), 0), "a speed where none may be");
}

// ── records ──

static bool add(FtmsRecord *record, double at_s, const char *hex, FtmsTreadmill *ret_record)
{
    Packet packet = packet_from_hex(hex);
    DecodeStatus status;
    const bool whole = ftms_record_add(record, usec_from_s(at_s), packet.bytes, packet.length,
                                       &status, ret_record);
    packet_free(&packet);
    return whole;
}

Test(ftms_record, two_parts_make_one_record)
{
    static const Said said[] = {
        {FTMS_SPEED, 800},           {FTMS_AVERAGE_SPEED, 750},
        {FTMS_DISTANCE, 5000},       {FTMS_INCLINATION, -50},
        {FTMS_RAMP_ANGLE, 30},       {FTMS_ELEVATION_GAIN, 100},
        {FTMS_ELEVATION_LOSS, 50},   {FTMS_ENERGY, 500},
        {FTMS_ENERGY_PER_HOUR, 600}, {FTMS_ENERGY_PER_MINUTE, 10},
        {FTMS_HEART_RATE, 140},      {FTMS_ELAPSED, 1800},
    };
    FtmsRecord record = FTMS_RECORD_NEW;
    FtmsTreadmill data;
    cr_assert(not(add(&record, 1, "1F00EE02881300CEFF1E0064003200", &data)));
    cr_assert(add(&record, 1.1, "80052003F40158020A8C0807", &data));
    expect_said(&data, said, sizeof said / sizeof *said, "two parts");
    cr_expect(not(data.more_data));
    cr_assert(add(&record, 2, "0000B603", &data));
    expect_said(&data, &(Said){FTMS_SPEED, 950}, 1, "nothing of the last record in the next");
}

Test(ftms_record, a_part_without_its_rest_is_forgotten)
{
    static const struct {
        const char *shows, *part, *next;
        double after_s;
        bool link_lost;
    } rows[] = {
        {"the link was lost", "09000F00FF7F", "0000B603", 0.5, true},
        {"three seconds of silence", "09000F00FF7F", "0000B603", 3.1, false},
        {"a block that comes twice", "09000F00FF7F", "0800B603FF7FFF7F", 0.5, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        FtmsRecord record = FTMS_RECORD_NEW;
        FtmsTreadmill data;
        cr_assert(not(add(&record, 10, rows[i].part, &data)), "%s", rows[i].shows);
        if (rows[i].link_lost)
            ftms_record_drop(&record);
        cr_assert(add(&record, 10 + rows[i].after_s, rows[i].next, &data), "%s", rows[i].shows);
        expect_said(&data, &(Said){FTMS_SPEED, 950}, 1, rows[i].shows);
    }
}

Test(ftms_record, a_first_part_that_comes_again_begins_anew)
{
    FtmsRecord record = FTMS_RECORD_NEW;
    FtmsTreadmill data;
    cr_assert(not(add(&record, 1,
                      "0D00640000"
                      "0F00FF7F",
                      &data)));
    cr_assert(not(add(&record, 2, "0500650000", &data)));
    cr_assert(add(&record, 2.1, "0000B603", &data));
    expect_said(&data, (Said[]){{FTMS_SPEED, 950}, {FTMS_DISTANCE, 101}}, 2,
                "the inclination was of a record that was never finished");
}

Test(ftms_record, a_refused_packet_leaves_the_part_alone)
{
    FtmsRecord record = FTMS_RECORD_NEW;
    FtmsTreadmill data;
    cr_assert(not(add(&record, 1, "0500640000", &data)));
    cr_assert(not(add(&record, 1.5, "00", &data)));
    cr_assert(add(&record, 2, "0000B603", &data));
    expect_said(&data, (Said[]){{FTMS_SPEED, 950}, {FTMS_DISTANCE, 100}}, 2, "the part was kept");
}

Test(ftms_record, a_width_once_settled_reads_what_the_length_cannot_tell)
{
    FtmsRecord record = FTMS_RECORD_NEW;
    FtmsTreadmill data;
    // Elapsed time after a pace, and bytes that nobody knows: by its length it could be either.
    const char *doubtful = "2004E803B43C00DEAD";
    cr_assert(add(&record, 1, doubtful, &data));
    cr_expect(not(ftms_has(&data, FTMS_ELAPSED)), "not told yet, so not believed");
    cr_assert(add(&record, 2, "2000E803B4", &data));
    cr_assert(add(&record, 3, doubtful, &data));
    cr_expect(eq(i32, data.value[FTMS_PACE], 180));
    cr_expect(eq(i32, data.value[FTMS_ELAPSED], 60));
    ftms_record_drop(&record);
    cr_assert(add(&record, 4, doubtful, &data));
    cr_expect(ftms_has(&data, FTMS_ELAPSED), "another link, the same machine");
}

Test(ftms_record, a_packet_that_may_have_been_cut_at_20_bytes_settles_no_width)
{
    // Two paces of a byte would just fill it; so would paces of two bytes that were cut.
    FtmsRecord record = FTMS_RECORD_NEW;
    FtmsTreadmill data;
    cr_assert(add(&record, 1, "FE00E803EE02881300CEFF1E0064003200B4AA64", &data) == true);
    cr_expect(eq(int, record.pace_bytes, 0));
}
