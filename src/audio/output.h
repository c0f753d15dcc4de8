// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The seam below the voice: where PCM goes. One cue at a time: begin, write …, end; or stop at any
// moment. Tones and the metronome go beside it. All on the main thread. PCM is 16-bit mono at
// SPEECH_RATE, words marked as SYNTH_WORD says; a cue is given as fast as it is synthesised, far
// ahead of its sounding.

#pragma once

#include "audio/speech.h"
#include "audio/voice.h"

typedef struct Output Output;

typedef struct {
    // `since_first`: the time since the first cue of this voice. Returns whether the cue will be
    // heard here, and so whether `started` and then `done` or `lost` will be called for it. An
    // output that has said no ignores the rest of the cue.
    bool (*begin)(Output *output, const Cue *cue, Usec since_first);
    void (*write)(Output *output, GBytes *pcm);
    void (*end)(Output *output);                    // all of the cue has been written
    void (*stop)(Output *output, Usec since_first); // the cue ends here; none of the calls below
    void (*tone)(Output *output, const Cue *cue, Usec since_first); // of the instant it is due
    void (*take_back)(Output *output, uint32_t tone);               // that is not heard yet
    void (*metronome)(Output *output, double clicks, Usec since_first);
    void (*awake)(Output *output, bool awake);
    void (*sound)(Output *output, const VoiceSound *sound);
    void (*free)(Output *output);
} OutputOps; // of these NULL: tone … sound, where there is nothing to do

struct Output {
    const OutputOps *ops;
    bool speaks;      // it makes sound of the cue's words itself, and none of PCM
    VoiceState state; // VOICE_SILENT for what is not heard
    char *reason;     // what is wrong, with the remedy; never NULL
};

// What an audible output calls.
typedef struct {
    void (*started)(gpointer data); // may come from within write or end
    void (*done)(gpointer data);    // the last sample has been heard
    void (*lost)(gpointer data);    // it will not be heard, or no longer
    void (*latency)(Usec latency, gpointer data);
    void (*changed)(gpointer data); // state or reason; may come from within any call
} OutputHandlers;

Output *pulse_new(const OutputHandlers *handlers, gpointer data);
Output *spd_new(const VoiceConfig *config, const OutputHandlers *handlers, gpointer data);
Output *wav_new(const char *path, GError **error);
Output *print_new(void);
