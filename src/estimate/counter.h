// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A pod's own count of its metres beside the speed that it tells. A speed that is a mean of seconds
// comes late, and by how much nobody says: each change of pace makes the way that follows from it
// wrong by that. A count that is of now has no such lag, nor does noise add up in it. Of some pods,
// though, it is no more than the sum of the speeds they told, and as late. The difference of the
// two shows which it is: it grows with the pace where the count is ahead.
//
// Plain data, no allocation. Metres are the pod's own.

#pragma once

#include "base/units.h"

#include <stdbool.h>
#include <stdint.h>

// What was said and followed up to an instant.
typedef struct {
    uint32_t total_dm; // the count, 0.1 m; it may wrap
    double told;       // m by the speeds told
    double followed;   // m that were gone out by
    double speed;      // told then, m/s
} CounterView;

typedef struct {
    Usec at;              // the newest packet; USEC_NEVER before the first
    Usec compared_at;     // the one at which speed and count were last compared; USEC_NEVER: anew
    CounterView latest;   // at the newest packet, but the way is up to now
    CounterView compared; // at compared_at
    CounterView base;     // from where on the way is to be the count's
    double changes;       // m²/s²; of the pace between comparisons, squared, so far
    double gains;         // m²/s; those changes times what the count then gained on the speed
    bool moves;           // the count ever has
    bool disagrees;       // one of the two is not this run's
    bool leads;           // it is ahead of the speed, as far as can be told
} Counter;

void counter_init(Counter *counter);

// By the filter it is `metres` further; negative by a little where it takes some back.
void counter_follow(Counter *counter, double metres);

// A packet: a speed, m/s, 0 when standing whatever it says, and the count. Returns by how many
// metres the way that was followed is now to be longer, for it to come to the count's within
// seconds; it counts as followed. 0 from a count that does not lead.
double counter_see(Counter *counter, Usec at, double speed, uint32_t total_dm);
