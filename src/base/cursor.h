// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Bytes are read by a cursor that consumes: the bounds check and the advance are one act, so no
// decoder does index arithmetic and none can read past the end. Little-endian throughout, as GATT
// is.

#pragma once

#include "base/units.h"

typedef struct {
    const uint8_t *at; // borrowed; the next byte to read
    size_t left;       // bytes not yet read
} Cursor;

// Each returns false, consumes nothing and leaves *ret_value untouched when too few bytes are left.
bool cursor_u8(Cursor *cursor, uint8_t *ret_value);
bool cursor_u16(Cursor *cursor, uint16_t *ret_value);
bool cursor_u24(Cursor *cursor, uint32_t *ret_value);
bool cursor_u32(Cursor *cursor, uint32_t *ret_value);
bool cursor_u64(Cursor *cursor, uint64_t *ret_value);
bool cursor_bytes(Cursor *cursor, size_t length, const uint8_t **ret_bytes);

// The other direction. Writing past the end writes nothing more and sets `full`; check once at the
// end rather than after every field.
typedef struct {
    uint8_t *bytes; // borrowed
    size_t length;  // bytes written so far
    size_t size;    // room in `bytes`
    bool full;      // something did not fit
} Writer;

void writer_u8(Writer *writer, uint8_t value);
void writer_u16(Writer *writer, uint16_t value);
void writer_u24(Writer *writer, uint32_t value);
void writer_u32(Writer *writer, uint32_t value);
void writer_u64(Writer *writer, uint64_t value);
void writer_bytes(Writer *writer, const uint8_t *bytes, size_t length);
