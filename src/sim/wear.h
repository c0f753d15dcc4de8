// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Virtual sensors on the virtual runner: a strap and a pod that turn the runner's state into the
// bytes real ones send, through the same codecs the daemon decodes with, and that misbehave on
// request.

#pragma once

#include "sim/runner.h"

typedef enum {
    MISBEHAVE_NONE,
    MISBEHAVE_DROP_OUT,     // no packets, link gone
    MISBEHAVE_FREEZE,       // link up, no packets
    MISBEHAVE_RECONNECT,    // link goes and comes back at once
    MISBEHAVE_HALF_CADENCE, // counts one leg
    MISBEHAVE_SPIKES,       // now and then an impossible value
    MISBEHAVE_TRUNCATE,     // cuts packets short
    MISBEHAVE_WRAP,         // its distance counter is about to wrap
    MISBEHAVE_ZERO,         // a strap that says 0
} Misbehaviour;

bool misbehaviour_from_name(const char *name, Misbehaviour *ret_kind); // "drop-out", "freeze", …
const char *misbehaviour_name(Misbehaviour kind);

typedef struct {
    Random random;
    Misbehaviour kind;
    double until_s; // of the sensor's own time; INFINITY for ever
    double now_s;
    double rr_debt_ms; // strap: time since the last beat that was reported
    uint32_t total_dm; // pod
    double last_distance_m;
    double smoothed_mps; // pod: its own boxcar
    double scale;        // pod: how wrong it is, 1 exact
} WornSensor;

void worn_init(WornSensor *sensor, uint64_t seed, double scale);
void worn_misbehave(WornSensor *sensor, Misbehaviour kind, double seconds);

// One second has passed; writes the notification for it. Returns its length, 0 for no packet.
size_t worn_strap_packet(WornSensor *strap, const Runner *runner, uint8_t *ret_bytes,
                         size_t size); // 0x2A37
size_t worn_pod_packet(WornSensor *pod, const Runner *runner, uint8_t *ret_bytes,
                       size_t size); // 0x2A53
bool worn_linked(const WornSensor *sensor);
