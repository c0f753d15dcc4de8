// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "codec/battery.h"

#include "base/cursor.h"

DecodeStatus battery_decode(const uint8_t *bytes, size_t length, uint8_t *ret_percent)
{
    Cursor cursor = {bytes, length};
    uint8_t percent;
    if (!cursor_u8(&cursor, &percent) || percent > BATTERY_MAX)
        return DECODE_REJECT;
    *ret_percent = percent;
    return cursor.left > 0 ? DECODE_EXTRA : DECODE_OK;
}

size_t battery_encode(uint8_t percent, uint8_t *ret_bytes, size_t size)
{
    Writer writer = {.bytes = ret_bytes, .size = size};
    writer_u8(&writer, percent);
    return writer.full || percent > BATTERY_MAX ? 0 : writer.length;
}
