// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The settings that a sitting's session was made with, as text: kept with it, so that its events
// can be replayed through an equal session later, whatever the settings are by then.

#pragma once

#include "io/config.h"
#include "session/session.h"

// A key file: [sitting] version, language, drift-band and words-a-minute; [phrases] those that
// differ from the built-in English ones; [numbers] likewise, as words=zero;one;…
char *sitting_config_text(const Config *config);

// The settings read back: *ret_config is the default but for what the text says, and borrows
// *ret_phrases. Whoever wrote it is not trusted: false with a G_KEY_FILE_ERROR for what is no key
// file or what no daemon would have written. An unknown phrase, of another version, is passed over.
gboolean sitting_config_read(const char *text, Phrases *ret_phrases, SessionConfig *ret_config,
                             GError **error);
