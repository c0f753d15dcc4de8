// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hostile sensors: any bytes into the decoders, and any sequence of notifications into the
// estimator. What must hold: what decodes whole is encoded to something that decodes to the same;
// every value given out is a possible one or unknown; distance never shrinks.
//
// The input is a sequence of: kind, milliseconds since the last (two bytes), sensor, length, bytes.
// Each decoder also gets the input as it is.

#include "fuzz.h"

#include "../codec/packet.h"
#include "base/cursor.h"
#include "codec/battery.h"
#include "codec/cps.h"
#include "codec/ftms-control.h"
#include "codec/ftms-machine.h"
#include "codec/ftms-record.h"
#include "codec/location.h"
#include "codec/sccp.h"
#include "estimate/estimator.h"

enum {
    KIND_HEART,
    KIND_POD,
    KIND_FEATURE,
    KIND_OTHER,
    KIND_LINK,
    KIND_EXPECT,
    KIND_SILENCE, // the span is in seconds
    KIND_BACKWARDS,
    KIND_TREADMILL,
    KIND_POWER,
    KIND_MACHINE, // the first byte says which characteristic
    KINDS,
};

static void check_heart(const uint8_t *data, size_t size)
{
    HrsMeasurement first, second;
    if (hrs_decode(data, size, &first) == DECODE_REJECT)
        return;
    uint8_t bytes[5 + 2 * HRS_RR_MAX];
    const size_t length = hrs_encode(&first, bytes, sizeof bytes);
    CHECK(length >= 2);
    CHECK(hrs_decode(bytes, length, &second) == DECODE_OK);
    CHECK(first.heart_rate == second.heart_rate && first.contact == second.contact);
    CHECK(first.has_energy == second.has_energy && first.energy_kj == second.energy_kj);
    CHECK(first.rr_count == second.rr_count);
    CHECK(memcmp(first.rr_1024, second.rr_1024, first.rr_count * sizeof *first.rr_1024) == 0);
}

static void check_pod(const uint8_t *data, size_t size)
{
    RscsMeasurement first, second;
    if (rscs_decode(data, size, &first) == DECODE_REJECT)
        return;
    uint8_t bytes[10];
    const size_t length = rscs_encode(&first, bytes, sizeof bytes);
    CHECK(length >= 4);
    CHECK(rscs_decode(bytes, length, &second) == DECODE_OK);
    CHECK(first.speed_256 == second.speed_256 && first.cadence == second.cadence);
    CHECK(first.running == second.running);
    CHECK(first.has_stride == second.has_stride && first.stride_cm == second.stride_cm);
    CHECK(first.has_distance == second.has_distance && first.distance_dm == second.distance_dm);
}

static void check_feature(const uint8_t *data, size_t size)
{
    uint16_t features;
    if (rscs_feature_decode(data, size, &features) != DECODE_REJECT)
        CHECK(features <= 0x1f);
}

static void check_request(const uint8_t *data, size_t size)
{
    SccpRequest first, second;
    if (sccp_request_decode(data, size, &first) == DECODE_REJECT)
        return;
    uint8_t bytes[SCCP_REQUEST_BYTES];
    const size_t length = sccp_request_encode(&first, bytes, sizeof bytes);
    CHECK(length >= 1);
    CHECK(sccp_request_decode(bytes, length, &second) == DECODE_OK);
    CHECK(first.opcode == second.opcode && first.location == second.location);
    CHECK(first.distance_dm == second.distance_dm);
}

static void check_response(const uint8_t *data, size_t size)
{
    SccpResponse first, second;
    if (sccp_response_decode(data, size, &first) == DECODE_REJECT)
        return;
    CHECK(sccp_outcome_name(first.outcome));
    CHECK(first.outcome <= SCCP_FAILED || first.outcome == SCCP_UNKNOWN);
    CHECK(first.location_count <= SCCP_LOCATIONS_MAX);
    uint8_t bytes[SCCP_RESPONSE_BYTES];
    const size_t length = sccp_response_encode(&first, bytes, sizeof bytes);
    CHECK((length == 0) == (first.outcome == SCCP_UNKNOWN));
    if (length == 0)
        return;
    CHECK(sccp_response_decode(bytes, length, &second) == DECODE_OK);
    CHECK(first.request == second.request && first.outcome == second.outcome);
    CHECK(first.location_count == second.location_count);
    CHECK(memcmp(first.locations, second.locations, first.location_count) == 0);
}

