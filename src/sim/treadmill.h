// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A virtual treadmill under the virtual runner: its belt does what the runner aims at, as motors
// do, and it tells of it as the many kinds of treadmills there are, good and odd ones. Its control
// point answers, and moves nothing that the runner has not asked for.

#pragma once

#include "sim/wear.h"

// How it tells. Zeroed: a good one of today, whose record fits into one notification.
typedef struct {
    bool split;             // its records take two notifications
    bool byte_pace;         // tells paces too, in a byte, by the edition of 2017
    bool miles;             // its speed is in miles an hour and said to be in kilometres
    bool runs_on;           // keeps its speed when the runner steps off
    bool grips;             // tells the heart rate
    double incline_percent; // 0 at the start
} TreadmillTraits;

typedef struct {
    TreadmillTraits traits;
    double belt_mps;
    double distance_m, climbed_m, descended_m, elapsed_s, energy_kcal;
    bool told_running; // by its status
    bool controlled;   // by a client
} Treadmill;

typedef struct {
    uint16_t characteristic;
    uint8_t bytes[20];
    size_t length; // 0: it was lost on its way
} TreadmillPacket;

#define TREADMILL_PACKETS_MAX 4

void treadmill_init(Treadmill *treadmill);

// A period of `worn` has passed (which says how it misbehaves). Returns how many packets come of
// it: of 0x2ACD, and, when the belt was started or stopped, of 0x2ADA and 0x2AD3.
size_t treadmill_packets(Treadmill *treadmill, WornSensor *worn, const Runner *runner,
                         TreadmillPacket ret_packets[TREADMILL_PACKETS_MAX]);

// Training Status, 0x2AD3, as a read gives it. Returns its length.
size_t treadmill_training(const Treadmill *treadmill, uint8_t *ret_bytes, size_t size);

// A request to 0x2AD9; returns the length of the answer. Control is given to who asks for it;
// everything that would move the belt fails, for the runner is on it.
size_t treadmill_request(Treadmill *treadmill, const uint8_t *bytes, size_t length,
                         uint8_t *ret_bytes, size_t size);
