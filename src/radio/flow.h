// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The packets of one sensor as they pass: how many are let through, and what their pauses tell. A
// plain struct that knows no bus.

#pragma once

#include "radio/history.h"

#define FLOW_PACKETS_A_SECOND 50 // more is an attack, or a fault

#define FLOW_PROVED_AFTER (10 * USEC_PER_SEC)

typedef struct {
    Usec connected_at;
    Usec last;       // packet of this connection, 0: none
    Usec good_since; // they come without a long pause since then
    Usec second;     // for the count
    guint in_second;
    Usec gaps[3]; // when the last long pauses ended
    guint gap_next;
    guint32 dropped, cut; // for good: whoever looks into a sensor wants to know
} Flow;

void flow_begin(Flow *flow, Usec now); // a connection
// Counts a packet; false when it is one too many and to be dropped.
bool flow_take(Flow *flow, History *history, gsize length, Usec now);
// Good data for so long that what was before is forgiven.
bool flow_proved(const Flow *flow);
// Three pauses of 3 s and more within the last two minutes.
bool flow_gappy(const Flow *flow, Usec now);
