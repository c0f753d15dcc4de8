// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A metronome as a function of the sample's position: no state moves while it is rendered, so what
// was queued too far ahead can be rendered anew after a change. Positions are samples; sound is
// 16-bit mono.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define METRONOME_LEAST 20.0 // clicks a minute
#define METRONOME_MOST  400.0

typedef struct {
    double from, to; // levels
    int64_t at, over;
} MetronomeRamp;

typedef struct {
    int rate;
    double clicks;       // a minute
    int64_t epoch;       // where a click begins; the n-th after it is at n * 60 * rate / clicks,
                         // rounded by itself: nothing adds up
    MetronomeRamp heard; // in and out
    MetronomeRamp under; // speech
} Metronome;

Metronome metronome_new(int rate);

// From `at` on. A silent one begins with a click there; another tempo begins with the click before
// it, so that no beat is torn. 0 fades it out. Others are held to the limits above.
void metronome_set(Metronome *metronome, double clicks, int64_t at);

// Quieter from `at` on, while somebody speaks, or no longer.
void metronome_duck(Metronome *metronome, bool ducked, int64_t at);

bool metronome_is_silent(const Metronome *metronome, int64_t at); // from there on

// Adds what is heard to `count` samples that begin at `from`.
void metronome_mix(const Metronome *metronome, double gain, int64_t from, int16_t *samples,
                   size_t count);
