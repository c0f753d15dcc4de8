// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What the audio tests share: a voice with a record of what it reported, a private audio server,
// and an ear at its monitor. Everything waits for events on the main loop.

#pragma once

#include <gio/gio.h>

#include "audio/voice.h"

#define EAR_RATE 48000

// A directory of this test's own, which HOME, XDG_RUNTIME_DIR and PULSE_SERVER point into; removed
// by home_remove().
char *home_new(void);
void home_remove(char *home);

// Runs the main loop until `true_now` holds; false when it does not within `seconds`.
bool until(bool (*true_now)(gpointer data), gpointer data, double seconds);

// PulseAudio, or PipeWire where PACED_AUDIO_SERVER says so. Answers when this returns.
GPid server_start(const char *home, bool with_sink);
bool server_is_pipewire(void);
bool server_is_installed(void);
void server_signal(GPid server, int signal);
void server_end(GPid server, int signal);

typedef struct Ear Ear;
Ear *ear_new(void); // hears when this returns
void ear_free(Ear *ear);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ear, ear_free)
void ear_forget(Ear *ear);
int64_t ear_now(Ear *ear);        // samples so far
int64_t ear_first_loud(Ear *ear); // since ear_forget(); -1 when all was silent
int64_t ear_last_loud(Ear *ear);
double ear_rms(Ear *ear); // between the two, of full scale
bool ear_listen(Ear *ear, double seconds);
const int16_t *ear_heard(Ear *ear, int64_t *ret_first, size_t *ret_count); // since ear_forget()

// Where a sound begins after 60 ms of quiet, since ear_forget(). Returns how many.
size_t ear_onsets(Ear *ear, int64_t *ret_at, size_t most);

// When a sample is played, by how the sink takes them: to a few ms.
Usec ear_time(Ear *ear, int64_t sample);

typedef struct {
    Voice *voice;
    GString *log; // "started 1\ndone 1\n"
    int started, done, changes;
    uint32_t last_done;
    Usec started_at, done_at;
    Usec latency; // -1: none was reported
} Speaker;

Speaker *speaker_new(const char *language, const char *const *outputs); // NULL-terminated
void speaker_free(Speaker *speaker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Speaker, speaker_free)
void speaker_say(Speaker *speaker, uint32_t id, const char *text, Usec expires_in);
bool speaker_wait_done(Speaker *speaker, int count, double seconds);
bool speaker_wait_started(Speaker *speaker, int count, double seconds);
bool speaker_wait_state(Speaker *speaker, VoiceState state, double seconds);
