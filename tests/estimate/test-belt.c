// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is believed of a treadmill, record by record, and of those that leave something out.

#include "../codec/packet.h"
#include "estimate/belt.h"
#include "profiles.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define S(seconds) usec_from_s(seconds)
#define MACHINE    2

static Belt belt;

static void nothing_known(void)
{
    belt_init(&belt);
    belt_link(&belt, MACHINE, true);
    profiles_default();
}

TestSuite(belt, .init = nothing_known);

static BeltMeasurement measured;

static bool hex(double at_s, const char *text)
{
    Packet packet = packet_from_hex(text);
    DecodeStatus status;
    const bool whole =
        belt_measure(&belt, S(at_s), MACHINE, packet.bytes, packet.length, &status, &measured);
    packet_free(&packet);
    return whole;
}

// A record with a speed in km/h and, unless it is NAN, an incline in percent.
static bool record(double at_s, double kmh, double incline)
{
    FtmsTreadmill data = {0};
    ftms_set(&data, FTMS_SPEED, (int32_t)lround(100 * kmh));
    if (!isnan(incline))
        ftms_set(&data, FTMS_INCLINATION, (int32_t)lround(10 * incline));
    uint8_t bytes[20];
    const size_t length = ftms_encode(&data, bytes, sizeof bytes);
    DecodeStatus status;
    return belt_measure(&belt, S(at_s), MACHINE, bytes, length, &status, &measured);
}

static void status(double at_s, uint8_t op, int32_t value)
{
    belt_status(&belt, S(at_s), MACHINE, &(FtmsMessage){.op = op, .count = 1, .value = {value}});
}

static Estimate speed(double at_s)
{
    return belt_speed(&belt, profiles, S(at_s));
}

#define expect_kmh(at_s, kmh) cr_expect(epsilon_eq(dbl, speed(at_s).value, (kmh) / 3.6, 1e-9))

Test(belt, nothing_is_known_at_first)
{
    cr_expect(isnan(speed(1).value));
    cr_expect(isnan(belt_incline(&belt, profiles, S(1)).value));
    cr_expect(not(belt_stopped(&belt, MACHINE, S(1))));
}

Test(belt, a_record_gives_speed_and_incline_and_the_machines_own_figures)
{
    cr_assert(not(hex(1, "1F00EE02881300F6FF1E0064003200")));
    cr_expect(isnan(speed(1).value), "half a record says nothing");
    cr_assert(hex(1.2, "80052003F40158020A8C0807"));
    expect_kmh(1.2, 8);
    cr_expect(eq(int, (int)speed(1.2).source, SOURCE_TREADMILL));
    cr_expect(eq(i64, speed(2.2).age, S(1)), "of the record's last packet");
    cr_expect(eq(dbl, belt_incline(&belt, profiles, S(1.2)).value, -1));
    cr_expect(eq(dbl, measured.distance, 5000));
    cr_expect(eq(dbl, measured.elapsed, 1800));
    cr_expect(eq(dbl, measured.heart_rate, 140));
    cr_expect(not(measured.implausible));
}

Test(belt, a_record_that_was_cut_off_with_the_link_is_none)
{
    cr_assert(not(hex(1, "09000F00FF7F")));
    belt_link(&belt, MACHINE, false);
    belt_link(&belt, MACHINE, true);
    cr_assert(hex(1.5, "0000B603"));
    cr_expect(isnan(belt_incline(&belt, profiles, S(1.5)).value));
}

Test(belt, figures_age_and_are_gone)
{
    record(1, 10, 2);
    expect_kmh(4, 10);
    cr_expect(eq(int, (int)speed(5).source, SOURCE_HELD));
    cr_expect(isnan(speed(6.5).value));
    cr_expect(isnan(belt_incline(&belt, profiles, S(6.5)).value));
}

Test(belt, what_no_belt_can_do_is_kept_out)
{
    record(1, 10, 2);
    record(2, 60, 2);
    cr_expect(isnan(measured.speed) && measured.implausible);
    record(3, 10, 60);
    cr_expect(isnan(measured.incline) && measured.implausible);
    expect_kmh(3, 10);
    cr_expect(eq(dbl, belt_incline(&belt, profiles, S(3)).value, 2));
}

Test(belt, a_leap_waits_for_a_second_record_that_agrees)
{
    record(1, 5, NAN);
    record(2, 24, NAN);
    cr_expect(measured.implausible);
    expect_kmh(2, 5);
    record(3, 5.1, NAN);
    expect_kmh(3, 5.1);
    record(4, 24, NAN);
    record(5, 24, NAN);
    expect_kmh(5, 24);
}

Test(belt, a_belt_that_speeds_up_as_belts_do_is_followed)
{
    for (int t = 0; t <= 12; t++) {
        record(t, 5 * fmin(t, 3), NAN);
        expect_kmh(t, 5 * fmin(t, 3));
    }
}

Test(belt, a_stop_is_taken_at_its_word)
{
    record(1, 18, NAN);
    record(2, 0, NAN);
    expect_kmh(2, 0);
}

