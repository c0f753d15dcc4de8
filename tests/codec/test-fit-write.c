// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// FIT files as they are written: that what is read back is what was written, that the bytes are
// those of the protocol, and that room that is too small makes no half file.

#include "codec/fit-write.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static uint8_t bytes[4096];
static FitWriter writer;

static FitMessage record_at(double time)
{
    FitMessage message = {.kind = FIT_RECORD};
    const double unknown = NAN;
    for (size_t i = 0; i < sizeof message.record / sizeof unknown; i++)
        memcpy((uint8_t *)&message.record + i * sizeof unknown, &unknown, sizeof unknown);
    message.record.time = time;
    return message;
}

static FitText text(const char *at)
{
    return (FitText){at, strlen(at)};
}

static void begin(void)
{
    fit_writer_init(&writer, bytes, sizeof bytes);
}

// The only message, or the last of several, as it is read back.
static FitMessage read_back(void)
{
    const size_t length = fit_writer_end(&writer);
    FitReader reader;
    FitMessage message, last = {0};
    fit_reader_init(&reader, bytes, length);
    while ((message = fit_read(&reader)).kind >= FIT_FILE)
        last = message;
    cr_assert(eq(int, message.kind, FIT_END), "%s", fit_fault_text(message.fault));
    return last;
}

static bool is(FitText found, const char *expected)
{
    return found.length == strlen(expected) && memcmp(found.at, expected, found.length) == 0;
}

Test(fit_write, has_the_bytes_of_the_protocol)
{
    begin();
    fit_write(&writer, &(FitMessage){.kind = FIT_FILE,
                                     .file = {.type = 5,
                                              .manufacturer = 255,
                                              .product = 1,
                                              .serial = 0x01020304,
                                              .created = 0x4143b86d}});
    const uint8_t expected[] = {
        0x40, 0, 0,    0, 0, 5,                                                 // definition
        0,    1, 0,    1, 2, 0x84, 2, 2, 0x84, 3, 4,    0x8c, 4,    4,    0x86, // its fields
        0,    5, 0xff, 0, 1, 0,    4, 3, 2,    1, 0x6d, 0xb8, 0x43, 0x41,       // data
    };
    const uint8_t header[] = {14, 0x10, 0xe1, 0x52, sizeof expected, 0, 0, 0, '.', 'F', 'I', 'T'};
    const size_t length = fit_writer_end(&writer);
    cr_assert(eq(sz, length, 14 + sizeof expected + 2));
    cr_expect(eq(int, memcmp(bytes, header, sizeof header), 0));
    cr_expect(eq(int, memcmp(bytes + 14, expected, sizeof expected), 0));
    cr_expect(eq(u16, fit_crc(0, bytes, length), 0)); // over a file with its sum
    cr_expect(eq(u16, fit_crc(0, bytes, 14), 0));     // over a header with its own
}

Test(fit_write, reads_back_what_was_measured)
{
    begin();
    FitMessage message = record_at(1e9);
    message.record.heart_rate = 150;
    message.record.cadence = 88;
    message.record.cadence_fraction = 0.5;
    message.record.distance = 1234.56;
    message.record.speed = 4.321;
    message.record.altitude = -12.4;
    message.record.power = 250;
    message.record.grade = -3.25;
    message.record.step_length = 1340.5;
    fit_write(&writer, &message);
    const FitMessage found = read_back();
    cr_expect(eq(int, memcmp(&found.record.time, &message.record.time, sizeof(double)), 0));
    cr_expect(epsilon_eq(dbl, found.record.distance, 1234.56, 1e-9));
    cr_expect(epsilon_eq(dbl, found.record.speed, 4.321, 1e-9));
    cr_expect(epsilon_eq(dbl, found.record.altitude, -12.4, 1e-9));
    cr_expect(epsilon_eq(dbl, found.record.grade, -3.25, 1e-9));
    cr_expect(epsilon_eq(dbl, found.record.step_length, 1340.5, 1e-9));
    cr_expect(eq(dbl, fit_record_steps(&found.record), 177));
    cr_expect(isnan(found.record.stance_time));
}

