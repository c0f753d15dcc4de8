// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is that BlueZ names a sensor that is away, one that is taken and a radio that is busy
// by the same few errors; what tells them apart is whether it was heard and how soon it failed.

#include "radio/backoff.h"

#define EARLY       (3 * USEC_PER_SEC) // an error sooner than this is BlueZ's, not the air's
#define FLAP_DELAY  (2 * USEC_PER_SEC)
#define HANGUPS_MAX 2
// Nothing tells that whoever had the sensor has let it go, but that it stays when it is asked.
#define BUSY_OFTEN  (2 * USEC_PER_SEC)
#define BUSY_SELDOM (30 * USEC_PER_SEC)
#define BUSY_TRIES  60 // so many often: about three minutes
#define ABORTS_MAX  4

void backoff_failed(Backoff *backoff, Trouble trouble, Usec now)
{
    backoff->failures++;
    backoff->next_try = now + retry_delay(trouble, backoff->failures);
}

void backoff_connect_failed(Backoff *backoff, Trouble trouble, bool heard, Usec took, Usec now)
{
    bool nobody =
        !heard && (trouble == TROUBLE_TIMEOUT || (trouble == TROUBLE_TRANSIENT && took > EARLY));
    backoff->aborts = heard && trouble == TROUBLE_TRANSIENT ? backoff->aborts + 1 : 0;
    backoff->gone = trouble == TROUBLE_GONE ? backoff->gone + 1 : 0;
    if (trouble == TROUBLE_GONE) {
        backoff->next_try = now + retry_delay(TROUBLE_TRANSIENT, backoff->gone); // the mirror lags
        return;
    }
    backoff->absent_since = now;
    if (nobody) {
        backoff->absent = true;
        backoff->blind_at = now + blind_delay(backoff->blind_tries++);
        backoff->next_try = now;
        return;
    }
    backoff_failed(backoff, trouble, now);
    backoff->absent = trouble == TROUBLE_TIMEOUT;
    backoff->blind_at = backoff->next_try;
}

void backoff_lost(Backoff *backoff, const Flow *flow, bool ours, Usec now)
{
    bool at_once = ours && !flow->last && now - flow->connected_at < EARLY;
    backoff->hangups = at_once ? backoff->hangups + 1 : 0;
    if (flow_proved(flow))
        backoff->next_try = now;
    else if (ours && backoff_busy(backoff))
        backoff->next_try = now + (backoff->hangups <= BUSY_TRIES ? BUSY_OFTEN : BUSY_SELDOM);
    else if (ours)
        backoff_failed(backoff, TROUBLE_TRANSIENT, now);
    else // somebody else's connection, which was just going
        backoff->next_try = now + retry_delay(TROUBLE_TRANSIENT, 0);
    // A link that flaps still gives data, if it is let; nor is a first hang-up any worse for what
    // failed before it.
    if (flow->last || backoff->hangups == 1)
        backoff->next_try = MIN(backoff->next_try, now + FLAP_DELAY);
}

void backoff_data(Backoff *backoff, const Flow *flow)
{
    backoff->hangups = backoff->aborts = backoff->gone = 0;
    if (flow_proved(flow))
        backoff->failures = backoff->blind_tries = 0;
}

void backoff_clear(Backoff *backoff, Usec now)
{
    backoff->next_try = now;
    backoff->absent = false;
}

bool backoff_busy(const Backoff *backoff)
{
    return backoff->hangups >= HANGUPS_MAX || backoff->aborts >= ABORTS_MAX;
}
