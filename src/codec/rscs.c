// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// RSC Measurement and RSC Feature. Fields are taken as sent, in the pod's own units: what a cadence
// or a stride counts differs by device and is settled one floor up. Note where the running bit is:
// bit 2, above the two presence bits (neighbours have read it from those).

#include "codec/rscs.h"

#include "base/cursor.h"

enum {
    FLAG_STRIDE = 1 << 0,
    FLAG_DISTANCE = 1 << 1,
    FLAG_RUNNING = 1 << 2,
};

#define FEATURES_KNOWN                                                                             \
    (RSCS_FEATURE_STRIDE_LENGTH | RSCS_FEATURE_TOTAL_DISTANCE | RSCS_FEATURE_RUNNING_STATUS |      \
     RSCS_FEATURE_CALIBRATION | RSCS_FEATURE_MULTIPLE_LOCATIONS)

// The optional tail; false when a promised field is cut, which also ends what can be read.
static bool read_optional(Cursor *cursor, uint8_t flags, RscsMeasurement *measurement)
{
    if (flags & FLAG_STRIDE) {
        measurement->has_stride = cursor_u16(cursor, &measurement->stride_cm);
        if (!measurement->has_stride)
            return false;
    }
    if (flags & FLAG_DISTANCE) {
        measurement->has_distance = cursor_u32(cursor, &measurement->distance_dm);
        return measurement->has_distance;
    }
    return true;
}

DecodeStatus rscs_decode(const uint8_t *bytes, size_t length, RscsMeasurement *ret_measurement)
{
    Cursor cursor = {bytes, length};
    RscsMeasurement measurement = {0};
    uint8_t flags;
    if (!cursor_u8(&cursor, &flags) || !cursor_u16(&cursor, &measurement.speed_256) ||
        !cursor_u8(&cursor, &measurement.cadence))
        return DECODE_REJECT;
    measurement.running = flags & FLAG_RUNNING;
    const bool whole = read_optional(&cursor, flags, &measurement);
    *ret_measurement = measurement;
    if (!whole)
        return DECODE_TRUNCATED;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

size_t rscs_encode(const RscsMeasurement *measurement, uint8_t *ret_bytes, size_t size)
{
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u8(&writer, (uint8_t)((measurement->has_stride ? FLAG_STRIDE : 0) |
                                 (measurement->has_distance ? FLAG_DISTANCE : 0) |
                                 (measurement->running ? FLAG_RUNNING : 0)));
    writer_u16(&writer, measurement->speed_256);
    writer_u8(&writer, measurement->cadence);
    if (measurement->has_stride)
        writer_u16(&writer, measurement->stride_cm);
    if (measurement->has_distance)
        writer_u32(&writer, measurement->distance_dm);
    return writer.full ? 0 : writer.length;
}

DecodeStatus rscs_feature_decode(const uint8_t *bytes, size_t length, uint16_t *ret_features)
{
    Cursor cursor = {bytes, length};
    uint16_t features;
    if (!cursor_u16(&cursor, &features))
        return DECODE_REJECT;
    *ret_features = features & FEATURES_KNOWN;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

size_t rscs_feature_encode(uint16_t features, uint8_t *ret_bytes, size_t size)
{
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u16(&writer, features & FEATURES_KNOWN);
    return writer.full ? 0 : writer.length;
}
