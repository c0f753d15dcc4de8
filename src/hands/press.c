// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard: the first edge of a press counts at once, or every press would be late; but the
// contact may bounce back for good within the time in which edges are not believed. So what the
// contact is and what is believed are kept apart, and agree again once it is at rest.

#include "hands/press.h"

void press_init(Press *press)
{
    *press = (Press){.edge = -PRESS_BOUNCE, .waits = USEC_NEVER};
}

static PressTold pressed(Press *press, Usec at, bool at_once)
{
    const bool second = press->waits != USEC_NEVER;
    press->held = true;
    press->since = at;
    press->spent = second || at_once;
    press->waits = USEC_NEVER;
    return second ? TOLD_DOUBLE : at_once ? TOLD_PRESS : TOLD_NOTHING;
}

static PressTold let_go(Press *press, Usec at)
{
    const bool spent = press->spent || at - press->since >= PRESS_STUCK;
    press->held = press->spent = press->stuck = false;
    if (spent)
        return TOLD_NOTHING;
    if (at - press->since >= PRESS_HOLD)
        return TOLD_HOLD;
    press->waits = at;
    return TOLD_NOTHING;
}

static PressTold believe(Press *press, Usec at, bool at_once)
{
    return press->down ? pressed(press, at, at_once) : let_go(press, at);
}

PressTold press_time(Press *press, Usec at)
{
    if (press->down != press->held && at - press->edge >= PRESS_BOUNCE) {
        const PressTold told = believe(press, press->edge, false);
        if (told != TOLD_NOTHING)
            return told;
    }
    if (press->held && !press->stuck && at - press->since >= PRESS_STUCK) {
        press->stuck = press->spent = true;
        return TOLD_STUCK;
    }
    if (!press->held && press->waits != USEC_NEVER && at - press->waits >= PRESS_DOUBLE) {
        press->waits = USEC_NEVER;
        return TOLD_PRESS;
    }
    return TOLD_NOTHING;
}

PressTold press_edge(Press *press, Usec at, bool down, bool at_once)
{
    const bool at_rest = at - press->edge >= PRESS_BOUNCE;
    press->down = down;
    press->edge = at;
    return at_rest && down != press->held ? believe(press, at, at_once) : TOLD_NOTHING;
}

Usec press_deadline(const Press *press)
{
    if (press->down != press->held)
        return press->edge + PRESS_BOUNCE;
    if (press->held)
        return press->stuck ? USEC_NEVER : press->since + PRESS_STUCK;
    return press->waits == USEC_NEVER ? USEC_NEVER : press->waits + PRESS_DOUBLE;
}
