// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The voice: cues in, sound out, and reports of what became of each. eSpeak NG runs in one worker
// thread of its own for the life of the process (a second initialisation deadlocks); PCM goes to
// any number of outputs at once. Losing the server never stops anything: cues expire, the state
// says so, it heals by itself.

#pragma once

#include <gio/gio.h>

#include "coach/cue.h"
#include "session/event.h"

typedef struct Voice Voice;

typedef enum {
    VOICE_READY,
    VOICE_CONNECTING, // not yet, or again
    VOICE_NO_SERVER,  // no audio server answers; trying again
    VOICE_NO_SINK,    // a server, but nothing to play on (or only its dummy output)
    VOICE_NO_SPEECH,  // eSpeak NG or its data are missing, or it hangs
    VOICE_SILENT,     // no audible output was asked for (print, wav)
} VoiceState;

typedef struct {
    const char *language; // BCP 47; "en-us"
    const char *variant;  // "+f2", "" for none
    int words_a_minute;
    GStrv outputs; // each "pulse" or "spd", "wav:FILE", "print"; at least one
} VoiceConfig;

// How it is heard where there is an audio server.
typedef struct {
    const char *device; // the server's name of a sink; "" for its default
    int volume;         // of speech, 0 … 100 %, as desktops count: 50 is about half as loud
    int clicks;         // of tones and the metronome, likewise
    bool duck;          // others' sound steps back under speech
} VoiceSound;

#define VOICE_SOUND_DEFAULT ((VoiceSound){"", 100, 100, true})

typedef struct {
    // A cue's fate and the output's latency (from VOICE_STARTED until it is heard), as session
    // events without `at`. Both from the main loop only, never from within a call below, so they
    // may say and hush; they must not free the voice.
    void (*report)(VoiceReportKind kind, uint32_t cue, Usec latency, gpointer data);
    void (*changed)(gpointer data); // the state changed
} VoiceHandlers;

// Fails only for a wrong configuration (unknown output, unwritable WAV file).
Voice *voice_new(const VoiceConfig *config, const VoiceHandlers *handlers, gpointer data,
                 GError **error);
void voice_free(Voice *voice); // no handler is called any more; takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Voice, voice_free)

// From now on; at first it is the default. A cue that is being spoken may be lost with the device.
void voice_set_sound(Voice *voice, const VoiceSound *sound);
const VoiceSound *voice_sound(const Voice *voice); // valid until it is set again

// Gives others' volumes back that a voice which is no more has turned down. Returns false when no
// audio server answered.
bool voice_restore_volumes(void);

// Makes words ready, up to six seconds of them, so that their first sample needs no synthesis: the
// countdown, and what comes next. They are kept while there is room.
void voice_prepare(Voice *voice, const char *text);

// Speaks at once, in place of what is being spoken; which is let end with its word where that takes
// a quarter of a second at most, for all but a countdown (see rest.h). While the audio server is
// being connected a cue waits as long as it is worth anything. Every cue gets exactly one
// VOICE_DONE, also when it expires, is hushed or cannot be heard, or eSpeak NG hangs in it. With no
// audible output STARTED comes at once and DONE after the time the words take.
void voice_say(Voice *voice, const Cue *cue);
void voice_hush(Voice *voice,
                uint32_t cue); // 0: whatever is being spoken; also a tone not heard yet

// Sounds a tone so that it is heard at cue->due, together with whatever is being spoken: up to
// 100 ms late where it was told too late, and not at all when that cannot be done. A lead of 250 ms
// beyond the output's latency is enough. Nothing is reported of it.
void voice_tone(Voice *voice, const Cue *cue);

// So many clicks a minute from now on, evenly; 0 for none. They fade in and out, and are quieter
// under speech.
void voice_metronome(Voice *voice, double clicks);

// Keeps the output from falling asleep while a workout runs: what wakes it loses its beginning.
void voice_awake(Voice *voice, bool awake);

VoiceState voice_state(Voice *voice);
const char *voice_state_name(VoiceState state); // "ready", "no-server", …
const char *voice_reason(Voice *voice);         // a sentence with the remedy; "" when all is well
