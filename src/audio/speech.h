// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Text to PCM. One worker thread owns eSpeak NG for the life of the process and serves every
// Speech; results arrive on the default main context, in order. PCM is 16-bit mono at SPEECH_RATE.

#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

#include "audio/synth.h"

#define SPEECH_TEXT_MAX 300 // characters; the rest of a longer text is not spoken

typedef struct Speech Speech;

typedef struct {
    // The engine and the voice are loaded, or cannot be: then nothing will be spoken. Comes before
    // anything else, and may come again. `reason` is what to tell the user, also when another voice
    // than the wanted one speaks; may be empty.
    void (*loaded)(bool available, const char *reason, gpointer data);
    void (*pcm)(uint32_t ticket, GBytes *pcm, gpointer data);
    void (*finished)(uint32_t ticket, gpointer data); // not after speech_cancel()
} SpeechHandlers;

// `language` as BCP 47 or a locale name; `variant` as "+f2", or "".
Speech *speech_new(const char *language, const char *variant, int words_a_minute,
                   const SpeechHandlers *handlers, gpointer data);
void speech_free(Speech *speech); // no handler is called any more; takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Speech, speech_free)

// Returns a ticket, never 0. An urgent text goes before all that waits. Any text is safe: see
// speech_clean().
uint32_t speech_request(Speech *speech, const char *text, bool urgent);
void speech_cancel(Speech *speech, uint32_t ticket); // takes 0 and finished tickets

// What is spoken of a text from outside: valid UTF-8, control characters and ends of lines as
// spaces, without what turns the direction of writing, no more than SPEECH_TEXT_MAX characters.
// Transfers ownership.
char *speech_clean(const char *text);
