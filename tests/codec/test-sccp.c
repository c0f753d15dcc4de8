// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// SC Control Point: requests and responses by clause of the specification, and every way a
// procedure can end.

#include "codec/sccp.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

// clang-format off
static const struct {
    const char *shows, *hex;
    DecodeStatus status;
    SccpRequest request;
} requests[] = {
    {"set cumulative value, 1000.0 m", "0110270000", DECODE_OK, {SCCP_SET_DISTANCE, 10000, 0}},
    {"all four bytes of the distance count", "01fffffffe", DECODE_OK, {SCCP_SET_DISTANCE, 0xfeffffff, 0}},
    {"start sensor calibration", "02", DECODE_OK, {SCCP_START_CALIBRATION, 0, 0}},
    {"update sensor location, top of shoe", "0301", DECODE_OK, {SCCP_UPDATE_LOCATION, 0, 1}},
    {"request supported sensor locations", "04", DECODE_OK, {SCCP_REQUEST_LOCATIONS, 0, 0}},
    {"an opcode nobody has heard of", "05", DECODE_OK, {5, 0, 0}},
    {"its parameters are not looked at", "7f01020304", DECODE_OK, {0x7f, 0, 0}},
    {"a response is no request", "100101", DECODE_OK, {0x10, 0, 0}},
    {"distance missing", "01", DECODE_TRUNCATED, {SCCP_SET_DISTANCE, 0, 0}},
    {"distance cut", "01102700", DECODE_TRUNCATED, {SCCP_SET_DISTANCE, 0, 0}},
    {"location missing", "03", DECODE_TRUNCATED, {SCCP_UPDATE_LOCATION, 0, 0}},
    {"bytes left over", "0201", DECODE_EXTRA, {SCCP_START_CALIBRATION, 0, 0}},
    {"bytes left over after a distance", "011027000000", DECODE_EXTRA, {SCCP_SET_DISTANCE, 10000, 0}},
};

static const struct {
    const char *shows, *hex;
    DecodeStatus status;
    SccpResponse response;
} responses[] = {
    {"set cumulative value: success", "100101", DECODE_OK, {1, SCCP_SUCCESS, 0, {0}}},
    {"calibration: operation failed", "100204", DECODE_OK, {2, SCCP_FAILED, 0, {0}}},
    {"location: invalid parameter", "100303", DECODE_OK, {3, SCCP_INVALID_PARAMETER, 0, {0}}},
    {"locations 1, 2, 3", "100401010203", DECODE_OK, {4, SCCP_SUCCESS, 3, {1, 2, 3}}},
    {"no locations at all", "100401", DECODE_OK, {4, SCCP_SUCCESS, 0, {0}}},
    {"opcode not supported", "100502", DECODE_OK, {5, SCCP_UNSUPPORTED, 0, {0}}},
    {"a reserved location is kept", "10040111ff", DECODE_OK, {4, SCCP_SUCCESS, 2, {0x11, 0xff}}},
    {"result 0 is reserved", "100100", DECODE_OK, {1, SCCP_UNKNOWN, 0, {0}}},
    {"result 5 is reserved", "100105", DECODE_OK, {1, SCCP_UNKNOWN, 0, {0}}},
    {"result 255 is reserved", "1001ff", DECODE_OK, {1, SCCP_UNKNOWN, 0, {0}}},
    {"a list after a failure is none", "1004040102", DECODE_EXTRA, {4, SCCP_FAILED, 0, {0}}},
    {"bytes left over", "10010100", DECODE_EXTRA, {1, SCCP_SUCCESS, 0, {0}}},
};
// clang-format on

