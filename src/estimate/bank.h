// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A pod says the mean of its last few seconds and does not say of how many, nor how noisy it is.
// Here are several tracks side by side, each with one answer to the first question and its own
// estimate of the second; how well each foretells the packets is its weight, and what is given out
// is their weighted mean. It is also decided here whether a packet is a spike or a change.
//
// Plain data, no allocation. Times are seconds, as in track.h.

#pragma once

#include "estimate/track.h"

#define BANK_SIZE 5

typedef struct {
    struct {
        Track track;
        double averaging;    // s that a packet is the mean of
        double noise;        // of a packet, m²/s²
        double weight;       // all together 1
        double refused_sign; // of the latest refused residual; 0 when the latest was taken
        int refused;         // in a row, of that sign
        double way;          // of the track, as far as it is in the bank's
    } members[BANK_SIZE];
    double at;        // the newest packet
    TrackGlance mean; // of all members, by their weights; the way by those of its time
    struct {
        double announced; // for when
        double at;        // when the aim changes by that; INFINITY when no change is due
        double speed;     // to what; NAN: not known
    } change;
    double held[2]; // the paces that were held before the two latest expected changes; NAN before
} Bank;

// Nothing is known of the pod but its first packet.
void bank_init(Bank *bank, double at, double speed);

// The runner goes at `speed`, whatever was; what is known of the pod stays, and the way.
void bank_restart(Bank *bank, double at, double speed);

// The next packet may be far from what was foretold: nothing was heard for a while.
void bank_loosen(Bank *bank);

// About `at`, now or in a few seconds, the runner will go for another pace; for which, if that is
// known, else NAN. Repetitions and recoveries alternate, so that what is not told is taken from the
// change before the last.
void bank_expect(Bank *bank, double at, double speed);

// Who stood sets off with the next packet: for the pace that was expected, if that was lately.
void bank_set_off(Bank *bank);

// A packet. False when it is taken for a spike.
bool bank_measure(Bank *bank, double at, double speed);

// A speed from elsewhere, now, known to `deviation`: what is known of the pod stays. False when it
// was too far from what was foretold to be used.
bool bank_stand_in(Bank *bank, double at, double speed, double deviation);

// As seen from the newest packet, `seconds` later.
TrackView bank_look(const Bank *bank, double seconds);

// All lengths and speeds times `ratio`.
void bank_scale(Bank *bank, double ratio);
