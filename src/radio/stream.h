// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Whether one stream of a sensor is missed while the others flow: of a watch that gives heart and
// stride, one may end with the link up. A plain struct that knows no bus. The silence of all of a
// sensor's streams is the sensor's, and not dealt with here.
//
// A stream is missed when
//   - it has given ten packets in this link: whoever sends more seldom has promised nothing, and
//   - it has been silent for 12 s, and for four times the longest pause it has made in this link
//     without anybody's help: that is its habit.
// It is then subscribed to anew, it alone. When that does not bring it back within the same time,
// the link is made anew, which costs the other streams a few seconds; therefore
//   - not twice within ten minutes for the same stream, and
//   - never again when the stream was not back within 12 s of its subscription in the new link: it
//     has stopped by its own habit (as some do when their runner stands), and comes by itself.
// One that is known to fall silent when its runner stands (a quirk) is never missed.

#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/units.h"

typedef struct {
    // Of this link.
    guint packets;
    Usec last;         // packet
    Usec longest;      // pause
    Usec restarted_at; // in this silence; 0: not yet
    // For good.
    Usec relinked_at; // 0: never
    bool awaited;     // since then
    bool habitual;    // the link is not made anew for it
} Stream;

typedef enum {
    STREAM_WELL,
    STREAM_RESTART, // to be subscribed to anew; stream_restarted() when that is begun
    STREAM_RELINK,  // the link to be made anew; likewise stream_relinked()
} StreamVerdict;

void stream_begin(Stream *stream); // another link, or none
// A packet. `since`: it is subscribed to since then; 0: not known.
void stream_take(Stream *stream, Usec since, Usec now);
// *ret_due: when to look again, USEC_NEVER when only a packet changes anything.
StreamVerdict stream_look(const Stream *stream, Usec now, Usec *ret_due);
void stream_restarted(Stream *stream, Usec now);
void stream_relinked(Stream *stream, Usec now);
