// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a press comes to. A deed is tried command by command, as if a caller had asked, so the
// journal has it; the core's answer decides, and is heard and felt at once.

#pragma once

#include "bus/bus.h"
#include "io/buttons.h"
#include "io/clock.h"
#include "session/event.h"

typedef struct Hub Hub;

typedef struct {
    gboolean answered; // the command that is being tried, and
    gboolean done;     // whether it was
    gboolean felt;     // the core has given something of its own that is felt
    gboolean heard;    // or a tone that says that it was understood
    Usec latency;      // of the voice's output, as it was reported last
    Alarm *unasked;    // when what was asked after a run can be answered no longer
} Pressing;

void pressing_init(Hub *hub);
void pressing_clear(Hub *hub);

void pressing_pressed(const Deed *deed, gboolean headset, gpointer hub); // as HandsPressed
void pressing_player(Hub *hub, PlayerKey key);

// Of each answer and each cue.
void pressing_answered(Hub *hub, const Effect *effect);
void pressing_cued(Hub *hub, const Cue *cue);
