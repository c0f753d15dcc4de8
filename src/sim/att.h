// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What an ATT error becomes on the bus: BlueZ 5.66 has names of its own for a few, and
// org.bluez.Error.Failed "Operation failed with ATT error: 0x80" for the others.

#pragma once

#include <gio/gio.h>

// Beside those of sensor.h; of the core specification, vol. 3 part F, 3.4.1.1.
enum {
    ATT_AUTHENTICATION = 0x05,
    ATT_NOT_SUPPORTED = 0x06,
    ATT_INVALID_OFFSET = 0x07,
    ATT_AUTHORIZATION = 0x08,
    ATT_ENCRYPTION_KEY_SIZE = 0x0c,
    ATT_UNLIKELY = 0x0e,
    ATT_ENCRYPTION = 0x0f,
};

void att_refuse(GDBusMethodInvocation *invocation, guint error);
void att_refuse_all(GPtrArray *invocations, guint error); // and empties it
