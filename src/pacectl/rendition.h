// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A session's sound in a WAV file, in virtual time: the words as eSpeak NG says them, tones and the
// metronome where they are due. No thread, no audio server; 22050 Hz mono.

#pragma once

#include <gio/gio.h>

#include "session/event.h"

typedef struct Rendition Rendition;

// `language` is the words', `variant` the voice's, as config.h has it. NULL: the file cannot be
// written, or nothing can be spoken.
Rendition *rendition_new(const char *path, const char *language, const char *variant,
                         int words_a_minute, GError **error);
// What is heard of an effect, `t_s` after the start; effects come in order.
void rendition_take(Rendition *rendition, double t_s, const Effect *effect);
// Closes the file. NULL, or what was amiss with it.
char *rendition_end(Rendition *rendition);
