// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The bus that org.paced1 is on: found at the start, and found again when it was lost in a run. The
// connection is the daemon's own, not the one GLib shares, for that one cannot be made anew.

#pragma once

#include <gio/gio.h>

#include "options.h"

typedef struct Home Home;

typedef struct {
    void (*found)(GDBusConnection *bus, gpointer data); // borrowed
    // `sentence` says what to do about it.
    void (*missing)(const char *sentence, gpointer data);
} HomeHandlers;

// Looks at once; `options` are borrowed for the home's life. Handlers are called from the main
// loop.
Home *home_new(const Options *options, const HomeHandlers *handlers, gpointer data);
void home_free(Home *home); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Home, home_free)

// Looks again, by and by more seldom until it is settled; a connection that still stands is
// found again.
void home_seek(Home *home);
void home_settled(Home *home);

// A connection of our own to the bus at an address.
void home_connect(const char *address, GCancellable *cancellable, GAsyncReadyCallback done,
                  gpointer data);
