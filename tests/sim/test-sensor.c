// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a client finds in a virtual sensor: values, control points, tables. Answers come through the
// main loop, which each test runs until it has them; the runner test stands in for a time-out.

#include "sim/sensor.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "codec/hrs.h"
#include "codec/location.h"
#include "codec/rscs.h"
#include "codec/sccp.h"

#define HEART         0x2a37
#define HEART_CONTROL 0x2a39
#define STEPS         0x2a53
#define STEPS_CONTROL 0x2a55
#define LOCATION      0x2a5d
#define POWER         0x2a63
#define TREADMILL     0x2acd
#define MACHINE_POINT 0x2ad9
#define BATTERY       0x2a19

typedef struct {
    Body body;
    Sensor *sensor;
    uint16_t from; // of the last packet
    uint8_t bytes[512];
    size_t length;
    guint packets, answers;
    SccpResponse response;
} Fixture;

static void on_tick(Sensor *sensor, gpointer data)
{
}

static void on_packet(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length,
                      gpointer data)
{
    Fixture *fixture = data;
    fixture->from = characteristic;
    fixture->length = length;
    memcpy(fixture->bytes, bytes, length);
    fixture->packets++;
    if (characteristic != STEPS_CONTROL)
        return;
    fixture->answers++;
    cr_assert(eq(int, sccp_response_decode(bytes, length, &fixture->response), DECODE_OK));
}

static void start(Fixture *fixture, SensorKind kind, double speed_mps)
{
    static const SensorHandlers handlers = {on_tick, on_packet};
    memset(fixture, 0, sizeof *fixture);
    body_init(&fixture->body, 1);
    runner_aim(&fixture->body.runner, speed_mps);
    runner_advance(&fixture->body.runner, 60);
    fixture->sensor = sensor_new(kind, 0, 0, &fixture->body, 7);
    sensor_start(fixture->sensor, 1, &handlers, fixture);
}

static uint8_t ask(Fixture *fixture, const char *bytes, size_t length)
{
    return sensor_write(fixture->sensor, STEPS_CONTROL, (const uint8_t *)bytes, length);
}

// The answer to a request that is accepted.
static SccpResponse procedure(Fixture *fixture, const char *bytes, size_t length)
{
    const guint before = fixture->answers;
    cr_assert(eq(int, ask(fixture, bytes, length), ATT_OK));
    while (fixture->answers == before)
        g_main_context_iteration(NULL, TRUE);
    return fixture->response;
}

static int read_byte(const Sensor *sensor, uint16_t characteristic)
{
    uint8_t bytes[32];
    size_t length;
    cr_assert(eq(int, sensor_read(sensor, characteristic, bytes, sizeof bytes, &length), ATT_OK));
    cr_assert(eq(sz, length, 1));
    return bytes[0];
}

Test(sensor, every_kind_has_the_services_it_stands_for)
{
    static const struct {
        SensorKind kind;
        const char *name;
        uint16_t readable[5], unreadable[3];
    } rows[] = {
        {SENSOR_KIND_STRAP, "strap", {0x2a29, 0x2a24, 0x2a26, 0x2a38, BATTERY}, {HEART, STEPS}},
        {SENSOR_KIND_POD, "pod", {0x2a29, 0x2a24, 0x2a54, LOCATION, BATTERY}, {STEPS, 0x2a38}},
        {SENSOR_KIND_WATCH, "watch", {0x2a26, 0x2a38, 0x2a54, LOCATION, BATTERY}, {HEART, STEPS}},
        {SENSOR_KIND_POWER_POD,
         "power-pod",
         {0x2a24, 0x2a54, LOCATION, 0x2a65, BATTERY},
         {STEPS, POWER}},
        {SENSOR_KIND_TREADMILL,
         "treadmill",
         {0x2a24, 0x2acc, 0x2ad3, 0x2ad4, 0x2ad5},
         {TREADMILL, 0x2ada}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fixture fixture;
        start(&fixture, rows[i].kind, 3);
        SensorKind kind;
        cr_assert(sensor_kind_from_name(rows[i].name, &kind));
        cr_expect(eq(int, (int)kind, (int)rows[i].kind));
        for (int k = 0; k < 5; k++) {
            uint8_t bytes[32];
            size_t length = 0;
            cr_expect(eq(
                int, sensor_read(fixture.sensor, rows[i].readable[k], bytes, sizeof bytes, &length),
                ATT_OK));
            cr_expect(length > 0, "%04x of a %s", rows[i].readable[k], rows[i].name);
        }
        for (int k = 0; rows[i].unreadable[k]; k++) {
            size_t length = 4711;
            cr_expect(eq(int, sensor_read(fixture.sensor, rows[i].unreadable[k], NULL, 0, &length),
                         ATT_READ_NOT_PERMITTED));
            cr_expect(eq(sz, length, 4711));
        }
        sensor_free(fixture.sensor);
    }
}

Test(sensor, a_watch_sends_heart_and_steps)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_WATCH, 3);
    sensor_set_rate(fixture.sensor, 50);
    bool heart = false, steps = false;
    while (!heart || !steps) {
        const guint before = fixture.packets;
        g_main_context_iteration(NULL, TRUE);
        if (fixture.packets == before)
            continue;
        // Both come in one turn: the last is the steps', so the heart's is known by the count.
        heart = heart || fixture.packets - before == 2;
        steps = steps || fixture.from == STEPS;
    }
    cr_expect_str_eq(sensor_kind_name(fixture.sensor->kind), "watch");
    cr_expect(eq(int, sensor_advertised(fixture.sensor)[0], 0x180d));
    cr_expect(eq(int, sensor_advertised(fixture.sensor)[1], 0x1814));
    sensor_free(fixture.sensor);
}