Test(fit_write, leaves_out_what_its_field_cannot_hold)
{
    static const struct {
        double rate, grade;
    } cases[] = {{255, 327.67}, {-1, -327.69}, {1e9, 1e9}, {(double)NAN, (double)NAN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        FitMessage message = record_at(1);
        message.record.heart_rate = cases[i].rate;
        message.record.grade = cases[i].grade;
        fit_write(&writer, &message);
        const FitMessage found = read_back();
        cr_expect(isnan(found.record.heart_rate), "%g", cases[i].rate);
        cr_expect(isnan(found.record.grade), "%g", cases[i].grade);
    }
    begin();
    FitMessage message = record_at(1);
    message.record.heart_rate = 254;
    message.record.grade = -327.68;
    fit_write(&writer, &message);
    const FitMessage found = read_back();
    cr_expect(eq(dbl, found.record.heart_rate, 254));
    cr_expect(epsilon_eq(dbl, found.record.grade, -327.68, 1e-9));
}

Test(fit_write, a_value_that_comes_and_goes_is_defined_once)
{
    begin();
    FitMessage with = record_at(1), without = record_at(2);
    with.record.heart_rate = 150;
    fit_write(&writer, &with);
    const size_t before = writer.writer.length;
    fit_write(&writer, &without);
    fit_write(&writer, &with);
    const size_t each = (writer.writer.length - before) / 2;
    cr_expect(eq(sz, each, 1 + 4 + 1)); // no definition in between
    with.record.speed = 3;
    fit_write(&writer, &with);
    cr_expect(gt(sz, writer.writer.length - before - 2 * each, each + 6));
    cr_expect(eq(dbl, read_back().record.speed, 3));
}

Test(fit_write, keeps_texts_whole_or_cuts_them_between_characters)
{
    char umlauts[2 * 200 + 1] = "";
    for (size_t i = 0; i < 200; i++)
        strcat(umlauts, "ü");
    begin();
    FitMessage message = {.kind = FIT_WORKOUT,
                          .workout = {.sport = 1, .capabilities = 32, .step_count = 3}};
    message.workout.name = text("VO₂ max");
    fit_write(&writer, &message);
    message.workout.name = text("short"); // fits into what is defined by now
    fit_write(&writer, &message);
    const FitMessage found = read_back();
    cr_expect(is(found.workout.name, "short"));
    cr_expect(eq(dbl, found.workout.step_count, 3));
    cr_expect(eq(dbl, found.workout.capabilities, 32));

    begin();
    message.workout.name = text(umlauts);
    fit_write(&writer, &message);
    const FitText cut = read_back().workout.name;
    cr_expect(eq(sz, cut.length, FIT_TEXT_MAX));
    umlauts[FIT_TEXT_MAX] = '\0';
    cr_expect(is(cut, umlauts));

    begin();
    message.workout.name = (FitText){NULL, 0};
    fit_write(&writer, &message);
    cr_expect(read_back().workout.name.at == NULL);
}

Test(fit_write, reads_back_a_step_and_its_words)
{
    begin();
    FitMessage message = {.kind = FIT_STEP,
                          .step = {.index = 7,
                                   .duration_type = FIT_LASTS_DISTANCE,
                                   .duration = 160000,
                                   .target_type = FIT_TARGET_SPEED,
                                   .target = 0,
                                   .low = 3423,
                                   .high = 3635,
                                   .intensity = FIT_ACTIVE,
                                   .second_target_type = (double)NAN}};
    message.step.name = text("Rep");
    message.step.notes = text("");
    fit_write(&writer, &message);
    const FitStep found = read_back().step;
    cr_expect(eq(dbl, found.index, 7));
    cr_expect(eq(dbl, found.duration, 160000));
    cr_expect(eq(dbl, found.low, 3423));
    cr_expect(eq(dbl, found.high, 3635));
    cr_expect(isnan(found.second_target_type));
    cr_expect(is(found.name, "Rep"));
    cr_expect(is(found.notes, ""));
}

Test(fit_write, pads_the_beats_of_a_second_that_has_fewer)
{
    begin();
    FitMessage message = {.kind = FIT_HRV, .hrv = {.count = 3, .rr_ms = {800, 810, 790}}};
    fit_write(&writer, &message);
    message.hrv.count = 1;
    fit_write(&writer, &message);
    const FitHrv found = read_back().hrv;
    cr_expect(eq(u8, found.count, 1));
    cr_expect(eq(u16, found.rr_ms[0], 800));
}

Test(fit_write, no_file_is_better_than_half_of_one)
{
    begin();
    const FitMessage message = record_at(1);
    fit_write(&writer, &message);
    const size_t length = fit_writer_end(&writer);
    for (size_t size = 0; size < length; size++) {
        fit_writer_init(&writer, bytes, size);
        fit_write(&writer, &message);
        cr_expect(eq(sz, fit_writer_end(&writer), 0));
    }
    fit_writer_init(&writer, bytes, length);
    fit_write(&writer, &message);
    cr_expect(eq(sz, fit_writer_end(&writer), length));
}

Test(fit_write, fields_of_our_own_stand_behind_those_of_the_profile)
{
    FitMessage message = record_at(1e9);
    message.record.heart_rate = 150;
    message.record.effort = 6.5;
    begin();
    fit_write(&writer, &message);
    message.record.effort = NAN; // absent, in the same definition
    fit_write(&writer, &message);
    const uint8_t expected[] = {
        0x61, 0,
        0,    20,
        0,    2,
        253,  4,
        0x86, 3,
        1,    2, // a definition with a developer's field
        1,    FIT_OWN_EFFORT,
        4,    0, // which is of developer 0
        1,    0,
        0xca, 0x9a,
        0x3b, 150,
        0,    0,
        0xd0, 0x40, // 6.5 as a float
        1,    0,
        0xca, 0x9a,
        0x3b, 150,
        0xff, 0xff,
        0xff, 0xff,
    };
    const size_t length = fit_writer_end(&writer);
    cr_assert(eq(sz, length, 14 + sizeof expected + 2));
    cr_expect(eq(u8, bytes[1], 0x20), "protocol 2.0 has such fields");
    cr_expect(eq(int, memcmp(bytes + 14, expected, sizeof expected), 0));
    FitReader reader;
    fit_reader_init(&reader, bytes, length);
    const FitMessage found = fit_read(&reader);
    cr_expect(found.record.heart_rate == 150 && isnan(found.record.effort));
}

Test(fit_write, laps_devices_and_the_rest_of_an_activity_come_back)
{
    begin();
    FitMessage lap = {.kind = FIT_LAP};
    for (size_t i = 0; i < sizeof lap.lap / sizeof(double); i++)
        ((double *)&lap.lap)[i] = NAN;
    lap.lap.cadence = 88;
    lap.lap.cadence_fraction = 0.5;
    lap.lap.speed = 3.456;
    lap.lap.step_index = 12;
    lap.lap.step_length = 1012.3;
    fit_write(&writer, &lap);
    const FitLap found = read_back().lap;
    cr_expect(found.cadence == 88 && found.cadence_fraction == 0.5 && found.speed == 3.456);
    cr_expect(found.step_index == 12 && found.step_length == 1012.3 && isnan(found.stress));

    begin();
    const FitText none = {NULL, 0};
    fit_write(&writer, &(FitMessage){.kind = FIT_DEVICE,
                                     .device = {.time = 5,
                                                .index = 1,
                                                .type = 6,
                                                .manufacturer = NAN,
                                                .battery_status = 4,
                                                .source = 3,
                                                .battery = 17,
                                                .name = text("Pod")}});
    const FitDevice device = read_back().device;
    cr_expect(device.battery == 17 && isnan(device.manufacturer) && is(device.name, "Pod"));

    begin();
    fit_write(&writer, &(FitMessage){.kind = FIT_OWN_FIELD,
                                     .own = {.number = 3, .name = text("d"), .unit = none}});
    cr_expect(read_back().own.unit.at == NULL);
    begin();
    fit_write(&writer, &(FitMessage){.kind = FIT_ACTIVITY,
                                     .activity = {.time = 9, .timer = 1.5, .local = NAN}});
    const FitActivity activity = read_back().activity;
    cr_expect(activity.timer == 1.5 && isnan(activity.local));
}
