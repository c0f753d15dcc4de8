// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Intervals between heart beats (RR), and which of them are none. A strap misses beats, counts one
// twice, and a heart sometimes beats too early; one such interval among three hundred makes the
// variability several times what it is.
//
// A beat is an artefact when it is further from the median of the eleven around it than the
// runner's own beats usually change: 8 quartile deviations of the last 91 changes, at least 5 % and
// at most 40 % of the median. The quartiles are the idea of Lipponen and Tarvainen (2019), whose
// own rule finds fewer of the artefacts of a running heart, which changes by few milliseconds, and
// sees some where there are none; the usual ±20 % of the median calls a resting heart's breathing
// artefacts and misses early beats of a fast one. Two that belong together are both none: the
// halves of one interval, and an early beat with the pause after it, which is looked for at half
// that distance already.

#pragma once

#include "base/units.h"

#define BEAT_MS_MIN 250.0f // outside, no interval of a runner's heart
#define BEAT_MS_MAX 2000.0f

typedef struct {
    float ms;
    uint16_t gap_ds; // 0.1 s that were lost before it, saturating; 0: it follows the one before
    bool artefact;   // may be set from the beginning, and is then never taken back
} Beat;

#define BEATS_AROUND  5 // on either side that its neighbours are looked for
#define BEATS_CHANGES 91

// What it knows of the series so far.
typedef struct {
    size_t seen;   // beats whose change it knows
    size_t judged; // beats it has judged
    uint8_t count, next;
    float order[BEATS_CHANGES], sorted[BEATS_CHANGES]; // ms, the newest changes
} BeatJudge;

// Judges the beats that it has not: those with five more behind them, or a gap, and all when there
// will be no more (`whole`). It begins once it has 30 changes to go by, and does with ±20 % of the
// median when it never gets them. A later beat may still condemn the newest judged one: up to
// beats_settled() all is said.
void beats_judge(BeatJudge *judge, Beat *beats, size_t count, bool whole);
size_t beats_settled(const BeatJudge *judge);

// The first `count` beats are taken out of the series.
void beats_drop(BeatJudge *judge, size_t count);
