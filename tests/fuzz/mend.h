// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Nearly all that is changed in a FIT file is found by its check sums; with the sums put right,
// what lies behind them is reached.

#pragma once

#include "codec/fit.h"

#include <string.h>

// Makes of it one file that is as long as the input.
static inline void mend(uint8_t *bytes, size_t size)
{
    if (size < 16)
        return;
    bytes[0] = 14;
    const size_t data = size - 16;
    for (size_t i = 0; i < 4; i++)
        bytes[4 + i] = (uint8_t)(data >> (8 * i));
    memcpy(bytes + 8, ".FIT", 4);
    bytes[12] = bytes[13] = 0;
    const uint16_t crc = fit_crc(0, bytes, size - 2);
    bytes[size - 2] = (uint8_t)crc;
    bytes[size - 1] = (uint8_t)(crc >> 8);
}
