// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Cycling Power Measurement. What neighbours got wrong is kept in mind: power is signed, a wheel's
// field is six bytes, not four, and three of the flags bring no field at all. Two angles share
// three bytes, the larger one in the low bits.

#include "codec/cps.h"

#include "base/cursor.h"

enum {
    FLAG_BALANCE_FROM_LEFT = 1 << 1,
    FLAG_TORQUE_FROM_CRANK = 1 << 3,
    FLAG_OFFSET_COMPENSATION = 1 << 12,
};

#define FIELDS_KNOWN                                                                               \
    (CPS_BALANCE | CPS_TORQUE | CPS_WHEEL | CPS_CRANK | CPS_FORCES | CPS_TORQUES | CPS_ANGLES |    \
     CPS_TOP_DEAD_SPOT | CPS_BOTTOM_DEAD_SPOT | CPS_ENERGY)

static bool cursor_s16(Cursor *cursor, int16_t *ret_value)
{
    uint16_t value;
    if (!cursor_u16(cursor, &value))
        return false;
    *ret_value = (int16_t)value;
    return true;
}

// Both or neither, so that a cut field leaves nothing behind.
static bool read_pair(Cursor *cursor, int16_t *ret_first, int16_t *ret_second)
{
    int16_t first;
    if (!cursor_s16(cursor, &first) || !cursor_s16(cursor, ret_second))
        return false;
    *ret_first = first;
    return true;
}

static bool read_wheel(Cursor *cursor, CpsMeasurement *measurement)
{
    uint32_t turns;
    if (!cursor_u32(cursor, &turns) || !cursor_u16(cursor, &measurement->wheel_time_2048))
        return false;
    measurement->wheel_turns = turns;
    return true;
}

static bool read_crank(Cursor *cursor, CpsMeasurement *measurement)
{
    uint16_t turns;
    if (!cursor_u16(cursor, &turns) || !cursor_u16(cursor, &measurement->crank_time_1024))
        return false;
    measurement->crank_turns = turns;
    return true;
}

static bool read_angles(Cursor *cursor, CpsMeasurement *measurement)
{
    uint32_t both;
    if (!cursor_u24(cursor, &both))
        return false;
    measurement->angle_max_deg = both & 0xfff;
    measurement->angle_min_deg = (uint16_t)(both >> 12);
    return true;
}

static bool read_field(Cursor *cursor, CpsField field, CpsMeasurement *measurement)
{
    switch (field) {
    case CPS_BALANCE:
        return cursor_u8(cursor, &measurement->balance_half_pct);
    case CPS_TORQUE:
        return cursor_u16(cursor, &measurement->torque_32);
    case CPS_WHEEL:
        return read_wheel(cursor, measurement);
    case CPS_CRANK:
        return read_crank(cursor, measurement);
    case CPS_FORCES:
        return read_pair(cursor, &measurement->force_max_n, &measurement->force_min_n);
    case CPS_TORQUES:
        return read_pair(cursor, &measurement->torque_max_32, &measurement->torque_min_32);
    case CPS_ANGLES:
        return read_angles(cursor, measurement);
    case CPS_TOP_DEAD_SPOT:
        return cursor_u16(cursor, &measurement->top_dead_spot_deg);
    case CPS_BOTTOM_DEAD_SPOT:
        return cursor_u16(cursor, &measurement->bottom_dead_spot_deg);
    case CPS_ENERGY:
        return cursor_u16(cursor, &measurement->energy_kj);
    }
    return false;
}

