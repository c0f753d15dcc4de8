// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Packets for tests: written in hex as they stand in bug reports and captures, and held in a block
// of exactly their size, so that the address sanitizer sees any read past the end. Also a small
// generator of pseudo-random numbers that is the same on every machine.

#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint8_t *bytes; // NULL when empty
    size_t length;
} Packet;

static inline Packet packet_of(const uint8_t *bytes, size_t length)
{
    Packet packet = {length > 0 ? malloc(length) : NULL, length};
    if (length > 0)
        memcpy(packet.bytes, bytes, length);
    return packet;
}

static inline Packet packet_from_hex(const char *hex)
{
    uint8_t bytes[256];
    const size_t length = strlen(hex) / 2;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)strtoul((const char[]){hex[2 * i], hex[2 * i + 1], '\0'}, NULL, 16);
    return packet_of(bytes, length);
}

static inline void packet_free(Packet *packet)
{
    free(packet->bytes);
}

// splitmix64
static inline uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}