Test(sccp, every_request_decodes_as_the_specification_says)
{
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        const SccpRequest *wanted = &requests[i].request;
        Packet packet = packet_from_hex(requests[i].hex);
        SccpRequest request;
        cr_expect(eq(int, sccp_request_decode(packet.bytes, packet.length, &request),
                     (int)requests[i].status),
                  "%s", requests[i].shows);
        cr_expect(eq(int, request.opcode, wanted->opcode), "%s", requests[i].shows);
        cr_expect(eq(u32, request.distance_dm, wanted->distance_dm), "%s", requests[i].shows);
        cr_expect(eq(int, request.location, wanted->location), "%s", requests[i].shows);
        packet_free(&packet);
    }
}

Test(sccp, every_response_decodes_as_the_specification_says)
{
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++) {
        const SccpResponse *wanted = &responses[i].response;
        Packet packet = packet_from_hex(responses[i].hex);
        SccpResponse response;
        cr_expect(eq(int, sccp_response_decode(packet.bytes, packet.length, &response),
                     (int)responses[i].status),
                  "%s", responses[i].shows);
        cr_expect(eq(int, response.request, wanted->request), "%s", responses[i].shows);
        cr_expect(eq(int, (int)response.outcome, (int)wanted->outcome), "%s", responses[i].shows);
        cr_expect(eq(int, response.location_count, wanted->location_count), "%s",
                  responses[i].shows);
        cr_expect(memcmp(response.locations, wanted->locations, wanted->location_count) == 0, "%s",
                  responses[i].shows);
        packet_free(&packet);
    }
}

Test(sccp, what_is_no_response_is_refused_and_changes_nothing)
{
    static const char *const refused[] = {"", "10", "1001", "110101", "010101", "000000"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        Packet packet = packet_from_hex(refused[i]);
        SccpResponse response = {.request = 47, .outcome = SCCP_FAILED};
        cr_expect(
            eq(int, sccp_response_decode(packet.bytes, packet.length, &response), DECODE_REJECT),
            "%s", refused[i]);
        cr_expect(eq(int, response.request, 47), "%s", refused[i]);
        cr_expect(eq(int, (int)response.outcome, SCCP_FAILED), "%s", refused[i]);
        packet_free(&packet);
    }
    SccpRequest request = {.opcode = 47};
    cr_expect(eq(int, sccp_request_decode(NULL, 0, &request), DECODE_REJECT));
    cr_expect(eq(int, request.opcode, 47));
}

Test(sccp, requests_and_responses_are_written_as_they_are_read)
{
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        uint8_t bytes[SCCP_REQUEST_BYTES];
        Packet packet = packet_from_hex(requests[i].hex);
        const size_t length = sccp_request_encode(&requests[i].request, bytes, sizeof bytes);
        if (requests[i].status == DECODE_OK && requests[i].request.opcode <= 4) {
            cr_expect(eq(sz, length, packet.length), "%s", requests[i].shows);
            cr_expect(memcmp(bytes, packet.bytes, length) == 0, "%s", requests[i].shows);
        }
        packet_free(&packet);
    }
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++) {
        uint8_t bytes[SCCP_RESPONSE_BYTES];
        Packet packet = packet_from_hex(responses[i].hex);
        const size_t length = sccp_response_encode(&responses[i].response, bytes, sizeof bytes);
        if (responses[i].response.outcome == SCCP_UNKNOWN) {
            cr_expect(eq(sz, length, 0), "%s", responses[i].shows);
        } else if (responses[i].status == DECODE_OK) {
            cr_expect(eq(sz, length, packet.length), "%s", responses[i].shows);
            cr_expect(memcmp(bytes, packet.bytes, length) == 0, "%s", responses[i].shows);
        }
        packet_free(&packet);
    }
}

