// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Captures: the journal as text (record/capture.h), to whoever asked for it: what was, read from
// the file, and what is, as it happens. A capture never disturbs what it records: nothing here
// waits for who reads, what is kept for a slow one is bounded, and an output that fails is dropped
// with a line in the log.

#pragma once

#include <gio/gio.h>

#include "store/worker.h"

typedef struct Recorder Recorder;

Recorder *recorder_new(Worker *worker); // borrowed
void recorder_free(Recorder *recorder); // writes what can be written at once, then ends all: files,
                                        // for at most 5 s
void recorder_flush(Recorder *recorder); // else a second after the event at the latest
void recorder_sitting(Recorder *recorder, Usec at, const char *config);
void recorder_continue(Recorder *recorder, Usec at, const char *config); // an earlier sitting
void recorder_event(Recorder *recorder, const Event *event);

typedef struct {
    int fd;            // taken, and made non-blocking; a file for a current sitting is written to
                       // by a thread of its own: scribe.h
    gint64 run;        // a run's number: its events, and the end. 0: the current sitting from its
                       // beginning, and all that happens from then on
    const char *name;  // who or what it goes to, for the log
    const char *about; // comment lines to stand at the head, and dates with each sitting; NULL:
                       // nothing that says who or when
} RecorderRequest;

// `task` (taken) is done when the capture is. True for an end that the reader made, or a run that
// is complete; an error of PACED_ERROR when it could not go on. The task's cancellable ends it.
// Give the worker all that was appended before.
void recorder_add(Recorder *recorder, const RecorderRequest *request, GTask *task);