static void check_treadmill(const uint8_t *data, size_t size)
{
    for (uint8_t known = 0; known <= 2; known++) {
        FtmsTreadmill first, second;
        if (ftms_decode(data, size, known, &first) == DECODE_REJECT)
            return;
        for (FtmsField field = 0; field < FTMS_FIELDS; field++) {
            CHECK(ftms_has(&first, field) || first.value[field] == 0);
            CHECK(ftms_has(&first, field) || isnan(ftms_value(&first, field)));
        }
        uint8_t bytes[40];
        const size_t length = ftms_encode(&first, bytes, sizeof bytes);
        CHECK((length == 0) == (!first.more_data && !ftms_has(&first, FTMS_SPEED)));
        if (length == 0)
            continue;
        CHECK(ftms_decode(bytes, length, first.pace_bytes, &second) ==
              (ftms_has(&first, FTMS_STEPS) ? DECODE_EXTRA : DECODE_OK));
        CHECK(first.has == second.has && first.more_data == second.more_data);
        CHECK(memcmp(first.value, second.value, sizeof first.value) == 0);
    }
}

// The input as packets: milliseconds since the last (two bytes), length, bytes. A record has a
// speed unless its last packet was cut, and nothing of it is older than it may be.
static void check_records(const uint8_t *data, size_t size)
{
    FtmsRecord record = FTMS_RECORD_NEW;
    Cursor cursor = {data, size};
    uint16_t span;
    uint8_t length;
    const uint8_t *bytes;
    Usec at = 0;
    while (cursor_u16(&cursor, &span) && cursor_u8(&cursor, &length) &&
           cursor_bytes(&cursor, length, &bytes)) {
        at += span * USEC_PER_MSEC;
        DecodeStatus status;
        FtmsTreadmill whole;
        Packet packet = packet_of(bytes, length);
        if (ftms_record_add(&record, at, packet.bytes, packet.length, &status, &whole)) {
            CHECK(status != DECODE_REJECT && !whole.more_data && !record.open);
            CHECK(ftms_has(&whole, FTMS_SPEED) || status == DECODE_TRUNCATED);
        }
        packet_free(&packet);
        CHECK(record.pace_bytes <= 2);
    }
}

static void check_power(const uint8_t *data, size_t size)
{
    CpsMeasurement first, second;
    if (cps_decode(data, size, &first) == DECODE_REJECT)
        return;
    uint8_t bytes[40], again[40];
    const size_t length = cps_encode(&first, bytes, sizeof bytes);
    CHECK(length >= 4);
    CHECK(cps_decode(bytes, length, &second) == DECODE_OK);
    CHECK(cps_encode(&second, again, sizeof again) == length);
    CHECK(memcmp(bytes, again, length) == 0);
    CpsCadence cadence = CPS_CADENCE_NEW;
    for (Usec at = 0; at < 5 * USEC_PER_SEC; at += USEC_PER_SEC) {
        const double turns = cps_crank_cadence(&cadence, at, &first);
        CHECK(isnan(turns) || turns >= 0);
    }
}

static void check_machine(const uint8_t *data, size_t size)
{
    FtmsFeature feature;
    if (ftms_feature_decode(data, size, &feature) != DECODE_REJECT)
        CHECK(feature.machine < 1 << FTMS_MACHINE_FEATURES &&
              feature.targets < 1 << FTMS_TARGET_FEATURES);
    FtmsRange range;
    if (ftms_speed_range_decode(data, size, &range) != DECODE_REJECT)
        CHECK(range.minimum >= 0 && range.maximum >= 0);
    if (ftms_inclination_range_decode(data, size, &range) != DECODE_REJECT)
        CHECK(range.minimum >= INT16_MIN && range.maximum <= INT16_MAX);
    FtmsTrainingStatus training;
    if (ftms_training_decode(data, size, &training) != DECODE_REJECT)
        CHECK(training.text_length <= FTMS_TRAINING_TEXT_MAX);
    FtmsResponse response;
    if (ftms_response_decode(data, size, &response) != DECODE_REJECT) {
        uint8_t bytes[20];
        const size_t length = ftms_response_encode(&response, bytes, sizeof bytes);
        CHECK(length >= 3 && memcmp(bytes, data, length) == 0);
    }
}

// Requests and statuses: what decodes whole and has a name is encoded to the bytes it came from.
static void check_messages(const uint8_t *data, size_t size)
{
    uint8_t bytes[20];
    FtmsMessage message;
    DecodeStatus status = ftms_request_decode(data, size, &message);
    if (status == DECODE_OK && ftms_request_name(message.op))
        CHECK(ftms_request_encode(&message, bytes, sizeof bytes) == size &&
              memcmp(bytes, data, size) == 0);
    if (status != DECODE_REJECT)
        CHECK(message.count <= FTMS_VALUES_MAX);
    status = ftms_status_decode(data, size, &message);
    if (status == DECODE_OK && ftms_status_name(message.op))
        CHECK(ftms_status_encode(&message, bytes, sizeof bytes) == size &&
              memcmp(bytes, data, size) == 0);
    if (status != DECODE_REJECT)
        CHECK(message.count <= FTMS_VALUES_MAX);
}

