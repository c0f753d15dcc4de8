// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is not to nag: a stream that rests is like one that is broken, and the cure for the
// second hurts the others.

#include "radio/stream.h"

#define KNOWN_AFTER   10 // packets
#define PATIENCE      (12 * USEC_PER_SEC)
#define PAUSES        4
#define RELINKED_ONCE (10 * 60 * USEC_PER_SEC)

void stream_begin(Stream *stream)
{
    stream->packets = 0;
    stream->last = stream->longest = stream->restarted_at = 0;
}

void stream_take(Stream *stream, Usec since, Usec now)
{
    if (stream->packets == 0 && stream->awaited) {
        stream->habitual = since && now - since > PATIENCE;
        stream->awaited = false;
    }
    if (stream->packets > 0 && !stream->restarted_at)
        stream->longest = MAX(stream->longest, now - stream->last);
    stream->packets++;
    stream->last = now;
    stream->restarted_at = 0;
}

StreamVerdict stream_look(const Stream *stream, Usec now, Usec *ret_due)
{
    *ret_due = USEC_NEVER;
    if (stream->packets < KNOWN_AFTER)
        return STREAM_WELL;
    Usec due = MAX(stream->last, stream->restarted_at) + MAX(PATIENCE, PAUSES * stream->longest);
    if (stream->restarted_at && stream->habitual)
        return STREAM_WELL;
    if (stream->restarted_at && stream->relinked_at)
        due = MAX(due, stream->relinked_at + RELINKED_ONCE);
    if (now < due) {
        *ret_due = due;
        return STREAM_WELL;
    }
    return stream->restarted_at ? STREAM_RELINK : STREAM_RESTART;
}

void stream_restarted(Stream *stream, Usec now)
{
    stream->restarted_at = now;
}

void stream_relinked(Stream *stream, Usec now)
{
    stream->relinked_at = now;
    stream->awaited = true;
}
