// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Heart Rate Service: the Heart Rate Measurement characteristic, 0x2A37, both ways, and the one
// byte that is known to the Heart Rate Control Point, 0x2A39. Where it is worn is in location.h.
// Layout: GATT Specification Supplement, "Heart Rate Measurement"; client rules R1–R6 in decode.h.

#pragma once

#include "codec/decode.h"

// A 20-byte notification holds at most nine RR values; a longer one (larger MTU, or hostile) is
// read up to this many and the rest is EXTRA.
#define HRS_RR_MAX 30

typedef enum {
    HRS_CONTACT_UNSUPPORTED,
    HRS_CONTACT_LOST, // supported, and not detected; some optical sensors say so and still measure
    HRS_CONTACT_OK,
} HrsContact;

typedef struct {
    uint16_t heart_rate; // bpm as sent; 0 means "no reading", never a rate
    HrsContact contact;
    bool has_energy;
    uint16_t energy_kj; // saturates at 65535
    uint8_t rr_count;
    uint16_t rr_1024[HRS_RR_MAX]; // 1/1024 s (not ms!), oldest first
} HrsMeasurement;

// On DECODE_REJECT *ret_measurement is untouched. `bytes` may be NULL when length is 0.
DecodeStatus hrs_decode(const uint8_t *bytes, size_t length, HrsMeasurement *ret_measurement);

// Writes the shortest form (8-bit rate where it fits). Returns the length, 0 when it does not fit.
size_t hrs_encode(const HrsMeasurement *measurement, uint8_t *ret_bytes, size_t size);

const char *hrs_contact_name(HrsContact contact); // "unsupported", "lost", "ok"

// Heart Rate Control Point, 0x2A39: written as a request; there is no answer but the write's own.
enum {
    HRS_CONTROL_RESET_ENERGY = 0x01,      // the energy expended counts from 0 again
    HRS_ATT_CONTROL_NOT_SUPPORTED = 0x80, // the ATT error for every other value
};
