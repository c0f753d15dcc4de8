// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// FIT files, written: the messages of fit.h in, bytes in memory out. What is read back is what was
// written, rounded to what the protocol keeps of it.
//
//     FitWriter writer;
//     fit_writer_init(&writer, bytes, size);
//     fit_write(&writer, &(FitMessage){.kind = FIT_FILE, .file = {…}});
//     …
//     size_t length = fit_writer_end(&writer);
//
// The order of messages is the caller's: FIT_FILE comes first; what else a reader expects, fit.h's
// kinds do not say.

#pragma once

#include "base/cursor.h"
#include "codec/fit.h"

#define FIT_KINDS_MAX 16 // as many local numbers as there are
#define FIT_TEXTS_MAX 2  // of a message

// What a kind's newest definition says.
typedef struct {
    uint64_t fields;              // which of its rows in fit-fields.h; 0: not defined yet
    uint8_t texts[FIT_TEXTS_MAX]; // bytes of each text, its NUL among them
    uint8_t beats;                // of FIT_HRV
} FitShape;

typedef struct {
    Writer writer;
    FitShape shapes[FIT_KINDS_MAX]; // by kind
    bool developed;                 // it has fields beyond the profile
} FitWriter;

// `bytes` stay the caller's and have to stay until fit_writer_end().
void fit_writer_init(FitWriter *writer, uint8_t *bytes, size_t size);

// A member that is NAN, a text that is NULL, and a number that its field cannot hold are absent. A
// text longer than FIT_TEXT_MAX is cut, between characters. A kind is defined at its first message,
// and anew when one has a field more or a longer text; a field less is marked as invalid.
void fit_write(FitWriter *writer, const FitMessage *message);

// Completes header and check sums: the length of the file, or 0 when it did not fit.
size_t fit_writer_end(FitWriter *writer);
