// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One to three notes each. What was hard: telling them apart through breath, traffic and one cheap
// earphone. So the notes lie between 390 and 1760 Hz, where small speakers and ears are good, have
// two overtones (a bare sine hides behind noise), and a meaning is a direction: up is faster or
// begin, down is slower or over, the same twice is no change.

#include "audio/tones.h"

#include "audio/mix.h"

#define NOTES_MAX 3
#define RAMP_S    0.005 // or it would click
#define LOUDNESS  0.3   // of full scale, before the overtones

typedef struct {
    uint16_t hz; // 0: a rest
    uint16_t ms; // 0: no more notes
} Note;

static const Note notes_of[TONE_COUNT_OF][NOTES_MAX] = {
    [TONE_NONE] = {{0, 0}},
    [TONE_COUNT] = {{880, 90}},
    [TONE_GO] = {{1320, 350}},
    [TONE_REST] = {{880, 130}, {587, 260}},
    [TONE_FASTER] = {{784, 90}, {0, 20}, {1175, 150}},
    [TONE_SLOWER] = {{1175, 90}, {0, 20}, {784, 150}},
    [TONE_STEADY] = {{988, 80}, {0, 50}, {988, 80}},
    [TONE_NOTICE] = {{1047, 70}, {1319, 70}, {1568, 140}},
    [TONE_YES] = {{1568, 70}},
    [TONE_NO] = {{392, 80}, {0, 50}, {392, 150}},
    [TONE_AHEAD] = {{1760, 40}},
    [TONE_LEVEL] = {{1320, 40}},
    [TONE_BEHIND] = {{988, 40}},
};

static int64_t note_length(const Note *note, int rate)
{
    return (int64_t)note->ms * rate / 1000;
}

int64_t tone_length(Tone tone, int rate)
{
    int64_t length = 0;
    for (size_t i = 0; i < NOTES_MAX; i++)
        length += note_length(&notes_of[tone][i], rate);
    return length;
}

static double note_level(const Note *note, int rate, int64_t at, int64_t length)
{
    const double phase = 2 * M_PI * note->hz * (double)at / rate;
    const double edge = (double)(at < length - at ? at : length - at) / (RAMP_S * rate);
    return LOUDNESS * fmin(edge, 1) * (sin(phase) + 0.3 * sin(2 * phase) + 0.15 * sin(3 * phase));
}

void tone_mix(Tone tone, int rate, double gain, int64_t at, int64_t from, int16_t *samples,
              size_t count)
{
    for (size_t i = 0; i < NOTES_MAX; i++) {
        const Note *note = &notes_of[tone][i];
        const int64_t length = note_length(note, rate), until = from + (int64_t)count;
        for (int64_t at_sample = at > from ? at : from;
             note->hz && at_sample < until && at_sample < at + length; at_sample++)
            mix_add(&samples[at_sample - from],
                    gain * note_level(note, rate, at_sample - at, length));
        at += length;
    }
}