Test(sensor, the_heart_control_point_knows_one_word)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_STRAP, 3);
    fixture.sensor->worn.energy_kj = 400;
    const uint8_t other = 2, reset = HRS_CONTROL_RESET_ENERGY;
    cr_expect(eq(int, sensor_write(fixture.sensor, HEART_CONTROL, &other, 1),
                 HRS_ATT_CONTROL_NOT_SUPPORTED));
    cr_expect(eq(int, sensor_write(fixture.sensor, HEART_CONTROL, NULL, 0),
                 HRS_ATT_CONTROL_NOT_SUPPORTED));
    cr_expect(gt(dbl, fixture.sensor->worn.energy_kj, 399));
    cr_expect(eq(int, sensor_write(fixture.sensor, HEART_CONTROL, &reset, 1), ATT_OK));
    HrsMeasurement measurement;
    while (fixture.from != HEART)
        g_main_context_iteration(NULL, TRUE);
    cr_expect(eq(int, hrs_decode(fixture.bytes, fixture.length, &measurement), DECODE_OK));
    cr_expect(measurement.has_energy && measurement.energy_kj <= 2);
    cr_expect(eq(int, sensor_write(fixture.sensor, HEART, &reset, 1), ATT_WRITE_NOT_PERMITTED));
    cr_expect(
        eq(int, sensor_write(fixture.sensor, STEPS_CONTROL, &reset, 1), ATT_WRITE_NOT_PERMITTED));
    sensor_free(fixture.sensor);
}

Test(sensor, a_pod_that_could_not_answer_refuses_to_be_asked)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_POD, 3);
    cr_expect(eq(int, ask(&fixture, "\x04", 1), SCCP_ATT_NOT_SUBSCRIBED));
    sensor_subscribe(fixture.sensor, STEPS_CONTROL, true);
    cr_expect(eq(int, ask(&fixture, "", 0), ATT_INVALID_LENGTH));
    cr_expect(eq(int, procedure(&fixture, "\x04", 1).outcome, SCCP_SUCCESS));
    sensor_link_lost(fixture.sensor);
    cr_expect(not(sensor_subscribed(fixture.sensor, STEPS_CONTROL)));
    cr_expect(eq(int, ask(&fixture, "\x04", 1), SCCP_ATT_NOT_SUBSCRIBED));
    sensor_free(fixture.sensor);
}

