// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Fitness Machine Control Point and Fitness Machine Status: each request, answer and status.

#include "codec/ftms-control.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

typedef struct {
    const char *hex, *name;
    DecodeStatus status;
    FtmsMessage message;
} Row;

#define OK        DECODE_OK
#define TRUNCATED DECODE_TRUNCATED
#define EXTRA     DECODE_EXTRA

// clang-format off
static const Row requests[] = {
    {"00", "control", OK, {0x00, 0, {0}}},
    {"01", "reset", OK, {0x01, 0, {0}}},
    {"02E204", "target-speed", OK, {0x02, 1, {1250}}},
    {"03F1FF", "target-inclination", OK, {0x03, 1, {-15}}},
    {"0464", "target-resistance", OK, {0x04, 1, {100}}},
    {"05FA00", "target-power", OK, {0x05, 1, {250}}},
    {"0696", "target-heart-rate", OK, {0x06, 1, {150}}},
    {"07", "start", OK, {0x07, 0, {0}}},
    {"0801", "stop", OK, {0x08, 1, {FTMS_STOP}}},
    {"0802", "stop", OK, {0x08, 1, {FTMS_PAUSE}}},
    {"09F401", "target-energy", OK, {0x09, 1, {500}}},
    {"0AE803", "target-steps", OK, {0x0a, 1, {1000}}},
    {"0BE803", "target-strides", OK, {0x0b, 1, {1000}}},
    {"0C881300", "target-distance", OK, {0x0c, 1, {5000}}},
    {"0D0807", "target-time", OK, {0x0d, 1, {1800}}},
    {"0E01000200", "target-time-in-2-heart-zones", OK, {0x0e, 2, {1, 2}}},
    {"0F010002000300", "target-time-in-3-heart-zones", OK, {0x0f, 3, {1, 2, 3}}},
    {"1001000200030004000500", "target-time-in-5-heart-zones", OK, {0x10, 5, {1, 2, 3, 4, 5}}},
    {"11FFFF64002833", "bike-simulation", OK, {0x11, 4, {-1, 100, 40, 51}}},
    {"123852", "wheel-circumference", OK, {0x12, 1, {21048}}},
    {"1301", "spin-down", OK, {0x13, 1, {1}}},
    {"146801", "target-cadence", OK, {0x14, 1, {360}}},
    {"02", "target-speed", TRUNCATED, {0x02, 0, {0}}},
    {"02E2", "target-speed", TRUNCATED, {0x02, 0, {0}}},
    {"0F01000200", "target-time-in-3-heart-zones", TRUNCATED, {0x0f, 2, {1, 2}}},
    {"0701", "start", EXTRA, {0x07, 0, {0}}},
    {"7FDEAD", NULL, OK, {0x7f, 0, {0}}},
};

static const Row statuses[] = {
    {"01", "reset", OK, {0x01, 0, {0}}},
    {"0201", "stopped", OK, {0x02, 1, {FTMS_STOP}}},
    {"0202", "stopped", OK, {0x02, 1, {FTMS_PAUSE}}},
    {"03", "safety-key", OK, {0x03, 0, {0}}},
    {"04", "started", OK, {0x04, 0, {0}}},
    {"05E204", "target-speed", OK, {0x05, 1, {1250}}},
    {"060A00", "target-inclination", OK, {0x06, 1, {10}}},
    {"07F6FF", "target-resistance", OK, {0x07, 1, {-10}}},
    {"08FA00", "target-power", OK, {0x08, 1, {250}}},
    {"0996", "target-heart-rate", OK, {0x09, 1, {150}}},
    {"0D881300", "target-distance", OK, {0x0d, 1, {5000}}},
    {"0E0807", "target-time", OK, {0x0e, 1, {1800}}},
    {"1101000200030004000500", "target-time-in-5-heart-zones", OK, {0x11, 5, {1, 2, 3, 4, 5}}},
    {"1402", "spin-down", OK, {0x14, 1, {2}}},
    {"156801", "target-cadence", OK, {0x15, 1, {360}}},
    {"FF", "control-lost", OK, {0xff, 0, {0}}},
    {"02", "stopped", TRUNCATED, {0x02, 0, {0}}},
    {"0400", "started", EXTRA, {0x04, 0, {0}}},
    {"20DEAD", NULL, OK, {0x20, 0, {0}}},
};
// clang-format on

typedef DecodeStatus (*Decode)(const uint8_t *bytes, size_t length, FtmsMessage *ret_message);
typedef size_t (*Encode)(const FtmsMessage *message, uint8_t *ret_bytes, size_t size);
typedef const char *(*Name)(uint8_t op);

