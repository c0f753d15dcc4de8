// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Requests and statuses by two tables of one shape: what is asked for is later said to have been
// set, with the same parameters under another number.

#include "codec/ftms-control.h"

#include "base/cursor.h"

#include <string.h>

// Parameters, a letter each: b u8, w u16, s s16, d u24.
typedef struct {
    uint8_t op;
    const char *name;
    const char *parameters;
} Layout;

static const Layout requests[] = {
    {FTMS_REQUEST_CONTROL, "control", ""},
    {FTMS_REQUEST_RESET, "reset", ""},
    {FTMS_REQUEST_SPEED, "target-speed", "w"},
    {FTMS_REQUEST_INCLINATION, "target-inclination", "s"},
    {0x04, "target-resistance", "b"},
    {0x05, "target-power", "s"},
    {0x06, "target-heart-rate", "b"},
    {FTMS_REQUEST_START, "start", ""},
    {FTMS_REQUEST_STOP, "stop", "b"},
    {0x09, "target-energy", "w"},
    {0x0a, "target-steps", "w"},
    {0x0b, "target-strides", "w"},
    {FTMS_REQUEST_DISTANCE, "target-distance", "d"},
    {FTMS_REQUEST_TIME, "target-time", "w"},
    {0x0e, "target-time-in-2-heart-zones", "ww"},
    {0x0f, "target-time-in-3-heart-zones", "www"},
    {0x10, "target-time-in-5-heart-zones", "wwwww"},
    {0x11, "bike-simulation", "ssbb"},
    {0x12, "wheel-circumference", "w"},
    {0x13, "spin-down", "b"},
    {0x14, "target-cadence", "w"},
};

static const Layout statuses[] = {
    {FTMS_STATUS_RESET, "reset", ""},
    {FTMS_STATUS_STOPPED, "stopped", "b"},
    {FTMS_STATUS_SAFETY_KEY, "safety-key", ""},
    {FTMS_STATUS_STARTED, "started", ""},
    {FTMS_STATUS_SPEED, "target-speed", "w"},
    {FTMS_STATUS_INCLINATION, "target-inclination", "s"},
    {0x07, "target-resistance", "s"},
    {0x08, "target-power", "s"},
    {0x09, "target-heart-rate", "b"},
    {0x0a, "target-energy", "w"},
    {0x0b, "target-steps", "w"},
    {0x0c, "target-strides", "w"},
    {0x0d, "target-distance", "d"},
    {0x0e, "target-time", "w"},
    {0x0f, "target-time-in-2-heart-zones", "ww"},
    {0x10, "target-time-in-3-heart-zones", "www"},
    {0x11, "target-time-in-5-heart-zones", "wwwww"},
    {0x12, "bike-simulation", "ssbb"},
    {0x13, "wheel-circumference", "w"},
    {0x14, "spin-down", "b"},
    {0x15, "target-cadence", "w"},
    {FTMS_STATUS_CONTROL_LOST, "control-lost", ""},
};

#define REQUESTS requests, sizeof requests / sizeof *requests
#define STATUSES statuses, sizeof statuses / sizeof *statuses

static const Layout *find(const Layout *layouts, size_t count, uint8_t op)
{
    for (size_t i = 0; i < count; i++)
        if (layouts[i].op == op)
            return &layouts[i];
    return NULL;
}

static bool read_value(Cursor *cursor, char kind, int32_t *ret_value)
{
    uint8_t narrow;
    uint16_t wide;
    uint32_t widest;
    switch (kind) {
    case 'b':
        if (!cursor_u8(cursor, &narrow))
            return false;
        *ret_value = narrow;
        return true;
    case 'd':
        if (!cursor_u24(cursor, &widest))
            return false;
        *ret_value = (int32_t)widest;
        return true;
    }
    if (!cursor_u16(cursor, &wide))
        return false;
    *ret_value = kind == 's' ? (int16_t)wide : wide;
    return true;
}