// Single bytes: what is not refused is in range and has a name.
static void check_bytes(const uint8_t *data, size_t size)
{
    uint8_t percent;
    if (battery_decode(data, size, &percent) != DECODE_REJECT)
        CHECK(percent <= BATTERY_MAX);
    BodyLocation worn;
    if (location_body_decode(data, size, &worn) != DECODE_REJECT)
        CHECK(location_body_name((uint8_t)worn));
    SensorLocation mounted;
    if (location_sensor_decode(data, size, &mounted) != DECODE_REJECT)
        CHECK(location_sensor_name((uint8_t)mounted));
    if (size > 0)
        CHECK(sccp_outcome_name(sccp_outcome_from_att(data[0])));
}

static void check_estimate(Estimate e, double least, double most)
{
    CHECK(estimate_known(&e) == !isnan(e.value));
    CHECK(estimate_known(&e) == (e.sensor != SENSOR_NONE));
    CHECK(e.confidence >= 0 && e.confidence <= 1);
    CHECK(e.age >= 0);
    if (estimate_known(&e))
        CHECK(e.value >= least && e.value <= most && e.age <= STALE_LIMIT);
}

static void notify(Estimator *estimator, Usec at, SensorId sensor, uint8_t kind,
                   const uint8_t *bytes, size_t length)
{
    static const uint16_t characteristics[] = {
        [KIND_HEART] = CHARACTERISTIC_HRS_MEASUREMENT,
        [KIND_POD] = CHARACTERISTIC_RSCS_MEASUREMENT,
        [KIND_FEATURE] = CHARACTERISTIC_RSCS_FEATURE,
        [KIND_OTHER] = 0x2a19,
        [KIND_TREADMILL] = CHARACTERISTIC_FTMS_TREADMILL,
        [KIND_POWER] = CHARACTERISTIC_CPS_MEASUREMENT,
    };
    static const uint16_t of_machine[] = {
        CHARACTERISTIC_FTMS_FEATURE,      CHARACTERISTIC_FTMS_TRAINING, CHARACTERISTIC_FTMS_SPEEDS,
        CHARACTERISTIC_FTMS_INCLINATIONS, CHARACTERISTIC_FTMS_STATUS,
    };
    uint16_t characteristic = kind < KIND_MACHINE ? characteristics[kind] : 0;
    if (kind == KIND_MACHINE && length > 0) {
        characteristic = of_machine[bytes[0] % (sizeof of_machine / sizeof *of_machine)];
        bytes++;
        length--;
    }
    Packet packet = packet_of(bytes, length);
    estimator_notify(estimator, at, sensor, characteristic, packet.bytes, packet.length);
    packet_free(&packet);
}

static void check_sequence(const uint8_t *data, size_t size)
{
    Estimator estimator;
    estimator_init(&estimator);
    Cursor cursor = {data, size};
    Usec at = 0;
    double distance = 0;
    uint8_t kind, sensor, length;
    uint16_t span;
    const uint8_t *bytes;
    while (cursor_u8(&cursor, &kind) && cursor_u16(&cursor, &span) && cursor_u8(&cursor, &sensor) &&
           cursor_u8(&cursor, &length) && cursor_bytes(&cursor, length, &bytes)) {
        kind %= KINDS;
        if (kind == KIND_BACKWARDS)
            at -= span * USEC_PER_MSEC;
        else
            at += span * (kind == KIND_SILENCE ? USEC_PER_SEC : USEC_PER_MSEC);
        if (kind <= KIND_OTHER || kind >= KIND_TREADMILL)
            notify(&estimator, at, sensor, kind, bytes, length);
        else if (kind == KIND_LINK)
            estimator_link(&estimator, at, sensor, length > 0);
        else if (kind == KIND_EXPECT)
            estimator_expect_change(&estimator, at, length % 8);
        else
            estimator_advance(&estimator, at);
        check_estimate(estimator_heart_rate(&estimator), HEART_RATE_MIN, HEART_RATE_MAX);
        check_estimate(estimator_speed(&estimator), 0, 20);
        check_estimate(estimator_cadence(&estimator), 0, 250);
        check_estimate(estimator_belt_speed(&estimator), 0, BELT_SPEED_MAX);
        check_estimate(estimator_incline(&estimator), -BELT_INCLINE_MAX, BELT_INCLINE_MAX);
        check_estimate(estimator_power(&estimator), 0, POWER_MAX);
        CHECK(estimator_distance(&estimator) >= distance);
        distance = estimator_distance(&estimator);
    }
    CHECK(distance <= 20 * usec_to_s(estimator.now));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_heart(data, size);
    check_pod(data, size);
    check_feature(data, size);
    check_request(data, size);
    check_response(data, size);
    check_treadmill(data, size);
    check_records(data, size);
    check_power(data, size);
    check_machine(data, size);
    check_messages(data, size);
    check_bytes(data, size);
    check_sequence(data, size);
    return 0;
}
