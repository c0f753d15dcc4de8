// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Treadmill Data, read by one table for both ways. What was hard is what the table does not say.
// Bit 0 alone is inverted: set, there is no speed. The paces changed their width between two
// editions of the same characteristic (2017: a byte of 0.1 km/min; today: two bytes of s/500 m) and
// nothing in the packet tells which; its length does, as long as it is whole. And machines promise
// in their flags more than a notification of 20 bytes can hold, and stop in the middle of a field.

#include "codec/ftms.h"

#include "base/cursor.h"

#include <assert.h>

#define FLAG_MORE_DATA    (1 << 0)
#define FLAG_PACE         (1 << 5)
#define FLAG_AVERAGE_PACE (1 << 6)
#define FLAG_STEPS        (1 << 13)
#define FLAGS_BYTES       2
#define NEVER_ABSENT      INT32_MAX

// What a notification holds when nobody asked for more: it may have been cut there.
#define DEFAULT_NOTIFICATION 20

static const struct {
    uint16_t flag; // of its block
    uint8_t bytes;
    bool is_signed;
    int32_t absent; // the value for "not available"
    double per;     // raw values in one unit
} fields[] = {
    [FTMS_SPEED] = {FLAG_MORE_DATA, 2, false, NEVER_ABSENT, 360},
    [FTMS_AVERAGE_SPEED] = {1 << 1, 2, false, NEVER_ABSENT, 360},
    [FTMS_DISTANCE] = {1 << 2, 3, false, NEVER_ABSENT, 1},
    [FTMS_INCLINATION] = {1 << 3, 2, true, 0x7fff, 10},
    [FTMS_RAMP_ANGLE] = {1 << 3, 2, true, 0x7fff, 10},
    [FTMS_ELEVATION_GAIN] = {1 << 4, 2, false, 0xffff, 10},
    [FTMS_ELEVATION_LOSS] = {1 << 4, 2, false, 0xffff, 10},
    [FTMS_PACE] = {FLAG_PACE, 2, false, NEVER_ABSENT, 1},
    [FTMS_AVERAGE_PACE] = {FLAG_AVERAGE_PACE, 2, false, NEVER_ABSENT, 1},
    [FTMS_ENERGY] = {1 << 7, 2, false, 0xffff, 1},
    [FTMS_ENERGY_PER_HOUR] = {1 << 7, 2, false, 0xffff, 1},
    [FTMS_ENERGY_PER_MINUTE] = {1 << 7, 1, false, 0xff, 1},
    [FTMS_HEART_RATE] = {1 << 8, 1, false, 0, 1},
    [FTMS_MET] = {1 << 9, 1, false, NEVER_ABSENT, 10},
    [FTMS_ELAPSED] = {1 << 10, 2, false, NEVER_ABSENT, 1},
    [FTMS_REMAINING] = {1 << 11, 2, false, NEVER_ABSENT, 1},
    [FTMS_FORCE] = {1 << 12, 2, true, 0x7fff, 1},
    [FTMS_POWER] = {1 << 12, 2, true, 0x7fff, 1},
    [FTMS_STEPS] = {FLAG_STEPS, 3, false, NEVER_ABSENT, 1},
};

static bool is_pace(FtmsField field)
{
    return field == FTMS_PACE || field == FTMS_AVERAGE_PACE;
}

static bool is_promised(uint16_t flags, FtmsField field)
{
    const bool set = flags & fields[field].flag;
    return field == FTMS_SPEED ? !set : set;
}

static uint8_t field_bytes(FtmsField field, uint8_t pace_bytes)
{
    return is_pace(field) ? pace_bytes : fields[field].bytes;
}

// Some machines say 0x7FFF for an elevation they do not know, as for the inclination beside it.
static bool is_absent(FtmsField field, int32_t raw)
{
    return raw == fields[field].absent ||
           ((field == FTMS_ELEVATION_GAIN || field == FTMS_ELEVATION_LOSS) && raw == 0x7fff);
}

// The length of a packet with these flags, without the steps.
static size_t whole_length(uint16_t flags, uint8_t pace_bytes)
{
    size_t length = FLAGS_BYTES;
    for (FtmsField field = 0; field < FTMS_STEPS; field++)
        if (is_promised(flags, field))
            length += field_bytes(field, pace_bytes);
    return length;
}

static bool fits(uint16_t flags, uint8_t pace_bytes, size_t length)
{
    const size_t whole = whole_length(flags, pace_bytes);
    return length == whole || (flags & FLAG_STEPS && length == whole + fields[FTMS_STEPS].bytes);
}