Test(belt, a_speed_after_the_machine_said_stopped_is_not_trusted_much)
{
    record(1, 12, NAN);
    cr_expect(eq(dbl, speed(1).confidence, 1));
    status(1.5, FTMS_STATUS_STOPPED, FTMS_PAUSE);
    record(2, 10, NAN);
    cr_expect(belt_stopped(&belt, MACHINE, S(2)));
    expect_kmh(2, 10);
    cr_expect(lt(dbl, speed(2).confidence, 0.5));
    record(5, 0, NAN);
    cr_expect(eq(dbl, speed(5).value, 0));
    cr_expect(eq(dbl, speed(5).confidence, 1), "it stands, and says so");
    status(20, FTMS_STATUS_STARTED, 0);
    record(21, 4, NAN);
    cr_expect(not(belt_stopped(&belt, MACHINE, S(21))));
    cr_expect(eq(dbl, speed(21).confidence, 1));
}

Test(belt, one_that_forgets_to_say_that_it_was_started_was)
{
    record(1, 12, NAN);
    status(2, FTMS_STATUS_STOPPED, FTMS_STOP);
    record(3, 0, NAN);
    record(60, 6, NAN);
    cr_expect(not(belt_stopped(&belt, MACHINE, S(60))));
    cr_expect(eq(dbl, speed(60).confidence, 1));
}

Test(belt, a_machine_that_falls_silent_when_it_is_stopped_stands)
{
    static const uint8_t words[] = {FTMS_STATUS_STOPPED, FTMS_STATUS_SAFETY_KEY, FTMS_STATUS_RESET};
    for (size_t i = 0; i < sizeof words; i++) {
        nothing_known();
        record(1, 12, NAN);
        status(1.5, words[i], FTMS_STOP);
        expect_kmh(2, 12);
        for (int t = 4; t < 120; t += 10) {
            cr_expect(eq(dbl, speed(t).value, 0), "after %d s", t);
            cr_expect(lt(dbl, speed(t).confidence, 0.5));
        }
        cr_expect(isnan(speed(125).value), "not for ever");
        belt_link(&belt, MACHINE, false);
        cr_expect(isnan(speed(60).value), "nor when the link is lost");
    }
}

Test(belt, a_machine_that_stands_and_then_falls_silent_stands)
{
    record(1, 12, NAN);
    status(2, FTMS_STATUS_STOPPED, FTMS_STOP);
    record(3, 5, NAN);
    record(4, 0, NAN);
    cr_expect(eq(dbl, speed(60).value, 0));
}

Test(belt, a_silence_that_no_stop_explains_is_a_loss)
{
    record(1, 12, NAN);
    cr_expect(isnan(speed(30).value));
}

Test(belt, the_end_of_a_training_is_a_stop_and_idleness_is_not)
{
    static const struct {
        const char *shows;
        uint8_t first, second;
        bool stopped;
    } rows[] = {
        {"idle all along", FTMS_TRAINING_IDLE, FTMS_TRAINING_IDLE, false},
        {"from manual to post-workout", FTMS_TRAINING_MANUAL, FTMS_TRAINING_POST_WORKOUT, true},
        {"from an interval to idle", 4, FTMS_TRAINING_IDLE, true},
        {"from one interval to the next", 3, 4, false},
        {"from idle to manual", FTMS_TRAINING_IDLE, FTMS_TRAINING_MANUAL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        nothing_known();
        belt_training(&belt, S(1), MACHINE, &(FtmsTrainingStatus){.status = rows[i].first});
        record(2, 10, NAN);
        belt_training(&belt, S(3), MACHINE, &(FtmsTrainingStatus){.status = rows[i].second});
        cr_expect(eq(int, belt_stopped(&belt, MACHINE, S(4)), rows[i].stopped), "%s",
                  rows[i].shows);
    }
}

static bool stride(double at_s, double mps)
{
    const RscsMeasurement measurement = {.speed_256 = (uint16_t)lround(256 * mps)};
    return belt_stride(&belt, S(at_s), MACHINE, &measurement);
}

Test(belt, a_machine_that_tells_its_speed_by_a_stride_service_only)
{
    cr_expect(stride(1, 3));
    cr_expect(isnan(speed(1).value), "it may be a pod");
    belt_present(&belt, MACHINE);
    cr_expect(stride(2, 3));
    cr_expect(epsilon_eq(dbl, speed(2).value, 3, 1e-9));
    cr_expect(not(stride(3, 200)));
    record(4, 14.4, NAN);
    stride(4.5, 3);
    expect_kmh(4.5, 14.4);
}

Test(belt, of_two_machines_one_is_listened_to)
{
    profiles[MACHINE].rank = 9;
    record(1, 10, 1);
    FtmsTreadmill data = {0};
    DecodeStatus decoded;
    uint8_t bytes[20];
    ftms_set(&data, FTMS_SPEED, 500);
    const size_t length = ftms_encode(&data, bytes, sizeof bytes);
    belt_measure(&belt, S(1), 0, bytes, length, &decoded, &measured);
    cr_expect(epsilon_eq(dbl, speed(1).value, 5 / 3.6, 1e-9));
    cr_expect(eq(dbl, belt_incline(&belt, profiles, S(1)).value, 1), "the only one that tells it");
    belt_forget(&belt, 0);
    expect_kmh(1, 10);
}
