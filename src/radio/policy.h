// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The judgements of the radio, as pure functions: what an error of BlueZ means, how long to wait
// after it, and what may be kept of a text that a stranger's device sent.

#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/units.h"

typedef enum {
    TROUBLE_NONE,
    TROUBLE_TRANSIENT, // BlueZ is still busy with the last thing: the same call works in a moment
    TROUBLE_TIMEOUT,   // no answer from BlueZ, or from the peer
    TROUBLE_GONE,      // the object is no longer there: forget it, look again
    TROUBLE_NOT_READY, // the adapter has no power
    TROUBLE_BLOCKED,   // by rfkill
    TROUBLE_SLOTS,     // the controller has no room for another link
    TROUBLE_REFUSED,   // the peer, or BlueZ on its behalf, does not want to
    TROUBLE_NO_PERMISSION, // the bus refuses us
    TROUBLE_NO_SERVICE,    // bluetoothd, or the bus, went away
    TROUBLE_OTHER,
} Trouble;

#define TROUBLES (TROUBLE_OTHER + 1)

const char *trouble_name(Trouble trouble); // "timeout", "refused", …

// `name` is the error's name on the wire, `message` its text; either may be NULL.
Trouble trouble_classify(const char *name, const char *message);

// What that means for whoever waits for the sensor, and what helps.
const char *trouble_sentence(Trouble trouble);

// Why a sensor that was last seen then (0: never) is not there. *ret_longer_at: when there is more
// to say, USEC_NEVER when not: a sensor that stays at home wakes nobody for ever.
const char *absence_sentence(Usec seen_at, Usec now, Usec *ret_longer_at);

// The ATT error in BlueZ's "Operation failed with ATT error: 0x80 …"; 0 when there is none.
guint8 trouble_att_error(const char *message);

// The wait before try `failures` + 1: short for the first few of a transient trouble, else
// 1, 2, 4 … 30 s; 3, 6, 12 … 60 s where somebody has to do something first.
Usec retry_delay(Trouble trouble, guint failures);

// The wait before a sensor that is not heard is tried all the same: 10 s doubling to 5 min.
Usec blind_delay(guint tries);

// How long a link may take to come up. While another sensor is in need, one that is not heard may
// not hold the radio for long.
Usec connect_patience(bool heard, bool contended);

// How long a subscribed sensor may be silent. It grows with each vain reconnect, so that a pod
// that is quiet on a standing runner is not reconnected at full rate.
Usec silence_patience(guint failures);

// A name as it may be shown: valid UTF-8, no controls, whole characters, at most `size` - 1 bytes.
void name_sanitize(const char *name, char *ret_name, gsize size);

// 0x180D of "0000180d-0000-1000-8000-00805f9b34fb"; 0 when it is not from the Bluetooth base.
guint16 uuid_short(const char *uuid);
