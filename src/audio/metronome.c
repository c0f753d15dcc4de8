// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// See metronome.h. A click is so short that its loudness is decided once, where it begins.

#include "audio/metronome.h"

#include "audio/mix.h"

#define IN_S       2.0 // turnover follows a beat that grows, and is startled by one that begins
#define OUT_S      2.0
#define FIRST      0.1 // of its loudness: the first one is heard, too
#define UNDER      0.35
#define UNDER_S    0.08
#define CLICK_S    0.012
#define CLICK_HZ   1600
#define CLICK_FALL 350 // by e in a second
#define LOUDNESS   0.35

static MetronomeRamp ramp_to(double from, double to, int64_t at, double over_s, int rate)
{
    return (MetronomeRamp){from, to, at, (int64_t)(over_s * rate)};
}

static double ramp_level(const MetronomeRamp *ramp, int64_t at)
{
    if (at >= ramp->at + ramp->over)
        return ramp->to;
    if (at <= ramp->at)
        return ramp->from;
    return ramp->from + (ramp->to - ramp->from) * (double)(at - ramp->at) / (double)ramp->over;
}

static int64_t click_at(const Metronome *metronome, int64_t number)
{
    return metronome->epoch + llround((double)number * 60 * metronome->rate / metronome->clicks);
}

// The last one that begins at or before `at`.
static int64_t click_before(const Metronome *metronome, int64_t at)
{
    int64_t number =
        (int64_t)floor((double)(at - metronome->epoch) * metronome->clicks / 60 / metronome->rate);
    while (click_at(metronome, number + 1) <= at)
        number++;
    while (click_at(metronome, number) > at)
        number--;
    return number;
}

Metronome metronome_new(int rate)
{
    return (Metronome){.rate = rate, .clicks = METRONOME_LEAST, .under = {.from = 1, .to = 1}};
}

void metronome_set(Metronome *metronome, double clicks, int64_t at)
{
    const double level = ramp_level(&metronome->heard, at);
    if (!(clicks > 0)) {
        metronome->heard = ramp_to(level, 0, at, OUT_S * level, metronome->rate);
        return;
    }
    clicks = fmin(fmax(clicks, METRONOME_LEAST), METRONOME_MOST);
    if (level > 0)
        metronome->epoch = click_at(metronome, click_before(metronome, at));
    else
        metronome->epoch = at;
    metronome->clicks = clicks;
    metronome->heard = ramp_to(fmax(level, FIRST), 1, at, IN_S * (1 - level), metronome->rate);
}

void metronome_duck(Metronome *metronome, bool ducked, int64_t at)
{
    metronome->under = ramp_to(ramp_level(&metronome->under, at), ducked ? UNDER : 1, at, UNDER_S,
                               metronome->rate);
}

bool metronome_is_silent(const Metronome *metronome, int64_t at)
{
    return metronome->heard.to <= 0 && at >= metronome->heard.at + metronome->heard.over;
}

void metronome_mix(const Metronome *metronome, double gain, int64_t from, int16_t *samples,
                   size_t count)
{
    const int64_t length = (int64_t)(CLICK_S * metronome->rate), until = from + (int64_t)count;
    if (metronome_is_silent(metronome, from - length))
        return;
    const int64_t first = click_before(metronome, from - length);
    for (int64_t number = first > 0 ? first : 0; click_at(metronome, number) < until; number++) {
        const int64_t begin = click_at(metronome, number);
        const double level = gain * LOUDNESS * ramp_level(&metronome->heard, begin) *
                             ramp_level(&metronome->under, begin);
        for (int64_t at = begin > from ? begin : from; at < until && at < begin + length; at++) {
            const double seconds = (double)(at - begin) / metronome->rate;
            mix_add(&samples[at - from], level * cos(2 * M_PI * CLICK_HZ * seconds) *
                                             exp(-CLICK_FALL * seconds) * (1 - seconds / CLICK_S));
        }
    }
}
