// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Settings: paced.conf as shipped, overridden setting by setting by the user's own in
// $XDG_CONFIG_HOME/paced/paced.conf, and the phrases and the sensors' quirks the same way. A broken
// file costs its own settings and a warning that names file, key and reason; never the start.

#pragma once

#include <glib.h>

#include "io/buttons.h"
#include "io/quirks.h"
#include "session/session.h"

typedef struct {
    char *directory;     // where the shipped files are (the workouts are there, too)
    char *runner;        // [runner] name; "me"; fit for a D-Bus path
    char *language;      // the voice's: [voice] language ("en-us") if there are phrases in it, else
                         // English, for whatever it was set to, the words are English then
    char *voice;         // [voice] variant appended to the language, e.g. "+f2"; may be empty
    int words_a_minute;  // [voice] rate; 80 … 450
    char *device;        // [voice] device; "": the audio server's default one
    int volume, clicks;  // [voice] volume, clicks: 100; 0 … 100 %
    gboolean duck;       // [voice] duck: yes; whether others' sound steps back under speech
    double track_m;      // [run] track, m: a lap of where laps are pressed; 0: none
    guint keep_days;     // [history] keep; runs that are older are deleted; 0: none
    Usec resume_within;  // [run] resume, 15 min: 0 … 24 h; 0: never by itself
    gboolean adapt;      // [coach] adapt: yes; whether workouts are bent while they are run
    Verbosity verbosity; // [coach] verbosity
    unsigned silent;     // [coach] silent: kinds that are not told; bits 1 << CueKind
    unsigned metronome;  // [coach] metronome: off; as workout/aids.h has it
    unsigned pacer_m;    // [coach] pacer: off; likewise
    double drift_band;   // [coach] band, as a fraction: 0.03; 0.01 … 0.2
    gboolean connect_on_demand; // [radio] connect; FALSE: sensors are always held
    char *adapter;              // [radio] adapter, "hci1" or an address; NULL: any
    Buttons *buttons;           // [buttons]; never NULL
    gboolean haptics;           // [haptics] on: yes; whether a vibrator is used
    int strength;               // [haptics] strength: 100; 0 … 100 %
    Phrases phrases;            // in `language` as far as it is translated
    Quirks *quirks;             // never NULL
    GStrv warnings;             // what was wrong in the files, one sentence each; never NULL
} Config;

// `directory` is where the shipped files are; NULL: $PACED_CONFIG_DIR, else config/ of the source
// tree when the program runs from its build tree, else the data directory it was built for.
Config *config_load(const char *directory);
void config_free(Config *config); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

// What a session is to be like. It borrows the phrases.
SessionConfig config_session(const Config *config);

// Words and voice of another language than the one set, from the same files. FALSE: there are no
// phrases in it, or it is no language; nothing has changed then.
gboolean config_speak(Config *config, const char *language);

// The words of a language (BCP 47): the built-in English, and over it phrases/de.conf and then, for
// de-at, phrases/de-at.conf, of each of the `directories` (NULL behind the last) in turn. Returns
// warnings ("FILE: key: why"); whatever they say, *ret_phrases can be used. Its `language` is "en"
// where there is no file of the language at all.
GStrv phrases_load(const char *const *directories, const char *language, Phrases *ret_phrases);
