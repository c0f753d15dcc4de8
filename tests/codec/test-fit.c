// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// FIT files, written here byte by byte as the protocol has them: what a reader makes of each, and
// where it says that one is broken. Every file is held in a block of exactly its size.

#include "codec/fit.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

// ── a file in the making ──

typedef struct {
    uint8_t bytes[1024];
    size_t length;
    size_t start; // of the file that is being written
} File;

static void put(File *file, const char *hex)
{
    for (; hex[0] != '\0'; hex++)
        if (hex[0] != ' ') {
            file->bytes[file->length++] =
                (uint8_t)strtoul((const char[]){hex[0], hex[1], '\0'}, NULL, 16);
            hex++;
        }
}

static void begin(File *file)
{
    file->start = file->length;
    put(file, "0e 20 e152 00000000 2e464954 0000"); // no check sum of its own, as some write it
}

static void put_crc(File *file, size_t from, size_t length, size_t at)
{
    const uint16_t crc = fit_crc(0, file->bytes + from, length);
    file->bytes[at] = (uint8_t)crc;
    file->bytes[at + 1] = (uint8_t)(crc >> 8);
}

// The size and both check sums. A second file may follow.
static void end(File *file)
{
    const size_t size = file->length - file->start - 14;
    file->bytes[file->start + 4] = (uint8_t)size;
    file->bytes[file->start + 5] = (uint8_t)(size >> 8);
    put_crc(file, file->start, 12, file->start + 12);
    put_crc(file, file->start, size + 14, file->length);
    file->length += 2;
}

static File file_of(const char *hex)
{
    File file = {0};
    begin(&file);
    put(&file, hex);
    end(&file);
    return file;
}

// ── reading it ──

typedef struct {
    Packet packet;
    FitReader reader;
} Reading;

static Reading reading(const File *file, size_t length)
{
    Reading reading = {.packet = packet_of(file->bytes, length)};
    fit_reader_init(&reading.reader, reading.packet.bytes, length);
    return reading;
}

// The only message of a file.
static FitMessage only(const char *hex, FitKind kind)
{
    const File file = file_of(hex);
    Reading all = reading(&file, file.length);
    const FitMessage message = fit_read(&all.reader), after = fit_read(&all.reader);
    cr_assert(eq(int, message.kind, kind), "%s: %s", hex, fit_fault_text(message.fault));
    cr_assert(eq(int, after.kind, FIT_END), "%s: %s", hex, fit_fault_text(after.fault));
    packet_free(&all.packet);
    return message;
}

// Reads on until the end; how many messages there were.
static size_t read_all(FitReader *reader, FitMessage *ret_last)
{
    size_t count = 0;
    while ((*ret_last = fit_read(reader)).kind >= FIT_FILE)
        count++;
    return count;
}

// The fault of a file, which is there for good.
static FitMessage fault_of(const File *file, size_t length)
{
    Reading all = reading(file, length);
    FitMessage last;
    read_all(&all.reader, &last);
    const FitMessage again = fit_read(&all.reader);
    cr_assert(eq(int, last.kind, again.kind));
    cr_assert(eq(sz, last.offset, again.offset));
    packet_free(&all.packet);
    return last;
}

static void broken(const File *file, FitFault fault, size_t offset)
{
    const FitMessage last = fault_of(file, file->length);
    cr_expect(eq(int, last.kind, FIT_BAD));
    cr_expect(eq(int, last.fault, fault), "%s", fit_fault_text(last.fault));
    cr_expect(eq(sz, last.offset, offset));
}

// Time and heart rate.
#define PULSE "40 00 00 1400 02 fd0486 030102"

Test(fit, the_check_sum_is_crc_16_arc)
{
    cr_expect(eq(u16, fit_crc(0, (const uint8_t *)"123456789", 9), 0xbb3d));
    cr_expect(eq(u16, fit_crc(0, NULL, 0), 0));
    const uint8_t header[] = {0x0e, 0x20, 0xe1, 0x52, 0xbc, 0x02, 0, 0, 0x2e, 0x46, 0x49, 0x54};
    cr_expect(eq(u16, fit_crc(0, header, sizeof header), 0x9404));
    const File file = file_of(PULSE "00 00000040 78");
    cr_expect(eq(u16, fit_crc(0, file.bytes, file.length), 0), "over a whole file it is 0");
    const uint16_t half = fit_crc(0, file.bytes, 20);
    cr_expect(eq(u16, fit_crc(half, file.bytes + 20, file.length - 20), 0), "and in two parts");
}

