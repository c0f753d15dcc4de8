// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "base/cursor.h"

#include <string.h>

// Reads `width` bytes, least significant first.
static bool cursor_take(Cursor *cursor, size_t width, uint64_t *ret_value)
{
    if (cursor->left < width)
        return false;
    uint64_t value = 0;
    for (size_t i = width; i > 0; i--)
        value = value << 8 | cursor->at[i - 1];
    cursor->at += width;
    cursor->left -= width;
    *ret_value = value;
    return true;
}

bool cursor_u8(Cursor *cursor, uint8_t *ret_value)
{
    uint64_t value;
    if (!cursor_take(cursor, 1, &value))
        return false;
    *ret_value = (uint8_t)value;
    return true;
}

bool cursor_u16(Cursor *cursor, uint16_t *ret_value)
{
    uint64_t value;
    if (!cursor_take(cursor, 2, &value))
        return false;
    *ret_value = (uint16_t)value;
    return true;
}

static bool cursor_upto_u32(Cursor *cursor, size_t width, uint32_t *ret_value)
{
    uint64_t value;
    if (!cursor_take(cursor, width, &value))
        return false;
    *ret_value = (uint32_t)value;
    return true;
}

bool cursor_u24(Cursor *cursor, uint32_t *ret_value)
{
    return cursor_upto_u32(cursor, 3, ret_value);
}

bool cursor_u32(Cursor *cursor, uint32_t *ret_value)
{
    return cursor_upto_u32(cursor, 4, ret_value);
}

bool cursor_u64(Cursor *cursor, uint64_t *ret_value)
{
    return cursor_take(cursor, 8, ret_value);
}

bool cursor_bytes(Cursor *cursor, size_t length, const uint8_t **ret_bytes)
{
    if (cursor->left < length)
        return false;
    *ret_bytes = cursor->at;
    if (length > 0) // an empty cursor may point nowhere
        cursor->at += length;
    cursor->left -= length;
    return true;
}

static void writer_put(Writer *writer, size_t width, uint64_t value)
{
    if (writer->full || writer->size - writer->length < width) {
        writer->full = true;
        return;
    }
    for (size_t i = 0; i < width; i++)
        writer->bytes[writer->length++] = (uint8_t)(value >> (8 * i));
}

void writer_u8(Writer *writer, uint8_t value)
{
    writer_put(writer, 1, value);
}

void writer_u16(Writer *writer, uint16_t value)
{
    writer_put(writer, 2, value);
}

void writer_u24(Writer *writer, uint32_t value)
{
    writer_put(writer, 3, value);
}

void writer_u32(Writer *writer, uint32_t value)
{
    writer_put(writer, 4, value);
}

void writer_u64(Writer *writer, uint64_t value)
{
    writer_put(writer, 8, value);
}

void writer_bytes(Writer *writer, const uint8_t *bytes, size_t length)
{
    if (writer->full || writer->size - writer->length < length) {
        writer->full = true;
        return;
    }
    if (length > 0)
        memcpy(writer->bytes + writer->length, bytes, length);
    writer->length += length;
}
