// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The words for what crosses the seam: one place, so that the bus, the command line and a
// transcript cannot differ.

#include "session/session.h"

const char *command_verb_name(CommandVerb verb)
{
    switch (verb) {
    case COMMAND_START:
        return "start";
    case COMMAND_PAUSE:
        return "pause";
    case COMMAND_RESUME:
        return "resume";
    case COMMAND_LAP:
        return "lap";
    case COMMAND_SKIP:
        return "skip";
    case COMMAND_STOP:
        return "stop";
    case COMMAND_PREFLIGHT:
        return "preflight";
    }
    return "unknown";
}

bool command_has_text(CommandVerb verb)
{
    return verb == COMMAND_START || verb == COMMAND_PREFLIGHT;
}

const char *step_outcome_name(StepOutcome outcome)
{
    switch (outcome) {
    case STEP_COMPLETED:
        return "completed";
    case STEP_LAPPED:
        return "lapped";
    case STEP_SKIPPED:
        return "skipped";
    case STEP_STOPPED:
        return "stopped";
    }
    return "unknown";
}

const char *answer_reason_name(AnswerReason reason)
{
    switch (reason) {
    case REASON_OK:
        return "ok";
    case REASON_NOT_RUNNING:
        return "not-running";
    case REASON_ALREADY_RUNNING:
        return "already-running";
    case REASON_ALREADY_PAUSED:
        return "already-paused";
    case REASON_NOT_PAUSED:
        return "not-paused";
    case REASON_BAD_TEXT:
        return "bad-text";
    }
    return "unknown";
}

const char *answer_reason_text(AnswerReason reason)
{
    switch (reason) {
    case REASON_OK:
        return "done";
    case REASON_NOT_RUNNING:
        return "no workout is running; start one first";
    case REASON_ALREADY_RUNNING:
        return "a workout is running already; stop it first";
    case REASON_ALREADY_PAUSED:
        return "the workout is paused; resume it first";
    case REASON_NOT_PAUSED:
        return "the workout is not paused";
    case REASON_BAD_TEXT:
        return "the workout's text cannot be read";
    }
    return "unknown";
}

const char *session_state_name(SessionState state)
{
    switch (state) {
    case STATE_IDLE:
        return "idle";
    case STATE_RUNNING:
        return "running";
    case STATE_PAUSED:
        return "paused";
    }
    return "unknown";
}