static DecodeStatus message_decode(const Layout *layouts, size_t count, const uint8_t *bytes,
                                   size_t length, FtmsMessage *ret_message)
{
    Cursor cursor = {bytes, length};
    FtmsMessage message = {0};
    if (!cursor_u8(&cursor, &message.op))
        return DECODE_REJECT;
    const Layout *layout = find(layouts, count, message.op);
    bool whole = true;
    for (const char *kind = layout ? layout->parameters : ""; whole && *kind; kind++) {
        whole = read_value(&cursor, *kind, &message.value[message.count]);
        message.count += whole;
    }
    *ret_message = message;
    if (!whole)
        return DECODE_TRUNCATED;
    return cursor.left > 0 && layout ? DECODE_EXTRA : DECODE_OK;
}

static size_t message_encode(const Layout *layouts, size_t count, const FtmsMessage *message,
                             uint8_t *ret_bytes, size_t size)
{
    const Layout *layout = find(layouts, count, message->op);
    const char *kinds = layout ? layout->parameters : "";
    if (message->count != strlen(kinds))
        return 0;
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u8(&writer, message->op);
    for (size_t i = 0; i < message->count; i++)
        switch (kinds[i]) {
        case 'b':
            writer_u8(&writer, (uint8_t)message->value[i]);
            break;
        case 'd':
            writer_u24(&writer, (uint32_t)message->value[i]);
            break;
        default:
            writer_u16(&writer, (uint16_t)message->value[i]);
        }
    return writer.full ? 0 : writer.length;
}

DecodeStatus ftms_request_decode(const uint8_t *bytes, size_t length, FtmsMessage *ret_request)
{
    return message_decode(REQUESTS, bytes, length, ret_request);
}

DecodeStatus ftms_status_decode(const uint8_t *bytes, size_t length, FtmsMessage *ret_status)
{
    return message_decode(STATUSES, bytes, length, ret_status);
}

size_t ftms_request_encode(const FtmsMessage *request, uint8_t *ret_bytes, size_t size)
{
    return message_encode(REQUESTS, request, ret_bytes, size);
}

size_t ftms_status_encode(const FtmsMessage *status, uint8_t *ret_bytes, size_t size)
{
    return message_encode(STATUSES, status, ret_bytes, size);
}

const char *ftms_request_name(uint8_t op)
{
    const Layout *layout = find(REQUESTS, op);
    return layout ? layout->name : NULL;
}

const char *ftms_status_name(uint8_t op)
{
    const Layout *layout = find(STATUSES, op);
    return layout ? layout->name : NULL;
}

DecodeStatus ftms_response_decode(const uint8_t *bytes, size_t length, FtmsResponse *ret_response)
{
    Cursor cursor = {bytes, length};
    FtmsResponse response = {0};
    uint8_t op;
    if (!cursor_u8(&cursor, &op) || op != FTMS_RESPONSE || !cursor_u8(&cursor, &response.request) ||
        !cursor_u8(&cursor, &response.result))
        return DECODE_REJECT;
    while (response.parameter_count < FTMS_PARAMETERS_MAX &&
           cursor_u8(&cursor, &response.parameters[response.parameter_count]))
        response.parameter_count++;
    *ret_response = response;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

size_t ftms_response_encode(const FtmsResponse *response, uint8_t *ret_bytes, size_t size)
{
    if (response->parameter_count > FTMS_PARAMETERS_MAX)
        return 0;
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u8(&writer, FTMS_RESPONSE);
    writer_u8(&writer, response->request);
    writer_u8(&writer, response->result);
    writer_bytes(&writer, response->parameters, response->parameter_count);
    return writer.full ? 0 : writer.length;
}

const char *ftms_result_name(uint8_t result)
{
    static const char *const names[] = {
        [FTMS_RESULT_SUCCESS] = "success",
        [FTMS_RESULT_UNSUPPORTED] = "unsupported",
        [FTMS_RESULT_INVALID_PARAMETER] = "invalid-parameter",
        [FTMS_RESULT_FAILED] = "failed",
        [FTMS_RESULT_NOT_PERMITTED] = "not-permitted",
    };
    return result < sizeof names / sizeof *names ? names[result] : NULL;
}
