// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is still heard of words that are hushed: to the end of the one that is being spoken where
// that is within a quarter of a second, or else ten milliseconds, in which they fade. A voice that
// breaks off in a word sounds like a fault and hides what comes behind it, so that even a warning
// is understood sooner when it waits so long. Only the countdown does not, whose words are each of
// an instant; nor do tones, which have a stream of their own.

#pragma once

#include "audio/synth.h"
#include "coach/cue.h"

#define REST_MOST (SPEECH_RATE / 4) // samples: the longest wait for a word's end

// Whether this cue lets the one before it come to the end of its word.
bool rest_can_wait(const Cue *cue);

// Of the samples that are left, the rest to be heard; an end of a word after `most` of them is too
// late. Returns how many: REST_MOST at most.
int64_t rest_of_words(const int16_t *samples, int64_t left, int64_t most, int16_t *ret_rest);
