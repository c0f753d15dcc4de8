// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// When a sensor is tried next. A plain struct that knows no bus, only what went wrong and when.
//
// A sensor that is not heard is only away: it is searched for, for ever, and connected to at once
// when heard. One that is heard and cannot be kept is backed off from, by the class of the error,
// until it has given good data for a while: an advertisement alone forgives nothing.

#pragma once

#include "radio/flow.h"
#include "radio/policy.h"

typedef struct {
    guint failures; // in a row, until there was good data
    guint hangups;  // in a row, right after the connection was made
    guint gone;     // in a row, according to Connect
    guint aborts;   // of Connect in a row, although it was heard
    Usec next_try;
    Usec last_try;
    bool absent; // the last try met nobody
    Usec absent_since;
    guint blind_tries;
    Usec blind_at; // when it is tried although it is not heard
} Backoff;

void backoff_failed(Backoff *backoff, Trouble trouble, Usec now);
// `heard`: it was on the air. `took`: how long Connect did.
void backoff_connect_failed(Backoff *backoff, Trouble trouble, bool heard, Usec took, Usec now);
// `ours`: we had asked for the connection.
void backoff_lost(Backoff *backoff, const Flow *flow, bool ours, Usec now);
void backoff_data(Backoff *backoff, const Flow *flow); // a packet came
void backoff_clear(Backoff *backoff, Usec now);        // one try at once

// It hangs up at once, or its connections come to nothing, again and again: perhaps another device
// has it.
bool backoff_busy(const Backoff *backoff);