Test(fit, a_record_has_all_that_was_measured)
{
    const FitRecord record =
        only("40 00 00 1400 0e fd0486 030102 040102 350102 050486 060284 490486 070284 020284 "
             "4e0486 090283 270284 290284 550284"
             "00 00000040 96 58 40 10270000 a00f a00f0000 1801 c409 d0090000 0cfe 3b03 3609 4435",
             FIT_RECORD)
            .record;
    cr_expect(eq(dbl, record.time, 0x40000000));
    cr_expect(eq(dbl, record.heart_rate, 150));
    cr_expect(eq(dbl, record.cadence, 88));
    cr_expect(eq(dbl, record.cadence_fraction, 0.5));
    cr_expect(eq(dbl, fit_record_steps(&record), 177));
    cr_expect(eq(dbl, record.distance, 100));
    cr_expect(eq(dbl, record.speed, 4));
    cr_expect(eq(dbl, record.power, 280));
    cr_expect(eq(dbl, record.altitude, 2512.0 / 5 - 500));
    cr_expect(eq(dbl, record.grade, -5));
    cr_expect(eq(dbl, record.vertical_oscillation, 82.7));
    cr_expect(eq(dbl, record.stance_time, 235.8));
    cr_expect(eq(dbl, record.step_length, 1363.6));
}

Test(fit, a_record_without_a_fraction_has_steps_all_the_same)
{
    const FitRecord record = only("40 00 00 1400 01 040102 00 58", FIT_RECORD).record;
    cr_expect(eq(dbl, fit_record_steps(&record), 176));
    const FitRecord none = only("40 00 00 1400 02 040102 350102 00 ff 40", FIT_RECORD).record;
    cr_expect(isnan(fit_record_steps(&none)), "a fraction alone is no cadence");
}

Test(fit, the_enhanced_speed_counts_where_it_is_known)
{
    static const struct {
        const char *values;
        double speed;
    } both[] = {{"00 b80b 10270000", 10}, {"00 b80b ffffffff", 3}, {"00 ffff 10270000", 10}};
    char hex[128];
    for (size_t i = 0; i < sizeof both / sizeof *both; i++)
        for (int swapped = 0; swapped < 2; swapped++) {
            const char *v = both[i].values;
            if (swapped)
                snprintf(hex, sizeof hex, "40 00 00 1400 02 490486 060284 00 %s %.4s", v + 8,
                         v + 3);
            else
                snprintf(hex, sizeof hex, "40 00 00 1400 02 060284 490486 %s", v);
            cr_expect(eq(dbl, only(hex, FIT_RECORD).record.speed, both[i].speed), "%s", hex);
        }
}

Test(fit, big_endian_is_read_as_well)
{
    const FitRecord record =
        only("45 00 01 0014 03 fd0486 050486 090283 05 3fffffff 00002710 fe0c", FIT_RECORD).record;
    cr_expect(eq(dbl, record.time, 0x3fffffff));
    cr_expect(eq(dbl, record.distance, 100));
    cr_expect(eq(dbl, record.grade, -5));
}

Test(fit, what_is_marked_invalid_is_absent)
{
    const FitRecord record = only("40 00 00 1400 06 fd0486 030102 050486 060284 090283 070284"
                                  "00 ffffffff ff ffffffff ffff ff7f ffff",
                                  FIT_RECORD)
                                 .record;
    cr_expect(isnan(record.time) && isnan(record.heart_rate) && isnan(record.distance));
    cr_expect(isnan(record.speed) && isnan(record.grade) && isnan(record.power));
    cr_expect(isnan(record.altitude), "and so is what the definition does not have");
}

Test(fit, a_field_may_be_of_another_type_than_usual)
{
    static const struct {
        const char *type, *value;
        double power;
    } types[] = {
        {"0102", "c8", 200},
        {"0101", "9c", -100},
        {"010d", "64", 100},
        {"0485", "9cffffff", -100},
        {"0488", "0000c843", 400},
        {"0488", "0000c07f", NAN},
        {"0488", "0000807f", NAN},
        {"0889", "0000000000007940", 400},
        {"088e", "9cffffffffffffff", -100},
        {"088f", "9001000000000000", 400},
        {"088f", "ffffffffffffffff", NAN},
        {"010a", "00", NAN},
        {"010a", "ff", 255},
        {"028b", "0000", NAN},
        {"048c", "90010000", 400},
        {"0890", "0000000000000000", NAN},
        {"0284", "c800", 200},
        {"0484", "c8000a00", 200}, // the first of an array
    };
    char hex[128];
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        snprintf(hex, sizeof hex, "40 00 00 1400 02 07%s 030102 00 %s 78", types[i].type,
                 types[i].value);
        const FitRecord record = only(hex, FIT_RECORD).record;
        cr_expect(isnan(types[i].power) ? isnan(record.power) : record.power == types[i].power,
                  "%s", hex);
        cr_expect(eq(dbl, record.heart_rate, 120), "%s", hex);
    }
}

