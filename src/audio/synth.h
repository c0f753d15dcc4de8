// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// eSpeak NG, synchronously. One thread owns it for the life of the process. Sound is 16-bit mono at
// SPEECH_RATE.

#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SPEECH_RATE 22050

// Of each sample the lowest bit, which nobody hears, says whether a word begins there: so words and
// sound are never parted.
#define SYNTH_WORD 1

#define SYNTH_MISSING                                                                              \
    "eSpeak NG cannot start: its data are missing or damaged; install espeak-ng-data"

bool synth_start(void); // once; false: its data are missing or damaged

// `language` as BCP 47 or a locale name; `variant` as "+f2", or "". False when nothing can be
// spoken; `reason` is then why, and else what was not to be had; it may stay empty.
bool synth_set_voice(const char *language, const char *variant, int words_a_minute,
                     GString *reason);

// Called with each piece of a text, also with none of 0 samples; false ends the text.
typedef bool (*SynthPcm)(const int16_t *samples, size_t count, gpointer data);

// The text must be clean: see speech_clean().
void synth_speak(const char *text, SynthPcm pcm, gpointer data);
