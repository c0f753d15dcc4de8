// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Battery Level, 0x2A19, both ways: one byte, in percent.
// Layout: GATT Specification Supplement, "Battery Level".

#pragma once

#include "codec/decode.h"

#define BATTERY_MAX 100

// REJECT: empty, or above BATTERY_MAX, which is reserved: unknown then, neither full nor empty.
DecodeStatus battery_decode(const uint8_t *bytes, size_t length, uint8_t *ret_percent);
// Returns the length, 0 when it does not fit or is above BATTERY_MAX.
size_t battery_encode(uint8_t percent, uint8_t *ret_bytes, size_t size);
