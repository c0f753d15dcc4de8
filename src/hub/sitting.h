// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A sitting: one life of a core session, and the unit of replay. When it ends, and the settings
// that its session was made with, as text: kept with it, so that its events can be replayed through
// an equal session later, whatever the settings are by then.

#pragma once

#include "io/config.h"
#include "session/session.h"

// A key file: [sitting] version, language, drift-band and words-a-minute; [phrases] those that
// differ from the built-in English ones; [numbers] likewise, as words=zero;one;…
char *sitting_config_text(const Config *config);

// What the sitting before knew and no later event will say, as events for the new one: GArray of
// Event. `views` and `profiles` are SENSORS_MAX each; a profile without services: no such sensor.
GArray *sitting_legacy(Usec at, const SensorView *views, const SensorProfile *profiles,
                       unsigned conditions, const Athlete *athlete);

// The settings read back: *ret_config is the default but for what the text says, and borrows
// *ret_phrases. Whoever wrote it is not trusted: false with a G_KEY_FILE_ERROR for what is no key
// file or what no daemon would have written. An unknown phrase, of another version, is passed over.
gboolean sitting_config_read(const char *text, Phrases *ret_phrases, SessionConfig *ret_config,
                             GError **error);

// Whether a new sitting should begin with this event: never in a workout; when something happens
// ten minutes after the last event and nothing was linked, for there is then no state to carry
// over, and no timer is needed to notice; and when sensors have been worn for half an hour without
// a workout. That costs the estimates a few seconds of warmth, so it is for a tick and never for a
// command: not at the moment of a start. `idle_since`: the sitting's begin, or the latest event of
// a workout.
gboolean sitting_is_over(const Session *session, Usec last_event, Usec idle_since,
                         const Event *event);
