// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Events as bytes, both ways: what the store keeps in each row. (As text they are in capture.h.)
// The form is compact and versioned by the journal that holds it; it is checksummed by its keeper,
// not here.

#pragma once

#include "session/event.h"

// Room for any event but a START with its text.
#define EVENT_RECORD_MAX 256

// Returns the length; 0 when it does not fit. `size` ≥ EVENT_RECORD_MAX + command.length always
// fits.
size_t journal_encode(const Event *event, uint8_t *ret_bytes, size_t size);

// False for anything malformed. A START's text points into `bytes`.
bool journal_decode(const uint8_t *bytes, size_t length, Event *ret_event);