Test(sccp, an_encoder_without_room_writes_nothing_that_could_be_sent)
{
    const SccpRequest request = {.opcode = SCCP_SET_DISTANCE};
    SccpResponse response = {SCCP_REQUEST_LOCATIONS, SCCP_SUCCESS, 2, {1, 2}};
    uint8_t bytes[SCCP_RESPONSE_BYTES];
    cr_expect(eq(sz, sccp_request_encode(&request, bytes, 4), 0));
    cr_expect(eq(sz, sccp_request_encode(&request, bytes, 5), 5));
    cr_expect(eq(sz, sccp_response_encode(&response, bytes, 4), 0));
    cr_expect(eq(sz, sccp_response_encode(&response, bytes, 5), 5));
    response.location_count = SCCP_LOCATIONS_MAX + 1;
    cr_expect(eq(sz, sccp_response_encode(&response, bytes, sizeof bytes), 0));
    response = (SccpResponse){SCCP_SET_DISTANCE, SCCP_BUSY, 0, {0}}; // an ATT error, not a result
    cr_expect(eq(sz, sccp_response_encode(&response, bytes, sizeof bytes), 0));
}

Test(sccp, a_list_longer_than_there_is_room_for_is_extra)
{
    uint8_t bytes[SCCP_RESPONSE_BYTES + 3] = {0x10, SCCP_REQUEST_LOCATIONS, 1};
    bytes[SCCP_RESPONSE_BYTES - 1] = 0xad;
    Packet packet = packet_of(bytes, sizeof bytes);
    SccpResponse response;
    cr_expect(eq(int, sccp_response_decode(packet.bytes, packet.length, &response), DECODE_EXTRA));
    cr_expect(eq(int, response.location_count, SCCP_LOCATIONS_MAX));
    cr_expect(eq(int, response.locations[SCCP_LOCATIONS_MAX - 1], 0xad));
    packet_free(&packet);
}

Test(sccp, every_att_error_that_matters_is_told_apart)
{
    static const struct {
        const char *shows;
        uint8_t error;
        SccpOutcome outcome;
    } rows[] = {
        {"RSCS: procedure already in progress", 0x80, SCCP_BUSY},
        {"common: procedure already in progress", 0xfe, SCCP_BUSY},
        {"RSCS: CCCD improperly configured", 0x81, SCCP_NOT_SUBSCRIBED},
        {"common: CCCD improperly configured", 0xfd, SCCP_NOT_SUBSCRIBED},
        {"write not permitted", 0x03, SCCP_NOT_PERMITTED},
        {"insufficient authorisation", 0x08, SCCP_NOT_PERMITTED},
        {"insufficient authentication", 0x05, SCCP_NEEDS_PAIRING},
        {"encryption key too short", 0x0c, SCCP_NEEDS_PAIRING},
        {"insufficient encryption", 0x0f, SCCP_NEEDS_PAIRING},
        {"request not supported", 0x06, SCCP_UNSUPPORTED},
        {"invalid length", 0x0d, SCCP_INVALID_PARAMETER},
        {"value not allowed", 0x13, SCCP_INVALID_PARAMETER},
        {"out of range", 0xff, SCCP_INVALID_PARAMETER},
        {"unlikely error", 0x0e, SCCP_FAILED},
        {"insufficient resources", 0x11, SCCP_FAILED},
        {"write request rejected", 0xfc, SCCP_FAILED},
        {"no error", 0x00, SCCP_UNKNOWN},
        {"an application error that RSCS does not know", 0x82, SCCP_UNKNOWN},
        {"invalid handle", 0x01, SCCP_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(eq(int, (int)sccp_outcome_from_att(rows[i].error), (int)rows[i].outcome), "%s",
                  rows[i].shows);
}

Test(sccp, outcomes_have_the_names_users_see)
{
    static const char *const names[] = {
        "success",   "unsupported",    "invalid-parameter", "failed",
        "busy",      "not-subscribed", "not-permitted",     "needs-pairing",
        "timed-out", "link-lost",      "unknown",
    };
    cr_assert(eq(sz, sizeof names / sizeof *names, SCCP_UNKNOWN + 1));
    for (int outcome = 0; outcome <= SCCP_UNKNOWN; outcome++)
        cr_expect_str_eq(sccp_outcome_name((SccpOutcome)outcome), names[outcome]);
}