Test(sensor, every_procedure_is_answered_as_the_service_demands)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_POD, 3);
    sensor_subscribe(fixture.sensor, STEPS_CONTROL, true);
    static const struct {
        const char *shows, *bytes;
        size_t length;
        SccpOutcome outcome;
        int location;
    } rows[] = {
        {"location: in the shoe", "\x03\x02", 2, SCCP_SUCCESS, SENSOR_LOCATION_IN_SHOE},
        {"location: it has no such", "\x03\x04", 2, SCCP_INVALID_PARAMETER, 2},
        {"location: missing", "\x03", 1, SCCP_INVALID_PARAMETER, 2},
        {"location: on the hip", "\x03\x03", 2, SCCP_SUCCESS, SENSOR_LOCATION_HIP},
        {"distance: cut", "\x01\x10\x27", 3, SCCP_INVALID_PARAMETER, 3},
        {"distance: too long", "\x01\x10\x27\x00\x00\x00", 6, SCCP_INVALID_PARAMETER, 3},
        {"an opcode it does not know", "\x05", 1, SCCP_UNSUPPORTED, 3},
        {"a response is no request", "\x10\x01\x01", 3, SCCP_UNSUPPORTED, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const SccpResponse response = procedure(&fixture, rows[i].bytes, rows[i].length);
        cr_expect(eq(int, (int)response.outcome, (int)rows[i].outcome), "%s", rows[i].shows);
        cr_expect(eq(int, response.request, rows[i].bytes[0]), "%s", rows[i].shows);
        cr_expect(eq(int, read_byte(fixture.sensor, LOCATION), rows[i].location), "%s",
                  rows[i].shows);
    }
    const SccpResponse list = procedure(&fixture, "\x04", 1);
    cr_expect(eq(int, list.location_count, 3));
    cr_expect(memcmp(list.locations, "\x01\x02\x03", 3) == 0);
    cr_expect(eq(int, procedure(&fixture, "\x01\x10\x27\x00\x00", 5).outcome, SCCP_SUCCESS));
    RscsMeasurement measurement;
    while (fixture.from != STEPS)
        g_main_context_iteration(NULL, TRUE);
    cr_expect(eq(int, rscs_decode(fixture.bytes, fixture.length, &measurement), DECODE_OK));
    cr_expect(measurement.distance_dm >= 10000 && measurement.distance_dm < 10100);
    sensor_free(fixture.sensor);
}

Test(sensor, calibration_takes_its_time_and_needs_steps)
{
    Fixture runs, stands;
    start(&runs, SENSOR_KIND_POD, 3);
    start(&stands, SENSOR_KIND_POD, 0);
    sensor_subscribe(runs.sensor, STEPS_CONTROL, true);
    sensor_subscribe(stands.sensor, STEPS_CONTROL, true);
    cr_expect(eq(int, ask(&runs, "\x02", 1), ATT_OK));
    cr_expect(eq(int, ask(&stands, "\x02", 1), ATT_OK));
    cr_expect(eq(int, ask(&runs, "\x04", 1), SCCP_ATT_IN_PROGRESS));
    while (!runs.answers || !stands.answers)
        g_main_context_iteration(NULL, TRUE);
    cr_expect(eq(int, (int)runs.response.outcome, SCCP_SUCCESS));
    cr_expect(eq(int, (int)stands.response.outcome, SCCP_FAILED));
    cr_expect(eq(dbl, runs.sensor->worn.scale, 1.0));
    cr_expect(eq(int, procedure(&runs, "\x04", 1).outcome, SCCP_SUCCESS));
    sensor_free(runs.sensor);
    sensor_free(stands.sensor);
}

static int count(const ServiceSpec *services, uint16_t service, uint16_t characteristic,
                 const char **ret_flag)
{
    int found = 0;
    for (; services->uuid; services++) {
        for (const CharacteristicSpec *c = services->characteristics; c->uuid; c++) {
            if (services->uuid != service || c->uuid != characteristic)
                continue;
            *ret_flag = c->flags[0];
            found++;
        }
    }
    return found;
}

Test(sensor, tables_are_wrong_in_the_way_they_say)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_STRAP, 3);
    static const struct {
        const char *name;
        int measurements, locations;
        const char *flag;
        uint16_t first;
    } rows[] = {
        {"normal", 1, 1, "notify", 0x180a},  {"shifted", 1, 1, "notify", 0xfee0},
        {"bare", 0, 1, "none", 0x180a},      {"twice", 2, 2, "notify", 0x180a},
        {"unflagged", 1, 1, "read", 0x180a},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *flag = "none", *other;
        cr_assert(sensor_table_from_name(rows[i].name, &fixture.sensor->table));
        const ServiceSpec *services = sensor_services(fixture.sensor);
        cr_expect(eq(int, services[0].uuid, rows[i].first));
        cr_expect(eq(int, count(services, 0x180d, HEART, &flag), rows[i].measurements));
        cr_expect(eq(int, count(services, 0x180d, 0x2a38, &other), rows[i].locations));
        cr_expect_str_eq(flag, rows[i].flag);
    }
    cr_expect(not(sensor_table_from_name("upside-down", &fixture.sensor->table)));
    sensor_free(fixture.sensor);
}

