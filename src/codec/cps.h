// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cycling Power Service: Cycling Power Measurement, 0x2A63, both ways. Pods that estimate a
// runner's power send it by this service for want of one for running; only the power is then worth
// anything, but whoever records or decodes gets all of it.
// Layout: GATT Specification Supplement, "Cycling Power Measurement".

#pragma once

#include "codec/decode.h"

// Bits of CpsMeasurement.has; as the flags on the wire.
typedef enum {
    CPS_BALANCE = 1 << 0,
    CPS_TORQUE = 1 << 2,
    CPS_WHEEL = 1 << 4,
    CPS_CRANK = 1 << 5,
    CPS_FORCES = 1 << 6,
    CPS_TORQUES = 1 << 7,
    CPS_ANGLES = 1 << 8,
    CPS_TOP_DEAD_SPOT = 1 << 9,
    CPS_BOTTOM_DEAD_SPOT = 1 << 10,
    CPS_ENERGY = 1 << 11,
} CpsField;

typedef struct {
    int16_t power_w;          // signed: a trainer may drive the rider
    uint16_t has;             // CpsField bits; without its bit a field is 0
    bool balance_from_left;   // whose share the balance is; else unknown
    bool torque_from_crank;   // else at the wheel
    bool offset_compensation; // the sensor says it needs a zero offset
    uint8_t balance_half_pct; // 1/2 %
    uint16_t torque_32;       // accumulated, 1/32 Nm, wraps
    uint32_t wheel_turns;     // wraps
    uint16_t wheel_time_2048; // of the last turn, 1/2048 s, wraps
    uint16_t crank_turns;     // wraps
    uint16_t crank_time_1024; // 1/1024 s, wraps
    int16_t force_max_n, force_min_n;
    int16_t torque_max_32, torque_min_32;  // 1/32 Nm
    uint16_t angle_max_deg, angle_min_deg; // 12 bits each on the wire
    uint16_t top_dead_spot_deg, bottom_dead_spot_deg;
    uint16_t energy_kj; // accumulated
} CpsMeasurement;

DecodeStatus cps_decode(const uint8_t *bytes, size_t length, CpsMeasurement *ret_measurement);
size_t cps_encode(const CpsMeasurement *measurement, uint8_t *ret_bytes, size_t size);

// No turn for so long and a crank or wheel counts as standing.
#define CPS_STANDS_AFTER (3 * USEC_PER_SEC)

// Turns a minute, from two counters of one sensor: a crank's or a wheel's.
typedef struct {
    bool begun;
    uint32_t turns;
    uint16_t time;
    Usec moved_at;     // the last packet with a new turn
    double per_minute; // NAN before the second
} CpsCadence;

#define CPS_CADENCE_NEW ((CpsCadence){.per_minute = NAN})

// Takes a packet's counters and returns turns a minute: kept while no turn is new, 0 after
// CPS_STANDS_AFTER, NAN while only one turn has been seen.
double cps_crank_cadence(CpsCadence *cadence, Usec at, const CpsMeasurement *measurement);
double cps_wheel_cadence(CpsCadence *cadence, Usec at, const CpsMeasurement *measurement);
