// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The runner's hands and skin: deeds come out of the buttons that are there, and what is to be felt
// goes to the vibrators. Devices come and go at any time. Nothing is polled: with no press and
// nothing to feel it never wakes up.

#pragma once

#include "coach/cue.h"
#include "io/config.h"

typedef struct Hands Hands;

// `deed` has something to do, and is valid for the call. `headset`: the key is the music's while
// nobody runs. Called from the main loop only.
typedef void (*HandsPressed)(const Deed *deed, gboolean headset, gpointer data);

// Borrows `config`. $PACED_INPUT_ROOT is where a test keeps /dev and /sys.
Hands *hands_new(const Config *config, HandsPressed pressed, gpointer data);
void hands_free(Hands *hands); // takes NULL

// A cue is felt when it is heard: at its due, or at once when that is over. FALSE: there is nothing
// to feel of it.
gboolean hands_feel(Hands *hands, const Cue *cue);
void hands_take_back(Hands *hands, uint32_t cue); // that is not felt yet; 0: whatever is not
