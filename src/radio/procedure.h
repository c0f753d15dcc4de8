// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a sensor can be told: a pod through its SC Control Point (RSCS 1.0.1 section 3.4, 0x2A55: a
// write, and an indication that answers it), a strap through its own (HRS 1.0 section 3.3, 0x2A39:
// a write). One at a time for each sensor, 30 s at most (RSCS 3.4.5), over when the link is.

#pragma once

#include "radio/bluez.h"

#define PROCEDURE_TIMEOUT   (30 * USEC_PER_SEC)
#define PROCEDURE_LOCATIONS 16

typedef enum {
    PROCEDURE_SET_DISTANCE, // `distance_m`: what the pod counts on from
    PROCEDURE_CALIBRATE,    // starts the pod's own calibration
    PROCEDURE_SET_LOCATION, // `location`
    PROCEDURE_LIST_LOCATIONS,
    PROCEDURE_RESET_ENERGY, // the strap's energy expended
} ProcedureKind;

typedef struct {
    ProcedureKind kind;
    double distance_m; // 0 … 429 496 729.5, sent in tenths of a metre
    guint8 location;   // 0 … 16, Sensor Location of the Assigned Numbers
} Procedure;

typedef enum {
    PROCEDURE_DONE,
    PROCEDURE_BUSY,           // another of ours is under way
    PROCEDURE_NOT_CONNECTED,  // not enrolled, or no link that is ready
    PROCEDURE_NO_POINT,       // the sensor has no such control point
    PROCEDURE_NOT_SUPPORTED,  // SCCP result 2: op code not supported; HRS 0x80
    PROCEDURE_INVALID,        // SCCP result 3: invalid parameter; also refused here
    PROCEDURE_FAILED,         // SCCP result 4: operation failed
    PROCEDURE_IN_PROGRESS,    // ATT 0x80 of RSCS: somebody else's procedure is under way
    PROCEDURE_NOT_CONFIGURED, // ATT 0x81 of RSCS: indications are not switched on
    PROCEDURE_NOT_PERMITTED,  // by the sensor or by BlueZ, perhaps for want of pairing
    PROCEDURE_TIMED_OUT,
    PROCEDURE_LINK_LOST,
    PROCEDURE_ERROR, // anything else
} ProcedureOutcome;

typedef struct {
    ProcedureOutcome outcome;
    guint8 att_error;                      // of the sensor, 0: none
    guint8 locations[PROCEDURE_LOCATIONS]; // PROCEDURE_LIST_LOCATIONS
    guint location_count;
} ProcedureResult;

// `result` is borrowed. Called exactly once, never from within the call that begins it.
typedef void (*ProcedureCallback)(const ProcedureResult *result, gpointer data);

const char *procedure_outcome_name(ProcedureOutcome outcome); // "done", "busy", …
const char *procedure_outcome_text(ProcedureOutcome outcome); // a sentence with the remedy
