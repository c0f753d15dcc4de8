// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the daemon says of its adapters on standard error, and so what `./run live` shows: one line
// for each change, with the remedy where there is something to mend.

#pragma once

#include "audio/voice.h"
#include "radio/radio.h"
#include "store/store.h"

typedef struct {
    int radio, voice, store; // what was logged last
} StateLog;

#define STATE_LOG_NOTHING ((StateLog){-1, -1, -1})

void state_log_update(StateLog *log, Radio *radio, Voice *voice, StoreStatus store);
