// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The virtual treadmill: what it sends is read by the codec, and says what its belt does, in each
// of the ways that treadmills have.

#include "sim/treadmill.h"

#include "codec/ftms-control.h"
#include "codec/ftms-machine.h"
#include "codec/ftms-record.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

typedef struct {
    Runner runner;
    WornSensor worn;
    Treadmill treadmill;
    FtmsRecord record;
    FtmsTreadmill said; // its newest record
    size_t packets, longest;
    int started, stopped; // statuses
    uint8_t training;
} Fixture;

static Fixture stand(void)
{
    Fixture fixture = {.record = FTMS_RECORD_NEW};
    runner_init(&fixture.runner, &RUNNER_DEFAULT, 3);
    worn_init(&fixture.worn, 4, 1);
    treadmill_init(&fixture.treadmill);
    return fixture;
}

static void take(Fixture *fixture, double at_s, const TreadmillPacket *packet)
{
    FtmsMessage message;
    FtmsTrainingStatus training;
    DecodeStatus status;
    switch (packet->characteristic) {
    case 0x2acd:
        fixture->packets++;
        fixture->longest = packet->length > fixture->longest ? packet->length : fixture->longest;
        ftms_record_add(&fixture->record, usec_from_s(at_s), packet->bytes, packet->length, &status,
                        &fixture->said);
        cr_assert(eq(int, status, DECODE_OK));
        break;
    case 0x2ada:
        cr_assert(eq(int, ftms_status_decode(packet->bytes, packet->length, &message), DECODE_OK));
        fixture->started += message.op == FTMS_STATUS_STARTED;
        fixture->stopped += message.op == FTMS_STATUS_STOPPED;
        break;
    case 0x2ad3:
        cr_assert(
            eq(int, ftms_training_decode(packet->bytes, packet->length, &training), DECODE_OK));
        fixture->training = training.status;
        break;
    }
}

static void pass(Fixture *fixture, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        TreadmillPacket packets[TREADMILL_PACKETS_MAX];
        runner_advance(&fixture->runner, 1);
        const size_t count =
            treadmill_packets(&fixture->treadmill, &fixture->worn, &fixture->runner, packets);
        for (size_t k = 0; k < count; k++)
            if (packets[k].length > 0)
                take(fixture, i, &packets[k]);
    }
}

static double said(const Fixture *fixture, FtmsField field)
{
    return ftms_value(&fixture->said, field);
}

Test(treadmill, its_belt_goes_where_the_runner_aims_and_counts)
{
    Fixture fixture = stand();
    pass(&fixture, 3);
    cr_expect(eq(dbl, said(&fixture, FTMS_SPEED), 0));
    cr_expect(eq(int, fixture.started, 0));
    runner_aim(&fixture.runner, 3);
    pass(&fixture, 1);
    cr_expect(said(&fixture, FTMS_SPEED) < 1, "a motor takes its time");
    pass(&fixture, 99);
    cr_expect(epsilon_eq(dbl, said(&fixture, FTMS_SPEED), 3, 0.02));
    cr_expect(epsilon_eq(dbl, said(&fixture, FTMS_DISTANCE), 291, 3));
    cr_expect(eq(dbl, said(&fixture, FTMS_ELAPSED), 100));
    cr_expect(eq(dbl, said(&fixture, FTMS_INCLINATION), 0));
    cr_expect(isnan(said(&fixture, FTMS_HEART_RATE)));
    cr_expect(eq(int, fixture.started, 1));
    cr_expect(eq(int, fixture.training, FTMS_TRAINING_MANUAL));
    runner_aim(&fixture.runner, 0);
    pass(&fixture, 10);
    cr_expect(eq(dbl, said(&fixture, FTMS_SPEED), 0));
    cr_expect(eq(int, fixture.stopped, 1));
    cr_expect(eq(int, fixture.training, FTMS_TRAINING_IDLE));
}

Test(treadmill, every_variant_fits_into_notifications_and_says_the_same)
{
    for (unsigned variant = 0; variant < 8; variant++) {
        Fixture fixture = stand();
        fixture.treadmill.traits = (TreadmillTraits){
            .split = variant & 1,
            .byte_pace = variant & 2,
            .grips = variant & 4,
            .incline_percent = -2.5,
        };
        runner_aim(&fixture.runner, 4);
        pass(&fixture, 60);
        cr_expect(epsilon_eq(dbl, said(&fixture, FTMS_SPEED), 4, 0.02), "%u", variant);
        cr_expect(eq(dbl, said(&fixture, FTMS_INCLINATION), -2.5), "%u", variant);
        cr_expect(eq(sz, fixture.packets, variant & 1 ? 120 : 60), "%u", variant);
        cr_expect(fixture.longest <= 20, "%u", variant);
        cr_expect(eq(int, isnan(said(&fixture, FTMS_HEART_RATE)), !(variant & 4)), "%u", variant);
        cr_expect(eq(int, fixture.record.pace_bytes, variant & 2 ? 1 : 0), "%u", variant);
        if (variant & 2)
            cr_expect(epsilon_eq(dbl, said(&fixture, FTMS_PACE), 250, 60), "%u", variant);
    }
}

