// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One of each kind of cue in a language, as long as they get in an ordinary run, and how long they
// may be: for whoever writes or checks the words of a language. The coach does not need it.

#pragma once

#include "coach/phrases.h"
#include "workout/plan.h"

#define SAMPLES_MAX 96

typedef struct {
    const char *name;    // "announcement", "correction-push", …; static
    double most_s;       // longer than this it is late, or in the way of what comes next
    unsigned most_words; // 0: any number
    Words text;          // as the voice is given it
} Sample;

// `scratch` is used and left undefined. Returns how many.
size_t samples_make(const Phrases *phrases, Plan *scratch, Sample ret_samples[SAMPLES_MAX]);
