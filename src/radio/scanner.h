// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Our one discovery. The governor says at each step whether it is wanted; the scanner gets there,
// and says when the air is quiet enough for a connection.

#pragma once

#include "radio/bluez.h"

typedef struct Scanner Scanner;

typedef struct {
    void (*failed)(Trouble trouble, gpointer data); // it could not be started, or ended
    void (*changed)(gpointer data);                 // step again
} ScannerHandlers;

Scanner *scanner_new(Bluez *bluez, const ScannerHandlers *handlers, gpointer data);
void scanner_free(Scanner *scanner);

// `adapter`: the powered one, NULL when there is none. Returns when to step again at the latest.
Usec scanner_step(Scanner *scanner, const MirrorAdapter *adapter, bool wanted, Usec now);
bool scanner_quiet(const Scanner *scanner);    // no discovery of ours, and none on its way
Usec scanner_on_since(const Scanner *scanner); // USEC_NEVER when off
void scanner_release(Scanner *scanner);        // stops it without waiting
