// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Others' volumes while we have turned them down, and a file of them in $XDG_RUNTIME_DIR/paced, so
// that whoever comes after a crash can give them back.

#pragma once

#include <glib.h>
#include <pulse/pulseaudio.h>
#include <stdbool.h>

#define DUCK_STEPS 6 // from a stream's own volume down to 15 dB below it

typedef struct {
    uint32_t index; // the server's number of the stream
    pa_cvolume before;
} Ducked;

pa_cvolume ducked_volume(const Ducked *ducked, int step); // 0: its own

// Whether a stream still has a volume that we gave it; else its user has moved it, and it is his.
bool ducked_is_ours(const Ducked *ducked, const pa_cvolume *volume);

bool ducked_save(GArray *streams,
                 uint32_t server_cookie); // of Ducked; false when it cannot be kept
void ducked_forget(void);                 // nothing is turned down any more

// Gives back what the file says is turned down on this server. `done` may be called from within.
typedef struct {
    void (*done)(gpointer data);
    gpointer data;
    pa_context *context;
    GArray *streams;
    uint32_t cookie;
    pa_operation *operation;
} GiveBack;

void give_back_begin(GiveBack *give_back, pa_context *context, void (*done)(gpointer data),
                     gpointer data);
void give_back_end(GiveBack *give_back); // before the context goes; also when done, or never begun

// The same on a connection of its own, within two seconds; for a program that is about to end.
// Returns false when no server answered.
bool ducked_give_back(void);
