// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// One stream of several falls silent: mended when it is broken, let alone when it rests.

#include "radio/stream.h"

#include <criterion/criterion.h>

#define S USEC_PER_SEC

// So many packets from `from`, one every `pause`; the time of the last.
static Usec flow(Stream *stream, Usec from, int count, Usec pause)
{
    for (int i = 0; i < count; i++)
        stream_take(stream, from, from + i * pause);
    return from + (count - 1) * pause;
}

// When it is dealt with after `from`, as its owner would: by the instants it is told. USEC_NEVER:
// not at all.
static Usec missed(Stream *stream, StreamVerdict how, Usec from)
{
    Usec due, now = from;
    for (int i = 0; i < 10; i++) {
        StreamVerdict verdict = stream_look(stream, now, &due);
        if (verdict == how)
            return now;
        if (verdict == STREAM_RESTART)
            stream_restarted(stream, now);
        else if (verdict == STREAM_RELINK || due == USEC_NEVER)
            return USEC_NEVER;
        else
            now = due;
    }
    return USEC_NEVER;
}

Test(stream, of_once_a_second_is_missed_after_twelve_seconds)
{
    Stream stream = {.packets = 0};
    Usec last = flow(&stream, 100 * S, 20, S);
    cr_expect_eq(missed(&stream, STREAM_RESTART, last), last + 12 * S);
    stream_restarted(&stream, last + 12 * S);
    cr_expect_eq(missed(&stream, STREAM_RELINK, last + 12 * S), last + 24 * S);
}

Test(stream, that_a_new_subscription_brings_back_is_watched_as_before)
{
    Stream stream = {.packets = 0};
    Usec last = flow(&stream, 100 * S, 20, S);
    stream_restarted(&stream, last + 12 * S);
    last = flow(&stream, last + 13 * S, 20, S);
    cr_expect_eq(missed(&stream, STREAM_RESTART, last), last + 12 * S);
}

Test(stream, that_has_hardly_begun_promised_nothing)
{
    Stream stream = {.packets = 0};
    Usec last = flow(&stream, 100 * S, 9, S);
    cr_expect_eq(missed(&stream, STREAM_RESTART, last), USEC_NEVER);
}

Test(stream, of_once_a_minute_is_given_four)
{
    Stream stream = {.packets = 0};
    Usec last = flow(&stream, 100 * S, 12, 60 * S);
    cr_expect_eq(missed(&stream, STREAM_RESTART, last), last + 240 * S);
}

// Its runner stands at lights, for longer than it takes to miss it, all day long.
Test(stream, that_rests_costs_one_link)
{
    Stream stream = {.packets = 0};
    Usec now = 100 * S;
    int links = 0;
    for (int light = 0; light < 100; light++) {
        now = flow(&stream, now, 60, S);
        Usec relink = missed(&stream, STREAM_RELINK, now);
        if (relink != USEC_NEVER && relink < now + 40 * S) {
            links++;
            stream_relinked(&stream, relink);
            stream_begin(&stream);
            stream_take(&stream, relink + 2 * S, now + 40 * S); // he runs on
        }
        now += 40 * S;
    }
    cr_expect_eq(links, 1);
}

// It breaks again and again, and a new link is what mends it: it is made, now and then.
Test(stream, that_breaks_for_good_costs_a_link_every_ten_minutes)
{
    Stream stream = {.packets = 0};
    Usec last = flow(&stream, 100 * S, 20, S);
    Usec first = missed(&stream, STREAM_RELINK, last);
    cr_expect_eq(first, last + 24 * S);
    stream_relinked(&stream, first);
    stream_begin(&stream);
    last = flow(&stream, first + 2 * S, 20, S);
    cr_expect_eq(missed(&stream, STREAM_RELINK, last), first + 600 * S);
}
