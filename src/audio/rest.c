// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The end of a word is where the next one begins. There the sound is seldom silent, so it fades in
// either case.

#include "audio/rest.h"

#include <string.h>

#define FADE (SPEECH_RATE / 100)

bool rest_can_wait(const Cue *cue)
{
    return cue->kind != CUE_COUNTDOWN;
}

static int64_t rest_length(const int16_t *samples, int64_t left, int64_t most)
{
    for (int64_t i = FADE; i < MIN(left, most); i++)
        if (samples[i] & SYNTH_WORD)
            return i;
    return MIN(left, FADE);
}

int64_t rest_of_words(const int16_t *samples, int64_t left, int64_t most, int16_t *ret_rest)
{
    const int64_t count = rest_length(samples, left, MIN(most, REST_MOST));
    memcpy(ret_rest, samples, (size_t)count * sizeof *samples);
    for (int64_t i = 1; i <= MIN(count, FADE); i++)
        ret_rest[count - i] = (int16_t)(ret_rest[count - i] * i / FADE);
    return count;
}
