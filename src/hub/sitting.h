// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The settings that a core session was made with, as text: kept with each sitting, so that its
// events can be replayed through an equal session later, whatever the settings are by then.

#pragma once

#include "io/config.h"

// A key file: [sitting] version, language, drift-band and words-a-minute; [phrases] those that
// differ from the built-in English ones; [numbers] likewise, as words=zero;one;…
char *sitting_config_text(const Config *config);
