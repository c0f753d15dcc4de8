// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// SC Control Point. What was hard is that "busy" and "not subscribed" have two codes each, by the
// age of the pod's stack, and that every other error must keep a meaning of its own: the remedy for
// "needs pairing" is none for "busy".

#include "codec/sccp.h"

#include "base/cursor.h"

// Core Specification, Vol 3, Part F, 3.4.1.1; 0xfc and 0xff: Core Specification Supplement, Part B.
enum {
    ATT_READ_NOT_PERMITTED = 0x02,
    ATT_WRITE_NOT_PERMITTED = 0x03,
    ATT_INSUFFICIENT_AUTHENTICATION = 0x05,
    ATT_REQUEST_NOT_SUPPORTED = 0x06,
    ATT_INSUFFICIENT_AUTHORIZATION = 0x08,
    ATT_ENCRYPTION_KEY_TOO_SHORT = 0x0c,
    ATT_INVALID_LENGTH = 0x0d,
    ATT_UNLIKELY_ERROR = 0x0e,
    ATT_INSUFFICIENT_ENCRYPTION = 0x0f,
    ATT_INSUFFICIENT_RESOURCES = 0x11,
    ATT_VALUE_NOT_ALLOWED = 0x13,
    ATT_WRITE_REQUEST_REJECTED = 0xfc,
    ATT_OUT_OF_RANGE = 0xff,
};

// Results on the air, from 1.
static const SccpOutcome RESULTS[] = {
    [1] = SCCP_SUCCESS,
    [2] = SCCP_UNSUPPORTED,
    [3] = SCCP_INVALID_PARAMETER,
    [4] = SCCP_FAILED,
};
#define RESULT_COUNT (sizeof RESULTS / sizeof *RESULTS)

static bool read_parameter(Cursor *cursor, SccpRequest *request)
{
    switch (request->opcode) {
    case SCCP_SET_DISTANCE:
        return cursor_u32(cursor, &request->distance_dm);
    case SCCP_UPDATE_LOCATION:
        return cursor_u8(cursor, &request->location);
    case SCCP_START_CALIBRATION:
    case SCCP_REQUEST_LOCATIONS:
        return true;
    }
    *cursor = (Cursor){0};
    return true;
}

DecodeStatus sccp_request_decode(const uint8_t *bytes, size_t length, SccpRequest *ret_request)
{
    Cursor cursor = {bytes, length};
    SccpRequest request = {0};
    if (!cursor_u8(&cursor, &request.opcode))
        return DECODE_REJECT;
    const bool whole = read_parameter(&cursor, &request);
    *ret_request = request;
    if (!whole)
        return DECODE_TRUNCATED;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

size_t sccp_request_encode(const SccpRequest *request, uint8_t *ret_bytes, size_t size)
{
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u8(&writer, request->opcode);
    if (request->opcode == SCCP_SET_DISTANCE)
        writer_u32(&writer, request->distance_dm);
    if (request->opcode == SCCP_UPDATE_LOCATION)
        writer_u8(&writer, request->location);
    return writer.full ? 0 : writer.length;
}

static bool has_list(const SccpResponse *response)
{
    return response->request == SCCP_REQUEST_LOCATIONS && response->outcome == SCCP_SUCCESS;
}

DecodeStatus sccp_response_decode(const uint8_t *bytes, size_t length, SccpResponse *ret_response)
{
    Cursor cursor = {bytes, length};
    SccpResponse response = {.outcome = SCCP_UNKNOWN};
    uint8_t opcode, result;
    if (!cursor_u8(&cursor, &opcode) || opcode != SCCP_RESPONSE ||
        !cursor_u8(&cursor, &response.request) || !cursor_u8(&cursor, &result))
        return DECODE_REJECT;
    if (result >= 1 && result < RESULT_COUNT)
        response.outcome = RESULTS[result];
    if (has_list(&response))
        while (response.location_count < SCCP_LOCATIONS_MAX &&
               cursor_u8(&cursor, &response.locations[response.location_count]))
            response.location_count++;
    *ret_response = response;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

size_t sccp_response_encode(const SccpResponse *response, uint8_t *ret_bytes, size_t size)
{
    uint8_t result = 1;
    while (result < RESULT_COUNT && RESULTS[result] != response->outcome)
        result++;
    if (result == RESULT_COUNT || response->location_count > SCCP_LOCATIONS_MAX)
        return 0;
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u8(&writer, SCCP_RESPONSE);
    writer_u8(&writer, response->request);
    writer_u8(&writer, result);
    if (has_list(response))
        writer_bytes(&writer, response->locations, response->location_count);
    return writer.full ? 0 : writer.length;
}

SccpOutcome sccp_outcome_from_att(uint8_t error)
{
    switch (error) {
    case SCCP_ATT_IN_PROGRESS:
    case SCCP_ATT_COMMON_IN_PROGRESS:
        return SCCP_BUSY;
    case SCCP_ATT_NOT_SUBSCRIBED:
    case SCCP_ATT_COMMON_NOT_SUBSCRIBED:
        return SCCP_NOT_SUBSCRIBED;
    case ATT_REQUEST_NOT_SUPPORTED:
        return SCCP_UNSUPPORTED;
    case ATT_READ_NOT_PERMITTED:
    case ATT_WRITE_NOT_PERMITTED:
    case ATT_INSUFFICIENT_AUTHORIZATION:
        return SCCP_NOT_PERMITTED;
    case ATT_INSUFFICIENT_AUTHENTICATION:
    case ATT_ENCRYPTION_KEY_TOO_SHORT:
    case ATT_INSUFFICIENT_ENCRYPTION:
        return SCCP_NEEDS_PAIRING;
    case ATT_INVALID_LENGTH:
    case ATT_VALUE_NOT_ALLOWED:
    case ATT_OUT_OF_RANGE:
        return SCCP_INVALID_PARAMETER;
    case ATT_UNLIKELY_ERROR:
    case ATT_INSUFFICIENT_RESOURCES:
    case ATT_WRITE_REQUEST_REJECTED:
        return SCCP_FAILED;
    }
    return SCCP_UNKNOWN;
}

const char *sccp_outcome_name(SccpOutcome outcome)
{
    static const char *const names[] = {
        [SCCP_SUCCESS] = "success",
        [SCCP_UNSUPPORTED] = "unsupported",
        [SCCP_INVALID_PARAMETER] = "invalid-parameter",
        [SCCP_FAILED] = "failed",
        [SCCP_BUSY] = "busy",
        [SCCP_NOT_SUBSCRIBED] = "not-subscribed",
        [SCCP_NOT_PERMITTED] = "not-permitted",
        [SCCP_NEEDS_PAIRING] = "needs-pairing",
        [SCCP_TIMED_OUT] = "timed-out",
        [SCCP_LINK_LOST] = "link-lost",
        [SCCP_UNKNOWN] = "unknown",
    };
    return names[outcome];
}