DecodeStatus cps_decode(const uint8_t *bytes, size_t length, CpsMeasurement *ret_measurement)
{
    Cursor cursor = {bytes, length};
    CpsMeasurement measurement = {0};
    uint16_t flags;
    if (!cursor_u16(&cursor, &flags) || !cursor_s16(&cursor, &measurement.power_w))
        return DECODE_REJECT;
    measurement.balance_from_left = flags & FLAG_BALANCE_FROM_LEFT;
    measurement.torque_from_crank = flags & FLAG_TORQUE_FROM_CRANK;
    measurement.offset_compensation = flags & FLAG_OFFSET_COMPENSATION;
    bool whole = true;
    for (unsigned field = CPS_BALANCE; whole && field <= CPS_ENERGY; field <<= 1) {
        if (!(flags & field & FIELDS_KNOWN))
            continue;
        whole = read_field(&cursor, (CpsField)field, &measurement);
        measurement.has |= (uint16_t)(whole ? field : 0);
    }
    *ret_measurement = measurement;
    if (!whole)
        return DECODE_TRUNCATED;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

static void write_field(Writer *writer, CpsField field, const CpsMeasurement *measurement)
{
    switch (field) {
    case CPS_BALANCE:
        writer_u8(writer, measurement->balance_half_pct);
        break;
    case CPS_TORQUE:
        writer_u16(writer, measurement->torque_32);
        break;
    case CPS_WHEEL:
        writer_u32(writer, measurement->wheel_turns);
        writer_u16(writer, measurement->wheel_time_2048);
        break;
    case CPS_CRANK:
        writer_u16(writer, measurement->crank_turns);
        writer_u16(writer, measurement->crank_time_1024);
        break;
    case CPS_FORCES:
        writer_u16(writer, (uint16_t)measurement->force_max_n);
        writer_u16(writer, (uint16_t)measurement->force_min_n);
        break;
    case CPS_TORQUES:
        writer_u16(writer, (uint16_t)measurement->torque_max_32);
        writer_u16(writer, (uint16_t)measurement->torque_min_32);
        break;
    case CPS_ANGLES:
        writer_u24(writer, (measurement->angle_max_deg & 0xfffu) |
                               (measurement->angle_min_deg & 0xfffu) << 12);
        break;
    case CPS_TOP_DEAD_SPOT:
        writer_u16(writer, measurement->top_dead_spot_deg);
        break;
    case CPS_BOTTOM_DEAD_SPOT:
        writer_u16(writer, measurement->bottom_dead_spot_deg);
        break;
    case CPS_ENERGY:
        writer_u16(writer, measurement->energy_kj);
        break;
    }
}

size_t cps_encode(const CpsMeasurement *measurement, uint8_t *ret_bytes, size_t size)
{
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u16(&writer,
               (uint16_t)((measurement->has & FIELDS_KNOWN) |
                          (measurement->balance_from_left ? FLAG_BALANCE_FROM_LEFT : 0) |
                          (measurement->torque_from_crank ? FLAG_TORQUE_FROM_CRANK : 0) |
                          (measurement->offset_compensation ? FLAG_OFFSET_COMPENSATION : 0)));
    writer_u16(&writer, (uint16_t)measurement->power_w);
    for (unsigned field = CPS_BALANCE; field <= CPS_ENERGY; field <<= 1)
        if (measurement->has & field & FIELDS_KNOWN)
            write_field(&writer, (CpsField)field, measurement);
    return writer.full ? 0 : writer.length;
}

// `turned` and `elapsed` are differences that were taken modulo the counters' widths.
static double cadence_take(CpsCadence *cadence, Usec at, uint32_t turned, uint16_t elapsed,
                           double ticks_per_s)
{
    if (cadence->begun && elapsed > 0) {
        cadence->per_minute = turned * ticks_per_s * 60 / elapsed;
        cadence->moved_at = at;
    } else if (!cadence->begun)
        cadence->moved_at = at;
    else if (at - cadence->moved_at > CPS_STANDS_AFTER)
        cadence->per_minute = 0;
    cadence->begun = true;
    return cadence->per_minute;
}

double cps_crank_cadence(CpsCadence *cadence, Usec at, const CpsMeasurement *measurement)
{
    const uint16_t turned = (uint16_t)(measurement->crank_turns - cadence->turns);
    const uint16_t elapsed = (uint16_t)(measurement->crank_time_1024 - cadence->time);
    cadence->turns = measurement->crank_turns;
    cadence->time = measurement->crank_time_1024;
    return cadence_take(cadence, at, turned, elapsed, 1024);
}

double cps_wheel_cadence(CpsCadence *cadence, Usec at, const CpsMeasurement *measurement)
{
    const uint32_t turned = measurement->wheel_turns - cadence->turns;
    const uint16_t elapsed = (uint16_t)(measurement->wheel_time_2048 - cadence->time);
    cadence->turns = measurement->wheel_turns;
    cadence->time = measurement->wheel_time_2048;
    return cadence_take(cadence, at, turned, elapsed, 2048);
}
