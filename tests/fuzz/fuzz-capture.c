// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hostile captures: any text as a file that somebody sent. What must hold: what is refused has a
// reason; an event that is read is written as a line that reads as the same line again, at the same
// instant and within the room that the header promises; and so for a sitting. All of it then goes
// through a session, as `pacectl replay` would have it, which may find it odd but not break.

#include "fuzz.h"

#include "record/capture.h"
#include "session/session.h"

#include <string.h>

static void check_event(const Event *event, Usec origin)
{
    const bool has_text = event->kind == EVENT_COMMAND && command_has_text(event->command.verb);
    const size_t room = CAPTURE_LINE_MAX + (has_text ? 4 * event->command.length : 0);
    char *first = malloc(room), *copy = malloc(room), *second = malloc(room);
    const size_t length = capture_event(event, origin, first, room);
    CHECK(length > 0 && length == strlen(first) && first[length - 1] == '\n');
    memcpy(copy, first, length + 1);
    const CaptureLine again = capture_parse(copy, origin);
    CHECK(again.kind == CAPTURE_EVENT);
    CHECK(again.event.kind == event->kind && again.event.at == event->at);
    CHECK(capture_event(&again.event, origin, second, room) == length);
    CHECK(strcmp(first, second) == 0);
    free(first);
    free(copy);
    free(second);
}

static void check_sitting(const CaptureLine *line)
{
    const size_t room = CAPTURE_LINE_MAX + 4 * strlen(line->sitting.config);
    char *text = malloc(room);
    CHECK(capture_sitting(line->sitting.origin, line->sitting.config, text, room) > 0);
    const CaptureLine again = capture_parse(text, 0);
    CHECK(again.kind == CAPTURE_SITTING && again.sitting.origin == line->sitting.origin);
    CHECK(strcmp(again.sitting.config, line->sitting.config) == 0);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    Session *session = session_new(&SESSION_CONFIG_DEFAULT);
    Effects effects;
    Usec origin = 0;
    for (char *at = text, *next; at; at = next) {
        next = strchr(at, '\n');
        if (next)
            *next++ = '\0';
        const CaptureLine line = capture_parse(at, origin);
        switch (line.kind) {
        case CAPTURE_NOTHING:
            break;
        case CAPTURE_BAD:
            CHECK(line.why && *line.why != '\0');
            break;
        case CAPTURE_SITTING:
            check_sitting(&line);
            origin = line.sitting.origin;
            session_free(session);
            session = session_new(&SESSION_CONFIG_DEFAULT);
            break;
        case CAPTURE_EVENT:
            check_event(&line.event, origin);
            session_handle(session, &line.event, &effects);
            break;
        }
    }
    session_free(session);
    free(text);
    return 0;
}
