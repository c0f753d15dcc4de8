// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Events as lines of text, both ways: what a capture holds, what a scenario of the tests is written
// in, and what a bug report can be read by a person before it is sent. The journal keeps the same
// events as bytes; nothing is in one that is not in the other.
//
//     # any comment; empty lines count for nothing
//     sitting 1234.567890 "[sitting]\nversion=…"
//     0.000000 link 0 up
//     1.250000 notify 0 2a37 0e4b
//     5.000000 start #17 "Workout - …"
//     60.000000 pause #18
//     61.000000 voice done 12
//     62.000000 time
//     63.000000 sensor 1 heart,stride 0 cadence steps fixed untrusted holds weak beats
//     63.500000 track 400
//     64.000000 condition store,disk,clock
//     65.000000 athlete male age 35 race 5000 1200 day 1 race 10000 2700 eased goal 42195 13500
//
// `sitting` begins a new session: its origin and its settings. Every other line opens with seconds
// after that origin. A notification has its sensor, characteristic and bytes, in hexadecimal. The
// commands are those of session/event.h by their names, with the caller's number (0 when left out);
// a distance and a track have metres, a rating its number, a load its quotient, a metronome and a
// pacer theirs (workout/aids.h), and what is proposed stands in quotation marks. The voice has
// started or done a cue, or its latency changed. `time`: nothing but time. A sensor has what it may
// be used for ("none": there is no such sensor) and its rank; then what it is known for, and what
// earlier runs taught of it (known-line.h). A condition is "good", or all that is wrong. Of the
// athlete there is all that was told: sex, numbers by the names of athlete.h in SI units, races in
// metres and seconds, each with whether it was not run all out and how many days it is from the
// oldest, which is 1, and goals in metres and seconds.
//
// In quotation marks \\ \" \n \r \t and \xHH (for other control characters) stand for what cannot
// stand there itself. No name, address or date of anybody is in an event; a START has its
// text.

#pragma once

#include "session/event.h"

#define CAPTURE_HEADER "# paced capture 1\n"

// Room for any line but the text in quotation marks, of which a byte takes at most four.
#define CAPTURE_LINE_MAX 1024

// A line with its newline, and a NUL behind it. Return the length; 0 when it does not fit.
size_t capture_event(const Event *event, Usec origin, char *ret_line, size_t size);
size_t capture_sitting(Usec origin, const char *config, char *ret_line, size_t size);

typedef enum {
    CAPTURE_NOTHING, // empty, or a comment
    CAPTURE_SITTING,
    CAPTURE_EVENT,
    CAPTURE_BAD,
} CaptureKind;

typedef struct {
    CaptureKind kind;
    union {
        struct {
            Usec origin;
            const char *config; // within the line, NUL-terminated
        } sitting;
        Event event;     // a START's text is within the line
        const char *why; // CAPTURE_BAD: what was expected; static
    };
} CaptureLine;

// `line` is NUL-terminated, with or without its newline, and is changed in place.
CaptureLine capture_parse(char *line, Usec origin);
