// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "codec/battery.h"

#include "packet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(battery, percents_are_read_and_reserved_values_are_unknown)
{
    static const struct {
        const char *shows, *hex;
        DecodeStatus status;
        uint8_t percent;
    } rows[] = {
        {"full", "64", DECODE_OK, 100},
        {"empty", "00", DECODE_OK, 0},
        {"101 is reserved", "65", DECODE_REJECT, 47},
        {"255 is reserved", "ff", DECODE_REJECT, 47},
        {"no byte at all", "", DECODE_REJECT, 47},
        {"bytes left over", "2a00", DECODE_EXTRA, 42},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Packet packet = packet_from_hex(rows[i].hex);
        uint8_t percent = 47;
        cr_expect(
            eq(int, battery_decode(packet.bytes, packet.length, &percent), (int)rows[i].status),
            "%s", rows[i].shows);
        cr_expect(eq(int, percent, rows[i].percent), "%s", rows[i].shows);
        packet_free(&packet);
    }
}

Test(battery, every_percent_survives_both_ways_and_nothing_else_is_written)
{
    for (int in = 0; in <= UINT8_MAX; in++) {
        uint8_t byte, out;
        const size_t length = battery_encode((uint8_t)in, &byte, 1);
        cr_assert(eq(sz, length, in <= 100 ? 1 : 0));
        if (length == 0)
            continue;
        cr_assert(eq(int, battery_decode(&byte, length, &out), DECODE_OK));
        cr_assert(eq(int, out, in));
    }
    uint8_t byte;
    cr_expect(eq(sz, battery_encode(50, &byte, 0), 0));
}
