// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Known distances put the owner's scale right, and with it all that it measures from then on. What
// was given out before is not touched: a step that is being measured must not jump. Beside the
// scale there is always one without the latest mark, which takes its place when that is taken back.

#include "estimate/pace-inside.h"

#define GUESS_NOISE 0.05 // of metres that were not measured

bool pace_anchored(const Pace *pace)
{
    return pace->anchored != SENSOR_NONE;
}

double pace_way(const Pace *pace)
{
    return pace_distance(pace) + pace->corrected;
}

double pace_way_deviation(const Pace *pace)
{
    return hypot(scale_way_deviation(&pace->scale), GUESS_NOISE * pace->guessed);
}

bool pace_anchor(Pace *pace, Usec at, double deviation)
{
    pace_advance(pace, at);
    if (pace->owner == SENSOR_NONE || at - pace->measured_at > STALE_LIMIT)
        return false;
    pace_hold_on(pace, at);
    pace_travel(pace, pace_ahead(pace, at));
    scale_anchor(&pace->scale, deviation);
    scale_anchor(&pace->unmarked, deviation);
    pace->anchored = pace->owner;
    pace->guessed = 0;
    pace_look(pace);
    return true;
}

// The owner's scale is what `scale` has become by a mark, or without one.
static void correct(Pace *pace, const Scale *scale, double seconds)
{
    pace->corrected += pace_rescale(pace, scale, seconds);
    pace->sensors[pace->owner].scales[pace->surface] = scale_known(scale);
    pace->guessed = 0;
    pace_look(pace);
}

bool pace_mark(Pace *pace, Usec at, double metres, double deviation)
{
    pace_advance(pace, at);
    if (pace->owner == SENSOR_NONE ||
        (!pace_anchored(pace) && at - pace->measured_at > STALE_LIMIT))
        return false;
    pace_hold_on(pace, at);
    const double seconds = pace_ahead_given(pace, at), before = pace->before + pace->corrected;
    pace_travel(pace, seconds);
    Scale scale = pace->scale;
    if (!scale_mark(&scale, metres - before, hypot(deviation, GUESS_NOISE * pace->guessed)))
        return false;
    pace->unmarked = pace->scale;
    pace->marked = true;
    correct(pace, &scale, seconds);
    return true;
}

bool pace_unmark(Pace *pace, Usec at)
{
    pace_advance(pace, at);
    if (!pace->marked)
        return false;
    pace_hold_on(pace, at);
    const double seconds = pace_ahead_given(pace, at);
    pace_travel(pace, seconds);
    const Scale scale = pace->unmarked;
    correct(pace, &scale, seconds);
    pace->marked = false;
    return true;
}

double pace_corrected(const Pace *pace)
{
    return pace->corrected;
}
