// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What every decoder answers, and the rules all of them follow:
// R1 a mandatory field is missing: REJECT, nothing is written. R2 an optional field is cut:
// TRUNCATED, every complete earlier field is kept. R3 bytes are left over: EXTRA, fields are kept.
// R4 reserved flag bits are ignored. R5 "not available" values leave the field absent. R6 nothing
// is read past the length; an empty packet is REJECT. R7 implausible values decode: the gate is one
// floor up.

#pragma once

#include "base/units.h"

typedef enum {
    DECODE_OK,
    DECODE_TRUNCATED,
    DECODE_EXTRA,
    DECODE_REJECT,
} DecodeStatus;

const char *decode_status_name(DecodeStatus status); // "ok", "truncated", "extra", "reject"
