// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is only that a pause means different things: up to a few seconds a sensor is far away
// or its body between; longer, and the link is dealt with elsewhere.

#include "radio/flow.h"

#include "session/event.h"

#define LONG_GAP (3 * USEC_PER_SEC)
#define LATELY   (120 * USEC_PER_SEC)

void flow_begin(Flow *flow, Usec now)
{
    flow->connected_at = now;
    flow->last = flow->good_since = 0;
}

static void pause_ended(Flow *flow, History *history, Usec now)
{
    Usec gap = now - flow->last;
    history_add(history, HISTORY_GAP, usec_to_s(gap));
    if (gap < LONG_GAP)
        return;
    flow->gaps[flow->gap_next] = now;
    flow->gap_next = (flow->gap_next + 1) % G_N_ELEMENTS(flow->gaps);
}

bool flow_take(Flow *flow, History *history, gsize length, Usec now)
{
    if (now - flow->second >= USEC_PER_SEC) {
        flow->second = now;
        flow->in_second = 0;
    }
    if (++flow->in_second > FLOW_PACKETS_A_SECOND) {
        flow->dropped++;
        return false;
    }
    flow->cut += length > NOTIFY_BYTES_MAX;
    if (flow->last)
        pause_ended(flow, history, now);
    else
        history_add(history, HISTORY_FIRST_DATA, usec_to_s(now - flow->connected_at));
    if (!flow->last || now - flow->last > silence_patience(0))
        flow->good_since = now;
    flow->last = now;
    return true;
}

bool flow_proved(const Flow *flow)
{
    return flow->last && flow->last - flow->good_since >= FLOW_PROVED_AFTER;
}

bool flow_gappy(const Flow *flow, Usec now)
{
    Usec oldest = flow->gaps[flow->gap_next];
    return oldest && now - oldest < LATELY;
}
