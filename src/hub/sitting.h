// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A sitting: one life of a core session, and the unit of replay. When it ends, and what the next
// one is told. Its settings: io/sitting-config.h.

#pragma once

#include <glib.h>

#include "session/session.h"

// What the sitting before knew and no later event will say, as events for the new one: GArray of
// Event. `profiles` are SENSORS_MAX; one without services: there is no such sensor.
GArray *sitting_legacy(Usec at, const Session *before, const SensorProfile *profiles,
                       unsigned conditions);

// Whether a new sitting should begin with this event: never in a workout; when something happens
// ten minutes after the last event and nothing was linked, half an hour after a workout (of which
// something may be said until then), for there is then no state to carry over, and no timer is
// needed to notice; and when sensors have been worn for half an hour without
// a workout. That costs the estimates a few seconds of warmth, so it is for a tick and never for a
// command: not at the moment of a start. `idle_since`: the sitting's begin, or the latest event of
// a workout.
gboolean sitting_is_over(const Session *session, Usec last_event, Usec idle_since,
                         const Event *event);
