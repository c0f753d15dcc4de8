// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Virtual sensors on the virtual runner: a strap and a pod that turn the runner's state into the
// bytes real ones send, through the same codecs the daemon decodes with, and that misbehave on
// request.
//
// The pod is a good one of today: it shows the mean of the last 3 packets, with noise of 0.05 m/s,
// wrong by a constant factor; cadence in steps a minute, stride from a foot to the same foot, and a
// total that it has counted for years. The strap sends the beats since its last packet, with the
// variability a heart has left at that rate, and every tenth time the energy expended.

#pragma once

#include "sim/runner.h"

#define WORN_BOXCAR_S 3

typedef enum {
    MISBEHAVE_NONE,
    MISBEHAVE_DROP_OUT,     // no packets, link gone
    MISBEHAVE_FREEZE,       // link up, no packets
    MISBEHAVE_RECONNECT,    // link goes and comes back at once: gone for one packet
    MISBEHAVE_HALF_CADENCE, // counts one leg (a strap is not impressed)
    MISBEHAVE_SPIKES,       // now and then an impossible value
    MISBEHAVE_TRUNCATE,     // cuts packets short
    MISBEHAVE_WRAP,         // its distance counter is about to wrap (a strap has none)
    MISBEHAVE_ZERO,         // a strap that says 0, without contact; a pod that sees no step
} Misbehaviour;

// "none", "drop-out", "freeze", "reconnect", "half-cadence", "spikes", "truncate", "wrap", "zero"
bool misbehaviour_from_name(const char *name, Misbehaviour *ret_kind);
const char *misbehaviour_name(Misbehaviour kind);

typedef struct {
    Random random;
    double period_s; // between two packets
    Misbehaviour kind;
    double until_s; // of the sensor's own time; INFINITY for ever
    double now_s;
    // Strap.
    double energy_kj;     // expended since it was put on, or since it was last told to forget
    int energy_in;        // packets until it is sent again; 0: with the next one
    double since_beat_ms; // time since the last beat
    double beat_ms;       // how long the present one takes; 0 before the first
    // Pod.
    double last_distance_m; // the runner's, at the last packet; NAN before the first
    double scale;           // how wrong it is, 1 exact
    double window_mps[WORN_BOXCAR_S];
    double counting_dm; // the part of a decimetre that is not in the total yet
    uint32_t total_dm;
} WornSensor;

// It sends once a second; period_s may be changed at any time.
void worn_init(WornSensor *sensor, uint64_t seed, double scale);

// From now on, for so long (INFINITY: for ever); another misbehaviour takes its place.
void worn_misbehave(WornSensor *sensor, Misbehaviour kind, double seconds);

// A strap counts energy from 0 again, and says so with the next packet.
void worn_reset_energy(WornSensor *strap);

// A pod counts on from this total.
void worn_set_distance(WornSensor *pod, uint32_t total_dm);

// A period has passed; writes the notification for it. Returns its length, 0 for no packet. Call
// it every period whether or not anybody listens: hearts beat and pods count all the same.
size_t worn_strap_packet(WornSensor *strap, const Runner *runner, uint8_t *ret_bytes,
                         size_t size); // 0x2A37
size_t worn_pod_packet(WornSensor *pod, const Runner *runner, uint8_t *ret_bytes,
                       size_t size); // 0x2A53
bool worn_linked(const WornSensor *sensor);

// The power that a pod works out, by the cycling power service: alone, as such pods send it. No
// time passes: it belongs to worn_pod_packet() of the same period.
size_t worn_power_packet(WornSensor *pod, const Runner *runner, uint8_t *ret_bytes,
                         size_t size); // 0x2A63