Test(treadmill, miles_are_said_to_be_kilometres)
{
    Fixture fixture = stand();
    fixture.treadmill.traits.miles = true;
    runner_aim(&fixture.runner, 10 / 3.6);
    pass(&fixture, 30);
    cr_expect(epsilon_eq(dbl, said(&fixture, FTMS_SPEED) * 3.6, 6.21, 0.01));
}

Test(treadmill, its_belt_may_run_on_with_nobody_on_it)
{
    Fixture fixture = stand();
    fixture.treadmill.traits.runs_on = true;
    runner_aim(&fixture.runner, 3);
    pass(&fixture, 30);
    runner_aim(&fixture.runner, 0);
    pass(&fixture, 60);
    cr_expect(eq(dbl, fixture.runner.cadence_spm, 0));
    cr_expect(epsilon_eq(dbl, said(&fixture, FTMS_SPEED), 3, 0.02));
    cr_expect(eq(int, fixture.stopped, 0));
}

Test(treadmill, it_misbehaves_as_it_is_told)
{
    static const struct {
        Misbehaviour kind;
        double least_kmh, most_kmh;
        bool silent;
    } rows[] = {
        {MISBEHAVE_FREEZE, 10.8, 10.8, true},
        {MISBEHAVE_DROP_OUT, 10.8, 10.8, true},
        {MISBEHAVE_ZERO, 0, 0, false},
        {MISBEHAVE_SPIKES, 10.8, 24, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture fixture = stand();
        runner_aim(&fixture.runner, 3);
        pass(&fixture, 30);
        worn_misbehave(&fixture.worn, rows[i].kind, INFINITY);
        const size_t before = fixture.packets;
        double least = INFINITY, most = 0;
        for (int second = 0; second < 100; second++) {
            pass(&fixture, 1);
            least = fmin(least, said(&fixture, FTMS_SPEED) * 3.6);
            most = fmax(most, said(&fixture, FTMS_SPEED) * 3.6);
        }
        cr_expect(epsilon_eq(dbl, least, rows[i].least_kmh, 0.06), "%d", rows[i].kind);
        cr_expect(epsilon_eq(dbl, most, rows[i].most_kmh, 0.06), "%d", rows[i].kind);
        cr_expect(eq(int, fixture.packets == before, rows[i].silent), "%d", rows[i].kind);
    }
}

Test(treadmill, its_metres_start_again_where_three_bytes_end)
{
    Fixture fixture = stand();
    runner_aim(&fixture.runner, 4);
    pass(&fixture, 30);
    worn_misbehave(&fixture.worn, MISBEHAVE_WRAP, 1);
    pass(&fixture, 1);
    cr_expect(said(&fixture, FTMS_DISTANCE) > 16e6);
    pass(&fixture, 10);
    cr_expect(said(&fixture, FTMS_DISTANCE) < 100);
}

static int answer(Treadmill *treadmill, const char *request, size_t length)
{
    uint8_t bytes[20];
    FtmsResponse response;
    const size_t answered =
        treadmill_request(treadmill, (const uint8_t *)request, length, bytes, sizeof bytes);
    if (ftms_response_decode(bytes, answered, &response) != DECODE_OK)
        return -1;
    cr_expect(eq(int, response.request, (uint8_t)request[0]));
    return response.result;
}

Test(treadmill, it_gives_control_and_moves_nothing)
{
    Treadmill treadmill;
    treadmill_init(&treadmill);
    cr_expect(eq(int, answer(&treadmill, "\x07", 1), FTMS_RESULT_NOT_PERMITTED));
    cr_expect(eq(int, answer(&treadmill, "\x01", 1), FTMS_RESULT_NOT_PERMITTED));
    cr_expect(eq(int, answer(&treadmill, "\x00", 1), FTMS_RESULT_SUCCESS));
    cr_expect(eq(int, answer(&treadmill, "\x07", 1), FTMS_RESULT_FAILED));
    cr_expect(eq(int, answer(&treadmill, "\x02\xe2\x04", 3), FTMS_RESULT_FAILED));
    cr_expect(eq(int, answer(&treadmill, "\x02\xe2", 2), FTMS_RESULT_INVALID_PARAMETER));
    cr_expect(eq(int, answer(&treadmill, "\x04\x10", 2), FTMS_RESULT_UNSUPPORTED));
    cr_expect(eq(int, answer(&treadmill, "\x01", 1), FTMS_RESULT_SUCCESS));
    cr_expect(eq(int, answer(&treadmill, "\x08\x01", 2), FTMS_RESULT_NOT_PERMITTED));
    cr_expect(eq(int, answer(&treadmill, "", 0), -1));
    cr_expect(eq(dbl, treadmill.belt_mps, 0));
}
