// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The judge. What was hard is to cost little: the changes are kept in order as they come and go, so
// that a quartile is a look into an array.

#include "estimate/beats.h"

#include <string.h>

#define CHANGES_ENOUGH 30
#define DEVIATIONS     8.0  // quartile deviations
#define SHARE_MIN      0.05 // of the median
#define SHARE_MAX      0.40
#define SHARE_BLIND    0.20 // when too few changes are known
#define HALVES_MAX     0.20 // how far two halves may be from a whole, of the median
#define PAUSE_MAX      0.10 // and an early beat with its pause from two

// Where `value` stands, or is to stand, in order.
static size_t place(const BeatJudge *judge, float value)
{
    size_t low = 0, high = judge->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (judge->sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void learn(BeatJudge *judge, float change)
{
    float *sorted = judge->sorted;
    if (judge->count == BEATS_CHANGES) {
        const size_t oldest = place(judge, judge->order[judge->next]);
        judge->count--;
        memmove(sorted + oldest, sorted + oldest + 1, (judge->count - oldest) * sizeof *sorted);
    }
    const size_t here = place(judge, change);
    memmove(sorted + here + 1, sorted + here, (judge->count - here) * sizeof *sorted);
    sorted[here] = change;
    judge->count++;
    judge->order[judge->next] = change;
    judge->next = (uint8_t)((judge->next + 1) % BEATS_CHANGES);
}

static double quartile_deviation(const BeatJudge *judge)
{
    const size_t last = judge->count - 1u;
    return ((double)judge->sorted[last * 3 / 4] - judge->sorted[last / 4]) / 2;
}

static double median_around(const Beat *beats, size_t count, size_t beat)
{
    size_t from = beat, to = beat + 1;
    while (from > 0 && beat - from < BEATS_AROUND && beats[from].gap_ds == 0)
        from--;
    while (to < count && to - beat <= BEATS_AROUND && beats[to].gap_ds == 0)
        to++;
    float sorted[2 * BEATS_AROUND + 1];
    size_t found = 0;
    for (; from < to; from++) {
        const float ms = beats[from].ms;
        size_t j = found++;
        for (; j > 0 && sorted[j - 1] > ms; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = ms;
    }
    return ((double)sorted[(found - 1) / 2] + sorted[found / 2]) / 2;
}

static double tolerance(const BeatJudge *judge, double median)
{
    if (judge->count < CHANGES_ENOUGH)
        return SHARE_BLIND * median;
    return fmin(SHARE_MAX * median,
                fmax(SHARE_MIN * median, DEVIATIONS * quartile_deviation(judge)));
}

// A beat that is too early condemns the one it belongs to: the other half of a beat counted twice,
// on either side, or the pause behind it.
static void condemn_partner(Beat *beats, size_t count, size_t beat, double median, double allowed)
{
    const double ms = beats[beat].ms;
    const double halves = fmin(allowed, HALVES_MAX * median),
                 pause = fmin(allowed, PAUSE_MAX * median);
    if (beat > 0 && beats[beat].gap_ds == 0 && beats[beat - 1].ms < median &&
        fabs(ms + beats[beat - 1].ms - median) < halves)
        beats[beat - 1].artefact = true;
    if (beat + 1 == count || beats[beat + 1].gap_ds > 0)
        return;
    Beat *next = &beats[beat + 1];
    if (next->ms < median
            ? fabs(ms + next->ms - median) < halves
            : fabs(ms + next->ms - 2 * median) < pause && next->ms - median > allowed / 2)
        next->artefact = true;
}

static void judge_one(const BeatJudge *judge, Beat *beats, size_t count, size_t beat)
{
    const double median = median_around(beats, count, beat), allowed = tolerance(judge, median);
    const double off = beats[beat].ms - median;
    if (fabs(off) > allowed) {
        beats[beat].artefact = true;
        if (off < 0)
            condemn_partner(beats, count, beat, median, allowed);
        return;
    }
    if (off < -allowed / 2 && beat + 1 < count && beats[beat + 1].gap_ds == 0) {
        const double next = beats[beat + 1].ms - median;
        if (next > allowed / 2 && fabs(off + next) < allowed / 2)
            beats[beat].artefact = beats[beat + 1].artefact = true;
    }
}

// Whether all that can be known about a beat's neighbours is known.
static bool ripe(const Beat *beats, size_t count, size_t beat)
{
    if (beat + BEATS_AROUND < count)
        return true;
    for (size_t next = beat + 1; next < count; next++)
        if (beats[next].gap_ds > 0)
            return true;
    return false;
}

void beats_judge(BeatJudge *judge, Beat *beats, size_t count, bool whole)
{
    for (;;) {
        const size_t beat = judge->judged;
        const size_t until = beat + BEATS_AROUND + 1;
        for (; judge->seen < count && (judge->seen < until || judge->count < CHANGES_ENOUGH);
             judge->seen++)
            if (judge->seen > 0 && beats[judge->seen].gap_ds == 0)
                learn(judge, beats[judge->seen].ms - beats[judge->seen - 1].ms);
        if (beat >= count ||
            (!whole && (judge->count < CHANGES_ENOUGH || !ripe(beats, count, beat))))
            return;
        judge_one(judge, beats, count, beat);
        judge->judged++;
    }
}

size_t beats_settled(const BeatJudge *judge)
{
    return judge->judged > 0 ? judge->judged - 1 : 0;
}

void beats_drop(BeatJudge *judge, size_t count)
{
    judge->seen -= count;
    judge->judged -= count;
}
