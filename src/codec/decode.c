// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The names of the decoders' verdicts, as `pacectl decode` prints them.

#include "codec/decode.h"

const char *decode_status_name(DecodeStatus status)
{
    static const char *const names[] = {
        [DECODE_OK] = "ok",
        [DECODE_TRUNCATED] = "truncated",
        [DECODE_EXTRA] = "extra",
        [DECODE_REJECT] = "reject",
    };
    return names[status];
}