Test(fit, a_field_that_is_no_number_is_walked_over)
{
    static const char *const widths[] = {
        "0707 41424344454600", // text
        "0384 010203",         // three bytes of two each
        "0186 01",             // too narrow
        "0084",                // empty
        "021f 0102",           // no such type
    };
    char hex[128];
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        snprintf(hex, sizeof hex, "40 00 00 1400 02 07%.4s 030102 00 %s 78", widths[i],
                 widths[i] + 4);
        const FitRecord record = only(hex, FIT_RECORD).record;
        cr_expect(isnan(record.power), "%s", hex);
        cr_expect(eq(dbl, record.heart_rate, 120), "%s", hex);
    }
}

Test(fit, developer_fields_are_walked_over)
{
    const File file = file_of("60 00 00 1400 01 030102 02 000488 010100"
                              "00 78 0000c843 05  00 79 0000c843 05");
    Reading all = reading(&file, file.length);
    cr_expect(eq(dbl, fit_read(&all.reader).record.heart_rate, 120));
    cr_expect(eq(dbl, fit_read(&all.reader).record.heart_rate, 121));
    cr_expect(eq(int, fit_read(&all.reader).kind, FIT_END));
    packet_free(&all.packet);
}

Test(fit, unknown_messages_are_walked_over)
{
    const File file = file_of("41 00 00 4d01 01 000484 42 00 00 0100 01 000102" PULSE
                              "01 01020304 02 05 00 00000040 78 01 05060708");
    Reading all = reading(&file, file.length);
    FitMessage last;
    cr_expect(eq(sz, read_all(&all.reader, &last), 1));
    cr_expect(eq(int, last.kind, FIT_END));
    cr_expect(eq(sz, last.offset, file.length));
    packet_free(&all.packet);
}

Test(fit, a_definition_holds_until_the_next_of_its_number)
{
    const File file = file_of(PULSE "00 00000040 78 41 00 00 1400 01 030102 01 79"
                                    "40 00 00 1400 01 040102 00 5a");
    Reading all = reading(&file, file.length);
    cr_expect(eq(dbl, fit_read(&all.reader).record.heart_rate, 120));
    cr_expect(eq(dbl, fit_read(&all.reader).record.heart_rate, 121));
    const FitRecord last = fit_read(&all.reader).record;
    cr_expect(isnan(last.heart_rate) && last.cadence == 90);
    packet_free(&all.packet);
}

// The five bits are the end of the time; where they fall back, it has gone on by 32 s.
Test(fit, compressed_timestamps_go_by_the_newest_time)
{
    const File file = file_of(PULSE "41 00 00 1400 01 030102"
                                    "00 3d000040 78  bf 79 a0 7a a0 7b a5 7c");
    static const uint32_t times[] = {0x4000003d, 0x4000003f, 0x40000040, 0x40000040, 0x40000045};
    Reading all = reading(&file, file.length);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const FitRecord record = fit_read(&all.reader).record;
        cr_expect(eq(dbl, record.time, times[i]), "%zu", i);
        cr_expect(eq(dbl, record.heart_rate, 120 + (double)i));
    }
    packet_free(&all.packet);
}

Test(fit, beats_come_in_milliseconds_and_without_their_padding)
{
    const FitHrv hrv = only("40 00 00 4e00 01 000a84 00 8b01 8e01 9001 ffff ffff", FIT_HRV).hrv;
    cr_assert(eq(u8, hrv.count, 3));
    cr_expect(hrv.rr_ms[0] == 395 && hrv.rr_ms[2] == 400);
    cr_expect(eq(u8, only("40 00 00 4e00 01 000284 00 ffff", FIT_HRV).hrv.count, 0));
    cr_expect(eq(u8, only("40 00 00 4e00 01 010284 00 0102", FIT_HRV).hrv.count, 0));
}

Test(fit, a_message_of_beats_may_be_as_long_as_there_is)
{
    File file = {0};
    begin(&file);
    put(&file, "40 00 00 4e00 01 00fe84 00");
    for (int i = 0; i < 127; i++)
        put(&file, "2002");
    end(&file);
    Reading all = reading(&file, file.length);
    const FitHrv hrv = fit_read(&all.reader).hrv;
    cr_expect(eq(u8, hrv.count, FIT_RR_MAX));
    cr_expect(eq(u16, hrv.rr_ms[126], 544));
    packet_free(&all.packet);
}

