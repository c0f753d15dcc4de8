// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The faults that cross a bus or end a program, each with its name on the wire
// (org.paced1.Error.NAME). A text error carries line and column in its message as "LINE:COL: …".

#pragma once

#include <gio/gio.h>

typedef enum {
    PACED_ERROR_FAILED,          // Failed: the rest
    PACED_ERROR_BAD_TEXT,        // BadText: a workout text that cannot be read; "LINE:COL: reason"
    PACED_ERROR_LACKS_NUMBER,    // LacksNumber: of the runner, that a workout's text asks for; as
                                 // above
    PACED_ERROR_BAD_ARGUMENT,    // BadArgument: an argument out of range, an unknown option key
    PACED_ERROR_NOT_RUNNING,     // NotRunning
    PACED_ERROR_ALREADY_RUNNING, // AlreadyRunning
    PACED_ERROR_NOT_PAUSED,      // NotPaused
    PACED_ERROR_ALREADY_PAUSED,  // AlreadyPaused
    PACED_ERROR_UNKNOWN_WORKOUT, // UnknownWorkout
    PACED_ERROR_UNKNOWN_SENSOR,  // UnknownSensor
    PACED_ERROR_NOT_READY,       // NotReady: no adapter, no store … the message has the remedy
    PACED_ERROR_NOT_SUPPORTED,   // NotSupported: the sensor has no such thing, or refuses it
    PACED_ERROR_BUSY,            // Busy: another procedure is under way
    PACED_ERROR_TIMED_OUT,       // TimedOut: no answer from the sensor
    PACED_ERROR_EXISTS,          // Exists: a workout of that name is there
    PACED_ERROR_STORE,           // Store: the database; locked, full, read-only, newer, damaged
} PacedError;

#define PACED_ERROR paced_error_quark()
GQuark paced_error_quark(void); // registers the D-Bus names on first use
