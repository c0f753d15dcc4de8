// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Watching a workout: cues as they are spoken, and one live line where there is a terminal.

#pragma once

#include "pacectl/pacectl.h"

typedef enum {
    FOLLOW_FOR_EVER,   // until Ctrl-C, daemons coming and going
    FOLLOW_ONE_WORKOUT // until the workout ends; then its laps are shown
} FollowUntil;

typedef enum {
    FOLLOW_EVENTS,    // cues and states as lines, the values on one live line
    FOLLOW_ESTIMATES, // every live estimate with its source, age and confidence, once a second
    FOLLOW_JSON,      // all of that, an object a line
} FollowHow;

// Returns an exit code. Ctrl-C only ends the watching: EXIT_DONE for FOLLOW_FOR_EVER, EXIT_OTHER
// otherwise. EXIT_NO_DAEMON when the daemon of the workout, or the bus, is gone.
int follow(GDBusObjectManager *objects, FollowUntil until, FollowHow how);
