// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Others' volumes while we have turned them down, and a file of them in $XDG_RUNTIME_DIR/paced, so
// that whoever comes after a crash can give them back.

#pragma once

#include <glib.h>
#include <pulse/ext-stream-restore.h>
#include <pulse/pulseaudio.h>
#include <stdbool.h>

#define REMEMBERED "module-stream-restore.id" // of a stream, see Ducked
#define DUCK_STEPS 6                          // from a stream's own volume down to 15 dB below it

typedef struct {
    uint32_t index; // the server's number of the stream
    pa_cvolume before;
    char remembered[80]; // the server's name for what it gives such a stream next time; "" for none
    bool seen;           // it plays still, at the latest look; then: it is known to be remembered
} Ducked;

pa_cvolume ducked_volume(const Ducked *ducked, int step); // 0: its own

// Whether a stream still has a volume that we gave it; else its user has moved it, and it is his.
bool ducked_is_ours(const Ducked *ducked, const pa_cvolume *volume);

// What ends while it is down would begin as low next time, for servers remember: if what this one
// remembers is of one of `ended` (of Ducked), it is told what it was. PipeWire remembers and does
// not say what: when all it says was heard (NULL), it is told of the others.
void ducked_remind(pa_context *context, const pa_ext_stream_restore_info *remembered,
                   GArray *ended);

bool ducked_save(GArray *streams,
                 uint32_t server_cookie); // of Ducked; false when it cannot be kept
void ducked_forget(void);                 // nothing is turned down any more

// Gives back what the file says is turned down on this server, also what ended meanwhile. `done`
// may be called from within.
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
