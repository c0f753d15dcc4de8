// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which keys are the runner's, and what a press of one does: [buttons] of paced.conf. What it does
// is a deed: a few of the core's commands, of which the first that can be done is done. So "accept
// lap" takes up an offer while one is open, and is a lap otherwise, and nobody but the core decides
// which.

#pragma once

#include <glib.h>

#include "session/event.h"

// What one button can say, so that one is enough.
typedef enum {
    GESTURE_PRESS,
    GESTURE_DOUBLE,
    GESTURE_HOLD,
} Gesture;

#define GESTURES (GESTURE_HOLD + 1)

#define DEED_MAX 4

typedef struct {
    guint8 count; // 0: nothing is done
    guint8 verbs[DEED_MAX];
} Deed;

typedef enum {
    KEY_IS_NOTHING, // left to others
    KEY_IS_BUTTON,  // tells press, double and hold apart
    KEY_IS_GESTURE, // of each press `gesture`, as headsets have a key for two presses
    KEY_IS_DEED,    // of each press `deed`
} KeyUse;

typedef struct {
    guint16 code; // of linux/input-event-codes.h
    guint8 use;   // KeyUse
    guint8 gesture;
    Deed deed;
} ButtonKey;

// Where the keys of headsets come from.
typedef enum {
    HEADSET_EVDEV,
    HEADSET_MPRIS, // from whoever steers media players on D-Bus
    HEADSET_NONE,
} Headset;

typedef struct {
    Headset headset;
    Deed deeds[GESTURES];
    GArray *keys;  // ButtonKey: set by the user, before all defaults
    GStrv devices; // names of input devices that are the runner's besides the obvious; never NULL
} Buttons;

Buttons *buttons_new(void);          // with the defaults
void buttons_free(Buttons *buttons); // takes NULL

// One line of [buttons]. Returns what is wrong with it, or NULL.
const char *buttons_set(Buttons *buttons, const char *key, const char *text);
gboolean buttons_has(const char *key); // whether there is such a line

// What a key is. `named`: its device is one of `devices`; others may be keyboards, whose Enter and
// volume keys are never taken.
ButtonKey buttons_key(const Buttons *buttons, guint16 code, gboolean named);

// Borrowed of both; an empty deed has nothing to do.
const Deed *buttons_deed(const Buttons *buttons, const ButtonKey *key, Gesture gesture);

// Whether a press says all: no double or hold could follow.
gboolean buttons_at_once(const Buttons *buttons, const ButtonKey *key);
