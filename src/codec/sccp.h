// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// SC Control Point, 0x2A55, both ways: what a client writes to a pod, what the pod indicates in
// answer, and all that can become of a procedure, each told apart from the others.
//
// One procedure at a time: the client enables indications, waits for that to be confirmed, writes
// the request, waits for the write's response, and from then on SCCP_TIMEOUT_S for the indication.
// Layout: GATT Specification Supplement, "SC Control Point"; the errors: Running Speed and Cadence
// Service 1.0, and Core Specification Supplement, "Common Profile and Service Error Codes".

#pragma once

#include "codec/decode.h"

#define SCCP_TIMEOUT_S      30 // an ATT transaction's
#define SCCP_LOCATIONS_MAX  17 // as many as 20 bytes hold beside the response's head
#define SCCP_REQUEST_BYTES  5  // the longest there is
#define SCCP_RESPONSE_BYTES (3 + SCCP_LOCATIONS_MAX)

typedef enum {
    SCCP_SET_DISTANCE = 0x01,      // the pod's total, "set cumulative value"
    SCCP_START_CALIBRATION = 0x02, // may take as long as the pod likes, up to the time-out
    SCCP_UPDATE_LOCATION = 0x03,
    SCCP_REQUEST_LOCATIONS = 0x04, // the response lists them
    SCCP_RESPONSE = 0x10,          // the pod's answer to any of them
} SccpOpcode;

typedef struct {
    uint8_t opcode;       // as sent: an SccpOpcode, or one nobody has heard of
    uint32_t distance_dm; // 0.1 m; of SCCP_SET_DISTANCE
    uint8_t location;     // codec/location.h; of SCCP_UPDATE_LOCATION
} SccpRequest;

// REJECT: empty. TRUNCATED: the parameter is missing or cut, which a pod answers with
// SCCP_INVALID_PARAMETER. What follows an unknown opcode is not looked at.
DecodeStatus sccp_request_decode(const uint8_t *bytes, size_t length, SccpRequest *ret_request);
// Returns the length, 0 when it does not fit.
size_t sccp_request_encode(const SccpRequest *request, uint8_t *ret_bytes, size_t size);

// What became of a procedure. The first four are the pod's answer, in an indication; the others
// come from the write before it, or from waiting in vain.
typedef enum {
    SCCP_SUCCESS,
    SCCP_UNSUPPORTED,       // the pod does not know the request, or cannot be asked at all
    SCCP_INVALID_PARAMETER, // it knows the request, and not such a value
    SCCP_FAILED,            // it tried; a calibration without a step, for example
    SCCP_BUSY,              // another procedure is running, perhaps another client's
    SCCP_NOT_SUBSCRIBED,    // indications are not enabled, so it could not answer
    SCCP_NOT_PERMITTED,     // not to this client
    SCCP_NEEDS_PAIRING,     // not over a link without encryption
    SCCP_TIMED_OUT,         // no answer in time: ask nothing more on this link
    SCCP_LINK_LOST,
    SCCP_UNKNOWN, // an answer with a reserved result, or an error that says nothing of this
} SccpOutcome;

// "success", "unsupported", "invalid-parameter", "failed", "busy", "not-subscribed",
// "not-permitted", "needs-pairing", "timed-out", "link-lost", "unknown"
const char *sccp_outcome_name(SccpOutcome outcome);

typedef struct {
    uint8_t request;     // the opcode that is answered, as sent
    SccpOutcome outcome; // one of the first four, or SCCP_UNKNOWN
    uint8_t location_count;
    uint8_t locations[SCCP_LOCATIONS_MAX]; // as sent, reserved ones too
} SccpResponse;

// REJECT: not a response, or cut before its result. EXTRA: more locations than there is room for,
// or bytes after an answer that has no list.
DecodeStatus sccp_response_decode(const uint8_t *bytes, size_t length, SccpResponse *ret_response);
// Returns the length, 0 when it does not fit or the outcome is none of the first four.
size_t sccp_response_encode(const SccpResponse *response, uint8_t *ret_bytes, size_t size);

// ATT errors a pod answers the write with. Older pods have the service's own two, younger ones the
// common two; sccp_outcome_from_att() takes either, and the standard ones as far as they matter.
enum {
    SCCP_ATT_IN_PROGRESS = 0x80,
    SCCP_ATT_NOT_SUBSCRIBED = 0x81, // "client characteristic configuration improperly configured"
    SCCP_ATT_COMMON_NOT_SUBSCRIBED = 0xfd,
    SCCP_ATT_COMMON_IN_PROGRESS = 0xfe,
};
SccpOutcome sccp_outcome_from_att(uint8_t error);
