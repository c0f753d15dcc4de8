// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "base/cursor.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(cursor, reads_little_endian_and_consumes)
{
    const uint8_t bytes[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a};
    Cursor cursor = {bytes, sizeof bytes};
    uint8_t u8;
    uint16_t u16;
    uint32_t u24, u32;
    cr_assert(cursor_u8(&cursor, &u8));
    cr_assert(cursor_u16(&cursor, &u16));
    cr_assert(cursor_u24(&cursor, &u24));
    cr_assert(cursor_u32(&cursor, &u32));
    cr_expect(eq(int, u8, 0x01));
    cr_expect(eq(int, u16, 0x0302));
    cr_expect(eq(u32, u24, 0x060504));
    cr_expect(eq(u32, u32, 0x0a090807));
    cr_expect(eq(sz, cursor.left, 0));
}

Test(cursor, a_short_read_consumes_nothing_and_leaves_the_value)
{
    const uint8_t bytes[] = {0xaa, 0xbb, 0xcc};
    Cursor cursor = {bytes, sizeof bytes};
    uint32_t value = 7;
    cr_expect(not(cursor_u32(&cursor, &value)));
    cr_expect(eq(u32, value, 7));
    cr_expect(eq(sz, cursor.left, 3));
    cr_expect(cursor_u24(&cursor, &value));
    cr_expect(eq(u32, value, 0xccbbaa));
}

Test(cursor, an_empty_cursor_may_point_nowhere)
{
    Cursor cursor = {NULL, 0};
    uint8_t value;
    const uint8_t *none;
    cr_expect(not(cursor_u8(&cursor, &value)));
    cr_expect(cursor_bytes(&cursor, 0, &none));
    cr_expect(not(cursor_bytes(&cursor, 1, &none)));
}

Test(writer, what_it_writes_the_cursor_reads)
{
    uint8_t bytes[18];
    Writer writer = {bytes, 0, sizeof bytes, false};
    writer_u8(&writer, 0x12);
    writer_u16(&writer, 0x3456);
    writer_u24(&writer, 0x789abc);
    writer_u32(&writer, 0xdef01234);
    writer_u64(&writer, UINT64_C(0x56789abcdef01234));
    cr_assert(not(writer.full));
    cr_assert(eq(sz, writer.length, 18));
    Cursor cursor = {bytes, writer.length};
    uint8_t u8;
    uint16_t u16;
    uint32_t u24, u32;
    uint64_t u64;
    cr_expect(cursor_u8(&cursor, &u8) && u8 == 0x12);
    cr_expect(cursor_u16(&cursor, &u16) && u16 == 0x3456);
    cr_expect(cursor_u24(&cursor, &u24) && u24 == 0x789abc);
    cr_expect(cursor_u32(&cursor, &u32) && u32 == 0xdef01234);
    cr_expect(cursor_u64(&cursor, &u64) && u64 == UINT64_C(0x56789abcdef01234));
}

Test(writer, a_field_that_does_not_fit_stops_it_for_good)
{
    uint8_t bytes[3] = {0, 0, 0xee};
    Writer writer = {bytes, 0, sizeof bytes, false};
    writer_u16(&writer, 1);
    writer_u16(&writer, 2);
    writer_u8(&writer, 3);
    cr_expect(writer.full);
    cr_expect(eq(sz, writer.length, 2));
    cr_expect(eq(int, bytes[2], 0xee));
}