Test(sensor, a_flood_is_as_long_and_as_much_as_asked)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_STRAP, 3);
    sensor_flood(fixture.sensor, 512, 1000, 0.2);
    guint floods = 0;
    while (fixture.sensor->flood) {
        const guint before = fixture.packets;
        g_main_context_iteration(NULL, TRUE);
        if (fixture.length == 512)
            floods += fixture.packets - before;
    }
    cr_expect(floods >= 199 && floods <= 202, "%u", floods);
    sensor_free(fixture.sensor);
}

Test(sensor, a_battery_is_told_and_read)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_POD, 3);
    cr_expect(read_byte(fixture.sensor, BATTERY) >= 60);
    sensor_set_battery(fixture.sensor, 9);
    cr_expect(eq(int, fixture.from, BATTERY));
    cr_expect(eq(int, fixture.bytes[0], 9));
    cr_expect(eq(int, read_byte(fixture.sensor, BATTERY), 9));
    sensor_free(fixture.sensor);
}

Test(sensor, a_power_pod_is_a_pod_that_tells_power)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_POWER_POD, 3);
    sensor_set_rate(fixture.sensor, 50);
    bool steps = false, power = false;
    while (!steps || !power) {
        const guint before = fixture.packets;
        g_main_context_iteration(NULL, TRUE);
        steps = steps || fixture.packets - before == 2; // the steps come first
        power = power || fixture.from == POWER;
    }
    cr_expect(eq(sz, fixture.length, 4));
    cr_expect(eq(int, sensor_measurement(fixture.sensor), STEPS));
    cr_expect(eq(int, sensor_advertised(fixture.sensor)[1], 0x1818));
    sensor_free(fixture.sensor);
}

Test(sensor, a_treadmill_says_what_kind_of_machine_it_is_and_sends)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_TREADMILL, 3);
    size_t length;
    const uint8_t *data = sensor_service_data(fixture.sensor, &length);
    cr_assert(eq(sz, length, 3));
    cr_expect(eq(int, data[1], 1), "a treadmill");
    cr_expect(eq(int, sensor_advertised(fixture.sensor)[0], 0x1826));
    uint8_t training[20];
    cr_assert(eq(int, sensor_read(fixture.sensor, 0x2ad3, training, sizeof training, &length), 0));
    cr_expect(eq(int, training[1], 1), "idle");
    while (fixture.packets == 0 || fixture.from == 0x2ada)
        g_main_context_iteration(NULL, TRUE);
    cr_expect(fixture.from == TREADMILL || fixture.from == 0x2ad3);
    cr_assert(eq(int, sensor_read(fixture.sensor, 0x2ad3, training, sizeof training, &length), 0));
    cr_expect(eq(int, training[1], 13), "manual");
    sensor_free(fixture.sensor);
}

Test(sensor, a_treadmills_control_point_answers_a_subscriber)
{
    Fixture fixture;
    start(&fixture, SENSOR_KIND_TREADMILL, 0);
    const uint8_t control[] = {0}, start_belt[] = {7};
    cr_expect(eq(int, sensor_write(fixture.sensor, MACHINE_POINT, control, 1),
                 SCCP_ATT_COMMON_NOT_SUBSCRIBED));
    sensor_subscribe(fixture.sensor, MACHINE_POINT, true);
    cr_expect(eq(int, sensor_write(fixture.sensor, MACHINE_POINT, control, 0), ATT_INVALID_LENGTH));
    cr_assert(eq(int, sensor_write(fixture.sensor, MACHINE_POINT, control, 1), ATT_OK));
    cr_expect(eq(int, sensor_write(fixture.sensor, MACHINE_POINT, start_belt, 1),
                 SCCP_ATT_COMMON_IN_PROGRESS));
    while (fixture.from != MACHINE_POINT)
        g_main_context_iteration(NULL, TRUE);
    cr_expect(eq(int, memcmp(fixture.bytes, "\x80\x00\x01", 3), 0));
    sensor_link_lost(fixture.sensor);
    sensor_subscribe(fixture.sensor, MACHINE_POINT, true);
    cr_assert(eq(int, sensor_write(fixture.sensor, MACHINE_POINT, start_belt, 1), ATT_OK));
    fixture.from = 0;
    while (fixture.from != MACHINE_POINT)
        g_main_context_iteration(NULL, TRUE);
    cr_expect(eq(int, fixture.bytes[2], 5), "control ends with the link");
    sensor_free(fixture.sensor);
}
