// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Settings: config/paced.conf as shipped, overridden by the user's own in
// $XDG_CONFIG_HOME/paced/paced.conf, and the phrases the same way. A broken file costs its own
// settings and a warning that names file and line, never the start.

#pragma once

#include <glib.h>

#include "coach/phrases.h"
#include "session/session.h"

typedef struct {
    char *runner;       // [runner] name; "me"
    char *language;     // [voice] language; "en-us"
    char *voice;        // [voice] variant appended to the language, e.g. "+f2"; may be empty
    int words_a_minute; // [voice] rate; 80 … 450
    double drift_band;  // [coach] band, as a fraction: 0.03
    Phrases phrases;
    char *directory; // where the shipped files were looked for; workouts/ is inside it
    GStrv warnings;  // what was wrong in the files, one sentence each; never NULL
} Config;

// `directory` is where the shipped files are; NULL: the build's data directory, or config/ of the
// source tree when run from the build tree (PACED_CONFIG_DIR in the environment overrides both).
Config *config_load(const char *directory);
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

// Loads one phrases file over `phrases` for a language; returns warnings ("FILE: key: why"). A
// missing key keeps the built-in English phrase and is one warning.
GStrv phrases_file_load(const char *path, const char *language, Phrases *phrases);
