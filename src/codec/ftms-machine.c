// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The small characteristics of a treadmill, most of them read once. Only the names are long.

#include "codec/ftms-machine.h"

#include "base/cursor.h"

#include <string.h>

#define FEATURES_KNOWN ((UINT32_C(1) << FTMS_MACHINE_FEATURES) - 1)
#define TARGETS_KNOWN  ((UINT32_C(1) << FTMS_TARGET_FEATURES) - 1)

DecodeStatus ftms_feature_decode(const uint8_t *bytes, size_t length, FtmsFeature *ret_feature)
{
    Cursor cursor = {bytes, length};
    FtmsFeature feature;
    if (!cursor_u32(&cursor, &feature.machine) || !cursor_u32(&cursor, &feature.targets))
        return DECODE_REJECT;
    feature.machine &= FEATURES_KNOWN;
    feature.targets &= TARGETS_KNOWN;
    *ret_feature = feature;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

size_t ftms_feature_encode(const FtmsFeature *feature, uint8_t *ret_bytes, size_t size)
{
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u32(&writer, feature->machine & FEATURES_KNOWN);
    writer_u32(&writer, feature->targets & TARGETS_KNOWN);
    return writer.full ? 0 : writer.length;
}

const char *ftms_machine_feature_name(unsigned bit)
{
    static const char *const names[FTMS_MACHINE_FEATURES] = {
        "average-speed", "cadence",    "total-distance", "inclination",    "elevation-gain",
        "pace",          "step-count", "resistance",     "stride-count",   "energy",
        "heart-rate",    "met",        "elapsed-time",   "remaining-time", "power",
        "force",         "user-data",
    };
    return bit < FTMS_MACHINE_FEATURES ? names[bit] : NULL;
}

const char *ftms_target_feature_name(unsigned bit)
{
    static const char *const names[FTMS_TARGET_FEATURES] = {
        "speed",
        "inclination",
        "resistance",
        "power",
        "heart-rate",
        "energy",
        "steps",
        "strides",
        "distance",
        "time",
        "time-in-2-heart-zones",
        "time-in-3-heart-zones",
        "time-in-5-heart-zones",
        "bike-simulation",
        "wheel-circumference",
        "spin-down",
        "cadence",
    };
    return bit < FTMS_TARGET_FEATURES ? names[bit] : NULL;
}

static DecodeStatus range_decode(const uint8_t *bytes, size_t length, bool is_signed,
                                 FtmsRange *ret_range)
{
    Cursor cursor = {bytes, length};
    uint16_t minimum, maximum, increment;
    if (!cursor_u16(&cursor, &minimum) || !cursor_u16(&cursor, &maximum) ||
        !cursor_u16(&cursor, &increment))
        return DECODE_REJECT;
    *ret_range = (FtmsRange){
        .minimum = is_signed ? (int16_t)minimum : minimum,
        .maximum = is_signed ? (int16_t)maximum : maximum,
        .increment = increment,
    };
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

DecodeStatus ftms_speed_range_decode(const uint8_t *bytes, size_t length, FtmsRange *ret_range)
{
    return range_decode(bytes, length, false, ret_range);
}

DecodeStatus ftms_inclination_range_decode(const uint8_t *bytes, size_t length,
                                           FtmsRange *ret_range)
{
    return range_decode(bytes, length, true, ret_range);
}

size_t ftms_range_encode(const FtmsRange *range, uint8_t *ret_bytes, size_t size)
{
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u16(&writer, (uint16_t)range->minimum);
    writer_u16(&writer, (uint16_t)range->maximum);
    writer_u16(&writer, range->increment);
    return writer.full ? 0 : writer.length;
}

enum {
    FLAG_TEXT = 1 << 0,
    FLAG_TEXT_CONTINUES = 1 << 1,
};

DecodeStatus ftms_training_decode(const uint8_t *bytes, size_t length,
                                  FtmsTrainingStatus *ret_status)
{
    Cursor cursor = {bytes, length};
    FtmsTrainingStatus status = {0};
    uint8_t flags;
    const uint8_t *text;
    if (!cursor_u8(&cursor, &flags) || !cursor_u8(&cursor, &status.status))
        return DECODE_REJECT;
    status.has_text = flags & FLAG_TEXT;
    status.text_continues = status.has_text && flags & FLAG_TEXT_CONTINUES;
    if (status.has_text) {
        status.text_length =
            (uint8_t)(cursor.left < sizeof status.text ? cursor.left : sizeof status.text);
        if (status.text_length > 0 && cursor_bytes(&cursor, status.text_length, &text))
            memcpy(status.text, text, status.text_length);
    }
    *ret_status = status;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

size_t ftms_training_encode(const FtmsTrainingStatus *status, uint8_t *ret_bytes, size_t size)
{
    if (status->text_length > sizeof status->text)
        return 0;
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u8(&writer, (uint8_t)((status->has_text ? FLAG_TEXT : 0) |
                                 (status->text_continues ? FLAG_TEXT_CONTINUES : 0)));
    writer_u8(&writer, status->status);
    if (status->has_text)
        writer_bytes(&writer, (const uint8_t *)status->text, status->text_length);
    return writer.full ? 0 : writer.length;
}

const char *ftms_training_name(uint8_t status)
{
    static const char *const names[] = {
        "other",
        "idle",
        "warm-up",
        "low-intensity-interval",
        "high-intensity-interval",
        "recovery-interval",
        "isometric",
        "heart-rate-control",
        "fitness-test",
        "below-speed-control",
        "above-speed-control",
        "cool-down",
        "watt-control",
        "manual",
        "pre-workout",
        "post-workout",
    };
    return status < sizeof names / sizeof *names ? names[status] : NULL;
}
