// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a sensor can be told: a pod through its SC Control Point (RSCS 1.0.1 section 3.4, 0x2A55: a
// write, and an indication that answers it), a strap through its own (HRS 1.0 section 3.3, 0x2A39:
// a write). One at a time for each sensor, 30 s at most (RSCS 3.4.5), over when the link is.

#pragma once

#include "codec/sccp.h"
#include "radio/bluez.h"

#define PROCEDURE_TIMEOUT   (SCCP_TIMEOUT_S * USEC_PER_SEC)
#define PROCEDURE_LOCATIONS SCCP_LOCATIONS_MAX

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
    guint8 location;   // of PROCEDURE_SET_LOCATION: codec/location.h
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
    PROCEDURE_NOT_PERMITTED,  // by the sensor or by BlueZ
    PROCEDURE_NEEDS_PAIRING,  // not over a link without encryption
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

// All procedures of a radio.
typedef struct Procedures Procedures;

// `device` is told, and says, that it is worn elsewhere; called before the procedure's callback.
typedef void (*ProcedureMoved)(const char *device_path, guint8 location, gpointer data);

Procedures *procedures_new(Bluez *bluez, ProcedureMoved moved, gpointer data);
void procedures_free(Procedures *procedures); // nobody is called any more

// `device`: the sensor's, NULL when it is not there.
void procedures_begin(Procedures *procedures, const MirrorDevice *device,
                      const Procedure *procedure, ProcedureCallback callback, gpointer data);
// A value of the device that BlueZ signalled.
void procedures_value(Procedures *procedures, const MirrorDevice *device, guint16 characteristic,
                      const guint8 *bytes, gsize length);
void procedures_look(Procedures *procedures); // at every change: ends those whose link is lost