Test(fit, laps_sessions_events_and_what_the_file_is)
{
    const FitLap lap = only("40 00 00 1300 07 fd0486 020486 070486 080486 090486 170100 180100"
                            "00 05000040 00000040 88130000 a00f0000 50060000 01 02",
                            FIT_LAP)
                           .lap;
    cr_expect(lap.time == 0x40000005 && lap.start == 0x40000000);
    cr_expect(lap.elapsed == 5 && lap.timer == 4 && lap.distance == 16.16);
    cr_expect(lap.intensity == 1 && lap.trigger == 2 && isnan(lap.sport));
    const FitLap session =
        only("40 00 00 1200 04 050100 060100 100102 110102 00 01 2d 98 9a", FIT_SESSION).lap;
    cr_expect(session.sport == 1 && session.sub_sport == 45);
    cr_expect(session.heart_rate == 152 && session.heart_rate_max == 154 && isnan(session.time));
    const FitEvent event =
        only("40 00 00 1500 03 fd0486 000100 010100 00 00000040 00 04", FIT_EVENT).event;
    cr_expect(event.time == 0x40000000 && event.event == 0 && event.type == 4);
    const FitFileId id = only("40 00 00 0000 02 000100 040486 00 04 00000040", FIT_FILE).file;
    cr_expect(id.type == 4 && id.created == 0x40000000);
}

Test(fit, files_in_a_row_are_one_and_know_nothing_of_each_other)
{
    File file = {0};
    begin(&file);
    put(&file, PULSE "00 00000040 78");
    end(&file);
    begin(&file);
    put(&file, PULSE "00 10000040 7a");
    end(&file);
    Reading all = reading(&file, file.length);
    FitMessage last;
    cr_expect(eq(sz, read_all(&all.reader, &last), 2));
    cr_expect(eq(int, last.kind, FIT_END));
    packet_free(&all.packet);

    const size_t second = file.length;
    begin(&file);
    put(&file, "00 00000040 78");
    end(&file);
    broken(&file, FIT_FAULT_UNDEFINED, second + 14);
}

Test(fit, an_old_header_has_no_check_sum)
{
    File file = {0};
    put(&file, "0c 10 6400 00000000 2e464954" PULSE "00 00000040 78");
    file.bytes[4] = (uint8_t)(file.length - 12);
    put_crc(&file, 0, file.length, file.length);
    file.length += 2;
    Reading all = reading(&file, file.length);
    cr_expect(eq(dbl, fit_read(&all.reader).record.heart_rate, 120));
    packet_free(&all.packet);
}

Test(fit, what_is_broken_is_said_with_its_place)
{
    File file = {0};
    broken(&file, FIT_FAULT_HEADER, 0);
    put(&file, "0e20e152000000002e474954");
    broken(&file, FIT_FAULT_HEADER, 0);

    file = file_of(PULSE "00 00000040 78");
    const size_t crc = file.length - 2;
    file.bytes[crc - 1] ^= 1;
    broken(&file, FIT_FAULT_CRC, crc);
    file.bytes[crc - 1] ^= 1;
    file.bytes[12] ^= 1;
    broken(&file, FIT_FAULT_HEADER_CRC, 12);
    file.bytes[12] ^= 1;
    put(&file, "00 00"); // the rest of a block
    cr_expect(eq(int, fault_of(&file, file.length).kind, FIT_END));
    put(&file, "01");
    broken(&file, FIT_FAULT_HEADER, crc + 2);

    file = file_of("40 00 02 1400 00");
    broken(&file, FIT_FAULT_BYTE_ORDER, 16);
    file = file_of("03 00");
    broken(&file, FIT_FAULT_UNDEFINED, 14);
    file = file_of(PULSE "41 00 00 1400 01 030102 a0 78");
    broken(&file, FIT_FAULT_NO_TIMESTAMP, 35);
    file = file_of(PULSE "00 00000040");
    broken(&file, FIT_FAULT_BEYOND_ITS_END, 26);
}

Test(fit, a_definition_that_is_cut_is_none)
{
    static const char *const cut[] = {"40",
                                      "40 00",
                                      "40 00 00",
                                      "40 00 00 14",
                                      "40 00 00 1400",
                                      "40 00 00 1400 02 fd0486 0301",
                                      "60 00 00 1400 00",
                                      "60 00 00 1400 00 01 0001"};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        const File file = file_of(cut[i]);
        broken(&file, FIT_FAULT_BEYOND_ITS_END, 14);
    }
}

Test(fit, a_cut_file_gives_nothing_at_any_length)
{
    const File file = file_of(PULSE "00 00000040 78 00 01000040 79");
    for (size_t length = 0; length < file.length; length++) {
        Reading all = reading(&file, length);
        FitMessage last;
        cr_expect(eq(sz, read_all(&all.reader, &last), 0));
        cr_expect(eq(int, last.fault, length < 12 ? FIT_FAULT_HEADER : FIT_FAULT_CUT));
        packet_free(&all.packet);
    }
}

Test(fit, every_fault_has_words)
{
    for (FitFault fault = FIT_FAULT_HEADER; fault <= FIT_FAULT_BEYOND_ITS_END; fault++)
        cr_expect(strlen(fit_fault_text(fault)) > 10);
}
