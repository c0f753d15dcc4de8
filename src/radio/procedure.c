// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is that three parties can say no in three languages: BlueZ by its errors, the sensor's
// attribute server by a byte, its control point by another. Each outcome keeps its own name, for
// what helps is another thing each time.

#include "radio/procedure.h"

const char *procedure_outcome_name(ProcedureOutcome outcome)
{
    switch (outcome) {
    case PROCEDURE_DONE:
        return "done";
    case PROCEDURE_BUSY:
        return "busy";
    case PROCEDURE_NOT_CONNECTED:
        return "not-connected";
    case PROCEDURE_NO_POINT:
        return "no-control-point";
    case PROCEDURE_NOT_SUPPORTED:
        return "not-supported";
    case PROCEDURE_INVALID:
        return "invalid";
    case PROCEDURE_FAILED:
        return "failed";
    case PROCEDURE_IN_PROGRESS:
        return "in-progress";
    case PROCEDURE_NOT_CONFIGURED:
        return "not-configured";
    case PROCEDURE_NOT_PERMITTED:
        return "not-permitted";
    case PROCEDURE_TIMED_OUT:
        return "timed-out";
    case PROCEDURE_LINK_LOST:
        return "link-lost";
    case PROCEDURE_ERROR:
        return "error";
    }
    g_assert_not_reached();
}

const char *procedure_outcome_text(ProcedureOutcome outcome)
{
    switch (outcome) {
    case PROCEDURE_DONE:
        return "the sensor has done it";
    case PROCEDURE_BUSY:
        return "another request to this sensor is under way; ask again when it has ended";
    case PROCEDURE_NOT_CONNECTED:
        return "the sensor is not connected; wake it and wait until it is live";
    case PROCEDURE_NO_POINT:
        return "this sensor cannot be told anything of the kind";
    case PROCEDURE_NOT_SUPPORTED:
        return "this sensor does not know that request";
    case PROCEDURE_INVALID:
        return "the sensor does not take that value";
    case PROCEDURE_FAILED:
        return "the sensor tried and failed; is it where it should be, and moving?";
    case PROCEDURE_IN_PROGRESS:
        return "the sensor is busy with somebody else's request; ask again in half a minute";
    case PROCEDURE_NOT_CONFIGURED:
        return "the sensor says that its answers are not switched on; connect it anew and ask "
               "again";
    case PROCEDURE_NOT_PERMITTED:
        return "the sensor does not permit it; if it wants to be paired, pair it once with "
               "'bluetoothctl pair ADDRESS'";
    case PROCEDURE_TIMED_OUT:
        return "the sensor did not answer within half a minute";
    case PROCEDURE_LINK_LOST:
        return "the connection was lost before the sensor answered";
    case PROCEDURE_ERROR:
        return "it could not be asked; the log has BlueZ's words";
    }
    g_assert_not_reached();
}
