// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Fitness Machine Service: what a client asks of a machine and is answered (Fitness Machine Control
// Point, 0x2AD9), and what the machine says has been done to it (Fitness Machine Status, 0x2ADA),
// both ways. The two have the same parameters, hence one module.
//
// The daemon listens and asks for nothing. A machine answers over an encrypted link only.
// Layout: Fitness Machine Service 1.0, "Fitness Machine Control Point", "Fitness Machine Status".

#pragma once

#include "codec/decode.h"

#define FTMS_VALUES_MAX     5  // times in five heart zones
#define FTMS_PARAMETERS_MAX 17 // what 20 bytes hold beside a response's head

// A request or a status: a number, and its parameters.
typedef struct {
    uint8_t op;                     // an FtmsRequestOp or FtmsStatusOp, or one nobody has heard of
    uint8_t count;                  // of values that came whole
    int32_t value[FTMS_VALUES_MAX]; // as sent: 0.01 km/h, 0.1 %, 0.1, W, bpm, kcal, m, s…
} FtmsMessage;

typedef enum {
    FTMS_REQUEST_CONTROL = 0x00,
    FTMS_REQUEST_RESET = 0x01,
    FTMS_REQUEST_SPEED = 0x02,       // 0.01 km/h
    FTMS_REQUEST_INCLINATION = 0x03, // 0.1 %
    FTMS_REQUEST_START = 0x07,       // or resume
    FTMS_REQUEST_STOP = 0x08,        // value: FTMS_STOP or FTMS_PAUSE
    FTMS_REQUEST_DISTANCE = 0x0c,    // m
    FTMS_REQUEST_TIME = 0x0d,        // s
    FTMS_RESPONSE = 0x80,
} FtmsRequestOp;

typedef enum {
    FTMS_STATUS_RESET = 0x01,
    FTMS_STATUS_STOPPED = 0x02, // by the user; value: FTMS_STOP or FTMS_PAUSE
    FTMS_STATUS_SAFETY_KEY = 0x03,
    FTMS_STATUS_STARTED = 0x04, // or resumed, by the user
    FTMS_STATUS_SPEED = 0x05,   // the target was set; 0.01 km/h
    FTMS_STATUS_INCLINATION = 0x06,
    FTMS_STATUS_CONTROL_LOST = 0xff,
} FtmsStatusOp;

enum {
    FTMS_STOP = 1,
    FTMS_PAUSE = 2,
};

// REJECT: empty. TRUNCATED: a parameter is missing or cut; those before it are kept. EXTRA: bytes
// left over; what follows an unknown number is not looked at.
DecodeStatus ftms_request_decode(const uint8_t *bytes, size_t length, FtmsMessage *ret_request);
DecodeStatus ftms_status_decode(const uint8_t *bytes, size_t length, FtmsMessage *ret_status);
// Return the length; 0 when it does not fit or the number of values is not this op's.
size_t ftms_request_encode(const FtmsMessage *request, uint8_t *ret_bytes, size_t size);
size_t ftms_status_encode(const FtmsMessage *status, uint8_t *ret_bytes, size_t size);

// "control", "reset", "target-speed"…; NULL for an unknown number.
const char *ftms_request_name(uint8_t op);
const char *ftms_status_name(uint8_t op);

typedef enum {
    FTMS_RESULT_SUCCESS = 1,
    FTMS_RESULT_UNSUPPORTED = 2,
    FTMS_RESULT_INVALID_PARAMETER = 3,
    FTMS_RESULT_FAILED = 4, // to start what runs, for example
    FTMS_RESULT_NOT_PERMITTED = 5,
} FtmsResult;

typedef struct {
    uint8_t request; // the number that is answered
    uint8_t result;  // an FtmsResult, or a reserved number
    uint8_t parameter_count;
    uint8_t parameters[FTMS_PARAMETERS_MAX]; // as sent
} FtmsResponse;

// REJECT: not a response, or cut before its result. EXTRA: more parameters than there is room for.
DecodeStatus ftms_response_decode(const uint8_t *bytes, size_t length, FtmsResponse *ret_response);
size_t ftms_response_encode(const FtmsResponse *response, uint8_t *ret_bytes, size_t size);

// "success", "unsupported", "invalid-parameter", "failed", "not-permitted"; NULL for a reserved
// number.
const char *ftms_result_name(uint8_t result);