// Settles how the paces are to be read, from what is known of the machine or from the length.
static void find_pace_width(uint16_t flags, uint8_t known, size_t length, FtmsTreadmill *data)
{
    if (!(flags & (FLAG_PACE | FLAG_AVERAGE_PACE)))
        return;
    data->pace_bytes = 2;
    if (known != 0)
        data->pace_bytes = known;
    else if (fits(flags, 2, length))
        data->pace_settled = true;
    else if (fits(flags, 1, length)) {
        data->pace_bytes = 1;
        data->pace_settled = length != DEFAULT_NOTIFICATION;
    } else
        data->pace_suspect = true;
}

static bool read_field(Cursor *cursor, FtmsField field, uint8_t bytes, int32_t *ret_raw)
{
    uint8_t narrow;
    uint16_t wide;
    uint32_t widest;
    switch (bytes) {
    case 1:
        if (!cursor_u8(cursor, &narrow))
            return false;
        *ret_raw = narrow;
        return true;
    case 2:
        if (!cursor_u16(cursor, &wide))
            return false;
        *ret_raw = fields[field].is_signed ? (int16_t)wide : wide;
        return true;
    }
    if (!cursor_u24(cursor, &widest))
        return false;
    *ret_raw = (int32_t)widest;
    return true;
}

// Reads what is there; returns the field that was cut, or the first that may not be read.
static FtmsField read_fields(Cursor *cursor, uint16_t flags, FtmsTreadmill *data)
{
    for (FtmsField field = 0; field < FTMS_FIELDS; field++) {
        if (!is_promised(flags, field))
            continue;
        int32_t raw;
        if (data->pace_suspect && field > FTMS_AVERAGE_PACE)
            return field;
        if (!read_field(cursor, field, field_bytes(field, data->pace_bytes), &raw)) {
            data->blocks &= (uint16_t)~fields[field].flag;
            return field;
        }
        data->blocks |= fields[field].flag;
        if (!is_absent(field, raw))
            ftms_set(data, field, raw);
    }
    return FTMS_FIELDS;
}

DecodeStatus ftms_decode(const uint8_t *bytes, size_t length, uint8_t pace_bytes,
                         FtmsTreadmill *ret_data)
{
    Cursor cursor = {bytes, length};
    FtmsTreadmill data = {0};
    uint16_t flags;
    if (!cursor_u16(&cursor, &flags))
        return DECODE_REJECT;
    data.more_data = flags & FLAG_MORE_DATA;
    find_pace_width(flags, pace_bytes, length, &data);
    const FtmsField stopped = read_fields(&cursor, flags, &data);
    data.blocks &= (uint16_t)~FLAG_MORE_DATA;
    *ret_data = data;
    if (data.pace_suspect)
        return length < whole_length(flags, data.pace_bytes) ? DECODE_TRUNCATED : DECODE_EXTRA;
    if (stopped < FTMS_FIELDS)
        return DECODE_TRUNCATED;
    return cursor.left > 0 || ftms_has(&data, FTMS_STEPS) ? DECODE_EXTRA : DECODE_OK;
}

static void write_field(Writer *writer, uint8_t bytes, int32_t raw)
{
    switch (bytes) {
    case 1:
        writer_u8(writer, (uint8_t)raw);
        return;
    case 2:
        writer_u16(writer, (uint16_t)raw);
        return;
    }
    writer_u24(writer, (uint32_t)raw);
}

size_t ftms_encode(const FtmsTreadmill *data, uint8_t *ret_bytes, size_t size)
{
    if (ftms_has(data, FTMS_SPEED) == data->more_data)
        return 0;
    uint16_t flags = data->more_data ? FLAG_MORE_DATA : 0;
    for (FtmsField field = FTMS_AVERAGE_SPEED; field < FTMS_FIELDS; field++)
        if (ftms_has(data, field))
            flags |= fields[field].flag;
    const uint8_t pace_bytes = data->pace_bytes == 1 ? 1 : 2;
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u16(&writer, flags);
    for (FtmsField field = 0; field < FTMS_FIELDS; field++)
        if (is_promised(flags, field))
            write_field(&writer, field_bytes(field, pace_bytes),
                        ftms_has(data, field) ? data->value[field] : fields[field].absent);
    return writer.full ? 0 : writer.length;
}

double ftms_value(const FtmsTreadmill *data, FtmsField field)
{
    if (!ftms_has(data, field))
        return NAN;
    const double raw = data->value[field];
    if (!is_pace(field))
        return raw / fields[field].per;
    if (raw == 0)
        return NAN;
    return data->pace_bytes == 1 ? 600 / raw : 2 * raw;
}

void ftms_set(FtmsTreadmill *data, FtmsField field, int32_t value)
{
    assert(field < FTMS_FIELDS);
    data->has |= UINT32_C(1) << field;
    data->value[field] = value;
}
