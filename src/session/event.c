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
    case COMMAND_DISTANCE:
        return "distance";
    case COMMAND_UNDO:
        return "undo";
    case COMMAND_START_BY_EFFORT:
        return "start-by-effort";
    case COMMAND_VETO:
        return "veto";
    case COMMAND_ACCEPT:
        return "accept";
    case COMMAND_RATE:
        return "rate";
    case COMMAND_TRACK:
        return "track";
    case COMMAND_LOAD:
        return "load";
    case COMMAND_PROPOSE:
        return "propose";
    case COMMAND_STATUS:
        return "status";
    case COMMAND_METRONOME:
        return "metronome";
    case COMMAND_PACER:
        return "pacer";
    case COMMAND_BREAK:
        return "break";
    case COMMAND_CONTINUE:
        return "continue";
    }
    return "unknown";
}

bool command_starts(CommandVerb verb)
{
    return verb == COMMAND_START || verb == COMMAND_START_BY_EFFORT;
}

bool command_has_text(CommandVerb verb)
{
    return command_starts(verb) || verb == COMMAND_PREFLIGHT || verb == COMMAND_PROPOSE;
}

bool command_has_number(CommandVerb verb)
{
    return verb == COMMAND_DISTANCE || verb == COMMAND_TRACK || verb == COMMAND_RATE ||
           verb == COMMAND_LOAD || verb == COMMAND_METRONOME || verb == COMMAND_PACER;
}

double command_number(double number)
{
    return (double)llround(number * 1000) / 1000;
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

bool answer_has_error(AnswerReason reason)
{
    return reason == REASON_BAD_TEXT || reason == REASON_LACKS_NUMBER;
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
    case REASON_LACKS_NUMBER:
        return "lacks-number";
    case REASON_NO_RUN:
        return "no-run";
    case REASON_MOVING:
        return "moving";
    case REASON_TOO_FAR:
        return "too-far";
    case REASON_NOTHING_TO_UNDO:
        return "nothing-to-undo";
    case REASON_BAD_LENGTH:
        return "bad-length";
    case REASON_NOTHING_TO_VETO:
        return "nothing-to-veto";
    case REASON_NOTHING_OFFERED:
        return "nothing-offered";
    case REASON_BAD_RATING:
        return "bad-rating";
    case REASON_BAD_AID:
        return "bad-aid";
    case REASON_NOTHING_INTERRUPTED:
        return "nothing-interrupted";
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
    case REASON_LACKS_NUMBER:
        return "the workout asks for a number of the runner that is not known";
    case REASON_NO_RUN:
        return "no run ended within the last half hour";
    case REASON_MOVING:
        return "stand still, or press lap just before, so that it is known where the distance ends";
    case REASON_TOO_FAR:
        return "that is further from what was measured than a sensor can be out; where it is "
               "right, "
               "set the sensor's scale";
    case REASON_NOTHING_TO_UNDO:
        return "no known distance of the latest run can be taken back";
    case REASON_BAD_LENGTH:
        return "a distance is more than 0 and at most 1000 km; a lap of a track is 50 m to 5 km, "
               "or 0 for none";
    case REASON_NOTHING_TO_VETO:
        return "nothing was changed in the last ten seconds";
    case REASON_NOTHING_OFFERED:
        return "nothing was offered in the last ten seconds";
    case REASON_BAD_RATING:
        return "how it felt is 0 (rest) to 10 (all there is)";
    case REASON_BAD_AID:
        return "a metronome is off, on, or 120 to 240 steps a minute; a pacer is off, or each 50, "
               "100 or 200 m";
    case REASON_NOTHING_INTERRUPTED:
        return "no run was interrupted within the last day, or one was begun since";
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
