// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Fitness Machine Service: Treadmill Data, 0x2ACD, both ways, one notification at a time. A machine
// may spread what it knows over several: ftms-record.h puts them together again. What the machine
// can do and how it is are in ftms-machine.h, its control point in ftms-control.h.
// Layout: Fitness Machine Service 1.0, "Treadmill Data", and GATT Specification Supplement.

#pragma once

#include "codec/decode.h"

// In the order of the bytes.
typedef enum {
    FTMS_SPEED,             // 0.01 km/h; of the belt
    FTMS_AVERAGE_SPEED,     // 0.01 km/h
    FTMS_DISTANCE,          // m
    FTMS_INCLINATION,       // 0.1 %
    FTMS_RAMP_ANGLE,        // 0.1°
    FTMS_ELEVATION_GAIN,    // 0.1 m
    FTMS_ELEVATION_LOSS,    // 0.1 m
    FTMS_PACE,              // by pace_bytes: 2: s/500 m; 1: 0.1 km/min
    FTMS_AVERAGE_PACE,      // the same
    FTMS_ENERGY,            // kcal
    FTMS_ENERGY_PER_HOUR,   // kcal/h
    FTMS_ENERGY_PER_MINUTE, // kcal/min
    FTMS_HEART_RATE,        // bpm, by the machine's own grips or strap
    FTMS_MET,               // 0.1
    FTMS_ELAPSED,           // s
    FTMS_REMAINING,         // s
    FTMS_FORCE,             // N, on the belt
    FTMS_POWER,             // W
    FTMS_STEPS,             // reserved in 1.0 and sent nevertheless: what has it, is EXTRA
    FTMS_FIELDS,
} FtmsField;

typedef struct {
    bool more_data;             // no speed yet: the record goes on in the next notification
    uint16_t blocks;            // the flags of the blocks that came whole, as sent but bit 0
    uint32_t has;               // bit (1 << FtmsField) for what has a value
    int32_t value[FTMS_FIELDS]; // as sent, in the field's unit; 0 without its bit
    uint8_t pace_bytes;         // 1 or 2 with a pace, as it was read; else 0
    bool pace_suspect;          // the length fits neither width: nothing after the paces was read
    bool pace_settled;          // the length leaves no doubt of the width
} FtmsTreadmill;

// The pace's width is not in the packet. `pace_bytes`: 1 or 2 when this machine's is known, else 0:
// told from the length, where it can be.
// REJECT: no flags. TRUNCATED: a promised field is missing, the speed too.
DecodeStatus ftms_decode(const uint8_t *bytes, size_t length, uint8_t pace_bytes,
                         FtmsTreadmill *ret_data);

// Sends the blocks of which a field has its bit in `has`, the block's other fields as "not
// available"; the paces in 2 bytes when pace_bytes is 0. Returns the length; 0 when it does not
// fit, or when there is a speed where more_data says there is none, or none where there must be.
size_t ftms_encode(const FtmsTreadmill *data, uint8_t *ret_bytes, size_t size);

// In m/s, m, %, °, s/km, kcal, bpm, s, N, W; NAN when the machine did not say.
double ftms_value(const FtmsTreadmill *data, FtmsField field);

static inline bool ftms_has(const FtmsTreadmill *data, FtmsField field)
{
    return data->has & UINT32_C(1) << field;
}

// Sets a field's raw value, for who encodes.
void ftms_set(FtmsTreadmill *data, FtmsField field, int32_t value);
