// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A pre-flight that finds sensors at rest, which nobody has asked for (connect=on-demand), is what
// asks for them: said at once, it would call them missing. It is kept until all that are enrolled
// are live, or for a quarter of a minute; a caller's own patience is longer, 25 s as a rule.

#pragma once

#include "radio/radio.h"
#include "session/event.h"

typedef struct Wake Wake;

// As BusHandlers.command.
typedef void (*WakeReady)(guint32 id, CommandVerb verb, const char *text, gsize length,
                          const char *sender, gpointer data);

Wake *wake_new(WakeReady ready, gpointer data);
void wake_free(Wake *wake); // forgets what it keeps; takes NULL

// Before the sensors (RadioSensor) are asked for: copies and keeps the pre-flight when any of them
// rests, or returns FALSE: there is nothing to wait for.
gboolean wake_keep(Wake *wake, const GArray *sensors, guint32 id, const char *text, gsize length,
                   const char *sender);
void wake_look(Wake *wake, const GArray *sensors); // they have changed