static void check(const Row *rows, size_t count, Decode decode, Encode encode, Name name)
{
    for (size_t i = 0; i < count; i++) {
        const Row *row = &rows[i];
        Packet packet = packet_from_hex(row->hex);
        FtmsMessage message;
        cr_expect(eq(int, decode(packet.bytes, packet.length, &message), (int)row->status), "%s",
                  row->hex);
        cr_expect(eq(int, message.op, row->message.op), "%s", row->hex);
        cr_expect(eq(int, message.count, row->message.count), "%s", row->hex);
        cr_expect(
            eq(int, memcmp(message.value, row->message.value, message.count * sizeof(int32_t)), 0),
            "%s", row->hex);
        if (row->name)
            cr_expect(eq(str, (char *)name(message.op), (char *)row->name));
        else
            cr_expect(eq(ptr, (void *)name(message.op), NULL));
        uint8_t bytes[20];
        const size_t length = encode(&message, bytes, sizeof bytes);
        if (row->status == OK && row->name) {
            cr_expect(eq(sz, length, packet.length), "%s", row->hex);
            cr_expect(eq(int, memcmp(bytes, packet.bytes, packet.length), 0), "%s", row->hex);
            cr_expect(eq(sz, encode(&message, bytes, length - 1), 0), "%s: no room", row->hex);
        }
        if (row->status == TRUNCATED)
            cr_expect(eq(sz, length, 0), "%s: a parameter is missing", row->hex);
        packet_free(&packet);
    }
    FtmsMessage message = {.op = 47};
    cr_expect(eq(int, decode(NULL, 0, &message), DECODE_REJECT));
    cr_expect(eq(int, message.op, 47));
}

Test(ftms_control, every_request_decodes_and_encodes)
{
    check(requests, sizeof requests / sizeof *requests, ftms_request_decode, ftms_request_encode,
          ftms_request_name);
}

Test(ftms_control, every_status_decodes_and_encodes)
{
    check(statuses, sizeof statuses / sizeof *statuses, ftms_status_decode, ftms_status_encode,
          ftms_status_name);
}

Test(ftms_control, answers_say_what_is_answered_and_how)
{
    static const struct {
        const char *hex, *name;
        uint8_t request, result, parameters;
    } rows[] = {
        {"800001", "success", 0x00, 1, 0},
        {"800201", "success", 0x02, 1, 0},
        {"800303", "invalid-parameter", 0x03, 3, 0},
        {"800704", "failed", 0x07, 4, 0},
        {"800805", "not-permitted", 0x08, 5, 0},
        {"801402", "unsupported", 0x14, 2, 0},
        {"801301E803D007", "success", 0x13, 1, 4}, // spin down: two speeds
        {"800006", NULL, 0x00, 6, 0},
        {"800000", NULL, 0x00, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Packet packet = packet_from_hex(rows[i].hex);
        FtmsResponse response;
        cr_assert(eq(int, ftms_response_decode(packet.bytes, packet.length, &response), DECODE_OK));
        cr_expect(eq(int, response.request, rows[i].request), "%s", rows[i].hex);
        cr_expect(eq(int, response.result, rows[i].result), "%s", rows[i].hex);
        cr_expect(eq(int, response.parameter_count, rows[i].parameters), "%s", rows[i].hex);
        if (rows[i].name)
            cr_expect(eq(str, (char *)ftms_result_name(response.result), (char *)rows[i].name));
        else
            cr_expect(eq(ptr, (void *)ftms_result_name(response.result), NULL));
        uint8_t bytes[20];
        cr_assert(eq(sz, ftms_response_encode(&response, bytes, sizeof bytes), packet.length));
        cr_expect(eq(int, memcmp(bytes, packet.bytes, packet.length), 0), "%s", rows[i].hex);
        packet_free(&packet);
    }
}

Test(ftms_control, what_is_no_answer_is_refused)
{
    static const char *const refused[] = {"", "80", "8000", "00", "100101"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        Packet packet = packet_from_hex(refused[i]);
        FtmsResponse response;
        cr_expect(
            eq(int, ftms_response_decode(packet.bytes, packet.length, &response), DECODE_REJECT),
            "%s", refused[i]);
        packet_free(&packet);
    }
    uint8_t bytes[21] = {0x80, 0x13, 1};
    FtmsResponse response;
    cr_expect(eq(int, ftms_response_decode(bytes, sizeof bytes, &response), DECODE_EXTRA));
    response.parameter_count = FTMS_PARAMETERS_MAX + 1;
    cr_expect(eq(sz, ftms_response_encode(&response, bytes, sizeof bytes), 0));
}
